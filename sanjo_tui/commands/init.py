"""`sanjo-tui init`: makes a station: its key slots, card profiles, empty journal and, last of all, `station.toml`.

Nothing is ever overwritten, and what a failed `init` has made is taken away again: a station is there whole or not at
all. The recovery phrase is printed once and kept nowhere.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sanjo_tui import station as stations
from sanjo_tui.commands.context import Context, ask_passphrase
from sanjo_tui.errors import SanjoError, StationError, UsageError
from sanjo_tui.numbers import lg_code
from sanjo_tui.station import RECEPTIONS, Station


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `init`; what is missing is asked for at a terminal."""
    parser.add_argument("--lg-code", metavar="CODE", help="全国地方公共団体コード（5 桁か 6 桁）")
    parser.add_argument("--municipality", metavar="NAME", help="市区町村の名前")
    parser.add_argument("--place", metavar="NAME", help="この場所の名前")
    parser.add_argument("--station", metavar="CODE", help="拠点コード（英大文字と数字。なければ 6 字を作る）")
    parser.add_argument("--reception", metavar="NAME", action="append", choices=tuple(RECEPTIONS),
                        help="受付の種類（何度でも。なければ shelter）")
    parser.add_argument("--shelter-code", metavar="CODE", default="", help="避難所コード")
    parser.add_argument("--capacity", metavar="N", type=int, default=0, help="定員（人）")
    parser.add_argument("--profiles", metavar="FILE", type=Path, help="カードのプロファイル（確かめてから写す）")
    parser.add_argument("--printer", metavar="URI", default="", help="ipp://... か folder:DIR（拠点の外のフォルダー）")
    parser.add_argument("--no-input", action="store_true", help="何も尋ねない")


def run(context: Context, args: argparse.Namespace) -> int:
    """Makes the station and shows its recovery phrase."""
    home, drill = context.home, context.options.drill
    free(home)
    ask = _asker(args.no_input)
    station = Station(
        home=home, drill=drill,
        lg_code=_lg_code(args.lg_code or ask("--lg-code", "全国地方公共団体コード（5 桁か 6 桁）")),
        municipality=args.municipality or ask("--municipality", "市区町村の名前"),
        place=args.place or ask("--place", "この場所の名前（例 嵐南小学校）"),
        code=(args.station or stations.make_code()).upper(),
        receptions=tuple(dict.fromkeys(args.reception or ("shelter",))),
        shelter_code=args.shelter_code, capacity=args.capacity)
    station = replace(station, printer=_printer(args.printer, home))
    stations.check(station)
    profiles = _profiles(args.profiles)
    passphrase = "" if drill else context.given_passphrase() or _new_passphrase(args.no_input)
    phrase = make(station, passphrase, profiles, measure=not drill)
    _tell(context, station, phrase)
    _warn_of_weakness(context, passphrase)
    return 0


def free(home: Path) -> None:
    """Raises StationError if the folder holds a station or anything of one: nothing is overwritten."""
    for name in (stations.FILE, "vault.toml", "journal.db", "register", "roll", "elections"):
        if (home / name).exists():
            raise StationError(f"{home} にはすでに拠点があります（{name}）。",
                               "上書きはしません。別の場所を --home で指定してください。")


def make(station: Station, passphrase: str, profiles: bytes | None, *, measure: bool = False) -> str:
    """Makes the files of a station and returns the recovery phrase ("" in a drill). SanjoError: nothing is left.

    `measure`: let a try of the passphrase take about half a second on this laptop, instead of the usual cost.
    """
    from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
    from sanjo_tui.journal import Journal
    from sanjo_tui.vault import Vault, cost

    before = set(station.home.iterdir()) if station.home.is_dir() else None
    try:
        station.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        vault, phrase = Vault.create(station.vault, passphrase, drill=station.drill,
                                     cost=cost.measured() if measure else None)
        Journal.create(station.journal, vault.unlock(phrase), station.code, LEDGERS, LOOSE_EVENTS).close()
        if profiles is not None:
            station.profiles.write_bytes(profiles)
        stations.write(station)
    except (SanjoError, OSError) as error:
        _take_away(station.home, before)
        if isinstance(error, OSError):
            raise StationError(f"{station.home} に書けません。", "置き場所、空き容量、書込権限を確かめてください。",
                               detail=str(error)) from error
        raise
    return phrase


def _warn_of_weakness(context: Context, passphrase: str) -> None:
    """A station may be made with a short passphrase; what that means is said."""
    from sanjo_tui.vault import passphrase as passphrases

    if passphrase and (reason := passphrases.weakness(passphrase)):
        context.warn(f"{reason} sanjo-tui slots passphrase で、長いものに替えてください。")


def _take_away(home: Path, before: set[Path] | None) -> None:
    """Removes what a failed `make` has made; `before`: what stood in the home, None if there was no home."""
    if not home.is_dir():
        return
    for path in set(home.iterdir()) - (before or set()):
        path.unlink()
    if before is None:
        home.rmdir()


def _tell(context: Context, station: Station, phrase: str) -> None:
    context.emit({"home": station.home, "station": station.code, "lg_code": station.lg_code, "drill": station.drill,
                  "municipality": station.municipality, "place": station.place, "receptions": station.receptions,
                  "recovery_phrase": phrase})
    context.say(f"拠点 {station.code}（{station.municipality} {station.place}）を {station.home} に作りました。")
    if phrase:
        context.say("\n復旧用の合言葉です。紙に書き、封筒に入れて金庫にしまってください。二度と表示しません。\n"
                    f"\n    {phrase}\n\n"
                    "パスフレーズを忘れたときは、これで開きます。両方なくすと、受付記録はだれにも開けません。")
    if not station.profiles.exists():
        context.warn("カードのプロファイルがまだありません。カードを読むには profiles.toml を置いてください。")


def _lg_code(text: str) -> str:
    whole = lg_code(text)
    if not whole:
        raise StationError(f"--lg-code {text} は全国地方公共団体コードではありません。",
                           "検査数字の合う 6 桁か、検査数字を除いた 5 桁で書いてください。")
    return whole


def _printer(given: str, home: Path) -> str:
    from sanjo_tui.printing.printers import settle

    return settle(given, home)


def _profiles(path: Path | None) -> bytes | None:
    """The file as it is, once it has been read without an error."""
    if path is None:
        return None
    from sanjo_tui.cards import profiles

    profiles.load(path)
    return path.read_bytes()


def _asker(no_input: bool) -> Callable[[str, str], str]:
    """Asks for a value that was not given, on standard error; UsageError where nobody can be asked."""

    def ask(option: str, question: str) -> str:
        if no_input or not sys.stdin.isatty():
            raise UsageError(f"{option} を指定してください。", "使い方は sanjo-tui init --help で見られます。")
        while True:
            print(f"{question}: ", end="", file=sys.stderr, flush=True)
            line = sys.stdin.readline()
            if not line:
                raise UsageError(f"{option} を指定してください。")
            if line.strip():
                return line.strip()

    return ask


def _new_passphrase(no_input: bool) -> str:
    if no_input or not sys.stdin.isatty():
        raise UsageError("--passphrase-file を指定してください。", "1 行目にパスフレーズを書いたファイルです。")
    while True:
        first = ask_passphrase("新しいパスフレーズ: ")
        if first and first == ask_passphrase("もう一度: "):
            return first
        print("二つが同じではありません。もう一度入れてください。", file=sys.stderr)
