"""Opening a station by an operator's card: the profiles that sign, the card in the field, the vault's slots."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sanjo_tui.errors import SanjoError

if TYPE_CHECKING:
    from sanjo_tui.station import Station
    from sanjo_tui.vault import Keys, Vault


def by_card(station: Station, pin: str, wait: float = 15.0, name: str | None = None) -> Callable[[Vault], Keys]:
    """What `locking.open_desk` takes for a card: waits `wait` seconds for it and shows it the PIN.

    `name`: only the slot of this operator; None: every card slot in turn, one signature each. The function raises
    CardError for the card and its PIN (the card counts those), VaultError for a card that opens nothing here.
    """

    def unlock(vault: Vault) -> Keys:
        from sanjo_tui.cards import profiles, signature

        with signature.card(profiles.load(station.profiles), pin, wait) as sign:
            return vault.unlock_card(sign, name)

    return unlock


def is_offered(station: Station) -> bool:
    """Whether a card could open this station: a slot for one stands in the vault, and a profile says how it signs."""
    from sanjo_tui.cards import profiles, signature
    from sanjo_tui.vault import Vault
    from sanjo_tui.vault.slots import CARD

    try:
        signature.usable(profiles.load(station.profiles))
        return any(slot.role == CARD for slot in Vault.open(station.vault).slots)
    except SanjoError:
        return False                        # the passphrase's way says what is wrong with the vault
