"""The rules for one row of houses.csv and surveys.csv. A value is judged, never corrected (docs §2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sanjo_tui import text, wareki
from sanjo_tui.register.check import RowCheck
from sanjo_tui.register.houses import address
from sanjo_tui.register.houses.columns import GRADE_ALSO, GRADES, STAGES

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}")


def iso(written: str) -> str:
    """A calendar day as ISO 8601; "" where it is none."""
    found = wareki.parse(written).calendar_day if written else None
    return found.isoformat() if found else ""


class HouseRows(RowCheck):
    """Judges the rows of houses.csv."""

    def house(self, line: int, row: Sequence[str]) -> tuple[Any, ...]:
        """What stands in the table house: the columns of tables.HOUSE, then those of tables.KEYS."""
        (house_id, town, lot, parcel_no, use, unit, owner, owner_name, sheet, lat, lon, begins, ends) = row
        if not _ID.fullmatch(house_id):
            self.error(line, "house_id", "code" if house_id else "required", "家屋番号がないか、英数字ではありません")
        if not town.strip():
            self.error(line, "town", "required", "町名がありません")
        place, parcel = address.place(town, lot), address.parcel(town, parcel_no)
        if not place.key and not parcel.key:
            self.warn(line, "lot", "required", "住居表示も地番もなく、住所では探せません")
        if owner and not (owner.isascii() and owner.isdigit()):
            self.error(line, "owner_addressee_no", "digits", "所有者の宛名番号が数字ではありません")
        first, last = self._day(line, "active_from", begins), self._day(line, "active_to", ends)
        if first and last and first > last:
            self.error(line, "active_to", "date", "建った日より前に無くなっています")
        for column, value, limit in (("lat", lat, 90.0), ("lon", lon, 180.0)):
            if value and not _degrees(value, limit):
                self.error(line, column, "number", "緯度・経度として読めません")
        return (house_id, unit, town, lot, parcel_no, use.strip(), owner, owner_name, sheet, lat, lon, first, last,
                place.key, parcel.key, place.block or parcel.block, place.town, address.room(unit), line)

    def _day(self, line: int, column: str, written: str) -> str:
        found = iso(written)
        if written and not found:
            self.error(line, column, "date", "日付として読めません")
        return found


class SurveyRows(RowCheck):
    """Judges the rows of surveys.csv."""

    def survey(self, line: int, row: Sequence[str]) -> tuple[Any, ...]:
        """What stands in the table survey: the columns of tables.SURVEY, then the line."""
        disaster, survey_no, house_id, unit, stage, date, method, ratio, grade, decided = row
        for column, value, label in (("disaster", disaster, "災害コード"), ("survey_no", survey_no, "調査番号"),
                                     ("house_id", house_id, "家屋番号")):
            if not _ID.fullmatch(value):
                self.error(line, column, "code" if value else "required", f"{label}がないか、英数字ではありません")
        if stage not in STAGES:
            self.error(line, "stage", "code", "調査の段階は 1、2、3 のどれかです")
        surveyed, decided_on = iso(date), iso(decided)
        if not surveyed:
            self.error(line, "date", "date" if date else "required", "調査日がないか、日付として読めません")
        if decided and not decided_on:
            self.error(line, "decided_on", "date", "日付として読めません")
        elif decided_on and surveyed and decided_on < surveyed:
            self.error(line, "decided_on", "date", "調査日より前に判定しています")
        plain = text.joined(grade)
        plain = GRADE_ALSO.get(plain, plain)
        if plain not in GRADES and (plain or decided_on):
            self.error(line, "grade", "code" if plain else "required", f"被害の程度は {'、'.join(GRADES)} のどれかです")
        if ratio and not (re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", ratio) and float(ratio) <= 100):
            self.error(line, "ratio", "number", "損害割合は 0 から 100 の数です")
        return (disaster, survey_no, house_id, unit, int(stage) if stage in STAGES else 0, surveyed, method, ratio,
                plain, decided_on, line)


def _degrees(value: str, limit: float) -> bool:
    return bool(re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]+)?", value)) and abs(float(value)) <= limit
