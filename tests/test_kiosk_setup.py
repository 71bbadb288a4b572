"""The kiosk's set-up: the sample is right, each broken one is refused with line and reason."""

from __future__ import annotations

import datetime as dt

import pytest

from sanjo_tui.receptions.kiosk import setup
from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel, Whom
from sanjo_tui.station import fixtures

SAMPLE = (fixtures() / "kiosk" / setup.FILE).read_bytes()
BROKEN = [
    ('kind = "seal"', 'kind = "inkan"', '選べる値'),
    ('kind = "seal"', 'kind = "income"', '2回あります'),
    ('channels = ["counter", "kiosk"]', 'channels = []', '一つは書いてください'),
    ('channels = ["counter", "kiosk"]', 'channels = ["web"]', 'web は使えません'),
    ('whom = "household"', 'whom = "family"', '選べる値'),
    ('whom = "self"', 'whom = "household"', 'resident_copy だけ'),
    ('opens = "06:30"', 'opens = "6:30"', '形が正しくありません'),
    ('opens = "06:30"', 'opens = "23:30"', 'opens より前'),
    ('closes = "23:00"\n', '', '書いてください'),
    ('age_min = 15', 'age_min = 150', 'の整数で書いてください'),
    ('age_min = 15', 'age_min = "15"', '整数で書いてください'),
    ('fee_code = "inkan"', 'fee_code = "inkann"', 'という手数料はありません'),
    ('includes = ["relationship", "domicile"]', 'includes = ["my_number"]', 'my_number は使えません'),
    ('weekdays_only = true', 'weekdays_only = "yes"', 'true か false'),
    ('needs_registration', 'need_registration', '知らない名前'),
    ('yen = 300', 'yen = -1', 'の整数で書いてください'),
    ('card_discount = 100', 'card_discount = 1000', '割引が手数料より'),
    ('channel = "kiosk"', 'channel = "counter"', '2回あります'),
    ('closed_from = "12-29"', 'closed_from = "12-32"', '月-日を'),
    ('year_starts = "06-01"', 'year_starts = "6月"', '月-日を'),
    ('idle_seconds = 30', 'idle_seconds = 1', 'の整数で書いてください'),
    ('most_copies = 10', 'copies = 10', '知らない名前'),
    ('sample = true', 'sample = 1', 'true か false'),
    ('[kiosk]', '[kiosk', 'TOML として読めません'),
]


def test_the_sample_is_right() -> None:
    found, problems = setup.read(SAMPLE)
    assert found is not None and not problems and found.sample
    assert {one.kind for one in found.offers} == set(CertificateKind)
    assert [one.kind for one in found.offers if one.whom is Whom.HOUSEHOLD] == [CertificateKind.RESIDENT_COPY]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[one[1][:20] for one in BROKEN])
def test_a_broken_one_is_refused_with_line_and_reason(old: str, new: str, said: str) -> None:
    text = SAMPLE.decode()
    assert old in text
    found, problems = setup.read(text.replace(old, new, 1).encode())
    told = [one for one in problems if said in one.message]
    assert found is None and told and told[0].line and told[0].file == "kiosk.toml", problems


def test_closed_over_the_turn_of_the_year() -> None:
    found, _ = setup.read(SAMPLE)
    assert found is not None
    closed = [dt.date(2026, 12, 28), dt.date(2026, 12, 29), dt.date(2027, 1, 3), dt.date(2027, 1, 4)]
    assert [found.closed_on(day) for day in closed] == [False, True, True, False]
    assert [found.fiscal_year(day) for day in (dt.date(2026, 5, 31), dt.date(2026, 6, 1))] == [2025, 2026]
    fee = found.fee("juminhyo", Channel.KIOSK, dt.date(2026, 11, 25))
    assert fee is not None and fee.yen == 200 and found.fee("juminhyo", Channel.KIOSK, dt.date(2020, 1, 1)) is None
