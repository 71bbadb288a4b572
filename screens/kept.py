"""A reception in progress while the station is locked or changes hands: numbers and choices, never a name.

The people are looked up anew afterwards, under whoever is at the desk then, and that look-up is recorded as any other.
What somebody saw with their own eyes (a document, a birth date that was said) counts for that operator alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from screens.desk import DeskScreen

if TYPE_CHECKING:
    from screens.polling import PollingScreen
    from screens.service import ServiceScreen
    from screens.shelter import ShelterScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was open at a desk. `key`: 宛名番号 or provisional number, "" for nobody; `choices`: what was chosen."""

    reception: str
    operator: str
    key: str = ""
    choices: Mapping[str, Any] = field(default_factory=dict)
    waiting: int = 0
    """Cards that waited; they are presented again, none is kept."""


def keep(screen: DeskScreen) -> Kept:
    """What is to be there again."""
    held = screen.in_progress.kept() if screen.in_progress is not None else None
    key, choices = held or ("", {})
    return Kept(reception=screen.RECEPTION, operator=screen.desk.operator, key=key, choices=choices,
                waiting=len(screen.waiting))


def give_back(screen: DeskScreen, kept: Kept) -> None:
    """Lets the desk open it again, behind what it is working on."""
    if kept.key:
        screen.do(partial(_open_again, screen, kept))
    if kept.waiting:
        screen.do(partial(_wanted, screen))


async def _open_again(screen: DeskScreen, kept: Kept) -> None:
    if screen.RECEPTION == "polling":
        await _voter(cast("PollingScreen", screen), kept)
    elif screen.RECEPTION == "shelter":
        await _household(cast("ShelterScreen", screen), kept)
    else:
        await cast("ServiceScreen", screen).open_again(kept)


async def _wanted(screen: DeskScreen) -> None:
    screen.tell("待っていたカードは、もう一度かざしてください")


async def _household(screen: ShelterScreen, kept: Kept) -> None:
    from sanjo_tui.receptions.shelter.words import Stay, Via
    from screens.shelter_household import Act, Household

    say = kept.choices
    opened = await screen.ask(screen.desk.open_person, kept.key, next(one for one in Via if one.value == say["via"]))
    if screen.desk.operator == kept.operator:
        opened = replace(opened, assurance=say["assurance"])
    look = await screen.ask(screen.shelter.look, opened)
    panel = Household(screen, opened, look, act=Act[say["act"]])
    if not look.verdict.stops:
        panel.chosen = {line.key for line in look.members if line.selectable and line.key in say["chosen"]}
        panel.stay = next(one for one in Stay if one.value == say["stay"])
    screen.show(panel)
    if say["binding"]:
        screen.warn("渡すカードを、もう一度かざしてください")


async def _voter(screen: PollingScreen, kept: Kept) -> None:
    from sanjo_tui.receptions.polling.words import Feature, IdMethod, Oath, Via
    from screens.polling_voter import Voter

    say, same = kept.choices, screen.desk.operator == kept.operator
    via = Via(say["via"]) if same else Via.SEARCH
    opened = await screen.ask(screen.polling.open_voter, kept.key, via)
    if same:
        opened = replace(opened, assurance=say["assurance"])
    await screen.open(opened)
    panel = screen.panel
    if not isinstance(panel, Voter) or not say["ways"]:
        return
    ways = say["ways"]
    panel.ways.abstain = {slip.contest.code for slip in panel.look.examined.papers} & set(ways["abstain"])
    panel.ways.braille, panel.ways.assistants = ways["braille"], ways["assistants"]
    panel.ways.oath = Oath(ways["oath"])
    if panel.reasons is not None and ways["reason"]:
        panel.reasons.press(str(ways["reason"]))
    if same:
        panel.ways.identified = IdMethod(ways["identified"]) if ways["identified"] else None
        panel.ways.decided_by = ways["decided_by"]
        panel.matched = {Feature(one) for one in ways["matched"]}
        panel.lives_here = ways["lives_here"]
