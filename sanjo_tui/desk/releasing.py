"""解除: the responsible person lifts a stop (支援措置, 抑止) for one reception; it comes back by itself.

Recorded before it holds, with a reason and a second operator. Only this desk knows of it: after a restart, after
`MINUTES`, or after it was used, the stop stands again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.lookups import REASONS, Released
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk

MINUTES = 5


@dataclass(slots=True)
class Releases:
    """The stops that are lifted now, by 宛名番号, each until a moment of the monotonic clock (seconds)."""

    _until: dict[str, float] = field(default_factory=dict)

    def holds(self, addressee_no: str) -> bool:
        """Whether the stop of this person is lifted."""
        return self._until.get(addressee_no, 0.0) > time.monotonic()

    def end(self, addressee_no: str) -> None:
        """The reception is over: the stop stands again."""
        self._until.pop(addressee_no, None)

    def release(self, desk: Desk, addressee_no: str, reason: str, verifier: str = "", pin: str = "") -> None:
        """Lift the stop. `reason`: a key of REASONS. Raises NotAllowed, RuleError.

        Where operators are registered, `verifier` and `pin` are somebody else's who may RELEASE.
        """
        if reason not in REASONS:
            raise RuleError("理由を選んでください。", "、".join(REASONS.values()) + "のどれかです。")
        other = ""
        if desk.keys.operators():
            other = desk.second(verifier, pin, Permission.RELEASE)
        desk.log(Released(subject=addressee_no, reason=reason, verifier=other, minutes=MINUTES))
        self._until[addressee_no] = time.monotonic() + MINUTES * 60
