"""A polling desk with the electors of a town: from the card to the verdict, a reception, loading a roll, taking in.

Yardsticks: one fsynced commit and one `executemany` of plain SQLite on the same disk, a plain look-up by an index.
"""

from __future__ import annotations

import csv
import datetime as dt
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from fixtures.rolls import write_roll
from sanjo_tui import station as stations
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.desk.merging import take_in
from sanjo_tui.desk.voters import VoterLook
from sanjo_tui.receptions.polling.rules import Choice
from sanjo_tui.receptions.polling.words import IdMethod, Oath, Via
from sanjo_tui.register.roll import snapshot
from sanjo_tui.station import Station, fixtures
from sanjo_tui.vault import Vault
from sanjo_tui.wareki import JST
from tests.bench import desk as screen
from tests.bench.figures import Figure, p50, p99, spread, times
from tests.bench.ground import Ground
from tests.bench.reception import plain_commits
from tests.polling_homes import polling_home
from tests.polling_sites import exported

CONTESTS, WARM = ("smd", "pr", "review", "governor", "assembly"), 3
"""Contests of the sample election; voters on the screen who are not counted."""

CARD = Choice(id_method=IdMethod.CARD, via=Via.CARD, reason_code=1, oath=Oath.PRINTED)


def measure(ground: Ground) -> Iterator[Figure]:
    """One station with the whole roll; then three sites into a fourth."""
    electors = 10_000 if ground.quick else 100_000
    folder = ground.folder / "roll"
    write_roll(folder, electors=electors, seed=1)
    durable = plain_commits(ground)
    yield _load(ground, folder, electors)
    desk = polling_home(ground.folder / "polling", roll=folder)
    able = _able(folder)
    try:
        yield from _at_the_door(ground, desk, able, durable)
    finally:
        desk.close()
    yield _painted(ground, desk.station, able, durable, electors)
    yield from _merged(ground)


def _able(folder: Path) -> list[dict[str, str]]:
    """Rows of electors with card and ticket of whom the roll says nothing special."""
    with (folder / "roll_contests.csv").open(encoding="utf-8", newline="") as file:
        marked = {row["addressee_no"] for row in csv.DictReader(file) if row["early_date"] or row["absentee"] != "none"}
    with (folder / "roll.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["user_id"] and row["ticket_no"]
                and row["roll_status"] == "有効" and row["birth_date"] < "2008" and row["addressee_no"] not in marked]


def _load(ground: Ground, folder: Path, electors: int) -> Figure:
    """Check, build, switch, in an empty home."""
    out = ground.folder / "roll-load"
    out.mkdir()
    vault, _ = Vault.create(out / "vault.toml", "", drill=True)
    keys = vault.unlock("")
    taken = times(1, lambda _: snapshot.load(folder, out / "roll", keys, lg_code="999997", contests=CONTESTS), warm=0)
    return Figure(name=f"roll load, {electors:,} electors", value=taken[0] / 1e3, unit="s",
                  yardstick=_plain(ground, folder), yardstick_name="executemany, plain SQLite",
                  note="checked, encrypted, switched")


def _painted(ground: Ground, station: Station, able: list[dict[str, str]], durable: list[float],
             electors: int) -> Figure:
    """A scanner types the ticket and Enter; from there to the whole verdict on the screen."""
    stations.write(station)
    station.profiles.write_bytes((fixtures() / "cards" / "profiles.toml").read_bytes())
    taken, repeats = list[float](), ground.repeats(120) + WARM
    with screen.desk_on(station, screen.Notes(ground.folder / "notes-polling")) as terminal:
        terminal.painted(_idle)
        for row in able[1::max(1, len(able) // repeats)][:repeats]:
            start = terminal.send(f"T{row['ticket_no']}\r")
            taken.append((terminal.painted(_verdict) - start) * 1e3)
            terminal.send("\x1b")
            terminal.painted(_idle)
    taken = taken[WARM:]
    return Figure(name=f"ticket scanned to verdict painted, {electors:,}", value=p99(taken), budget=100,
                  spread=spread(taken), yardstick=p99(durable), yardstick_name=f"one commit, p50 {p50(durable):.2f}",
                  note="p99")


def _idle(text: str) -> bool:
    return "カードか入場券をかざしてください" in text and "F3 出口の確認" in text


def _verdict(text: str) -> bool:
    """Who it is, the boxes, and the keys of a voter."""
    return "名簿番号 " in text and "1箱" in text and "Esc 戻る" in text


def _at_the_door(ground: Ground, desk: Desk, able: list[dict[str, str]], durable: list[float]) -> Iterator[Figure]:
    step = max(1, len(able) // (ground.repeats(600) + 2))
    chosen, looks = able[::step], list[VoterLook]()

    def tap(i: int) -> None:
        seen = CardSeen(reader="bench", profile="city", token="user_id", value=chosen[i]["user_id"])
        looks.append(desk.polling.look(desk.polling.open_card(seen)))

    opening = times(len(chosen) - 1, tap)
    scanning = times(min(len(chosen) - 1, ground.repeats(200)), lambda i: desk.polling.look(
        desk.polling.open_code(f"T{chosen[i]['ticket_no']}")))
    asked = [f"{row['name_kana']} {row['birth_date'].replace('-', '')}" for row in chosen]
    searching = times(min(len(chosen) - 1, ground.repeats(200)), lambda i: desk.polling.search(asked[i]))
    waiting = [look for look in looks if look.examined.papers and not look.examined.confirm]
    receiving = times(len(waiting), lambda i: desk.polling.receive(waiting[i], CARD), warm=0)
    once = p99(durable)
    what = f"p50 {p50(durable):.2f}"
    yield Figure(name="card to verdict, without a screen", value=p99(opening), budget=100, spread=spread(opening),
                 yardstick=once, yardstick_name=f"one commit, {what}", note="p99, look-up event included")
    yield Figure(name="ticket to verdict, without a screen", value=p99(scanning), budget=100, spread=spread(scanning),
                 yardstick=once, yardstick_name=f"one commit, {what}", note="p99")
    yield Figure(name="kana and birth date to list", value=p99(searching), budget=100, spread=spread(searching),
                 yardstick=once, yardstick_name=f"one commit, {what}", note="p99, look-up event included")
    yield Figure(name="polling reception, without a screen", value=p99(receiving), spread=spread(receiving),
                 yardstick=once, yardstick_name=f"one commit, {what}",
                 note="p99, durable: papers, claims, oath and slip due")


def _plain(ground: Ground, folder: Path) -> float:
    """Seconds for the rows as they stand in the file, in plain SQLite without an index."""
    began = time.perf_counter()
    connection = sqlite3.connect(ground.folder / "plain-roll.db")
    for name in ("roll", "roll_contests", "tickets", "wards"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            header = next(rows)
            connection.execute(f"CREATE TABLE {name} ({', '.join(header)})")
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(header))})", rows)
    connection.commit()
    connection.close()
    return time.perf_counter() - began


def _merged(ground: Ground) -> Iterator[Figure]:
    """Three exports one after another; how many events there were stands in the note."""
    now = dt.datetime.combine(dt.datetime.now(JST).date(), dt.time(12), JST)
    for receptions in ((200,) if ground.quick else (2_560, 5_000)):
        folder = ground.folder / f"sites-{receptions}"
        files = exported(folder, receptions, now=now)
        desk = polling_home(folder / "home", code="HQ", place="D1", is_open=False)
        began, worked = time.perf_counter(), time.process_time()
        events = sum(take_in(desk, file, "").new for file in files)
        taken, worked = time.perf_counter() - began, time.process_time() - worked
        listed = times(1, lambda _, desk=desk: desk.polling.doubles(), warm=0)[0]  # type: ignore[misc]
        desk.close()
        yield Figure(name=f"taking in 3 sites x {receptions:,} receptions", value=taken, unit="s", budget=5,
                     spread=f"processor {worked:.1f} s",
                     note=f"{events:,} events; list of doubles after it {listed / 1e3:.1f} s")
