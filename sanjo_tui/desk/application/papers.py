"""The papers of カード申請代行: which there are, what each needs, how it is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from sanjo_tui.desk import photos
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.application import application_sheet, batch, day_list, slip, tally
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.application import rules
from sanjo_tui.receptions.application.state import BATCHES, Application, Batch
from sanjo_tui.receptions.application.words import (
    SCOPE,
    Channel,
    Identity,
    Method,
    Point,
    State,
    Ward,
)
from sanjo_tui.receptions.shelter.look import SEXES
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import parse, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.application.desk import ApplicationDesk
    from sanjo_tui.documents.paper import Heading

UNKNOWN = "職員が確かめます"


def _application(service: ApplicationDesk, number: str) -> Application:
    return service.application(number)


def _shown(service: ApplicationDesk, number: str) -> Application:
    """The application, unless its person may stand on no paper with an address."""
    one = service.application(number)
    if one.person.protected or one.applicant_no in service.desk.protected():
        raise PrintError("この方の書類は、ここでは印刷しません。", "責任者が手書きの申請書で進めます。")
    return one


def _long(day: str) -> str:
    return wareki(dt.date.fromisoformat(day[:10])) if day else ""


def slip_of(service: ApplicationDesk, heading: Heading, *, number: str) -> Paper:
    """予約票 as the booking stands now."""
    one, setup = _application(service, number), service.setup
    if one.state is not State.BOOKED:
        raise PrintError("予約ではないので、予約票は印刷しません。", "今の状態を見てください。")
    at = dt.datetime.fromisoformat(one.slot)
    place = setup.place(one.place)
    since = rules.taken_from(at.date(), setup.photo)
    none = rules.needs_no_photo(one.person.birth, at.date(), setup.photo)
    photo = "写真はいりません（1歳未満）。" if none else (
        f"写真は当日撮ります。持参するときは、{wareki(since)}より後に撮った、縦{setup.photo.height_mm}ミリ"
        f"横{setup.photo.width_mm}ミリのものをお持ちください。")
    content = slip.Slip(
        heading=heading, number=number, name=one.person.name, clock=f"{at:%H:%M}",
        day=f"{wareki(at.date())}（{'月火水木金土日'[at.weekday()]}）", place=place.name if place else one.place,
        place_address=place.address if place else "", bring=setup.bring, photo=photo, sample=setup.sample,
        latest="都合が悪くなったときは、受付番号を言って電話で変更してください。",
        unverified=any(each.startswith("booking.") for each in setup.unverified))
    return Paper(document=slip, content=content)


def sheet_of(service: ApplicationDesk, heading: Heading, *, number: str) -> Paper:
    """申請書 台紙 with the photo."""
    one, setup = _shown(service, number), service.setup
    if not one.application_form_id:
        raise PrintError("申請書をまだ作っていません。", "申請書IDを入れて、申請書を作ってください。")
    if one.reissue:
        raise PrintError("この申請書は要再発行なので、印刷しません。", "新しい申請書IDで作り直してください。")
    born, filled = rules.birth_of(one.person.birth), dt.date.fromisoformat(one.filled_on)
    until = rules.validity(born, filled, setup.card) if born else None
    unsure = [word for start, word in (("photo.", "写真の基準"), ("card.", "有効期限の数え方"))
              if any(each.startswith(start) for each in setup.unverified)]
    content = application_sheet.ApplicationSheet(
        heading=heading, number=number, application_form_id=one.application_form_id, applied_on=_long(one.filled_on),
        name=one.person.name, kana=one.person.kana, alias=one.person.alias, birth=one.person.birth_label,
        sex=tuple((one.person.sex_code == code, word) for code, word in SEXES.items() if word in ("男", "女")),
        postal_code=one.person.postal_code, address=one.person.address, phone=one.phone,
        photo=None if one.photo_none else photos.read(service.desk, one.photo_sha256, service=SCOPE),
        photo_width=setup.photo.width_mm, photo_height=setup.photo.height_mm, photo_note="写真なし\n1歳未満",
        points=tuple((point in one.photo_points, _point(point, setup.photo.max_age_months)) for point in Point),
        checked_by=one.photo_checked_by, method=_choices(Method, one.method),
        certificates=((one.sign, "署名用"), (one.auth, "利用者証明用")),
        braille=((one.braille_name, "希望する"), (not one.braille_name, "希望しない")),
        documents=_choices(Identity, one.id_documents), representative=one.representative, relation=one.relation,
        ward=one.ward.label if one.ward is not Ward.NONE else "",
        valid_until=f"{wareki(until.card)}（申請日で計算）" if until else UNKNOWN,
        certificates_until=wareki(until.certificates) if until else UNKNOWN, leaving=one.leaving,
        received_by=one.operator, identified=one.verified_by.label if one.verified_by else "", sample=setup.sample,
        unverified=f"未確認の項目: {'、'.join(unsure)}" if unsure else "")
    return Paper(document=application_sheet, content=content)


def _point(point: Point, months: int) -> str:
    return f"{months}か月以内の撮影" if point is Point.RECENT else point.label


def _choices(kind: type[Method] | type[Identity], now: Method | Identity | None) -> tuple[tuple[bool, str], ...]:
    return tuple((one is now, one.label) for one in kind)


def day_of(service: ApplicationDesk, heading: Heading, *, place: str, date: str = "") -> Paper:
    """予約一覧 of a day."""
    day = dt.date.fromisoformat(date) if date else service.desk.today()
    slots, known = service.day(place, day), service.setup.place(place)
    rows = tuple(day_list.Row(
        time=slot.at[11:], number=one.number, addressee_no=one.applicant_no, name=one.person.name,
        name_kana=one.person.kana, age=parse(one.person.birth).age_text(day), channel=one.channel.label,
        phone="" if one.applicant_no in service.desk.protected() else one.phone, state=one.state.label)
        for slot in slots for one in slot.taken)
    service.list_made("application.day", len(rows))
    content = day_list.DayList(heading=heading, day=wareki(day), place=known.name if known else place, rows=rows,
                               seats=sum(slot.capacity for slot in slots))
    return Paper(document=day_list, content=content, columns=day_list.COLUMNS, rows=rows)


def batch_of(service: ApplicationDesk, heading: Heading, *, batch: str = "") -> Paper:
    """送付書 of a closed batch, the latest without a number."""
    found = _batch(service, batch)
    with service.desk.journal.view() as view:
        known = {one.number: one for one in service.applications(view)}
    rows = tuple(_batch_row(found, known[number]) for number in found.numbers if number in known)
    service.list_made("application.batch", len(rows))
    content = _BATCH.BatchList(heading=heading, batch=found.number, sent_on=_long(found.sent_on), rows=rows)
    return Paper(document=_BATCH, content=content, columns=_BATCH.COLUMNS, rows=rows)


_BATCH = batch


def _batch(service: ApplicationDesk, number: str) -> Batch:
    if not number:
        latest = service.batches()
        if not latest:
            raise PrintError("送付書はまだありません。", "送付を締め切ると作られます。")
        return latest[0]
    with service.desk.journal.view() as view:
        found: Batch | None = view.record_of(BATCHES, SCOPE, number)
    if found is None:
        raise PrintError("その番号の送付書はありません。", "番号を確かめてください。")
    return found


def _batch_row(found: Batch, one: Application) -> batch.Row:
    back = one.batch != found.number
    return _BATCH.Row(number=one.number, application_form_id=rules.masked(one.application_form_id),
                      name=one.person.name, method=one.method.label.split("(")[0],
                      photo="なし" if one.photo_none else "あり", state="不備で戻り" if back else one.state.label)


def tally_of(service: ApplicationDesk, heading: Heading, *, place: str = "", since: str = "",
             until: str = "") -> Paper:
    """集計 by day and place."""
    with service.desk.journal.view() as view:
        found = [one for one in service.applications(view) if (not place or one.place == place)
                 and (not since or one.slot[:10] >= since) and (not until or one.slot[:10] <= until)]
    keys = sorted({(one.slot[:10], one.place) for one in found})
    rows = tuple(_tally_row(service, day, code, [one for one in found if (one.slot[:10], one.place) == (day, code)])
                 for day, code in keys)
    period = f"{_long(keys[0][0])} から {_long(keys[-1][0])} まで" if keys else ""
    return Paper(document=tally, content=tally.Tally(heading=heading, period=period, rows=rows), columns=tally.COLUMNS,
                 rows=rows)


def _tally_row(service: ApplicationDesk, day: str, code: str, here: Iterable[Application]) -> tally.Row:
    here = list(here)
    place = service.setup.place(code)
    seats = len(list(rules.slots(place, dt.date.fromisoformat(day)))) * place.capacity if place else 0
    later = (State.SENT, State.NOTIFIED, State.DELIVERED)
    return tally.Row(
        day=day, place=place.name if place else code, seats=seats,
        booked=sum(one.channel is not Channel.WALK_IN for one in here),
        walk_in=sum(one.channel is Channel.WALK_IN for one in here), arrived=sum(bool(one.arrived_ms) for one in here),
        no_show=sum(one.state is State.NO_SHOW for one in here),
        cancelled=sum(one.state is State.CANCELLED for one in here),
        filled=sum(bool(one.application_form_id) for one in here), sent=sum(one.state in later for one in here),
        delivered=sum(one.state is State.DELIVERED for one in here))


FORMS: Mapping[str, Callable[..., Paper]] = {
    "application.slip": slip_of, "application.sheet": sheet_of, "application.day": day_of,
    "application.batch": batch_of, "application.tally": tally_of}
NEEDS: Mapping[str, Permission] = {
    "application.slip": Permission.FORM, "application.sheet": Permission.ADDRESS, "application.day": Permission.LIST,
    "application.batch": Permission.LIST, "application.tally": Permission.LIST}
FORM_NAMES: Mapping[str, str] = {
    "application.slip": "予約票", "application.sheet": "申請書 台紙", "application.day": "予約一覧",
    "application.batch": "送付書", "application.tally": "集計表"}
