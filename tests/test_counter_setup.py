"""A town's counter as files: the samples are right, and each broken one is refused with file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.receptions.counter import setup
from sanjo_tui.receptions.counter.words import Channel
from sanjo_tui.receptions.lines import lines_of
from sanjo_tui.station import fixtures

FOLDER = fixtures() / "counter"
P = "procedures/tennyu.toml"
F, M = setup.FEES, setup.MAIN


def files() -> dict[str, bytes]:
    return {place.relative_to(FOLDER).as_posix(): place.read_bytes() for place in sorted(FOLDER.rglob("*.toml"))}


def test_the_samples_are_right_and_of_different_shape() -> None:
    found, problems = setup.read(files())
    assert found is not None and not problems and found.sample
    assert len(found.procedures) >= 30 and len({one.dept for one in found.procedures}) >= 8
    assert {one.subject_scope for one in found.procedures} == set(type(found.procedures[0].subject_scope))
    assert any(one.gone for one in found.procedures) and any(one.handwritten for one in found.procedures)
    assert {ask.kind.value for one in found.procedures for ask in one.asks} == {"text", "choice", "date", "number",
                                                                                "yes_no"}


def test_the_version_is_of_the_bytes() -> None:
    first, _ = setup.read(files())
    again, _ = setup.read(dict(reversed(list(files().items()))))
    other, _ = setup.read({**files(), F: files()[F] + b"\n"})
    assert first and again and other and first.version == again.version != other.version


def test_the_fee_of_a_day_is_the_latest_that_has_begun() -> None:
    import datetime as dt

    found, _ = setup.read(files())
    assert found is not None
    before = found.fee("shotoku", Channel.COUNTER, dt.date(2027, 3, 31))
    after = found.fee("shotoku", Channel.COUNTER, dt.date(2027, 4, 1))
    assert before is not None and after is not None and (before.yen, after.yen) == (300, 400)
    assert found.fee("shotoku", Channel.COUNTER, dt.date(2024, 3, 31)) is None
    assert found.fee("inkan_toroku", Channel.KIOSK, dt.date(2026, 11, 25)) is None


def test_three_hundred_procedures_load_and_open() -> None:
    many = {name: data for name, data in files().items() if not name.startswith(setup.FOLDER)}
    one = files()["procedures/setainushi.toml"].decode()
    for n in range(300):
        many[f"procedures/p{n:03}.toml"] = one.replace('code = "setainushi"', f'code = "p{n:03}"').encode()
    found, problems = setup.read(many)
    assert found is not None and not problems and len(found.procedures) == 300


BROKEN = [
    # procedures: file, what is replaced, by what, and the sentence
    (P, 'code = "tennyu"', 'code = "転入"', "形が正しくありません"),
    (P, 'code = "tennyu"', "code = 5", "文字列で書いてください"),
    (P, 'code = "tennyu"\n', "", "書いてください"),
    (P, 'code = "tennyu"', 'code = "tenkyo"', "でも使われています"),
    (P, 'title = "転入届"', 'title = ""', "書いてください"),
    (P, 'title = "転入届"', 'title = "' + "長" * 41 + '"', "40字までです"),
    (P, 'title = "転入届"', 'titel = "転入届"', "知らない名前です"),
    (P, 'kana = "てんにゅうとどけ"', 'kana = "TENNYU"', "形が正しくありません"),
    (P, 'dept = "shimin"', 'dept = "shimim"', "という窓口はありません"),
    (P, 'subject_scope = "household"', 'subject_scope = "family"', "選べる値"),
    (P, 'requester_kinds = ["self", "same_household", "proxy"]', "requester_kinds = []", "一つは書いてください"),
    (P, 'requester_kinds = ["self", "same_household", "proxy"]', 'requester_kinds = ["friend"]', "friend は使えません"),
    (P, 'requester_kinds = ["self", "same_household", "proxy"]', 'requester_kinds = "self"', "[ ] に並べて"),
    (P, 'requester_kinds = ["self", "same_household", "proxy"]', 'requester_kinds = ["self", "self"]', "2回あります"),
    (P, 'template = "moving"', 'template = "movin"', "という様式はありません"),
    (P, 'template = "moving"', 'template = "dog"', "がこの手続にありません"),
    (P, 'template = "moving"', 'template = "moving"\nfee_code = "nothing"', "という手数料はありません"),
    (P, 'template = "moving"', 'template = "moving"\nage_min = 90\nage_max = 10', "age_min より小さい"),
    (P, 'template = "moving"', 'template = "moving"\nage_min = "65"', "整数で書いてください"),
    (P, 'template = "moving"', 'template = "moving"\nage_min = -1', "の整数で書いてください"),
    (P, 'template = "moving"', 'template = "moving"\ngone = "no"', "true か false"),
    (P, 'template = "moving"', 'template = "moving"\nincludes = ["my_number"]', "my_number は使えません"),
    (P, 'template = "moving"', 'template = "moving"\npriority = 1', "知らない名前です"),
    (P, 'template = "moving"', 'template = "moving', "TOML として読めません"),
    (P, 'key = "moved_on"', 'key = "Moved On"', "形が正しくありません"),
    (P, 'key = "new_address"', 'key = "moved_on"', "2回あります"),
    (P, 'kind = "date"', 'kind = "time"', "選べる値"),
    (P, 'kind = "date"', 'kind = "choice"', "一つは書いてください"),
    (P, 'kind = "date"', 'kind = "date"\noptions = ["今日"]', "だけに書けます"),
    (P, 'kind = "date"', 'kind = "choice"\noptions = ["1","2","3","4","5","6","7","8","9","10"]', "9 個まで"),
    (P, 'label = "引っ越した日"\n', "", "書いてください"),
    (P, "longest = 80", "longest = 0", "の整数で書いてください"),
    (P, "longest = 80", "maximum = 80", "知らない名前です"),
    (P, 'code = "kokuho_kanyu"', 'code = "kokuho"', "という手続はありません"),
    (P, 'code = "kokuho_kanyu"', 'code = "tennyu"', "自分の手続は"),
    (P, 'ask = "insured"', 'ask = "insurance"', "という質問はありません"),
    (P, 'answer = "はい"', 'answer = "yes"', "答えにありません"),
    (P, 'answer = "はい"\n', "", "一緒に書いてください"),
    # fees
    (F, "yen = 300", "yen = -300", "の整数で書いてください"),
    (F, "yen = 300", 'yen = "300円"', "整数で書いてください"),
    (F, "yen = 300", "yen = 300.5", "整数で書いてください"),
    (F, "yen = 300\n", "", "書いてください"),
    (F, "card_discount = 100", "card_discount = 400", "割引が手数料より大きい"),
    (F, "valid_from = 2024-04-01", 'valid_from = "2024-04-01"', "引用符なしで"),
    (F, "valid_from = 2024-04-01", "valid_from = 2024-04-01T00:00:00", "引用符なしで"),
    (F, "valid_from = 2024-04-01\n", "", "書いてください"),
    (F, 'channel = "counter"', 'channel = "madoguchi"', "選べる値"),
    (F, 'channel = "kiosk"', 'channel = "counter"', "2回あります"),
    (F, 'code = "juminhyo"', 'code = "住民票"', "形が正しくありません"),
    (F, 'name = "住民票の写し"', 'price = "住民票の写し"', "知らない名前です"),
    (F, "sample = true", "samples = true", "知らない名前です"),
    (F, "[[fees]]", "[fees]", "TOML として読めません"),
    # the counter itself
    (M, 'code = "zeimu"', 'code = "shimin"', "2回あります"),
    (M, "last = 499", "last = 0", "の整数で書いてください"),
    (M, 'source = "date"', 'source = "today"', "は使えません"),
    (M, "first = 500", "first = 900", "first より小さい"),
    (M, 'exemptions = ["生活保護", "公用", "災害"]', 'exemptions = "生活保護"', "[ ] に並べて")]


@pytest.mark.parametrize(("name", "old", "new", "said"), BROKEN, ids=lambda text: str(text)[:24])
def test_a_broken_file_is_refused_with_file_line_and_reason(name: str, old: str, new: str, said: str) -> None:
    given = files()
    text = given[name].decode()
    assert old in text
    given[name] = text.replace(old, new, 1).encode()
    found, problems = setup.read(given)
    assert found is None
    told = [problem for problem in problems if said in problem.message]
    assert told, [str(problem) for problem in problems]
    assert told[0].file == name
    changed = text[:text.index(old)].count("\n") + 1
    assert told[0].line, "every problem of a file that can be read has a line"
    assert "TOML" in said or told[0].line <= changed + 3 or told[0].where in new, (told[0], changed)


def test_fifty_broken_files() -> None:
    assert len([one for one in BROKEN if one[0] in (P, F)]) >= 50


def test_all_problems_are_told_at_once() -> None:
    given = files()
    given[P] = given[P].replace(b'dept = "shimin"', b'dept = "x"').replace(b'kind = "date"', b'kind = "time"')
    given[F] = given[F].replace(b"yen = 300", b"yen = -1")
    _, problems = setup.read(given)
    assert {problem.file for problem in problems} == {P, F} and len(problems) > 5


def test_missing_files_are_named() -> None:
    _, problems = setup.read({})
    assert {problem.file for problem in problems} == {M, F, setup.FOLDER}
    _, problems = setup.read({**files(), P: b"\xff\xfe"})
    assert any("UTF-8" in problem.message for problem in problems)


def test_lines_are_found_where_people_look() -> None:
    text = 'a = 1\n"b" = 2\n[[t]]\nx = """\n[[t]]\ny = 3\n"""\nz = 4\n[[t]] # two\n  x = 5\n[u.v]\nw = 6\n'
    found = lines_of(text)
    assert found[("", 0, "a")] == 1 and found[("", 0, "b")] == 2
    assert found[("t", 0, "x")] == 4 and found[("t", 0, "z")] == 8 and ("t", 0, "y") not in found
    assert found[("t", 1, "")] == 9 and found[("t", 1, "x")] == 10 and found[("u.v", 0, "w")] == 12


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    from sanjo_tui.desk.counter import store
    from sanjo_tui.errors import StationError

    with pytest.raises(StationError, match="フォルダーはありません"):
        store.files_of(tmp_path / "nothing")
