"""childcare.toml and shops.csv: the samples are good, every mistake is named with line and key, all at once."""

from __future__ import annotations

import pytest

from sanjo_tui.receptions.childcare import setup
from sanjo_tui.receptions.childcare.words import Role, Until
from sanjo_tui.station import fixtures

SAMPLE = (fixtures() / "childcare" / "childcare.toml").read_text(encoding="utf-8")
SHOPS = (fixtures() / "childcare" / "shops.csv").read_text(encoding="utf-8")


def test_the_sample_is_marked_and_whole() -> None:
    found, problems = setup.read(SAMPLE.encode())
    assert problems == () and found is not None and found.sample and found.confirmed_on is None
    assert found.rule.children == 3 and found.rule.until is Until.FISCAL and found.rule.disability_children == 0
    assert Role.CHILD not in found.rule.roles
    figures = [line for line in SAMPLE.splitlines() if "=" in line and line.split("=")[1].strip()[0].isdigit()]
    said = [line for line in figures if "未確認" in line or "max_bytes" in line or "画素" in line]
    assert figures == said, "every figure says that nobody compared it"
    shops, wrong = setup.read_shops(SHOPS.encode())
    assert wrong == () and len(shops) == 10
    assert setup.read_shops(SHOPS.encode("cp932"))[0] == shops


@pytest.mark.parametrize(("old", "new", "words"), [
    ("children = 3", "children = 0", "[rule] children は 1 から 20"),
    ("children = 3", "children = true", "[rule] children は整数"),
    ("age = 18", 'age = "18"', "[rule] age は整数"),
    ('until = "fiscal"', 'until = "march"', "[rule] until は fiscal、birthday のどれか"),
    ('roles = ["guardian", "grandparent"]', 'roles = ["aunt"]', "[rule] roles は"),
    ('roles = ["guardian", "grandparent"]', "roles = [1]", "[rule] roles は文字列の並び"),
    ('fixed_end = ""', 'fixed_end = "2029-02-30"', "[rule] fixed_end の 2029-02-30 は日付ではありません"),
    ("disability_children = 0", "disability_children = 9", "disability_children が children より多く"),
    ('prefix = "SK"', 'prefix = "sk-1"', "[card] prefix は英大文字"),
    ("month = 4", "month = 13", "[renewal] month は 1 から 12"),
    ('formats = ["JPEG", "PNG"]', 'formats = ["GIF"]', "[photo] formats は"),
    ('encoding = "utf-8-sig"', 'encoding = "eucjp"', "[printer] encoding は"),
    ("lead_days = 60", "lead_dais = 60", "[renewal] lead_dais という項目はありません"),
    ('title = "サンキッズカード"', "", "title がありません"),
    ('confirmed_on = ""', 'confirmed_on = "R8"', "confirmed_on の R8 は日付ではありません")])
def test_a_mistake_is_named_with_its_line(old: str, new: str, words: str) -> None:
    data = SAMPLE.replace(old, new, 1)
    found, problems = setup.read(data.encode())
    assert found is None and len(problems) == 1 and words in problems[0]
    if new:
        line = next(n for n, text in enumerate(data.splitlines(), 1) if text.startswith(new.split("\n")[0]))
        assert problems[0].startswith(f"{line}行目") or "[rule] disability" in problems[0]


def test_all_mistakes_at_once_in_the_order_of_the_file() -> None:
    data = SAMPLE.replace("age = 18", "age = 99").replace("digits = 5", "digits = 1").replace("month = 4", "month = 0")
    _, problems = setup.read(data.encode())
    assert ["age" in problems[0], "digits" in problems[1], "month" in problems[2]] == [True] * 3 and len(problems) == 3


@pytest.mark.parametrize("data", [b"title = ", b"\xff\xfe", b"a = 1\na = 2"])
def test_what_is_no_toml(data: bytes) -> None:
    found, problems = setup.read(data)
    assert found is None and "TOML として読めません" in problems[0]


@pytest.mark.parametrize(("line", "words"), [
    ("S001,別の店,食,内容,,,1,旭町", "shop_id S001 が二度あります"),
    ("S099,,食,内容,,,1,旭町", "name がありません"),
    ("S099,店,食,,,,1,", "benefit がありません"),
    ("S099,店,食,内容,2026-02-30,,1,旭町", "valid_from の 2026-02-30 は日付ではありません"),
    ("S099,店,食,内容,2026-04-01,2025-04-01,1,旭町", "valid_from が valid_to より後"),
    ("S099,店,食,内容,,,たくさん,旭町", "stickers は枚数です")])
def test_a_bad_shop_is_named_with_its_line(line: str, words: str) -> None:
    _, problems = setup.read_shops((SHOPS + line + "\n").encode())
    assert problems and words in problems[0] and problems[0].startswith("shops.csv 12行目")


def test_columns_that_are_missing_or_strange() -> None:
    assert "benefit の列がありません" in setup.read_shops(SHOPS.replace("benefit", "x", 1).encode())[1][0]
    strange = "\n".join(f"{line},1" if n else f"{line},個人番号" for n, line in enumerate(SHOPS.splitlines()))
    assert "個人番号 という列は使いません" in setup.read_shops(strange.encode())[1][0]


def test_a_number_carries_its_station_and_a_check() -> None:
    form = setup.CardForm()
    number = form.number("A1B2C3", 17)
    assert number.startswith("SK-A1B2C3-00017-") and form.serial(number) == 17
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for text in (wrong, "SK-A1B2C3-00018-" + number[-1], "", "SK", "17", "A1B2C3-0017-0"):
        assert form.serial(text) == 0
