"""The tables of a roll file. The register's search serves them through two views, so that there is one search only.

elector   the electors of this place's wards (of the whole town at an early place)
mark      what roll_contests.csv says of them, per contest
ticket    tickets.csv, for the electors who are here
town      every elector of roll.csv without a name: keyed hashes of 宛名番号, 利用者ID, 入場券番号 (`late`: where
          only tickets.csv has one), and the ward
ward      wards.csv
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sanjo_tui import text
from sanjo_tui.register.tables import NAME_INDEX

FORMAT = 1
"""Kept as user_version; raised with every change of the tables, so that an older file is loaded again."""

ELECTOR = (
    "addressee_no", "user_id", "roll_no", "ward_code", "ticket_no", "name", "name_kana", "birth_date", "sex_code",
    "address", "household_no", "protected", "roll_status", "moved_on", "moved_scope", "assist_hint",
)
"""Columns that make an Elector, in this order."""

CAN_VOTE = "roll_status IN ('有効', '転出表示')"
"""Whoever is counted as an elector: neither 失権 nor struck off, dead or moved abroad."""

KEYS = ("birth_key", "roll_key", "ward_order", "kana_key", "kana_other", "name_key", "line")
"""Columns for searching, sorting and reporting, after those."""

TABLES = (
    *NAME_INDEX,
    "CREATE TABLE word(id INTEGER PRIMARY KEY, kind TEXT, text TEXT)",
    "CREATE TABLE info(key TEXT PRIMARY KEY, value TEXT)",
    f"CREATE TABLE elector(id INTEGER PRIMARY KEY, {', '.join(ELECTOR + KEYS)})",
    "CREATE TABLE mark(elector INTEGER, contest TEXT, district TEXT, early_date TEXT, early_site TEXT, absentee TEXT,"
    " PRIMARY KEY(elector, contest)) WITHOUT ROWID",
    "CREATE TABLE ticket(ticket_no TEXT PRIMARY KEY, elector INTEGER) WITHOUT ROWID",
    "CREATE TABLE town(who BLOB, user BLOB, ticket BLOB, late BLOB, ward_code TEXT, line INTEGER)",
    "CREATE TABLE ward(key BLOB PRIMARY KEY, ward_code TEXT) WITHOUT ROWID",
    "CREATE VIEW resident AS SELECT id, addressee_no, birth_key, '1' AS resident_status, name, '' AS alias,"
    " '' AS name_roman, '' AS name_hanzi, '' AS former_family, name_kana, '' AS alias_kana,"
    " '' AS former_family_kana FROM elector",
    "CREATE VIEW card_link AS SELECT user_id, addressee_no FROM elector WHERE user_id <> ''",
)
"""The views are what register/names.py and register/search.py read; every elector counts as living there."""

INDEXES = (
    "CREATE INDEX elector_addressee ON elector(addressee_no)",
    "CREATE INDEX elector_user ON elector(user_id)",
    "CREATE INDEX elector_ticket ON elector(ticket_no)",
    "CREATE INDEX elector_roll ON elector(roll_key)",
    "CREATE INDEX elector_order ON elector(ward_order, roll_key)",
    "CREATE INDEX elector_birth ON elector(birth_key)",
    "CREATE INDEX elector_kana ON elector(kana_key)",
    "CREATE INDEX elector_kana_other ON elector(kana_other) WHERE kana_other IS NOT NULL",
    "CREATE INDEX elector_name ON elector(name_key)",
    "CREATE INDEX town_who ON town(who)",
    "CREATE INDEX town_user ON town(user) WHERE user IS NOT NULL",
    "CREATE INDEX town_ticket ON town(ticket) WHERE ticket IS NOT NULL",
    "CREATE INDEX town_late ON town(late) WHERE late IS NOT NULL",
    "CREATE INDEX ticket_elector ON ticket(elector)",
)

_DASHES = re.compile("[‐‑‒–—―−ー]")
_DIGITS = re.compile("[0-9]+")


def create(connection: Any) -> None:
    """Makes all tables in a fresh file; the indexes come after the rows."""
    for sql in TABLES:
        connection.execute(sql)
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def create_indexes(connection: Any) -> None:
    """After the rows of roll.csv, before everything else is compared with them."""
    for sql in INDEXES:
        connection.execute(sql)


@lru_cache(maxsize=4096)  # a ward code stands in every row
def natural(number: str) -> str:
    """A ward code or a 名簿番号 as it sorts and compares: width, dashes and leading zeros make no difference."""
    plain = _DASHES.sub("-", text.nfkc(text.joined(number))).upper()
    return _DIGITS.sub(lambda found: found[0].lstrip("0").rjust(8, "0"), plain)
