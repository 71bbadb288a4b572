"""The kiosk's papers, filled in when they are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.kiosk import lists, request
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.kiosk.state import ISSUES, Issue
from sanjo_tui.receptions.kiosk.words import Channel, PinResult, State
from sanjo_tui.receptions.shelter.look import day_and_clock
from sanjo_tui.register.people import MASKED
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.kiosk.desk import KioskDesk


def _request(desk: KioskDesk, head: Heading, issue_no: str) -> Paper:
    """交付申請書兼受付票 of one number; a protected person's name stands masked on it."""
    with desk.desk.journal.view() as view:
        issue = view.record_of(ISSUES, desk.scope, issue_no)
    if not isinstance(issue, Issue):
        raise PrintError("その発行番号はありません。", "番号を、最後の1文字まで確かめてください。")
    desk.list_made("kiosk.request", 1 + len(issue.subjects))
    at = dt.datetime.fromtimestamp(issue.issued_ms / 1000, JST)
    discount = f"（カード割引 {issue.discount:,}円）" if issue.discount else ""
    exempt = f"（減免：{issue.exemption}）" if issue.exemption else ""
    content = request.RequestSheet(
        heading=head, issue_no=issue.issue_no, reception_no=issue.reception_no,
        asked_at=f"{wareki(at.date())} {at:%H:%M}", certificate=issue.certificate.label,
        applicant=_name(desk, issue.person), subjects="　".join(_name(desk, key) for key in issue.subjects),
        includes="、".join(one.label for one in issue.includes) or "省略",
        fiscal_year=f"{issue.fiscal_year}年度" if issue.fiscal_year else "", copies=f"{issue.copies}通",
        fee=f"{issue.fee:,}円 {issue.tender.label}{discount}{exempt}",
        verified="暗証番号" if issue.channel is Channel.KIOSK else issue.verified_by.label,
        operator=issue.operator, to=f"{desk.desk.station.municipality}長")
    return Paper(document=request, content=content)


def _name(desk: KioskDesk, key: str) -> str:
    one = desk.desk.register.resident(key) if desk.desk.register else None
    if one is None:
        return f"宛名番号 {key}"
    return MASKED if one.protected else one.name


def _row(desk: KioskDesk, issue: Issue) -> lists.IssueRow:
    asked, place = issue.pin_result is not PinResult.NOT_ASKED, desk.desk.station.place
    return lists.IssueRow(
        issue_no=issue.issue_no, reception_id=issue.reception_no, issued_at=day_and_clock(issue.issued_ms),
        place=place if issue.station in desk.desk.journal.codes() else "",
        certificate_kind=issue.certificate.label, channel=issue.channel.label, requester=issue.person,
        subjects=" ".join(issue.subjects), includes="、".join(one.label for one in issue.includes),
        fiscal_year=str(issue.fiscal_year or ""), copies=issue.copies, fee=issue.fee, tender=issue.tender.label,
        pin_result=issue.pin_result.value if asked else "",
        pin_retries_left=str(issue.pin_retries_left) if asked and issue.pin_retries_left >= 0 else "",
        status=issue.state.value, void_reason=issue.void_reason, station_id=issue.station, operator_id=issue.operator)


def _issues(desk: KioskDesk, head: Heading, day: str = "") -> Paper:
    """交付一覧 of a day (`YYYY-MM-DD`, today where empty)."""
    asked = dt.date.fromisoformat(day) if day else desk.clock().date()
    rows = tuple(_row(desk, one) for one in desk.issues(asked))
    desk.list_made("kiosk.issues", len(rows))
    content = lists.IssueList(heading=head, title="証明書交付一覧", about=wareki(asked), rows=rows)
    return Paper(document=lists, content=content, columns=lists.ISSUE_COLUMNS, rows=rows)


def _voids(desk: KioskDesk, head: Heading) -> Paper:
    """廃止一覧: every number that was given and is void, with its reason."""
    rows = tuple(_row(desk, one) for one in desk.issues() if one.state is State.VOID)
    desk.list_made("kiosk.voids", len(rows))
    content = lists.IssueList(heading=head, title="発行番号 廃止一覧", about="全期間", rows=rows)
    return Paper(document=lists, content=content, columns=lists.ISSUE_COLUMNS, rows=rows)


def _seals(desk: KioskDesk, head: Heading) -> Paper:
    """印鑑登録 変更・停止一覧."""
    rows = tuple(lists.SealRow(
        addressee_no=one.holder, seal_registration_no=one.seal_registration_no, status=one.status.label,
        seal_card_integrated=one.integrated, reason=one.reason, question=one.asked) for one in desk.every_seal())
    desk.list_made("kiosk.seals", len(rows))
    return Paper(document=lists, content=lists.SealList(heading=head, rows=rows), columns=lists.SEAL_COLUMNS, rows=rows)


FORMS: dict[str, Callable[..., Paper]] = {
    "kiosk.request": _request, "kiosk.issues": _issues, "kiosk.voids": _voids, "kiosk.seals": _seals}
NEEDS = {"kiosk.request": Permission.FORM, "kiosk.issues": Permission.LIST, "kiosk.voids": Permission.LIST,
         "kiosk.seals": Permission.LIST}
FORM_NAMES = {"kiosk.request": "証明書交付申請書", "kiosk.issues": "証明書交付一覧", "kiosk.voids": "発行番号 廃止一覧",
              "kiosk.seals": "印鑑登録 変更・停止一覧"}
