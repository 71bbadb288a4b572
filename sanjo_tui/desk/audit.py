"""The audit at the desk: who looked at whom, answered to whoever may ask, and itself recorded before it is answered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents import audit as document
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import JournalError, RuleError
from sanjo_tui.journal.chain import Head
from sanjo_tui.journal.events import Recorded, Restored
from sanjo_tui.receptions import audit
from sanjo_tui.receptions.audit import Line
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk

QUESTIONS = {"person": "ある人への照会", "operator": "ある操作者の記録", "night": "時間帯の記録",
             "mass": "受付のない多数の照会", "unlocks": "開錠と施錠", "unapproved": "承認を待つ開示"}


def ask(desk: Desk, question: str, *, of: str = "", start: str = "22:00", end: str = "06:00", minutes: int = 0,
        count: int = 0) -> Paper:
    """The answer to one of QUESTIONS, filled in. `of`: a person's or an operator's number. NotAllowed, RuleError.

    `minutes` and `count` 0: as the station's alarm. What was asked is in the journal before anything is answered.
    """
    desk.permit(Permission.AUDIT)
    of = of.strip()
    if question in ("person", "operator") and not re.fullmatch(r"[A-Za-z0-9._-]{1,32}", of):
        raise RuleError("番号で指定してください。", "宛名番号か受付番号、操作者なら職員番号を半角で書きます。")
    answer = _answer(desk, question, of, _time(start), _time(end), minutes or desk.station.alarm_minutes,
                     count or desk.station.alarm_lookups or 30)
    with desk.journal.view() as view:
        rows = answer(list(view.events()))
    desk.log_act(audit.ASKING, {"question": question, **({"of": of} if of else {}), "rows": len(rows)})
    title = f"{QUESTIONS[question]} {of}".rstrip()
    content = document.Audit(heading=_heading(desk), question=title, rows=tuple(rows))
    return Paper(document=document, content=content, columns=document.COLUMNS, rows=content.rows)


def _answer(desk: Desk, question: str, of: str, start: dt.time, end: dt.time, minutes: int,
            count: int) -> Callable[[list[Recorded]], list[Line]]:
    match question:
        case "person":
            return lambda events: audit.of_person(audit.lines(events), _names(desk, of, events))
        case "operator":
            return lambda events: audit.of_operator(audit.lines(events), of)
        case "night":
            return lambda events: audit.at_night(audit.lines(events), start, end)
        case "mass":
            return lambda events: audit.masses(audit.lines(events), minutes, count)
        case "unlocks":
            return audit.unlocks
    return audit.unapproved


def _names(desk: Desk, number: str, events: Sequence[Recorded]) -> frozenset[str]:
    """All numbers under which somebody stands in the journal: also the household's sheet and the 受付番号."""
    names = {number, f"P{number}"}
    resident = desk.register.resident(number) if desk.register else None
    if resident is not None and not resident.protected:
        names.add(resident.household_no)
    for recorded in events:
        if recorded.event.subject == number and audit.is_reception(recorded):
            given = (getattr(recorded.event, key, "") for key in ("registration_no", "reception_no"))
            names |= {str(one) for one in given if one}
    return frozenset(names)


def _time(text: str) -> dt.time:
    try:
        return dt.datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise RuleError("時刻は 22:00 のように書いてください。", "時と分を半角の数字で指定します。") from None


def _heading(desk: Desk) -> Heading:
    station, now = desk.station, dt.datetime.now(JST)
    return Heading(municipality=station.municipality, place=station.place, station=station.code, drill=station.drill,
                   at=f"{wareki(now.date())} {now:%H:%M}",
                   fictitious=bool(desk.register and desk.register.info.fictitious))


# --- the journal's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """The ends of all chains now, and where a compared one was found. `after`: events recorded since."""

    heads: tuple[Head, ...]
    found: Head | None = None
    after: int = 0


def anchors(desk: Desk, head: str = "", number: str = "") -> Anchors:
    """The journal's ends, after the whole of it was verified; `head` is one that stands on paper or in a bundle.

    `number`: `STATION-SEQ` beside it, if it is known. Raises JournalError naming what is wrong: the tail was cut off,
    or an older copy was restored and went on. UsageError-like RuleError for text that is no head.
    """
    desk.permit(Permission.AUDIT)
    wanted = "".join(head.split()).lower()
    if wanted and not re.fullmatch(r"[0-9a-f]{8,64}", wanted):
        raise RuleError("末尾は 8 桁以上の 16 進数です。", "紙の「末尾」の英数字を、そのまま書いてください。")
    whole = desk.journal.verify()
    found, after = _find(desk, wanted, number) if wanted else (None, 0)
    desk.log_act(audit.ASKING, {"question": "anchors", "compared": bool(wanted), "rows": len(whole.heads)})
    return Anchors(heads=whole.heads, found=found, after=after)


def _find(desk: Desk, wanted: str, number: str) -> tuple[Head, int]:
    station, _, seq = number.strip().rpartition("-")
    with desk.journal.view() as view:
        ends: dict[str, int] = {}
        match: Head | None = None
        for row in view.rows():
            ends[row.station] = max(row.seq, ends.get(row.station, 0))
            if row.hash.hex().startswith(wanted) and (not number or f"{row.station}-{row.seq}" == number.strip()):
                match = Head(row.station, row.seq, row.hash)
        restored = [r for r in view.events(kinds=(Restored.kind,)) if isinstance(r.event, Restored)]
    if match is not None:
        return match, ends[match.station] - match.seq
    from_copy = f"この記録は {restored[-1].event.copy_made} の控えから戻されています。" if restored else ""  # type: ignore[attr-defined]
    hint = f"{from_copy}この端末での受付をやめ、本部に連絡して、末尾を控えた紙とともに調べてください。"
    if station and seq.isdigit() and int(seq) > ends.get(station, 0):
        raise JournalError(f"記録の後ろが切られています。紙は {number.strip()} まで、今の記録は "
                           f"{station}-{ends.get(station, 0)} までです。", hint, detail="tail cut")
    if station:
        raise JournalError(f"{number.strip()} の末尾が紙と違います。古い控えに戻された記録が続いています。", hint,
                           detail="restored copy")
    raise JournalError("その末尾は今の記録にありません。後ろが切られたか、古い控えに戻されています。", hint,
                       detail="head unknown")
