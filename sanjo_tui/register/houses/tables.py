"""The tables of a file of houses and of one of surveys."""

from __future__ import annotations

FORMAT = 1
"""Kept as user_version; raised with every change of the tables, so that an older file is loaded again."""

HOUSE = ("house_id", "unit", "town", "lot", "parcel_no", "use", "owner_addressee_no", "owner_name", "map_sheet", "lat",
         "lon", "active_from", "active_to")
KEYS = ("address_key", "parcel_key", "block_key", "town_key", "unit_key", "line")
SURVEY = ("disaster", "survey_no", "house_id", "unit", "stage", "date", "method", "ratio", "grade", "decided_on")

INFO = "CREATE TABLE info(key TEXT PRIMARY KEY, value TEXT)"
TABLES = {
    "houses": (INFO, f"CREATE TABLE house(id INTEGER PRIMARY KEY, {', '.join(HOUSE + KEYS)})"),
    "surveys": (INFO, f"CREATE TABLE survey(id INTEGER PRIMARY KEY, {', '.join(SURVEY)}, line)"),
}
INDEXES = {
    "houses": tuple(f"CREATE INDEX house_{name} ON house({column})" for name, column in (
        ("key", "house_id, unit"), ("address", "address_key"), ("parcel", "parcel_key"), ("block", "block_key"),
        ("owner", "owner_addressee_no"), ("town", "town_key"), ("sheet", "map_sheet"))),
    "surveys": ("CREATE INDEX survey_house ON survey(disaster, house_id, unit)",
                "CREATE INDEX survey_no ON survey(survey_no)"),
}
ROWS = {"houses": "house", "surveys": "survey"}
"""The table that a content's records stand in."""
