"""How the rules say no, and the guards that many rows of the table share (docs/polling.md §3)."""

from __future__ import annotations

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.polling.election import Contest, Election, Staff
from sanjo_tui.receptions.polling.words import Code, StaffRole

INCIDENT = "取り消さず、事故の記録に書いてください。"
"""What remains when a paper is in the box: it can be written down, never undone."""

CAUSES = (Code.DEAD, Code.STRUCK, Code.SUSPENDED)
CLOSED_RECORD = "E-CLOSED"
"""What the log says of a closed record: why it is closed is nobody's business there either."""


class Refusal(RuleError):
    """The rules do not allow it; `code` names the row of docs/polling.md §3. Nothing was recorded."""

    def __init__(self, code: Code, message: str, hint: str = "") -> None:
        super().__init__(message, hint, detail=CLOSED_RECORD if code in CAUSES else code.value)
        self.code = code


def must_be_open(station_open: bool) -> None:
    """Papers go out and come back only while the place is open."""
    if not station_open:
        raise Refusal(Code.NOT_OPEN, "投票所は受付中ではありません。", "開所してから受け付けてください。")


def must_say(text: str, what: str, example: str) -> str:
    """A reason, ground or opinion that has to be written; blanks are none."""
    said = text.strip()
    if not said:
        raise Refusal(Code.INCOMPLETE, f"{what}を入れてください。", f"例: {example}")
    return said


def contests_of(codes: tuple[str, ...], election: Election) -> tuple[Contest, ...]:
    """The contests of an act, in the order of the boxes: at least one, each once, all of this election."""
    chosen = tuple(contest for contest in election.in_order if contest.code in codes)
    if not codes or len(chosen) != len(codes):
        raise Refusal(Code.INCOMPLETE, "どの選挙かが正しく選ばれていません。", "選挙をもう一度選んでください。")
    return chosen


def must_preside(staff_id: str, election: Election) -> Staff:
    """The 投票管理者 or the 職務代理者, who alone may decide this."""
    person = election.person(staff_id)
    if person is None or not person.role.presides:
        raise Refusal(Code.INCOMPLETE, "投票管理者か職務代理者の判断が要ります。", "投票管理者を呼んでください。")
    return person


def second_operator(staff_id: str, operator: str, election: Election) -> Staff:
    """Somebody of the staff, but neither the operator nor a 立会人, who watch. The desk checks the PIN."""
    person = election.person(staff_id)
    if person is None or person.role is StaffRole.WITNESS:
        raise Refusal(Code.INCOMPLETE, "二人目の確認者の番号が違います。", "従事者名簿の番号を入れてください。")
    if operator in (person.id, person.name):
        raise Refusal(Code.INCOMPLETE, "操作している本人は、二人目の確認者になれません。",
                      "ほかの従事者に確かめてもらってください。")
    return person


def assistants_of(ids: tuple[str, ...], election: Election) -> tuple[str, ...]:
    """代理投票の補助者: two different people of the staff, one who writes, one who is present (法48条②, unverified).

    They are 事務従事者; 投票管理者 and 立会人 have their own task.
    """
    people = [person for staff_id in ids if (person := election.person(staff_id))]
    fit = {person.id for person in people if person.role in (StaffRole.CLERK, StaffRole.DEPUTY)}
    if len(ids) != 2 or len(fit) != 2:
        raise Refusal(Code.INCOMPLETE, "代理投票の補助者は、事務従事者から2人選んでください。",
                      "立会人と投票管理者は補助者になれません。")
    return ids
