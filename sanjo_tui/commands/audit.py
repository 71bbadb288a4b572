"""`sanjo-tui audit`: who looked at whom, at night, in masses; failed unlocks; what waits for approval; the ends."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs

if TYPE_CHECKING:
    from sanjo_tui.desk.paper import Paper

PARAMETERS = ("of", "start", "end", "minutes", "count")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs."""
    choice = verbs(parser)
    person = choice.add_parser("person", help="その人を、だれがいつ何のために見たか")
    person.add_argument("of", metavar="NUMBER", help="宛名番号か受付番号")
    operator = choice.add_parser("operator", help="その操作者が見たもの、したこと")
    operator.add_argument("of", metavar="ID", help="職員番号")
    night = choice.add_parser("night", help="夜など、ある時間帯の記録")
    night.add_argument("--from", dest="start", metavar="HH:MM", default="22:00", help="始め（なければ 22:00）")
    night.add_argument("--to", dest="end", metavar="HH:MM", default="06:00", help="終わり（なければ 06:00）")
    mass = choice.add_parser("mass", help="受付のない照会が短い間に多いところ")
    mass.add_argument("--minutes", metavar="M", type=_whole, help="何分の間に（なければ警報の設定）")
    mass.add_argument("--count", metavar="N", type=_whole, help="何回以上（なければ警報の設定）")
    unlocks = choice.add_parser("unlocks", help="開錠、施錠、操作者交替、暗証番号の間違い")
    waiting = choice.add_parser("unapproved", help="後からの承認を待っている開示")
    for verb in (person, operator, night, mass, unlocks, waiting):
        papers.arguments(verb)
    ends = choice.add_parser("anchors", help="記録の末尾。紙に控えた末尾と比べる")
    ends.add_argument("--head", metavar="HEX", default="", help="紙や書き出しにある末尾（8 桁以上）")
    ends.add_argument("--number", metavar="STATION-SEQ", default="", help="その末尾の記録番号（分かれば）")
    approving = choice.add_parser("approve", help="確認者なしの開示を、後から承認する")
    approving.add_argument("number", metavar="NUMBER", help="記録番号（unapproved に出るもの）")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "anchors":
            _anchors(context, args.head, args.number)
        case "approve":
            from sanjo_tui.desk import unmasking

            approved = unmasking.approve(context.desk(), args.number)
            context.emit({"approved": args.number, "number": approved.number})
            context.say(f"{args.number} を承認しました。")
        case _:
            _question(context, args)
    return 0


def _question(context: Context, args: argparse.Namespace) -> None:
    from sanjo_tui.desk import audit

    asked: dict[str, Any] = {name: value for name in PARAMETERS if (value := getattr(args, name, None)) is not None}
    fill: Callable[[], Paper] = lambda: audit.ask(context.desk(), args.verb, **asked)  # noqa: E731
    if args.format is None and args.out == "-" and not context.json:
        _table(context, fill())
    else:
        papers.deliver(context, args, "audit", fill, lambda _: {"question": args.verb, **asked})


def _table(context: Context, paper: Paper) -> None:
    from sanjo_tui.documents.audit import reception_word

    for line in paper.rows:
        context.say(f"{line.number:<14} {line.time[:19].replace('T', ' ')}  {line.operator:<8} {line.what}  "  # type: ignore[attr-defined]
                    f"{line.subject}  {line.reason}  {reception_word(line)}".rstrip())  # type: ignore[attr-defined,arg-type]
    context.say(f"{len(paper.rows)} 件。")


def _anchors(context: Context, head: str, number: str) -> None:
    from sanjo_tui.desk import audit
    from sanjo_tui.journal.chain import in_groups

    ends = audit.anchors(context.desk(), head, number)
    context.emit({"heads": [{"station": h.station, "seq": h.seq, "hash": h.hash.hex()} for h in ends.heads],
                  "found": ends.found and {"station": ends.found.station, "seq": ends.found.seq}, "after": ends.after})
    for one in ends.heads:
        context.say(f"{one.station}-{one.seq}  末尾 {in_groups(one.hash.hex()[:32])}")
    if ends.found is not None:
        context.say(f"紙の末尾は {ends.found.station}-{ends.found.seq} です。"
                    f"記録は続いています（その後 {ends.after} 件）。")


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("1 から 10000 までの整数で書いてください。")
    return int(text)
