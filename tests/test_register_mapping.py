"""A town's own export: joins, splits, fixed values and code tables; nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_ground import FakeKeys, raw_snapshot, table

from sanjo_tui.errors import RegisterError
from sanjo_tui.register import mapping
from sanjo_tui.register.lookup import Register
from sanjo_tui.register.snapshot import check, load

HEADER = ("宛名番号", "世帯番号", "氏", "名", "カナ", "生年月日", "性別", "続柄", "状態", "住所", "〒", "メモ")
ROWS = (("10000001", "9001", "佐藤", "太郎", "サトウ タロウ", "3490105", "男", "2", "住民", "旭町　１番地",
         "９５５−００６５", "x"),
        ("10000002", "9001", "佐藤", "花子", "サトウ ハナコ", "S52.7.10", "女", "12", "住民", "旭町　１番地",
         "9550065", ""))
MAPPING = """
[files]
residents = "JUKI001.CSV"
[columns]
addressee_no = "宛名番号"
household_no = "世帯番号"
name = { join = ["氏", "名"], with = "　" }
name_kana = "カナ"
birth_date = "生年月日"
sex_code = { from = "性別", codes = { "男" = "1", "女" = "2" } }
rel1 = "続柄"
resident_status = { from = "状態", codes = { "住民" = "1", "転出" = "2" } }
town = { split = "住所", at = "　", part = 1 }
lot_text = { split = "住所", at = "　", part = 2 }
postal_code = { from = "〒", form = "digits" }
lg_code = { fixed = "152048" }
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return raw_snapshot(tmp_path / "own", {"JUKI001.CSV": (table(HEADER, ROWS).encode("cp932", "replace"), 2)},
                        encoding="cp932")


def written(tmp_path: Path, text: str = MAPPING) -> Path:
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    return tmp_path / "mapping.toml"


def test_an_own_export_becomes_a_register(tmp_path: Path, export: Path) -> None:
    load(export, tmp_path / "register", FakeKeys(), lg_code="152048", mapping=written(tmp_path))
    register = Register.open(tmp_path / "register", FakeKeys())
    person = register.resident("10000001")
    assert person is not None
    assert (person.name, person.sex_code, person.is_head) == ("佐藤　太郎", "1", True)
    assert (person.town, person.lot_text, person.postal_code) == ("旭町", "１番地", "9550065")
    assert person.birth.sort_key == "1974-01-05" and person.birth.raw == "3490105"
    register.close()


def test_a_column_that_the_file_lacks_is_an_error(tmp_path: Path, export: Path) -> None:
    report = check(export, written(tmp_path, MAPPING.replace('"カナ"', '"フリガナ"')))
    assert [(p.line, p.column, p.rule) for p in report.errors] == [(1, "name_kana", "mapping")]


def test_a_value_outside_its_code_table_is_an_error(tmp_path: Path, export: Path) -> None:
    report = check(export, written(tmp_path, MAPPING.replace('"女" = "2"', '"不明" = ""')))
    assert (3, "sex_code", "codes") in [(p.line, p.column, p.rule) for p in report.errors]


def test_a_file_that_the_manifest_lacks_is_an_error(tmp_path: Path, export: Path) -> None:
    report = check(export, written(tmp_path, MAPPING.replace("[files]", '[files]\ncards = "CARDS.CSV"')))
    assert [p.rule for p in report.errors] == ["mapping"]


@pytest.mark.parametrize("text", [
    "[columns", "[people]\nname='x'", "[columns]\nnickname = 'x'", "[columns]\nname = 1", "[columns]\nname = {}",
    "[columns]\nname = { from = 'a', join = ['b'] }", "[columns]\nname = { split = 'a', at = ' ' }",
    "[columns]\nname = { from = 'a', form = 'hex' }", "[columns]\nname = { from = 'a', codes = { x = 1 } }",
    "[columns]\naddressee_no = '個人番号'", "[columns]\nname = { join = 'ab', otherwise = '' }", "columns = 3",
    "[files]\nhouses = 'x'"])
def test_a_wrong_mapping_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RegisterError) as caught:
        mapping.read(written(tmp_path, text))
    assert "mapping.toml" in str(caught.value)


def test_a_missing_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError):
        mapping.read(tmp_path / "none.toml")
