"""`sanjo-tui attendance`: set-up and staff of 出退勤, its lists, files for other systems, the closing of a month."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.commands import bundles, folders, papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RegisterError, UsageError
from sanjo_tui.register.attendance.staff import STAFF
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.receptions.attendance.setup import Setup

SETUP = "attendance.toml"
DOCUMENTS = {"present": "在庁者一覧（今）", "questions": "未処理一覧（要確認と訂正申請）",
             "month": "月次出勤簿（--staff）", "limits": "上限確認と見込み",
             "gaps": "在庁時間と命令時間の乖離一覧", "nights": "深夜・休日一覧",
             "rests": "勤務間隔の短い日の一覧"}
FILES = {"punches": "打刻と訂正（punches.csv）", "pay": "給与システム用の CSV"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "設定（attendance.toml）か職員名簿のフォルダーを検査する"),
                       ("load", "検査し、この拠点に読み込む")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("folder", metavar="PATH", type=Path,
                          help="attendance.toml か、職員名簿の manifest.toml のあるフォルダー")
        if name == "load":
            verb.add_argument("--yes", action="store_true", help="職員が大きく減っていても読み込む")
            bundles.plain_option(verb)
    choice.add_parser("status", help="職員の数、在庁、未処理")
    for name, text in DOCUMENTS.items():
        verb = choice.add_parser(name, help=text)
        if name == "month":
            verb.add_argument("--staff", dest="staff_no", required=True, metavar="NUMBER", help="職員番号")
        if name != "present":
            verb.add_argument("--month", metavar="M", help="月（2026-11。なければ今月）")
        papers.arguments(verb)
    for name, text in FILES.items():
        verb = choice.add_parser(name, help=text)
        verb.add_argument("--month", metavar="M", required=True, help="月（2026-11）")
        verb.add_argument("--out", metavar="FILE", default="-", help="書き出す先（- は標準出力）")
    for name, text in (("lock", "終わった月を締める"), ("unlock", "月の締めを解く")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("month", metavar="M", help="月（2026-11）")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check_setup(context, args.folder) if _is_setup(args.folder) \
                else folders.check(context, STAFF, args.folder)
        case "load":
            _load(context, args)
        case "status":
            _status(context)
        case "punches" | "pay":
            _file(context, args)
        case "lock" | "unlock":
            receipt = context.desk().attendance.lock(args.month, locked=args.verb == "lock")
            context.emit({"month": args.month, "locked": args.verb == "lock", "recorded": len(receipt.recorded)})
            context.say(f"{args.month} を{'締めました' if args.verb == 'lock' else '開きました'}。"
                        if receipt.recorded else "変わりはありません。")
        case _:
            form, options = f"attendance.{args.verb}", papers.given(args)
            papers.deliver(context, args, form, lambda: context.desk().attendance.paper(form, **options),
                           lambda paper: {})
    return 0


def _is_setup(path: Path) -> bool:
    return path.suffix == ".toml" and path.name != "manifest.toml"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RegisterError(f"{path} を読めません。", "置き場所と読取権限を確かめてください。",
                            detail=type(error).__name__) from error


def _check_setup(context: Context, path: Path) -> int:
    from sanjo_tui.receptions.attendance import setup as setups

    setup, problems = setups.read(_read(path))
    for problem in problems:
        context.say(f"誤り {path.name}: {problem}")
    context.emit({"ok": setup is not None, "errors": problems})
    if setup is None:
        context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return 1
    context.say(f"{_line(setup)}: 誤り0件")
    return 0


def _load(context: Context, args: argparse.Namespace) -> None:
    if not _is_setup(args.folder):
        folders.load(context, STAFF, args)
        service = context.desk().attendance
        if unknown := service.unfit():
            context.warn(f"注意: 設定にない区分の職員が {len(unknown)} 人います。時間を計算できません。")
        return
    setup = context.desk().attendance.load(_read(args.folder))
    context.emit({"shifts": list(setup.shifts), "groups": list(setup.groups), "sample": setup.sample,
                  "unverified": setup.unverified, "sha256": setup.sha256})
    context.say(f"{_line(setup)} を読み込みました。")
    if setup.sample:
        context.warn("注意: 見本の設定です。勤務の区分と上限は架空の市の例です。")


def _line(setup: Setup) -> str:
    sample = " 見本" if setup.sample else ""
    return f"出退勤 勤務{len(setup.shifts)} 区分{len(setup.groups)} 未確認{len(setup.unverified)}項目{sample}"


def _status(context: Context) -> None:
    service = context.desk().attendance
    present, questions = service.present(), service.questions()
    context.emit({"staff": len(service.staff.members), "present": len(present), "open": len(questions),
                  "unfit": service.unfit()})
    context.say(f"職員 {len(service.staff.members)}人　在庁 {len(present)}人　未処理 {len(questions)}件")


def _file(context: Context, args: argparse.Namespace) -> None:
    if context.json and args.out == "-":
        raise UsageError("--json と一緒に使うときは、--out でファイルを指定してください。")
    place = None if args.out == "-" else papers.place_of(context, Path(args.out))
    desk = context.desk()
    desk.permit(Permission.CLEAR_FILE)
    service = desk.attendance
    data = service.pay_csv(args.month) if args.verb == "pay" else service.punches_csv(args.month).encode()
    desk.log_act("document.clear", {"form": f"attendance.{args.verb}", "format": "csv", "month": args.month})
    if place is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from sanjo_tui.vault.durable import replace_file

    try:
        replace_file(place, data)
    except OSError as error:
        raise RegisterError(f"{place} に書けません。", "置き場所と書込権限を確かめてください。",
                            detail=type(error).__name__) from error
    context.emit({"out": str(place), "bytes": len(data)})
    context.say(f"{place} に書きました。")
