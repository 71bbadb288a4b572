"""Who is at the desk: at the opening, by short PIN, by card; and the answer to "may they?"."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING

from sanjo_tui.errors import NotAllowed, RuleError, UnknownToken
from sanjo_tui.receptions.lookups import ActDone, SignedOn
from sanjo_tui.vault.roles import ALLOWED, Operator, Permission, Role, Who

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View
    from sanjo_tui.vault import Keys

NO_ONE = Who(id="-", name="操作者なし", role=Role.VOLUNTEER)
"""A station with registered operators, opened by a shared secret: nobody is at it before somebody signs on."""


RECOVERY = Who(id="recovery", name="復旧用の合言葉", role=Role.MANAGER, more=frozenset({Permission.KEYS}))
"""Whoever holds the sealed phrase: the responsible person, who may also register operators anew."""

MOST_TRIES, WAIT_MS = 5, 10 * 60 * 1000
"""So many wrong PINs in a row end the quick change by PIN for so long (milliseconds), in every process."""

REFUSED = "operator.pin_refused"
"""What the journal calls a wrong PIN."""

_ORDERED_BY: ContextVar[Who | None] = ContextVar("ordered_by", default=None)


@contextlib.contextmanager
def on_order_of(who: Who) -> Iterator[None]:
    """What is made within was permitted when `who` ordered it: a document may be due after the desk changed hands."""
    token = _ORDERED_BY.set(who)
    try:
        yield
    finally:
        _ORDERED_BY.reset(token)


def ordered_by() -> Who | None:
    """On whose order this thread works; None where somebody acts at the desk."""
    return _ORDERED_BY.get()


def at_opening(keys: Keys, fallback: str) -> Who:
    """Who opened the station: the owner of the slot. Without registered operators, everybody may do everything.

    A recovery phrase is the responsible person's; a shared passphrase is nobody's until somebody signs on.
    """
    operators = keys.operators()
    if not operators:
        return Who(id=fallback)
    kind, name = keys.opened_by
    if kind == "recovery":
        return RECOVERY
    owner = next((one for one in operators if one.id == name and one.active), None)
    return as_who(owner) if owner else NO_ONE


def still(keys: Keys, who: Who) -> Who:
    """The same person as the list says now: a role that was changed or taken away by another process counts at once."""
    if who is RECOVERY:
        return who
    operators = keys.operators()
    if not operators:
        return who if who.role is None else Who(id=who.id)
    listed = next((one for one in operators if one.id == who.id and one.active), None)
    if who is NO_ONE or listed is None or who.role is None:
        return NO_ONE
    return who if (listed.role, listed.name) == (who.role, who.name) else as_who(listed)


def who_ordered(keys: Keys, operator_id: str) -> Who:
    """Whoever recorded that a document is due. Somebody who was removed since sees no address any more."""
    operators = keys.operators()
    if not operators:
        return Who(id=operator_id)
    if operator_id == RECOVERY.id:
        return RECOVERY
    listed = next((one for one in operators if one.id == operator_id), None)
    return as_who(listed) if listed else Who(id=operator_id, role=Role.VOLUNTEER)


def as_who(operator: Operator) -> Who:
    """An operator at the desk."""
    return Who(id=operator.id, name=operator.name, role=operator.role)


def by_pin(keys: Keys, operator_id: str, pin: str) -> Who:
    """Whoever this id and PIN are. Raises RuleError, the same for an unknown id and a wrong PIN."""
    from sanjo_tui.vault import pins

    operator = next((one for one in keys.operators() if one.id == operator_id.strip() and one.active), None)
    if operator is None or not operator.pin_hash or not pins.check(operator.pin_hash, pin):
        raise RuleError("番号か暗証番号が違います。", "職員番号と暗証番号を確かめてください。")
    return as_who(operator)


def refuse_trying_out(view: View) -> None:
    """Raises RuleError after several wrong PINs in a row, whoever's and in whichever process they were typed."""
    last = list(view.events(kinds=(ActDone.kind, SignedOn.kind), newest_first=True, limit=MOST_TRIES))
    wrong = [r for r in last if isinstance(r.event, ActDone) and r.event.act == REFUSED]
    if len(wrong) == MOST_TRIES and time.time_ns() // 1_000_000 - wrong[0].at_ms < WAIT_MS:
        raise RuleError("暗証番号が続けて違いました。", "カードで替わるか、10分待ってください。")


def by_card(keys: Keys, token: str) -> Who:
    """Whose card this is, by its keyed hash. Raises UnknownToken."""
    operator = next((one for one in keys.operators() if one.card and one.card == token and one.active), None)
    if operator is None:
        raise UnknownToken("操作者のカードではありません。", "職員番号と暗証番号で替わってください。")
    return as_who(operator)


def permit(who: Who, permission: Permission) -> None:
    """Raises NotAllowed unless the table gives `permission` to `who`; nobody may do anything."""
    if who is NO_ONE or who.id == NO_ONE.id:
        raise NotAllowed("操作者がまだ決まっていません。", "職員番号と暗証番号か、カードで始めてください。",
                         permission.value)
    if who.may(permission):
        return
    raise refusal("この操作は、今の操作者にはできません。", "に替わってください。", permission)


def refusal(message: str, do: str, permission: Permission) -> NotAllowed:
    """The error that names who may: `do` follows the names of the roles."""
    able = "、".join(role.label for role in Role if permission in ALLOWED[role])
    return NotAllowed(message, f"{able}{do}", permission.value)
