"""The rules for one row of a snapshot (docs/register.md §3): what is an error, what a warning.

Rules between rows (heads, order, duplicates) are in household.py. A value is judged, never corrected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sanjo_tui import numbers, wareki
from sanjo_tui.register import columns
from sanjo_tui.register.report import Report

_PERIOD = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?/([0-9]{4}-[0-9]{2}-[0-9]{2})?")
_FLAGS = {"", "0", "1"}
_NUMBER = re.compile("[0-9]{1,15}")


class RowCheck:
    """Judges the rows of one residents file; values seen before are judged only once, since most of them repeat."""

    def __init__(self, report: Report, file: str, lg_code: str, as_of: str) -> None:
        self.report, self.file, self.lg_code, self.as_of = report, file, lg_code, as_of
        self._births: dict[tuple[str, str, str, str], str | None] = {}
        self._relationships: dict[tuple[str, str, str, str], str] = {}
        self._codes: set[tuple[str, ...]] = set()

    def error(self, line: int, column: str, rule: str, message: str, value: str = "") -> None:
        """An error of this file."""
        self.report.error(self.file, line, column, rule, message, value)

    def warn(self, line: int, column: str, rule: str, message: str, value: str = "") -> None:
        """A warning of this file."""
        self.report.warn(self.file, line, column, rule, message, value)

    def numbers(self, line: int, addressee_no: str, household_no: str) -> None:
        """宛名番号 and 世帯番号: digits, up to 15; a wrong check digit is only worth a warning (old numbers)."""
        if not _NUMBER.fullmatch(addressee_no):
            self._wrong_number(line, "addressee_no", "宛名番号", addressee_no)
        elif not numbers.is_addressee_no(addressee_no):
            self.warn(line, "addressee_no", "check_digit", "宛名番号の検査数字が合いません", addressee_no)
        if not _NUMBER.fullmatch(household_no):
            self._wrong_number(line, "household_no", "世帯番号", household_no)

    def _wrong_number(self, line: int, column: str, label: str, value: str) -> None:
        if value:
            self.error(line, column, "digits", f"{label}は 15 桁までの数字です", value)
        else:
            self.error(line, column, "required", f"{label}がありません")

    def birth(self, line: int, raw: str, unknown: str, text: str, era: str) -> str | None:
        """The search key of a birth date (`YYYY-MM-DD`, the day as written), None where no whole day is known."""
        values = (raw, unknown, text, era)
        if values in self._births:
            return self._births[values]
        date = wareki.register_date(raw, unknown == "1", text, era)
        fine = True
        if unknown != "1" and not date.sort_key:
            self.error(line, "birth_date", "date" if raw else "required",
                       "日付として読めません" if raw else "生年月日がありません（不詳なら birth_unknown を 1 に）", raw)
            fine = False
        if unknown != "1" and date.sort_key > self.as_of:
            self.warn(line, "birth_date", "future", "現在日より後の生年月日です", raw)
            fine = False
        if wareki.impossible_era(raw):
            self.warn(line, "birth_date", "era", "その元号にない年です", raw)
            fine = False
        key = date.sort_key if date.exact else None
        if fine:  # what has a finding is judged again, so that every line is named
            self._births[values] = key
        return key

    def codes(self, line: int, row: Sequence[str]) -> None:
        """Status, kind, sex, flags and era code; `row` holds these columns in the order of CODED."""
        values = tuple(row)
        if values in self._codes:
            return
        found = len(self.report.errors)
        status, kind, sex, unknown, era, latest, deleted, lg_code = values
        if status not in columns.STATUSES:
            self.error(line, "resident_status", "code" if status else "required",
                       "住民状態は 1、2、3、9 のどれかです", status)
        if kind and kind not in columns.KINDS:
            self.error(line, "resident_kind", "code", "住民種別は 1 か 2 です", kind)
        if sex and sex not in columns.SEXES:
            self.error(line, "sex_code", "code", "性別は 1、2、空欄のどれかです", sex)
        if era and era not in "12345":
            self.error(line, "birth_era", "code", "元号は 1 から 5 です", era)
        for column, flag in (("birth_unknown", unknown), ("is_latest", latest), ("is_deleted", deleted)):
            if flag not in _FLAGS:
                self.error(line, column, "code", "1 か 0 を書いてください", flag)
        if lg_code and numbers.lg_code(lg_code) != self.lg_code:
            self.error(line, "lg_code", "lg_code", "manifest.toml と違う団体コードです", lg_code)
        if len(self.report.errors) == found:
            self._codes.add(values)

    def relationship(self, line: int, codes: tuple[str, str, str, str]) -> str:
        """続柄 as two-digit codes with commas between; `2` is read as `02`."""
        known = self._relationships.get(codes)
        if known is not None:
            return known
        wanted = [code.zfill(2) for code in codes if code]
        for place, code in enumerate(wanted, 1):
            if code not in columns.RELATIONSHIPS:
                self.error(line, f"rel{place}", "code", "続柄コードの表にありません", code)
                return ",".join(wanted)
        joined = ",".join(wanted)
        self._relationships[codes] = joined
        return joined

    def protection(self, line: int, flags: str, column: str = "suppress_flags") -> bool:
        """Whether any 支援措置 or 抑止 stands: it does not end by itself, and an unknown word protects too."""
        for word in flags.split():
            name, _, period = word.partition(":")
            if word in _FLAGS or name in columns.SUPPRESSIONS:
                if period and not _PERIOD.fullmatch(period):
                    self.warn(line, column, "period", "期間を読めません（保護の対象として扱います）")
            else:
                self.warn(line, column, "unknown_flag", "知らない抑止です（保護の対象として扱います）", name)
        return any(word != "0" for word in flags.split())

    def integer(self, line: int, column: str, value: str) -> int:
        """A history number or an order; blank is 0."""
        if value.isdecimal() and value.isascii() and len(value) <= 9:
            return int(value)
        if value:
            self.error(line, column, "digits", "数字で書いてください", value)
        return 0
