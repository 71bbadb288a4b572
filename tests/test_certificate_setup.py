"""The set-up of a disaster: one sample that is right, and every fault with its place."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from sanjo_tui.receptions.certificate import setup
from sanjo_tui.receptions.certificate.words import Grade
from tests.certificate_ground import SAMPLE

GOOD = (SAMPLE / "disaster.toml").read_text(encoding="utf-8")


def faults(old: str, new: str) -> list[str]:
    assert old in GOOD
    disaster, problems = setup.read(GOOD.replace(old, new).encode())
    assert (disaster is None) == bool(problems)
    return [str(problem) for problem in problems]


def test_the_sample_is_right_and_says_what_is_unverified():
    disaster, problems = setup.read(GOOD.encode())
    assert disaster is not None and not problems
    assert disaster.layout_confirmed_on is None and not disaster.statute_verified and not disaster.ratios_verified
    assert disaster.flood is not None and not disaster.flood.verified
    assert [disaster.grade_of_ratio(r) for r in (50, 49.9, 30, 20, 10, 9)] == [
        Grade.TOTAL, Grade.LARGE, Grade.MEDIUM, Grade.HALF, Grade.SEMI, Grade.PARTIAL]


@pytest.mark.parametrize(("old", "new", "where"), [
    ('code = "20261120"', 'code = "2026 11"', "code"), ("date = 2026-11-20", "date = 2026-02-30x", "TOML"),
    ('"半壊" = 20', '"半壊" = 35', "grades"), ('"準半壊" = 10', "", "grades.準半壊"),
    ('"全壊" = 50', '"全壊" = "50"', "grades.全壊"), ("above_floor_cm = 100 ", "above_floor_cm = 190 ", "flood.bands"),
    ('kinds = ["罹災", "被災"]', 'kinds = ["罹災", "事業"]', "kinds"),
    ("apply_to = 2027-02-20", "apply_to = 2026-01-01", "apply_to"),
    ("resurvey_days = 90", "resurvey_day = 90", "resurvey_day"), ("first = 1", "first = 60000", "ranges[1].last"),
    ('number_year = "年度"', 'number_year = "元号"', "number_year"),
    ('mayor = "サンプル市長　見本　太郎"', "", "mayor")])
def test_a_fault_is_named_with_its_place(old, new, where):
    assert any(where in fault for fault in faults(old, new))


def test_all_faults_come_at_once():
    assert len(faults("resurvey_days = 90", 'resurvey_days = -1\nstrange = 1\nnumber_year = "x"')) >= 1
    assert len(faults("mayor =", "major =")) == 2


JUNK = ("5", "-1.5", '""', '"\\u0000"', "true", "[]", "[1, 2]", '["", "x"]', "{}", "{ a = 1 }", "2026-02-29T10:00:00",
        "[{}]", "nan", '"123456789018"')


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("key", [line.partition(" =")[0] for line in GOOD.split("[[ranges]]")[0].splitlines()
                                 if " = " in line and line[0] not in "# {"])
def test_whatever_stands_in_a_key_is_a_fault_or_fine_but_never_a_crash(key, junk):
    import re

    changed = re.sub(rf"(?m)^{re.escape(key)} = (\[\n(.*\n)*?\]|.*)$", f"{key} = {junk}".replace("\\", "\\\\"), GOOD,
                     count=1)
    disaster, problems = setup.read(changed.encode())
    assert (disaster is None) == bool(problems)


def test_the_day_on_which_the_layout_was_confirmed_takes_the_mark_away():
    disaster, _ = setup.read(GOOD.replace("# confirmed_on = 2026-12-01", "confirmed_on = 2026-12-01").encode())
    assert disaster is not None and disaster.layout_confirmed_on == dt.date(2026, 12, 1)


def test_a_demo_moves_the_disaster_to_another_day():
    moved = setup.moved_to(GOOD.encode(), dt.date(2030, 1, 5))
    disaster, problems = setup.read(moved)
    assert disaster is not None and not problems
    assert (disaster.code, disaster.day, disaster.apply_to) == ("20300105", dt.date(2030, 1, 5), dt.date(2030, 4, 5))
    assert tomllib.loads(moved.decode())["grades"] == tomllib.loads(GOOD)["grades"]
