"""The journal: one writing thread, one transaction a reception; 受付しました only after COMMIT has returned."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sanjo_tui import __version__
from sanjo_tui.errors import BrokenChain, DiskFull, JournalError
from sanjo_tui.journal import clock
from sanjo_tui.journal.append import Appender, Decide
from sanjo_tui.journal.audit import Verified, verify
from sanjo_tui.journal.chain import Head
from sanjo_tui.journal.cipher import CipherDatabase, OpenFile
from sanjo_tui.journal.codec import Codec, foreign_scope
from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.journal.faults import DATABASE_ERRORS, PAPER, sentence_for
from sanjo_tui.journal.file import create_file, look_at, open_to_read
from sanjo_tui.journal.replay import Derived, State
from sanjo_tui.journal.room import DRILL_RESERVE_MB, RESERVE_MB, Room
from sanjo_tui.journal.tables import FORMAT, Row
from sanjo_tui.journal.view import View
from sanjo_tui.vault import Keys

T = TypeVar("T")

_COPY = (("journal_mode", "off"), ("locking_mode", "exclusive"), ("synchronous", "off"))

_WRITER = (("journal_mode", "wal"), ("synchronous", "full"), ("fullfsync", 1), ("temp_store", "memory"),
           ("secure_delete", "on"), ("cache_size", -8192))


class Journal:
    """The journal of one station. Every call may come from any thread; `close` when the desk closes."""

    def __init__(self, path: Path, keys: Keys, station_code: str, ledgers: tuple[Ledger, ...],
                 loose: tuple[type[Event], ...], moment: Callable[[], clock.Moment], reserve_mb: int | None) -> None:
        self.path, self.station, self.keys = path, station_code, keys
        self._codec = Codec(keys, ledgers, loose)
        self._moment = moment
        self._file: OpenFile | None = None
        self._writer: Any = None
        self._appender: Appender
        self._writer_thread = 0
        self._pool: ThreadPoolExecutor | None = None
        self._readers: list[CipherDatabase] = []
        self._readers_lock = threading.Lock()
        self._last: clock.Moment | None = None
        self._reserve_mb = reserve_mb if reserve_mb is not None else (DRILL_RESERVE_MB if keys.drill else RESERVE_MB)

    @classmethod
    def create(cls, path: Path, keys: Keys, station_code: str, ledgers: tuple[Ledger, ...],
               loose: tuple[type[Event], ...] = (), *, moment: Callable[[], clock.Moment] = clock.now,
               reserve_mb: int | None = None) -> Journal:
        """A new, empty journal, open. JournalError where one stands already or the file cannot be made."""
        create_file(path, keys, station_code, moment().wall_ms)
        return cls.open(path, keys, station_code, ledgers, loose, moment=moment, reserve_mb=reserve_mb)

    @classmethod
    def open(cls, path: Path, keys: Keys, station_code: str, ledgers: tuple[Ledger, ...],
             loose: tuple[type[Event], ...] = (), *, writing: bool = True,
             moment: Callable[[], clock.Moment] = clock.now, reserve_mb: int | None = None) -> Journal:
        """The journal at `path`. `writing=False` looks only: verify and list, also where writing is forbidden.

        Raises JournalError: missing, not ours, not encrypted, damaged, cannot be written; BrokenChain: its end is cut.
        """
        journal = cls(path, keys, station_code, ledgers, loose, moment, reserve_mb)
        journal._file = look_at(path, keys)
        try:
            Room(path, journal._reserve_mb).let_in()
            with journal.view() as view:
                journal._check(view, writing)
            if writing:
                journal._pool = ThreadPoolExecutor(1, thread_name_prefix="journal")
                journal._pool.submit(journal._start_writing).result()
        except BaseException:
            journal.close()
            raise
        return journal

    # --- writing

    def record(self, operator: str, decide: Decide, *, reserve: bool = False) -> tuple[Recorded, ...]:
        """Append what `decide` says, durably; returns only after COMMIT.

        `decide` runs on the writing thread inside the transaction: what it reads cannot change before its events are
        written. It may run twice (room was made in between), so it must do nothing but read and decide. What it raises
        comes out of here and nothing is written; an empty sequence writes nothing. `reserve`: look-ups and what closes
        a shelter may use the reserve of the disk.

        Raises ClaimTaken, DiskFull, JournalError, RuleError (a reversal of what cannot be reversed).
        """
        recorded, moment = self._on_writer(
            lambda: self._write(lambda: self._appender.append(operator, decide, self._moment), reserve))
        self._last = moment or self._last
        return recorded

    def rebuild(self) -> State:
        """Fold everything anew and replace what is derived."""
        return self._on_writer(lambda: self._write(self._rebuild, True))

    def forget(self, scope: str) -> None:
        """After the key of an episode was destroyed: delete its kept records and overwrite where they stood."""
        if not self.keys.is_destroyed(scope):
            raise JournalError("この期間の鍵はまだあります。", "先に鍵を廃棄してください。", detail=scope)
        self._on_writer(lambda: self._write(lambda: self._derived().forget(scope), True))
        self._on_writer(self._checkpoint)

    def absorb(self, rows: Iterable[Row], chain_key: bytes | None,
               scope_keys: Mapping[tuple[str, str], bytes] | None = None) -> int:
        """Take in rows of another station, verified by its key (None: ours, a laptop before it was restored).

        Rows that are here already are left out; gives the number of new ones. Order and repetition change nothing.
        `scope_keys`: by (episode, station), the keys with which bodies are sealed. BrokenChain: the rows do not follow
        from each other, or contradict what is here.
        """
        for (scope, station), key in (scope_keys or {}).items():
            if not self.keys.is_destroyed(scope):
                self.keys.make_scope_key(scope)  # our own, so that what is kept of the episode is sealed too
                self.keys.keep_scope_key(foreign_scope(scope, station), key)
        return self._on_writer(lambda: self._write(lambda: self._appender.absorb(list(rows), chain_key), False))

    def _on_writer(self, work: Callable[[], T]) -> T:
        if threading.get_ident() == self._writer_thread:
            raise RuntimeError("the journal is written to from within its own transaction")
        try:
            if self._pool is None:
                raise RuntimeError("not writing")
            future = self._pool.submit(work)
        except RuntimeError as error:
            raise JournalError("受付記録は閉じられています。", "もう一度開いてください。", detail=str(error)) from error
        return future.result()

    def _write(self, work: Callable[[], T], reserve: bool) -> T:
        """One transaction; on a full disk room is made where that is allowed, and it is tried again."""
        if not reserve and not self.room.enough:
            self._checkpoint()
        if not reserve:
            self.room.check()
        shrunk = False
        while True:
            try:
                return self._transaction(work)
            except DATABASE_ERRORS as error:
                fault = sentence_for(error)
                if not isinstance(fault, DiskFull) or (shrunk and not (reserve and self.room.give())):
                    raise fault from error
                shrunk = True
                self._checkpoint()

    def _transaction(self, work: Callable[[], T]) -> T:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            result = work()
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:  # SQLite has rolled back by itself where the disk was full
                self._writer.execute("ROLLBACK")
            raise
        return result

    def _start_writing(self) -> None:
        self._writer_thread = threading.get_ident()
        try:
            self.room = Room(self.path, self._reserve_mb)
            database = CipherDatabase(self.path, self.keys.file_key("journal"), self.keys.file_salt("journal"),
                                      pragmas=_WRITER)
            database.connect()
            self._writer = database.connection()
            self._appender = Appender(self._writer.execute, self._codec, self.station)
            mode = self._writer.execute("PRAGMA journal_mode").fetchone()[0]
            sync = self._writer.execute("PRAGMA synchronous").fetchone()[0]
            if (mode, sync) != ("wal", 2):
                raise JournalError("受付記録を確実に書ける設定になりません。", PAPER, detail=f"{mode} {sync}")
            self.room.fill()
            self._writer.execute(f"PRAGMA wal_autocheckpoint = {self.room.log_pages}")
            self._writer.execute("BEGIN IMMEDIATE")  # a write-protected file is told now, not at the first reception
            try:
                self._writer.execute("UPDATE meta SET value = value WHERE key = 'format'")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
        except (*DATABASE_ERRORS, OSError) as error:
            raise sentence_for(error) from error
        derived_by = self._writer.execute("SELECT value FROM meta WHERE key = 'derived_by'").fetchone()
        if derived_by != (__version__,):
            self._write(self._rebuild, True)

    def _rebuild(self) -> State:
        """Another version may fold otherwise: what is derived is made by the version that reads it."""
        state = self._derived().rebuild()
        self._writer.execute("INSERT INTO meta VALUES('derived_by', ?) ON CONFLICT(key) DO UPDATE SET"
                             " value = excluded.value", (__version__,))
        return state

    def _checkpoint(self) -> None:
        """Give the space of the write-ahead log back, as far as readers let it go."""
        with contextlib.suppress(*DATABASE_ERRORS):
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _derived(self) -> Derived:
        return Derived(self._writer.execute, self._codec)

    # --- reading

    @contextlib.contextmanager
    def view(self) -> Iterator[View]:
        """A consistent read, on its own connection, from any thread."""
        with self._reader() as connection:
            view = View(connection.execute, self._codec)
            try:
                yield view
            finally:
                view.end()

    def verify(self, anchor: Head | None = None) -> Verified:
        """Check every row, the file's pages, and that what is derived follows. `anchor`: a head known from elsewhere.

        Raises BrokenChain (the first bad row) or JournalError.
        """
        with self._reader() as connection:
            return verify(connection.execute, self._codec, self.station, anchor)

    def heads(self) -> tuple[Head, ...]:
        """The end of each chain here, our own first."""
        with self._reader() as connection:
            return self._heads(connection)

    def codes(self) -> tuple[str, ...]:
        """Codes under which this journal was written: the present one, then those before it was restored."""
        with self._reader() as connection:
            rows = connection.execute("SELECT station FROM station WHERE chain_key IS NULL ORDER BY station <> ?",
                                      (self.station,)).fetchall()
        return tuple(code for code, in rows)

    def copy_to(self, path: Path) -> tuple[Head, ...]:
        """A consistent copy under the same key, while the desk goes on; gives the heads that it holds. OSError."""
        target = CipherDatabase(path, self.keys.file_key("journal"), self.keys.file_salt("journal"),
                                pragmas=_COPY)
        try:
            with self._reader(snapshot=False) as connection:
                connection.backup(target.connection())
            return self._heads(target.connection())
        except DATABASE_ERRORS as error:
            raise sentence_for(error) from error
        finally:
            target.close()

    @property
    def clock_warning(self) -> str:
        """A short sentence for the header while the clock stands before the last event, or has jumped; else ""."""
        return clock.notice(self._last, self._moment())

    def close(self) -> None:
        """Close all connections. What was recorded is on the disk already."""
        with self._readers_lock:  # with the file, so that a read that ends now closes its connection itself
            readers, self._readers = self._readers, []
            file, self._file = self._file, None
        for reader in readers:
            reader.close()
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.submit(self._stop_writing).result()
            pool.shutdown()
        if file is not None:
            file.release()

    def _heads(self, connection: Any) -> tuple[Head, ...]:
        rows = connection.execute("SELECT station, seq, hash FROM station ORDER BY station <> ?, station",
                                  (self.station,)).fetchall()
        return tuple(Head(station, seq, bytes(hashed)) for station, seq, hashed in rows)

    def _stop_writing(self) -> None:
        if self._writer is not None:
            self._writer.close()

    @contextlib.contextmanager
    def _reader(self, *, snapshot: bool = True) -> Iterator[Any]:
        if self._file is None:
            raise JournalError("受付記録は閉じられています。", "もう一度開いてください。", detail="closed")
        with self._readers_lock:
            database = self._readers.pop() if self._readers else None
        try:
            database = database or open_to_read(self.path, self.keys)
            connection = database.connection()
            if snapshot:
                connection.execute("BEGIN")
            yield connection
            if snapshot:
                connection.execute("ROLLBACK")
        except DATABASE_ERRORS as error:
            _close(database)
            raise sentence_for(error) from error
        except BaseException:
            _close(database)
            raise
        with self._readers_lock:
            if self._file is not None and len(self._readers) < 4:
                self._readers.append(database)
                return
        database.close()

    def _check(self, view: View, writing: bool) -> None:
        """The journal is of this version and station; who writes must find its end where the last write left it."""
        with self._reader() as connection:
            meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
            held = connection.execute("SELECT seq, hash FROM station WHERE station = ?", (self.station,)).fetchone()
        if int(meta.get("format", 0)) > FORMAT:
            raise JournalError("受付記録は新しい版のものです。", "この端末のプログラムを新しくしてください。",
                               detail=f"format {meta['format']}")
        if meta.get("station") != self.station or held is None:
            raise JournalError("受付記録は別の拠点のものです。", "station.toml の code を確かめてください。",
                               detail=f"{meta.get('station')} is not {self.station}")
        if not writing:
            return
        last = next(view.rows("WHERE station = ? AND seq = ?", (self.station, held[0])), None)
        if held[0] and (last is None or last.hash != bytes(held[1])):
            raise BrokenChain(self.station, held[0])
        if last is not None:
            self._last = clock.Moment(last.hlc >> 16, last.mono_ns, last.boot)


def _close(database: CipherDatabase | None) -> None:
    if database is not None:
        with contextlib.suppress(*DATABASE_ERRORS):
            database.close()
