"""`sanjo-tui application`: set-up of カード申請代行, web bookings from a file, its lists, photos whose time is over."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RegisterError, UsageError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.receptions.application.setup import Setup

SETUP = "application.toml"
DOCUMENTS = {"day": "予約一覧（--place と --date）", "batch": "送付書（--batch、なければ最後のもの）",
             "tally": "集計表（--place、--since、--until）"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "設定（application.toml）を検査する"), ("load", "検査し、この拠点に読み込む")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("path", metavar="PATH", type=Path, help="application.toml か、それのあるフォルダー")
    choice.add_parser("status", help="場所、予約と申請の数、送付待ち")
    booking = choice.add_parser("book", help="ウェブ予約の CSV を取り込む（行ごとに結果を出す）")
    booking.add_argument("file", metavar="FILE", type=Path, help="列は place,date,time,addressee_no,... の CSV")
    choice.add_parser("erase", help="期限の過ぎた写真を消す（毎日のタイマー用）")
    lists = {name: choice.add_parser(name, help=text) for name, text in DOCUMENTS.items()}
    lists["day"].add_argument("--place", required=True, metavar="CODE", help="場所の code")
    lists["day"].add_argument("--date", metavar="D", type=_day, help="日（YYYY-MM-DD。なければ今日）")
    lists["batch"].add_argument("--batch", metavar="NUMBER", help="送付番号")
    lists["tally"].add_argument("--place", metavar="CODE", help="この場所だけ")
    for name, text in (("--since", "この日から"), ("--until", "この日まで")):
        lists["tally"].add_argument(name, metavar="D", type=_day, help=text)
    for verb in lists.values():
        papers.arguments(verb)


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check(context, args.path)
        case "load":
            return _load(context, args.path)
        case "status":
            return _status(context)
        case "book":
            return _book(context, args.file)
        case "erase":
            count = context.desk().application.erase_photos()
            context.emit({"erased": count})
            context.say(f"期限の過ぎた写真を {count} 枚消しました。")
            return 0
    form, options = f"application.{args.verb}", papers.given(args)
    papers.deliver(context, args, form, lambda: context.desk().application.paper(form, **options), lambda paper: {})
    return 0


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{text} は日付ではありません。", "2026-11-24 の形で書いてください。") from error


def _read(path: Path) -> bytes:
    setup = path / SETUP if path.is_dir() else path
    try:
        return setup.read_bytes()
    except OSError as error:
        raise RegisterError(f"{setup} を読めません。", "置き場所と読取権限を確かめてください。",
                            detail=type(error).__name__) from error


def _check(context: Context, path: Path) -> int:
    from sanjo_tui.receptions.application import setup as setups

    setup, problems = setups.read(_read(path))
    for problem in problems:
        context.say(f"誤り {SETUP}: {problem}")
    context.emit({"ok": not problems, "errors": problems, **(_summary(setup) if setup else {})})
    if setup is None:
        context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return 1
    context.say(f"{_line(setup)}: 誤り0件")
    return 0


def _load(context: Context, path: Path) -> int:
    desk = context.desk()
    desk.permit(Permission.DATA)
    setup = desk.application.load(_read(path))
    context.emit(_summary(setup))
    context.say(f"{_line(setup)} を読み込みました。")
    if setup.sample:
        context.warn("注意: 見本の設定です。場所と日時は架空です。")
    if setup.unverified:
        context.warn(f"注意: 未確認の項目が {len(setup.unverified)} 件あります。書類に「未確認」と出ます。")
    return 0


def _status(context: Context) -> int:
    from collections import Counter

    service = context.desk().application
    context.desk().permit(Permission.LIST)
    setup = service.setup
    with context.journal().view() as view:
        states = Counter(one.state.label for one in service.applications(view))
    fit, barred = service.to_send()
    context.emit({**_summary(setup), "states": dict(states), "to_send": fit, "held": dict(barred)})
    context.say(_line(setup))
    context.say("　".join(f"{label} {count}" for label, count in states.items()) or "申請はありません。")
    context.say(f"送付できるもの {len(fit)}通　止まっているもの {len(barred)}通")
    return 0


def _book(context: Context, path: Path) -> int:
    rows = context.desk().application.book_file(_read(path))
    failed = [row for row in rows if not row.number]
    context.emit({"booked": len(rows) - len(failed), "rows": rows})
    for row in rows:
        context.say(f"{row.line}行目 {row.number or '予約できません: ' + row.reason}")
    if failed:
        context.warn(f"{len(failed)} 行は予約できませんでした。行ごとの理由を見て、本人に連絡してください。")
    return 1 if failed else 0


def _summary(setup: Setup) -> dict[str, Any]:
    return {"places": [{"code": one.code, "name": one.name, "kind": one.kind, "capacity": one.capacity}
                       for one in setup.places], "unverified": setup.unverified, "sample": setup.sample,
            "sha256": setup.sha256}


def _line(setup: Setup) -> str:
    sample = " 見本" if setup.sample else ""
    return f"カード申請代行 場所{len(setup.places)} 未確認{len(setup.unverified)}項目{sample}"
