"""The records of one delivered file as rows of our columns: by the same names, or by a mapping file.

Says which columns are unknown, missing or may not enter, and whether as many records came as were announced.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from sanjo_tui import numbers
from sanjo_tui.register import columns, mapping
from sanjo_tui.register.manifest import FileEntry
from sanjo_tui.register.mapping import Mapping, Pick, UnknownCode
from sanjo_tui.register.reading import CsvFile, Folder, Source, Unreadable
from sanjo_tui.register.report import Report

_SAMPLE = 5000


@dataclass
class Delivery:
    """One file of a snapshot: `rows()` streams it. `present`: our columns that it has, known from its header."""

    kind: str
    folder: Folder
    entry: FileEntry
    by: Mapping
    report: Report
    ours: Sequence[str]
    required: Sequence[str]
    exempt: Sequence[str] = ("addressee_no", "household_no")
    """Columns whose values may pass the check of 個人番号: their own check digit is made the same way."""
    present: frozenset[str] = field(default=frozenset())
    records: int = 0

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Our columns of every record, with its line; counts the records against the manifest."""
        try:
            with CsvFile(self.folder / self.entry.name, self.entry.encoding) as file:
                pick = self._pick(file.header)
                width = len(file.header)
                if pick is None:
                    return
                for line, row in file.rows():
                    self.records += 1
                    if len(row) != width:
                        self.report.error(self.entry.name, line, "", "columns",
                                          f"列が {width} ではなく {len(row)} あります")
                        continue
                    try:
                        yield line, pick(row)
                    except UnknownCode as unknown:
                        self.report.error(self.entry.name, line, unknown.column, "codes", "対応表にない値です")
        except Unreadable as error:
            self.report.error(self.entry.name, error.line, "", error.rule, error.message)
            return
        except OSError:
            return  # the manifest's check has said so
        if self.records != self.entry.records:
            self.report.error(self.entry.name, 0, "records", "records",
                              f"{self.records} 件あります。manifest.toml では {self.entry.records} 件です")

    def _pick(self, header: Sequence[str]) -> Pick | None:
        """How to take our columns out of a row; None where that is impossible. Says what is dropped."""
        sources = self.by.sources(self.kind)
        header = self._without_my_number(header)
        named = [name for name in header if name]
        fine = True
        for name in sorted({name for name in named if named.count(name) > 1}):
            self.report.error(self.entry.name, 1, name, "header", "同じ列名が 2 つあります")
            fine = False
        if sources is None:
            self._say_unknown(named)
            present, missing = set(named), [name for name in self.required if name not in named]
        else:
            present = set(sources)
            missing = [name for name in self.required if name not in sources]
            for column, source in sources.items():
                for name in source.names:
                    if name not in named:
                        self.report.error(self.entry.name, 1, column, "mapping",
                                          f"対応表にある列 {name} がファイルにありません")
                        fine = False
        for name in missing:
            self.report.error(self.entry.name, 1, name, "required", "必要な列がありません")
            fine = False
        self.present = frozenset(present)
        if not fine:
            return None
        return mapping.plain(header, self.ours) if sources is None else mapping.mapped(header, self.ours, sources)

    def _say_unknown(self, named: Sequence[str]) -> None:
        for name in named:
            if name in self.ours or (self.kind == "residents" and name in columns.NOT_KEPT):
                continue
            self.report.dropped.append(f"{self.entry.name}: {name}")
            label = columns.LEFT_OUT.get(name)
            sentence = f"{label}は取り込みません" if label else "知らない列なので取り込みません"
            self.report.warn(self.entry.name, 1, name, "left_out" if label else "unknown_column", sentence)

    def _without_my_number(self, header: Sequence[str]) -> list[str]:
        """The header with 個人番号 blanked out: by its name, or because most values pass that number's check."""
        filled, passing = [0] * len(header), [0] * len(header)
        with closing(_some(self.folder / self.entry.name, self.entry.encoding)) as rows:
            for row in rows:
                for place, value in enumerate(row[:len(header)]):
                    if value:
                        filled[place] += 1
                        passing[place] += 12 <= len(value) <= 16 and numbers.is_my_number(value)
        sources = self.by.sources(self.kind)
        exempt = set(self.exempt)
        if sources is not None:
            exempt = {name for column in exempt if column in sources for name in sources[column].names}
        kept = []
        for place, name in enumerate(header):
            named = name.casefold() in columns.MY_NUMBER
            if named or (name not in exempt and passing[place] * 2 > filled[place]):
                self.report.dropped.append(f"{self.entry.name}: {name}")
                self.report.warn(self.entry.name, 1, name, "my_number", "個人番号の列なので取り込みません")
                name = ""
            kept.append(name)
        return kept


def _some(path: Source, encoding: str) -> Generator[list[str], None, None]:
    """The first records of a file, to judge its columns by; what cannot be read is said elsewhere."""
    try:
        with CsvFile(path, encoding) as file:
            for count, (_, row) in enumerate(file.rows()):
                if count >= _SAMPLE:
                    return
                yield row
    except (Unreadable, OSError):
        return
