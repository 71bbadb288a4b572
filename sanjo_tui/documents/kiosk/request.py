"""証明書交付申請書兼受付票, A5: what was asked for, under which number; in large words, that it is no certificate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, RULE, Sheet, label, value

LEFT, WIDE, HEAD = 10.0, 128.0, 30.0
NOT_ONE = "この紙は証明書ではありません"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSheet:
    """One sheet. `applicant` and `subjects` are names; masked where the person is protected."""

    heading: Heading
    issue_no: str
    reception_no: str
    asked_at: str
    certificate: str
    applicant: str
    subjects: str
    includes: str
    fiscal_year: str
    copies: str
    fee: str
    verified: str
    operator: str
    to: str


def render(content: RequestSheet) -> Pdf:
    """One page."""
    return compose(content.heading, "証明書交付申請書", A5, [partial(_page, content)], margin=8)


def _page(content: RequestSheet, sheet: Sheet) -> None:
    title(sheet, "証明書交付申請書", 17, 14)
    sheet.text(LEFT, 27, f"（宛先）{content.to}", 10)
    sheet.rect(LEFT, 31, WIDE, 9, BOLD)
    sheet.fit(LEFT, 31, WIDE, 9, NOT_ONE, 13, "center", "gothic")
    rest = WIDE - HEAD
    half = (WIDE - 2 * HEAD) / 2
    rows = [
        (9, [label(HEAD, "発行番号"), value(rest, content.issue_no, "発行番号", size=14, font="gothic")]),
        (8, [label(HEAD, "受付番号"), value(half, content.reception_no, "受付番号", font="gothic", size=9),
             label(HEAD, "申請日時"), value(half, content.asked_at, size=8.5)]),
        (9, [label(HEAD, "証明書"), value(rest, content.certificate, "証明書", size=13)]),
        (9, [label(HEAD, "申請者"), value(rest, content.applicant, "申請者", size=12)]),
        (12, [label(HEAD, "だれの証明書"), value(rest, content.subjects, "対象", size=11)]),
        (8, [label(HEAD, "記載する事項"), value(rest, content.includes, "記載", size=9.5)]),
        (8, [label(HEAD, "年度"), value(half, content.fiscal_year), label(HEAD, "通数"), value(half, content.copies)]),
        (8, [label(HEAD, "手数料"), value(rest, content.fee, "手数料")]),
        (8, [label(HEAD, "本人確認"), value(rest, content.verified)]),
    ]
    y = sheet.table(LEFT, 43, rows) + 3
    sheet.rect(LEFT, y, WIDE, 14, RULE)
    sheet.text(LEFT + 2, y + 3, "受け取りの署名", 8)
    symbols.code128(sheet, LEFT, y + 18, 70, 11, content.issue_no)
    sheet.fit(LEFT + 72, y + 18, WIDE - 72, 11, f"受け付けた職員・端末　{content.operator}", 8, "right", pad=0)
