"""避難行動要支援者名簿: who needs help to flee, loaded beside the register (災対法49条の10; docs/shelter.md).

Read whole when a desk opens: some thousand rows. `disclosure_consent`: the person agreed in peace time that helpers may
be told; in a disaster the list may be used without it (49条の11), but not by everybody at a desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjo_tui.register.check import RowCheck
from sanjo_tui.register.content import Content
from sanjo_tui.register.loaded import Kind, Loaded, Table
from sanjo_tui.register.shelf import FileKeys

_FLAGS = {"1": 1, "0": 0, "": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One person. `reason` in the list's own words; `phone` of the person or a helper; `consent` to disclosure."""

    addressee_no: str
    reason: str
    phone: str = ""
    consent: bool = False


def _judge(check: RowCheck, line: int, row: Sequence[str]) -> tuple[Any, ...]:
    addressee_no, reason, phone, consent = row
    if not (addressee_no.isascii() and addressee_no.isdigit() and len(addressee_no) <= 15):
        check.error(line, "addressee_no", "digits" if addressee_no else "required", "宛名番号は 15 桁までの数字です")
    if not reason.strip():
        check.warn(line, "reason", "required", "事由がありません")
    if consent not in _FLAGS:
        check.error(line, "disclosure_consent", "code", "1 か 0 を書いてください")
    return addressee_no, reason.strip(), phone.strip(), _FLAGS.get(consent, 0)


SUPPORT = Kind(
    content=Content(name="support", noun="避難行動要支援者名簿", load="shelter load",
                    again="フォルダーを shelter load で読み込み直してください。"),
    check_command="shelter check",
    tables=(Table(name="support", columns=("addressee_no", "reason", "phone", "disclosure_consent"),
                  required=("addressee_no", "reason", "disclosure_consent"), key="addressee_no", judge=_judge),))
"""The folder: support.csv (manifest content `support`)."""


def read(home: Path, keys: FileKeys) -> tuple[dict[str, Support], Loaded | None]:
    """Everybody on the list in use by 宛名番号, and what it says of itself; empty where none is. RegisterError."""
    opened = SUPPORT.open_live(home, keys)
    if opened is None:
        return {}, None
    database, info = opened
    try:
        rows = database.execute_sql("SELECT addressee_no, reason, phone, disclosure_consent FROM support").fetchall()
    finally:
        database.close_all()
    return {no: Support(addressee_no=no, reason=reason, phone=phone, consent=bool(consent))
            for no, reason, phone, consent in rows}, info
