"""What the papers of a polling desk share: the heading, and who or what stands behind a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.journal.events import Claim, Recorded
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk
    from sanjo_tui.receptions.polling.election import Election
    from sanjo_tui.receptions.polling.state import PlaceDay
    from sanjo_tui.register.roll.elector import Elector


def heading(polling: PollingDesk, serial: str = "", reissue: int = 0) -> Heading:
    """What every page says of itself, as of now. Raises RuleError where no election, place or roll is loaded."""
    station = polling.desk.station
    election, place, roll = polling.loaded()
    now = dt.datetime.now(JST)
    return Heading(
        municipality=station.municipality, place=place.name, station=station.code,
        at=f"{wareki(now.date())} {now:%H:%M}", register_as_of=wareki(roll.info.as_of), register="選挙人名簿",
        drill=station.drill, serial=serial, reissue=reissue, disaster=election.name,
        fictitious=roll.info.fictitious or election.fictitious)


def received_under(polling: PollingDesk, reception_no: str) -> tuple[Recorded, ev.Received | ev.ProvisionalVote]:
    """The reception of a 受付番号. Raises PrintError where there is none, and where it was taken back."""
    number = canonical_registration_no(reception_no) or reception_no
    with polling.desk.journal.view() as view:
        holder = view.holder(Claim(ev.NUMBER, number))
        recorded = view.event(*holder) if holder else None
    if recorded is None or not isinstance(recorded.event, ev.Received | ev.ProvisionalVote):
        raise PrintError("その受付番号の記録はありません。", "番号を、最後の1文字まで確かめてください。")
    if isinstance(recorded.event, ev.Received):
        voter = polling.voter(recorded.event.subject)
        if voter is None or all(visit.number != recorded.number for visit in voter.visits):
            raise PrintError("その受付は取り消されています。", "事故記録か調書を見てください。")
    return recorded, recorded.event


def known(polling: PollingDesk, key: str) -> Elector:
    """The elector behind a record. Raises PrintError where the present roll does not have them any more."""
    elector = polling.elector(key, polling.voter(key))
    if elector is None:
        raise PrintError("名簿にいない方です。", "受付のときの名簿に戻してから、もう一度印刷してください。")
    return elector


def day_of(polling: PollingDesk, day: str) -> tuple[dt.date, PlaceDay | None]:
    """The day asked for, else today; and its record."""
    wanted = dt.date.fromisoformat(day) if day else polling.today()
    return wanted, next((d for d in polling.days() if d.day == wanted.isoformat()), None)


def names_of(election: Election, contests: Iterable[str]) -> tuple[str, ...]:
    """Names of contests; a code that the election does not know stays as it is."""
    return tuple(c.name if (c := election.contest(code)) else code for code in contests)


def staff_name(election: Election, staff_id: str) -> str:
    """Name of somebody on duty, else the id."""
    person = election.person(staff_id)
    return person.name if person else staff_id
