"""`sanjo-tui drill polling`: a polling place full of made-up voters; by itself, or for somebody who learns.

With `--headless` a whole election is played through the real desk and rules, never waiting for the clock, and what must
add up is checked. Without it the screens open and cards come onto the built-in reader at the given rate.
"""

from __future__ import annotations

import argparse
import math
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui import station as stations
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RuleError, StationError

if TYPE_CHECKING:
    from sanjo_tui.desk.drill.polling import Outcome
    from sanjo_tui.station import Station

MOST = 100_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb with its size, speed and seed."""
    polling = verbs(parser).add_parser("polling", help="架空の選挙人で投票所の受付を練習する（準備は要りません）")
    polling.add_argument("--voters", metavar="N", type=_between(1, MOST), default=200, help="来る人の数（既定 200）")
    polling.add_argument("--rate", metavar="PER_HOUR", type=_between(1, MOST), default=240,
                         help="1時間に来る人の数（既定 240）")
    polling.add_argument("--seed", metavar="S", type=int, default=1, help="同じ数なら同じ人たちが来る（既定 1）")
    polling.add_argument("--headless", action="store_true", help="画面を開かずに最後まで通し、数が合うかを確かめる")
    polling.add_argument("--times", action="store_true", help="JSON に所要時間の内訳も書く（毎回変わります）")


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{least} から {most} までの数を書いてください。")
        return int(text)

    return number


def run(context: Context, args: argparse.Namespace) -> int:
    """0 when everything adds up; 1 when it does not."""
    aside = _aside()
    try:
        return _headless(context, args, aside) if args.headless else _trainee(context, args, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _aside() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="sanjo-drill-"))
    except OSError as error:
        raise StationError("練習のための一時フォルダーを作れません。", "ディスクの空きを確かめてください。",
                           detail=type(error).__name__) from error


# --- by itself


def _headless(context: Context, args: argparse.Namespace, aside: Path) -> int:
    from sanjo_tui.desk.drill import polling

    context.warn(f"架空の選挙人 {args.voters} 人を受け付けています。")
    try:
        outcome = polling.play(aside, args.voters, args.rate, args.seed)
    except OSError as error:
        raise StationError("練習を最後まで書けませんでした。", "ディスクの空きを確かめてください。",
                           detail=type(error).__name__) from error
    context.emit(document(outcome, times=args.times))
    _report(context, outcome)
    if not outcome.adds_up:
        raise RuleError("数が合いません。", "この端末では受け付けず、開発元に seed と人数を知らせてください。",
                        detail=f"{outcome.papers_issued} {outcome.claims} {outcome.doubles}")
    return 0


def document(outcome: Outcome, *, times: bool = False) -> dict[str, Any]:
    """The document of `--json`. Only `seconds` and, where they are asked for, `times` (ms) differ from run to run."""
    found: dict[str, Any] = {
        "voters": outcome.voters, "papers_issued": outcome.papers_issued, "claims": outcome.claims,
        "doubles": outcome.doubles, "stops": outcome.stops, "seconds": round(outcome.seconds, 1),
        "seed": outcome.seed, "rate": outcome.rate, "visits": outcome.visits, "receptions": outcome.receptions,
        "verdicts": outcome.verdicts, "provisional": outcome.provisional, "parts": outcome.parts,
        "counts": outcome.counts, "differences": outcome.differences, "events": outcome.events,
        "replayed": outcome.replayed, "days": outcome.days}
    if times:
        found["times"] = {name: {"n": len(values), "p50": _share(values, 0.5), "p99": _share(values, 0.99)}
                          for name, values in (("verdict_ms", outcome.verdict_ms),
                                               ("reception_ms", outcome.reception_ms))}
    return found


def _report(context: Context, outcome: Outcome) -> None:
    context.say(f"訓練 投票所  架空の選挙人 {outcome.voters} 人  来場 {outcome.visits} 回  受付 {outcome.receptions} 件"
                f"  {outcome.seconds:.1f} 秒")
    for day in outcome.days:
        context.say(f"  {day['day']} {day['place']}  来場 {day['visits']}  受付 {day['receptions']}")
    context.say(f"渡した用紙 {outcome.papers_issued} 枚  記録された交付 {outcome.claims} 件"
                f"  仮投票 {outcome.provisional} 枚  二重交付 {outcome.doubles} 件")
    context.say(f"残数の照合 {outcome.counts} 回  合わなかったもの {len(outcome.differences)} 件")
    for sentence in outcome.differences[:10]:
        context.say(f"  {sentence}")
    context.say(f"記録 {outcome.events} 件  つながりと作り直し {'一致' if outcome.replayed else '不一致'}")
    context.say("止めた理由  " + "  ".join(f"{code} {number}" for code, number in outcome.stops.items()))
    for label, values in (("読み取りから判定まで", outcome.verdict_ms), ("受付の記録", outcome.reception_ms)):
        if values:
            context.say(f"{label}  中央値 {_share(values, 0.5):.0f} ミリ秒  99% {_share(values, 0.99):.0f} ミリ秒")


# --- for somebody who learns


def _trainee(context: Context, args: argparse.Namespace, aside: Path) -> int:
    from sanjo_tui.desk import Desk
    from sanjo_tui.desk.drill.trainee import Queue, how_it_went
    from sanjo_tui.vault import Vault

    station = _station(context, aside)
    queue = Queue(station.inbox, args.voters, args.rate, args.seed)
    keys = Vault.open(station.vault).unlock("")
    after = _end_of(station, keys)
    queue.start()
    try:
        code = context.open_screens(station, None)
    finally:
        queue.leave()
    desk = Desk.open(station, keys)
    try:
        if desk.polling.readiness():
            return code                         # the screens were left before the place was ready
        went = how_it_went(desk, after, queue.laid)
    finally:
        desk.close()
    context.emit(went)
    context.say(f"訓練 投票所  カード {went.laid} 枚  開いた {went.opened} 件  受付 {went.received} 件")
    for label, values in (("待ち", went.waited), ("判定から受付まで", went.served)):
        if values:
            context.say(f"{label}  中央値 {_share(values, 0.5):.1f} 秒  最長 {values[-1]:.1f} 秒")
    if went.stops:
        context.say("止まった理由  " + "  ".join(f"{name} {number}" for name, number in went.stops.items()))
    return code


def _station(context: Context, aside: Path) -> Station:
    """The drill home that was named, made where it is new; else one that is gone afterwards."""
    from sanjo_tui.commands import demo

    named = context.options.drill or stations.named_home(context.options.home)
    home = context.drill_home if named else aside / "home"
    station = stations.read(home) if (home / stations.FILE).exists() else demo.prepare(home, context)
    return replace(station, receptions=("polling",), built_in_reader=True)


def _end_of(station: Station, keys: Any) -> int:
    """Sequence number of the last event that is there before the drill."""
    from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
    from sanjo_tui.journal import Journal

    journal = Journal.open(station.journal, keys, station.code, LEDGERS, LOOSE_EVENTS, writing=False)
    try:
        return journal.heads()[0].seq
    finally:
        journal.close()


def _share(values: Sequence[float], share: float) -> float:
    """The value below which this share lies, by nearest rank; 0 of none."""
    ordered = sorted(values)
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 1) if ordered else 0.0
