"""`kiosk.toml`: the sample is right, and each broken one is refused with file, line and reason, all at once."""

from __future__ import annotations

import datetime as dt

import pytest

from sanjo_tui.receptions.kiosk import setup
from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel, Whom
from sanjo_tui.station import fixtures

SAMPLE = (fixtures() / "kiosk" / setup.FILE).read_bytes()
TEXT = SAMPLE.decode()


def sample() -> setup.Kiosk:
    found, problems = setup.read(SAMPLE)
    assert found is not None and not problems
    return found


def test_the_sample_says_that_it_is_one_and_offers_every_kind_with_a_fee_where_it_is_offered() -> None:
    town = sample()
    assert town.sample and "見本" in TEXT and "未確認" in TEXT
    assert {offer.kind for offer in town.offers} == set(CertificateKind)
    assert all(town.fee(offer.fee_code, channel, dt.date(2026, 11, 25)) for offer in town.offers
               for channel in offer.channels)
    assert [offer.kind for offer in town.offers if offer.whom is Whom.HOUSEHOLD] == [CertificateKind.RESIDENT_COPY]
    assert all(offer.age_min == 15 for offer in town.offers)


def test_the_version_is_of_the_bytes() -> None:
    other, _ = setup.read(SAMPLE + b"\n")
    assert other is not None and other.version != sample().version


@pytest.mark.parametrize(("day", "closed"), [
    ("2026-12-28", False), ("2026-12-29", True), ("2026-12-31", True), ("2027-01-01", True), ("2027-01-03", True),
    ("2027-01-04", False), ("2026-11-25", False)])
def test_the_turn_of_the_year(day: str, closed: bool) -> None:
    assert sample().closed_on(dt.date.fromisoformat(day)) is closed


@pytest.mark.parametrize(("at", "is_open"), [("06:29:59", False), ("06:30:00", True), ("22:59:59", True),
                                          ("23:00:00", False)])
def test_the_first_and_the_last_second_of_a_day(at: str, is_open: bool) -> None:
    offer = sample().offer(CertificateKind.RESIDENT_COPY)
    assert offer is not None
    now = dt.datetime.fromisoformat(f"2026-11-28T{at}+09:00")        # a Saturday
    assert offer.hours.open_at(now, business_day=False) is is_open


def test_the_family_register_is_for_working_days() -> None:
    offer = sample().offer(CertificateKind.FAMILY_REGISTER)
    assert offer is not None
    noon = dt.datetime.fromisoformat("2026-11-23T12:00+09:00")       # 勤労感謝の日, a Monday
    assert offer.hours.open_at(noon, business_day=True) and not offer.hours.open_at(noon, business_day=False)


def test_the_year_of_income_and_tax_switches_on_the_day_that_is_set() -> None:
    town = sample()
    assert town.fiscal_year(dt.date(2026, 5, 31)) == 2025 and town.fiscal_year(dt.date(2026, 6, 1)) == 2026
    later, _ = setup.read(TEXT.replace('year_starts = "06-01"', 'year_starts = "06-10"').encode())
    assert later is not None and later.fiscal_year(dt.date(2026, 6, 9)) == 2025


def test_the_fee_of_a_day_is_the_latest_that_has_begun() -> None:
    dearer, problems = setup.read((TEXT + '\n[[fees]]\ncode = "inkan"\nchannel = "counter"\n'
                                   "valid_from = 2027-04-01\nyen = 500\n").encode())
    assert dearer is not None and not problems

    def yen(day: str) -> int | None:
        fee = dearer.fee("inkan", Channel.COUNTER, dt.date.fromisoformat(day))
        return fee.yen if fee else None

    assert [yen(day) for day in ("2024-03-31", "2024-04-01", "2027-03-31", "2027-04-01")] == [None, 300, 300, 500]


BROKEN = [
    ("sample = true", "sample = 1", "true か false"),
    ("sample = true", "smaple = true", "知らない名前です"),
    ("sample = true", 'sample = "', "TOML として読めません"),
    ('closed_from = "12-29"', 'closed_from = "12/29"', "月-日"),
    ('closed_from = "12-29"', 'closed_from = "13-01"', "月-日"),
    ('closed_to = "01-03"', 'closed_to = "02-30"', "月-日"),
    ('year_starts = "06-01"', "year_starts = 6", "月-日"),
    ("longest_name = 40", "longest_name = 0", "の整数で書いてください"),
    ("longest_address = 80", 'longest_address = "80"', "整数で書いてください"),
    ("idle_seconds = 30", "idle_seconds = 0", "の整数で書いてください"),
    ("kiosk_mode = false", 'kiosk_mode = "no"', "true か false"),
    ("most_copies = 10", "most_copies = 100", "の整数で書いてください"),
    ("most_copies = 10", "most_copeis = 10", "知らない名前です"),
    ('kind = "seal"', 'kind = "seals"', "選べる値"),
    ('kind = "seal"', 'kind = "resident_copy"', "2回あります"),
    ('kind = "seal"\n', "", "書いてください"),
    ('kind = "seal"\nchannels = ["counter", "kiosk"]', 'kind = "seal"\nchannels = []', "一つは書いてください"),
    ('kind = "seal"\nchannels = ["counter", "kiosk"]', 'kind = "seal"\nchannels = ["phone"]', "phone は使えません"),
    ('kind = "seal"\nchannels = ["counter", "kiosk"]\nwhom = "self"',
     'kind = "seal"\nchannels = ["counter", "kiosk"]\nwhom = "household"', "resident_copy だけです"),
    ('whom = "household"', 'whom = "anybody"', "選べる値"),
    ('opens = "06:30"', 'opens = "6:30"', "形が正しくありません"),
    ('closes = "23:00"', 'closes = "24:00"', "形が正しくありません"),
    ('closes = "23:00"', 'closes = "06:00"', "opens より前です"),
    ('opens = "06:30"', "opens = 06:30:00", "文字列で書いてください"),
    ("age_min = 15", "age_min = -1", "の整数で書いてください"),
    ("age_min = 15", 'age_min = "15"', "整数で書いてください"),
    ('includes = ["relationship", "domicile"]', 'includes = ["my_number"]', "my_number は使えません"),
    ('includes = ["relationship", "domicile"]', 'includes = ["domicile", "domicile"]', "2回あります"),
    ("weekdays_only = true", 'weekdays_only = "yes"', "true か false"),
    ('fee_code = "inkan"', 'fee_code = "inkann"', "という手数料はありません"),
    ('fee_code = "inkan"\n', "", "書いてください"),
    ('[[fees]]\ncode = "inkan"', '[[fees]]\ncode = "印鑑"', "形が正しくありません"),
    ('channel = "counter"', 'channel = "mail"', "選べる値"),
    ("valid_from = 2024-04-01", 'valid_from = "2024-04-01"', "引用符なしで"),
    ("yen = 300", "yen = -300", "の整数で書いてください"),
    ("yen = 300", "yen = 300.5", "整数で書いてください"),
    ("card_discount = 100", "card_discount = 301", "割引が手数料より大きい"),
    ('channel = "kiosk"', 'channel = "counter"', "同じ日からの手数料が2回"),
    ('exemptions = ["生活保護", "公用", "災害"]', 'exemptions = "公用"', "[ ] に並べて"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_one_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    assert old in TEXT
    found, problems = setup.read(TEXT.replace(old, new, 1).encode())
    assert found is None
    problem = next(one for one in problems if said in one.message)
    assert problem.file == setup.FILE and problem.line > 0 and f"{problem.line}行目" in str(problem)


def test_every_problem_is_said_at_once_in_the_order_of_lines() -> None:
    broken = TEXT.replace("longest_name = 40", "longest_name = 0").replace('kind = "tax"', 'kind = "taxes"').replace(
        "yen = 450", "yen = -1")
    found, problems = setup.read(broken.encode())
    assert found is None and len(problems) >= 3
    assert [one.line for one in problems] == sorted(one.line for one in problems)


def test_bytes_that_are_no_text_are_refused() -> None:
    found, problems = setup.read(SAMPLE.decode().encode("cp932"))
    assert found is None and "UTF-8" in str(problems[0])


def test_a_kind_without_a_fee_where_it_is_offered_is_refused_before_anybody_stands_there() -> None:
    at = TEXT.index('[[fees]]\ncode = "inkan"\nname = "印鑑登録証明書"\nchannel = "kiosk"')
    end = TEXT.index("[[fees]]", at + 1)
    found, problems = setup.read((TEXT[:at] + TEXT[end:]).encode())
    assert found is None and [str(one.where) for one in problems] == ["fee_code"] and "端末" in problems[0].message
