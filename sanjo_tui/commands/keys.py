"""`sanjo-tui keys`: our public keys and those of others, exchanged by file and compared by telephone."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import BundleError, UsageError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.vault.parties import Identity, Party

KINDS = {"town": "データの作成元", "headquarters": "本部", "station": "拠点"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs."""
    choice = verbs(parser)
    making = choice.add_parser("make", help="この端末の鍵を作る（すでにあれば、鍵はそのままで名前や種類だけを替える）")
    making.add_argument("--name", metavar="NAME", default="", help="相手が使う名前（なければ拠点コード）")
    making.add_argument("--as", dest="kind", choices=tuple(KINDS), help="種類（なければ station 拠点）")
    showing = choice.add_parser("show", help="この端末の公開鍵と指紋（なければ作る）")
    showing.add_argument("--out", metavar="FILE", type=Path, help="相手に渡すファイルに書く")
    trusting = choice.add_parser("trust", help="相手の公開鍵を、電話で指紋を確かめて登録する")
    trusting.add_argument("file", metavar="FILE", type=Path, help="相手の公開鍵のファイル（TOML）")
    trusting.add_argument("--as", dest="kind", choices=tuple(KINDS),
                          help="何として信頼するか（なければファイルのとおり）")
    trusting.add_argument("--fingerprint", metavar="DIGITS", help="相手が電話で読んだ指紋（なければ端末で尋ねる）")
    choice.add_parser("list", help="登録した相手の一覧")
    removing = choice.add_parser("remove", help="相手を外す（これからは、その相手の署名を受け付けない）")
    removing.add_argument("name", metavar="NAME", help="登録した名前")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    context.permit(Permission.KEYS)
    match args.verb:
        case "make":
            _make(context, args.name, args.kind)
        case "show":
            _show(context, args.out)
        case "trust":
            _trust(context, args)
        case "remove":
            _remove(context, args.name)
        case _:
            _list(context)
    return 0


def _make(context: Context, name: str, kind: str | None) -> None:
    from sanjo_tui.vault import parties
    from sanjo_tui.vault.parties import Kind

    station, keys = context.station(), context.keys()
    before = parties.own(keys)
    if before is not None:
        name, kind = name or before.party.name, kind or before.party.kind.value
    context.log_act("keys.make", {"again": before is not None, "kind": kind or Kind.STATION.value})
    made = parties.make(keys, name=name or station.code, kind=Kind(kind or Kind.STATION), lg_code=station.lg_code,
                        station=station.code)
    _tell_own(context, made.party)


def _show(context: Context, out: Path | None) -> None:
    mine = own(context)
    if out is not None:
        try:
            out.write_text(mine.party.text(), encoding="utf-8")
        except OSError as error:
            raise BundleError(f"{out} に書けません。", "媒体が差してあり、書き込めることを確かめてください。",
                              detail=type(error).__name__) from error
    _tell_own(context, mine.party)
    if out is not None:
        context.say(f"{out} に書きました。相手に渡し、指紋を電話で読み合わせてください。")


def own(context: Context) -> Identity:
    """The keys of this station, made at first use."""
    from sanjo_tui.vault import parties
    from sanjo_tui.vault.parties import Kind

    station, keys = context.station(), context.keys()
    if (mine := parties.own(keys)) is not None:
        return mine
    context.log_act("keys.make", {"again": False, "kind": Kind.STATION.value})
    return parties.make(keys, name=station.code, kind=Kind.STATION, lg_code=station.lg_code, station=station.code)


def _trust(context: Context, args: argparse.Namespace) -> None:
    from sanjo_tui.vault import parties
    from sanjo_tui.vault.parties import Kind

    keys, party = context.keys(), parties.read(_bytes(args.file))
    if args.kind:
        party = replace(party, kind=Kind(args.kind))
    parties.trustable(keys, party)
    given = args.fingerprint or _ask(party)
    if "".join(filter(str.isdigit, given)) != party.fingerprint.replace(" ", ""):
        context.log_act("keys.refused", {"name": party.name, "why": "fingerprint"})
        raise BundleError("指紋が違います。登録しませんでした。",
                          "読み違いでなければ、ファイルが途中ですり替えられています。相手から受け取り直してください。",
                          detail="fingerprint")
    context.log_act("keys.trust", {"name": party.name, "kind": party.kind.value, "fingerprint": party.fingerprint})
    parties.trust(keys, party)
    context.emit(_row(party))
    context.say(f"{party.name} を{party.kind.label}として登録しました。指紋 {party.fingerprint}")


def _bytes(path: Path) -> bytes:
    from sanjo_tui.vault.parties import LONGEST

    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 1)
    except OSError as error:
        raise BundleError(f"{path} を読めません。", "置き場所を確かめてください。",
                          detail=type(error).__name__) from error


def _ask(party: Party) -> str:
    """The fingerprint as it is heard; ours is not shown, so that nobody merely nods."""
    if not sys.stdin.isatty():
        raise UsageError("--fingerprint を指定してください。", "相手が電話で読み上げた 4 桁 5 組の数字です。")
    print(f"{party.name}（{party.kind.label}、{party.lg_code} {party.station}）に電話し、相手の画面の指紋を"
          "読んでもらって、そのまま入れてください。\n4桁5組の数字: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _remove(context: Context, name: str) -> None:
    from sanjo_tui.vault import parties

    gone = parties.named(context.keys(), name)
    context.log_act("keys.remove", {"name": gone.name, "fingerprint": gone.fingerprint})
    parties.remove(context.keys(), name)
    context.emit(_row(gone))
    context.say(f"{gone.name} を外しました。これからは、この相手の署名を受け付けません。")


def _list(context: Context) -> None:
    from sanjo_tui.vault import parties

    rows = parties.trusted(context.keys())
    context.emit([_row(party) for party in rows])
    for party in rows:
        context.say(f"{party.name}  {party.kind.label}  {party.lg_code}  {party.station}  {party.fingerprint}")
    if not rows:
        context.say("公開鍵を登録した相手はいません。")


def _tell_own(context: Context, party: Party) -> None:
    context.emit(_row(party))
    context.say(f"この端末 {party.name}（{party.kind.label}、{party.lg_code} {party.station}）\n"
                f"  age      {party.age}\n  Ed25519  {party.ed25519}\n  指紋     {party.fingerprint}")


def _row(party: Party) -> dict[str, Any]:
    return {"name": party.name, "kind": party.kind, "lg_code": party.lg_code, "station": party.station,
            "age": party.age, "ed25519": party.ed25519, "fingerprint": party.fingerprint}
