"""操作者: who works at this station. Nobody can be taken away without whom the station could not be run any more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sanjo_tui.desk import signing
from sanjo_tui.errors import RuleError
from sanjo_tui.vault.roles import ALLOWED, Operator, Permission, Role

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.desk.desk import Desk

TAKEN = (signing.NO_ONE.id, signing.RECOVERY.id, "unknown")
"""Words that stand in events in place of somebody's id."""


def listed(desk: Desk) -> tuple[Operator, ...]:
    """Everybody who was ever registered, by id."""
    _permit(desk)
    return tuple(sorted(desk.keys.operators(), key=lambda one: one.id))


def add(desk: Desk, operator_id: str, name: str, role: Role, *, pin: str = "", passphrase: str = "") -> Operator:
    """Register somebody with a PIN for the quick change, a passphrase of their own, or both.

    The first one is a 責任者, who may go on until somebody with KEYS is there. NotAllowed, RuleError, VaultError.
    """
    _permit(desk)
    operator_id, name, operators = operator_id.strip(), name.strip(), desk.keys.operators()
    if not re.fullmatch(r"[A-Za-z0-9-]{1,16}", operator_id) or operator_id in TAKEN:
        raise RuleError("操作者の番号は、半角の英数字とハイフンで 16 字までです。", "例: K01")
    if not name:
        raise RuleError("操作者の氏名を入れてください。", "例: 職員 花子")
    desk.refuse_my_number(name)
    if any(one.id == operator_id for one in operators):
        raise RuleError(f"{operator_id} はもう登録されています。", "外した人の番号も、ほかの人には使えません。")
    if not operators and role is not Role.MANAGER:
        raise RuleError("最初に登録するのは責任者です。", "責任者を先に登録してください。")
    if not pin and not passphrase:
        raise RuleError("暗証番号かパスフレーズが要ります。", "どちらか、または両方を決めてもらってください。")
    hashed = _hash(pin) if pin else ""
    _refuse_in_drill(desk, passphrase)
    slot = desk.keys.passphrase_slot(passphrase, operator_id) if passphrase else None
    desk.log_act("operators.add", {"operator": operator_id, "role": role.value, "pin": bool(pin),
                                   "passphrase": bool(passphrase)})
    if slot is not None:
        desk.keys.put_slot(slot)
    made = Operator(id=operator_id, name=name, role=role, pin_hash=hashed)
    desk.keys.set_operators((*operators, made))
    return made


def remove(desk: Desk, operator_id: str) -> None:
    """Nobody signs on under this id any more, and its slots do not open. Raises NotAllowed, RuleError."""
    _permit(desk)
    gone = _active(desk, operator_id)
    others = [one for one in desk.keys.operators() if one.active and one.id != gone.id]
    if not any(one.role is Role.MANAGER for one in others):
        raise RuleError("責任者がいなくなります。", "先に別の責任者を登録してください。")
    if Permission.KEYS in ALLOWED[gone.role] and not any(Permission.KEYS in ALLOWED[one.role] for one in others):
        raise RuleError("操作者を登録できる人がいなくなります。", "先に別の情報担当を登録してください。")
    desk.log_act("operators.remove", {"operator": gone.id})
    _put(desk, replace(gone, active=False, pin_hash="", card=""))
    desk.keys.drop_slots_of(gone.id)


def set_pin(desk: Desk, operator_id: str, pin: str) -> None:
    """A new PIN for the quick change. Raises NotAllowed, RuleError."""
    _permit(desk)
    one, hashed = _active(desk, operator_id), _hash(pin)
    desk.log_act("operators.pin", {"operator": one.id})
    _put(desk, replace(one, pin_hash=hashed))


def set_card(desk: Desk, operator_id: str, seen: CardSeen) -> None:
    """The card by which somebody takes the desk over within an unlocked station. Raises NotAllowed, RuleError."""
    _permit(desk)
    one, token = _active(desk, operator_id), desk.keys.token_key(seen.token, seen.value)
    if any(other.card == token and other.id != one.id for other in desk.keys.operators()):
        raise RuleError("ほかの操作者のカードです。", "別のカードを使ってください。")
    desk.log_act("operators.card", {"operator": one.id})
    _put(desk, replace(one, card=token))


def _permit(desk: Desk) -> None:
    """KEYS; before anybody is registered everybody, and a 責任者 as long as nobody with KEYS is there."""
    active = [one for one in desk.keys.operators() if one.active]
    keepers = any(Permission.KEYS in ALLOWED[one.role] for one in active)
    if active and not keepers and desk.who.role is Role.MANAGER:
        desk.permit(Permission.AUDIT)           # still the person whom the list says
        return
    desk.permit(Permission.KEYS)


def _active(desk: Desk, operator_id: str) -> Operator:
    found = next((one for one in desk.keys.operators() if one.id == operator_id.strip() and one.active), None)
    if found is None:
        raise RuleError("その番号の操作者はいません。", "sanjo-tui operators list で確かめてください。")
    return found


def _put(desk: Desk, changed: Operator) -> None:
    desk.keys.set_operators([changed if one.id == changed.id else one for one in desk.keys.operators()])


def _hash(pin: str) -> str:
    from sanjo_tui.vault import pins

    return pins.make(pin)


def _refuse_in_drill(desk: Desk, passphrase: str) -> None:
    if passphrase and desk.keys.drill:
        raise RuleError("訓練の拠点にパスフレーズはありません。", "暗証番号だけで登録してください。")
