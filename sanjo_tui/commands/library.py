"""`sanjo-tui library`: set-up of 図書館窓口, the daily 申請データ一覧 for a timer, loans that wait."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RegisterError, RuleError, UsageError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.receptions.library.setup import OlderHolder, Setup

SETUP, HOLDERS = "library.toml", "holders.csv"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "設定（library.toml）と、前からの番号（holders.csv）を検査する"),
                       ("load", "検査し、この拠点に読み込む")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("path", metavar="PATH", type=Path, help="library.toml か、それのあるフォルダー")
    choice.add_parser("status", help="番号の残り、出ていない一覧、送信待ち")
    listing = choice.add_parser("list", help="申請データ一覧を書き出す（出ていない開庁日の分も全部）")
    listing.add_argument("--date", metavar="D", type=_day, help="この開庁日まで（YYYY-MM-DD。なければ昨日まで）")
    listing.add_argument("--out", metavar="DIR", type=Path, required=True, help="図書館と共有するフォルダー")
    choice.add_parser("send", help="端末に預かっている貸出と返却を、図書館システムに送る")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check(context, args.path)
        case "load":
            return _load(context, args.path)
        case "status":
            return _status(context)
        case "list":
            return _list(context, args.out, args.date)
    return _send(context)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--date の {text} は日付ではありません。", "2026-11-24 の形で書いてください。") from error


def _files(path: Path) -> tuple[bytes, bytes | None]:
    """The set-up, and the older numbers where PATH is a folder that has them."""
    setup = path / SETUP if path.is_dir() else path
    holders = path / HOLDERS if path.is_dir() else None
    try:
        return setup.read_bytes(), holders.read_bytes() if holders is not None and holders.exists() else None
    except OSError as error:
        raise RegisterError(f"{setup} を読めません。", "置き場所と読取権限を確かめてください。",
                            detail=type(error).__name__) from error


def _read(path: Path) -> tuple[bytes, Setup | None, tuple[OlderHolder, ...], tuple[str, ...]]:
    from sanjo_tui.receptions.library import setup as setups

    data, older = _files(path)
    setup, problems = setups.read(data)
    holders, more = setups.read_holders(older) if older is not None else ((), ())
    return data, setup, holders, (*(f"{SETUP}: {each}" for each in problems), *more)


def _check(context: Context, path: Path) -> int:
    _, setup, holders, problems = _read(path)
    for problem in problems:
        context.say(f"誤り {problem}")
    context.emit({"ok": not problems, "errors": problems, "holders": len(holders),
                  **(_summary(setup) if setup else {})})
    if problems or setup is None:
        context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return 1
    context.say(f"{_line(setup)} 前からの番号{len(holders)}件: 誤り0件")
    return 0


def _load(context: Context, path: Path) -> int:
    desk = context.desk()
    desk.permit(Permission.DATA)
    data, setup, holders, problems = _read(path)
    if problems or setup is None:
        raise RuleError(f"誤りが {len(problems)} 件あり、読み込みませんでした。最初の誤り: {problems[0]}",
                        "library check で全部の誤りを見られます。今の設定はそのままです。")
    setup, added = desk.library.load(data, holders)
    context.emit({**_summary(setup), "holders_added": added})
    context.say(f"{_line(setup)} を読み込みました。前からの番号を{added}件足しました。")
    if setup.sample:
        context.warn("注意: 見本の設定です。館の名前や案内文は架空です。")
    return 0


def _status(context: Context) -> int:
    from sanjo_tui.desk.library import lists

    desk = context.desk()
    desk.permit(Permission.LIST)
    library = desk.library
    setup = library.setup
    missing = library.missing(desk.today() - dt.timedelta(days=1))
    late = library.late(lists.moment())
    context.emit({**_summary(setup), "remaining": library.remaining(), "missing": missing, "late": late,
                  "waiting": library.queue.count()})
    context.say(_line(setup))
    context.say(f"番号の残り {library.remaining()}  送信待ち {library.queue.count()}")
    context.say("出ていない一覧 " + ("、".join(map(str, missing)) if missing else "ありません"))
    if late:
        context.warn(f"{setup.list_time} を過ぎても出ていない一覧が {len(late)} 日分あります。"
                     "library list で出してください。")
    return 0


def _list(context: Context, out: Path, day: dt.date | None) -> int:
    written = context.desk().library.write_lists(out, day=day)
    context.emit({"lists": [{"date": one.day, "list_seq": one.list_seq, "rows": one.rows, "output_at": one.output_at,
                             "again": one.again, "changed": one.changed, "files": [str(path) for path in one.files]}
                            for one in written]})
    for one in written:
        again = "(もう一度) " if one.again else ""
        context.say(f"{one.day} 第{one.list_seq}号 {one.rows}件 {again}{one.files[0]}")
        if one.changed:
            context.warn(f"注意: {one.day} の一覧は、最初に出したものと違います。"
                         "その後に支援措置になった方の住所を伏せたか、設定か版が変わっています。")
    if not written:
        context.say("出していない一覧はありません。")
    return 0


def _send(context: Context) -> int:
    sent = context.desk().library.send_waiting()
    context.emit(sent)
    context.say(f"貸出{sent.lent}件 返却{sent.returned}件を送りました。残り{sent.left}件。")
    if sent.trouble:
        context.warn(f"図書館システムが受け付けないものが {sent.trouble} 件あります。"
                     "窓口の画面の F8 で確かめてください。")
    return 1 if sent.left else 0


def _summary(setup: Setup) -> dict[str, Any]:
    return {"modes": setup.modes, "ranges": [{"first": one.first, "last": one.last} for one in setup.ranges],
            "branch": setup.branch, "host": setup.link.host, "encoding": setup.link.encoding,
            "terminator": setup.link.terminator, "checksum": setup.link.checksum, "patron_id": setup.patron_id,
            "stops": len(setup.stops), "sample": setup.sample, "sha256": setup.sha256}


def _line(setup: Setup) -> str:
    modes = "と".join(mode.label for mode in setup.modes)
    sample = " 見本" if setup.sample else ""
    return f"図書館窓口（{modes}） 番号の範囲{len(setup.ranges)} 館{setup.branch or '-'}{sample}"
