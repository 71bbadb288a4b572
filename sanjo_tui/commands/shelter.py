"""`sanjo-tui shelter`: opening, closing, counting; every paper of the shelter as a file; the end of an episode."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import bundles, folders, papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.register.support import SUPPORT

if TYPE_CHECKING:
    from sanjo_tui.receptions.shelter.state import Episode

DOCUMENTS = {
    "roster": "避難者名簿", "unconfirmed": "未確認者リスト", "report": "状況報告書（新しい報を作る）",
    "blanks": "白紙様式（番号を予約する）", "card": "避難者カード", "tag": "受付票", "handover": "要配慮者引継票",
    "leave": "外泊届一覧", "pets": "ペット台帳", "cars": "車中泊名簿", "supplies": "物資配布簿",
    "requests": "物資要望票", "departures": "退所届一覧"}
"""Every document is a verb of its own."""

ORDERS = ("number", "household", "kana", "area", "needs")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs."""
    choice = verbs(parser)
    opening = choice.add_parser("open", help="開設する")
    opening.add_argument("--disaster", metavar="CODE", default="", help="災害コード（なければ今日の日付）")
    opening.add_argument("--name", metavar="NAME", default="", help="災害の名前")
    closing = choice.add_parser("close", help="閉鎖する")
    closing.add_argument("--reason", metavar="TEXT", default="", help="閉鎖の理由")
    closing.add_argument("--transfer", action="store_true", help="入所中の人を名簿で引き継いで閉鎖する")
    for name, text in (("check", "避難行動要支援者名簿（support.csv）を検査する"),
                       ("load", "避難行動要支援者名簿を検査し、読み込んで切り替える")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("folder", metavar="PATH", type=Path,
                          help="manifest.toml のあるフォルダーか、束（.sanjo-bundle）")
        if name == "load":
            verb.add_argument("--yes", action="store_true", help="名簿の人が大きく減っていても読み込む")
            bundles.plain_option(verb)
    choice.add_parser("status", help="開設の状態と人数")
    forms = {name: choice.add_parser(name, help=text) for name, text in DOCUMENTS.items()}
    forms["roster"].add_argument("--edition", choices=("staff", "posting"), default="staff", help="運営用か掲示用")
    forms["roster"].add_argument("--order", choices=ORDERS, help="並べ方（なければ受付番号順）")
    forms["roster"].add_argument("--towns-only", action="store_true", default=None, help="住所を町名だけにする")
    forms["unconfirmed"].add_argument("--district", metavar="CODE", help="行政区コード")
    forms["report"].add_argument("--number", metavar="N", type=int, help="前に作った第 N 報をもう一度出す")
    forms["blanks"].add_argument("--count", metavar="N", type=_sheets, help="枚数（1 から 500。なければ 10）")
    forms["blanks"].add_argument("--paper", choices=("A4", "A5"), help="用紙")
    forms["supplies"].add_argument("--item", dest="items", metavar="NAME", action="append", help="品目（何度でも）")
    forms["tag"].add_argument("registration_no", metavar="NUMBER", help="受付番号")
    forms["tag"].add_argument("--media", choices=("receipt", "label"), help="用紙")
    for name in ("card", "handover"):
        forms[name].add_argument("household", metavar="HOUSEHOLD", help="世帯番号")
    forms["handover"].add_argument("--to", dest="handed_to", metavar="NAME", help="引継ぎ先")
    for verb in forms.values():
        papers.arguments(verb)
    keeping = choice.add_parser("archive", help="閉鎖した避難所の記録を、封をした一つのファイルに保存する")
    keeping.add_argument("folder", metavar="DIR", type=Path, help="保存先のフォルダー（拠点の外）")
    ending = choice.add_parser("destroy-key", help="保存した避難所の記録を、この端末では読めなくする")
    ending.add_argument("--confirm", metavar="CODE", required=True, help="確認のため、災害コードをもう一度書く")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "open":
            episode = context.desk().shelter.open_shelter(args.disaster, args.name)
            _tell(context, episode, f"{episode.name} を開設しています。")
        case "close":
            episode = context.desk().shelter.close_shelter(args.reason, args.transfer)
            _tell(context, episode, f"{episode.name} を閉鎖しました。")
            _tell_end(context)
        case "status":
            _status(context)
        case "check":
            return folders.check(context, SUPPORT, args.folder)
        case "load":
            folders.load(context, SUPPORT, args)
        case "archive":
            _archive(context, args.folder)
        case "destroy-key":
            from sanjo_tui.desk.archive import destroy

            context.emit({"destroyed": destroy(context.desk().shelter, args.confirm)})
            context.say(f"{args.confirm} の記録は、この端末ではもう読めません。")
        case _:
            _document(context, args)
    return 0


def _tell(context: Context, episode: Episode, sentence: str) -> None:
    context.emit({"episode": context.desk().shelter.scope, **_plain(episode), "open": episode.is_open})
    context.say(sentence)


def _tell_end(context: Context) -> None:
    """The journal's end, to be written on the roster: `audit anchors --head` finds a cut or restored journal by it."""
    journal, code = context.journal(), context.station().code
    for head in journal.heads():
        if head.station == code:
            context.say(f"記録の末尾 {head.station}-{head.seq} {head.groups}　名簿に書き写してください。")


def _archive(context: Context, folder: Path) -> None:
    from sanjo_tui.desk.archive import archive

    kept = archive(context.desk().shelter, folder)
    context.emit(kept)
    context.say(f"{kept.path} に保存しました。\n\n開くための合言葉です。紙に書き、ファイルとは別の封筒に"
                f"入れてください。二度と表示しません。\n\n    {kept.phrase}\n")


def _status(context: Context) -> None:
    shelter = context.desk().shelter
    episode, counts = shelter.episode(), shelter.counts()
    context.emit({"episode": shelter.scope, **(_plain(episode) if episode else {}),
                  "open": bool(episode and episode.is_open), "counts": counts})
    if episode is None:
        context.say("まだ開設していません。sanjo-tui shelter open で開設します。")
    else:
        context.say(f"{episode.name} {'開設中' if episode.is_open else '閉鎖済み'} {counts.households}世帯 "
                    f"入所{counts.inside}人 所外{counts.outside}人 外出{counts.on_leave}人 要配慮{counts.with_needs}人")


def _document(context: Context, args: argparse.Namespace) -> None:
    form, options = args.verb, papers.given(args)
    if form == "roster" and options.pop("edition") == "posting":
        form, options = "posting", {}
    papers.deliver(context, args, form, lambda: context.desk().shelter.paper(form, **options),
                   lambda _: {"shelter_code": context.desk().shelter.here, "episode": context.desk().shelter.scope})


def _sheets(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 500:
        raise argparse.ArgumentTypeError("1 から 500 までの整数で書いてください。")
    return int(text)


def _plain(value: Any) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in fields(value)}
