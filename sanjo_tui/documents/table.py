"""CSV and JSON of the lists. Keys are the field names of the rows, which are the identifiers of docs/shelter.md.

CSV: UTF-8 without BOM when written, RFC 4180, CRLF. Values are what the journal holds: a name that begins with `=`,
`+`, `-` or `@` is not altered, because these files are read by other programs and a changed name would be a wrong name.
Spreadsheets must import the columns as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def records(columns: Sequence[str], rows: Iterable[object]) -> list[dict[str, object]]:
    """Each row as a mapping of these keys; tuples become lists. For `--format json`."""
    return [{key: _plain(getattr(row, key)) for key in columns} for row in rows]


def csv_text(columns: Sequence[str], rows: Iterable[object]) -> str:
    """A header and one record a row. Yes and no are 1 and 0, None is empty, several values are joined with `;`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(getattr(row, key)) for key in columns])
    return out.getvalue()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    return [_plain(each) for each in value] if isinstance(value, tuple) else str(value)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ";".join(_cell(each) for each in value)
    return "" if value is None else str(value)
