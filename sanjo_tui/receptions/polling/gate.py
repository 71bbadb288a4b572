"""The gate before a polling place opens: every condition, held or not, as data (docs/polling.md §4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sanjo_tui.receptions.polling.election import Election, PollingPlace
from sanjo_tui.receptions.polling.state import PlaceDay
from sanjo_tui.receptions.polling.tally import Totals
from sanjo_tui.receptions.polling.words import Code, PlaceKind, PlaceState
from sanjo_tui.register.roll.elector import RollInfo
from sanjo_tui.wareki import JST


@dataclass(frozen=True, slots=True, kw_only=True)
class GateItem:
    """One condition before opening. `name`: a word for code; `sentence`: how it stands; `hint`: what to do.

    `can_be_waived`: the 投票管理者 may open on paper with a reason although it does not hold.
    """

    name: str
    ok: bool
    sentence: str
    hint: str = ""
    code: Code | None = None
    can_be_waived: bool = False


def gate(election: Election, place: PollingPlace, roll: RollInfo | None, days: Iterable[PlaceDay], totals: Totals, *,
         now: dt.datetime, lg_code: str, clock_warning: str = "", clock_confirmed: bool = False,
         zero_printed: bool = False, witnessed_by: str = "", operator: str = "",
         restored: bool = False) -> tuple[GateItem, ...]:
    """Every condition, held or not, in the order in which a clerk can put it right.

    `days`: all days of this place; `lg_code`: of the station; `clock_warning`: what the journal says of the clock;
    `restored`: the station came back from a copy, and the place was not opened since.
    """
    now = now.astimezone(JST)
    today = now.date().isoformat()
    known = [day for day in days if day.place == place.code]
    day = next((d for d in known if d.day == today), None)
    items = [_roll_loaded(roll)]
    if roll is not None:
        items += [_same_town(roll, lg_code), _wards(election, place, roll), _tickets(roll),
                  _fresh(roll, now, election.stale_after_hours)]
    zero = _zero(day, totals, place.code, today, zero_printed=zero_printed, witnessed_by=witnessed_by,
                 operator=operator)
    return (*items, _hours(place, now.date()), *_days(known, day, today), *(_RESTORED if restored else ()),
            _clock(roll, now, clock_warning, clock_confirmed), *zero)


_RESTORED = (GateItem(
    name="restored", ok=False, can_be_waived=True,
    sentence="控えから戻した端末です。控えの後の受付が入っていません。",
    hint="前の端末の記録を取り込むか、紙の記録と比べ、投票管理者の判断で理由を書いて開けてください。"),)


def _roll_loaded(roll: RollInfo | None) -> GateItem:
    if roll is None:
        return GateItem(name="roll", ok=False, sentence="選挙人名簿が読み込まれていません。",
                        hint="sanjo-tui election load で読み込んでください。")
    return GateItem(name="roll", ok=True, sentence=f"選挙人名簿 {roll.as_of:%Y-%m-%d}現在 {sum(roll.electors)}人")


def _same_town(roll: RollInfo, lg_code: str) -> GateItem:
    # The sixth digit is a check digit: five-digit codes are the same town.
    same = bool(lg_code) and roll.lg_code[:5] == lg_code[:5]
    return GateItem(name="town", ok=same, sentence="名簿はこの市区町村のものです。" if same
                    else "名簿が別の市区町村のものです。", hint="" if same else "正しい名簿を読み込んでください。")


def _wards(election: Election, place: PollingPlace, roll: RollInfo) -> GateItem:
    needed = set(place.wards)
    if place.kind.is_early:
        needed = {ward for p in election.places if p.kind is PlaceKind.DAY for ward in p.wards}
    missing = sorted(needed - set(roll.wards))
    if missing:
        return GateItem(name="wards", ok=False, sentence=f"名簿にない投票区があります: {'、'.join(missing[:5])}",
                        hint="この投票所の投票区を含む名簿を読み込んでください。", can_be_waived=place.kind.is_early)
    return GateItem(name="wards", ok=True, sentence="名簿はこの投票所の投票区をすべて含みます。")


def _tickets(roll: RollInfo) -> GateItem:
    hint = "名簿と同じ日に作った入場券データを読み込んでください。"
    if not roll.tickets and not roll.tickets_base:
        return GateItem(name="tickets", ok=True, sentence="入場券データはありません。氏名と生年月日で探します。")
    if roll.tickets_base != roll.roll_base:
        return GateItem(name="tickets", ok=False, sentence="入場券データと名簿の作成日が違います。", hint=hint,
                        can_be_waived=True)
    if roll.tickets_wrong:
        return GateItem(name="tickets", ok=False, hint=hint, can_be_waived=True,
                        sentence=f"入場券番号{roll.tickets_wrong}件が、名簿と別の方を指しています。")
    return GateItem(name="tickets", ok=True, sentence=f"入場券データ {roll.tickets}件は名簿と合っています。")


def extracted_at(roll: RollInfo) -> dt.datetime:
    """When the roll's data were taken: as delivered (Japanese time if it names no zone), else the end of its day."""
    if roll.created_at:
        try:
            made = dt.datetime.fromisoformat(roll.created_at)
        except ValueError:
            pass  # Not a time: the end of the day is the next best thing that the manifest says.
        else:
            return made.replace(tzinfo=JST) if made.tzinfo is None else made.astimezone(JST)
    return dt.datetime.combine(roll.as_of + dt.timedelta(days=1), dt.time(), JST)


def _fresh(roll: RollInfo, now: dt.datetime, hours: int) -> GateItem:
    age = now - extracted_at(roll)
    if age > dt.timedelta(hours=hours):
        return GateItem(name="fresh", ok=False, code=Code.STALE, can_be_waived=True,
                        sentence=f"名簿が古くなっています({age // dt.timedelta(hours=1)}時間前)。",
                        hint="新しい名簿を読み込むか、投票管理者の判断で理由を書いて開けてください。")
    return GateItem(name="fresh", ok=True, code=Code.STALE, sentence="名簿は期限内のものです。")


def _hours(place: PollingPlace, today: dt.date) -> GateItem:
    hours = place.hours_on(today)
    if hours is None:
        return GateItem(name="hours", ok=False, sentence="今日は、この投票所を開く日ではありません。",
                        hint="日付と、選挙の設定の開閉時刻を確かめてください。")
    return GateItem(name="hours", ok=True, sentence=f"今日の時間 {hours.opens:%H:%M}から{hours.closes:%H:%M}")


def _days(known: Sequence[PlaceDay], day: PlaceDay | None, today: str) -> tuple[GateItem, GateItem]:
    state = day.state if day else PlaceState.PREPARING
    if state is PlaceState.SEALED:
        ready = GateItem(name="state", ok=False, sentence="今日の記録はもう封緘されています。",
                         hint="この後の受付は、紙で行って選管に連絡してください。")
    elif day is not None and day.receives:
        ready = GateItem(name="state", ok=False, sentence="もう開所しています。")
    else:
        ready = GateItem(name="state", ok=True, sentence="今日はまだ封緘されていません。")
    left = sorted(d.day for d in known if d.day < today and d.openings and d.state is not PlaceState.SEALED)
    if left:
        return ready, GateItem(name="previous", ok=False, sentence=f"{left[0]}の閉所か封緘が済んでいません。",
                               hint="先にその日を閉所して封緘してください。")
    return ready, GateItem(name="previous", ok=True, sentence="前の日までは封緘されています。")


def _clock(roll: RollInfo | None, now: dt.datetime, warning: str, confirmed: bool) -> GateItem:
    hint = "電話の時報などと比べ、日付と時刻を合わせてください。"
    if warning:
        return GateItem(name="clock", ok=False, code=Code.CLOCK, sentence=f"{warning}。", hint=hint,
                        can_be_waived=True)
    if roll is not None and roll.created_at and now < extracted_at(roll):
        return GateItem(name="clock", ok=False, code=Code.CLOCK, sentence="時計が、名簿を作った時刻より前です。",
                        hint=hint, can_be_waived=True)
    if not confirmed:
        return GateItem(name="clock", ok=False, code=Code.CLOCK, can_be_waived=True, hint=hint,
                        sentence=f"時計をまだ確かめていません({now:%m月%d日 %H:%M})。")
    return GateItem(name="clock", ok=True, code=Code.CLOCK, sentence=f"時計は確かめました({now:%H:%M})。")


def _zero(day: PlaceDay | None, totals: Totals, place: str, today: str, *, zero_printed: bool, witnessed_by: str,
          operator: str) -> tuple[GateItem, ...]:
    if day is not None and day.openings:
        return (GateItem(name="zero", ok=True, sentence="今日の開所ゼロ票は済んでいます。"),)
    issued = issued_on(totals, place, today)
    empty = GateItem(name="empty", ok=not issued, sentence=f"開所の前に、今日{issued}件の交付が記録されています。"
                     if issued else "今日の交付は0件です。",
                     hint="受付をせず、選管に連絡してください。" if issued else "")
    witnessed = bool(witnessed_by.strip()) and witnessed_by.strip() != operator.strip()
    if zero_printed or witnessed:
        return empty, GateItem(name="zero", ok=True, sentence="開所ゼロ票は立会人が見ました。" if zero_printed
                               else "開所ゼロ票は手で写し、確認を受けました。")
    return empty, GateItem(name="zero", ok=False, sentence="開所ゼロ票をまだ出していません。", code=None,
                           hint="印刷するか、手で写して、操作者と別の人の確認を受けてください。")


def issued_on(totals: Totals, place: str, day: str) -> int:
    """Receptions and 仮投票 that are recorded for a place's day: 0 before it opens."""
    return totals.receptions(place, day) + totals.provisional_on(place, "", day)
