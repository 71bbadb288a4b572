"""利用者ID発行台帳 and the list of one day: numbers masked on paper, whole in CSV for the town's systems."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("addressee_no", "user_id", "valid_until", "status", "state", "issued_on", "consent_version", "consent_on",
           "consent_scope", "linked_ids", "reason", "issued_by")
"""Keys of CSV and JSON; the first four are those of cards.csv (docs/userid.md §6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One number. `name`: "" where it must not be shown; `status`: active, suspended, revoked, or reserved."""

    addressee_no: str
    user_id: str
    valid_until: str
    status: str
    state: str
    issued_on: str
    consent_version: str
    consent_on: str
    consent_scope: tuple[str, ...]
    linked_ids: tuple[str, ...]
    reason: str
    issued_by: str
    name: str = ""
    masked: str = ""
    scope_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """`title`: 発行台帳, or the list of a day."""

    heading: Heading
    title: str
    rows: tuple[LedgerRow, ...]
    sample: bool = False


def render(content: Ledger) -> Pdf:
    """A4 landscape."""
    layout = Listing(
        title=content.title, lines=22, where="場所", about="",
        columns=(Column("番号", 10, "#"), number("利用者ID", 32, "masked"), number("宛名番号", 30, "addressee_no", 8.5),
                 Column("氏名", 48, "name"), Column("状態", 32, "state", size=9),
                 number("発行日", 22, "issued_on", 8.5), number("有効期限", 22, "valid_until", 8.5),
                 Column("使う業務", 47, "scope_text", size=8), Column("理由", 22, "reason", size=8),
                 number("操作者", 12, "issued_by", 7.5)),
        summary=f"{len(content.rows)}件" + ("　見本" if content.sample else ""), empty="発行はありません")
    return listing.render(layout, content.heading, content.rows)
