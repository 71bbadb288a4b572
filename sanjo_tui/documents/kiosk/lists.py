"""交付一覧 (with its cash), 廃止一覧 and 印鑑登録の一覧; numbers and kinds, never a name."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, A4_LANDSCAPE, Heading, Pdf

ISSUE_COLUMNS = ("issue_no", "reception_id", "issued_at", "place", "certificate_kind", "channel", "requester",
                 "subjects", "includes", "fiscal_year", "copies", "fee", "tender", "pin_result", "pin_retries_left",
                 "status", "void_reason", "station_id", "operator_id")
SEAL_COLUMNS = ("addressee_no", "seal_registration_no", "status", "seal_card_integrated", "reason", "question")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """One number of the log. `fee` in yen; `subjects` 宛名番号 with blanks between."""

    issue_no: str
    reception_id: str
    issued_at: str
    place: str
    certificate_kind: str
    channel: str
    requester: str
    subjects: str
    includes: str
    fiscal_year: str
    copies: int
    fee: int
    tender: str
    pin_result: str
    pin_retries_left: str
    status: str
    void_reason: str = ""
    station_id: str = ""
    operator_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueList:
    """A day's log, or the void numbers."""

    heading: Heading
    title: str
    about: str
    rows: tuple[IssueRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRow:
    """One registration that was changed or asked about here."""

    addressee_no: str
    seal_registration_no: str
    status: str
    seal_card_integrated: bool
    reason: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealList:
    """What became of seals at this station."""

    heading: Heading
    rows: tuple[SealRow, ...]


def render(content: IssueList | SealList) -> Pdf:
    """The list as pages."""
    return _issues(content) if isinstance(content, IssueList) else _seals(content)


def _issues(content: IssueList) -> Pdf:
    counted = [row for row in content.rows if row.status != "廃止"]
    layout = Listing(
        title=content.title, size=A4_LANDSCAPE, lines=25, where="場所", about="",
        columns=(Column("番号", 8, "#"), number("発行番号", 38, "issue_no", 8.5),
                 number("受付番号", 32, "reception_id", 8), number("日時", 26, "issued_at", 8),
                 Column("証明書", 34, "certificate_kind", size=9), Column("所", 11, "channel", "center", size=8.5),
                 number("申請者", 24, "requester", 8), number("通", 8, "copies"),
                 number("手数料", 16, "fee", align="right"), Column("支払", 18, "tender", "center", size=8),
                 Column("状態", 15, "status", "center", size=8.5), Column("処分の理由", 33, "void_reason", size=8),
                 Column("職員", 14, "operator_id", "center", size=8)),
        summary=f"{content.about}　{len(content.rows)}件　有効 {len(counted)}件　"
                f"合計 {sum(row.fee for row in counted):,}円",
        total=lambda rows: f"{sum(row.fee for row in rows if row.status != '廃止'):,}円", empty="ありません")
    return listing.render(layout, content.heading, content.rows)


def _seals(content: SealList) -> Pdf:
    layout = Listing(
        title="印鑑登録 変更・停止一覧", size=A4, lines=28, where="場所", about="",
        columns=(Column("番号", 8, "#"), number("宛名番号", 30, "addressee_no", 9),
                 number("登録番号", 26, "seal_registration_no", 9), Column("状態", 16, "status", "center", size=9),
                 Column("理由", 60, "reason", size=9), Column("確認すること", 50, "question", size=9)),
        summary=f"{len(content.rows)}件　氏名は宛名番号で検索して確かめます", empty="ありません")
    return listing.render(layout, content.heading, content.rows)
