"""職員の名簿: staff.csv, orders.csv (時間外命令) and, where shifts differ from the usual, shifts.csv.

Read whole when a desk opens: some thousand rows. A staff card is found by user ID; other cards are bound at the desk.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjo_tui.register.check import RowCheck
from sanjo_tui.register.content import Content
from sanjo_tui.register.loaded import Kind, Loaded, Table
from sanjo_tui.register.shelf import FileKeys

_NUMBER = re.compile(r"[0-9A-Z-]{1,12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who works here."""

    staff_no: str
    name: str
    group: str
    building: str
    section: str
    user_id: str = ""
    floor: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """時間外命令. `start` and `end` local `YYYY-MM-DDTHH:MM`."""

    order_no: str
    staff_no: str
    start: str
    end: str
    ordered_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """All of the folder that is in use."""

    members: dict[str, Member]
    by_user_id: dict[str, str]
    orders: dict[str, tuple[Order, ...]]
    planned: dict[tuple[str, str], str]
    info: Loaded | None = None


def _member(check: RowCheck, line: int, row: Sequence[str]) -> tuple[Any, ...]:
    staff_no, name, group, building, section, user_id, floor, phone = (text.strip() for text in row)
    if not _NUMBER.fullmatch(staff_no):
        check.error(line, "staff_no", "code", "職員番号は半角の英大文字と数字で 12 字までです")
    if not name:
        check.error(line, "name", "required", "氏名がありません")
    if not group:
        check.error(line, "group", "required", "職員の区分がありません")
    if user_id and not (user_id.isascii() and user_id.isdigit() and len(user_id) == 13):
        check.error(line, "user_id", "digits", "利用者IDは 13 桁の数字です")
    return staff_no, name, group, building, section, user_id, floor, phone


def _order(check: RowCheck, line: int, row: Sequence[str]) -> tuple[Any, ...]:
    order_no, staff_no, start, end, ordered_by = (text.strip() for text in row)
    moments = [_moment(check, line, key, text) for key, text in (("from", start), ("to", end))]
    if all(moments) and moments[0] >= moments[1]:
        check.error(line, "to", "order", "終わりが始まりより前です")
    return order_no, staff_no, *moments, ordered_by


def _moment(check: RowCheck, line: int, key: str, text: str) -> str:
    if _MOMENT.fullmatch(text):
        try:
            return dt.datetime.fromisoformat(text).isoformat(timespec="minutes")
        except ValueError:
            pass                                            # off the calendar: said below
    check.error(line, key, "date", "日時は 2026-11-24T17:15 の形です")
    return ""


def _shift(check: RowCheck, line: int, row: Sequence[str]) -> tuple[Any, ...]:
    staff_no, work_date, shift_code = (text.strip() for text in row)
    try:
        day = dt.date.fromisoformat(work_date).isoformat()
    except ValueError:
        check.error(line, "work_date", "date", "勤務日は 2026-11-24 の形です")
        day = ""
    return staff_no, day, shift_code


STAFF = Kind(
    content=Content(name="staff", noun="職員名簿", load="attendance load",
                    again="フォルダーを attendance load で読み込み直してください。"),
    check_command="attendance check",
    tables=(
        Table(name="staff", columns=("staff_no", "name", "group", "building", "section", "user_id", "floor", "phone"),
              required=("staff_no", "name", "group", "building", "section"), key="staff_no", judge=_member,
              exempt=("phone",)),
        Table(name="orders", columns=("order_no", "staff_no", "from", "to", "ordered_by"),
              required=("order_no", "staff_no", "from", "to"), key="order_no", judge=_order, optional=True,
              exempt=("order_no",)),
        Table(name="shifts", columns=("staff_no", "work_date", "shift_code"),
              required=("staff_no", "work_date", "shift_code"), key="staff_no, work_date", judge=_shift,
              optional=True)))
"""The folder (manifest content `staff`)."""


def read(home: Path, keys: FileKeys) -> Staff:
    """The folder in use; empty where none was loaded. RegisterError."""
    opened = STAFF.open_live(home, keys)
    if opened is None:
        return Staff(members={}, by_user_id={}, orders={}, planned={})
    database, info = opened
    try:
        people = database.execute_sql("SELECT * FROM staff").fetchall()
        orders = database.execute_sql("SELECT * FROM orders ORDER BY 3").fetchall()
        planned = database.execute_sql("SELECT * FROM shifts").fetchall()
    finally:
        database.close_all()
    by_staff: dict[str, list[Order]] = {}
    for order_no, staff_no, start, end, ordered_by, _ in orders:
        by_staff.setdefault(staff_no, []).append(
            Order(order_no=order_no, staff_no=staff_no, start=start, end=end, ordered_by=ordered_by))
    members = {row[0]: Member(staff_no=row[0], name=row[1], group=row[2], building=row[3], section=row[4],
                              user_id=row[5], floor=row[6], phone=row[7]) for row in people}
    return Staff(members=members, by_user_id={one.user_id: no for no, one in members.items() if one.user_id},
                 orders={no: tuple(listed) for no, listed in by_staff.items()},
                 planned={(no, day): code for no, day, code, _ in planned}, info=info)
