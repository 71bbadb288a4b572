"""station.toml: read at once or refused with file and key; written whole, never over another."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui import station as stations
from sanjo_tui.errors import StationError
from sanjo_tui.station import Station

GOOD = {"lg_code": "152048", "municipality": "三条市", "code": "A1", "place": "嵐南小学校"}


def station(home: Path, **changes: object) -> Station:
    return stations.build(home, {**GOOD, **changes})


def refused(home: Path, text: str) -> str:
    home.mkdir(exist_ok=True)
    (home / "station.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StationError) as caught:
        stations.read(home)
    assert str(home / "station.toml") in caught.value.message
    assert caught.value.hint
    return caught.value.message


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    one = station(home, receptions=["shelter", "polling"], capacity=300, printer="ipp://printer/ipp", loss_percent=2.5,
                  neighbours=["一ノ木戸小学校"])
    stations.write(one)
    assert stations.read(home) == one
    assert [path.name for path in home.iterdir()] == ["station.toml"]
    assert home.stat().st_mode & 0o077 == 0


def test_lg_code_is_a_quoted_string_in_the_file(tmp_path: Path) -> None:
    stations.write(station(tmp_path / "h"))
    assert 'lg_code = "152048"\n' in (tmp_path / "h" / "station.toml").read_text(encoding="utf-8")


def test_a_station_is_never_overwritten(tmp_path: Path) -> None:
    one = station(tmp_path)
    stations.write(one)
    before = one.toml.read_bytes()
    with pytest.raises(StationError):
        stations.write(replace(one, place="別の場所"))
    assert one.toml.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["station.toml"]


def test_a_medium_without_hard_links_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr("os.link", no_links)
    stations.write(station(tmp_path))
    with pytest.raises(StationError):
        stations.write(station(tmp_path))


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StationError):
        stations.write(station(tmp_path / "file" / "home"))


@pytest.mark.parametrize(("line", "key"), [
    ("lg_code = 152048", "lg_code"), ('lg_code = "15204"', "lg_code"), ('lg_code = "152049"', "lg_code"),
    ('lg_code = "１５２０４８"', "lg_code"), ('lg_code = ""', "lg_code"),
    ("place = 3", "place"), ('place = " "', "place"),
    ('place = "嵐南\\n小学校"', "place"), ('municipality = "123456789018"', "municipality"), ('code = "a-1"', "code"),
    ('code = "ABCDEFGHIJKLM"', "code"), ("capacity = -1", "capacity"), ("capacity = true", "capacity"),
    ('capacity = "300"', "capacity"), ("capacity = 3.5", "capacity"), ("receptions = []", "receptions"),
    ('receptions = "shelter"', "receptions"), ('receptions = ["bath"]', "receptions"),
    ("receptions = [1]", "receptions"),
    ('receptions = ["shelter", "shelter"]', "receptions"), ("drill = 1", "drill"), ("bell = 0", "bell"),
    ("loss_percent = 101", "loss_percent"), ("loss_percent = -0.5", "loss_percent"),
    ("loss_percent = nan", "loss_percent"),
    ("stale_days = 0", "stale_days"), ("stale_days = 40", "very_stale_days"), ("backup_minutes = 0", "backup_minutes"),
    ("built_in_reader = true", "built_in_reader"), ('home = "elsewhere"', "home"), ('colour = "red"', "colour"),
])
def test_every_wrong_value_is_refused_by_name(tmp_path: Path, line: str, key: str) -> None:
    rows = {name: f'{name} = "{value}"' for name, value in GOOD.items()} | {line.split(" =")[0]: line}
    assert f" {key} " in refused(tmp_path, "\n".join(rows.values()))


@pytest.mark.parametrize("key", GOOD)
def test_required_keys_are_missed_by_name(tmp_path: Path, key: str) -> None:
    text = "".join(f'{name} = "{value}"\n' for name, value in GOOD.items() if name != key)
    assert f" {key} がありません" in refused(tmp_path, text)


def test_a_broken_file_is_told_with_its_line(tmp_path: Path) -> None:
    assert "2 行目" in refused(tmp_path, 'lg_code = "152048"\nplace = \n')
    (tmp_path / "station.toml").write_bytes('place = "三条"'.encode("cp932"))
    with pytest.raises(StationError):
        stations.read(tmp_path)


def test_no_station_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StationError) as caught:
        stations.read(tmp_path)
    assert "sanjo-tui init" in caught.value.hint


def test_a_wrong_printer_does_not_keep_the_desk_shut(tmp_path: Path) -> None:
    assert station(tmp_path, printer="lpt1:").printer == "lpt1:"


def test_every_key_is_explained_under_its_field() -> None:
    tree = ast.parse(Path(stations.__file__).read_text(encoding="utf-8"))
    body = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Station").body
    explained = {a.target.id for a, b in pairwise(body)
                 if isinstance(a, ast.AnnAssign) and isinstance(a.target, ast.Name)
                 and isinstance(b, ast.Expr) and isinstance(b.value, ast.Constant) and isinstance(b.value.value, str)}
    assert explained == {f.name for f in fields(Station)}


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30),
       st.integers(0, 10**6), st.lists(st.text(st.characters(codec="utf-8")), max_size=3))
def test_any_name_survives_the_file(tmp_path_factory: pytest.TempPathFactory, place: str, capacity: int,
                                    neighbours: list[str]) -> None:
    home = tmp_path_factory.mktemp("home")
    one = stations.build(home, {**GOOD, "place": "P" + place, "capacity": capacity, "neighbours": neighbours})
    stations.write(one)
    assert stations.read(home) == one


def test_made_up_codes_have_six_unmistakable_letters() -> None:
    codes = {stations.make_code() for _ in range(50)}
    assert len(codes) > 40
    assert all(len(code) == 6 and not set(code) & set("015I8BOSLZ") for code in codes)


# --- where the station is


def test_home_is_what_was_named_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobodys_station: Path) -> None:
    assert stations.find_home(None, drill=False) == nobodys_station / "sanjo-tui"
    assert stations.find_home(None, drill=True) == nobodys_station / "sanjo-tui-drill"
    monkeypatch.setenv("SANJO_HOME", str(tmp_path / "env"))
    assert stations.find_home(None, drill=False) == tmp_path / "env"
    assert stations.find_home(str(tmp_path / "given"), drill=False) == tmp_path / "given"


def test_a_drill_never_shares_a_live_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert stations.find_home(str(home), drill=True) == home
    stations.write(station(home))
    assert stations.find_home(str(home), drill=True) == tmp_path / "home-drill"
    assert stations.find_home(str(home), drill=False) == home


def test_a_drill_home_stays_the_home_of_the_drill(tmp_path: Path) -> None:
    stations.write(station(tmp_path / "home", drill=True))
    assert stations.find_home(str(tmp_path / "home"), drill=True) == tmp_path / "home"


def test_a_station_that_cannot_be_read_counts_as_live(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text("drill = tr")
    assert stations.is_live(tmp_path)
    assert not stations.is_live(tmp_path / "nowhere")


def test_a_relative_home_is_the_same_wherever_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert stations.find_home("here", drill=False) == tmp_path / "here"


def test_fixtures_are_found_in_a_checkout_and_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stations.fixtures() == Path(stations.__file__).parent.parent / "fixtures"
    (tmp_path / "sanjo_tui" / "fixtures").mkdir(parents=True)
    monkeypatch.setattr(stations, "__file__", str(tmp_path / "sanjo_tui" / "station.py"))
    assert stations.fixtures() == tmp_path / "sanjo_tui" / "fixtures"


def test_the_file_holds_every_key_and_no_other(tmp_path: Path) -> None:
    stations.write(station(tmp_path))
    table = tomllib.loads((tmp_path / "station.toml").read_text(encoding="utf-8"))
    assert set(table) == {f.name for f in fields(Station)} - {"home"}
