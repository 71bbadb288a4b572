"""住基の更新: what a new register changes among the people a service knows, once for each register (docs/services.md).

The register that came in is compared, person by person, with the one that the service has followed last. Each service
says what follows by itself (`follow`) and what a person must do now (`dues`).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents import dues
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import ClaimTaken, RegisterError
from sanjo_tui.receptions.changes import Changed, changed
from sanjo_tui.receptions.lookups import Followed
from sanjo_tui.register.lookup import Register
from sanjo_tui.station import RECEPTIONS

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.desk.service import ServiceDesk

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that somebody must do now. `subject`: 宛名番号; `number`: what the service calls the case.

    `what`: the change in a word (死亡, 転出 ...); `todo`: the next step, a short sentence. No name stands in it.
    """

    subject: str
    number: str
    what: str
    todo: str
    since: str = ""
    """Date of the register that brought it, `YYYY-MM-DD`."""


class Changes:
    """What the live register says of a person, against the one before. Valid while both registers are open."""

    def __init__(self, before: Register | None, now: Register) -> None:
        self._before, self._now = before, now
        self.snapshot_id, self.as_of = now.info.snapshot_id, now.info.as_of

    def of(self, addressee_no: str) -> Changed:
        """The changes of one person; without an earlier register, what already holds (died, gone, protected)."""
        before = self._before.resident(addressee_no) if self._before else None
        return changed(before, self._now.resident(addressee_no), first=self._before is None)

    def card_gone(self, user_id: str) -> bool:
        """A user ID that the register knew before and does not know, or no longer as valid."""
        link = self._now.by_user_id(user_id)
        if link is None:
            return self._before is not None and self._before.by_user_id(user_id) is not None
        return link.status != "active"


def follow(desk: Desk, service: ServiceDesk) -> bool:
    """Let a service follow the live register, once; whether it did. Raises JournalError.

    Which register it followed last stands in the journal; one that is no longer kept is compared with nothing.
    """
    register = desk.register
    if register is None:
        return False
    live = register.info.snapshot_id
    with desk.journal.view() as view:
        last = next((r for r in view.events(kinds=(Followed.kind,), newest_first=True)
                     if isinstance(r.event, Followed) and r.event.service == service.NAME), None)
    if last is not None and last.event.subject == live:
        return False
    with _earlier(desk, last.event.subject if last else register.info.previous) as before:
        changes = Changes(before, register)
        try:
            service.record_followed(changes, Followed(subject=live, service=service.NAME,
                                                      before=before.info.snapshot_id if before else ""))
        except ClaimTaken:                                  # another desk on this journal was quicker
            return False
    return True


@contextlib.contextmanager
def _earlier(desk: Desk, snapshot_id: str) -> Iterator[Register | None]:
    register = None
    if snapshot_id:
        try:
            register = Register.open_at(desk.station.register_dir, desk.keys, snapshot_id)
        except RegisterError as error:                      # no longer kept: what holds now is reported as a whole
            log.info("earlier register: %s", error.detail or type(error).__name__)
    try:
        yield register
    finally:
        if register is not None:
            register.close()


def follow_all(desk: Desk) -> dict[str, int]:
    """Let every service of this station follow the live register; how much each has to do now, by its name."""
    found = {}
    for name in services(desk):
        follow(desk, desk.room(name))
        with desk.journal.view() as view:
            found[name] = len(desk.room(name).dues(view))
    return found


def services(desk: Desk) -> tuple[str, ...]:
    """The receptions of this station that follow the register; shelter and polling ask it at every look."""
    return tuple(name for name in desk.station.receptions if name not in ("shelter", "polling"))


def paper_of(service: ServiceDesk, heading: Heading) -> Paper:
    """住基更新対応一覧 of one service, logged before it is made."""
    with service.desk.journal.view() as view:
        listed = service.dues(view)
    service.list_made(f"{service.NAME}.dues", len(listed))
    rows = tuple(dues.DueRow(service=service.NAME, addressee_no=due.subject, number=due.number, change=due.what,
                             todo=due.todo, since=due.since) for due in listed)
    content = dues.Dues(heading=heading, title=RECEPTIONS[service.NAME], rows=rows)
    return Paper(document=dues, content=content, columns=dues.COLUMNS, rows=rows)
