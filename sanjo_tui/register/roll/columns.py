"""The columns of a roll's files by their identifiers (docs/polling.md §2), in the order the loader works with."""

from __future__ import annotations

ROLL = (
    "addressee_no", "user_id", "roll_no", "ward_code", "ticket_no", "name", "name_kana", "birth_date", "sex_code",
    "address", "household_no", "protected", "roll_status", "moved_on", "moved_scope", "assist_hint",
)
REQUIRED = ("addressee_no", "roll_no", "ward_code", "name", "birth_date", "protected", "roll_status")
"""`protected` too: without it nobody's address would be hidden."""

CONTESTS = ("addressee_no", "contest", "district", "early_date", "early_site", "absentee")
REQUIRED_OF_CONTESTS = ("addressee_no", "contest", "early_date", "absentee")
TICKETS = ("ticket_no", "addressee_no")
WARDS = ("key", "ward_code")

FILES = ("roll", "roll_contests", "tickets", "wards")
"""Names of the files without `.csv`."""
