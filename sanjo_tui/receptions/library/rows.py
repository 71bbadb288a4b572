"""Rows of the 申請データ一覧: what the hall tells the library, and nothing of a protected person's address. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sanjo_tui.journal.events import Recorded
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.words import ProtectedRow
from sanjo_tui.wareki import JST, short

LISTED = (ev.NumberIssued, ev.NumberRenewed, ev.HolderChanged)
KINDS = tuple(cls.kind for cls in LISTED)
CONFIRM = "窓口で本人に確認"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One line. `change_kind` 新規 or 更新; dates `YYYY-MM-DD`; `note`: 転居, 停止 ..."""

    change_kind: str
    name: str
    address: str
    library_card_no: str
    valid_until: str
    applied_on: str
    web_use: bool
    note: str = ""

    @property
    def valid_text(self) -> str:
        """As paper says it."""
        return short(dt.date.fromisoformat(self.valid_until)) if self.valid_until else ""

    @property
    def web_text(self) -> str:
        """希望 or nothing."""
        return "希望" if self.web_use else ""


def row_of(recorded: Recorded, protected: Collection[str], how: ProtectedRow) -> ListRow | None:
    """The row of an event; None where nobody is told, or a protected person is left out.

    `protected`: 宛名番号 protected today; an address that a past list had is not given again.
    """
    event = recorded.event
    assert isinstance(event, LISTED)
    if isinstance(event, ev.HolderChanged) and not event.what:
        return None
    hidden = event.protected or event.subject in protected
    if hidden and how is ProtectedRow.LEFT_OUT:
        return None
    notes = [event.what] if isinstance(event, ev.HolderChanged) else []
    notes += ["利用停止"] if isinstance(event, ev.HolderChanged) and event.suspended else []
    notes += [CONFIRM] if hidden else []
    return ListRow(
        change_kind=event.change_kind.label, name=event.name if not hidden or how is ProtectedRow.NAME else "",
        address="" if hidden else event.address, library_card_no=event.number, valid_until=event.valid_until,
        applied_on=day_of(recorded).isoformat(), web_use=event.web_use, note="・".join(notes))


def day_of(recorded: Recorded) -> dt.date:
    """The Japanese day of a reception."""
    return dt.datetime.fromtimestamp(recorded.at_ms / 1000, JST).date()


def uncovered(events: Iterable[Recorded], covered: Collection[str], day: dt.date) -> tuple[Recorded, ...]:
    """What a list of `day` holds: all up to that day which no earlier list holds, in the order of its recording."""
    return tuple(one for one in events if one.number not in covered and day_of(one) <= day)
