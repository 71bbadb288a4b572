"""The library desk's line to the library's system: one at a time, and left alone for a while when it is down."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from sanjo_tui.desk.library.basis import Basis
from sanjo_tui.sip2.client import Client, Settings, Unreachable, dial
from sanjo_tui.sip2.codec import Form, Sip2Error, Unfit
from sanjo_tui.sip2.messages import Who
from sanjo_tui.sip2.play import PlayLibrary
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.receptions.library.setup import Setup

PAUSE = 60.0
"""Seconds without another try after the line was found down: nobody waits for a timeout at every book."""


class OnLine(Basis):
    """Calls that reach the library's system may take its timeout; see Desk for threads and errors."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.play = PlayLibrary.with_loans()
        self._client: Client | None = None
        self._settings: Settings | None = None
        self._talking = threading.Lock()
        self._down_until = 0.0

    @property
    def down(self) -> bool:
        """The line was found down a moment ago."""
        return time.monotonic() < self._down_until

    def reach(self) -> str:
        """Ask the library's system for its status now; a sentence for people."""
        self.desk.permit(Permission.RECEIVE)
        self._down_until = 0.0
        try:
            with self._line() as client:
                client.close()
                client.reach()
        except Sip2Error as error:
            return f"{error.message}{error.hint}"
        return "図書館システムにつながっています。"

    def _line(self) -> _Talk:
        if self.down:
            raise Unreachable("図書館システムにつながりません。", "つながるまで、端末に預かります。", detail="paused")
        settings = settings_of(self.setup)
        if self._client is None or settings != self._settings:
            self._client = Client(settings, self.play.connect if self.setup.plays else dial)
            self._settings = settings
        return _Talk(self, self._client)

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()


class _Talk:
    """One at a time on the line; a line that is down is left alone for a while."""

    def __init__(self, desk: OnLine, client: Client) -> None:
        self._desk, self._client = desk, client

    def __enter__(self) -> Client:
        self._desk._talking.acquire()
        return self._client

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Sip2Error) and not isinstance(error, Unfit):
            self._client.close()
            self._desk._down_until = time.monotonic() + PAUSE
        self._desk._talking.release()


def settings_of(setup: Setup) -> Settings:
    """How the library's system is reached."""
    link = setup.link
    return Settings(host=link.host, port=link.port,
                    form=Form(encoding=link.encoding, terminator=link.terminator, checksum=link.checksum),
                    who=Who(institution=link.institution, location=link.location, optional=link.optional_fields,
                            terminal_password=link.terminal_password),
                    user=link.user, password=link.password, timeout=link.timeout, retries=link.retries)
