"""What is wrong with a snapshot: file, line, column and rule, never a resident's name."""

from __future__ import annotations

from dataclasses import dataclass, field

SHOWN_COLUMNS = frozenset({
    "addressee_no", "household_no", "lg_code", "history_no", "branch", "is_latest", "is_deleted", "resident_kind",
    "resident_status", "sex_code", "birth_date", "birth_unknown", "birth_text", "birth_era", "rel1", "rel2", "rel3",
    "rel4", "order_in_household", "postal_code", "district_code", "suppress_flags", "change", "valid_until", "status",
    "shelter_code", "capacity", "sha256", "records", "encoding", "snapshot_id", "sequence", "as_of", "kind",
    "base_snapshot", "content", "roll_no", "ward_code", "roll_status", "moved_on", "moved_scope", "contest", "district",
    "early_date", "early_site", "absentee", "protected", "roll_base",
})
"""Columns whose value may stand in a report; a name, an address or a card's number never does."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `line` counts the physical lines of the file from 1; 0 where no line can be named."""

    file: str
    line: int
    column: str
    rule: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        place = f"{self.file} {self.line}行目" if self.line else self.file
        column = f" {self.column}" if self.column else ""
        value = f"（{self.value}）" if self.value else ""
        return f"{place}{column}: {self.message}{value}"


@dataclass
class Report:
    """All findings of one snapshot and its figures. Errors refuse it, warnings do not."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    """Columns that were not taken over, as `file: column`."""

    snapshot_id: str = ""
    kind: str = ""
    as_of: str = ""
    sequence: int = 0
    lg_code: str = ""
    fictitious: bool = False
    records: int = 0
    people: int = 0
    households: int = 0
    cards: int = 0

    @property
    def ok(self) -> bool:
        """No errors."""
        return not self.errors

    def error(self, file: str, line: int, column: str, rule: str, message: str, value: str = "") -> None:
        """Something that refuses the snapshot."""
        self.errors.append(_problem(file, line, column, rule, message, value))

    def warn(self, file: str, line: int, column: str, rule: str, message: str, value: str = "") -> None:
        """Something to look at."""
        self.warnings.append(_problem(file, line, column, rule, message, value))

    def forget(self, file: str, lines: set[int]) -> None:
        """Takes back what was found on these lines: history rows that turned out not to be the latest."""
        for problems in (self.errors, self.warnings):
            problems[:] = [p for p in problems if not (p.file == file and p.line in lines)]

    def in_order(self) -> None:
        """Sorts the findings by file and line."""
        for problems in (self.errors, self.warnings):
            problems.sort(key=lambda p: (p.file != "manifest.toml", p.file, p.line, p.column))


def _problem(file: str, line: int, column: str, rule: str, message: str, value: str) -> Problem:
    shown = value[:40] if column in SHOWN_COLUMNS or file == "manifest.toml" else ""
    return Problem(file, line, column, rule, message, shown)
