"""Houses and surveys as data: one form for an address, checks with file and line, switching, pins, losses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import certificate as made
from sanjo_tui.errors import RegisterError
from sanjo_tui.register.houses import address, snapshot
from sanjo_tui.register.houses.lookup import Houses, Surveys
from tests.certificate_ground import SAMPLE, sample_rows, surveys_folder
from tests.desk import desk as make_desk

KANJI = "〇一二三四五六七八九"


# --- addresses


@given(st.sampled_from(["旭町", "一ノ門", "四日町", "大字下田字前田", "髙岡", "牛ケ島"]), st.integers(1, 9),
       st.integers(1, 60), st.integers(1, 60))
def test_every_spelling_of_one_address_has_one_key(town, chome, block, number):
    plain = address.place(town, f"{chome}丁目{block}番{number}号")
    assert plain.numbers == (str(chome), str(block), str(number))
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for lot in (f"{chome}-{block}-{number}", f"{KANJI[chome]}丁目{block}-{number}",
                f"{chome}丁目{block}番地の{number}".translate(wide), f"{chome}ー{block}－{number}",
                f"{chome}丁目 {block}番 {number}号"):
        assert address.place(town, lot).key == plain.key
        assert address.place("", town + lot).key == plain.key
    assert address.place(f"{town}{KANJI[chome]}丁目", f"{block}-{number}").key == plain.key


@pytest.mark.parametrize(("one", "other"), [
    ("大字下田字前田123番地4", "下田前田123-4"), ("一之門2丁目3番", "一ノ門2-3"), ("牛ヶ島5", "牛ケ島5番地"),
    ("髙岡12番地", "高岡12"), ("旭町百二十三番地", "旭町123"), ("旭町123番地イ", "旭町123イ")])
def test_known_pairs_agree(one, other):
    assert address.place("", one).key == address.place("", other).key != ""


@pytest.mark.parametrize(("one", "other"), [
    ("旭町1丁目23番", "旭町12丁目3番"), ("旭町1-2-3", "旭町1-2-4"), ("旭町1-23", "旭町1-2-3"), ("北旭町1", "旭町1"),
    ("旭町123番地イ", "旭町123番地ロ")])
def test_other_places_stay_apart(one, other):
    assert address.place("", one).key != address.place("", other).key


def test_a_building_behind_the_numbers_is_not_part_of_the_address():
    found = address.place("旭町", "1-2-3コーポ旭201号")
    assert found.numbers == ("1", "2", "3") and address.room(found.rest) == "201"
    rooms = [address.room(one) for one in ("旭荘", "旭荘　１０２号室", "ハイツB-3", "コーポ203号")]
    assert rooms == ["", "102", "B-3", "203"]


# --- loading


def change(folder: Path, out: Path, old: str, new: str) -> Path:
    """A copy of a folder with something changed in its data, its manifest mended."""
    import hashlib
    import re

    out.mkdir()
    (data_file,) = folder.glob("*.csv")
    text = data_file.read_text(encoding="utf-8")
    assert old in text
    data = text.replace(old, new, 1).encode()
    (out / data_file.name).write_bytes(data)
    manifest = (folder / "manifest.toml").read_text(encoding="utf-8")
    manifest = re.sub('sha256 = "[0-9a-f]+"', f'sha256 = "{hashlib.sha256(data).hexdigest()}"', manifest)
    (out / "manifest.toml").write_text(manifest, encoding="utf-8")
    return out


def test_the_samples_are_in_order():
    for name in ("houses", "surveys"):
        report = snapshot.check(SAMPLE / name)
        assert report.ok and not report.warnings and report.records > 90


@pytest.mark.parametrize(("name", "old", "new", "rule"), [
    ("houses", "house_id,town", "house_no,town", "required"), ("houses", "H000002,", "H000001,", "duplicate"),
    ("houses", "1990-04-01", "1990-13-01", "date"), ("houses", "37.594949", "137.594949", "number"),
    ("surveys", "S000002", "S000001", "duplicate"), ("surveys", "全壊", "ぜんかい", "code"),
    ("surveys", ",55,", ",155,", "number"), ("surveys", "H000001,,1,", "H000001,,4,", "code"),
    ("surveys", "stage,", "step,", "required")])
def test_a_fault_refuses_the_folder_and_names_its_line(tmp_path, name, old, new, rule):
    report = snapshot.check(change(SAMPLE / name, tmp_path / "changed", old, new))
    assert not report.ok and rule in {problem.rule for problem in report.errors}
    assert all(problem.line >= 1 for problem in report.errors)


def test_the_same_stage_twice_is_an_error(tmp_path):
    rows = sample_rows()
    report = snapshot.check(surveys_folder(tmp_path / "two", [rows[0], {**rows[0], "survey_no": "S999999"}], 2))
    assert [problem.rule for problem in report.errors] == ["duplicate"] and "段階" in report.errors[0].message


def test_an_unknown_column_is_reported_and_dropped(tmp_path):
    report = snapshot.check(change(SAMPLE / "houses", tmp_path / "more", "map_sheet", "colour"))
    assert report.ok and "houses.csv: colour" in report.dropped


def test_houses_are_loaded_kept_while_pinned_and_never_lost_unasked(tmp_path):
    desk = make_desk(tmp_path / "home")
    home, keys = desk.station.home, desk.keys
    first = snapshot.load(SAMPLE / "houses", home, keys, lg_code="999997")
    assert first.records == 191 and not (home / "houses" / f"{first.snapshot_id}.db").read_bytes().startswith(b"SQLite")
    town = made.build(made.living(made.DEMO))
    for sequence in range(2, 7):
        made.write_houses(tmp_path / str(sequence), town, made.dt.date(2026, 11, 20), sequence)
        snapshot.load(tmp_path / str(sequence), home, keys, lg_code="999997", pinned=(first.snapshot_id,))
    assert Houses.open_at(home, keys, first.snapshot_id).house("H000001") is not None
    assert len(list((home / "houses").glob("*.db"))) == 4
    town.houses = town.houses[:100]
    made.write_houses(tmp_path / "small", town, made.dt.date(2026, 11, 20), 9)
    with pytest.raises(RegisterError, match="新しいデータにありません"):
        snapshot.load(tmp_path / "small", home, keys, lg_code="999997")
    assert snapshot.load(tmp_path / "small", home, keys, lg_code="999997", yes=True).records == 100
    with pytest.raises(RegisterError, match="通番"):
        made.write_houses(tmp_path / "old", town, made.dt.date(2026, 11, 20), 8)
        snapshot.load(tmp_path / "old", home, keys, lg_code="999997", yes=True)
    with pytest.raises(RegisterError, match="ほかの市区町村"):
        snapshot.load(SAMPLE / "surveys", home, keys, lg_code="152048")
    desk.close()


def test_houses_and_surveys_are_found(tmp_path):
    desk = make_desk(tmp_path / "home")
    home, keys = desk.station.home, desk.keys
    for name in ("houses", "surveys"):
        snapshot.load(SAMPLE / name, home, keys, lg_code="999997")
    houses, surveys = Houses.open(home, keys), Surveys.open(home, keys)
    assert houses is not None and surveys is not None
    one = houses.house("H000001")
    assert one is not None and one in houses.search("旭町一丁目2-3") and one in houses.search("H000001")
    assert one in houses.search(f"旭町{one.parcel_no}") and one in houses.of_sheet(one.map_sheet)
    assert one in houses.search("旭町") and houses.search("どこにもない町9-9-9") == ()
    assert surveys.of_house("20261120", "H000001")[0].grade == "全壊" and surveys.of_house("other", "H000001") == ()
    houses.close()
    surveys.close()
    desk.close()


def test_the_generator_gives_the_committed_bytes(tmp_path):
    made.main(["--out", str(tmp_path)])
    for name in ("houses/houses.csv", "houses/manifest.toml", "surveys/surveys.csv", "surveys/manifest.toml"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes()
