"""The library of the demo and the drill: a small SIP2 system inside the program, with invented people and books.

It keeps its loans in memory only and forgets them at the end. Never used at a live station.
"""

from __future__ import annotations

import datetime as dt
import socket
import threading
from dataclasses import dataclass, field

from sanjo_tui.sip2 import messages
from sanjo_tui.sip2.client import Line, Settings, now
from sanjo_tui.sip2.codec import Form, Garbled, Message, complete, decode, encode


@dataclass(slots=True)
class PlayLibrary:
    """Who has which item. Every number of seven digits is a patron, but for those in `stopped`."""

    loans: dict[str, str] = field(default_factory=dict)
    """Item -> patron."""
    stopped: dict[str, int] = field(default_factory=dict)
    """Patron -> which of the 14 flags is set."""
    reserved: frozenset[str] = frozenset()
    """Items that somebody else waits for."""
    unregistered: frozenset[str] = frozenset()
    """Numbers that nobody has."""
    days: int = 14
    limit: int = 10
    counted: dict[str, int] = field(default_factory=dict)
    """Item -> how often it was lent: the truth that tests compare."""

    def answer(self, asked: Message) -> Message:
        """The answer to one message; 96 for what it does not know."""
        at = messages.stamp(now())
        institution, patron, item = asked.first("AO"), asked.first("AA"), asked.first("AB")
        match asked.code:
            case "93":
                return Message("94", "1")
            case "99":
                return Message("98", f"YYYNNY030003{at}2.00", (("AO", "SANJO"), ("BX", "YYYNYYYYYNYNNNNN")))
            case "63":
                return self._patron(asked, at)
            case "11":
                return self._lend(asked, at)
            case "09":
                known = self.loans.pop(item, None)
                note = () if known else (("AF", "貸出中ではありませんでした"),)
                return Message("10", f"1YN{'N' if known else 'Y'}{at}",
                               (("AO", institution), ("AB", item), ("AQ", "本館"), ("AJ", _title(item)), *note))
            case "17":
                state = "04" if item in self.loans else "03"
                return Message("18", f"{state}0001{at}", (("AB", item), ("AJ", _title(item))))
            case "35":
                return Message("36", f"Y{at}", (("AO", institution), ("AA", patron)))
        return Message("96")

    def _patron(self, asked: Message, at: str) -> Message:
        patron = asked.first("AA")
        theirs = [item for item, who in self.loans.items() if who == patron]
        flags = "".join("Y" if self.stopped.get(patron) == n else " " for n in range(14))
        known = len(patron) in (7, 13) and patron.isdigit() and patron not in self.unregistered
        listed = tuple(("AU", item) for item in theirs) if asked.fixed[23:24] == "Y" else ()
        return Message("64", f"{flags}014{at}00000000{len(theirs):04}000000000000",
                       (("AO", asked.first("AO")), ("AA", patron), ("AE", "練習　利用者"),
                        ("BL", "Y" if known else "N"), *listed))

    def _lend(self, asked: Message, at: str) -> Message:
        patron, item, forced = asked.first("AA"), asked.first("AB"), asked.fixed[1] == "Y"
        theirs = sum(who == patron for who in self.loans.values())
        why = ""
        if item in self.loans:
            why = "この資料は貸出中です"
        elif not forced and item in self.reserved:
            why = "次の方の予約があります"
        elif not forced and theirs >= self.limit:
            why = f"貸出は{self.limit}冊までです"
        about = (("AO", asked.first("AO")), ("AA", patron), ("AB", item), ("AJ", _title(item)))
        if why:
            return Message("12", f"0NUN{at}", (*about, ("AH", ""), ("AF", why)))
        self.loans[item] = patron
        self.counted[item] = self.counted.get(item, 0) + 1
        due = (now() + dt.timedelta(days=self.days)).strftime("%Y%m%d    235959")
        return Message("12", f"1NNY{at}", (*about, ("AH", due)))

    @classmethod
    def with_loans(cls) -> PlayLibrary:
        """As the demo finds it: the first number of the sample's range has three books."""
        return cls(loans={f"P{n:04}": "3100001" for n in range(1, 4)}, reserved=frozenset({"R0001"}))

    # --- as a line

    def connect(self, settings: Settings) -> Line:
        """A line to this library, as `dial` would give one to a real system."""
        ours, theirs = socket.socketpair()
        threading.Thread(target=self._serve, args=(theirs, settings.form), name="play-library", daemon=True).start()
        return ours

    def _serve(self, line: socket.socket, form: Form) -> None:
        buffer = last = b""
        with line:
            while True:
                try:
                    data = line.recv(4096)
                except OSError:
                    return                      # the desk has hung up
                if not data:
                    return
                buffer += data
                while (found := complete(buffer, form)) is not None:
                    frame, buffer = found
                    try:
                        asked, sequence = decode(frame, form)
                        if asked.code != "97":
                            last = encode(self.answer(asked), sequence or 0, form)
                        line.sendall(last)
                    except Garbled:
                        line.sendall(encode(Message("96"), 0, form))
                    except OSError:
                        return


def _title(item: str) -> str:
    return f"練習の本 {item}"
