"""The rules for one row of a roll's files (docs/polling.md §2). A value is judged, never corrected.

What the desk would have to guess at is an error: an unknown 登録状態 could let somebody vote who may not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from sanjo_tui import numbers, text, wareki
from sanjo_tui.register import columns as register_columns
from sanjo_tui.register.check import RowCheck
from sanjo_tui.register.report import Report
from sanjo_tui.register.roll.elector import Absentee, MovedScope, RollStatus
from sanjo_tui.register.roll.tables import natural

_NUMBER = re.compile("[0-9]{1,15}")
_WORDS = re.compile("[\\s,、]+")
_STATUSES = {status.value for status in RollStatus}
_SCOPES = {scope.value for scope in MovedScope}
_ABSENTEE = {state.value for state in Absentee}


class ElectorRows(RowCheck):
    """Judges the rows of one roll.csv. `wards`: 投票区 that the election knows; empty: any."""

    def __init__(self, report: Report, file: str, lg_code: str, as_of: str, wards: Sequence[str],
                 tickets: TicketNumbers) -> None:
        super().__init__(report, file, lg_code, as_of)
        self._tickets = tickets
        self._wards = frozenset(wards)
        self._strange: set[str] = set()

    def elector(self, line: int, row: Sequence[str]) -> tuple[Any, ...]:
        """What stands in the table elector for a row: the columns of tables.ELECTOR, then those of tables.KEYS."""
        (addressee_no, user_id, roll_no, ward_code, ticket_no, name, name_kana, birth_date, sex, address, household_no,
         protected, status, moved_on, scope, assist_hint) = row
        self._identity(line, addressee_no, user_id, roll_no, ward_code, ticket_no, name)
        birth_key = self.birth(line, birth_date, "1" if "不詳" in birth_date else "", "", "")
        if sex and sex not in register_columns.SEXES:
            self.error(line, "sex_code", "code", "性別は 1、2、空欄のどれかです", sex)
        self._status(line, status, moved_on, scope)
        hidden = self.protection(line, protected, "protected") if protected else False
        one, other = text.kana_keys(name_kana)
        return (addressee_no, user_id, roll_no, ward_code, ticket_no, name, name_kana, birth_date, sex, address,
                household_no, int(hidden), status, day(moved_on), scope, " ".join(_WORDS.split(assist_hint.strip())),
                birth_key, natural(roll_no), natural(ward_code), one, other if other != one else None,
                text.kanji_key(name), line)

    def _identity(self, line: int, addressee_no: str, user_id: str, roll_no: str, ward_code: str, ticket_no: str,
                  name: str) -> None:
        if not _NUMBER.fullmatch(addressee_no):
            self.error(line, "addressee_no", "digits" if addressee_no else "required",
                       "宛名番号がないか、15 桁までの数字ではありません", addressee_no)
        elif not numbers.is_addressee_no(addressee_no):
            self.warn(line, "addressee_no", "check_digit", "宛名番号の検査数字が合いません", addressee_no)
        if user_id and (len(user_id) != 13 or not user_id.isascii() or not user_id.isdigit()):
            self.error(line, "user_id", "digits", "利用者IDは 13 桁の数字です")
        if not roll_no.strip():
            self.error(line, "roll_no", "required", "名簿番号がありません")
        if not ward_code.strip():
            self.error(line, "ward_code", "required", "投票区がありません")
        elif self._wards and ward_code not in self._wards and ward_code not in self._strange:
            self._strange.add(ward_code)
            self.warn(line, "ward_code", "unknown_ward", "選挙の設定のどの投票所にもない投票区です", ward_code)
        if ticket_no:
            self._tickets.judge(line, ticket_no)
        if not name.strip():
            self.error(line, "name", "required", "氏名がありません")

    def _status(self, line: int, status: str, moved_on: str, scope: str) -> None:
        if status not in _STATUSES:
            self.error(line, "roll_status", "code" if status else "required",
                       f"登録状態は {'、'.join(RollStatus)} のどれかです", status)
        if scope not in _SCOPES:
            self.error(line, "moved_scope", "code", f"転出先区分は {'、'.join(s for s in MovedScope if s)} か空欄です",
                       scope)
        elif status == RollStatus.MOVED and not scope:
            self.error(line, "moved_scope", "required", "転出表示の方には転出先区分が要ります")
        elif status == RollStatus.VALID and scope not in ("", MovedScope.SAME_TOWN):
            self.error(line, "moved_scope", "status", "登録状態が有効なのに、転出先区分が市外です", scope)
        if moved_on and not day(moved_on):
            self.error(line, "moved_on", "date", "日付として読めません", moved_on)
        elif status == RollStatus.MOVED and not moved_on:
            self.warn(line, "moved_on", "required", "転出日がありません")


class MarkRows(RowCheck):
    """Judges the rows of one roll_contests.csv. `contests`: those of the election; None: not known, so any."""

    def __init__(self, report: Report, file: str, lg_code: str, as_of: str, contests: Sequence[str] | None) -> None:
        super().__init__(report, file, lg_code, as_of)
        self._contests = None if contests is None else frozenset(contests)
        self._fine: dict[tuple[str, ...], tuple[str, ...]] = {}

    def mark(self, line: int, row: Sequence[str]) -> tuple[Any, ...]:
        """addressee_no, contest, district, early_date (ISO or ""), early_site, absentee, line."""
        said = tuple(row[1:])
        known = self._fine.get(said)
        if known is None:
            found = len(self.report.errors) + len(self.report.warnings)
            known = self._judge(line, said)
            if len(self.report.errors) + len(self.report.warnings) == found:
                self._fine[said] = known  # what has a finding is judged again, so that every line is named
        return row[0], *known, line

    def _judge(self, line: int, said: tuple[str, ...]) -> tuple[str, ...]:
        contest, district, early_date, early_site, absentee = said
        if not contest.strip():
            self.error(line, "contest", "required", "選挙の code がありません")
        elif self._contests is not None and contest not in self._contests:
            self.error(line, "contest", "unknown_contest", "選挙の設定にない選挙です", contest)
        if absentee not in _ABSENTEE and absentee:
            self.error(line, "absentee", "code", f"不在者投票は {'、'.join(Absentee)} のどれかです", absentee)
        voted = day(early_date)
        if early_date and not voted:
            self.error(line, "early_date", "date", "日付として読めません", early_date)
        elif voted > self.as_of:
            self.warn(line, "early_date", "future", "現在日より後の期日前投票です", early_date)
        if early_site and not early_date:
            self.error(line, "early_date", "required", "期日前投票所があるのに、投票日がありません", early_site)
        if voted and absentee in (Absentee.ISSUED, Absentee.ACCEPTED):
            self.warn(line, "absentee", "twice", "期日前投票と不在者投票の両方の印があります", absentee)
        return contest, district, voted, early_site, absentee or Absentee.NONE.value


class TicketNumbers:
    """Judges 入場券番号 of one file. `is_ticket`: whether the election's bar codes give a number; None: not known."""

    def __init__(self, report: Report, file: str, is_ticket: Callable[[str], bool] | None) -> None:
        self._report, self._file, self._is_ticket = report, file, is_ticket
        self._unread: list[int] = []

    def judge(self, line: int, number: str) -> None:
        """Errors for what no bar code can hold and for a 個人番号; what the scanner would not read is counted."""
        if not number or len(number) > 64 or not number.isprintable() or " " in number:
            self._report.error(self._file, line, "ticket_no", "code",
                               "入場券番号がないか、空白などがあります（64 字まで）")
        elif self._is_ticket is not None and not self._is_ticket(number):
            if numbers.is_my_number(number):
                self._report.error(self._file, line, "ticket_no", "my_number", "個人番号と思われる番号は使えません")
            self._unread.append(line)

    def conclude(self) -> None:
        """One warning for all numbers that the scanner would not read."""
        if self._unread:
            self._report.warn(self._file, self._unread[0], "ticket_no", "form",
                              f"選挙の設定の形に合わない入場券番号が {len(self._unread):,} 件あり、読み取れません")


def day(written: str) -> str:
    """A calendar day as ISO 8601; "" where it is none."""
    found = wareki.parse(written).calendar_day if written else None
    return found.isoformat() if found else ""

