"""What may be recorded: the table, slots and seats, ages and birthdays, the form's number. Pure: no clock, no screen.

Sources and what is unverified: docs/application.md §5.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.application.setup import WEEKDAYS, CardRules, PhotoRules, Place, Setup
from sanjo_tui.receptions.application.state import Application
from sanjo_tui.receptions.application.words import Act, Channel, Identity, Method, PlaceKind, Point, Ward
from sanjo_tui.text import nfkc
from sanjo_tui.wareki import RegisterDate
from sanjo_tui.workdays import is_business_day

FORM_ID_DIGITS = 23
"""Digits of a 申請書ID."""


def must(application: Application | None, act: Act, number: str = "") -> Application:
    """The application, if the table allows the act now. Raises RuleError."""
    if application is None:
        raise RuleError("その受付番号の申請はありません。", "番号を確かめてください。", detail=number)
    if not application.may(act):
        raise RuleError(f"今は「{application.state.label}」なので、{act.label}はできません。",
                        "申請を開き直して、今の状態を見てください。", detail=f"{application.state.value} {act.value}")
    return application


# --- slots


def is_open(place: Place, day: dt.date) -> bool:
    """Whether the place takes applications on that day."""
    if place.kind is PlaceKind.EVENT or place.dates:
        return day in place.dates
    return WEEKDAYS[day.weekday()] in place.weekdays and (is_business_day(day) or day.weekday() >= 5)


def slots(place: Place, day: dt.date) -> Iterator[str]:
    """The slots of a day as `YYYY-MM-DDTHH:MM`; none that ends after closing or runs into the pause."""
    if not is_open(place, day):
        return
    at, end = _minutes(place.opens), _minutes(place.closes)
    pause = (_minutes(place.pause_from), _minutes(place.pause_to)) if place.pause_from else (end, end)
    while at + place.slot_minutes <= end:
        if at < pause[1] and at + place.slot_minutes > pause[0]:
            at = max(at + 1, pause[1])
            continue
        yield f"{day.isoformat()}T{at // 60:02}:{at % 60:02}"
        at += place.slot_minutes


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def free_seat(place: Place, taken: Collection[int]) -> int | None:
    """The first seat of a slot that nobody has, from 1; None where the slot is full."""
    return next((seat for seat in range(1, place.capacity + 1) if seat not in taken), None)


def must_be_bookable(setup: Setup, place: Place | None, slot: str, channel: Channel, today: dt.date) -> Place:
    """Whether a slot can be booked today that way. Raises RuleError."""
    if place is None:
        raise RuleError("その場所では受け付けていません。", "設定にある場所を選んでください。")
    if channel is not Channel.WALK_IN and channel not in place.channels:
        raise RuleError(f"{place.name}は、{channel.label}では予約できません。", "別の場所か方法を選んでください。")
    try:
        day = dt.datetime.fromisoformat(slot).date()
    except ValueError as error:
        raise RuleError("予約の時刻を読めません。", "2026-12-01T10:00 の形にしてください。") from error
    if slot not in slots(place, day):
        raise RuleError(f"{place.name}に、その時間の予約枠はありません。", "一覧の時間から選んでください。")
    earliest, latest = setup.lead(place)
    first, last = today + dt.timedelta(days=latest), today + dt.timedelta(days=earliest)
    if not first <= day <= last:
        raise RuleError(f"予約できるのは、{latest}日前から{earliest}日前の間です。",
                        f"{first.month}月{first.day}日から{last.month}月{last.day}日の間で選んでください。")
    return place


# --- ages and birthdays


def birthday_in(birth: dt.date, year: int, leap_birthday: str = "02-28") -> dt.date:
    """The birthday of that year. `leap_birthday`: of those born on 29 February in other years."""
    try:
        return birth.replace(year=year)
    except ValueError:
        month, day = leap_birthday.split("-")
        return dt.date(year, int(month), int(day))


def nth_birthday(birth: dt.date, after: dt.date, n: int, leap_birthday: str = "02-28", *,
                 counts: bool = False) -> dt.date:
    """The n-th birthday after a day; `counts`: a birthday on that very day is the first."""
    year = after.year
    this = birthday_in(birth, year, leap_birthday)
    first = year if this > after or (counts and this == after) else year + 1
    return birthday_in(birth, max(first, birth.year + 1) + n - 1, leap_birthday)


@dataclass(frozen=True, slots=True)
class Validity:
    """Until when card and certificates hold, if the card is issued on the day that was asked about."""

    card: dt.date
    certificates: dt.date


def validity(birth: dt.date, day: dt.date, card: CardRules) -> Validity:
    """成人: the tenth birthday, under age the fifth; the certificates the fifth, never longer than the card."""
    adult = age_of(birth, day) >= card.adult_age
    until = nth_birthday(birth, day, card.adult_birthdays if adult else card.minor_birthdays, card.leap_birthday,
                         counts=card.birthday_counts)
    certificates = nth_birthday(birth, day, card.certificate_birthdays, card.leap_birthday,
                                counts=card.birthday_counts)
    return Validity(until, min(until, certificates))


def age_of(birth: dt.date, day: dt.date) -> int:
    """Whole years; one born on 29 February grows older on 1 March of other years. Never below 0."""
    return max(0, day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))


def birth_of(birth: str) -> dt.date | None:
    """A register's birth date as a day; None where it is unknown or off the calendar: then a person decides."""
    try:
        return dt.date.fromisoformat(birth)
    except ValueError:
        return None


def needs_no_photo(birth: RegisterDate | str, day: dt.date, photo: PhotoRules) -> bool:
    """No photo for a child under one at application, since the day that the set-up gives."""
    born = birth.calendar_day if isinstance(birth, RegisterDate) else birth_of(birth)
    return born is not None and day >= photo.none_since and age_of(born, day) < photo.none_under_age


def taken_from(day: dt.date, photo: PhotoRules) -> dt.date:
    """The first day on which a photo may have been taken."""
    months = day.year * 12 + day.month - 1 - photo.max_age_months
    year, month = divmod(months, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


# --- the photo and the form


def must_be_checked(points: Collection[Point]) -> None:
    """Every point was confirmed by a person. Raises RuleError."""
    missing = [point.label for point in Point if point not in points]
    if missing:
        raise RuleError(f"写真の確認が残っています: {'、'.join(missing)}。", "合わないときは撮り直してください。")


def form_id(text: str) -> str:
    """申請書ID: 23 digits, typed with or without blanks, or the one such number in what a QR code says. RuleError."""
    plain = re.sub(r"[\s\-‐‑–—―−ーｰ]", "", nfkc(text))
    runs = [run for run in re.findall(r"[0-9]+", plain) if len(run) == FORM_ID_DIGITS]
    if len(set(runs)) == 1:
        return str(runs[0])
    digits = sum(each.isdigit() for each in plain)
    raise RuleError(f"申請書IDは{FORM_ID_DIGITS}桁の数字です（入れたのは{digits}桁）。",
                    "申請書のQRコードを読み取るか、番号を入れ直してください。")


def masked(application_form_id: str) -> str:
    """申請書ID for lists and screens: the last four digits."""
    return f"***{application_form_id[-4:]}" if application_form_id else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was answered for the application sheet."""

    application_form_id: str
    matches: bool
    """Name and address on the form are those of the register today."""
    method: Method
    id_documents: Identity | None = None
    adult_ward: bool = False
    representative: str = ""
    relation: str = ""
    sign: bool = True
    auth: bool = True
    braille_name: bool = False
    leaving: bool = False
    """転出の予定がある: asked, for the register does not say."""
    leaving_known: bool = False
    """Told that the card may lapse with the move, and still applied."""


def ward_of(birth: str, adult_ward: bool, day: dt.date, card: CardRules) -> Ward:
    """Whether somebody else must apply, and why; an unknown birth date is no child's."""
    born = birth_of(birth)
    if born is not None and age_of(born, day) < card.representative_under:
        return Ward.UNDER_AGE
    return Ward.ADULT_WARD if adult_ward else Ward.NONE


def must_be_complete(asked: Asked, birth: str, day: dt.date, card: CardRules) -> tuple[str, Ward]:
    """The 申請書ID and who applies, if the sheet can be made. Raises RuleError."""
    number = form_id(asked.application_form_id)
    if not asked.matches:
        raise RuleError("氏名か住所が変わる前の申請書は使えません（要再発行）。",
                        "新しい申請書を出し、その申請書IDを入れてください。")
    ward = ward_of(birth, asked.adult_ward, day, card)
    if ward is not Ward.NONE and not (asked.representative.strip() and asked.relation.strip()):
        raise RuleError(f"{ward.label}の方の申請には、法定代理人が要ります。", "代理人の氏名と続柄を入れてください。")
    born = birth_of(birth)
    if asked.sign and born is not None and age_of(born, day) < card.sign_from_age:
        raise RuleError(f"{card.sign_from_age}歳未満の方には、署名用の証明書は付きません。",
                        "署名用を「なし」にしてください。")
    if asked.method is Method.ON_APPLICATION and asked.id_documents is None:
        raise RuleError("申請時来庁方式では、本人確認書類の確認が要ります。", "確認した書類を選んでください。")
    if asked.leaving and not asked.leaving_known:
        raise RuleError("転出の予定がある方は、転出でカードを受け取れなくなることがあります。",
                        "説明してから、「説明した」を選んでください。")
    return number, ward
