"""A household of the register on the desk: rows that digits choose, in the order in which they were chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.shelter.look import SEXES
from screens.panels import Hints, Paged
from screens.shelter_people import HIDDEN, age_number
from screens.widgets import pad, row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.register.people import Resident
    from screens.service import ServiceScreen


class Members(Paged):
    """Digits and Space choose members, Enter goes on with them, A takes all, Esc leaves without recording."""

    help = ("数字を押すと、その人に印が付きます。もう一度押すと外れます。押した順が書類に載る順です。\n"
            "A 全員  上下の矢印とスペースでも選べます  Enter で次へ  Esc でやめます。")

    def __init__(self, screen: ServiceScreen, opened: Opened, then: Callable[[tuple[str, ...]], Awaitable[None]], *,
                 prompt: str = "対象の人を番号で選んで Enter", chosen: Collection[str] = (), one: bool = False,
                 barred: Mapping[str, str] | None = None, states: Mapping[str, str] | None = None,
                 notes: tuple[str, ...] = (), weight: Weight = Weight.READY) -> None:
        super().__init__(screen)
        self.opened, self.then, self.prompt, self.one = opened, then, prompt, one
        self.barred, self.states, self.notes, self.weight = barred or {}, states or {}, notes, weight
        """`barred`: why a member cannot be chosen; `states`: a word behind each member."""
        self.members: tuple[Resident, ...] = opened.household.members if opened.household else ()
        self.chosen: list[str] = [key for key in chosen if key not in self.barred]

    @override
    def count(self) -> int:
        return len(self.members)

    @override
    def verdict(self) -> Verdict:
        return Verdict(self.weight, self.prompt, notes=(*self.opened.notes, *self.notes))

    @override
    def title(self) -> str:
        head = self.opened.household.head if self.opened.household else None
        first = head or (self.members[0] if self.members else None)
        if first is None:
            return ""
        place = HIDDEN if first.protected else shown(first.town)
        return f"{shown_name(first.name)} さんの世帯  {place}"

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        one = self.members[index]
        place = str(self.chosen.index(one.addressee_no) + 1) if one.addressee_no in self.chosen else ""
        cursor = ">" if index == self.cursor else " "
        age = age_number(one.birth.age_text(self.screen.desk.today()))
        note = " ".join(part for part in (self.barred.get(one.addressee_no, ""), self.states.get(one.addressee_no, ""),
                                          "この方" if one.addressee_no == self.opened.who else "") if part)
        content = row([(cursor + mark, 2), (pad(place, 2), 2), (shown_name(one.name), 24),
                       (SEXES.get(one.sex_code, ""), 2), (age, 3), (one.birth_label, 16),
                       (shown(one.relationship_label), 8), (shown(note), 40)], width, emphasis=2 if place else None)
        if place:
            content = content.stylize("$chosen")
        return content.stylize("$faint") if one.addressee_no in self.barred else content

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        more = self.more()
        lines = self.rows(width, height - bool(more))
        return [*lines, Content(more)] if more else lines

    @override
    def hints(self) -> Hints:
        every = () if self.one else (("A", "全員"),)
        return (("数字", "選ぶ"), *every, ("Enter", "次へ"), ("Esc", "戻る"))

    @override
    def kept(self) -> tuple[str, Mapping[str, Any]] | None:
        return self.opened.who, {}

    def toggle(self, index: int) -> None:
        """Choose a member, or take the mark away; who is barred is said."""
        key = self.members[index].addressee_no
        self.cursor = index
        if key in self.barred:
            self.screen.warn(f"この方は選べません: {self.barred[key]}")
        elif key in self.chosen:
            self.chosen.remove(key)
        else:
            self.chosen = [key] if self.one else [*self.chosen, key]

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.rest()
        elif self.move(key):
            return
        elif (index := self.digit(character)) is not None:
            self.toggle(index)
        elif key == "space" and self.members:
            self.toggle(self.cursor)
        elif character == "a" and not self.one:
            self.chosen = [one.addressee_no for one in self.members if one.addressee_no not in self.barred]
        elif key == "enter":
            if self.chosen:
                await self.then(tuple(self.chosen))
            else:
                self.screen.warn("だれも選ばれていません。数字で選んでください")
