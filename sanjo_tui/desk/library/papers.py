"""The papers of 図書館窓口: which there are, what each needs, how it is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sanjo_tui.desk.library.lists import FORM as LIST
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.library import notice
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.library.state import HOLDERS
from sanjo_tui.receptions.library.words import SCOPE, Standing
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.library.desk import LibraryDesk
    from sanjo_tui.documents.paper import Heading

NOTICE = "library.notice"


def _notice(service: LibraryDesk, heading: Heading, *, addressee_no: str) -> Paper:
    """図書番号通知書 as the number stands now. No address; the name is the one of the reception."""
    with service.desk.journal.view() as view:
        holder = view.record_of(HOLDERS, SCOPE, addressee_no)
    if holder is None or holder.standing is not Standing.ISSUED:
        raise PrintError("この方の図書番号は、今は使えません。", "番号の状態を確かめてください。")
    setup = service.setup
    issued = dt.datetime.fromtimestamp(holder.at_ms / 1000, JST).date()
    content = notice.Notice(
        heading=heading, library_card_no=holder.number, name=holder.name, issued_on=wareki(issued),
        valid_until=wareki(dt.date.fromisoformat(holder.valid_until)) if holder.valid_until else "",
        reception_no=holder.reception_no, web_use=holder.web_use, lines=setup.notice_lines, sample=setup.sample,
        places=tuple(notice.Place(name=one.name, address=one.address, phone=one.phone) for one in setup.libraries))
    return Paper(document=notice, content=content)


def _list(service: LibraryDesk, heading: Heading, *, day: str) -> Paper:
    return service.list_paper(day, heading.serial, heading.reissue)


FORMS: Mapping[str, Callable[..., Paper]] = {NOTICE: _notice, LIST: _list}
NEEDS: Mapping[str, Permission] = {NOTICE: Permission.FORM, LIST: Permission.LIST}
FORM_NAMES: Mapping[str, str] = {NOTICE: "図書番号通知書", LIST: "申請データ一覧"}
