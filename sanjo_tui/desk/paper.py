"""A document that is filled in: as pages, as rows, as records; what every reception's papers give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sanjo_tui.documents import table
from sanjo_tui.documents.paper import Pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document that is filled in: as pages, and as records where it is a list."""

    document: ModuleType
    content: Any
    columns: tuple[str, ...] = ()
    rows: Sequence[object] = ()

    def pdf(self) -> Pdf:
        """The pages. Raises PrintError."""
        pdf: Pdf = self.document.render(self.content)
        return pdf

    def records(self) -> list[dict[str, object]]:
        """The rows for JSON."""
        return table.records(self.columns, self.rows)

    def csv(self) -> str:
        """The rows for CSV."""
        return table.csv_text(self.columns, self.rows)
