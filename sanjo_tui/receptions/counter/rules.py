"""The rules of the counter: who may ask for whom, what it costs, what else is to be done. Pure (docs/counter.md §2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.base import Verdict
from sanjo_tui.receptions.counter.events import Accepted, Moved, RelatedMarked, TicketGiven, TicketMoved
from sanjo_tui.receptions.counter.procedure import Category, Procedure, Question, Setup
from sanjo_tui.receptions.counter.state import Case, Ticket
from sanjo_tui.receptions.counter.words import (
    NEXT,
    Asked,
    Channel,
    Include,
    Related,
    Requester,
    Scope,
    Step,
    Waiting,
)
from sanjo_tui.receptions.identity import STATUSES, IdentifiedBy, VerifiedBy, stop_of
from sanjo_tui.register.people import CardLink, Resident
from sanjo_tui.text import kana_keys, kanji_key
from sanjo_tui.wareki import typed

DEAD = "3"
"""住民状態 of somebody who died (docs/register.md §1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What is charged: `each` yen a copy after `discount`, `total` for all copies; 0 where exempted."""

    code: str = ""
    each: int = 0
    discount: int = 0
    total: int = 0
    exemption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What was chosen and asked at the desk, before it is recorded."""

    procedure: Procedure
    person: str
    requester_kind: Requester
    subjects: tuple[str, ...]
    verified_by: VerifiedBy
    identified_by: IdentifiedBy
    answers: Mapping[str, str]
    card_seen: bool = False
    requester_name: str = ""
    mandate_seen: bool = False
    evidence_seen: bool = False
    includes: tuple[Include, ...] = ()
    copies: int = 1
    exemption: str = ""
    user_id: str = ""
    ticket: str = ""
    note: str = ""


def find(setup: Setup, text: str) -> tuple[Procedure, ...]:
    """Procedures by a part of title, kana or code; an empty text gives all, in the order of their kana."""
    plain = text.strip()
    if not plain:
        return setup.procedures
    kana, kanji = kana_keys(plain), kanji_key(plain)
    return tuple(one for one in setup.procedures if _fits(one, plain.lower(), kana, kanji))


def _fits(one: Procedure, code: str, kana: Sequence[str], kanji: str) -> bool:
    by_kana = any(key and key in other for key, other in zip(kana, kana_keys(one.kana), strict=False))
    return code == one.code or by_kana or bool(kanji and kanji in kanji_key(one.title))


def age_on(resident: Resident, day: dt.date) -> int | None:
    """Full years on a day; None where the birth date is not known."""
    text = resident.birth.age_text(day)
    return int(text) if text.isdigit() else None


def barred(procedure: Procedure, members: Sequence[Resident], day: dt.date,
           released: Collection[str] = ()) -> dict[str, str]:
    """Members who cannot be a subject, and why: suppression, gone, outside the ages."""
    found = {}
    for one in members:
        stop = stop_of(one, today=day, released=one.addressee_no in released, gone=procedure.gone)
        age = age_on(one, day)
        if stop is not None:
            found[one.addressee_no] = "支援措置・抑止" if stop.code == "SUPPRESSED" else "転出・死亡など"
        elif procedure.gone and one.living:
            found[one.addressee_no] = "今も住民です"
        elif age is None and (procedure.age_min or procedure.age_max < 200):
            found[one.addressee_no] = "年齢が分かりません"
        elif age is not None and not procedure.age_min <= age <= procedure.age_max:
            found[one.addressee_no] = f"{_ages(procedure)}の手続です"
    return found


def _ages(procedure: Procedure) -> str:
    low = f"{procedure.age_min}歳から" if procedure.age_min else ""
    high = f"{procedure.age_max}歳まで" if procedure.age_max < 200 else ""
    return low + high


def stopped(resident: Resident, *, card: CardLink | None, day: dt.date, released: bool) -> Verdict | None:
    """Why nothing may be begun for whoever is on the desk. People who are gone are a matter of the procedure."""
    return stop_of(resident, card=card, today=day, released=released, gone=True)


def check_answer(question: Question, text: str) -> str:
    """What is wrong with an answer, as a sentence; "" where nothing is."""
    plain = text.strip()
    if not plain:
        return f"{question.label}を入れてください" if question.required else ""
    if len(plain) > question.longest:
        return f"{question.label}は{question.longest}字までです"
    match question.kind:
        case Asked.DATE if typed(plain) is None:
            return "日付は R8.11.25 か 2026-11-25 の形で入れてください"
        case Asked.NUMBER if not re.fullmatch(r"[0-9０-９]{1,6}", plain):
            return "数字で入れてください"
        case Asked.CHOICE if plain not in question.options:
            return f"{'、'.join(question.options)} から選んでください"
        case Asked.YES_NO if plain not in ("はい", "いいえ"):
            return "はい か いいえ で答えてください"
    return ""


def charge(setup: Setup, procedure: Procedure, *, channel: Channel, day: dt.date, copies: int, card_seen: bool,
           exemption: str = "") -> Charge:
    """The fee of this day; the card's discount only where a card was seen. Raises RuleError without a fee for it."""
    if not procedure.fee_code:
        return Charge()
    fee = setup.fee(procedure.fee_code, channel, day)
    if fee is None:
        raise RuleError(f"{procedure.title}の手数料が決まっていません。",
                        "手数料の表(fees.toml)に、今日の窓口の額を足してもらってください。")
    if exemption and exemption not in setup.exemptions:
        raise RuleError("その減免の事由はありません。", f"{'、'.join(setup.exemptions)} から選んでください。")
    discount = fee.discount if card_seen and not exemption else 0
    each = 0 if exemption else fee.yen - discount
    return Charge(code=fee.code, each=each, discount=discount, total=each * copies, exemption=exemption)


def related(setup: Setup, procedure: Procedure, answers: Mapping[str, str], subjects: Sequence[Resident],
            day: dt.date, earlier: Sequence[Case] = ()) -> tuple[tuple[str, Related], ...]:
    """関連手続き: each procedure that this one names, 要 or 不要 by the answers and the subjects' ages.

    済 where it was accepted for one of the same people already (`earlier`: the day's cases).
    """
    keys = {one.addressee_no for one in subjects}
    done = {case.procedure for case in earlier if case.step is not Step.WITHDRAWN and keys & set(case.subjects)}
    ages = [age_on(one, day) for one in subjects]
    found = []
    for link in procedure.related:
        by_answer = not link.ask or answers.get(link.ask) == link.answer
        limited = link.age_min > 0 or link.age_max < 200
        by_age = not limited or any(age is None or link.age_min <= age <= link.age_max for age in ages)
        if setup.procedure(link.code) is not None:
            needed = Related.DONE if link.code in done else Related.NEEDED
            found.append((link.code, needed if by_answer and by_age else Related.NOT_NEEDED))
    return tuple(found)


def settled_by(event: Accepted, cases: Sequence[Case]) -> tuple[RelatedMarked, ...]:
    """What a new case makes 済: earlier ones of the same people that named this procedure as 要."""
    return tuple(RelatedMarked(subject=case.reception_no, scope=event.scope, procedure=event.procedure,
                               state=Related.DONE)
                 for case in cases if case.step is not Step.WITHDRAWN and set(case.subjects) & set(event.subjects)
                 and (event.procedure, Related.NEEDED) in case.related)


def accept(setup: Setup, what: Application, members: Sequence[Resident], day: dt.date, number: str, scope: str, *,
           released: Collection[str] = (), snapshot_id: str = "", earlier: Sequence[Case] = ()) -> Accepted:
    """受付. Raises RuleError: the first thing that stands in the way, and what to do. `earlier`: the day's cases."""
    procedure = what.procedure
    if what.requester_kind not in procedure.requester_kinds:
        raise RuleError(f"{procedure.title}は、{what.requester_kind.label}からは受け付けられません。",
                        f"{'、'.join(kind.label for kind in procedure.requester_kinds)} から受け付けます。")
    if not what.subjects:
        raise RuleError("対象の人が選ばれていません。", "数字で選んでください。")
    people = {one.addressee_no: one for one in members}
    chosen = [people[key] for key in what.subjects if key in people]
    if len(chosen) != len(what.subjects):
        raise RuleError("この世帯の人ではありません。", "世帯を開き直してください。")
    if procedure.subject_scope is not Scope.HOUSEHOLD and len(chosen) > 1:
        raise RuleError("この手続の対象は一人です。", "一人だけ選んでください。")
    if procedure.subject_scope is Scope.SELF and what.subjects != (what.person,):
        raise RuleError("この手続は本人の分だけです。", "本人を開いてください。")
    if what.requester_kind is Requester.SELF and what.subjects != (what.person,) \
            and procedure.subject_scope is not Scope.HOUSEHOLD:
        raise RuleError("本人の申請では、本人だけを選びます。", "同じ世帯の方の申請なら、請求者を選び直してください。")
    if what.requester_kind in (Requester.SELF, Requester.SAME_HOUSEHOLD) and what.person in people:
        _may_ask(procedure, people[what.person])
    for key, why in barred(procedure, chosen, day, released).items():
        raise RuleError(f"{people[key].name}さんは対象にできません({why})。", "対象の人を選び直してください。")
    if what.requester_kind is Requester.PROXY and procedure.mandate and not what.mandate_seen:
        raise RuleError("委任状を確かめてください。", "委任状がない代理人には受け付けられません。")
    if what.requester_kind in (Requester.THIRD_PARTY, Requester.OFFICIAL) and not what.evidence_seen:
        raise RuleError("疎明資料(契約書、職務の証明など)を確かめてください。", "資料がないときは受け付けられません。")
    if what.requester_kind in (Requester.PROXY, Requester.THIRD_PARTY, Requester.OFFICIAL) \
            and not what.requester_name.strip():
        raise RuleError("来た方の氏名を入れてください。", "代理人や第三者の氏名は申請書に載ります。")
    if not 1 <= what.copies <= 99 or (what.copies > 1 and not procedure.copies):
        raise RuleError("通数が正しくありません。", "1 から 99 で入れてください。")
    if extra := [one for one in what.includes if one not in procedure.includes]:
        raise RuleError(f"{extra[0].label}は載せられません。", "記載する事項を選び直してください。")
    for question in procedure.asks:
        if wrong := check_answer(question, what.answers.get(question.key, "")):
            raise RuleError(f"{wrong}。", "答えを入れ直してください。")
    cost = charge(setup, procedure, channel=Channel.COUNTER, day=day, copies=what.copies, card_seen=what.card_seen,
                  exemption=what.exemption)
    return Accepted(
        subject=number, scope=scope, reception_no=number, identified_by=what.identified_by,
        verified_by=what.verified_by, user_id=what.user_id, snapshot_id=snapshot_id, note=what.note,
        procedure=procedure.code, version=setup.version, person=what.person, subjects=what.subjects,
        requester_kind=what.requester_kind, requester_name=what.requester_name.strip(), mandate_seen=what.mandate_seen,
        evidence_seen=what.evidence_seen, includes=what.includes, copies=what.copies,
        answers={ask.key: what.answers.get(ask.key, "").strip() for ask in procedure.asks},
        fee_code=cost.code, fee=cost.total, discount=cost.discount * what.copies, exemption=cost.exemption,
        related=related(setup, procedure, what.answers, chosen, day, earlier), ticket=what.ticket)


def _may_ask(procedure: Procedure, who: Resident) -> None:
    """The dead ask for nothing, and who moved away only for what is about those who are gone. Raises RuleError."""
    if who.living or (procedure.gone and who.resident_status != DEAD):
        return
    raise RuleError(f"請求者は住基では{STATUSES.get(who.resident_status, '住民ではない方')}です。",
                    "来た方を開き直すか、請求者を代理人か第三者にしてください。")


def first_of(cases: Sequence[Case], procedure: str, subjects: Collection[str]) -> Case | None:
    """The first case of the same procedure for one of the same people this day, withdrawn ones left out."""
    same = [case for case in cases if case.procedure == procedure and case.step is not Step.WITHDRAWN
            and set(case.subjects) & set(subjects)]
    return min(same, key=lambda case: case.accepted_ms, default=None)


def move(case: Case | None, step: Step, scope: str, note: str = "") -> Moved:
    """A case goes a step on. Raises RuleError for one that is finished or unknown."""
    if case is None:
        raise RuleError("その受付はありません。", "受付番号を確かめてください。")
    allowed = {Step.ACCEPTED: (Step.HANDED_OVER, Step.DONE, Step.WITHDRAWN),
               Step.HANDED_OVER: (Step.DONE, Step.WITHDRAWN)}.get(case.step, ())
    if step not in allowed:
        raise RuleError(f"{case.step.value}の受付は、{step.value}にできません。", "今の状態を確かめてください。")
    if step is Step.WITHDRAWN and not note.strip():
        raise RuleError("取下げの理由を入れてください。", "本人の申出、など。")
    return Moved(subject=case.reception_no, scope=scope, step=step, note=note.strip())


def give_ticket(category: Category, taken: Collection[int], scope: str) -> TicketGiven:
    """The next number of a category this day. Raises RuleError when its range is used up."""
    number = max((one for one in taken if category.first <= one <= category.last), default=category.first - 1) + 1
    if number > category.last:
        raise RuleError(f"{category.name}の番号札が終わりました。", "ほかの区分の札を出してください。")
    return TicketGiven(subject=f"{category.code}{number:03}", scope=scope, category=category.code, number=number)


def move_ticket(ticket: Ticket | None, state: Waiting, scope: str, window: str = "") -> TicketMoved:
    """呼出, 対応, 不在 ... Raises RuleError for what cannot follow."""
    if ticket is None:
        raise RuleError("その番号札は、きょう出していません。", "番号を確かめてください。")
    if state not in NEXT[ticket.state]:
        raise RuleError(f"{ticket.number} は{ticket.state.value}なので、{state.value}にできません。",
                        "今の状態を確かめてください。")
    return TicketMoved(subject=ticket.number, scope=scope, state=state, window=window)


def next_ticket(tickets: Sequence[Ticket], category: str = "") -> Ticket | None:
    """Who waits longest, of a category or of all."""
    waiting = [one for one in tickets if one.state is Waiting.WAITING and category in ("", one.category)]
    return min(waiting, key=lambda one: (one.since_ms, one.number), default=None)


