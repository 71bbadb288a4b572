"""`sanjo-tui operators`: who works at this station, in which role, and by which PIN, card or passphrase."""

from __future__ import annotations

import argparse
from pathlib import Path

from sanjo_tui.commands.context import Context, read_passphrase
from sanjo_tui.commands.usage import verbs
from sanjo_tui.vault.roles import Role

WAIT = 30.0
"""Seconds to wait for the card of an operator."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs."""
    choice = verbs(parser)
    adding = choice.add_parser("add", help="操作者を登録する（最初の一人は責任者）")
    adding.add_argument("id", metavar="ID", help="職員番号（半角の英数字とハイフン）")
    adding.add_argument("--name", metavar="NAME", required=True, help="氏名")
    adding.add_argument("--role", choices=[role.value for role in Role], required=True,
                        help="役割: " + "、".join(f"{role.value} {role.label}" for role in Role))
    adding.add_argument("--pin-file", metavar="FILE", type=Path, help="暗証番号（数字 4 桁から 12 桁）のファイル")
    adding.add_argument("--passphrase-file-of-operator", metavar="FILE", type=Path,
                        help="その人が端末を開けるパスフレーズのファイル")
    removing = choice.add_parser("remove", help="操作者を外す（番号は二度と使わない）")
    removing.add_argument("id", metavar="ID", help="職員番号")
    choice.add_parser("list", help="操作者の一覧")
    changing = choice.add_parser("pin", help="暗証番号を替える")
    changing.add_argument("id", metavar="ID", help="職員番号")
    changing.add_argument("--pin-file", metavar="FILE", type=Path, required=True, help="新しい暗証番号のファイル")
    giving = choice.add_parser("card", help="操作者交替のカードを登録する（読取装置にかざす）")
    giving.add_argument("id", metavar="ID", help="職員番号")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    from sanjo_tui.desk import operators

    desk = context.desk()
    match args.verb:
        case "add":
            _add(context, args)
        case "remove":
            operators.remove(desk, args.id)
            _tell(context, args.id, "を外しました。")
        case "pin":
            operators.set_pin(desk, args.id, read_passphrase(args.pin_file))
            _tell(context, args.id, "の暗証番号を替えました。")
        case "card":
            _card(context, args.id)
        case _:
            _list(context)
    return 0


def _add(context: Context, args: argparse.Namespace) -> None:
    from sanjo_tui.desk import operators

    first = not context.keys().operators()
    operators.add(
        context.desk(), args.id, args.name, Role(args.role),
        pin=read_passphrase(args.pin_file) if args.pin_file else "",
        passphrase=read_passphrase(args.passphrase_file_of_operator) if args.passphrase_file_of_operator else "")
    _tell(context, args.id, "を登録しました。")
    if first:
        context.warn("これからは、操作者が決まるまで何もできません。次に情報担当（it）を登録してください。")


def _card(context: Context, operator_id: str) -> None:
    from sanjo_tui.cards import profiles, reader
    from sanjo_tui.desk import operators

    operators.listed(context.desk())            # nobody waits for a card in vain
    context.warn("登録するカードをかざしてください。")
    seen = reader.read_once(profiles.load(context.station().profiles), WAIT)
    operators.set_card(context.desk(), operator_id, seen)
    _tell(context, operator_id, "のカードを登録しました。")


def _tell(context: Context, operator_id: str, sentence: str) -> None:
    context.emit({"operator": operator_id})
    context.say(f"操作者 {operator_id} {sentence}")


def _list(context: Context) -> None:
    from sanjo_tui.desk import operators

    rows = operators.listed(context.desk())
    context.emit([{"id": one.id, "name": one.name, "role": one.role, "pin": bool(one.pin_hash),
                   "card": bool(one.card), "active": one.active} for one in rows])
    for one in rows:
        ways = "・".join(word for word, there in (("暗証番号", one.pin_hash), ("カード", one.card)) if there)
        context.say(f"{one.id}  {one.name}  {one.role.label}  {ways if one.active else '外した'}".rstrip())
    if not rows:
        context.say("操作者は登録されていません。だれでも、すべての操作ができます。")
