"""What is wrong with a roll folder, and its figures."""

from __future__ import annotations

from dataclasses import dataclass, field

from sanjo_tui.register.report import Report


@dataclass
class RollReport(Report):
    """All findings of one roll or ticket folder. `people`: electors; `cards`: user IDs; `records`: rows of roll.csv."""

    content: str = ""
    roll_base: str = ""
    tickets_base: str = ""
    """`roll_base` of the ticket file; "" without one."""

    tickets: int = 0
    """Rows of tickets.csv."""

    marks: int = 0
    """Rows of roll_contests.csv."""

    index: int = 0
    """Rows of wards.csv."""

    wards: list[str] = field(default_factory=list)
    """投票区 that occur."""

    contests: list[str] = field(default_factory=list)
    """Contests that occur."""
