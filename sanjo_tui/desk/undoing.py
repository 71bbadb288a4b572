"""Whose records may be taken back: one's own within ten minutes, or any of this station."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sanjo_tui.errors import NotAllowed, RuleError
from sanjo_tui.journal.events import Reversal
from sanjo_tui.vault.roles import ALLOWED, Permission, Role

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.events import Recorded
    from sanjo_tui.journal.view import View

OWN_MS = 10 * 60 * 1000
"""So long, in milliseconds, one takes back alone what one recorded oneself."""


def may_take_back(desk: Desk, operator: str, at_ms: int) -> None:
    """Raises NotAllowed. `operator` and `at_ms`: who recorded it, and when (wall clock, UTC)."""
    if desk.may(Permission.UNDO_ANY):
        return
    desk.permit(Permission.UNDO_OWN)
    age = time.time_ns() // 1_000_000 - at_ms
    if operator == desk.operator and age <= OWN_MS:
        return
    able = "、".join(role.label for role in Role if Permission.UNDO_ANY in ALLOWED[role])
    what = "ほかの人の記録です。" if operator != desk.operator else "記録してから10分を過ぎています。"
    raise NotAllowed(what, f"取り消せるのは{able}です。", Permission.UNDO_ANY.value)


def must_be_last(view: View, recorded: Recorded) -> None:
    """Raises RuleError when something that still stands was recorded of the same subject afterwards."""
    event = recorded.event
    for later in view.events(scope=event.scope, subject=event.subject, newest_first=True):
        if (later.station, later.seq, later.batch) == (recorded.station, recorded.seq, recorded.batch):
            return
        if later.batch == recorded.batch and later.station == recorded.station:
            continue                                    # the same key recorded it: it is taken back together
        if isinstance(later.event, Reversal) or view.is_reversed(later.station, later.seq):
            continue
        raise RuleError("この後に別の記録があります。", "新しい記録から順に取り消してください。")
