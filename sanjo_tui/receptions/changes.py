"""What a new register says of a person that the last one did not: pure, and the same for every service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sanjo_tui.register.people import Resident


class Change(StrEnum):
    """One kind of change; the value is what lists say."""

    DIED = "死亡"
    MOVED_OUT = "転出"
    STRUCK_OFF = "消除"
    MISSING = "住基にいない"
    RENAMED = "氏名変更"
    MOVED = "転居"
    HOUSEHOLD = "世帯変更"
    PROTECTED = "支援措置・抑止の開始"
    UNPROTECTED = "支援措置・抑止の終了"
    CAME_BACK = "再転入"


GONE = frozenset({Change.DIED, Change.MOVED_OUT, Change.STRUCK_OFF, Change.MISSING})
"""No resident any more."""

_STATUS = {"2": Change.MOVED_OUT, "3": Change.DIED, "9": Change.STRUCK_OFF}


@dataclass(frozen=True, slots=True)
class Changed:
    """The changes of one person, and how the register has them before and now (None: not there)."""

    changes: frozenset[Change]
    before: Resident | None
    now: Resident | None

    def __contains__(self, change: Change) -> bool:
        return change in self.changes

    @property
    def gone(self) -> bool:
        """No resident any more, since this register."""
        return bool(self.changes & GONE)

    @property
    def words(self) -> str:
        """For a list: 死亡, 転居・氏名変更 ..."""
        return "・".join(change.value for change in Change if change in self.changes)


def changed(before: Resident | None, now: Resident | None, *, first: bool = False) -> Changed:
    """Compare one person. `first`: nothing is known of before, so what already holds counts as a change."""
    found: set[Change] = set()
    was_living = first or (before is not None and before.living)
    if now is None:
        if was_living:
            found.add(Change.MISSING)
        return Changed(frozenset(found), before, now)
    if not now.living and was_living:
        found.add(_STATUS.get(now.resident_status, Change.STRUCK_OFF))
    was_protected = before.protected if before is not None else False
    if now.protected and not was_protected:
        found.add(Change.PROTECTED)
    if before is not None:
        if now.living and not before.living:
            found.add(Change.CAME_BACK)
        if was_protected and not now.protected:
            found.add(Change.UNPROTECTED)
        if (before.name, before.name_kana, before.alias) != (now.name, now.name_kana, now.alias):
            found.add(Change.RENAMED)
        if now.living and _place(before) != _place(now):
            found.add(Change.MOVED)
        if now.living and before.household_no != now.household_no:
            found.add(Change.HOUSEHOLD)
    return Changed(frozenset(found), before, now)


def _place(one: Resident) -> tuple[str, str, str]:
    return one.town, one.lot_text, one.building
