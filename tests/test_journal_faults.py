"""The traps of the libraries and the faults of disks, each set off on purpose."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import peewee
import pytest
from sqlcipher3 import dbapi2

from sanjo_tui.errors import BrokenChain, DiskFull, JournalError
from sanjo_tui.journal import faults, room
from sanjo_tui.journal.cipher import BUSY_MS, CipherDatabase, OpenFile
from sanjo_tui.journal.writer import Journal
from sanjo_tui.vault import Vault
from tests.journal_ground import (
    ADDRESS,
    KANA,
    LEDGERS,
    LOOSE,
    NAME,
    TRAILS,
    Looked,
    admit,
    create,
    drill_keys,
    files_of,
    kept_of,
    put,
    reopen,
)


def opened_raw(home: Path) -> CipherDatabase:
    keys = drill_keys(home)
    return CipherDatabase(home / "journal.db", keys.file_key("journal"), keys.file_salt("journal"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A disk of its own, `size=4m` or `remount,ro`; needs the right to mount."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True)
        if done.returncode:
            pytest.skip("mounting a small disk needs root")
        return place
    yield mount
    subprocess.run(["umount", "-l", str(place)], capture_output=True)


def fill(home: Path) -> None:
    """Somebody else takes all the room."""
    filler = os.open(home / "filler", os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while os.write(filler, bytes(4096)):
            pass
    os.close(filler)


# --- keys and plaintext


@pytest.mark.parametrize("key", [b"", b"short", b"k" * 31, b"k" * 33])
def test_a_key_that_is_not_32_bytes_makes_no_file(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(ValueError, match="32"):
        CipherDatabase(tmp_path / "a.db", key, b"s" * 16)
    assert not (tmp_path / "a.db").exists()


def test_a_plaintext_journal_is_refused(tmp_path: Path) -> None:
    create(tmp_path).close()
    (tmp_path / "journal.db").unlink()
    plain = dbapi2.connect(str(tmp_path / "journal.db"))
    plain.execute("CREATE TABLE event(a)")
    plain.close()
    with pytest.raises(JournalError, match="暗号化されていません"):
        reopen(tmp_path)


def test_another_stations_keys_are_told_apart_from_damage(tmp_path: Path) -> None:
    create(tmp_path).close()
    other = tmp_path / "other"
    other.mkdir()
    keys = Vault.create(other / "vault.toml", "", drill=True)[0].unlock("")
    before = (tmp_path / "journal.db").read_bytes()
    with pytest.raises(JournalError, match="鍵と合いません"):
        Journal.open(tmp_path / "journal.db", keys, "A1", LEDGERS, LOOSE)
    assert (tmp_path / "journal.db").read_bytes() == before


@pytest.mark.parametrize("size", [0, 7, 5000])
def test_a_cut_file_is_called_damaged(tmp_path: Path, size: int) -> None:
    journal = create(tmp_path)
    admit(journal, 1)
    journal.close()
    os.truncate(tmp_path / "journal.db", size)
    with pytest.raises(JournalError, match="壊れて"):
        reopen(tmp_path)


def test_the_library_does_not_talk_over_the_screen(tmp_path: Path) -> None:
    create(tmp_path).close()
    data = bytearray((tmp_path / "journal.db").read_bytes())
    data[100] ^= 1
    (tmp_path / "journal.db").write_bytes(data)
    code = ("import sys; sys.path.insert(0, '.'); from pathlib import Path; from tests.journal_ground import reopen\n"
            "from sanjo_tui.errors import JournalError\n"
            f"try: reopen(Path({str(tmp_path)!r}))\nexcept JournalError as error: print(error.detail)")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "SQLITE_NOTADB" and ran.stderr == ""


def test_how_long_a_statement_waits_is_really_set(tmp_path: Path) -> None:
    create(tmp_path).close()
    with opened_raw(tmp_path) as database:
        assert database.execute_sql("PRAGMA busy_timeout").fetchone()[0] == BUSY_MS


def test_the_writer_is_durable_and_leaves_nothing_in_plain(tmp_path: Path) -> None:
    journal = create(tmp_path)
    asked = {name: journal._on_writer(lambda n=name: journal._writer.execute(f"PRAGMA {n}").fetchone()[0])  # type: ignore[misc]
             for name in ("journal_mode", "synchronous", "temp_store", "secure_delete", "busy_timeout")}
    assert asked == {"journal_mode": "wal", "synchronous": 2, "temp_store": 2, "secure_delete": 1,
                     "busy_timeout": BUSY_MS}
    journal.close()


def test_no_name_stands_in_any_file_while_the_desk_is_open(tmp_path: Path) -> None:
    journal = create(tmp_path, reserve_mb=1)
    for n in range(30):
        admit(journal, n)
    assert any(name.endswith("-wal") and data for name, data in files_of(tmp_path).items())
    for name, data in files_of(tmp_path).items():
        for word in (NAME, KANA, ADDRESS, NAME.split()[0], KANA.split()[0]):
            for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp932"):
                assert word.encode(encoding) not in data, name
            assert word not in name
    journal.close()


def test_the_head_of_a_file_is_not_read_beside_an_open_connection(tmp_path: Path) -> None:
    """Closing such a descriptor would drop the locks of this process: a second process could then write into ours."""
    journal = create(tmp_path)
    beside = OpenFile(tmp_path / "journal.db")
    assert beside.head is None
    beside.release()
    journal.close()
    alone = OpenFile(tmp_path / "journal.db")
    assert alone.head is not None and len(alone.head) == 16
    alone.release()


# --- the cause of an error


def test_the_cause_is_found_behind_a_failed_rollback() -> None:
    full = dbapi2.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    try:
        try:
            raise full
        except dbapi2.OperationalError as error:
            wrapped = peewee.OperationalError(error, "database or disk is full")
            try:
                raise wrapped from None
            except peewee.OperationalError:
                rollback = dbapi2.OperationalError("cannot rollback - no transaction is active")
                rollback.sqlite_errorname = "SQLITE_ERROR"
                raise peewee.OperationalError(rollback, "cannot rollback - no transaction is active")  # noqa: B904
    except peewee.OperationalError as error:
        assert faults.code_of(error) == "SQLITE_FULL"
        assert isinstance(faults.sentence_for(error), DiskFull)


@pytest.mark.parametrize(("code", "word"), [
    ("SQLITE_READONLY_DBMOVED", "書き込み"), ("SQLITE_CANTOPEN", "書き込み"), ("SQLITE_IOERR_FSYNC", "読み書き"),
    ("SQLITE_CORRUPT_INDEX", "壊れて"), ("SQLITE_NOTADB", "壊れて"), ("SQLITE_BUSY", "ほかの画面"), ("", "読み書き")])
def test_every_cause_has_its_sentence(code: str, word: str) -> None:
    error = dbapi2.OperationalError("secret text of the library")
    error.sqlite_errorname = code
    told = faults.sentence_for(error)
    assert word in told.message and "secret" not in f"{told} {told.detail}" and told.hint
    if "BUSY" not in code:
        assert "紙の受付" in told.hint


# --- disks


def test_on_a_full_disk_receptions_stop_first_and_nothing_is_lost(small_disk: Callable[[str], Path]) -> None:
    home = small_disk("size=4m")
    journal = create(home, reserve_mb=64)
    held = journal.room.held
    assert 0 < held <= 4 * 1024 * 1024 // 8
    done = 0
    with pytest.raises(DiskFull, match="いっぱい") as caught:
        while True:
            put(journal, str(done), "x" * 3000)
            done += 1
    assert "紙の受付" in caught.value.hint and done > 100
    for _ in range(20):
        journal.record("op", lambda _: (Looked(subject="a"),), reserve=True)
    assert journal.verify().count == done + 20
    with pytest.raises(DiskFull):
        put(journal, "one", "more")
    journal.close()

    journal = reopen(home, reserve_mb=64)
    assert journal.verify().count == done + 20
    with pytest.raises(DiskFull):
        put(journal, "one", "more")
    subprocess.run(["mount", "-o", "remount,size=8m", str(home)], check=True)
    assert put(journal, "one", "more").seq == done + 21
    journal.close()


def test_somebody_else_fills_the_disk_and_look_ups_use_the_reserve(small_disk: Callable[[str], Path]) -> None:
    home = small_disk("size=16m")
    journal = create(home, reserve_mb=64)
    put(journal, "a", "1")
    fill(home)
    held = journal.room.held
    with pytest.raises(DiskFull):
        put(journal, "a", "2")
    for n in range(60):
        journal.record("op", lambda _, n=n: (Looked(subject=f"{n}" * 900),), reserve=True)  # type: ignore[misc]
    assert journal.room.held < held, "the reserve was used"
    with pytest.raises(DiskFull):
        put(journal, "a", "3")
    before = kept_of(journal)
    (home / "filler").unlink()
    put(journal, "b", "4")
    assert journal.room.held == held, "and is filled again"
    assert journal.verify().count == 62
    assert kept_of(journal)["test.trail", ""][0] == before["test.trail", ""][0]
    journal.close()


@pytest.mark.parametrize("writing", [True, False])
def test_a_journal_opens_on_a_disk_that_was_filled_meanwhile(
        small_disk: Callable[[str], Path], writing: bool) -> None:
    home = small_disk("size=16m")
    journal = create(home, reserve_mb=64)
    put(journal, "a", "1")
    journal.close()
    fill(home)
    journal = reopen(home, reserve_mb=64, writing=writing)
    assert journal.verify().count == 1
    if writing:
        journal.record("op", lambda _: (Looked(subject="a"),), reserve=True)
        with pytest.raises(DiskFull):
            put(journal, "a", "2")
    journal.close()


def test_when_even_the_reserve_is_used_up_it_is_said_and_nothing_is_lost(small_disk: Callable[[str], Path]) -> None:
    home = small_disk("size=4m")
    journal = create(home, reserve_mb=64)
    done = 0
    with pytest.raises(DiskFull, match="いっぱい"):
        while True:
            journal.record("op", lambda _: (Looked(subject="x" * 2000),), reserve=True)
            done += 1
    assert journal.room.held == 0
    assert journal.verify().count == done > 100
    journal.close()
    looker = reopen(home, writing=False)
    assert looker.verify().count == done
    looker.close()


def test_a_disk_that_is_full_from_the_start(small_disk: Callable[[str], Path]) -> None:
    home = small_disk("size=1m")
    drill_keys(home)
    fill(home)
    with pytest.raises(DiskFull):
        create(home)
    assert not (home / "journal.db").exists()


def test_a_write_protected_disk_is_told_at_once(small_disk: Callable[[str], Path]) -> None:
    home = small_disk("size=16m")
    journal = create(home)
    put(journal, "a", "1")
    journal.close()
    subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
    with pytest.raises(JournalError, match="書き込みが禁止") as caught:
        reopen(home)
    assert "紙の受付" in caught.value.hint
    looker = reopen(home, writing=False)
    assert looker.verify().count == 1
    with looker.view() as view:
        assert view.record_of(TRAILS, "", "a").values == ("1",)
    looker.close()


def test_a_write_protected_file(tmp_path: Path) -> None:
    journal = create(tmp_path)
    put(journal, "a", "1")
    journal.close()
    path = tmp_path / "journal.db"
    if os.geteuid() == 0:
        done = subprocess.run(["chattr", "+i", str(path)], capture_output=True)
        if done.returncode:
            pytest.skip("this file system cannot protect a file from root")
    else:
        path.chmod(0o400)
    try:
        with pytest.raises(JournalError, match="書き込みが禁止"):
            reopen(tmp_path)
        looker = reopen(tmp_path, writing=False)
        assert looker.verify().count == 1
        looker.close()
    finally:
        subprocess.run(["chattr", "-i", str(path)], capture_output=True)
        path.chmod(0o600)


def test_a_small_disk_gets_a_small_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    for total, want in ((10 << 30, 64 << 20), (160 << 20, 20 << 20), (4 << 20, 512 << 10)):
        monkeypatch.setattr(room.shutil, "disk_usage", lambda _, t=total: usage._replace(total=t))
        assert room.Room(tmp_path / "journal.db", 64).target == want


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(JournalError):
        Journal.create(tmp_path / "none" / "journal.db", drill_keys(tmp_path), "A1", LEDGERS, LOOSE)


# --- damage


def test_rows_cannot_be_changed_or_deleted(tmp_path: Path) -> None:
    journal = create(tmp_path)
    put(journal, "a", "1")
    with opened_raw(tmp_path) as database:
        for statement in ("UPDATE event SET operator = 'x'", "DELETE FROM event"):
            with pytest.raises(peewee.IntegrityError, match="append only"):
                database.execute_sql(statement)
    assert journal.verify().count == 1
    journal.close()


@pytest.mark.parametrize(("edit", "first_bad"), [
    ("UPDATE event SET operator = 'somebody' WHERE seq = 4", 4),
    ("UPDATE event SET subject = '9' WHERE seq = 1", 1),
    ("UPDATE event SET at_ms = at_ms + 1 WHERE seq = 10", 10),
    ("UPDATE event SET batch = 1 WHERE seq = 6", 6),
    ("UPDATE event SET body = replace(body, '7', '8') WHERE seq = 8", 8),
    ("DELETE FROM event WHERE seq = 5", 5),
    ("DELETE FROM event WHERE seq > 7", 8),
    ("UPDATE event SET seq = 100 WHERE seq = 3", 3),
    ("UPDATE event SET station = 'B2' WHERE seq = 10", 10),
    ("UPDATE event SET hash = prev WHERE seq = 2", 2),
    ("INSERT INTO event SELECT NULL, station, 11, event_id, hlc + 1, at_ms, mono_ns, boot, kind, scope, subject,"
     " operator, batch, body, hash, hash FROM event WHERE seq = 10", 11)])
def test_verify_names_the_first_bad_row(tmp_path: Path, edit: str, first_bad: int) -> None:
    journal = create(tmp_path)
    for n in range(10):
        put(journal, str(n % 3), str(n))
    assert journal.verify().count == 10
    with opened_raw(tmp_path) as database:
        database.execute_sql("DROP TRIGGER event_no_update")
        database.execute_sql("DROP TRIGGER event_no_delete")
        database.execute_sql(edit)
    with pytest.raises(BrokenChain) as caught:
        journal.verify()
    assert (caught.value.station, caught.value.seq) == ("A1", first_bad)
    journal.close()


def test_a_cut_tail_is_seen_at_the_next_start_and_stops_the_writer(tmp_path: Path) -> None:
    journal = create(tmp_path)
    for n in range(5):
        put(journal, "a", str(n))
    with opened_raw(tmp_path) as database:
        database.execute_sql("DROP TRIGGER event_no_delete")
        database.execute_sql("DELETE FROM event WHERE seq = 5")
    with pytest.raises(BrokenChain):
        put(journal, "a", "5")
    journal.close()
    with pytest.raises(BrokenChain):
        reopen(tmp_path)


def test_a_tail_cut_with_its_head_is_seen_by_an_anchor_outside(tmp_path: Path) -> None:
    journal = create(tmp_path)
    for n in range(5):
        put(journal, "a", str(n))
    anchor = journal.heads()[0]
    journal.verify(anchor)
    with opened_raw(tmp_path) as database:
        database.execute_sql("DROP TRIGGER event_no_delete")
        database.execute_sql("DELETE FROM event WHERE seq > 3")
        database.execute_sql("UPDATE station SET seq = 3, hash = (SELECT hash FROM event WHERE seq = 3)")
        database.execute_sql("UPDATE kept SET value = json_set(value, '$.values', json('[\"0\",\"1\",\"2\"]'),"
                             " '$.last', 'A1-3'), hlc = (SELECT max(hlc) FROM event)")
    assert journal.verify().count == 3, "the chain alone cannot see it"
    with pytest.raises(BrokenChain) as caught:
        journal.verify(anchor)
    assert caught.value.seq == 4
    put(journal, "a", "other")
    put(journal, "a", "story")
    with pytest.raises(BrokenChain) as caught:
        journal.verify(anchor)
    assert caught.value.seq == 5
    journal.close()


def test_one_bit_flipped_on_the_disk_is_found(tmp_path: Path) -> None:
    journal = create(tmp_path)
    for n in range(200):
        put(journal, str(n), "x" * 300)
    journal.close()
    path = tmp_path / "journal.db"
    whole = path.read_bytes()
    for at in range(4096 + 2000, len(whole), 4096 * 5):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1:])
        with pytest.raises(JournalError, match=r"壊れて"):
            looker = reopen(tmp_path, writing=False)
            try:
                looker.verify()
            finally:
                looker.close()
    path.write_bytes(whole)
    journal = reopen(tmp_path)
    assert journal.verify().count == 200
    journal.close()


def test_derived_tables_that_do_not_follow_are_found_and_rebuilt(tmp_path: Path) -> None:
    journal = create(tmp_path)
    for n in range(5):
        admit(journal, n)
    want = kept_of(journal)
    with opened_raw(tmp_path) as database:
        database.execute_sql("DELETE FROM kept WHERE subject = '000000000000003'")
        database.execute_sql("DELETE FROM claim WHERE seq = 2")
        database.execute_sql("INSERT INTO reversed VALUES('A1', 1, 'A1', 9)")
    with pytest.raises(JournalError, match="くい違って") as caught:
        journal.verify()
    assert "rebuild" in caught.value.hint
    journal.rebuild()
    assert kept_of(journal) == want and journal.verify().count == 5
    journal.close()
