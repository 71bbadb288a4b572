"""Copies on a second medium, bringing one back on a spare laptop, and exports for other stations."""

from __future__ import annotations

import json
import tomllib
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sanjo_tui import station as stations
from sanjo_tui.errors import JournalError, VaultError
from sanjo_tui.journal import backup, copies, exports, restore
from sanjo_tui.journal.backup import Outcome, back_up
from sanjo_tui.journal.events import Restored
from sanjo_tui.journal.writer import Journal
from sanjo_tui.receptions.shelter.state import PEOPLE
from sanjo_tui.station import Station
from sanjo_tui.vault import Vault
from sanjo_tui.vault.slots import Cost
from tests.journal_ground import ADDRESS, KANA, LEDGERS, LOOSE, NAME, admit, create, files_of, kept_of, put

SECRET = "避難所の合言葉"


class Desk:
    """A live station with a passphrase, some receptions, and a folder that stands for the second medium."""

    def __init__(self, root: Path) -> None:
        self.home, self.stick = root / "home", root / "stick"
        self.home.mkdir()
        self.stick.mkdir()
        vault, self.phrase = Vault.create(self.home / "vault.toml", SECRET, cost=Cost(64, 1, 1))
        self.keys = vault.unlock(SECRET)
        self.station = Station(home=self.home, lg_code="152048", municipality="三条市", code="A1", place="嵐南小学校",
                               backup_dir=str(self.stick))
        stations.write(self.station)
        self.journal = Journal.create(self.station.journal, self.keys, "A1", LEDGERS, LOOSE, reserve_mb=0)
        self.keys.make_scope_key("E1")
        for n in range(1, 4):
            admit(self.journal, n)

    def copies(self) -> list[str]:
        return sorted(path.name for path in self.stick.iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.journal.close()


def bring_back(file: Path, home: Path, secret: str = SECRET, code: str = "") -> restore.Return:
    return restore.restore(file, home, secret, LEDGERS, LOOSE, code=code)


def reopened(home: Path, secret: str = SECRET) -> Journal:
    station = stations.read(home)
    keys = Vault.open(station.vault).unlock(secret)
    return Journal.open(station.journal, keys, station.code, LEDGERS, LOOSE, reserve_mb=0)


def test_a_copy_is_one_whole_sealed_file(desk: Desk) -> None:
    state = back_up(desk.journal, desk.station)
    assert state.outcome is Outcome.DONE and state.seq == 3 and state.file is not None
    assert desk.copies() == [state.file.name]
    copy = copies.read(state.file)
    assert copy.heads == desk.journal.heads() and copy.scopes == ("E1",) and copy.is_by(desk.keys)
    copies.check(copy)
    with zipfile.ZipFile(state.file) as archive:
        assert set(archive.namelist()) == {"journal.db", "vault.toml", "station.toml", "manifest.toml", "manifest.mac"}
        for name in archive.namelist():
            for word in (NAME, KANA, ADDRESS):
                assert word.encode() not in archive.read(name)


def test_nothing_new_is_no_new_copy_and_the_desk_goes_on_meanwhile(desk: Desk) -> None:
    first = back_up(desk.journal, desk.station)
    again = back_up(desk.journal, desk.station)
    assert again.outcome is Outcome.UNCHANGED and again.file == first.file
    admit(desk.journal, 9)
    assert back_up(desk.journal, desk.station).outcome is Outcome.DONE
    desk.keys.make_scope_key("E2")
    assert back_up(desk.journal, desk.station).outcome is Outcome.DONE, "the keys are part of the copy"
    assert len(desk.copies()) == 3


def test_two_rounds_at_once_do_not_disturb_each_other(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = [state.outcome for state in pool.map(lambda _: back_up(desk.journal, desk.station), range(4))]
    assert sorted(outcomes) == [Outcome.DONE, *[Outcome.UNCHANGED] * 3] and len(desk.copies()) == 1


def test_the_last_few_are_kept(desk: Desk) -> None:
    for n in range(10, 18):
        admit(desk.journal, n)
        newest = back_up(desk.journal, desk.station)
    assert len(desk.copies()) == backup.KEEP and newest.file is not None
    assert newest.file.name in desk.copies() and newest.seq == 11


def test_copies_that_could_open_a_destroyed_episode_go(desk: Desk) -> None:
    back_up(desk.journal, desk.station)
    put(desk.journal, "a", "1")
    back_up(desk.journal, desk.station)
    desk.keys.destroy_scope_key("E1")
    desk.journal.forget("E1")
    newest = back_up(desk.journal, desk.station)
    assert newest.file is not None and desk.copies() == [newest.file.name]
    assert copies.read(newest.file).scopes == ()


def test_without_a_medium_nothing_happens(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert back_up(desk.journal, desk.station, tmp_path / "gone").outcome is Outcome.ABSENT
    assert not (tmp_path / "gone").exists()
    monkeypatch.setattr(backup, "_MEDIA", (str(tmp_path),))
    state = back_up(desk.journal, desk.station)
    assert state.outcome is Outcome.ABSENT and state.sentence, "an empty mount point is not a medium"
    assert desk.copies() == []


def test_a_station_without_a_medium_is_not_nagged(desk: Desk) -> None:
    import dataclasses

    assert back_up(desk.journal, dataclasses.replace(desk.station, backup_dir="")).outcome is Outcome.OFF


def test_the_home_is_no_second_medium(desk: Desk) -> None:
    with pytest.raises(JournalError, match="中には"):
        back_up(desk.journal, desk.station, desk.home / "copies")
    with pytest.raises(JournalError, match="中には"):
        exports.write(desk.journal, desk.home / "exports")
    assert back_up(desk.journal, desk.station).same_disk


def test_a_medium_that_breaks_leaves_no_half_copy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(desk.journal, desk.station)
    before = desk.copies()
    put(desk.journal, "a", "1")

    def torn(copy: copies.Copy) -> None:
        raise OSError(5, "Input/output error")
    monkeypatch.setattr(copies, "check", torn)
    with pytest.raises(JournalError, match="控え先に書けません"):
        back_up(desk.journal, desk.station)
    assert desk.copies() == before
    (desk.stick / ".A1-20260101-000000.sanjo.part").write_bytes(b"left by a kill")
    monkeypatch.undo()
    back_up(desk.journal, desk.station)
    assert len(desk.copies()) == 2


def test_a_spare_laptop_goes_on_under_a_code_of_its_own(desk: Desk, tmp_path: Path) -> None:
    state = back_up(desk.journal, desk.station)
    assert state.file is not None
    before = kept_of(desk.journal)
    lost = admit(desk.journal, 50)                      # after the copy: only the lost laptop has it
    spare = tmp_path / "spare"
    back = bring_back(state.file, spare)
    assert back.events == 3 and back.formerly == "A1" and back.station.code != "A1"
    assert sorted(p.name for p in spare.iterdir() if not p.name.startswith(".")) == [
        "journal.db", "station.toml", "vault.toml"]
    assert stations.read(spare) == back.station and back.station.shelter == "A1", "still the same shelter"
    journal = reopened(spare)
    assert kept_of(journal) == before
    assert journal.codes() == (back.station.code, "A1")
    with journal.view() as view:
        last = view.last()
        assert last is not None and isinstance(last.event, Restored)
        assert (last.station, last.seq) == (back.station.code, 1)
        assert (last.event.from_station, last.event.from_seq) == ("A1", 3)
    here = admit(journal, 51)
    assert here.number == f"{back.station.code}-2" and here.hlc > last.hlc
    assert journal.verify().count == 5

    with desk.journal.view() as view:                   # the lost laptop is found: what it has beyond joins behind
        rows = list(view.rows())
    assert journal.absorb(rows, None) == 1
    with journal.view() as view:
        assert view.event("A1", lost.seq) is not None and view.record_of(PEOPLE, "E1", lost.event.subject)
    assert journal.verify().count == 6
    journal.close()


def test_the_recovery_phrase_opens_a_copy_and_the_old_code_may_be_kept(desk: Desk, tmp_path: Path) -> None:
    state = back_up(desk.journal, desk.station)
    assert state.file is not None
    back = bring_back(state.file, tmp_path / "spare", desk.phrase.lower().replace("-", " "), code="A1")
    assert back.station.code == "A1"
    journal = reopened(tmp_path / "spare")
    assert admit(journal, 9).seq == 5
    assert journal.verify().count == 5
    journal.close()


def test_a_drill_comes_back_without_a_secret(tmp_path: Path) -> None:
    home, stick = tmp_path / "home", tmp_path / "stick"
    home.mkdir()
    stick.mkdir()
    station = Station(home=home, lg_code="152048", municipality="三条市", code="A1", place="嵐南", drill=True)
    stations.write(station)
    journal = create(home)
    put(journal, "a", "1")
    state = back_up(journal, station, stick)
    journal.close()
    assert state.file is not None and restore.is_drill(state.file)
    assert bring_back(state.file, tmp_path / "spare", "").station.drill


def test_a_home_that_holds_anything_is_refused_and_untouched(desk: Desk, tmp_path: Path) -> None:
    state = back_up(desk.journal, desk.station)
    assert state.file is not None
    for name in ("station.toml", "vault.toml", "journal.db"):
        spare = tmp_path / f"spare-{name}"
        spare.mkdir()
        (spare / name).write_text("something")
        with pytest.raises(JournalError, match="すでに"):
            bring_back(state.file, spare)
        assert files_of(spare) == {name: b"something"}


@pytest.mark.parametrize("secret", ["wrong", "0000-0000-0000-0000-0000-0000-0000-0000"])
def test_a_wrong_secret_brings_nothing_back(desk: Desk, tmp_path: Path, secret: str) -> None:
    state = back_up(desk.journal, desk.station)
    assert state.file is not None
    with pytest.raises(VaultError):
        bring_back(state.file, tmp_path / "spare", secret)
    assert not (tmp_path / "spare").exists()


def rewritten(file: Path, target: Path, change: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
    return target


def test_a_broken_copy_is_refused(desk: Desk, tmp_path: Path) -> None:
    state = back_up(desk.journal, desk.station)
    assert state.file is not None
    whole = state.file.read_bytes()
    with zipfile.ZipFile(state.file) as archive:
        database, manifest = archive.read("journal.db"), archive.read("manifest.toml")
    bad = tmp_path / "bad.sanjo"
    flipped = bytearray(database)
    flipped[5000] ^= 1
    cases = {
        "empty": b"", "cut": whole[: len(whole) // 2], "text": b"hello" * 100,
        "flipped": rewritten(state.file, bad, {"journal.db": bytes(flipped)}).read_bytes(),
        "short": rewritten(state.file, bad, {"journal.db": database[:-4096]}).read_bytes(),
        "long": rewritten(state.file, bad, {"journal.db": database + b"x"}).read_bytes(),
        "edited": rewritten(state.file, bad, {"manifest.toml": manifest.replace(b"seq = 3", b"seq = 2")}).read_bytes(),
        "station": rewritten(state.file, bad, {"station.toml": b"code = 1"}).read_bytes(),
        "newer": rewritten(state.file, bad, {"manifest.toml": b"format = 9"}).read_bytes()}
    for name, data in cases.items():
        bad.write_bytes(data)
        with pytest.raises(JournalError, match=r"壊れて|新しい版"):
            bring_back(bad, tmp_path / "spare")
        assert not (tmp_path / "spare").exists(), name
    with pytest.raises(JournalError, match="ありません"):
        bring_back(tmp_path / "none.sanjo", tmp_path / "spare")


def test_a_code_that_no_station_can_have_is_refused(desk: Desk, tmp_path: Path) -> None:
    state = back_up(desk.journal, desk.station)
    assert state.file is not None
    with pytest.raises(Exception, match="code"):
        bring_back(state.file, tmp_path / "spare", code="だめ")
    assert not (tmp_path / "spare").exists()


def test_the_newest_copy_is_an_anchor_for_verify(desk: Desk) -> None:
    assert backup.newest_head(desk.journal, desk.station) is None
    back_up(desk.journal, desk.station)
    head = backup.newest_head(desk.journal, desk.station)
    assert head == desk.journal.heads()[0]
    put(desk.journal, "a", "1")
    assert desk.journal.verify(head).count == 4


# --- exports


def test_an_export_is_sealed_describes_itself_and_opens_with_the_stations_secret(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "deep"
    done, = exports.write(desk.journal, folder)
    assert (done.station, done.from_seq, done.to_seq) == ("A1", 1, 3)
    manifest = tomllib.loads(done.path.with_suffix(".toml").read_text())
    assert manifest["last"] == desk.journal.heads()[0].hash.hex() and manifest["sha256"] == done.sha256
    for data in files_of(folder).values():
        for word in (NAME, KANA, ADDRESS, f"{1:015d}"):
            assert word.encode() not in data and json.dumps(word).strip('"').encode() not in data
    for secret in (SECRET, desk.phrase):
        bundle = exports.read(done.path, secret)
        with desk.journal.view() as view:
            assert list(bundle.rows) == list(view.rows())
    with pytest.raises(VaultError):
        exports.read(done.path, "wrong")


def test_another_station_takes_an_export_in_once(desk: Desk, tmp_path: Path) -> None:
    done, = exports.write(desk.journal, tmp_path / "out")
    bundle = exports.read(done.path, SECRET)
    other = tmp_path / "other"
    other.mkdir()
    journal = create(other, "B2")
    journal.keys.make_scope_key("E1")
    admit(journal, 2)
    assert journal.absorb(bundle.rows, bundle.chain_key, bundle.scope_keys) == 3
    assert journal.absorb(bundle.rows, bundle.chain_key, bundle.scope_keys) == 0
    with journal.view() as view:
        assert [p.seen.name for p in view.records(PEOPLE, "E1")] == [NAME] * 3
    assert journal.verify().count == 4
    journal.keys.destroy_scope_key("E1")
    journal.forget("E1")
    assert journal.verify().destroyed == 4
    journal.close()


def test_a_changed_export_does_not_open(desk: Desk, tmp_path: Path) -> None:
    for n in range(100, 120):
        admit(desk.journal, n)
    done, = exports.write(desk.journal, tmp_path / "out")
    whole = done.path.read_bytes()
    for at in (3, 20, 200, len(whole) // 2, len(whole) - 5):
        done.path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        with pytest.raises((JournalError, VaultError)):
            exports.read(done.path, SECRET)
    for cut in (0, 5, 100, len(whole) // 2, len(whole) - 1):
        done.path.write_bytes(whole[:cut])
        with pytest.raises((JournalError, VaultError)):
            exports.read(done.path, SECRET)


def test_a_restored_station_exports_both_its_chains(desk: Desk, tmp_path: Path) -> None:
    state = back_up(desk.journal, desk.station)
    assert state.file is not None
    back = bring_back(state.file, tmp_path / "spare")
    journal = reopened(tmp_path / "spare")
    done = exports.write(journal, tmp_path / "out")
    assert {(one.station, one.to_seq) for one in done} == {(back.station.code, 1), ("A1", 3)}
    assert all(exports.read(one.path, SECRET).station == one.station for one in done)
    journal.close()


def test_nothing_recorded_is_nothing_exported(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    journal = create(home)
    assert exports.write(journal, tmp_path / "out") == ()
    journal.close()
    with pytest.raises(JournalError):
        exports.read(tmp_path / "none", "x")
