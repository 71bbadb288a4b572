"""Cards in the field of PC/SC readers; the only module that knows pyscard.

One thread, one context: it blocks in SCardGetStatusChange over all readers and reads the cards itself, so that nothing
is polled and no lock is needed. It outlives the daemon: killed, restarted or started later, taps work again without a
restart of the station. pyscard's own CardMonitor does not (its thread dies with the daemon), hence `smartcard.scard`.

pyscard is loaded in the thread, after the PC/SC library was found: without the library its C part writes to the
terminal, over whatever is painted there.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sanjo_tui.cards.errands import Errand
from sanjo_tui.cards.facts import CardFact, CardGone, CardRefused, CardSeen, CardTouched, Readers
from sanjo_tui.cards.profiles import SILENT, Profile
from sanjo_tui.cards.reading import CardLost, Refused, Transmit, read_card
from sanjo_tui.errors import CardError

log = logging.getLogger("sanjo_tui.cards")
T = TypeVar("T")

SLICE_MS = 1000
"""Longest wait in the daemon. Before 2.3.0 pcsc-lite may miss a reader that comes between two waits, and before 2.0.1
a cancel around a time-out: both then cost one slice."""

BACKOFF = (0.1, 0.2, 0.5, 1.0)
"""Seconds between tries to find the daemon again; the last one goes on. Back within 2 s of its start."""

PAUSES = (0.03, 0.06, 0.12, 0.25)
"""Seconds before each further try on a card that is busy: just powered, reset by or in use of another program."""

SAME_STAY = 0.4
"""A card that comes back within this time with the same number trembled at the edge of the field: still one tap."""

LIBRARY = {"linux": "libpcsclite.so.1", "darwin": "/System/Library/Frameworks/PCSC.framework/PCSC"}
"""Where PC/SC lives; Windows has it always."""

PNP = "\\\\?PnP?\\Notification"

NO_SERVICE, SERVICE_STOPPED, NO_READERS = 0x8010001D, 0x8010001E, 0x8010002E
UNKNOWN_READER, TIMEOUT, CANCELLED = 0x80100009, 0x8010000A, 0x80100002
SHARING_VIOLATION, SECURITY_VIOLATION, NOT_TRANSACTED = 0x8010000B, 0x8010006A, 0x80100016
REMOVED = {0x80100069, 0x8010000C}
"""SCARD_W_REMOVED_CARD, SCARD_E_NO_SMARTCARD."""

READY, NO_READER, NO_DAEMON = "読取可", "リーダーなし", "読取サービス停止"
NOT_ALLOWED, NO_LIBRARY, BROKEN = "読取の許可なし", "読取部品なし", "読取異常"

TORN = "カードが早く離れました。もう一度、止めてかざしてください。"
MUTE = "カードが反応しません。置き直してください。"
IN_USE = "ほかのプログラムがカードを使っています。少し待って、置き直してください。"
UNREADABLE = "カードを読めません。もう一度、止めてかざしてください。"


def pyscard() -> Any:
    """The C level of pyscard, loaded safely. CardError with what to install when it or the PC/SC library is missing."""
    library = LIBRARY.get(sys.platform)
    try:
        if library:
            ctypes.CDLL(library)
    except OSError as error:
        raise CardError("カードリーダーを使うための PC/SC ライブラリがありません。",
                        "pcscd を入れてください（Debian、Ubuntu: sudo apt install pcscd）。",
                        detail=library or "") from error
    try:
        from smartcard import scard  # type: ignore[import-untyped]
    except ImportError as error:
        raise CardError("カードリーダーを使うための pyscard がありません。",
                        "./sanjo をもう一度実行するか、pyscard を入れてください。",
                        detail=type(error).__name__) from error
    return scard


class PcscReader:
    """Watches every PC/SC reader and calls `emit` from its own thread with the facts of cards/facts.py.

    `stop` may be called from any thread, also before `start`, also twice; it returns when the thread has ended.
    """

    def __init__(self, profiles: Sequence[Profile], emit: Callable[[CardFact], None]) -> None:
        self._profiles, self._emit = tuple(profiles), emit
        self._quit = threading.Event()
        self._thread = threading.Thread(target=self._run, name="card-reader", daemon=True)
        self._cancel: Callable[[], object] | None = None
        self._told: Readers | None = None
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()

    def start(self) -> None:
        """Begins to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the wait in the daemon and the thread."""
        self._quit.set()
        while self._thread.is_alive() and self._thread is not threading.current_thread():
            cancel = self._cancel
            if cancel:
                cancel()          # the one call that PC/SC allows from another thread; may come between two waits
            self._thread.join(0.05)

    def errand(self, errand: Errand[T], card: CardSeen | None = None, reader: str = "") -> T:
        """Runs this on the card in the field, in the reader's own thread, and waits for what came of it. Never raises.

        `card`: the card must be the one that was seen here; `reader`: only this reader. Without either: the only card
        that lies anywhere. No such card: the errand's outcome `gone`, at once.
        """
        job = _Job(errand, card, reader or (card.reader if card else ""))
        self._jobs.put(job)
        while not job.done.wait(0.02):
            if not self._thread.is_alive():
                return errand.gone("no reader")
            cancel = self._cancel
            if cancel and not job.taken:
                cancel()                                       # ends the wait in the daemon; may come between two waits
        return job.outcome  # type: ignore[no-any-return]

    def _run(self) -> None:
        try:
            scard = pyscard()
        except CardError as error:
            log.warning("no PC/SC: %s", error.detail)
            self._tell(Readers(False, (), NO_LIBRARY))
            return
        failures = 0
        while not self._quit.is_set():
            field = _Fields(scard, self._profiles, self._emit, self._tell, self._quit)
            try:
                code = self._session(scard, field)
            except Exception:     # a thread that ended would leave the desk without cards, and nobody told
                log.exception("card reader")
                code = -1
            field.lose_all()
            while not self._jobs.empty():
                self._jobs.get().finish()                      # nothing can be done while the daemon is away
            if code and not self._quit.is_set():
                log.info("PC/SC lost: %s", _hex(code))
                self._tell(Readers(False, (), _state(code)))
                failures = 0 if field.looked else failures + 1
                self._quit.wait(BACKOFF[min(failures, len(BACKOFF) - 1)])

    def _session(self, scard: Any, field: _Fields) -> int:
        """From the daemon's hello to its end; the code that ended it, 0 after `stop`."""
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if code:
            return _unsigned(code)
        self._cancel = lambda: scard.SCardCancel(context)
        try:
            while not self._quit.is_set():
                code = field.look(context, 0 if not self._jobs.empty() else SLICE_MS)
                if code:
                    return code
                while not self._jobs.empty():
                    job = self._jobs.get()
                    job.taken = True
                    try:
                        field.do(context, job)
                    finally:
                        job.finish()
            return 0
        finally:
            self._cancel = None
            scard.SCardReleaseContext(context)

    def _tell(self, readers: Readers) -> None:
        """The state of the reading side, once per change."""
        if readers != self._told:
            self._told = readers
            self._emit(readers)


def read_once(profiles: Sequence[Profile], wait_seconds: float) -> CardSeen:
    """The first card that is read within this time; the daemon may come and go meanwhile. CardError says why not.

    A card that is refused ends the wait; one that was pulled away too early does not.
    """
    if all(one.kind in SILENT for one in profiles):
        raise CardError("カードを読むプロファイルがありません。",
                        "プロファイルに file、record、uid のどれかを書いてください。")
    pyscard()
    facts: queue.SimpleQueue[CardFact] = queue.SimpleQueue()
    reader = PcscReader(profiles, facts.put)
    last: CardFact | None = None
    end = time.monotonic() + max(wait_seconds, 1.0)        # even for a card that lies there: one look takes time
    reader.start()
    try:
        while (left := end - time.monotonic()) > 0:
            try:
                fact = facts.get(timeout=left)
            except queue.Empty:
                break
            match fact:
                case CardSeen():
                    return fact
                case CardRefused() if not fact.again:
                    raise CardError(fact.sentence, detail=fact.code)
                case CardRefused() | Readers():
                    last = fact
    finally:
        reader.stop()
    raise _why_not(last)


def _why_not(last: CardFact | None) -> CardError:
    match last:
        case CardRefused():
            return CardError(last.sentence, detail=last.code)
        case Readers(ready=False, sentence=sentence) if sentence == NO_READER:
            return CardError("カードリーダーがつながっていません。",
                             "USB を差し直して、sanjo-tui doctor で確かめてください。")
        case Readers(ready=False, sentence=sentence) if sentence == NOT_ALLOWED:
            return CardError("カードリーダーを使う許可がありません。", "sanjo-tui doctor に直し方があります。")
        case Readers(ready=False):
            return CardError("カード読取サービスが動いていません。", "pcscd を起動して、もう一度試してください。")
    return CardError("カードがかざされませんでした。", "カードをリーダーに置いたまま、もう一度実行してください。")


@dataclass(slots=True)
class _Field:
    """What one reader said last, and the last number read there."""

    state: int
    seen: CardSeen | None = None
    gone_at: float = float("-inf")
    joined: bool = False


class _Job:
    """An errand on its way to the reader's thread and back."""

    def __init__(self, errand: Errand[Any], card: CardSeen | None, reader: str) -> None:
        self.errand, self.card, self.reader = errand, card, reader
        self.taken, self.done = False, threading.Event()
        self.outcome: Any = None

    def finish(self) -> None:
        """Hands back what came of it; `gone` where nothing did."""
        self.outcome = self.errand.gone() if self.outcome is None else self.outcome
        self.done.set()


class _Interrupted(CardLost):
    """The card stopped answering in the middle; `code` is PC/SC's."""

    def __init__(self, code: int) -> None:
        self.code = _unsigned(code)


class _Fields:
    """The readers of one session with the daemon and the cards that lie on them."""

    def __init__(self, scard: Any, profiles: tuple[Profile, ...], emit: Callable[[CardFact], None],
                 tell: Callable[[Readers], None], quit_: threading.Event) -> None:
        self._scard, self._profiles, self._emit, self._tell, self._quit = scard, profiles, emit, tell, quit_
        self._known: dict[str, _Field] = {}
        self._relist, self._pnp = True, 0
        self.looked = False
        """The daemon answered a wait: the session was a real one."""

    def do(self, context: Any, job: _Job) -> None:
        """Runs an errand on its card; the card is reset afterwards, so that a PIN counts for nobody else."""
        lying = [name for name, field in self._known.items() if field.state & self._scard.SCARD_STATE_PRESENT
                 and job.reader in ("", name) and (job.card is None or _same(field.seen, job.card))]
        if len(lying) != 1:
            return
        for pause in (*PAUSES, None):
            try:
                with _connected(self._scard, context, lying[0], self._scard.SCARD_RESET_CARD) as transmit:
                    job.outcome = job.errand.run(transmit)
                if getattr(job.outcome, "touched", False):
                    self._known[lying[0]].seen = None          # it carries something else now: its next tap is new
                return
            except _Interrupted as error:                      # not even connected: the errand has not begun
                if pause is None or error.code in REMOVED or self._quit.wait(pause):
                    log.info("errand: no card: %s", _hex(error.code))
                    return

    def look(self, context: Any, wait_ms: int = SLICE_MS) -> int:
        """One wait for a change, and what follows from it; 0, or the code that ends the session."""
        scard = self._scard
        if self._relist and (code := self._list(context)):
            return code
        watched: list[tuple[str, int]] = [(name, one.state) for name, one in self._known.items()]
        if sys.platform == "win32":
            watched.insert(0, (PNP, len(self._known) << 16))     # Windows wants the number of readers up there
        elif sys.platform != "darwin":                           # macOS knows no such entry
            watched.insert(0, (PNP, self._pnp))
        if not watched:
            self._quit.wait(wait_ms / 1000)
            self._relist = True
            return 0
        code, got = scard.SCardGetStatusChange(context, wait_ms, watched)
        code = _unsigned(code)
        if code in (TIMEOUT, UNKNOWN_READER):
            self._relist = self.looked = True
            return 0
        if code:
            return 0 if code == CANCELLED else code
        self.looked = True
        for name, event, atr in got:
            if name == PNP:
                self._relist = self._relist or bool(event & scard.SCARD_STATE_CHANGED)
                self._pnp = event & ~scard.SCARD_STATE_CHANGED
            else:
                self._changed(context, name, event, bytes(atr))
        return 0

    def lose_all(self) -> None:
        """The session is over: nobody knows any more what lies on the readers."""
        for name in list(self._known):
            self._drop(name)

    def _list(self, context: Any) -> int:
        code, names = self._scard.SCardListReaders(context, [])
        code = _unsigned(code)
        if code and code != NO_READERS:
            return code
        names = [] if code else list(names)
        for name in set(self._known) - set(names):
            self._drop(name)
        for name in names:
            self._known.setdefault(name, _Field(self._scard.SCARD_STATE_UNAWARE))
        self._tell(Readers(bool(names), tuple(names), READY if names else NO_READER))
        self._relist = False
        return 0

    def _drop(self, name: str) -> None:
        field = self._known.pop(name)
        if field.state & self._scard.SCARD_STATE_PRESENT and not field.joined:
            self._emit(CardGone(name))

    def _changed(self, context: Any, name: str, event: int, atr: bytes) -> None:
        scard, field = self._scard, self._known[name]
        if event & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            self._relist = True
            event &= ~scard.SCARD_STATE_PRESENT                  # being unplugged, with whatever lay on it
        before, field.state = field.state, event & ~scard.SCARD_STATE_CHANGED
        was, now = bool(before & scard.SCARD_STATE_PRESENT), bool(event & scard.SCARD_STATE_PRESENT)
        swapped = was and now and before >> 16 != event >> 16    # the daemon counts: another card between two looks
        woke = was and now and bool(before & scard.SCARD_STATE_MUTE) and not event & scard.SCARD_STATE_MUTE
        if was and (not now or swapped):
            field.gone_at = time.monotonic()
            if not field.joined:
                self._emit(CardGone(name))
            field.joined = False
        if now and (not was or swapped or woke):
            if event & scard.SCARD_STATE_MUTE:
                field.seen = None
                self._emit(CardRefused(name, MUTE, "mute", again=True))
            else:
                self._meet(context, name, field, atr)

    def _meet(self, context: Any, name: str, field: _Field, atr: bytes) -> None:
        """Reads the new card; says nothing if it is the one that just trembled."""
        back_soon = field.seen is not None and time.monotonic() - field.gone_at < SAME_STAY
        if not back_soon:
            self._emit(CardTouched(name))
        fact = self._read(context, name, atr)
        if back_soon and fact == field.seen:
            field.joined = True
            return
        field.seen = fact if isinstance(fact, CardSeen) else None
        if back_soon:
            self._emit(CardTouched(name))
        if isinstance(fact, CardRefused):
            log.info("card refused on %s: %s", name, fact.code)
        self._emit(fact)

    def _read(self, context: Any, name: str, atr: bytes) -> CardSeen | CardRefused:
        code = 0
        for pause in (*PAUSES, None):
            try:
                return self._attempt(context, name, atr)
            except Refused as error:
                return CardRefused(name, str(error), error.code)
            except _Interrupted as error:
                code = error.code
            if code in REMOVED or not self._present(context, name):
                return CardRefused(name, TORN, _hex(code), again=True)
            if pause is None or self._quit.wait(pause):
                break
        return CardRefused(name, IN_USE if code == SHARING_VIOLATION else UNREADABLE, _hex(code), again=True)

    def _attempt(self, context: Any, name: str, atr: bytes) -> CardSeen:
        with _connected(self._scard, context, name, self._scard.SCARD_LEAVE_CARD) as transmit:
            return read_card(self._profiles, transmit, atr, name)

    def _present(self, context: Any, name: str) -> bool:
        code, got = self._scard.SCardGetStatusChange(context, 0, [(name, self._scard.SCARD_STATE_UNAWARE)])
        return not code and bool(got[0][1] & self._scard.SCARD_STATE_PRESENT)


def _same(seen: CardSeen | None, card: CardSeen) -> bool:
    return seen is not None and (seen.token, seen.value) == (card.token, card.value)


@contextlib.contextmanager
def _connected(scard: Any, context: Any, name: str, leave: int) -> Iterator[Transmit]:
    """One connection to the card, shared with other programs, in one transaction of a few milliseconds.

    `leave`: what happens to the card at the end; powering it off confuses some USB readers. _Interrupted.
    """
    code, card, protocol = scard.SCardConnect(context, name, scard.SCARD_SHARE_SHARED,
                                              scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
    if code:
        raise _Interrupted(code)
    header = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0

    def transmit(apdu: bytes) -> tuple[bytes, int]:
        if protocol == scard.SCARD_PROTOCOL_T0 and len(apdu) > 5 and len(apdu) == 6 + apdu[4]:
            apdu = apdu[:-1]              # T=0 has data in one direction only: the card offers its answer by 61xx
        nonlocal leave
        code, answer = scard.SCardTransmit(card, header, list(apdu))
        if code or len(answer) < 2:
            if not code or _unsigned(code) in REMOVED:
                leave = scard.SCARD_LEAVE_CARD        # a card that is gone cannot be reset; some drivers choke on it
            raise _Interrupted(code)
        whole = bytes(byte & 0xFF for byte in answer)
        return whole[:-2], int.from_bytes(whole[-2:])

    try:
        code = scard.SCardBeginTransaction(card)
        if code:
            raise _Interrupted(code)
        try:
            yield transmit
        finally:
            scard.SCardEndTransaction(card, leave)
    finally:
        scard.SCardDisconnect(card, leave)


@contextlib.contextmanager
def channel(wait_seconds: float, greet: Callable[[Transmit, bytes], T]) -> Iterator[tuple[Transmit, T]]:
    """The first card that lies on a reader within this time, alone in one transaction, and what `greet` found on it.

    `greet` gets the channel and the ATR; it is called again when the card trembles away under it, so it must not show a
    PIN. At the end the card is reset: a PIN that was shown inside the block counts for no other program. Raises
    CardError, also out of the block when the card is pulled away or the daemon ends in the middle.
    """
    scard = pyscard()
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code:
        raise _why_not(Readers(False, (), _state(_unsigned(code))))
    try:
        with contextlib.ExitStack() as stack:
            yield _greeted(scard, context, time.monotonic() + max(wait_seconds, 1.0), greet, stack)
    except _Interrupted as error:
        torn = error.code in (*REMOVED, UNKNOWN_READER, NOT_TRANSACTED, 0)      # 0: it fell silent
        raise CardError(TORN if torn else IN_USE if error.code == SHARING_VIOLATION else UNREADABLE,
                        detail=_hex(error.code)) from error
    finally:
        scard.SCardReleaseContext(context)


def _greeted(scard: Any, context: Any, end: float, greet: Callable[[Transmit, bytes], T],
             stack: contextlib.ExitStack) -> tuple[Transmit, T]:
    """A card that answers, connected until `stack` ends. Looked for anew while it is busy or trembles."""
    interrupted: _Interrupted | None = None
    while True:
        try:
            name, atr = _first_card(scard, context, end)
        except CardError:
            if interrupted:
                raise interrupted from None
            raise
        try:
            with contextlib.ExitStack() as attempt:
                transmit = attempt.enter_context(_connected(scard, context, name, scard.SCARD_RESET_CARD))
                found = greet(transmit, atr)
                stack.push(attempt.pop_all())
                return transmit, found
        except _Interrupted as error:
            interrupted = error
            if time.monotonic() >= end:
                raise
            time.sleep(PAUSES[1])


def _first_card(scard: Any, context: Any, end: float) -> tuple[str, bytes]:
    """Name of the reader and ATR of the card on it. CardError when none is there in time."""
    last: CardFact | None = None
    states: dict[str, int] = {}
    while True:
        code, names = scard.SCardListReaders(context, [])
        if (code := _unsigned(code)) not in (0, NO_READERS):
            raise _why_not(Readers(False, (), _state(code)))
        names = [] if code else list(names)
        if not names:
            last = Readers(False, (), NO_READER)
        elif isinstance(last, Readers):
            last = None
        states = {name: states.get(name, scard.SCARD_STATE_UNAWARE) for name in names}
        left = end - time.monotonic()
        if left <= 0:
            raise _why_not(last)
        if not states:
            time.sleep(min(left, PAUSES[-1]))
            continue
        code, got = scard.SCardGetStatusChange(context, int(min(left * 1000, SLICE_MS)), list(states.items()))
        if (code := _unsigned(code)) not in (0, TIMEOUT, UNKNOWN_READER):
            raise _why_not(Readers(False, (), _state(code)))
        if not code:
            last = None
        for name, event, atr in () if code else got:
            states[name] = event & ~scard.SCARD_STATE_CHANGED
            if event & scard.SCARD_STATE_MUTE:
                last = CardRefused(name, MUTE, "mute", again=True)
            elif event & scard.SCARD_STATE_PRESENT:
                return name, bytes(atr)


def _state(code: int) -> str:
    """Word for the header."""
    if code == SECURITY_VIOLATION:
        return NOT_ALLOWED
    if code == -1:
        return BROKEN
    if sys.platform == "win32" and code in (NO_SERVICE, SERVICE_STOPPED):
        return NO_READER                     # Windows stops the service when the last reader is unplugged
    return NO_DAEMON


def _unsigned(code: int) -> int:
    return code & 0xFFFFFFFF


def _hex(code: int) -> str:
    return f"{_unsigned(code):08X}"
