"""`sanjo-tui polling`: state of the polling place, its papers as files; opening, counting and closing by command."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import papers
from sanjo_tui.commands.context import Context, read_passphrase
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import UsageError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk
    from sanjo_tui.receptions.polling.stock import Equation

DOCUMENTS = {
    "declaration": "期日前投票宣誓書", "slip": "投票用紙交付票", "extract": "選挙人名簿抄本",
    "interim": "投票者数中間報告", "balance": "照合表(受払簿)",
    "zero": "開所ゼロ票", "closing": "閉所票", "voting-record": "投票録(素案)",
    "records": "一行調書",
    "incident": "事故記録", "doubles": "事故票"}
"""Every document is a verb of its own."""

RECORDS = ("absentee", "refused", "provisional", "proxy", "braille")
PAPER = {"plain": "普通", "braille": "点字"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs."""
    choice = verbs(parser)
    choice.add_parser("status", help="投票所の状態、受付の数、用紙の差")
    choice.add_parser("gate", help="開所の前に確かめること")
    opening = choice.add_parser("open", help="開所する")
    opening.add_argument("--clock-confirmed", action="store_true", help="時計を確かめた")
    opening.add_argument("--zero-printed", action="store_true", help="開所ゼロ票を印刷し、立会人が見た")
    opening.add_argument("--witnessed-by", metavar="ID", default="", help="開所ゼロ票を手で写し、確かめた人")
    opening.add_argument("--on-paper", metavar="REASON", default="", help="そろわないまま開所する理由")
    opening.add_argument("--decided-by", metavar="ID", default="", help="そう判断した投票管理者")
    _pin(opening)
    counting = choice.add_parser("count", help="用紙の残りを入れる(手で数えた枚数)")
    counting.add_argument("contest", metavar="CONTEST", help="選挙のコード")
    counting.add_argument("sheets", metavar="SHEETS", type=int, help="残りの枚数")
    counting.add_argument("--paper", choices=PAPER, default="plain", help="用紙の種類")
    counting.add_argument("--closing", action="store_true", help="閉所のための数")
    reporting = choice.add_parser("report", help="中間報告を記録する")
    reporting.add_argument("--time", metavar="HH:MM", default="", help="何時の報告か(なければ今)")
    choice.add_parser("final", help="最後の投票者数(当日・期日前・不在者)と投票率")
    closing = choice.add_parser("close", help="閉所する")
    closing.add_argument("--oaths", metavar="SHEETS", type=int, help="数えた宣誓書の枚数")
    closing.add_argument("--remark", metavar="TEXT", default="", help="備考")
    closing.add_argument("--verifier", metavar="ID", default="", help="もう一人の確認者")
    _pin(closing)
    sealing = choice.add_parser("seal", help="閉所した日の記録を書き出し、封緘する")
    sealing.add_argument("folder", metavar="DIR", type=Path, help="書き出す先のフォルダー（拠点の外）")
    forms = {name: choice.add_parser(name, help=text) for name, text in DOCUMENTS.items()}
    for name in ("declaration", "slip"):
        forms[name].add_argument("reception_no", metavar="NUMBER", help="受付番号")
    forms["declaration"].add_argument("--media", choices=("A5", "A4"), help="用紙")
    forms["slip"].add_argument("--media", choices=("A6", "receipt"), help="用紙")
    forms["extract"].add_argument("--order", choices=("kana", "roll_no"), help="並べ方（なければ五十音）")
    forms["extract"].add_argument("--ward", metavar="CODE", help="投票区")
    forms["interim"].add_argument("--time", metavar="HH:MM", help="前に作った報告をもう一度出す")
    forms["records"].add_argument("kind", choices=RECORDS, help="どの調書か")
    forms["incident"].add_argument("key", metavar="NUMBER", help="宛名番号か補正登録の番号")
    for name in ("interim", "balance", "voting-record", "records", "zero", "closing"):
        forms[name].add_argument("--day", metavar="YYYY-MM-DD", help="いつの分か（なければ今日）")
    for verb in forms.values():
        papers.arguments(verb)


def _pin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pin-file", metavar="FILE", type=Path, help="確認者の暗証番号のファイル")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    polling = context.desk().polling
    match args.verb:
        case "status":
            return _status(context, polling)
        case "gate":
            return _gate(context, polling)
        case "open":
            polling.open_place(clock_confirmed=args.clock_confirmed, zero_printed=args.zero_printed,
                               witnessed_by=args.witnessed_by, on_paper=args.on_paper, decided_by=args.decided_by,
                               pin=_given_pin(args))
            _tell(context, polling, "開所しました。")
        case "count":
            _count(context, polling, args)
        case "report":
            made = polling.report(args.time)
            context.emit({"day": made.day, "time": made.time, "figures": made.figures})
            context.say(f"{made.time} の中間報告を記録しました。")
        case "final":
            _final(context, polling)
        case "close":
            polling.close_place(oaths_counted=args.oaths, verifier=args.verifier, pin=_given_pin(args),
                                remark=args.remark)
            _tell(context, polling, "閉所しました。次に封緘します。")
        case "seal":
            files = polling.seal(args.folder)
            context.emit({"files": files})
            context.say(f"封緘しました。{'、'.join(str(file) for file in files)}")
        case _:
            _document(context, polling, args)
    return 0


def _given_pin(args: argparse.Namespace) -> str:
    return read_passphrase(args.pin_file) if args.pin_file else ""


def _status(context: Context, polling: PollingDesk) -> int:
    if why := polling.readiness():
        context.emit({"ready": False, "reason": why})
        context.say(why)
        return 1
    _tell(context, polling, "")
    return 0


def _tell(context: Context, polling: PollingDesk, sentence: str) -> None:
    election, place, roll = polling.loaded()
    day, lines = polling.day() or polling.unfinished(), polling.equations()
    voters = polling.turnout()[1]
    today = polling.today().isoformat()
    people = voters.people(place=place.code, day=today)
    context.emit({
        "ready": True, "election_id": election.id, "election": election.name, "place": place.code,
        "place_name": place.name, "kind": place.kind, "roll": roll.info.snapshot_id, "day": day.day if day else today,
        "state": day.state if day else "準備", "receptions": voters.receptions(place.code, today),
        "voters": people.total, "papers": [_line(line) for line in lines],
        "differences": [line.sentence for line in polling.standing_differences()],
        "merged": polling.merged(),
        "doubles": len(polling.doubles()) if context.desk().may(Permission.LIST) else None})
    if sentence:
        context.say(sentence)
    context.say(f"{place.name} {day.state.value if day else '準備'} 今日の投票者 {people.total}人"
                f"(男{people.male} 女{people.female})")
    for line in lines:
        context.say(f"  {line.label}: 受領{line.delivered} 交付{line.issued} 書損{line.spoiled} 回収{line.returned} "
                    f"残{line.counted_label}" + (f"  {line.sentence}" if line.sentence else ""))


def _line(line: Equation) -> dict[str, Any]:
    own = {f.name: getattr(line, f.name) for f in fields(line)}
    return {**own, "issued": line.issued, "expected": line.expected, "difference": line.difference}


def _gate(context: Context, polling: PollingDesk) -> int:
    items = polling.gate()
    context.emit(items)
    for item in items:
        context.say(f"{'済' if item.ok else '未'} {item.sentence} {'' if item.ok else item.hint}".rstrip())
    return 0


def _count(context: Context, polling: PollingDesk, args: argparse.Namespace) -> None:
    from sanjo_tui.receptions.polling.words import Occasion, PaperKind

    line = polling.count(args.contest, PaperKind(PAPER[args.paper]), args.sheets,
                         Occasion.CLOSING if args.closing else Occasion.ANY_TIME)
    context.emit(_line(line))
    context.say(line.sentence or f"{line.label} 残り{line.counted}枚。合っています。")


def _final(context: Context, polling: PollingDesk) -> None:
    sexes = ("electors", "day", "early", "absentee", "voters")
    lines = polling.final()
    context.emit([{"contest": line.contest, "name": line.name, "rate": line.rate, "provisional": line.provisional,
                   **{name: getattr(line, name).row for name in sexes}} for line in lines])
    for line in lines:
        men, women, both = line.voters.row
        context.say(f"{line.name}: 有権者{line.electors.total} 投票者{both}(男{men} 女{women}) 当日{line.day.total} "
                    f"期日前{line.early.total} 不在者{line.absentee.total} 投票率{line.rate or '-'}")


def _document(context: Context, polling: PollingDesk, args: argparse.Namespace) -> None:
    form, options = args.verb.replace("-", "_"), papers.given(args)
    polling.loaded()                        # refused before anything is written anywhere
    try:
        papers.deliver(context, args, form, lambda: polling.paper(form, **options),
                       lambda _: {"election_id": polling.scope, "polling_place": polling.loaded()[1].code})
    except ValueError as error:
        raise UsageError("日付が正しくありません。", "2026-11-24 のように書いてください。") from error
