"""Who counts as a child, until when, and whose card follows from it. Pure: no clock, no database, no screen.

Rules and their sources: docs/childcare.md §2. What the register does not say for certain becomes a question to a
person (`Kid.ask`), never a guess.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.childcare.events import Child
from sanjo_tui.receptions.childcare.words import Place, Role, Until
from sanjo_tui.wareki import Precision, RegisterDate

if TYPE_CHECKING:
    from sanjo_tui.register.people import Household, Resident

SPOUSES = frozenset({"11", "12", "13", "14"})
"""続柄 夫, 妻, also 未届."""
OFFSPRING, PARENTS = "20", frozenset({"51", "52"})
MARGIN = 15
"""Years by which somebody whose birth date is not fully known must be older than the rule to be no child at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The town's rule; every figure of it is set-up. `disability_children` 0: no such option."""

    children: int = 3
    age: int = 18
    until: Until = Until.FISCAL
    roles: tuple[Role, ...] = (Role.GUARDIAN, Role.GRANDPARENT)
    fixed_end: dt.date | None = None
    disability_children: int = 0

    def needed(self, disability: bool = False) -> int:
        """How many children it takes."""
        return self.disability_children if disability and self.disability_children else self.children


@dataclass(frozen=True, slots=True, kw_only=True)
class Kid:
    """Somebody of the household who may count. `until`: last day, None where the register does not tell.

    `ask`: what a person must make sure of before this one counts, "" where nothing.
    """

    addressee_no: str
    until: dt.date | None
    ask: str = ""

    @property
    def sure(self) -> bool:
        """Counts without a question."""
        return not self.ask and self.until is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the household says of one holder. `role` is a proposal where `role_ask` says why a person must confirm."""

    kids: tuple[Kid, ...]
    role: Role | None
    role_ask: str = ""

    @property
    def sure(self) -> tuple[str, ...]:
        """宛名番号 of the children who count without a question."""
        return tuple(kid.addressee_no for kid in self.kids if kid.sure)


def reached(birth: dt.date, age: int) -> dt.date:
    """The day on which an age is reached: the day before the birthday (年齢計算ニ関する法律, 民法143条).

    Born on 1 April: 31 March. Born on 29 February: 28 February, in every year.
    """
    if (birth.month, birth.day) == (2, 29):
        return dt.date(birth.year + age, 2, 28)
    return birth.replace(year=birth.year + age) - dt.timedelta(days=1)


def counted_until(birth: RegisterDate, rule: Rule) -> dt.date | None:
    """Last day on which a child of this birth date counts; None for a date that is unknown or not on the calendar."""
    born = birth.calendar_day
    if born is None:
        return None
    last = reached(born, rule.age)
    if rule.until is Until.BIRTHDAY:
        return last
    march = dt.date(last.year, 3, 31)
    return march if last <= march else dt.date(last.year + 1, 3, 31)


def valid_until(untils: Iterable[dt.date], needed: int, fixed_end: dt.date | None = None) -> dt.date | None:
    """Last day of the card: the last on which `needed` children count, or the fixed end if that comes first.

    None where there are not so many children at all.
    """
    last = sorted(untils, reverse=True)
    if needed < 1 or len(last) < needed:
        return None
    end = last[needed - 1]
    return min(end, fixed_end) if fixed_end else end


def count_on(untils: Iterable[dt.date], day: dt.date) -> int:
    """How many of them count on a day."""
    return sum(day <= until for until in untils)


def look(household: Household, holder: str, rule: Rule, today: dt.date) -> Looked:
    """Children and role as the 続柄 and birth dates of this household have them, for a member or for nobody of it.

    Without the holder among them (別の世帯の祖父母) every child is offered and the role is a question.
    """
    living = [one for one in household.members if one.living]
    own = next((one for one in living if one.addressee_no == holder), None)
    young = {one.addressee_no: until for one in living
             if (until := _may_count(one, rule, today)) is not _NEVER}
    if own is None:
        sure = {one.addressee_no for one in living if one.addressee_no in young and _is_child(one)}
        return Looked(kids=_kids(living, young, sure), role=Role.GRANDPARENT, role_ask="世帯が別です")
    role, sure = _role(own, living, young)
    ask = ""
    if role is None:
        ask = "続柄では分かりません"
    elif role is Role.GUARDIAN and not _only_parents(own, living, young):
        ask = "親にあたる人がほかにもいます"
    return Looked(kids=_kids(living, young, sure), role=role, role_ask=ask)


_NEVER = dt.date.min
"""Of somebody who is surely no child by age."""


def _may_count(one: Resident, rule: Rule, today: dt.date) -> dt.date | None:
    """Last day by birth date; None: not known; `_NEVER`: too old."""
    until = counted_until(one.birth, rule)
    if until is not None:
        return until if until >= today else _NEVER
    known = one.birth.sort_key[:4]
    if one.birth.precision is not Precision.UNKNOWN and known and int(known) < today.year - rule.age - MARGIN:
        return _NEVER
    return None


def _position(one: Resident) -> tuple[str, ...]:
    """Place in the family, seen from the head; spouses stand where their partner stands."""
    return tuple(code for code in one.relationship if code not in SPOUSES and code != "02")


def _is_spouse(one: Resident) -> bool:
    return one.relationship[-1:] != () and one.relationship[-1] in SPOUSES


def _is_child(one: Resident) -> bool:
    return _position(one)[-1:] == (OFFSPRING,) and not _is_spouse(one)


def _role(own: Resident, living: Sequence[Resident], young: Collection[str]) -> tuple[Role | None, set[str]]:
    """The role that 続柄 gives, and the children it is a role to."""
    mine = _position(own)
    kids = [one for one in living if one.addressee_no in young and _is_child(one)]
    if own.addressee_no in {one.addressee_no for one in kids}:
        return Role.CHILD, {one.addressee_no for one in kids if _position(one) == mine}
    children = {one.addressee_no for one in kids if _position(one) == (*mine, OFFSPRING)}
    if children:
        return Role.GUARDIAN, children
    grand = {one.addressee_no for one in kids if _position(one) == (*mine, OFFSPRING, OFFSPRING)
             or (mine and mine[-1] in PARENTS and _position(one) == (*mine[:-1], OFFSPRING))}
    return (Role.GRANDPARENT, grand) if grand else (None, set())


def _only_parents(own: Resident, living: Sequence[Resident], young: Collection[str]) -> bool:
    """Whether nobody else of the holder's place in the family could be the parent (子 who are brothers or sisters)."""
    mine = _position(own)
    if not mine:
        return True
    blood = [one for one in living if _position(one) == mine and not _is_spouse(one)
             and one.addressee_no not in young]
    return len(blood) <= 1


def _kids(living: Sequence[Resident], young: dict[str, dt.date | None], sure: Collection[str]) -> tuple[Kid, ...]:
    found = []
    for one in living:
        if one.addressee_no not in young:
            continue
        until = young[one.addressee_no]
        ask = "" if one.addressee_no in sure else "続柄では、この方の子どもか分かりません"
        if until is None:
            ask = "生年月日が分からないか、暦にありません"
        found.append(Kid(addressee_no=one.addressee_no, until=until, ask=ask))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person made sure of about one child. `until`: the last day, where the register does not give it."""

    reason: str = ""
    until: dt.date | None = None


def counted(looked: Looked, chosen: Mapping[str, Answer]) -> tuple[Child, ...]:
    """The chosen children as they are recorded. RuleError: nobody of the household, or a question left open."""
    kids = {kid.addressee_no: kid for kid in looked.kids}
    found = []
    for number, answer in chosen.items():
        kid = kids.get(number)
        if kid is None:
            raise RuleError("この世帯の数えられる子どもではありません。", "子どもを番号で選び直してください。")
        until = kid.until or answer.until
        if until is None or (kid.ask and not answer.reason.strip()):
            raise RuleError(f"確かめていない子どもがいます。{kid.ask}。",
                            "書類で確かめ、方法と最後の日を入れてください。")
        found.append(Child(addressee_no=number, until=until.isoformat(), confirmed=answer.reason.strip()))
    return tuple(found)


def enough(children: Sequence[Child], needed: int, fixed_end: dt.date | None, today: dt.date) -> dt.date:
    """Last day of a card for these children. RuleError where they are too few, or its last day is over."""
    untils = [dt.date.fromisoformat(child.until) for child in children]
    end = valid_until(untils, needed, fixed_end)
    count = count_on(untils, today)
    if end is None or count < needed:
        raise RuleError(f"数える子どもが{count}人です。{needed}人からです。",
                        "世帯と続柄を確かめ、書類で案内してください。")
    if end < today:
        raise RuleError("カードの最終日を過ぎています。", "設定の fixed_end を確かめてください。")
    return end


def check_role(looked: Looked, rule: Rule, role: Role, place: Place, confirmed: str) -> None:
    """RuleError: a role that gets no card here, or one that the register does not show and nobody made sure of."""
    if role not in rule.roles:
        raise RuleError(f"{role.label}には交付しません。",
                        "対象は" + "、".join(one.label for one in rule.roles) + "です。")
    if (looked.role_ask or role is not looked.role or place is not Place.HOUSEHOLD) and not confirmed.strip():
        raise RuleError("続柄を確かめた方法がありません。", "戸籍などで確かめ、方法を入れてください。")
