"""`sanjo-tui counter`: check and load procedures; the day's cases, fees and hand-over; papers of one case."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.commands import papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.receptions.counter.procedure import Setup

DOCUMENTS = {"cash": "手数料収納一覧", "sheet": "確認書", "application": "申請書", "guide": "受付案内票"}
OF_A_CASE = ("sheet", "application", "guide")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "窓口の設定と手続を検査する"), ("load", "検査し、読み込んで切り替える")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("folder", metavar="PATH", type=Path,
                          help="counter.toml、fees.toml、procedures/ のあるフォルダー")
    choice.add_parser("status", help="使用中の手続と、きょうの件数")
    handing = choice.add_parser("handover", help="きょうの受付を担当課へ渡す CSV（番号と答え。氏名は出ません）")
    handing.add_argument("--date", metavar="YYYY-MM-DD", type=_day, help="日（なければ今日）")
    handing.add_argument("--columns", metavar="FILE", type=Path, help="列の名前の対応（TOML: 出す名前 = 項目）")
    handing.add_argument("--out", metavar="FILE", default="-", help="書き出す先（- は標準出力）")
    forms = {name: choice.add_parser(name, help=text) for name, text in DOCUMENTS.items()}
    forms["cash"].add_argument("--date", dest="day", metavar="YYYY-MM-DD", type=_day, help="日（なければ今日）")
    for name in OF_A_CASE:
        forms[name].add_argument("reception_no", metavar="NUMBER", help="受付番号")
    for verb in forms.values():
        papers.arguments(verb)


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check(context, args.folder)
        case "load":
            found = context.desk().counter.load(args.folder)
            context.emit(_summary(found))
            context.say(f"{_line(found)} を読み込み、切り替えました。")
        case "status":
            counter = context.desk().counter
            cases, yen = counter.totals()
            context.emit({**_summary(counter.setup), "cases": cases, "fees": yen})
            context.say(f"{_line(counter.setup)}  きょう {cases}件 手数料 {yen:,}円")
        case "handover":
            _hand_over(context, args)
        case _:
            options = papers.given(args)
            if isinstance(options.get("day"), dt.date):
                options["day"] = options["day"].isoformat()
            papers.deliver(context, args, args.verb,
                           lambda: context.desk().counter.paper(f"counter.{args.verb}", **options), lambda _: {})
    return 0


def _check(context: Context, folder: Path) -> int:
    from sanjo_tui.desk.counter import store
    from sanjo_tui.receptions.counter import setup

    found, problems = setup.read(store.files_of(folder))
    for problem in problems:
        context.say(f"誤り {problem}")
    context.emit({"ok": found is not None, "errors": problems, **(_summary(found) if found else {})})
    if found is None:
        context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return 1
    context.say(f"{_line(found)}: 誤り0件")
    return 0


def _line(setup: Setup) -> str:
    sample = "（見本）" if setup.sample else ""
    return f"窓口の設定 {setup.version}{sample} 手続{len(setup.procedures)}件 窓口{len(setup.departments)}か所"


def _summary(setup: Setup) -> dict[str, object]:
    return {"version": setup.version, "sample": setup.sample, "procedures": [one.code for one in setup.procedures],
            "departments": [one.code for one in setup.departments]}


def _hand_over(context: Context, args: argparse.Namespace) -> None:
    from sanjo_tui.desk.counter.handover import FIXED, columns_of, rows_of
    from sanjo_tui.vault.durable import replace_file

    desk = context.desk()
    desk.permit(Permission.LIST)
    desk.permit(Permission.CLEAR_FILE)
    columns = columns_of(args.columns) if args.columns else {}
    rows = rows_of(desk.counter, args.date, columns)
    desk.log_act("document.clear", {"form": "counter.handover", "format": "csv", "rows": len(rows),
                                    "to": "standard output" if args.out == "-" else "file"})
    text = io.StringIO()
    names = list(rows[0]) if rows else list(columns or dict.fromkeys(FIXED))
    writer = csv.DictWriter(text, names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    if args.out == "-" and context.json:
        context.emit({"rows": rows})
    elif args.out == "-":
        context.say(text.getvalue().rstrip("\r\n"))
    else:
        replace_file(papers.place_of(context, Path(args.out)), b"\xef\xbb\xbf" + text.getvalue().encode())
        context.emit({"out": args.out, "rows": len(rows)})
        context.say(f"{args.out} に {len(rows)} 件を書きました。")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("日付は 2026-11-25 の形で書いてください。") from error

