"""The demo in a real terminal: what is painted, how much is sent, and a card from another process."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "sanjo_tui"]


class Terminal:
    """A pseudo-terminal of 80x24 with a program in it."""

    def __init__(self, *arguments: str, home: Path, **environment: str) -> None:
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.sent = bytearray()
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment}
        self.process = subprocess.Popen([*COMMAND, "--home", str(home), *arguments], stdin=slave, stdout=slave,
                                        stderr=slave, cwd=ROOT, env=env, start_new_session=True)
        os.close(slave)
        self.master = master

    def read(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    return
                self.sent += data
                self.stream.feed(data)

    def until(self, text: str, seconds: float = 30) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.05)
            if text in self.text():
                return self.text()
        raise AssertionError(f"never came: {text}\n{self.text()}")

    def text(self) -> str:
        # pyte leaves an empty cell behind each wide character
        return "\n".join("".join(self.screen.buffer[y][x].data for x in range(80)) for y in range(24))

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def demo(tmp_path):
    terminal = Terminal("demo", home=tmp_path / "drill")
    yield terminal, tmp_path / "drill"
    terminal.close()


def test_a_new_volunteer_admits_a_family_in_the_demo(demo):
    terminal, home = demo
    terminal.until("カードをかざしてください")
    text = terminal.until("F12")
    assert "訓練" in text and "架空データ" in text
    before = len(terminal.sent)
    done = subprocess.run([*COMMAND, "--home", str(home), "tap", "sato"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    terminal.until("Enter で3人とも入所")
    terminal.press("\r")
    terminal.until("受付しました")
    assert len(terminal.sent) - before < 30_000          # one tap to done, over SSH
    assert b"\x1b[>1u" not in terminal.sent              # the keyboard protocol that swallows composed text stays off
    terminal.press("佐藤\r")
    terminal.until("本人を番号で選んで")
    terminal.press("\x11")
    assert terminal.process.wait(20) == 0


def test_an_idle_desk_sends_next_to_nothing(demo):
    terminal, _ = demo
    terminal.until("カードをかざしてください")
    terminal.read(1.5)
    before = len(terminal.sent)
    terminal.read(3)
    assert len(terminal.sent) - before <= 300            # at most one turn of the clock


def test_sixteen_colours_are_enough(tmp_path):
    terminal = Terminal("demo", home=tmp_path / "drill", TEXTUAL_COLOR_SYSTEM="standard")
    try:
        terminal.until("カードをかざしてください")
        row = next(y for y in range(24) if "かざして" in "".join(terminal.screen.buffer[y][x].data for x in range(80)))
        strip, body = terminal.screen.buffer[row][3], terminal.screen.buffer[12][3]
        assert strip.bg != body.bg and strip.fg != strip.bg
        assert b"38;2;" not in terminal.sent and b"38;5;" not in terminal.sent
    finally:
        terminal.close()
