"""`sanjo-tui doctor`: every part of the station on one line, with the cure beside what is wrong.

OK: in order. 注意: receptions work, something is missing. NG: broken; the exit code is 1. Nothing is changed, and no
resident's record is opened.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.commands.context import Context
from sanjo_tui.errors import SanjoError
from sanjo_tui.station import Station

if TYPE_CHECKING:
    from sanjo_tui.vault import Keys

MEGABYTE = 1_000_000
ROOM, COMFORT = 300 * MEGABYTE, 1000 * MEGABYTE
"""Free space below which the disk is broken for a reception desk, and below which it is worth a word."""

COLUMNS, LINES = 80, 24

LABELS = {"station": "設定", "vault": "鍵", "profiles": "カードの種類", "daemon": "読取サービス", "reader": "読取装置",
          "register": "住基", "election": "選挙", "roll": "選挙人名簿", "journal": "受付記録", "clock": "時計",
          "disk": "空き容量", "second_medium": "控え", "printer": "プリンター", "fonts": "フォント",
          "terminal": "端末", "headquarters": "本部"}
"""Every check, by its identifier in --json, in the order of the report."""

READER_WAIT = 5.0
"""Seconds for the reader service to answer."""

CURES = {
    "読取部品なし": "./sanjo をもう一度実行するか、pcscd と pyscard を入れてください。",
    "読取サービス停止": "sudo systemctl start pcscd で始めてください。",
    "読取の許可なし": "この利用者に読取装置の使用を許してください（polkit の org.debian.pcsc-lite）。",
    "リーダーなし": "読取装置をつないでください。つないであれば、差し直してください。",
    "読取異常": "読取装置を差し直してください。",
}
"""What to do about each sentence of cards/reader.py."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `state`: ok, warning, broken or unused. `cure` is empty where nothing is to be done."""

    check: str
    state: str
    message: str
    cure: str = ""

    def __str__(self) -> str:
        mark = {"ok": "OK  ", "warning": "注意", "broken": "NG  ", "unused": "--  "}[self.state]
        return f"{mark} {LABELS[self.check]}: {self.message}" + (f" -> {self.cure}" if self.cure else "")


def arguments(parser: argparse.ArgumentParser) -> None:
    """`doctor` has no options of its own."""


def run(context: Context, args: argparse.Namespace) -> int:
    """Checks everything that can be checked, whatever else is broken."""
    checks = []
    for check in examine(context):
        checks.append(check)
        context.say(str(check))
    broken = [check for check in checks if check.state == "broken"]
    context.emit({"ok": not broken, "checks": checks})
    context.say(f"\n{len(broken)} 件を直してください。" if broken else "\n受付できます。")
    return 1 if broken else 0


def examine(context: Context) -> Iterator[Check]:
    """All checks, those that need nothing else first."""
    try:
        station = context.station()
    except SanjoError as error:
        yield Check("station", "broken", error.message, error.hint)
        yield _disk(context.home)
        yield from (_fonts(), _terminal())
        return
    kind = " 訓練" if station.drill else ""
    yield Check("station", "ok", f"{station.municipality} {station.place}（{station.code}）{kind}")
    yield from _profiles(station)
    yield from _reader(station)
    keys: Keys | None = None
    try:
        keys = context.keys()
        yield Check("vault", "ok", "開きます。")
    except SanjoError as error:
        nobody_asked = context.options.passphrase_file is None and not sys.stdin.isatty()
        yield Check("vault", "warning" if nobody_asked else "broken", error.message, error.hint)
    yield _guarded("register", lambda: _register(station, keys)) if keys else _unseen("register")
    yield from (_guarded("election", lambda: _election(station)),
                _guarded("roll", lambda: _roll(station, keys)) if keys else _unseen("roll"))
    yield from _journal(station, keys) if keys else (_unseen("journal"), _unseen("clock"))
    yield from (_disk(station.home), _second_medium(station), _printer(station), _fonts(), _terminal())
    yield Check("headquarters", "unused", "この版ではまだ使いません。")


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except SanjoError as error:
        return Check(name, "broken", error.message, error.hint)


def _unseen(name: str) -> Check:
    return Check(name, "warning", "鍵が開かないので確かめていません。",
                 "--passphrase-file を付けて、もう一度点検してください。")


def _profiles(station: Station) -> Iterator[Check]:
    from sanjo_tui.cards import profiles

    def check() -> Check:
        known = profiles.load(station.profiles)
        return Check("profiles", "ok", "、".join(profile.label or profile.id for profile in known))

    yield _guarded("profiles", check)


def _reader(station: Station) -> Iterator[Check]:
    """Service and reader, as the desk's own watcher sees them: doctor and desk cannot differ."""
    if station.built_in_reader:
        yield Check("reader", "ok", f"内蔵の読取装置（{station.cards.name}）です。")
        return
    from queue import Empty, SimpleQueue

    from sanjo_tui.cards import reader
    from sanjo_tui.cards.facts import CardFact, Readers

    facts: SimpleQueue[CardFact] = SimpleQueue()
    watcher = reader.PcscReader((), facts.put)
    watcher.start()
    try:
        first = facts.get(timeout=READER_WAIT)
    except Empty:
        first = Readers(False, (), reader.NO_DAEMON)
    finally:
        watcher.stop()
    if isinstance(first, Readers) and first.sentence in CURES and first.sentence != reader.NO_READER:
        yield Check("daemon", "broken", f"{first.sentence}。", CURES[first.sentence])
        return
    yield Check("daemon", "ok", "答えます。")
    if isinstance(first, Readers) and not first.ready:
        from sanjo_tui.cards.diagnosis import diagnose

        yield Check("reader", "broken", f"{first.sentence}。", CURES[reader.NO_READER])
        for finding in diagnose():
            if not finding.ok:
                yield Check("reader", "broken", finding.sentence, finding.cure)
    else:
        yield Check("reader", "ok", "、".join(first.names) if isinstance(first, Readers) else "読めます。")


def _register(station: Station, keys: Keys | None) -> Check:
    from datetime import datetime

    from sanjo_tui.register.lookup import Register
    from sanjo_tui.wareki import JST, short

    assert keys is not None
    if not (station.register_dir / "current").exists():
        if station.receptions == ("polling",):
            return Check("register", "unused", "投票所だけの拠点では使いません。")
        return Check("register", "broken", "住基がありません。", "sanjo-tui register load DIR で読み込んでください。")
    register = Register.open(station.register_dir, keys)
    try:
        info = register.info
    finally:
        register.close()
    days = (datetime.now(JST).date() - info.as_of).days
    text = f"{short(info.as_of)} 現在（{days}日前）{info.people}人 {info.households}世帯"
    if info.fictitious and not station.drill:
        return Check("register", "warning", f"{text}: 架空のデータです。",
                     "本当の住基を register load で読み込んでください。")
    if days > station.stale_days:
        return Check("register", "warning", f"{text}: 古くなっています。",
                     "新しい住基を register load で読み込んでください。")
    return Check("register", "ok", text)


def _election(station: Station) -> Check:
    from sanjo_tui.receptions.polling.setup import read
    from sanjo_tui.register.roll import elections

    if "polling" not in station.receptions:
        return Check("election", "unused", "投票所受付は開きません。")
    data = elections.current(station.home)
    if data is None:
        return Check("election", "broken", "選挙の設定がありません。",
                     "sanjo-tui election load FILE で読み込んでください。")
    election, problems = read(data)
    if election is None:
        return Check("election", "broken", str(problems[0]), "sanjo-tui election load FILE で読み込み直してください。")
    place = election.place(station.polling_place or station.code)
    if place is None:
        return Check("election", "broken", f"{election.name}: この端末の投票所がありません。",
                     "station.toml の polling_place を確かめてください。")
    return Check("election", "ok", f"{election.name} {place.name}（{place.kind.value}）")


def _roll(station: Station, keys: Keys | None) -> Check:
    from sanjo_tui.register.roll.lookup import Roll
    from sanjo_tui.wareki import short

    assert keys is not None
    if "polling" not in station.receptions:
        return Check("roll", "unused", "投票所受付は開きません。")
    if not (station.roll_dir / "current").exists():
        return Check("roll", "broken", "選挙人名簿がありません。", "sanjo-tui election load DIR で読み込んでください。")
    roll = Roll.open(station.roll_dir, keys)
    try:
        info = roll.info
    finally:
        roll.close()
    text = f"{short(info.as_of)} 現在 {sum(info.electors)}人 入場券 {info.tickets}件"
    if info.fictitious and not station.drill:
        return Check("roll", "warning", f"{text}: 架空のデータです。",
                     "本当の名簿を election load で読み込んでください。")
    return Check("roll", "ok", text)


def _journal(station: Station, keys: Keys | None) -> Iterator[Check]:
    from datetime import datetime

    from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
    from sanjo_tui.journal import Journal
    from sanjo_tui.wareki import JST

    assert keys is not None
    try:
        journal = Journal.open(station.journal, keys, station.code, LEDGERS, LOOSE_EVENTS, writing=False)
    except SanjoError as error:
        yield Check("journal", "broken", error.message, error.hint)
        yield _unseen("clock")
        return
    try:
        yield _guarded("journal", lambda: Check(
            "journal", "ok", f"{journal.verify().count} 件、順につながっています。"))
        if not (os.access(station.journal, os.W_OK) and os.access(station.home, os.W_OK)):
            yield Check("journal", "broken", "書き込めません。", f"{station.home} の書込権限を確かめてください。")
        warning = journal.clock_warning
        yield Check("clock", "broken", f"{warning}。", "日付と時刻を合わせてください。") if warning else Check(
            "clock", "ok", datetime.now(JST).strftime("%Y-%m-%d %H:%M"))
    finally:
        journal.close()


def _disk(home: Path) -> Check:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    text = f"空き {free // MEGABYTE} MB"
    if free < ROOM:
        return Check("disk", "broken", f"{text}: 足りません。", "いらないファイルを消してください。")
    return Check("disk", "warning", text, "余裕のあるうちに整理してください。") if free < COMFORT else Check(
        "disk", "ok", text)


def _second_medium(station: Station) -> Check:
    if not station.backup_dir:
        return Check("second_medium", "warning", "受付記録の控えを取っていません。",
                     "USBメモリなどのフォルダーを station.toml の backup_dir に書いてください。")
    folder = Path(station.backup_dir).expanduser()
    if folder.resolve().is_relative_to(station.home.resolve()):
        return Check("second_medium", "broken", "控えの場所が拠点の中です。",
                     "別の媒体のフォルダーを backup_dir に書いてください。")
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return Check("second_medium", "broken", f"{folder} に書けません。", "媒体が差してあるか確かめてください。")
    if folder.stat().st_dev == station.home.stat().st_dev:
        return Check("second_medium", "warning", f"{folder} は受付記録と同じ媒体です。",
                     "USBメモリなど、別の媒体にしてください。")
    return Check("second_medium", "ok", str(folder))


def _printer(station: Station) -> Check:
    from sanjo_tui.printing.printers import printer_for

    printer = printer_for(station)
    state = printer.state()
    if not station.printer:
        return Check("printer", "warning", state.sentence, state.cure)
    level = "broken" if not state.ready else "warning" if state.fault else "ok"
    return Check("printer", level, f"{printer.name}: {state.sentence}", state.cure)


def _fonts() -> Check:
    from sanjo_tui.documents import fonts

    found = fonts.state()
    names = "、".join(filter(None, (found.mincho, found.gothic, *found.rare)))
    level = "ok" if not found.advice else "warning" if names else "broken"
    return Check("fonts", level, names or "日本語のフォントがありません。", found.advice)


def _terminal() -> Check:
    if os.environ.get("TERM") == "linux":
        return Check("terminal", "warning", "この画面には日本語が出ません。",
                     "kmscon か fbterm、または ssh を使ってください。")
    if not sys.stdout.isatty():
        return Check("terminal", "ok", "端末ではない出力です。")
    size = shutil.get_terminal_size()
    if size.columns < COLUMNS or size.lines < LINES:
        return Check("terminal", "warning", f"{size.columns} x {size.lines} は小さすぎます。",
                     f"{COLUMNS} x {LINES} 以上に広げてください。")
    return Check("terminal", "ok", f"{size.columns} x {size.lines}")
