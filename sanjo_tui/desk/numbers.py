"""受付番号 at this station: the household's own, the next free one, or one from a blank form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Claim
from sanjo_tui.numbers import canonical_registration_no, read_registration_no, registration_no
from sanjo_tui.receptions.shelter.events import NUMBER_ISSUED, NUMBER_USED
from sanjo_tui.receptions.shelter.rules import Number
from sanjo_tui.receptions.shelter.state import Presence

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View


def following(view: View, code: str, how_many: int = 1, *, scope: str = NUMBER_ISSUED) -> tuple[str, ...]:
    """The next numbers that nobody holds in `scope`. Called inside the transaction that claims them."""
    last = view.last_claim(scope, f"{code}-")
    read = read_registration_no(last) if last else None
    serial = read[1] if read else 0
    return tuple(registration_no(code, serial + n) for n in range(1, how_many + 1))


def of_household(view: View, code: str, presences: Iterable[Presence], shelter: str, household: str) -> Number:
    """The number that the household has here already, else a new one; never the one of a household that was left."""
    for presence in presences:
        if (presence.registration_no and presence.shelter == shelter and presence.household == household
                and not presence.provisional):
            return Number(text=presence.registration_no)
    return Number(text=following(view, code)[0], new=True)


def from_paper(view: View, code: str, text: str) -> Number:
    """A number that stands on a blank form. Raises RuleError when it cannot be one, or was keyed in already."""
    number = canonical_registration_no(text)
    if number is None:
        raise RuleError("受付番号が正しくありません。", "紙の右上の番号を、最後の1文字まで入れてください。")
    if view.holder(Claim(NUMBER_USED, number)):
        raise RuleError(f"{number} はもう入力済みです。", "名簿で確かめ、別の紙の番号なら入れ直してください。")
    if number.startswith(f"{code}-") and not view.holder(Claim(NUMBER_ISSUED, number)):
        raise RuleError(f"{number} は白紙様式として用意した番号ではありません。", "紙の番号を確かめてください。")
    return Number(text=number, new=True, reserved=True)
