"""Lists for other programs: the 被災者台帳, and the houses with coordinates for the town's map (docs §6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk.certificate import lists
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.paper import Heading, Pdf
from sanjo_tui.errors import PrintError

if TYPE_CHECKING:
    from sanjo_tui.desk.certificate.desk import CertificateDesk

EXPORTS = {"victims": ("victims", lists.VICTIM), "houses": ("spots", lists.SPOT),
           "waiting": ("waiting", lists.WAITING), "loose": ("loose", lists.LOOSE)}
"""Name of the export -> its list and columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What stands on it beside the rows."""

    heading: Heading
    rows: tuple[Any, ...]


def export(desk: CertificateDesk, name: str, **options: Any) -> Paper:
    """The rows, logged as a list before they are given. Raises PrintError for no export."""
    if name not in EXPORTS:
        raise PrintError("その一覧はありません。", "、".join(EXPORTS), detail=name)
    source, columns = EXPORTS[name]
    rows = tuple(desk.rows(source, **options))
    content = Export(heading=desk.heading(), rows=rows)
    return Paper(document=_NoPages, content=content, columns=columns, rows=rows)  # type: ignore[arg-type]


class _NoPages:
    """An export has no pages."""

    @staticmethod
    def render(content: Export) -> Pdf:
        """Refuses: these are files for programs."""
        raise PrintError("この一覧に PDF はありません。", "--format csv か json を使ってください。")
