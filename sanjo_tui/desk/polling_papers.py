"""The papers of a polling desk: what journal and roll hold, filled into the documents. Layout: documents/.

`FORMS` is the list of what there is. Every form that carries names is logged before it is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk.papers import Paper
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk


def heading(polling: PollingDesk, serial: str = "", reissue: int = 0) -> Heading:
    """What every page says of itself, as of now."""
    station, election, place, roll = polling.desk.station, polling.election, polling.place, polling.roll
    now = dt.datetime.now(JST)
    return Heading(
        municipality=station.municipality, place=place.name if place else station.place, station=station.code,
        at=f"{wareki(now.date())} {now:%H:%M}", register_as_of=wareki(roll.info.as_of) if roll else "",
        drill=station.drill, serial=serial, reissue=reissue, disaster=election.name if election else "",
        fictitious=bool((roll and roll.info.fictitious) or (election and election.fictitious)))


def make(polling: PollingDesk, form: str, *, serial: str = "", reissue: int = 0, **parameters: Any) -> Paper:
    """The form, filled in as things are now. Raises PrintError for a form that does not exist."""
    fill = FORMS.get(form)
    if fill is None:
        raise PrintError("その書類はありません。", f"{'、'.join(FORMS)} から選んでください。", detail=form)
    return fill(polling, heading(polling, serial, reissue), **parameters)


FORMS: dict[str, Callable[..., Paper]] = {}
