"""The desk's side of the line: one connection, one question at a time, 96 and 97, retries (docs/library.md §5).

Every call blocks until answer or timeout; the desk calls from a worker. A question that changes nothing is asked again
on a new line. A loan or a return is sent once: what happened to it without an answer is once.py's business.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sanjo_tui.sip2 import messages
from sanjo_tui.sip2.codec import Form, Garbled, Message, Sip2Error, complete, decode, encode
from sanjo_tui.sip2.messages import Answer, Standing, Who
from sanjo_tui.wareki import JST

log = logging.getLogger(__name__)

LARGEST = 64 * 1024
"""Bytes without an end of frame after which the other side speaks no SIP2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the library's system is reached. `timeout` in seconds; `retries`: how often a question is asked at most."""

    host: str
    port: int = 6001
    form: Form = field(default_factory=Form)
    who: Who
    user: str = ""
    """CN; empty: no login."""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    retries: int = 3


class Unreachable(Sip2Error):
    """Nothing was sent: no line, login refused, or the system says that it is closed."""


class Unanswered(Sip2Error):
    """It was sent and nobody knows what became of it."""

    def __init__(self, detail: str) -> None:
        super().__init__("図書館システムから返事がありません。", "自動で確かめ直します。受付は続けられます。",
                         detail=detail)


class Line(Protocol):
    """What is used of a socket."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it."""

    def recv(self, size: int, /) -> bytes:
        """The next bytes; b"" when the other side has gone."""

    def settimeout(self, value: float | None, /) -> None:
        """Seconds to wait at most."""

    def close(self) -> None:
        """Hang up."""


def dial(settings: Settings) -> Line:
    """A TCP connection. Raises OSError."""
    return socket.create_connection((settings.host, settings.port), settings.timeout)


def now() -> dt.datetime:
    """The moment, Japanese time."""
    return dt.datetime.now(JST)


class Client:
    """One desk's conversation; not for two threads at once."""

    def __init__(self, settings: Settings, connect: Callable[[Settings], Line] = dial) -> None:
        self.settings, self._connect = settings, connect
        self._line: Line | None = None
        self._buffer = b""
        self._sequence = 0
        self.institution_differs = False
        """The system answers under another AO than the one set here."""

    # --- what a desk asks

    def standing(self, patron_id: str, *, items: bool = False) -> Standing:
        """63. Raises Unreachable, Unanswered, Garbled."""
        answer = self._ask(messages.patron(self.settings.who, patron_id, now(), items=items), "64")
        found = messages.standing(answer)
        self.institution_differs = bool(found.institution) and found.institution != self.settings.who.institution
        return found

    def lend(self, patron_id: str, item: str, at: dt.datetime, due: dt.datetime | None, *,
             no_block: bool = False) -> Answer:
        """11, sent once. Raises Unreachable (nothing was sent), Unanswered."""
        return self._once(messages.checkout(self.settings.who, patron_id, item, at, due=due, no_block=no_block),
                          "12", item)

    def give_back(self, item: str, at: dt.datetime, *, no_block: bool = False) -> Answer:
        """09, sent once. Raises Unreachable, Unanswered."""
        return self._once(messages.checkin(self.settings.who, item, at, no_block=no_block), "10", item)

    def on_loan(self, item: str) -> bool:
        """17: whether the item is on loan, to whomever."""
        answer = self._ask(messages.item_information(self.settings.who, item, now()), "18")
        return answer.fixed[:2] == messages.CHARGED

    def end_session(self, patron_id: str) -> None:
        """35: some systems answer no second person before it. A line that is down has no session to end."""
        if self._line is None:
            return
        try:
            self._ask(messages.end_session(self.settings.who, patron_id, now()), "36", tries=1)
        except Sip2Error as error:
            log.info("end of session: %s", error.detail)

    def reach(self) -> None:
        """Connect, log in and ask for the status, if there is no line. Raises Unreachable."""
        if self._line is not None:
            return
        settings = self.settings
        try:
            line = self._connect(settings)
            line.settimeout(settings.timeout)
        except OSError as error:
            raise Unreachable("図書館システムにつながりません。", "つながるまで、貸出と返却は端末に預かります。",
                              detail=type(error).__name__) from error
        self._line, self._buffer, self._sequence = line, b"", 0
        try:
            if settings.user:
                told = self._exchange(messages.login(settings.user, settings.password, settings.who), "94")
                if told.fixed != "1":
                    raise Unreachable("図書館システムへのログインを断られました。",
                                      "設定の利用者名とパスワードを確かめてください。", detail="login refused")
            if self._exchange(messages.status(), "98").fixed[:1] != "Y":
                raise Unreachable("図書館システムは休止中です。", "再開まで、貸出と返却は端末に預かります。",
                                  detail="offline")
        except Unreachable:
            self.close()
            raise
        except Sip2Error as error:
            self.close()
            raise Unreachable("図書館システムと話せません。", error.hint, detail=error.detail) from error

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.close()
        self._line = None

    # --- one question, one answer

    def _once(self, question: Message, reply: str, item: str) -> Answer:
        self._checked(question)
        self.reach()
        try:
            answer = messages.answered(self._exchange(question, reply))
        except Sip2Error as error:
            self.close()
            raise Unanswered(error.detail) from error
        if answer.item and not messages.same_item(answer.item, item):
            self.close()
            raise Unanswered("another item")
        return answer

    def _ask(self, question: Message, reply: str, tries: int = 0) -> Message:
        self._checked(question)
        tries = tries or max(1, self.settings.retries)
        for attempt in range(tries):
            self.reach()
            try:
                return self._exchange(question, reply)
            except Sip2Error as error:
                self.close()
                log.info("sip2 %s: %s", question.code, error.detail)
                if attempt == tries - 1:
                    raise
        raise AssertionError("unreachable")

    def _checked(self, question: Message) -> None:
        """A value that cannot be carried is refused before anything is sent."""
        encode(question, 0, self.settings.form)

    def _exchange(self, question: Message, reply: str) -> Message:
        """Send and read until the answer is here. Raises Unanswered, Garbled; the line is of no use then."""
        sequence = self._sequence
        self._sequence = (sequence + 1) % 10
        frame = encode(question, sequence, self.settings.form)
        self._send(frame)
        resends = max(1, self.settings.retries)
        while True:
            try:
                answer, number = decode(self._frame(), self.settings.form)
            except Garbled:
                if resends == 0:
                    raise
                resends -= 1
                self._send(encode(Message("97"), 0, self.settings.form))
                continue
            if answer.code == "96":             # it came broken and was not worked on: the same frame once more
                if resends == 0:
                    raise Unanswered("96 again and again")
                resends -= 1
                self._send(frame)
            elif answer.code == reply and number in (None, sequence):
                return answer
            elif number in (None, sequence):
                raise Garbled(f"{answer.code} for {question.code}")
            # anything else answers an older question: read on

    def _send(self, frame: bytes) -> None:
        assert self._line is not None
        try:
            self._line.sendall(frame)
        except OSError as error:
            raise Unanswered(f"send {type(error).__name__}") from error

    def _frame(self) -> bytes:
        assert self._line is not None
        while True:
            found = complete(self._buffer, self.settings.form)
            if found is not None:
                frame, self._buffer = found
                return frame
            try:
                data = self._line.recv(4096)
            except TimeoutError as error:
                if self._buffer.strip() and not self.settings.form.checksum:
                    frame, self._buffer = self._buffer, b""     # without checksum only silence tells the end
                    return frame
                raise Unanswered("timeout") from error
            except OSError as error:
                raise Unanswered(type(error).__name__) from error
            if not data:
                raise Unanswered("hung up")
            self._buffer += data
            if len(self._buffer) > LARGEST:
                raise Garbled("no end")
