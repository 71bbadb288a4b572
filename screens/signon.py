"""操作者交替: who is at the desk, by number and PIN or by the operator's card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.errors import SanjoError
from screens.form import Field, FormScreen
from screens.messages import Reported

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk
    from sanjo_tui.vault.roles import Who
    from screens.app import SanjoApp

HELP = ("職員番号と暗証番号を入れて Enter を押すと、操作者が替わります。\n"
        "登録した職員カードがあれば、かざすだけで替わります。\n"
        "この後の記録は、新しい操作者の名前で残ります。席を離れるときは Ctrl+L で施錠してください。")


class SignOnScreen(FormScreen):
    """Number and PIN, or a card; the answers, `{"card": seen}`, or None when it was left with Esc."""

    def __init__(self, note: str) -> None:
        super().__init__("操作者", (Field(key="operator", label="職員番号", required=True),
                                 Field(key="pin", label="暗証番号", required=True, secret=True)),
                         enter="始める", note=note, help=HELP)

    @override
    def on_reported(self, message: Reported) -> None:
        if isinstance(message.fact, CardSeen):
            self.dismiss({"card": message.fact})


async def sign_on(app: SanjoApp, desk: Desk, *, must: bool) -> tuple[Who, CardSeen | None] | None:
    """Asks until somebody is at the desk; None when it was left (not where one `must`). Gives the card, if one did."""
    note = "職員番号と暗証番号を入れるか、職員カードをかざしてください。"
    while True:
        answers: dict[str, Any] | None = await app.push_screen_wait(SignOnScreen(note))
        if answers is None:
            if must:
                continue
            return None
        seen = answers.get("card")
        try:
            if seen is not None:
                return await app.ask(desk.sign_on_card, seen), seen
            return await app.ask(desk.sign_on, answers["operator"], answers["pin"]), None
        except SanjoError as error:
            app.note_error(error)
            app.bell()
            note = f"{error.message}{error.hint}"
