"""Shelter reception: which events follow from what the desk does, and when the answer is no.

Rules: docs/shelter.md §2 (S2 to S12). Pure: no clock, no database, no screen. Nobody is ever turned away; what is
refused is only what would make the record false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event, Recorded, Reversal
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.look import Line, clock_state
from sanjo_tui.receptions.shelter.state import NOTED, Episode, Presence
from sanjo_tui.receptions.shelter.words import Category, Exit, State, Stay, Via, Whereabouts

COUNTED = (State.INSIDE, State.OUTSIDE, State.ON_LEAVE)
NOT_INSIDE = "ここで入所中の人ではありません。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """受付番号 of a household here. `new`: this reception takes it; `reserved`: it stands on a blank form."""

    text: str
    new: bool = False
    reserved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownPerson:
    """The one form of 仮登録 (S9): what the person can say. `household`: the tag number of an earlier family member."""

    name: str = ""
    name_kana: str = ""
    age_text: str = ""
    sex_code: str = ""
    address: str = ""
    category: Category = Category.RESIDENT
    stay: Stay = Stay.SHELTER
    place: str = ""
    other_ident: str = ""
    household: str = ""


def issue(scope: str, episode: Episode, number: Number) -> Iterator[Event]:
    """The number is given out before it is used; one on a blank form was given out when the form was printed."""
    if number.new and not number.reserved:
        yield ev.NumbersIssued(subject=episode.shelter, scope=scope, numbers=(number.text,))


def must_be_open(episode: Episode | None) -> Episode:
    """The open episode; without one nothing can be recorded."""
    if episode is None or not episode.is_open:
        raise RuleError("避難所が開設されていません。", "F2 か sanjo-tui shelter open で開設してください。")
    return episode


def admit(scope: str, chosen: Sequence[Line], episode: Episode, number: Number, *, household: str, via: Via,
          assurance: str = "", stay: Stay = Stay.SHELTER, place: str = "", paper_at: str = "") -> Iterator[Event]:
    """One event a person (S2); those not chosen stay as they are. Twice inside is no second event (S4)."""
    new = number.new
    for line in chosen:
        now = line.presence
        here = now is not None and now.shelter == episode.shelter
        if here and now is not None and now.counted:
            if now.state is State.ON_LEAVE:
                yield ev.CameBack(subject=line.key, scope=scope, shelter=episode.shelter)
            elif now.stay is not stay or now.place != place:
                yield ev.StayChanged(subject=line.key, scope=scope, shelter=episode.shelter, stay=stay, place=place)
            continue
        yield ev.Admitted(
            subject=line.key, scope=scope, shelter=episode.shelter, household=household,
            registration_no=number.text, seen=line.seen, stay=stay, place=place, via=via,
            assurance=assurance if line.tapped else "", paper_at=paper_at, new_number=new,
            moved_from=now.shelter if now is not None and now.counted else "",
            category=now.category if now else Category.RESIDENT, provisional=bool(now and now.provisional),
            other_ident=now.other_ident if now else "")
        new = False


def admit_unknown(scope: str, form: UnknownPerson, episode: Episode, number: Number, *, paper_at: str = "") -> Event:
    """仮登録 (S9): a record under its own number. Something must be said of the person, if only the sex or a mark."""
    if not any((form.name, form.name_kana, form.age_text, form.sex_code, form.other_ident)):
        raise RuleError("何か一つは入れてください。", "名前が分からないときは、性別か特徴だけで登録できます。")
    seen = ev.Seen(name=form.name or form.name_kana, name_kana=form.name_kana, age_text=form.age_text,
                   sex_code=form.sex_code, address=form.address)
    return ev.Admitted(
        subject=number.text, scope=scope, shelter=episode.shelter, household=form.household or number.text,
        registration_no=number.text, seen=seen, stay=form.stay, place=form.place, category=form.category,
        via=Via.PAPER if number.reserved else Via.PROVISIONAL, provisional=True, other_ident=form.other_ident,
        paper_at=paper_at, new_number=True)


def account(scope: str, chosen: Sequence[Line], episode: Episode, household: str, whereabouts: Whereabouts,
            place: str = "") -> Iterator[Event]:
    """残員の消息 (S3): only for those who are not counted anywhere."""
    for line in chosen:
        if line.presence is not None and line.presence.counted:
            continue
        yield ev.Accounted(subject=line.key, scope=scope, shelter=episode.shelter, household=household,
                           seen=line.seen, whereabouts=whereabouts, place=place)


def _here(chosen: Sequence[Line], episode: Episode, allowed: tuple[State, ...], refusal: str) -> Iterator[Line]:
    """The chosen who are in one of the states at this shelter; it is refused when none is."""
    fit = [line for line in chosen
           if line.presence and line.presence.shelter == episode.shelter and line.state in allowed]
    if not fit:
        raise RuleError(refusal, "対象の人を数字で選んでください。")
    yield from fit


def go_out(scope: str, chosen: Sequence[Line], episode: Episode, destination: str = "",
           until: str = "") -> Iterator[Event]:
    """一時外出・外泊 (S6)."""
    for line in _here(chosen, episode, (State.INSIDE, State.OUTSIDE), NOT_INSIDE):
        yield ev.WentOut(subject=line.key, scope=scope, shelter=episode.shelter, destination=destination, until=until)


def come_back(scope: str, chosen: Sequence[Line], episode: Episode) -> Iterator[Event]:
    """帰所 (S6)."""
    for line in _here(chosen, episode, (State.ON_LEAVE,), "外出中の人ではありません。"):
        yield ev.CameBack(subject=line.key, scope=scope, shelter=episode.shelter)


def change_stay(scope: str, chosen: Sequence[Line], episode: Episode, stay: Stay, place: str = "") -> Iterator[Event]:
    """滞在方法の変更 (S8)."""
    for line in _here(chosen, episode, COUNTED, NOT_INSIDE):
        yield ev.StayChanged(subject=line.key, scope=scope, shelter=episode.shelter, stay=stay, place=place)


def depart(scope: str, chosen: Sequence[Line], episode: Episode, exit_to: Exit = Exit.UNKNOWN, address: str = "",
           phone: str = "") -> Iterator[Event]:
    """退所 (S7): the destination may be skipped and is then 不明."""
    for line in _here(chosen, episode, COUNTED, NOT_INSIDE):
        yield ev.Departed(subject=line.key, scope=scope, shelter=episode.shelter, exit_to=exit_to, address=address,
                          phone=phone)


def merge(scope: str, provisional: Presence | None, seen: ev.Seen, resident: str, presence: Presence | None,
          household: str, approval: str, operator: str) -> tuple[Event, ...]:
    """名寄せ (S10): the provisional record ends, the resident takes its place; a second person is named."""
    if provisional is None or not provisional.provisional or provisional.merged_into:
        raise RuleError("統合できる仮登録ではありません。", "仮登録の番号を確かめてください。")
    if not approval.strip():
        raise RuleError("確認した人の名前を入れてください。", "統合には二人目の確認が要ります。")
    if approval.strip() == operator:
        raise RuleError("操作している本人は、二人目にはなれません。", "ほかの人に確かめてもらってください。")
    gone = ev.Merged(subject=provisional.person, scope=scope, into=resident, approval=approval.strip())
    # Recorded already: the resident stays as they are, so that nobody counts twice.
    stays = presence is not None and (presence.counted or (
        not provisional.counted and presence.state is not State.UNCONFIRMED))
    kept = presence if presence is not None and stays else provisional
    if kept.state not in (*COUNTED, State.DEPARTED):
        return (gone,)
    return (gone, ev.Identified(
        subject=resident, scope=scope, alias=provisional.person, shelter=kept.shelter, household=household,
        registration_no=kept.registration_no, seen=seen, stay=kept.stay, place=kept.place,
        admitted_ms=provisional.admitted_ms, needs=provisional.needs, on_leave=kept.state is State.ON_LEAVE,
        leave_to=kept.leave_to, leave_until=kept.leave_until, departed=kept.state is State.DEPARTED,
        exit_to=kept.exit_to, exit_address=kept.exit_address, exit_phone=kept.exit_phone,
        injured=provisional.injured, disclose_kin=provisional.disclose_kin,
        disclose_public=provisional.disclose_public, **{name: getattr(provisional, name) for name in NOTED}))


def undo(group: Sequence[Recorded], latest: Mapping[str, tuple[str, int]], stations: Sequence[str],
         reason: str) -> tuple[Event, ...]:
    """取消 (S11) of everything that one key recorded: own station, with a reason, nothing recorded on top of it.

    `stations`: the codes under which this station has recorded; more than one after it was restored from a copy.
    """
    if not reason.strip():
        raise RuleError("理由を入れてください。", "例: 人違い、押し間違い")
    for recorded in group:
        if recorded.station not in stations:
            raise RuleError("ほかの端末の記録は、ここでは取り消せません。",
                            f"端末 {recorded.station} で取り消してください。")
        if latest.get(recorded.event.subject) != (recorded.station, recorded.seq):
            raise RuleError("この後に別の記録があります。", "新しい記録から順に取り消してください。")
    return tuple(Reversal(subject=recorded.event.subject, scope=recorded.event.scope, of_station=recorded.station,
                          of_seq=recorded.seq, reason=reason.strip()) for recorded in group)


def close(scope: str, episode: Episode, inside: int, *, transfer: bool, reason: str = "") -> Event:
    """閉鎖 (S12): nobody inside, or those who are have been handed over by list."""
    if inside and not transfer:
        raise RuleError(f"まだ{inside}人が入所中です。", "全員の退所か転所を記録するか、引き継いで閉鎖してください。")
    return ev.ShelterClosed(subject=episode.shelter, scope=scope, remaining=inside, reason=reason)


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be said to somebody who asks. The sentence is the same for no consent, no record and protection."""

    allowed: bool
    sentence: str


def answer(presence: Presence | None, name_of_shelter: str) -> Answer:
    """安否照会: only where the person agreed (disclose_kin), and never of a protected one."""
    if presence is None or presence.seen.protected or not presence.disclose_kin or presence.merged_into:
        return Answer(False, "お答えできません。(本人の同意がないか、記録がありません)")
    if presence.counted:
        return Answer(True, f"{name_of_shelter}に避難しています。({clock_state(presence)})")
    if presence.state is State.DEPARTED:
        return Answer(True, f"{name_of_shelter}を退所しました。行き先はお答えできません。")
    return Answer(False, "お答えできません。(本人の同意がないか、記録がありません)")
