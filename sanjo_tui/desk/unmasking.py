"""開示: a protected address for one minute, with a reason and a second operator, recorded before it is shown.

What was revealed goes to the screen that asked and nowhere else: no document and no export can ask for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sanjo_tui.errors import NotAllowed, RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.lookups import REASONS, Approved, Unmasked
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View

SECONDS = 60
"""So long an address is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """An address that may be on the screen for `seconds`. `later`: somebody must still approve it."""

    address: str
    later: bool = False
    seconds: int = SECONDS

    def __repr__(self) -> str:
        """Never shows the address, in no log and no trace."""
        return "Revealed(...)"


def by_two(desk: Desk) -> bool:
    """Whether a second operator must be there now; in a village the approval may follow."""
    return not (desk.station.village and desk.keys.operators())


def unmask(desk: Desk, key: str, reason: str, *, verifier: str = "", pin: str = "") -> Revealed:
    """The address of a protected resident or elector. Raises NotAllowed, RuleError; JournalError: nothing is shown.

    `reason`: a key of REASONS. `verifier` and `pin`: somebody else who may UNMASK. Without them only a village goes on,
    and the act waits for approval (`approve`).
    """
    desk.permit(Permission.ADDRESS)
    if reason not in REASONS:
        raise RuleError("理由を選んでください。", "、".join(REASONS.values()) + "のどれかです。")
    address = _address(desk, key)
    other = _second(desk, verifier, pin)
    desk.log(Unmasked(subject=key, reason=reason, verifier=other, approval="now" if other else "later",
                      seconds=SECONDS))
    return Revealed(address=address or "住所の記録がありません", later=not other)


def _second(desk: Desk, verifier: str, pin: str) -> str:
    """The second person's id; "" where a village lets the approval follow."""
    if not verifier.strip():
        if by_two(desk):
            raise RuleError("もう一人の確認が要ります。", "責任者に職員番号と暗証番号を入れてもらってください。")
        return ""
    if desk.keys.operators():
        return desk.second(verifier, pin, Permission.UNMASK)
    if not desk.polling.scope:
        raise RuleError("確認者を確かめられません。", "責任者を sanjo-tui operators add で登録してから行ってください。")
    return desk.polling.second(verifier, pin, presiding=True)


def _address(desk: Desk, key: str) -> str:
    """Where a protected person lives, by the register or the roll. Raises RuleError for anybody else."""
    resident = desk.register.resident(key) if desk.register else None
    if resident is not None and resident.protected:
        return replace(resident, protected=False).address
    roll = desk.polling.roll if resident is None else None
    elector = roll.elector(key) if roll is not None else None
    if elector is not None and elector.protected:
        return elector.address_as_delivered
    raise RuleError("表示を止められている方ではありません。", "番号を確かめてください。")


def approve(desk: Desk, number: str) -> Recorded:
    """後からの承認 of an act that had no second operator, by somebody else who may UNMASK. NotAllowed, RuleError."""
    desk.permit(Permission.UNMASK)
    station, _, seq = number.strip().rpartition("-")

    def decide(view: View) -> Sequence[Event]:
        recorded = view.event(station, int(seq)) if seq.isascii() and seq.isdigit() else None
        if recorded is None or not isinstance(recorded.event, Unmasked) or recorded.event.approval != "later":
            raise RuleError("承認を待っている記録ではありません。",
                            "sanjo-tui audit unapproved で番号を確かめてください。")
        if recorded.operator == desk.operator:
            raise NotAllowed("自分の開示は承認できません。", "ほかの責任者が承認してください。",
                             Permission.UNMASK.value)
        if any(isinstance(r.event, Approved) and r.event.of == recorded.number
               for r in view.events(kinds=(Approved.kind,), subject=recorded.event.subject)):
            raise RuleError("もう承認されています。", "することはありません。")
        return (Approved(subject=recorded.event.subject, of=recorded.number),)

    return desk.journal.record(desk.operator, decide)[0]
