"""Real PC/SC: a card as a town may have made it, read by the command and at the desk, through every accident."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal
from tests.acceptance.town import COMMAND, SATO, Town
from tests.hardware.pcscd import PrivateDaemon, until, why_not

READY, DONE = "カードをかざしてください", "受付しました"
AID, EF, OFFSET = bytes.fromhex("F0536972796F7563617264"), 0x2F01, 21

PROFILE = f"""\
version = 1

[[profile]]
id = "town-card"
label = "町のカード"
kind = "file"
token = "user_id"
assurance = "possession"
aid = "{AID.hex().upper()}"
ef = "{EF:04X}"
offset = {OFFSET}
length = 7
decode = "bcd"
pattern = '^[0-9]{{13}}$'
"""


@dataclass
class TownCard:
    """A strict card of ours: one application, one file, by SELECT and READ BINARY alone, nothing by short id."""

    user_id: str
    atr: bytes = bytes.fromhex("3B8180018080")
    selected: bool = False
    file: bool = False
    refused: list[str] = field(default_factory=list)

    def reset(self) -> None:
        self.selected = self.file = False

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        content = bytes(range(1, OFFSET + 1)) + bytes.fromhex(self.user_id + "F") + b"\xAA" * 9
        if apdu[:4] == bytes.fromhex("00A4040C"):
            self.selected = apdu[5:5 + apdu[4]] == AID
            return b"", 0x9000 if self.selected else 0x6A82
        if apdu[:4] == bytes.fromhex("00A4020C") and self.selected:
            self.file = apdu[5:5 + apdu[4]] == EF.to_bytes(2)
            return b"", 0x9000 if self.file else 0x6A82
        if apdu[:2] == bytes.fromhex("00B0") and self.file and not apdu[2] & 0x80:
            start = apdu[2] << 8 | apdu[3]
            return content[start:start + (apdu[4] or 256)], 0x9000
        self.refused.append(apdu.hex())
        return b"", 0x6D00


@pytest.fixture
def daemon() -> Iterator[PrivateDaemon]:
    """A pcscd of our own with two virtual readers."""
    if reason := why_not():
        pytest.skip(reason)
    pytest.importorskip("smartcard", reason="pyscard is not installed")
    with PrivateDaemon() as private:
        yield private


@pytest.fixture
def town(daemon: PrivateDaemon, sanjo: Town) -> Town:
    """A live station with the town's own profile, led to our daemon; the shelter is open."""
    (sanjo.home / "profiles.toml").write_text(PROFILE, encoding="utf-8")
    sanjo.run("shelter", "open")
    return Town(sanjo.home, sanjo.passphrase, {"PCSCLITE_CSOCK_NAME": str(daemon.socket)})


def reading(town: Town, *line: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *town.common, "card", "read", *line], env=town.environment,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def read(town: Town, daemon: PrivateDaemon) -> dict[str, str]:
    """`card read --json` while a card lies on the reader."""
    with daemon.tap(TownCard(SATO)):
        document: dict[str, str] = town.json("card", "read", "--wait", "20")
    return document


def admit(desk: Terminal, daemon: PrivateDaemon) -> None:
    """One tap, one key."""
    with daemon.tap(TownCard(SATO)):
        desk.until("Enter で3人とも入所")
        desk.press("Enter")
        desk.until(DONE)


def test_the_command_reads_the_card_that_the_profile_names(town: Town, daemon: PrivateDaemon) -> None:
    card = read(town, daemon)
    assert card["user_id"] == SATO and card["id"] == "town-card"


def test_the_desk_reads_the_card_that_the_profile_names(town: Town, daemon: PrivateDaemon) -> None:
    with town.desk() as desk:
        desk.until(lambda text: READY in text and "読取可" in text)
        admit(desk, daemon)
    assert town.status()["counts"]["inside"] == 3
    assert SATO not in "".join(path.read_text(errors="replace") for path in (town.home / "log").iterdir())


def test_a_card_put_down_later_is_waited_for(town: Town, daemon: PrivateDaemon) -> None:
    command = reading(town, "--json", "--wait", "60")
    until(lambda: b"sanjo_tui" in Path(f"/proc/{command.pid}/cmdline").read_bytes(), "it did not start")
    with daemon.tap(TownCard(SATO)):
        out, _ = command.communicate(timeout=60)
    assert command.returncode == 0 and SATO in out.decode()


def test_no_card_is_exit_1_and_a_sentence(town: Town) -> None:
    town.refused("card", "read", "--wait", "0.3", "--json")


def test_after_the_daemon_was_killed_and_restarted_both_read_again(town: Town, daemon: PrivateDaemon) -> None:
    with town.desk() as desk:
        desk.until(lambda text: READY in text and "読取可" in text)
        daemon.stop(signal.SIGKILL)
        desk.until("読取不可(読取サービス停止)", seconds=6)      # said within 2 s; the rest is a busy machine
        town.refused("card", "read", "--wait", "0.3")
        desk.scan("99900000037")                                    # search goes on meanwhile
        desk.until("Enter で3人とも入所")
        desk.press("Esc")
        daemon.start()
        desk.until("読取可", seconds=10)
        admit(desk, daemon)
    daemon.restart(signal.SIGKILL)
    assert read(town, daemon)["user_id"] == SATO


def test_a_card_pulled_out_in_the_middle_is_told_and_the_next_tap_works(town: Town, daemon: PrivateDaemon) -> None:
    with town.desk() as desk:
        desk.until(lambda text: READY in text and "読取可" in text)
        for answers in (1, 2):
            with daemon.tap(TownCard(SATO), tear_after=answers):
                desk.until("早く離れました")
            desk.press("Esc")
            desk.until(f"\n {READY}")
        admit(desk, daemon)
    assert town.status()["counts"]["inside"] == 3


def test_the_command_survives_a_card_pulled_out_in_the_middle(town: Town, daemon: PrivateDaemon) -> None:
    with daemon.tap(TownCard(SATO), tear_after=1):
        torn = town.run("card", "read", "--wait", "2", "--json", code=1)
    assert "カード" in torn.err and torn.out == ""
    assert read(town, daemon)["user_id"] == SATO


def test_the_header_says_when_the_daemon_comes_late(town: Town, daemon: PrivateDaemon) -> None:
    daemon.stop()
    with town.desk() as desk:
        desk.until(lambda text: READY in text and "読取不可" in text)
        daemon.start()
        desk.until("読取可", seconds=10)
        admit(desk, daemon)
