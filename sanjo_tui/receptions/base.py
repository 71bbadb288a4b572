"""What all receptions share: the verdict that a screen shows in its one fixed line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Weight(IntEnum):
    """How urgent a verdict is; the heaviest one takes the line."""

    NOTICE = 0
    READY = 1
    CAUTION = 2
    STOP = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence for the verdict line. `preselected`: the keys of those that Enter records.

    `notes` are said beside it, in order; a `STOP` cannot be passed with Enter. `code` names the rule.
    """

    weight: Weight
    message: str
    preselected: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""

    @property
    def stops(self) -> bool:
        """Nothing may be recorded from here."""
        return self.weight is Weight.STOP
