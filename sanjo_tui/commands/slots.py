"""`sanjo-tui slots`: the ways into a station. Each can be made anew or taken away without touching the data."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sanjo_tui.commands.context import Context, ask_passphrase, read_passphrase
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RuleError, UsageError
from sanjo_tui.vault.roles import Permission
from sanjo_tui.vault.slots import CARD, KINDS, PASSPHRASE, RECOVERY

WORDS = {PASSPHRASE: "パスフレーズ", RECOVERY: "復旧用の合言葉", CARD: "カード"}
"""The kinds of a slot, as people call them."""

WAIT = 30.0
"""Seconds to wait for the card."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs. `--for` names whose way it is: --operator is whoever gives the command."""
    choice = verbs(parser)
    choice.add_parser("list", help="端末の開け方の一覧")
    saying = choice.add_parser("passphrase", help="パスフレーズを決める（前のものは使えなくなる）")
    giving = choice.add_parser("card", help="カードと暗証番号で開けるようにする")
    for one in (saying, giving):
        one.add_argument("--for", dest="owner", metavar="ID", default="", help="だれのものか（なければ共用）")
    saying.add_argument("--new-passphrase-file", metavar="FILE", type=Path, help="新しいパスフレーズのファイル")
    giving.add_argument("--card-pin-file", metavar="FILE", type=Path, help="カードの暗証番号のファイル")
    choice.add_parser("recovery", help="封筒に入れる復旧用の合言葉を作り直す（前のものは使えなくなる）")
    removing = choice.add_parser("remove", help="開け方を外す")
    removing.add_argument("kind", metavar="KIND", choices=KINDS, help="、".join(f"{k} {w}" for k, w in WORDS.items()))
    removing.add_argument("name", metavar="NAME", nargs="?", default="", help="だれのものか（なければ共用）")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says, if the operator may."""
    context.desk().permit(Permission.KEYS)
    match args.verb:
        case "passphrase":
            _passphrase(context, args)
        case "recovery":
            _recovery(context)
        case "card":
            _card(context, args)
        case "remove":
            _remove(context, args.kind, args.name)
        case _:
            _list(context)
    return 0


def _list(context: Context) -> None:
    slots = sorted(context.keys().slots(), key=lambda slot: (KINDS.index(slot.role), slot.name))
    context.emit([{"kind": slot.role, "name": slot.name, "bound": bool(slot.vault)} for slot in slots])
    for slot in slots:
        context.say(f"{slot.role:<10}  {slot.name or '共用'}  {WORDS[slot.role]}")
    if not slots:
        context.say("訓練の拠点は、だれでも開けます。")


def _passphrase(context: Context, args: argparse.Namespace) -> None:
    _refuse_drill(context)
    _owner(context, args.owner)
    given = read_passphrase(args.new_passphrase_file) if args.new_passphrase_file else _twice()
    slot = context.keys().passphrase_slot(given, args.owner)
    context.log_act("slots.passphrase", {"name": args.owner})
    context.keys().put_slot(slot)
    _tell(context, PASSPHRASE, args.owner, "を決めました。前のものでは、もう開きません。")


def _recovery(context: Context) -> None:
    _refuse_drill(context)
    slot, phrase = context.keys().recovery_slot()
    context.log_act("slots.recovery", {})
    context.keys().put_slot(slot)
    context.emit({"kind": RECOVERY, "name": "", "recovery_phrase": phrase})
    context.say("新しい復旧用の合言葉です。紙に書き、封筒の中の古い紙と取り替えてください。二度と表示しません。\n"
                f"\n    {phrase}\n\n古い合言葉では、もう開きません。")


def _card(context: Context, args: argparse.Namespace) -> None:
    from sanjo_tui.cards import profiles, signature

    _refuse_drill(context)
    _owner(context, args.owner)
    known = signature.usable(profiles.load(context.station().profiles))
    pin = read_passphrase(args.card_pin_file) if args.card_pin_file else ask_passphrase("カードの暗証番号: ")
    context.warn("登録するカードを、終わるまで読取装置に置いてください。")
    with signature.card(known, pin, WAIT) as sign:
        slot = context.keys().card_slot(sign, args.owner)
    context.log_act("slots.card", {"name": args.owner})
    context.keys().put_slot(slot)
    _tell(context, CARD, args.owner, "で開けるようにしました。")


def _remove(context: Context, kind: str, name: str) -> None:
    context.keys().removable(kind, name)
    context.log_act("slots.remove", {"kind": kind, "name": name})
    context.keys().remove_slot(kind, name)
    _tell(context, kind, name, "を外しました。もう開きません。")


def _refuse_drill(context: Context) -> None:
    if context.keys().drill:
        raise RuleError("訓練の拠点は、だれでも開けます。", "本番の拠点で行ってください。")


def _owner(context: Context, name: str) -> None:
    """A way in is shared or belongs to somebody who works here."""
    if name and not any(one.id == name and one.active for one in context.keys().operators()):
        raise RuleError("その番号の操作者はいません。", "先に sanjo-tui operators add で登録してください。")


def _tell(context: Context, kind: str, name: str, sentence: str) -> None:
    context.emit({"kind": kind, "name": name})
    context.say(f"{f'操作者 {name} の' if name else '共用の'}{WORDS[kind]}{sentence}")


def _twice() -> str:
    if not sys.stdin.isatty():
        raise UsageError("--new-passphrase-file を指定してください。",
                         "1 行目に新しいパスフレーズを書いたファイルです。")
    while True:
        first = ask_passphrase("新しいパスフレーズ: ")
        if first and first == ask_passphrase("もう一度: "):
            return first
        print("二つが同じではありません。もう一度入れてください。", file=sys.stderr)
