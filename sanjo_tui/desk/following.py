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

from sanjo_tui.errors import ClaimTaken, RegisterError
from sanjo_tui.receptions.changes import Changed, changed
from sanjo_tui.receptions.lookups import Followed
from sanjo_tui.register.lookup import Register

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.desk.service import ServiceDesk
    from sanjo_tui.journal.view import View

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


def all_dues(desk: Desk, view: View, receptions: tuple[str, ...]) -> dict[str, tuple[Due, ...]]:
    """Every service's list, by the name of its reception."""
    return {name: found for name in receptions
            if (dues := getattr(desk.room(name), "dues", None)) is not None and (found := dues(view))}
