"""Counterparts of the library's desk in tests: a real SIP2 server, a line that is cut at random, a system with faults.

Each keeps the truth: who has which item, and how often it was lent or returned.
"""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from anyio.from_thread import start_blocking_portal
from pysip2 import (
    CHECKIN,
    CHECKOUT,
    END_PATRON_SESSION,
    ITEM_INFORMATION,
    LOGIN,
    PATRON_INFORMATION,
    CheckinResponse,
    CheckoutResponse,
    EndSessionResponse,
    ItemInformationResponse,
    LoginResponse,
    PatronInformationResponse,
    SIP2Server,
)

from sanjo_tui.sip2.client import Settings
from sanjo_tui.sip2.codec import Form, Message, complete, decode, encode
from sanjo_tui.sip2.messages import Who
from sanjo_tui.sip2.play import PlayLibrary


def settings(port: int, form: Form | None = None, **more: Any) -> Settings:
    values: dict[str, Any] = {"user": "sc", "password": "pw", "timeout": 5.0, "retries": 3,
                              "who": Who(institution="SANJO", location="下田分館")}
    return Settings(host="127.0.0.1", port=port, form=form or Form(), **{**values, **more})


@dataclass
class Truth:
    """What the library knows at the end."""

    loans: dict[str, str] = field(default_factory=dict)
    lent: Counter[str] = field(default_factory=Counter)
    back: Counter[str] = field(default_factory=Counter)
    at: dict[str, str] = field(default_factory=dict)
    forced: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


def _app(truth: Truth, encoding: str) -> SIP2Server:
    app = SIP2Server(institution_id="SANJO", encoding=encoding, login_required=True)

    @app.route(LOGIN)
    def login(req: Any, ctx: Any) -> LoginResponse:
        return LoginResponse(ok="1" if req.login_password == "pw" else "0")

    @app.route(PATRON_INFORMATION)
    def patron(req: Any, ctx: Any) -> PatronInformationResponse:
        with truth.lock:
            theirs = tuple(item for item, who in truth.loans.items() if who == req.patron_identifier)
        return PatronInformationResponse(
            patron_status=" " * 14, language="014", transaction_date=ctx.now_18(), hold_items_count="0000",
            overdue_items_count="0001", charged_items_count=f"{len(theirs):04}", fine_items_count="0000",
            recall_items_count="0000", unavailable_holds_count="0000", institution_id=req.institution_id,
            patron_identifier=req.patron_identifier, personal_name="三条　太郎", valid_patron="Y",
            charged_items=theirs if "Y" in req.summary else (), screen_message=("三条　太郎 様 予約が届いています",))

    @app.route(CHECKOUT)
    def checkout(req: Any, ctx: Any) -> CheckoutResponse:
        item, who = req.item_identifier, req.patron_identifier
        with truth.lock:
            ok = item not in truth.loans
            if ok:
                truth.loans[item] = who
                truth.lent[item] += 1
                truth.at[item] = req.transaction_date
                truth.forced |= {item} if req.no_block == "Y" else set()
        return CheckoutResponse(
            ok="1" if ok else "0", renewal_ok="N", magnetic_media="N", desensitize="N",
            transaction_date=ctx.now_18(), institution_id=req.institution_id, patron_identifier=who,
            item_identifier=item, title_identifier="三条市史", due_date="20261207    235959",
            screen_message=() if ok else ("三条市史 は貸出中です",))

    @app.route(CHECKIN)
    def checkin(req: Any, ctx: Any) -> CheckinResponse:
        item = req.item_identifier
        with truth.lock:
            truth.back[item] += item in truth.loans
            truth.loans.pop(item, None)
        return CheckinResponse(
            ok="1", resensitize="Y", magnetic_media="N", alert="N", transaction_date=ctx.now_18(),
            institution_id=req.institution_id, item_identifier=item, permanent_location="中央館",
            title_identifier="三条市史")

    @app.route(ITEM_INFORMATION)
    def item(req: Any, ctx: Any) -> ItemInformationResponse:
        with truth.lock:
            state = "04" if req.item_identifier in truth.loans else "03"
        return ItemInformationResponse(circulation_status=state, security_marker="00", fee_type="01",
                                       transaction_date=ctx.now_18(), item_identifier=req.item_identifier,
                                       title_identifier="三条市史")

    @app.route(END_PATRON_SESSION)
    def end(req: Any, ctx: Any) -> EndSessionResponse:
        return EndSessionResponse(end_session="Y", transaction_date=ctx.now_18(),
                                  institution_id=req.institution_id, patron_identifier=req.patron_identifier)

    return app


@contextlib.contextmanager
def real_server(encoding: str = "utf-8") -> Iterator[tuple[int, Truth]]:
    """The protocol server of a library, in its own thread: port and truth."""
    truth = Truth()
    with start_blocking_portal() as portal, \
            portal.wrap_async_context_manager(_app(truth, encoding).start()) as port:
        yield port, truth


class Listener:
    """A TCP server on a free port of this machine; one thread a connection."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.connections = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(line)
            threading.Thread(target=self._guarded, args=(line,), daemon=True).start()

    def _guarded(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), line:
            self.serve(line)

    def serve(self, line: socket.socket) -> None:
        raise NotImplementedError

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)     # a thread that waits in accept would keep it open
        self._socket.close()
        for line in self._open:
            with contextlib.suppress(OSError):
                line.close()


class Cutter(Listener):
    """Stands before a real server and cuts lines: before a question, after it, within an answer, after an answer."""

    def __init__(self, port: int, seed: int, share: float) -> None:
        self._target, self._random, self._share = port, random.Random(seed), share
        self.cuts: Counter[str] = Counter()
        super().__init__()

    def serve(self, line: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._target)) as server:
            server.settimeout(10)
            while question := _frame(line):
                cut = self._random.choice(("before", "after", "within", "later")) \
                    if question[:2] in (b"11", b"09", b"63") and self._random.random() < self._share else ""
                self.cuts[cut] += bool(cut)
                if cut == "before":
                    return
                server.sendall(question)
                answer = _frame(server)
                if cut == "after":
                    return
                line.sendall(answer[:len(answer) // 2] if cut == "within" else answer)
                if cut:
                    return


def _frame(line: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\r"):
        more = line.recv(4096)
        if not more:
            return b""
        data += more
    return data


Fault = Callable[[Message, int], str]
"""What goes wrong with a message, given how often its code has come; "" nothing."""


class Faulty(Listener):
    """A library's system of its own with faults on order; the truth is a PlayLibrary."""

    def __init__(self, fault: Fault = lambda message, count: "", form: Form | None = None) -> None:
        self.library, self.fault, self.form = PlayLibrary(), fault, form or Form()
        self.seen: list[str] = []
        self.asked: list[Message] = []
        self.sequences: list[int] = []
        super().__init__()

    def serve(self, line: socket.socket) -> None:
        buffer, last = b"", b""
        while data := line.recv(4096):
            buffer += data
            while (found := complete(buffer, self.form)) is not None:
                frame, buffer = found
                asked, sequence = decode(frame, self.form)
                self.seen.append(asked.code)
                self.asked.append(asked)
                self.sequences.append(sequence if sequence is not None else -1)
                if asked.code == "97":
                    line.sendall(last)
                    continue
                fault = self.fault(asked, self.seen.count(asked.code))
                if fault == "96":
                    line.sendall(encode(Message("96"), 0, self.form))
                    continue
                if fault == "hang up":
                    return
                answer = self.library.answer(asked)
                if self.form.encoding == "cp850":           # its titles are no Japanese
                    answer = Message(answer.code, answer.fixed, tuple((c, v.encode("ascii", "replace").decode())
                                                                      for c, v in answer.fields))
                if fault == "wrong ao":
                    answer = Message(answer.code, answer.fixed,
                                     tuple((c, "OTHER" if c == "AO" else v) for c, v in answer.fields))
                last = encode(answer, sequence or 0, self.form)
                if not self._send(line, fault, last, sequence or 0, answer):
                    return

    def _send(self, line: socket.socket, fault: str, last: bytes, sequence: int, answer: Message) -> bool:
        """Whether the line stays."""
        if fault == "no answer":
            return False
        if fault == "half":
            line.sendall(last[:-9])
            return False
        if fault == "silent":
            return True
        if fault == "no return":
            line.sendall(last.rstrip(b"\r\n"))
        elif fault == "broken":
            line.sendall(last[:-5] + b"0000\r")
        elif fault == "older first":
            line.sendall(encode(answer, sequence + 9, self.form) + last)
        elif fault == "in pieces":
            for at in range(len(last)):
                line.sendall(last[at:at + 1])
        else:
            line.sendall(last)
        return True
