"""引継ぎ: the day's cases for the core system: numbers and answers, no name; columns as the town calls them."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.errors import StationError
from sanjo_tui.receptions.counter.state import Case
from sanjo_tui.receptions.counter.words import Asked
from sanjo_tui.wareki import JST, typed

if TYPE_CHECKING:
    from sanjo_tui.desk.counter.desk import CounterDesk


def columns_of(file: Path) -> dict[str, str]:
    """`受付番号 = "reception_no"`: the town's column names and what stands in them. StationError."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StationError(f"{file} を対応表として読めません。", "名前 = \"項目\" の形で書いてください。",
                           detail=type(error).__name__) from error
    if not table or not all(isinstance(value, str) for value in table.values()):
        raise StationError(f"{file} を対応表として読めません。", "名前 = \"項目\" の形で書いてください。")
    return table


def rows_of(counter: CounterDesk, day: dt.date | None, columns: dict[str, str]) -> list[dict[str, str]]:
    """The rows of a day. A column that no case can fill is an error, never a silent blank. StationError."""
    rows = [_row(counter, case) for case in counter.cases(day)]
    if not columns:
        names = dict.fromkeys(name for row in rows for name in row)
        return [{name: row.get(name, "") for name in names} for row in rows]
    asks = {f"ask.{ask.key}" for one in counter.setup.procedures for ask in one.asks}
    for name, source in columns.items():
        if source not in FIXED and source not in asks:
            raise StationError(f"対応表の「{name}」の {source} という項目はありません。",
                               f"使える項目: {'、'.join(FIXED)} と ask.質問の名前。")
    return [{name: row.get(source, "") for name, source in columns.items()} for row in rows]


FIXED = ("reception_no", "procedure_code", "accepted_at", "requester", "requester_kind", "subjects", "id_method",
         "copies", "fee", "card_discount", "exemption_code", "status", "operator_id", "station_id", "snapshot_id")


def _row(counter: CounterDesk, case: Case) -> dict[str, str]:
    """One case; dates as `YYYY-MM-DD`, however they were typed."""
    procedure = counter.version(case.version).procedure(case.procedure)
    dates = {ask.key for ask in procedure.asks if ask.kind is Asked.DATE} if procedure else set[str]()
    answers = {key: day.sort_key if key in dates and (day := typed(answer)) else answer
               for key, answer in case.answers.items()}
    at = dt.datetime.fromtimestamp(case.accepted_ms / 1000, JST).isoformat(timespec="seconds")
    values = (case.reception_no, case.procedure, at, case.person, case.requester_kind.value, " ".join(case.subjects),
              case.verified_by.value, str(case.copies), str(case.fee), str(case.discount), case.exemption,
              case.step.value, case.operator, case.station, case.snapshot_id)
    return {**dict(zip(FIXED, values, strict=True)), **{f"ask.{key}": value for key, value in answers.items()}}
