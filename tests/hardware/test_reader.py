"""Cards through a real PC/SC daemon with virtual readers: layouts, restarts, torn and held cards, two readers."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import station as stations
from sanjo_tui.cards.facts import CardFact, CardGone, CardRefused, CardSeen, CardTouched, Readers
from sanjo_tui.cards.filecard import FELICA, FileCard
from sanjo_tui.cards.profiles import Profile, parse
from sanjo_tui.cards.reader import SAME_STAY, PcscReader, read_once
from sanjo_tui.errors import CardError
from tests.hardware.pcscd import PrivateDaemon, until

AID = bytes.fromhex("D3921000310001FF01")
USER, OTHER = "3210987654321", "8854101966248"
FIRST, SECOND = "Virtual PCD 00 00", "Virtual PCD 00 01"

CITY = """
[[profile]]
id = "city"
kind = "file"
aid = "D3921000310001FF01"
sfi = 1
length = 13
assurance = "possession"
pattern = '^\\d{13}$'
"""


def city(user_id: str = USER) -> FileCard:
    return FileCard({AID: {1: user_id.encode() + b"\0\0\0"}})


class Desk:
    """A running reader and what it said, in order."""

    def __init__(self, profiles: tuple[Profile, ...] = parse(CITY)) -> None:
        self.facts: list[CardFact] = []
        self.reader = PcscReader(profiles, self.facts.append)

    def __enter__(self) -> Desk:
        self.reader.start()
        self.wait(Readers(True, (FIRST, SECOND), "読取可"))
        return self

    def __exit__(self, *error: object) -> None:
        self.reader.stop()

    def wait(self, fact: CardFact | type, count: int = 1) -> None:
        until(lambda: len(self.all(fact)) >= count, f"never {fact}: {self.facts}")

    def all(self, fact: CardFact | type) -> list[CardFact]:
        return [one for one in self.facts if (isinstance(one, fact) if isinstance(fact, type) else one == fact)]


@pytest.fixture
def desk(daemon: PrivateDaemon) -> Iterator[Desk]:
    with Desk() as one:
        yield one


def seen(reader: str = FIRST, value: str = USER) -> CardSeen:
    return CardSeen(reader, "city", "user_id", value, "possession")


def test_a_tap_is_touched_seen_and_gone(daemon: PrivateDaemon, desk: Desk) -> None:
    with daemon.tap(city()):
        desk.wait(CardSeen)
    desk.wait(CardGone)
    assert desk.facts[1:] == [CardTouched(FIRST), seen(), CardGone(FIRST)]


@pytest.mark.parametrize(("keys", "card"), [
    ('aid = "A00000000102030405060708090A0B0C"\nef = "2F01"\noffset = 700\nlength = 7\ndecode = "bcd"',
     FileCard({bytes.fromhex("A00000000102030405060708090A0B0C"): {0x2F01: bytes(700) + bytes.fromhex(USER + "F")}})),
    ('aid = "F000000001"\nsfi = 30\noffset = 300\nlength = 13', FileCard(
        {bytes.fromhex("F000000001"): {30: bytes(300) + USER.encode()}})),
    ('aid = "F000000001"\nef = "0101"\nlength = 600\npattern = "0*(?P<number>[0-9]{13})"', FileCard(
        {bytes.fromhex("F000000001"): {0x101: b"0" * 587 + USER.encode()}})),
    ('kind = "record"\naid = "F000000001"\nsfi = 3\nrecord = 2\noffset = 1\nlength = 13', FileCard(
        records={(bytes.fromhex("F000000001"), 3): (b"-", b"x" + USER.encode() + b"y")})),
    ('kind = "uid"\nmatch.atr = ["3B8F*"]', FileCard(uid=bytes.fromhex(USER[:12] + "0A0B"), atr=FELICA)),
])
def test_any_application_offset_and_encoding(daemon: PrivateDaemon, keys: str, card: FileCard) -> None:
    kind = "" if "kind" in keys else 'kind = "file"\n'
    with daemon.tap(card):
        found = read_once(parse(f'[[profile]]\nid = "it"\n{kind}{keys}'), 10)
    assert found.value == (USER if card.atr != FELICA else USER[:12] + "0A0B")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_taps_are_read_again_after_the_daemon_died_and_came_back(daemon: PrivateDaemon, desk: Desk, how: int) -> None:
    with daemon.tap(city()):
        desk.wait(seen())
        daemon.stop(how)
        desk.wait(Readers(False, (), "読取サービス停止"))
    assert desk.all(CardGone) == [CardGone(FIRST)]
    daemon.start()
    desk.wait(Readers(True, (FIRST, SECOND), "読取可"), 2)
    for slot, reader in enumerate((FIRST, SECOND)):
        with daemon.tap(city(OTHER), slot):
            desk.wait(seen(reader, OTHER))


def test_a_tap_while_the_daemon_is_down_is_read_when_it_is_back(daemon: PrivateDaemon, desk: Desk) -> None:
    daemon.stop(signal.SIGKILL)
    desk.wait(Readers(False, (), "読取サービス停止"))
    daemon.start()
    with daemon.tap(city()):
        desk.wait(seen())


def test_many_restarts_in_a_row(daemon: PrivateDaemon, desk: Desk) -> None:
    for round_ in range(4):
        daemon.restart(signal.SIGKILL if round_ % 2 else signal.SIGTERM)
        with daemon.tap(city(f"{round_:013d}")):
            desk.wait(seen(value=f"{round_:013d}"))


@pytest.mark.parametrize("after", [0, 1])
def test_a_card_pulled_away_in_the_middle_is_said_and_the_next_is_read(daemon: PrivateDaemon, desk: Desk,
                                                                       after: int) -> None:
    with daemon.tap(city(), tear_after=after):
        desk.wait(CardRefused)
        desk.wait(CardGone)
    refused = desk.all(CardRefused)[0]
    assert isinstance(refused, CardRefused) and "早く離れました" in refused.sentence and refused.again
    with daemon.tap(city()):
        desk.wait(seen())


def test_a_card_that_lies_there_before_the_start_is_read(daemon: PrivateDaemon) -> None:
    with daemon.tap(city()):
        assert read_once(parse(CITY), 10) == seen()
        with Desk() as desk:
            desk.wait(seen())


def test_two_cards_on_two_readers(daemon: PrivateDaemon, desk: Desk) -> None:
    with daemon.tap(city()), daemon.tap(city(OTHER), 1):
        desk.wait(seen(FIRST))
        desk.wait(seen(SECOND, OTHER))
    desk.wait(CardGone(FIRST))
    desk.wait(CardGone(SECOND))


def test_a_card_that_is_held_is_one_tap(daemon: PrivateDaemon, desk: Desk) -> None:
    with daemon.tap(city()), daemon.tap(city(OTHER), 1):
        desk.wait(CardSeen, 2)
        other = threading.Event()
        other.wait(2.5)                                    # more than two slices of the daemon's wait
        assert len(desk.all(CardSeen)) == 2 and not desk.all(CardGone)


def test_the_same_card_again_is_a_second_tap(daemon: PrivateDaemon, desk: Desk) -> None:
    for count in (1, 2):
        with daemon.tap(city()):
            desk.wait(seen(), count)
        desk.wait(CardGone, count)
        gone = time.monotonic()
        until(lambda gone=gone: time.monotonic() - gone > SAME_STAY, "the clock stands")  # type: ignore[misc]


def test_an_unknown_card_is_refused_with_its_atr_for_the_log(daemon: PrivateDaemon, desk: Desk) -> None:
    with daemon.tap(FileCard({b"\xa0" * 5: {1: b"x"}})):
        desk.wait(CardRefused)
    refused = desk.all(CardRefused)[0]
    assert isinstance(refused, CardRefused) and not refused.again and "3B8880" in refused.code


def test_a_card_that_does_not_answer_is_mute_and_the_next_is_read(daemon: PrivateDaemon, desk: Desk) -> None:
    with daemon.tap(FileCard({AID: {1: USER.encode()}}, atr=b"\x00")):
        desk.wait(CardRefused)
    with daemon.tap(city()):
        desk.wait(seen())


def test_a_slow_card_is_read(daemon: PrivateDaemon, desk: Desk) -> None:
    with daemon.tap(city(), delay=0.4):
        desk.wait(seen())


def test_another_program_may_use_the_card_at_the_same_time(daemon: PrivateDaemon, desk: Desk) -> None:
    with daemon.tap(city()):
        for _ in range(5):
            assert read_once(parse(CITY), 10) == seen()
        desk.wait(seen())


def test_no_reader_and_no_daemon_are_told_apart(daemon: PrivateDaemon) -> None:
    with pytest.raises(CardError, match="カードがかざされませんでした"):
        read_once(parse(CITY), 0)
    daemon.stop()
    with pytest.raises(CardError, match="カード読取サービスが動いていません"):
        read_once(parse(CITY), 0)
    daemon.readers = False
    daemon.start()
    with pytest.raises(CardError, match="カードリーダーがつながっていません"):
        read_once(parse(CITY), 0)


def test_a_reader_that_comes_later_is_used(daemon: PrivateDaemon) -> None:
    daemon.stop()
    daemon.readers = False
    daemon.start()
    facts: list[CardFact] = []
    reader = PcscReader(parse(CITY), facts.append)
    reader.start()
    try:
        until(lambda: Readers(False, (), "リーダーなし") in facts, f"no word of the missing reader: {facts}")
        daemon.readers = True
        daemon.restart()
        with daemon.tap(city()):
            until(lambda: seen() in facts, f"never read: {facts}")
    finally:
        reader.stop()


def test_stop_ends_the_wait_at_once(daemon: PrivateDaemon, desk: Desk) -> None:
    desk.reader.stop()
    desk.reader.stop()
    assert not desk.reader._thread.is_alive()
    daemon.stop()
    PcscReader(parse(CITY), desk.facts.append).stop()       # never started


def test_read_once_waits_on_through_a_restart_and_a_torn_card(daemon: PrivateDaemon) -> None:
    result: queue.SimpleQueue[CardSeen | CardError] = queue.SimpleQueue()

    def read() -> None:
        try:
            result.put(read_once(parse(CITY), 30))
        except CardError as error:
            result.put(error)

    thread = threading.Thread(target=read)
    thread.start()
    torn = daemon.tap(city(), tear_after=1)
    with torn:
        until(lambda: torn.apdus, "the torn card was never read")
        until(lambda: torn.gone, "the card was not pulled away")
    daemon.restart(signal.SIGKILL)
    with daemon.tap(city()):
        assert result.get(timeout=30) == seen()
    thread.join(5)


# The command, as IT calls it

@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    stations.write(stations.Station(home=folder, lg_code="152048", municipality="三条市", code="A", place="体育館"))
    (folder / "profiles.toml").write_text(CITY, encoding="utf-8")
    return folder


@pytest.fixture
def command(daemon: PrivateDaemon, home: Path) -> Callable[..., subprocess.Popen[str]]:
    def start(*words: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-m", "sanjo_tui", "--home", str(home), "card", "read", *words],
                                env={**daemon.environment, **environment}, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
    return start


def answer(process: subprocess.Popen[str]) -> tuple[int, Any, str]:
    out, error = process.communicate(timeout=60)
    return process.returncode, json.loads(out) if out.startswith("{") else out, error


def test_the_command_gives_the_number_in_full(daemon: PrivateDaemon,
                                              command: Callable[..., subprocess.Popen[str]]) -> None:
    with daemon.tap(city()):
        assert answer(command("--json")) == (0, {
            "id": "city", "profile": "city", "token": "user_id", "user_id": USER, "assurance": "possession",
            "reader": FIRST}, "")
        code, text, _ = answer(command("--wait", "5"))
        assert code == 0 and USER not in text and text.strip().endswith("*4321")


def test_the_command_outlives_the_daemon(daemon: PrivateDaemon, command: Callable[..., subprocess.Popen[str]]) -> None:
    process = command("--json", "--wait", "50")
    daemon.restart(signal.SIGKILL)
    with daemon.tap(city()):
        code, found, error = answer(process)
    assert (code, found["user_id"], error) == (0, USER, "")


@pytest.mark.parametrize(("card", "said"), [
    (None, "かざされませんでした"), (FileCard({AID: {1: b"not a number!"}}), "番号の形が違います"),
    (FileCard({b"\xa0" * 5: {1: b"x"}}), "使えるカードではありません"),
])
def test_the_command_says_in_one_sentence_what_went_wrong(
        daemon: PrivateDaemon, command: Callable[..., subprocess.Popen[str]], card: FileCard | None, said: str) -> None:
    if card is None:
        result = answer(command("--wait", "0", "--json"))
    else:
        with daemon.tap(card):
            result = answer(command("--json"))
    assert result[0] == 1 and result[1] == "" and said in result[2] and "Traceback" not in result[2]
    assert len(result[2].splitlines()) == 1


def test_without_the_library_nothing_is_written_but_the_sentence(command: Callable[..., subprocess.Popen[str]],
                                                                 tmp_path: Path) -> None:
    (tmp_path / "ctypes.py").write_text("def CDLL(name):\n    raise OSError(name)\n")
    result = answer(command("--json", PYTHONPATH=f"{tmp_path}{os.pathsep}{Path.cwd()}"))
    assert result[:2] == (1, "") and "PC/SC ライブラリがありません" in result[2] and len(result[2].splitlines()) == 1


def test_wrong_usage_is_told_apart(command: Callable[..., subprocess.Popen[str]]) -> None:
    assert answer(command("--wait", "soon"))[0] == 2
    assert answer(command("--wait", "-1"))[0] == 2
