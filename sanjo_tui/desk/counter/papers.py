"""The counter's papers, filled in when they are due: from the case, under its own version of the set-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from sanjo_tui.desk import sight
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.counter import application, cash, guide, sheet, ticket
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.counter.procedure import Box, Procedure, Setup
from sanjo_tui.receptions.counter.state import CASES, TICKETS, Case
from sanjo_tui.receptions.counter.words import Asked, Related, Requester, Step, Waiting
from sanjo_tui.receptions.shelter.look import SEXES, clock, day_and_clock
from sanjo_tui.register.people import Household, Resident
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, typed, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.counter.desk import CounterDesk


def _case(desk: CounterDesk, reception_no: str, day: str) -> tuple[Case, Setup, Procedure]:
    with desk.desk.journal.view() as view:
        case: Case | None = view.record_of(CASES, day or desk.scope_of(view, reception_no), reception_no)
    if case is None:
        raise PrintError("その受付番号の受付はありません。", "番号を、最後の1文字まで確かめてください。")
    setup = desk.version(case.version)
    procedure = setup.procedure(case.procedure)
    if procedure is None:
        raise PrintError("この受付の手続は設定にありません。", "counter load で設定を確かめてください。")
    return case, setup, procedure


def _people(desk: CounterDesk, case: Case) -> tuple[Resident, Household]:
    """Whoever asked, and the household as their tap may show it; as the live register has them."""
    register = desk.desk.register
    who = register.resident(case.person) if register else None
    if register is None or who is None:
        raise PrintError("住基にこの方がいません。", "受付番号を確かめ、手書きの用紙を使ってください。")
    home = register.household(who.household_no)
    listed = {one.addressee_no for one in home.members}
    others = [one for key in case.subjects if key not in listed and (one := register.resident(key))]
    home = Household(home.number, (*home.members, *others)).seen_from(case.person)
    if home.member(case.person) is None:
        home = Household(home.number, (who, *home.members))
    if any(home.member(key) is None for key in case.subjects):      # protected since, or no longer in the register
        raise PrintError("対象の方の中に、今は書類に出せない方がいます。", "責任者に知らせ、担当課に確かめてください。")
    return sight.resident(desk.desk.hands, who), sight.household(desk.desk.hands, home)


def _when(case: Case) -> dt.datetime:
    return dt.datetime.fromtimestamp(case.accepted_ms / 1000, JST)


def _requester(case: Case, who: Resident) -> str:
    name = case.requester_name or who.name
    return f"{name}（{case.requester_kind.label}）"


def _sheet(desk: CounterDesk, head: Heading, reception_no: str, day: str = "") -> Paper:
    """確認書 of one case."""
    case, setup, procedure = _case(desk, reception_no, day)
    who, home = _people(desk, case)
    desk.list_made("counter.sheet", len(home.members))
    places = {key: n for n, key in enumerate(case.subjects, 1)}
    people = tuple(sheet.Person(
        name=one.name, kana=one.name_kana, birth=one.birth_label, sex=SEXES.get(one.sex_code, ""),
        relationship="" if one.protected else one.relationship_label, address=one.address,
        mark=f"対象{places[one.addressee_no]}" if one.addressee_no in places else "") for one in home.members)
    labels = {ask.key: ask.label for ask in procedure.asks}
    answers = _said(case, procedure)
    notes = [(labels.get(key, key), answer) for key, answer in answers.items() if answer]
    notes += [("記載する事項", "、".join(one.label for one in case.includes))] if case.includes else []
    department = setup.department(procedure.dept)
    content = sheet.ConfirmationSheet(
        heading=head, number=case.reception_no, accepted_at=f"{wareki(_when(case).date())} {_when(case):%H:%M}",
        procedure=procedure.title, department=f"{department.name} {department.window}" if department else "",
        requester=_requester(case, who), verified=case.verified_by.label, operator=case.operator, people=people,
        notes=tuple(notes), fee=_fee(case), sample=setup.sample)
    return Paper(document=sheet, content=content)


def _fee(case: Case) -> str:
    if case.exemption:
        return f"0円（減免：{case.exemption}）"
    if not case.fee_code:
        return ""
    discount = f"（カード割引 {case.discount:,}円）" if case.discount else ""
    return f"{case.fee:,}円　{case.copies}通{discount}"


def _application(desk: CounterDesk, head: Heading, reception_no: str, day: str = "") -> Paper:
    """The pre-filled form of the procedure."""
    case, setup, procedure = _case(desk, reception_no, day)
    template = setup.template(procedure.template)
    if template is None:
        raise PrintError("この手続に申請書の様式はありません。", "担当課の用紙を使ってください。")
    who, home = _people(desk, case)
    desk.list_made("counter.application", len(case.subjects))
    answers = _said(case, procedure)
    content = application.ApplicationForm(
        heading=head, title=template.title, addressed_to=template.addressed_to, sentence=template.sentence,
        number=case.reception_no, boxes=tuple(_filled(box, case, who, home, answers) for box in template.boxes),
        handwritten=procedure.handwritten, sample=setup.sample,
        mandate=case.requester_kind is Requester.PROXY and procedure.mandate)
    return Paper(document=application, content=content)


def _said(case: Case, procedure: Procedure) -> dict[str, str]:
    """The answers as paper says them: dates as 和暦 however they were typed."""
    dates = {ask.key for ask in procedure.asks if ask.kind is Asked.DATE}
    return {key: day.wareki() if key in dates and (day := typed(answer)) else answer
            for key, answer in case.answers.items()}


def _filled(box: Box, case: Case, who: Resident, home: Household, answers: dict[str, str]) -> application.Filled:
    subjects = [one for key in case.subjects if (one := home.member(key))]
    first = subjects[0] if subjects else who
    by_proxy = bool(case.requester_name)
    texts: dict[str, Callable[[], str]] = {
        "requester.name": lambda: case.requester_name or who.name,
        "requester.kana": lambda: "" if by_proxy else who.name_kana,
        "requester.birth": lambda: "" if by_proxy else who.birth_label,
        "requester.sex": lambda: "" if by_proxy else SEXES.get(who.sex_code, ""),
        "requester.address": lambda: "" if by_proxy else who.address,
        "requester.kind": lambda: case.requester_kind.label, "requester.phone": lambda: "",
        "subjects.names": lambda: "　".join(one.name for one in subjects),
        "subject.name": lambda: first.name, "subject.kana": lambda: first.name_kana,
        "subject.birth": lambda: first.birth_label, "subject.sex": lambda: SEXES.get(first.sex_code, ""),
        "subject.address": lambda: first.address,
        "household.head": lambda: home.head.name if home.head else "",
        "household.members": lambda: "　".join(f"{one.name}({one.relationship_label})" for one in home.members),
        "copies": lambda: f"{case.copies}通", "includes": lambda: "、".join(one.label for one in case.includes),
        "fee": lambda: _fee(case), "date": lambda: wareki(_when(case).date()),
        "reception_no": lambda: case.reception_no, "purpose": lambda: answers.get("purpose", "")}
    text = (answers.get(box.source[4:], "") if box.source.startswith("ask.")
            else texts[box.source]() if box.source else "")
    return application.Filled(label=box.label, text=text, lines=box.lines)


def _guide(desk: CounterDesk, head: Heading, reception_no: str, day: str = "") -> Paper:
    """受付案内票: no name."""
    case, setup, procedure = _case(desk, reception_no, day)
    following = []
    for code, state in case.related:
        other = setup.procedure(code)
        if other is None:
            continue
        place = setup.department(other.dept)
        following.append(guide.Next(
            title=other.title, window=" ".join(filter(None, (place.floor, place.window, place.name))) if place else "",
            needed=state is Related.NEEDED, done=state is Related.DONE, bring="、".join(other.bring)))
    place = setup.department(procedure.dept)
    following.sort(key=lambda one: (one.done, not one.needed))
    content = guide.Guide(heading=head, number=case.reception_no, procedure=procedure.title,
                          window=f"{place.name} {place.window}" if place else "", guide=procedure.guide,
                          bring=procedure.bring, following=tuple(following), sample=setup.sample)
    return Paper(document=guide, content=content)


def _ticket(desk: CounterDesk, head: Heading, number: str, day: str = "") -> Paper:
    """番号札, both slips."""
    with desk.desk.journal.view() as view:
        found = view.record_of(TICKETS, day or desk.scope, number)
        every = list(view.records(TICKETS, day or desk.scope))
    if found is None:
        raise PrintError("その番号札は出していません。", "番号を確かめてください。")
    name = next((one.name for one in desk.setup.categories if one.code == found.category), found.category)
    before = sum(one.category == found.category and one.state is Waiting.WAITING and one.given_ms < found.given_ms
                 for one in every)
    content = ticket.NumberTicket(heading=head, number=number, category=name, given_at=day_and_clock(found.given_ms),
                                  waiting=before)
    return Paper(document=ticket, content=content)


def _cash(desk: CounterDesk, head: Heading, day: str = "") -> Paper:
    """収納一覧 of a day (`YYYY-MM-DD`, today where empty)."""
    asked = dt.date.fromisoformat(day) if day else desk.desk.today()
    listed = desk.cases(asked)
    rows = tuple(cash.CashRow(
        reception_no=case.reception_no, accepted_at=clock(case.accepted_ms), procedure_code=case.procedure,
        title=_title(desk, case), copies=case.copies, fee=case.fee, card_discount=case.discount,
        exemption_code=case.exemption, status="" if case.step is Step.ACCEPTED else case.step.value,
        operator_id=case.operator) for case in listed)
    content = cash.Cash(heading=head, day=wareki(asked), rows=rows, sample=desk.setup.sample)
    return Paper(document=cash, content=content, columns=cash.COLUMNS, rows=rows)


def _title(desk: CounterDesk, case: Case) -> str:
    found = desk.version(case.version).procedure(case.procedure)
    return found.title if found else case.procedure


FORMS: dict[str, Callable[..., Paper]] = {
    "counter.sheet": _sheet, "counter.application": _application, "counter.guide": _guide, "counter.ticket": _ticket,
    "counter.cash": _cash}
NEEDS = {"counter.sheet": Permission.FORM, "counter.application": Permission.FORM, "counter.guide": Permission.FORM,
         "counter.ticket": Permission.FORM, "counter.cash": Permission.LIST}
FORM_NAMES = {"counter.sheet": "確認書", "counter.application": "申請書", "counter.guide": "受付案内票",
              "counter.ticket": "番号札", "counter.cash": "手数料収納一覧"}

