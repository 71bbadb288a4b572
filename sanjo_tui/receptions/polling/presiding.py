"""What only the 投票管理者 decides, or two people together: T10 to T12, and 事故 (docs/polling.md §3)."""

from __future__ import annotations

from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.refusals import (
    Refusal,
    contests_of,
    must_be_open,
    must_preside,
    must_say,
    second_operator,
)
from sanjo_tui.receptions.polling.standing import standing
from sanjo_tui.receptions.polling.state import Voter
from sanjo_tui.receptions.polling.verdict import Here
from sanjo_tui.receptions.polling.words import Act, Code, Mode, Objector, PaperKind, State
from sanjo_tui.register.roll.elector import Elector, RollMark
from sanjo_tui.wareki import parse


def absentee_returned(elector: Elector, voter: Voter | None, election: Election, here: Here,
                      contests: tuple[str, ...], verifier: str, *, operator: str,
                      in_hand: bool = True) -> tuple[Event, ...]:
    """不在者投票の用紙返還 (T10): the papers of these contests are in hand, a second operator has seen them."""
    must_be_open(here.station_open)
    chosen = contests_of(contests, election)
    for contest in chosen:
        if not in_hand or standing(elector, voter, contest, election).state is not State.ABSENTEE_ISSUED:
            raise Refusal(Code.ABSENTEE, f"{contest.name}の不在者投票の用紙は返されていません。",
                          "交付中の用紙が手元にあるか確かめてください。")
    person = second_operator(verifier, operator, election)
    return (ev.AbsenteeReturned(subject=elector.addressee_no, scope=election.id, place=here.place.code,
                                contests=tuple(c.code for c in chosen), verifier=person.id),)


def refuse(elector: Elector, election: Election, here: Here, contests: tuple[str, ...], *, ground: str,
           opinion: str, decided_by: str) -> tuple[Event, ...]:
    """投票拒否 (法50条③): decided by who presides, after hearing the 立会人, whose `opinion` is written down."""
    must_be_open(here.station_open)
    chosen = contests_of(contests, election)
    person = must_preside(decided_by, election)
    return (ev.Refused(
        subject=elector.addressee_no, scope=election.id, place=here.place.code,
        contests=tuple(c.code for c in chosen), ground=must_say(ground, "拒否の理由", "本人と確認できない"),
        opinion=must_say(opinion, "立会人の意見", "異議なし"), decided_by=person.id),)


def provisional(elector: Elector, voter: Voter | None, election: Election, here: Here, contests: tuple[str, ...],
                number: str, *, ground: str, opinion: str, objected_by: str, decided_by: str,
                braille: tuple[str, ...] = ()) -> tuple[Event, ...]:
    """仮投票 (T11, 法50条④⑤): after a refusal to which the voter objects, or on the objection of a 立会人.

    Beside every ordinary state, also 投票済: the envelope is judged later. One a contest and voter, ever.
    """
    must_be_open(here.station_open)
    chosen = contests_of(contests, election)
    person = must_preside(decided_by, election)
    if objected_by not in set(Objector):
        raise Refusal(Code.INCOMPLETE, "だれの異議かを選んでください。", "選挙人か立会人です。")
    for contest in chosen:
        ballot = voter.ballot(contest.code) if voter else None
        if ballot and ballot.provisional:
            raise Refusal(Code.VOTED, f"{contest.name}の仮投票はもう済んでいます。", "用紙を渡さないでください。")
        if objected_by == Objector.VOTER and not (ballot and ballot.refused):
            raise Refusal(Code.INCOMPLETE, f"{contest.name}の投票拒否が記録されていません。",
                          "投票管理者の拒否を先に記録してください。")
    papers = tuple(ev.Handed(contest=c.code, act=Act.ISSUE,
                             paper=PaperKind.BRAILLE if c.code in braille else PaperKind.PLAIN) for c in chosen)
    return (ev.ProvisionalVote(
        subject=elector.addressee_no, scope=election.id, place=here.place.code, reception_no=number, papers=papers,
        ground=must_say(ground, "仮投票の理由", "投票済みの記録に本人が異議"),
        opinion=must_say(opinion, "立会人の意見", "異議なし"), objected_by=objected_by, decided_by=person.id,
        sex_code=elector.sex_code),)


def enroll(key: str, election: Election, here: Here, *, basis: str, name: str, birth: str,
           contests: tuple[str, ...], decided_by: str, verifier: str, operator: str, name_kana: str = "",
           sex_code: str = "", address: str = "", ward_code: str = "") -> tuple[Event, ...]:
    """補正登録・判決書 (T12): somebody outside the roll may vote in the contests that the document names.

    `key`: the voter's new subject, `STATION-H1` ...; `birth` as typed. Ward: that of the place where it has only one.
    """
    must_be_open(here.station_open)
    chosen = contests_of(contests, election)
    presiding = must_preside(decided_by, election)
    second = second_operator(verifier, operator, election)
    if second.id == presiding.id:
        raise Refusal(Code.INCOMPLETE, "判断した人は、二人目の確認者になれません。",
                      "ほかの従事者に確かめてもらってください。")
    born = parse(birth)
    if not born.exact:
        raise Refusal(Code.INCOMPLETE, "生年月日が日付として読めません。", "例: 20080229、H20.2.29")
    ward = ward_code or (here.place.wards[0] if len(here.place.wards) == 1 else "")
    if here.mode is Mode.DAY and ward not in here.place.wards:
        raise Refusal(Code.WARD, "この投票所の投票区ではありません。", "書面の投票区を確かめてください。")
    return (ev.Enrolled(
        subject=key, scope=election.id, place=here.place.code, basis=must_say(basis, "根拠の書面", "補正登録通知書"),
        name=must_say(name, "氏名", "三条　太郎"), name_kana=name_kana.strip(), birth=born.sort_key, sex_code=sex_code,
        address=address.strip(), ward_code=ward, contests=tuple(c.code for c in chosen), decided_by=presiding.id,
        verifier=second.id),)


def elector_of(enrolled: ev.Enrolled, key: str = "") -> Elector:
    """Somebody enrolled at the desk as the rules see an elector; the document names the contests."""
    return Elector(addressee_no=key or enrolled.subject, ward_code=enrolled.ward_code, name=enrolled.name,
                   name_kana=enrolled.name_kana, birth=parse(enrolled.birth), sex_code=enrolled.sex_code,
                   address_as_delivered=enrolled.address, enrolled_by=enrolled.basis,
                   marks=tuple(RollMark(contest=contest) for contest in enrolled.contests))


def incident(subject: str, election: Election, here: Here, category: str, text: str, *,
             contests: tuple[str, ...] = (), verifier: str = "") -> tuple[Event, ...]:
    """事故: what cannot be undone is written down; also after closing, and whatever the state of the voter."""
    if contests:
        contests_of(contests, election)
    return (ev.IncidentNoted(
        subject=subject, scope=election.id, place=here.place.code,
        category=must_say(category, "事故の種類", "二重交付"),
        text=must_say(text, "事故の内容", "いつ、どこで、何が起きたか"),
        contests=contests, verifier=verifier),)
