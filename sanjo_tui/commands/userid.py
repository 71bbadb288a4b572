"""`sanjo-tui userid`: set-up of 利用者ID発行, its ledger, the list of a day, issues that are under way."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RegisterError, RuleError, UsageError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.receptions.userid.setup import Setup

SETUP = "userid.toml"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "設定（userid.toml）を検査する"), ("load", "検査し、この拠点に読み込む")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("path", metavar="PATH", type=Path, help="userid.toml か、それのあるフォルダー")
    choice.add_parser("status", help="番号の残りと、発行の途中のもの")
    ledger = choice.add_parser("ledger", help="発行台帳（CSV は cards.csv の列で始まる）")
    papers.arguments(ledger)
    day = choice.add_parser("day", help="日次一覧")
    day.add_argument("--day", metavar="D", type=_day, help="この日（YYYY-MM-DD。なければ今日）")
    papers.arguments(day)


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check(context, args.path)
        case "load":
            return _load(context, args.path)
        case "status":
            return _status(context)
    return _paper(context, args)


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"--day の {text} は日付ではありません。", "2026-11-24 の形で書いてください。") from error


def _read(path: Path) -> tuple[bytes, Setup | None, tuple[str, ...]]:
    from sanjo_tui.receptions.userid import setup as setups

    place = path / SETUP if path.is_dir() else path
    try:
        data = place.read_bytes()
    except OSError as error:
        raise RegisterError(f"{place} を読めません。", "置き場所と読取権限を確かめてください。",
                            detail=type(error).__name__) from error
    setup, problems = setups.read(data)
    return data, setup, tuple(f"{SETUP}: {each}" for each in problems)


def _check(context: Context, path: Path) -> int:
    _, setup, problems = _read(path)
    for problem in problems:
        context.say(f"誤り {problem}")
    context.emit({"ok": not problems, "errors": problems, **(_summary(setup) if setup else {})})
    if setup is None:
        context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return 1
    context.say(f"{_line(setup)}: 誤り0件")
    return 0


def _load(context: Context, path: Path) -> int:
    desk = context.desk()
    desk.permit(Permission.DATA)
    data, setup, problems = _read(path)
    if setup is None:
        raise RuleError(f"誤りが {len(problems)} 件あり、読み込みませんでした。最初の誤り: {problems[0]}",
                        "userid check で全部の誤りを見られます。今の設定はそのままです。")
    setup = desk.userid.load(data)
    context.emit(_summary(setup))
    context.say(f"{_line(setup)} を読み込みました。")
    if setup.sample:
        context.warn("注意: 見本の設定です。条例と同意の文は架空です。")
    return 0


def _status(context: Context) -> int:
    desk = context.desk()
    desk.permit(Permission.LIST)
    open_ = desk.userid.unfinished()
    setup, left = desk.userid.setup, desk.userid.remaining()
    context.emit({**_summary(setup), "remaining": left,
                  "unfinished": [{"addressee_no": one.addressee_no, "reception_no": one.reception_no,
                                  "status": one.pending_status.value} for one in open_]})
    context.say(_line(setup))
    context.say(f"この端末の残り {left}  発行の途中 {len(open_)}")
    for one in open_:
        context.say(f"{one.reception_no} 宛名番号 {one.addressee_no} {one.pending_status.label}")
    return 0


def _paper(context: Context, args: argparse.Namespace) -> int:
    form = f"userid.{args.verb}"
    options = papers.given(args)

    def about(paper: Any) -> dict[str, Any]:
        return {"title": paper.content.title}

    papers.deliver(context, args, form, lambda: context.desk().userid.paper(form, **options), about)
    return 0


def _summary(setup: Setup) -> dict[str, Any]:
    return {"ordinance": f"{setup.ordinance.name} {setup.ordinance.article}",
            "in_force": setup.ordinance.in_force.isoformat(), "consent_version": setup.consent_version,
            "scopes": [one.code for one in setup.scopes], "ranges": [
                {"station": one.station, "first": one.first, "last": one.last, "size": one.size}
                for one in setup.ranges], "sample": setup.sample}


def _line(setup: Setup) -> str:
    return (f"{setup.ordinance.name} {setup.ordinance.article} 同意文 第{setup.consent_version}版 "
            f"業務{len(setup.scopes)} 範囲{len(setup.ranges)}")
