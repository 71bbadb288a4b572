"""避難行動要支援者: loaded beside the register, shown at the shelter, the reason only to those who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk
from sanjo_tui.errors import RegisterError
from sanjo_tui.receptions.shelter.lists import Edition
from sanjo_tui.register import snapshot
from sanjo_tui.register.support import SUPPORT
from sanjo_tui.station import fixtures, write
from tests import desk as desks
from tests.operators_ground import OPERATORS, PIN, SATO
from tests.register_ground import table

HEAD = ("addressee_no", "reason", "phone", "disclosure_consent")
HANAKO = "99900000037"


def folder(place: Path, rows: Iterable[Sequence[str]], *, header: Sequence[str] = HEAD, sequence: int = 1,
           **manifest: object) -> Path:
    import hashlib

    place.mkdir(exist_ok=True)
    listed = [list(row) for row in rows]
    data = table(header, listed).encode()
    (place / "support.csv").write_bytes(data)
    values: dict[str, object] = {"content": "support", "lg_code": "999997", "kind": "full", "as_of": "2026-11-20",
                                 "snapshot_id": f"support-{sequence}", "sequence": sequence, **manifest}
    lines = [f"{name} = {value if isinstance(value, int) else repr(value)}" for name, value in values.items()]
    lines += ["[[files]]", 'name = "support.csv"', 'encoding = "utf-8"', f"records = {len(listed)}",
              f'sha256 = "{hashlib.sha256(data).hexdigest()}"']
    (place / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")
    return place


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = desks.desk(tmp_path / "home")
    snapshot.load(fixtures() / "residents" / "demo", desk.station.register_dir, desk.keys, lg_code="999997")
    desk.refresh_register()
    desk.shelter.open_shelter()
    yield desk
    desk.close()


def load(desk: Desk, place: Path, **options: Any) -> None:
    SUPPORT.load(place, desk.station.home, desk.keys, lg_code="999997", **options)


def line_of(desk: Desk, key: str) -> str:
    look = desk.shelter.look(desk.open_resident(SATO))
    return next(line.note for line in look.members if line.key == key)


def test_who_needs_help_is_shown_before_and_after_admission(desk: Desk, tmp_path: Path) -> None:
    load(desk, folder(tmp_path / "a", [(SATO, "人工呼吸器", "0256-00-0000", "1")]))
    assert line_of(desk, SATO) == "要支援者(人工呼吸器)"
    look = desk.shelter.look(desk.open_resident(SATO))
    desk.shelter.admit(look, (SATO,))
    assert line_of(desk, SATO).endswith("要支援者(人工呼吸器)")
    row = next(row for row in desk.shelter.roster(Edition.STAFF) if "要支援者" in row.needs)
    assert row.needs == "要支援者(人工呼吸器)" and desk.shelter.counts().with_needs == 1
    assert not any("要支援者" in str(row) for row in desk.shelter.roster(Edition.POSTING))
    person = desk.shelter.presences()[SATO]
    assert desk.shelter.paper("handover", household=person.household).content.people[0].evac_support


def test_the_reason_is_for_those_who_may_see_lists_or_with_consent(desk: Desk, tmp_path: Path) -> None:
    members = [line.key for line in desk.shelter.look(desk.open_resident(SATO)).members]
    load(desk, folder(tmp_path / "a", [(members[0], "透析", "", "0"), (members[1], "車椅子", "", "1")]))
    desk.keys.set_operators(OPERATORS)
    desk.sign_on("V01", PIN)
    assert line_of(desk, members[0]) == "要支援者" and line_of(desk, members[1]) == "要支援者(車椅子)"
    desk.sign_on("J01", PIN)
    assert line_of(desk, members[0]) == "要支援者(透析)"


def test_a_new_list_counts_at_once_and_a_broken_one_stops_nobody(desk: Desk, tmp_path: Path) -> None:
    load(desk, folder(tmp_path / "a", [(SATO, "透析", "", "1")]))
    assert line_of(desk, SATO)
    load(desk, folder(tmp_path / "b", [("99900000100", "視覚", "", "1")], sequence=2), yes=True)
    assert line_of(desk, SATO) == ""
    file = SUPPORT.directory(desk.station.home) / "support-2.db"
    file.write_bytes(b"\0" * 4096)
    desk.shelter._support = None, {}
    look = desk.shelter.look(desk.open_resident(SATO))
    assert desk.shelter.admit(look, (SATO,)).message == "受付しました"
    from datetime import UTC, datetime

    assert "要支援者名簿を読めません" in desk.header(datetime.now(UTC)).warnings


@pytest.mark.parametrize(("rows", "header", "said"), [
    ([("1x", "透析", "", "1")], HEAD, "宛名番号は 15 桁までの数字です"),
    ([(SATO, "透析", "", "2")], HEAD, "1 か 0"),
    ([(SATO, "透析", "", "1"), (SATO, "視覚", "", "1")], HEAD, "同じものが"),
    ([(SATO, "", "1")], ("addressee_no", "phone", "disclosure_consent"), "必要な列がありません")])
def test_what_is_wrong_is_named_and_nothing_changes(desk: Desk, tmp_path: Path, rows: list[tuple[str, ...]],
                                                    header: tuple[str, ...], said: str) -> None:
    place = folder(tmp_path / "bad", rows, header=header)
    report = SUPPORT.check(place)
    assert not report.ok and any(said in str(error) for error in report.errors)
    with pytest.raises(RegisterError):
        load(desk, place)
    assert desk.shelter.support() == {}


def test_losses_other_towns_and_older_lists_are_refused(desk: Desk, tmp_path: Path) -> None:
    load(desk, folder(tmp_path / "a", [(SATO, "透析", "", "1"), (HANAKO, "視覚", "", "1")], sequence=5))
    with pytest.raises(RegisterError, match="新しいデータにありません"):
        load(desk, folder(tmp_path / "b", [(SATO, "透析", "", "1")], sequence=6))
    with pytest.raises(RegisterError, match="新しくありません"):
        load(desk, folder(tmp_path / "c", [(SATO, "透析", "", "1")], sequence=4))
    with pytest.raises(RegisterError, match="ほかの市区町村"):
        load(desk, folder(tmp_path / "d", [(SATO, "透析", "", "1")], sequence=7, lg_code="152048"))
    load(desk, folder(tmp_path / "b", [(SATO, "透析", "", "1")], sequence=6), yes=True)
    assert set(desk.shelter.support()) == {SATO}


def test_by_the_command_line(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(desk.station)
    home = str(desk.station.home)
    place = folder(tmp_path / "a", [(SATO, "透析", "0256-00-0000", "1")])
    assert main(["--home", home, "shelter", "check", str(place), "--json"]) == 0
    assert '"content": "support"' in capsys.readouterr().out
    assert main(["--home", home, "shelter", "load", str(place)]) == 0
    assert "読み込み、切り替えました" in capsys.readouterr().out
    assert main(["--home", home, "shelter", "load", str(place)]) == 1
    stored = b"".join(path.read_bytes() for path in SUPPORT.directory(desk.station.home).glob("*.db"))
    assert "透析".encode() not in stored and SATO.encode() not in stored
