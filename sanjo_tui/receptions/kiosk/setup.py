"""Reading `kiosk.toml`: kinds of certificates, hours, fees, limits. Pure; all problems at once (docs/kiosk.md §3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel, Include, Whom
from sanjo_tui.receptions.lines import Problem
from sanjo_tui.receptions.lines import Setup as File

FILE = "kiosk.toml"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a kind can be had at the kiosk: `opens` to `closes`; `weekdays_only` leaves out holidays too."""

    opens: dt.time
    closes: dt.time
    weekdays_only: bool = False

    def open_at(self, now: dt.datetime, business_day: bool) -> bool:
        """Whether it can be had now (Japanese time)."""
        return self.opens <= now.time() < self.closes and (business_day or not self.weekdays_only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One kind of certificate as this town offers it."""

    kind: CertificateKind
    channels: tuple[Channel, ...]
    whom: Whom
    hours: Hours
    age_min: int = 15
    includes: tuple[Include, ...] = ()
    current_year_only: bool = True
    needs_registration: bool = False
    """戸籍: where 本籍 is elsewhere, an earlier 利用登録 must be confirmed."""
    fee_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """Yen from a day on; `discount` off with a card that was seen."""

    code: str
    channel: Channel
    valid_from: dt.date
    yen: int
    discount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """A town's set-up. `closed`: days of the year (month, day) on which nothing is issued, first to last."""

    offers: tuple[Offer, ...]
    fees: tuple[Fee, ...]
    closed_from: tuple[int, int] = (12, 29)
    closed_to: tuple[int, int] = (1, 3)
    year_starts: tuple[int, int] = (6, 1)
    """From this day on the new 年度 is the current one of income and tax."""
    longest_name: int = 40
    longest_address: int = 80
    kiosk_mode: bool = False
    """The station opens as the residents' own kiosk; F2 leads to the counter."""
    idle_seconds: int = 30
    most_copies: int = 10
    out_folder: str = ""
    exemptions: tuple[str, ...] = ()
    sample: bool = False
    version: str = ""

    def offer(self, kind: CertificateKind) -> Offer | None:
        """How this kind is offered."""
        return next((one for one in self.offers if one.kind is kind), None)

    def fee(self, code: str, channel: Channel, day: dt.date) -> Fee | None:
        """The fee that holds on a day: the latest that has begun."""
        fitting = [fee for fee in self.fees if fee.code == code and fee.channel is channel and fee.valid_from <= day]
        return max(fitting, key=lambda fee: fee.valid_from, default=None)

    def closed_on(self, day: dt.date) -> bool:
        """12-29 to 1-3, over the turn of the year."""
        at, first, last = (day.month, day.day), self.closed_from, self.closed_to
        return first <= at <= last if first <= last else at >= first or at <= last

    def fiscal_year(self, day: dt.date) -> int:
        """The 年度 whose income certificate is current on a day."""
        return day.year if (day.month, day.day) >= self.year_starts else day.year - 1


def read(data: bytes) -> tuple[Kiosk | None, tuple[Problem, ...]]:
    """The set-up, or None and every problem."""
    problems: list[Problem] = []
    file = File(FILE, data, problems)
    file.known({"kinds", "fees", "kiosk", "sample", "exemptions"})
    fees = _fees(file)
    offers = _offers(file, {(fee.code, fee.channel) for fee in fees})
    options = {**_options(file), "exemptions": file.texts(file.top, "exemptions"),
               "sample": file.flag(file.top, "sample")}
    problems.sort()
    if problems or not file.top:
        return None, tuple(problems)
    return Kiosk(offers=tuple(offers), fees=tuple(fees), version=hashlib.sha256(data).hexdigest()[:12], **options), ()


def _offers(file: File, fees: set[tuple[str, Channel]]) -> list[Offer]:
    found: list[Offer] = []
    known = {"kind", "channels", "whom", "opens", "closes", "weekdays_only", "age_min", "includes",
             "current_year_only", "needs_registration", "fee_code"}
    for index, one in enumerate(file.tables("kinds")):
        file.known(known, "kinds", index, one)
        kind = file.text(one, "kind", "kinds", index, choices=tuple(CertificateKind))
        whom = file.text(one, "whom", "kinds", index, choices=tuple(Whom)) or "self"
        if whom == Whom.HOUSEHOLD and kind and kind != CertificateKind.RESIDENT_COPY:
            file.say("kinds", index, "whom", "世帯の方の分を出せるのは resident_copy だけです")
        opens, closes = _clock(file, one, "opens", index), _clock(file, one, "closes", index)
        if closes <= opens:
            file.say("kinds", index, "closes", "closes が opens より前です")
        fee = file.text(one, "fee_code", "kinds", index)
        channels = file.texts(one, "channels", "kinds", index, required=True, choices=tuple(Channel))
        for channel in sorted({name for name in channels if name in tuple(Channel)}):
            if fee and (fee, Channel(channel)) not in fees:
                file.say("kinds", index, "fee_code", f"{fee} という手数料はありません({Channel(channel).label})")
        includes = file.texts(one, "includes", "kinds", index, choices=tuple(Include))
        found.append(Offer(
            kind=CertificateKind(kind or "resident_copy"), whom=Whom(whom), fee_code=fee,
            channels=tuple(Channel(name) for name in channels if name in tuple(Channel)),
            hours=Hours(opens=opens, closes=closes, weekdays_only=file.flag(one, "weekdays_only", "kinds", index)),
            age_min=file.number(one, "age_min", "kinds", index, most=120, default=15),
            includes=tuple(Include(name) for name in includes if name in tuple(Include)),
            current_year_only=file.flag(one, "current_year_only", "kinds", index, default=True),
            needs_registration=file.flag(one, "needs_registration", "kinds", index)))
    file.twice("kinds", "kind", [one.kind for one in found])
    return found


def _clock(file: File, values: dict[str, Any], key: str, index: int) -> dt.time:
    text = file.text(values, key, "kinds", index, pattern=_CLOCK)
    return dt.time.fromisoformat(text) if text else (dt.time(0, 0) if key == "opens" else dt.time(23, 59))


def _fees(file: File) -> list[Fee]:
    found: list[Fee] = []
    for index, one in enumerate(file.tables("fees")):
        file.known({"code", "channel", "valid_from", "yen", "card_discount", "name"}, "fees", index, one)
        made = Fee(code=file.text(one, "code", "fees", index, pattern=r"[a-z0-9][a-z0-9_-]{0,31}"),
                   channel=Channel(file.text(one, "channel", "fees", index, choices=tuple(Channel)) or "counter"),
                   valid_from=file.day(one, "valid_from", "fees", index),
                   yen=file.number(one, "yen", "fees", index, most=1_000_000),
                   discount=file.number(one, "card_discount", "fees", index, most=1_000_000, default=0))
        if made.discount > made.yen:
            file.say("fees", index, "card_discount", "割引が手数料より大きいです")
        if any((made.code, made.channel, made.valid_from) == (o.code, o.channel, o.valid_from) for o in found):
            file.say("fees", index, "code", f"{made.code} の同じ所・同じ日からの手数料が2回あります")
        found.append(made)
    return found


def _options(file: File) -> dict[str, Any]:
    values = file.top.get("kiosk", {})
    if not isinstance(values, dict):
        file.say("", 0, "kiosk", "[kiosk] の形で書いてください")
        return {}
    file.known({"closed_from", "closed_to", "year_starts", "longest_name", "longest_address", "idle_seconds",
                "kiosk_mode", "most_copies", "out_folder"}, "kiosk", 0, values)
    days = {key: _day_of_year(file, values, key, default) for key, default in (
        ("closed_from", "12-29"), ("closed_to", "01-03"), ("year_starts", "06-01"))}
    numbers = {key: file.number(values, key, "kiosk", 0, least=least, most=most, default=default)
               for key, least, most, default in (
                   ("longest_name", 5, 200, 40), ("longest_address", 10, 400, 80), ("idle_seconds", 5, 600, 30),
                   ("most_copies", 1, 99, 10))}
    mode = file.flag(values, "kiosk_mode", "kiosk")
    folder = file.text(values, "out_folder", "kiosk", 0, required=False, longest=400)
    return {**days, **numbers, "kiosk_mode": mode, "out_folder": folder}


def _day_of_year(file: File, values: dict[str, Any], key: str, default: str) -> tuple[int, int]:
    text = values.get(key, default)
    fits = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text) if isinstance(text, str) else None
    try:
        day = dt.date(2024, int(fits[1]), int(fits[2])) if fits else None
    except ValueError:
        day = None
    if day is None:
        file.say("kiosk", 0, key, "月-日を \"12-29\" の形で書いてください")
        return 1, 1
    return day.month, day.day
