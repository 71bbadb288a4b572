"""Loading, refusing, differing, rolling back: the live register stays whole whatever comes."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from register_ground import CARDS, HEADER, LG_CODE, PEOPLE, SATO, WATANABE, FakeKeys, changed, snapshot

from fixtures import broken
from sanjo_tui.errors import RegisterError
from sanjo_tui.register import shelf, tables
from sanjo_tui.register import snapshot as snapshots
from sanjo_tui.register.lookup import Register
from sanjo_tui.register.people import SnapshotInfo

DIFF = (*HEADER, "change")
NAMES = ["佐藤", "サトウ", "渡邉", "ワタナベ", "旭町", "元町"]


class Ground:
    """A register folder, and snapshots for it."""

    def __init__(self, tmp_path: Path) -> None:
        self.path, self.directory, self.keys = tmp_path, tmp_path / "register", FakeKeys()

    def load(self, folder: Path, **options: object) -> SnapshotInfo:
        return snapshots.load(folder, self.directory, self.keys, lg_code=LG_CODE, **options)  # type: ignore[arg-type]

    def make(self, name: str, sequence: int, people: object = PEOPLE, **options: object) -> Path:
        return snapshot(self.path / name, people, sequence=sequence, **options)  # type: ignore[arg-type]

    def people(self) -> list[str]:
        register = Register.open(self.directory, self.keys)
        try:
            return sorted(resident.addressee_no for resident in register.everyone())
        finally:
            register.close()

    def files(self) -> set[str]:
        return {path.name for path in self.directory.iterdir() if not path.name.startswith(".current")}


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def test_a_load_switches(ground: Ground) -> None:
    info = ground.load(ground.make("s1", 1))
    assert (info.snapshot_id, info.people, info.households, info.cards, info.fictitious) == ("s1", 5, 2, 2, True)
    assert ground.files() == {"s1.db", "current"}
    assert (ground.directory / "current").read_text().strip() == "s1"
    assert ground.people() == ["10000001", "10000002", "10000003", "10000011", "10000012"]


def test_nothing_is_readable_on_the_disk(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    for path in ground.directory.rglob("*"):
        data = path.read_bytes()
        for name in NAMES:
            for codec in ("utf-8", "utf-16-le", "cp932"):
                assert name.encode(codec) not in data
    assert not tables.is_plaintext(ground.directory / "s1.db")
    assert (ground.directory / "s1.db").stat().st_mode & 0o077 == 0


def test_the_register_has_no_journal_beside_it(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    database = tables.open_for_reading(ground.directory / "s1.db", shelf.key_of(ground.keys, "s1"))
    assert database.execute_sql("PRAGMA journal_mode").fetchone()[0] != "wal"
    with pytest.raises(Exception, match="readonly"):
        database.execute_sql("DELETE FROM resident")
    database.close_all()


@pytest.mark.parametrize("key", [b"", b"x" * 31, b"x" * 33])
def test_a_key_of_another_length_is_refused(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(RegisterError):
        tables.RegisterDatabase(tmp_path / "a.db", key, read_only=False)
    assert not (tmp_path / "a.db").exists()


def test_another_key_or_a_damaged_file_is_a_sentence(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    ground.load(ground.make("s1", 1))
    path = ground.directory / "s1.db"
    with pytest.raises(RegisterError):
        tables.open_for_reading(path, b"k" * 32)
    path.write_bytes(b"\x00" * path.stat().st_size)
    with pytest.raises(RegisterError):
        Register.open(ground.directory, ground.keys)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", sorted(broken.BROKEN))
def test_a_broken_snapshot_leaves_the_live_one(tmp_path: Path, name: str) -> None:
    directory, keys = tmp_path / "register", FakeKeys()
    snapshots.load(broken.good(tmp_path / "good"), directory, keys, lg_code="999997")
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    folder = broken.break_snapshot(name, tmp_path / name)
    for yes in (False, True) if name != "two-per-cent-gone" else (False,):
        with pytest.raises(RegisterError) as caught:
            snapshots.load(folder, directory, keys, lg_code="999997", yes=yes)
        assert caught.value.message and caught.value.hint
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == before
    if name == "two-per-cent-gone":
        assert snapshots.load(folder, directory, keys, lg_code="999997", yes=True).people == 313


def test_a_refusal_names_line_and_column(ground: Ground) -> None:
    with pytest.raises(snapshots.Refused) as caught:
        ground.load(ground.make("s1", 1, [changed(SATO[0], birth_date="x"), *SATO[1:]]))
    assert "residents.csv 2行目 birth_date" in caught.value.message
    assert ground.files() == set() if ground.directory.exists() else True


def test_another_town_is_refused(ground: Ground) -> None:
    with pytest.raises(RegisterError, match="ほかの市区町村"):
        ground.load(ground.make("s1", 1, lg_code="152021"), yes=True)


def test_older_and_equal_sequences_are_refused(ground: Ground) -> None:
    ground.load(ground.make("s5", 5))
    for name, sequence in (("s4", 4), ("s5b", 5)):
        with pytest.raises(RegisterError, match="新しくありません"):
            ground.load(ground.make(name, sequence), yes=True)
    with pytest.raises(RegisterError, match="使用中"):
        ground.load(ground.path / "s5")


def test_the_highest_sequence_is_remembered_over_a_rollback(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    ground.load(ground.make("s7", 7))
    snapshots.rollback(ground.directory, ground.keys)
    with pytest.raises(RegisterError, match="新しくありません"):
        ground.load(ground.make("s6", 6))
    assert ground.load(ground.path / "s7").snapshot_id == "s7"  # back again: only switched
    assert ground.load(ground.make("s8", 8)).previous == "s7"


def test_a_used_id_with_other_content_is_refused(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    ground.load(ground.make("s2", 2))
    with pytest.raises(RegisterError, match="別のデータ"):
        ground.load(ground.make("s1", 3))


def test_surprising_losses_need_yes(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    fewer = ground.make("s2", 2, PEOPLE[:4])
    with pytest.raises(RegisterError, match="5 人のうち 1 人"):
        ground.load(fewer)
    assert ground.people()[-1] == "10000012"
    assert ground.load(fewer, yes=True).people == 4
    moved = [changed(row, resident_status="2") for row in WATANABE[:1]]
    ground.load(ground.make("s3", 3, [*SATO, *moved, changed(WATANABE[1], rel1="02", resident_status="1")]))


def test_losses_by_percent() -> None:
    calm = snapshots.Losses(people=10_000, vanished=100, ended=20, households=4_000, gone=40)
    assert not calm.surprising(1.0)
    assert replace(calm, vanished=101).surprising(1.0) and replace(calm, gone=41).surprising(1.0)
    assert replace(calm, ended=1_001).surprising(1.0) and not replace(calm, ended=1_000).surprising(1.0)
    assert not replace(calm, vanished=150).surprising(2.0)


def test_an_empty_register_is_refused(ground: Ground) -> None:
    with pytest.raises(RegisterError, match="一人もいない"):
        ground.load(ground.make("s1", 1, (), cards=()), yes=True)


def test_three_are_kept_and_the_pinned(ground: Ground) -> None:
    for number in range(1, 7):
        ground.load(ground.make(f"s{number}", number), pinned=("s2",))
    assert ground.files() == {"s2.db", "s4.db", "s5.db", "s6.db", "current"}


def test_rollback_goes_back_step_by_step(ground: Ground) -> None:
    with pytest.raises(RegisterError, match="まだ読み込まれて"):
        snapshots.rollback(ground.directory, ground.keys)
    for number in (1, 2, 3):
        ground.load(ground.make(f"s{number}", number))
    assert snapshots.rollback(ground.directory, ground.keys).snapshot_id == "s2"
    assert snapshots.rollback(ground.directory, ground.keys).snapshot_id == "s1"
    with pytest.raises(RegisterError, match="戻せる前"):
        snapshots.rollback(ground.directory, ground.keys)
    assert (ground.directory / "current").read_text().strip() == "s1"


def test_rollback_leaves_a_damaged_live_one(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    ground.load(ground.make("s2", 2))
    (ground.directory / "s2.db").write_bytes(b"broken")
    assert snapshots.rollback(ground.directory, ground.keys).snapshot_id == "s1"


def test_a_desk_notices_the_switch(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    register = Register.open(ground.directory, ground.keys)
    assert not register.refresh()
    reading = register.everyone()
    next(reading)
    ground.load(ground.make("s2", 2, PEOPLE[:4]), yes=True)
    assert register.info.snapshot_id == "s1" and register.refresh() and register.info.snapshot_id == "s2"
    assert len(list(reading)) == 4  # the old one is read to its end
    assert register.resident("10000012") is None
    register.close()


def diff(ground: Ground, name: str, sequence: int, base: str, rows: object, **options: object) -> Path:
    return ground.make(name, sequence, rows, kind="diff", base_snapshot=base, header=DIFF,
                       **{"cards": None, **options})


def test_a_diff_adds_updates_and_deletes(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    new = changed(SATO[2], addressee_no="10000004", order_in_household="4", name="佐藤　三郎",
                  name_kana="サトウ　サブロウ")
    gone = ("10000012", *[""] * (len(HEADER) - 1), "delete")
    folder = diff(ground, "s2", 2, "s1", [(*new, "add"), (*changed(SATO[1], name="山本　花子"), "update"), gone],
                  cards=[("10000004", "0000000000041", "", "1")])
    with pytest.raises(RegisterError, match="1 人"):
        ground.load(folder)
    info = ground.load(folder, yes=True)
    assert (info.kind, info.people, info.previous) == ("diff", 5, "s1")
    register = Register.open(ground.directory, ground.keys)
    assert [hit.resident.name for hit in register.search("サブロウ").hits] == ["佐藤　三郎"]
    assert [hit.resident.name for hit in register.search("山本").hits] == ["山本　花子"]
    assert register.search("シヅ").hits == () and register.resident("10000012") is None
    for card in ("0000000000041", "0000000000021"):
        assert register.by_user_id(card) is not None
    register.close()


@pytest.mark.parametrize(("sequence", "base"), [(2, "s0"), (3, "s1"), (1, "s1")])
def test_a_diff_needs_its_base_and_the_next_sequence(ground: Ground, sequence: int, base: str) -> None:
    ground.load(ground.make("s1", 1))
    with pytest.raises(RegisterError):
        ground.load(diff(ground, "s2", sequence, base, [(*SATO[0], "update")]), yes=True)
    assert ground.files() == {"s1.db", "current"}


def test_a_diff_without_any_register_is_refused(ground: Ground) -> None:
    with pytest.raises(RegisterError, match="差分の元"):
        ground.load(diff(ground, "s2", 2, "s1", [(*SATO[0], "update")]))


@pytest.mark.parametrize(("row", "rule"), [
    ((*SATO[0], "add"), "change"), ((*changed(SATO[0], addressee_no="10000099"), "update"), "change"),
    ((*changed(SATO[0], addressee_no="10000099"), "delete"), "change"), ((*SATO[0], "remove"), "code"),
    ((*changed(SATO[0], rel1="11"), "update"), "no_head"),
    (("10000001", *[""] * (len(HEADER) - 1), "delete"), "no_head")])
def test_a_diff_that_does_not_fit_is_refused(ground: Ground, row: tuple[str, ...], rule: str) -> None:
    ground.load(ground.make("s1", 1))
    with pytest.raises(snapshots.Refused) as caught:
        ground.load(diff(ground, "s2", 2, "s1", [row]), yes=True)
    assert rule in {p.rule for p in caught.value.report.errors}


def test_two_loads_at_once_do_not_meet(ground: Ground) -> None:
    """The lock is the system's: a draft that a killed process left is removed by the next load."""
    ground.load(ground.make("s1", 1))
    (ground.directory / ".building-s9-1.db").write_bytes(b"left behind")
    ground.load(ground.make("s2", 2))
    assert ground.files() == {"s1.db", "s2.db", "current"}


KILLED = """
import os, signal, sys
sys.path[:0] = {paths!r}
from pathlib import Path
from register_ground import FakeKeys
from sanjo_tui.register import names, snapshot
def stop(connection):
    connection.execute("COMMIT")
    os.kill(os.getpid(), signal.SIGKILL)
names.build = stop
snapshot.load(Path({folder!r}), Path({directory!r}), FakeKeys(), lg_code="152048")
"""


def test_a_killed_load_leaves_no_plaintext_and_no_switch(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    folder = ground.make("s2", 2)
    code = KILLED.format(paths=[str(Path(__file__).parent.parent), str(Path(__file__).parent)], folder=str(folder),
                         directory=str(ground.directory))
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    left = [path for path in ground.directory.iterdir() if path.name.startswith(".building")]
    assert len(left) == 1 and left[0].stat().st_size
    assert not tables.is_plaintext(left[0])
    assert not any(name.encode() in left[0].read_bytes() for name in NAMES)
    assert (ground.directory / "current").read_text().strip() == "s1"
    ground.load(folder)
    assert ground.files() == {"s1.db", "s2.db", "current"}


def test_a_folder_that_cannot_be_made_is_a_sentence(ground: Ground) -> None:
    ground.directory.write_bytes(b"a file stands in its place")
    with pytest.raises(RegisterError, match="書き込めません"):
        ground.load(ground.make("s1", 1))


def test_a_full_disk_is_a_sentence(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database itself is told to stop growing: the driver's SQLITE_FULL is the real one."""
    from sanjo_tui.register.build import Builder

    ground.load(ground.make("s1", 1))
    fill = Builder.fill

    def small(self: Builder, base: tuple[Path, str] | None = None) -> None:
        self.connection.execute("PRAGMA max_page_count = 12")
        fill(self, base)

    monkeypatch.setattr(Builder, "fill", small)
    with pytest.raises(RegisterError, match="書き込めません"):
        ground.load(ground.make("s2", 2))
    assert ground.files() == {"s1.db", "current"}


def test_a_card_survives_in_full_snapshots_only_when_delivered(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    ground.load(ground.make("s2", 2, cards=CARDS[:1]))
    register = Register.open(ground.directory, ground.keys)
    assert register.by_user_id(CARDS[0][1]) is not None and register.by_user_id(CARDS[1][1]) is None
    register.close()


def test_damage_met_while_reading_is_a_sentence(ground: Ground) -> None:
    ground.load(ground.make("s1", 1))
    path = ground.directory / "s1.db"
    data = bytearray(path.read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 + 100] ^= 1
    path.write_bytes(data)
    with pytest.raises(RegisterError):
        register = Register.open(ground.directory, ground.keys)
        list(register.everyone())
        register.search("佐藤")


def test_a_file_of_another_form_asks_to_be_loaded_again(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "FORMAT", 0)
    ground.load(ground.make("s1", 1))
    with pytest.raises(RegisterError, match="この版では読めない"):
        Register.open(ground.directory, ground.keys)
    monkeypatch.undo()
    ground.load(ground.make("s2", 2))
    assert len(ground.people()) == 5
