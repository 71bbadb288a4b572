"""Questions that are asked one after the other in place: by digit, or typed into the box. Esc goes one back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from screens.panels import Hints, Panel, Pick
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from screens.desk import DeskScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`options` (value, label) make it a choice by digit; else it is typed. `check` gives a sentence, or "" if fine."""

    key: str
    label: str
    options: tuple[tuple[Any, str], ...] = ()
    required: bool = True
    hint: str = ""
    value: str = ""
    check: Callable[[str], str] | None = None


class Typed(Panel):
    """One answer in words: the box, then Enter; empty is accepted where it need not be answered."""

    takes_text = True

    def __init__(self, screen: DeskScreen, title: str, question: Question, then: Callable[[str], Awaitable[None]],
                 back: Callable[[], Awaitable[None]], done: Sequence[str] = ()) -> None:
        super().__init__(screen)
        self._title, self.question, self.then, self.back, self.done = title, question, then, back, done
        self.asks = question.hint
        self.help = f"{question.label}を打って Enter を押します。" + (
            "" if question.required else "なければ、そのまま Enter。") + "Esc で一つ前に戻ります。"

    @override
    def verdict(self) -> Verdict:
        extra = () if self.question.required else ("なければ、そのまま Enter",)
        return Verdict(Weight.READY, f"{self.question.label}を打って Enter", notes=extra)

    @override
    def title(self) -> str:
        return self._title

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [Content(pad(shown(line), width)).stylize("$faint") for line in self.done][-height:]

    @override
    def hints(self) -> Hints:
        return (("Enter", "次へ"), ("Esc", "一つ前"))

    @override
    async def search(self, text: str) -> None:
        self.screen.desk.refuse_my_number(text)
        wrong = self.question.check(text) if self.question.check else ""
        if wrong:
            self.screen.warn(wrong)
            put(self.screen, text)
            return
        await self.then(text)

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            await self.back()
        elif key == "enter" and not self.question.required:
            await self.then("")
        elif key == "enter":
            self.screen.warn(f"{self.question.label}を入れてください")


def put(screen: DeskScreen, text: str) -> None:
    """A text into the box, ready to be corrected at its end."""
    screen.box.value = text
    screen.box.cursor_position = len(text)


async def ask_all(screen: DeskScreen, title: str, questions: Sequence[Question],
                  then: Callable[[dict[str, Any]], Awaitable[None]], back: Callable[[], Awaitable[None]]) -> None:
    """Ask them in order; `then` gets the answers by key. Esc goes to the question before, then `back`."""
    answers: dict[str, Any] = {}

    def said(upto: int) -> list[str]:
        lines = []
        for question in questions[:upto]:
            value = answers.get(question.key, "")
            word = next((label for option, label in question.options if option == value), str(value))
            lines.append(f"  {question.label}: {word}")
        return lines

    async def show(index: int) -> None:
        if index < 0:
            await back()
        elif index == len(questions):
            await then({question.key: answers[question.key] for question in questions})
        else:
            ask(index)

    def ask(index: int) -> None:
        question = questions[index]

        async def answered(value: Any) -> None:
            answers[question.key] = value
            await show(index + 1)

        async def before() -> None:
            await show(index - 1)

        if question.options:
            options = [(label, value) for value, label in question.options]
            if not question.required:
                options.append(("答えない", ""))
            screen.show(Pick(screen, title, options, answered, enter=False, back=before,
                             prompt=f"{question.label}: 番号で選んでください",
                             notes=tuple(said(index)[-2:])))
        else:
            screen.show(Typed(screen, title, question, answered, before, said(index)))
            put(screen, question.value)

    await show(0)
