"""The receptions of a station: append-only events and what is derived from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View
    from sanjo_tui.journal.writer import Journal

__all__ = ["Journal", "View"]


def __getattr__(name: str) -> Any:
    """Journal and View on first use: the events alone must stay light to import."""
    if name in __all__:
        from sanjo_tui.journal import writer

        return getattr(writer, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
