"""The papers of 子育て支援カード: which there are, what each needs, how it is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sanjo_tui.desk.childcare.cards import APPLICATION
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.childcare import application, ledger, renewals, shops
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.childcare import events as ev
from sanjo_tui.receptions.childcare import lists
from sanjo_tui.receptions.childcare.words import SCOPE
from sanjo_tui.receptions.identity import Reception
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.childcare.desk import ChildcareDesk
    from sanjo_tui.documents.paper import Heading
    from sanjo_tui.receptions.childcare.setup import Setup

LEDGER, RENEWALS, SHOPS = "childcare.ledger", "childcare.renewals", "childcare.shops"
SAMPLE = "見本（名前と数字は架空です）"
UNCONFIRMED = "未確認（条例・要綱と突き合わせるまで使えません）"


def marks(setup: Setup) -> tuple[str, ...]:
    """What a paper says of a set-up that is invented or that nobody compared."""
    return ((SAMPLE,) if setup.sample else ()) + ((UNCONFIRMED,) if setup.confirmed_on is None else ())


def _mark(setup: Setup) -> str:
    return "　".join(part for part, on in (("見本", setup.sample), ("未確認", setup.confirmed_on is None)) if on)


def _application(service: ChildcareDesk, heading: Heading, *, addressee_no: str) -> Paper:
    """交付申請書 as the reception recorded it; a protected person's address is masked."""
    desk, setup = service.desk, service.setup
    with desk.journal.view() as view:
        holding = service.holding(view, addressee_no)
        card = holding.card if holding else None
        found = None
        if card is not None:
            found = next((r for r in view.events(scope=SCOPE, subject=addressee_no, newest_first=True,
                                                 kinds=(ev.Applied.kind, ev.CardReissued.kind))
                          if getattr(r.event, "card_no", "") == card.card_no
                          and not view.is_reversed(r.station, r.seq)), None)
    resident = desk.register.resident(addressee_no) if desk.register else None
    if card is None or found is None or resident is None or not isinstance(found.event, Reception):
        raise PrintError("この方の申請は、今はありません。", "受付の状態を確かめてください。")
    lines = []
    for child in card.children:
        one = desk.register.resident(child.addressee_no) if desk.register else None
        hidden = one is None or (one.protected and not resident.protected)
        lines.append(application.ChildLine(
            name="（表示しません）" if one is None or hidden else one.name,
            birth="" if one is None or hidden else one.birth_label,
            until=wareki(dt.date.fromisoformat(child.until)), confirmed=child.confirmed))
    rule = setup.rule
    old = found.event.old_card_no if isinstance(found.event, ev.CardReissued) else ""
    content = application.Application(
        heading=heading, card_title=setup.title, kind="再発行" if old else "新規", reception_no=card.reception_no,
        card_no=card.card_no, old_card_no=old, office=f"{desk.station.municipality}長",
        applied_on=wareki(dt.datetime.fromtimestamp(found.at_ms / 1000, JST).date()), name=resident.name,
        name_kana=resident.name_kana, birth=resident.birth_label, address=resident.address, role=card.role.label,
        place=card.place.label, confirmed=card.confirmed, verified=found.event.verified_by.label,
        rule=f"{rule.until.label.format(age=rule.age)}の子どもが{card.needed}人以上",
        valid_until=wareki(dt.date.fromisoformat(card.valid_until)), children=tuple(lines), marks=marks(setup))
    return Paper(document=application, content=content)


def _ledger(service: ChildcareDesk, heading: Heading, *, live: bool = False) -> Paper:
    rows = service.ledger(live=live)
    service.list_made(LEDGER, len(rows))
    content = ledger.Ledger(heading=heading, title=service.setup.title, rows=rows, mark=_mark(service.setup))
    return Paper(document=ledger, content=content, columns=ledger.COLUMNS, rows=rows)


def _renewals(service: ChildcareDesk, heading: Heading, *, year: int = 0) -> Paper:
    rows = service.renewals(year)
    service.list_made(RENEWALS, len(rows))
    setup = service.setup
    first = lists.renewal_day(year or service.renewal_year(), setup.renewal_month)
    content = renewals.Renewals(heading=heading, title=setup.title, rows=rows, first=wareki(first), mark=_mark(setup))
    return Paper(document=renewals, content=content, columns=renewals.COLUMNS, rows=rows)


def _shops(service: ChildcareDesk, heading: Heading) -> Paper:
    """Those that take part today."""
    rows = tuple(shops.ShopRow(shop_id=shop.shop_id, name=shop.name, category=shop.category, benefit=shop.benefit,
                               valid_from=shop.valid_from.isoformat() if shop.valid_from else "",
                               valid_to=shop.valid_to.isoformat() if shop.valid_to else "", stickers=shop.stickers,
                               town=shop.town) for shop in service.shops(service.desk.today()))
    content = shops.Shops(heading=heading, title=service.setup.title, rows=rows, mark=_mark(service.setup))
    return Paper(document=shops, content=content, columns=shops.COLUMNS, rows=rows)


FORMS: Mapping[str, Callable[..., Paper]] = {
    APPLICATION: _application, LEDGER: _ledger, RENEWALS: _renewals, SHOPS: _shops}
NEEDS: Mapping[str, Permission] = {
    APPLICATION: Permission.FORM, LEDGER: Permission.LIST, RENEWALS: Permission.LIST, SHOPS: Permission.FORM}
FORM_NAMES: Mapping[str, str] = {
    APPLICATION: "交付申請書", LEDGER: "交付台帳", RENEWALS: "更新対象一覧", SHOPS: "協賛店一覧"}
