"""F7 on a stop of 支援措置 or 抑止: the responsible person lifts it for one reception (desk/releasing.py)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sanjo_tui.receptions.lookups import REASONS
from screens.form import Field, FormScreen

if TYPE_CHECKING:
    from screens.service import ServiceScreen


async def release(screen: ServiceScreen, addressee_no: str) -> bool:
    """Asks for the reason and, where operators are registered, for a second one. Whether it was lifted."""
    fields = [Field(key="reason", label="理由", required=True, options=tuple(REASONS.items()))]
    if screen.desk.keys.operators():
        fields += [Field(key="verifier", label="責任者の番号", required=True),
                   Field(key="pin", label="暗証番号", required=True, secret=True)]
    answers = await screen.sanjo.push_screen_wait(FormScreen("責任者による解除", fields, enter="解除"))
    if answers is None:
        return False
    await screen.ask(partial(screen.desk.release, addressee_no, answers["reason"], answers.get("verifier", ""),
                             answers.get("pin", "")))
    return True
