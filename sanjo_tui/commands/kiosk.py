"""`sanjo-tui kiosk`: check and load the set-up and the seals; the log of issues; requests that are due."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.commands import bundles, folders, papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs

if TYPE_CHECKING:
    from sanjo_tui.receptions.kiosk.setup import Kiosk

DOCUMENTS = {"issues": "証明書交付一覧", "voids": "廃止した発行番号の一覧", "seals": "印鑑登録の変更・停止一覧",
             "request": "証明書交付申請書"}
MANIFEST = "manifest.toml"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "設定(kiosk.toml)か印鑑登録のフォルダーを検査する"),
                       ("load", "検査し、読み込んで切り替える")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("folder", metavar="PATH", type=Path,
                          help="kiosk.toml、それのあるフォルダー、または manifest.toml のあるフォルダー")
        if name == "load":
            verb.add_argument("--yes", action="store_true", help="登録が大きく減っていても読み込む")
            bundles.plain_option(verb)
    choice.add_parser("status", help="使用中の設定と、きょうの件数")
    choice.add_parser("send", help="まだ書けていない依頼ファイルを書く")
    forms = {name: choice.add_parser(name, help=text) for name, text in DOCUMENTS.items()}
    forms["issues"].add_argument("--date", dest="day", metavar="YYYY-MM-DD", type=_day, help="日（なければ今日）")
    forms["request"].add_argument("issue_no", metavar="NUMBER", help="発行番号")
    for verb in forms.values():
        papers.arguments(verb)


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check(context, args)
        case "load":
            _load(context, args)
        case "status":
            kiosk = context.desk().kiosk
            issued, yen = kiosk.totals()
            due, open_ones = len(kiosk.requests_due()), len(kiosk.unfinished())
            context.emit({**_summary(kiosk.setup), "issues": issued, "fees": yen, "requests_due": due,
                          "unfinished": open_ones})
            context.say(f"{_line(kiosk.setup)}  きょう {issued}件 手数料 {yen:,}円  "
                        f"要確認 {open_ones}件 依頼待ち {due}件")
        case "send":
            written = context.desk().kiosk.request_again()
            context.emit({"written": written})
            context.say(f"依頼ファイルを {written} 件書きました。")
        case _:
            papers.deliver(context, args, args.verb, lambda: context.desk().kiosk.paper(
                f"kiosk.{args.verb}", **papers.given(args)), lambda _: {})
    return 0


def _is_data(path: Path) -> bool:
    return (path.is_file() and path.suffix == ".sanjo-bundle") or (path / MANIFEST).is_file()


def _check(context: Context, args: argparse.Namespace) -> int:
    from sanjo_tui.desk.kiosk import store
    from sanjo_tui.receptions.kiosk import setup
    from sanjo_tui.register.seals import SEALS

    if _is_data(args.folder):
        return folders.check(context, SEALS, args.folder)
    found, problems = setup.read(store.read(args.folder))
    for problem in problems:
        context.say(f"誤り {problem}")
    context.emit({"ok": found is not None, "errors": problems, **(_summary(found) if found else {})})
    if found is None:
        context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return 1
    context.say(f"{_line(found)}: 誤り0件")
    return 0


def _load(context: Context, args: argparse.Namespace) -> None:
    from sanjo_tui.register.seals import SEALS

    if _is_data(args.folder):
        folders.load(context, SEALS, args)
        return
    found = context.desk().kiosk.load(args.folder)
    context.emit(_summary(found))
    context.say(f"{_line(found)} を読み込み、切り替えました。")


def _line(found: Kiosk) -> str:
    return f"証明書の設定 {found.version}{'（見本）' if found.sample else ''} {len(found.offers)}種類"


def _summary(found: Kiosk) -> dict[str, object]:
    return {"version": found.version, "sample": found.sample, "kinds": [one.kind for one in found.offers]}


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError("日付は 2026-11-25 の形で書いてください。") from error
