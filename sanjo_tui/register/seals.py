"""印鑑登録の台帳 as the town delivers it: numbers and states, never an image of a seal (docs/kiosk.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjo_tui.register.check import RowCheck
from sanjo_tui.register.content import Content
from sanjo_tui.register.loaded import Kind, Loaded, Table
from sanjo_tui.register.shelf import FileKeys

STATUSES = {"registered": "registered", "登録": "registered", "1": "registered", "suspended": "suspended",
            "停止": "suspended", "deleted": "deleted", "抹消": "deleted", "0": "deleted"}
_FLAGS = {"1": 1, "0": 0, "": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRow:
    """One registration. `status`: registered, suspended or deleted; `integrated`: the card stands for 印鑑登録証."""

    addressee_no: str
    seal_registration_no: str
    status: str
    integrated: bool = False


def _judge(check: RowCheck, line: int, row: Sequence[str]) -> tuple[Any, ...]:
    addressee_no, number, status, integrated = row
    if not (addressee_no.isascii() and addressee_no.isdigit() and len(addressee_no) <= 15):
        check.error(line, "addressee_no", "digits" if addressee_no else "required", "宛名番号は 15 桁までの数字です")
    if not number.strip():
        check.error(line, "seal_registration_no", "required", "印鑑登録番号がありません")
    if status not in STATUSES:
        check.error(line, "status", "code" if status else "required",
                    "registered(登録)、suspended(停止)、deleted(抹消) のどれかです")
    if integrated not in _FLAGS:
        check.error(line, "integrated", "code", "1 か 0 を書いてください")
    return addressee_no, number.strip(), STATUSES.get(status, "deleted"), _FLAGS.get(integrated, 0)


SEALS = Kind(
    content=Content(name="seals", noun="印鑑登録データ", load="kiosk load",
                    again="フォルダーを kiosk load で読み込み直してください。"),
    check_command="kiosk check",
    tables=(Table(name="seals", columns=("addressee_no", "seal_registration_no", "status", "integrated"),
                  required=("addressee_no", "seal_registration_no", "status"), key="addressee_no", judge=_judge,
                  indexes=("addressee_no",), exempt=("addressee_no", "seal_registration_no")),))
"""The folder: seals.csv (manifest content `seals`)."""


def read(home: Path, keys: FileKeys) -> tuple[dict[str, SealRow], Loaded | None]:
    """Every registration in use by 宛名番号, and what the data say of themselves; empty where none. RegisterError."""
    opened = SEALS.open_live(home, keys)
    if opened is None:
        return {}, None
    database, info = opened
    try:
        rows = database.execute_sql(
            "SELECT addressee_no, seal_registration_no, status, integrated FROM seals").fetchall()
    finally:
        database.close_all()
    return {no: SealRow(addressee_no=no, seal_registration_no=number, status=status, integrated=bool(integrated))
            for no, number, status, integrated in rows}, info
