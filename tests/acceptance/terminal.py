"""The program in a terminal as a person has it: 80 x 24, keys in, a screen of lines out.

    with Terminal([...]) as desk:
        desk.until("カードをかざしてください")
        desk.press("F2")                        # counted: desk.keys
        desk.type("サトウ")                      # as a person types: the next key when the last one is on the screen
        desk.scan("3210987654321")              # as a scanner types: everything at once, and Enter

Nothing sleeps: `until` waits for what is to be seen, and fails with the screen when it does not come.
"""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

KEYS = {"Enter": "\r", "Esc": "\x1b", "Tab": "\t", "Down": "\x1b[B", "Up": "\x1b[A", "PageDown": "\x1b[6~",
        "PageUp": "\x1b[5~", "F1": "\x1bOP", "F2": "\x1bOQ", "F3": "\x1bOR", "F4": "\x1bOS", "F5": "\x1b[15~",
        "F6": "\x1b[17~", "F7": "\x1b[18~", "F8": "\x1b[19~", "F9": "\x1b[20~", "F12": "\x1b[24~",
        "Ctrl+L": "\x0c", "Ctrl+O": "\x0f", "Ctrl+Q": "\x11"}
"""What an xterm sends."""

REST = 0.15
"""Seconds without a byte after which the screen is at rest."""


class Terminal:
    """`keys`: how many keys were pressed since the start or `count_keys`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], columns: int = 80,
                 lines: int = 24) -> None:
        self.keys = 0
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = threading.Condition()
        self._over = False
        self._main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process = subprocess.Popen(list(command), stdin=side, stdout=side, stderr=side, start_new_session=True,
                                        env={**environment, "TERM": "xterm-256color"})
        os.close(side)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        """The program was started when the object was made."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hangs up, as a terminal that is closed does; what does not end by that is killed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        self._reader.join(5)
        os.close(self._main)

    # --- what is seen

    def lines(self) -> list[str]:
        """The screen now, without the blanks at the end of each line."""
        with self._changed:
            return self._lines()

    def text(self) -> str:
        """The screen now, as one text."""
        return "\n".join(self.lines())

    def until(self, shows: str | Callable[[str], bool], seconds: float = 20) -> str:
        """Waits until the screen shows it and has come to rest, and gives the screen: what is painted comes in pieces.

        What is shown and gone again was shown: then it is the last screen that showed it. AssertionError with the
        screen when it never did.
        """
        end, matched = time.monotonic() + seconds, ""
        with self._changed:
            while True:
                text = "\n".join(self._lines())
                if shows in text if isinstance(shows, str) else shows(text):
                    matched = text
                    if self._over or not self._changed.wait(REST):
                        return text
                    continue
                if matched:
                    return matched
                left = end - time.monotonic()
                if left <= 0 or self._over:
                    raise AssertionError(f"the screen never showed {shows!r}:\n{text}")
                self._changed.wait(left)

    def _lines(self) -> list[str]:
        # pyte leaves an empty cell behind each wide character
        return ["".join(self._screen.buffer[y][x].data for x in range(self._screen.columns)).rstrip()
                for y in range(self._screen.lines)]

    def _picture(self) -> list[tuple[object, ...]]:
        cells = [tuple(self._screen.buffer[y][x] for x in range(self._screen.columns))
                 for y in range(self._screen.lines)]
        return [*cells, (self._screen.cursor.x, self._screen.cursor.y)]

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._main, 65_536)
            except OSError:                           # the program has ended
                data = b""
            with self._changed:
                self._over = not data
                if data:
                    self._stream.feed(data)
                self._changed.notify_all()
            if not data:
                return

    # --- what is done

    def count_keys(self) -> None:
        """Counts from here."""
        self.keys = 0

    def press(self, *names: str) -> None:
        """Keys by name (`KEYS`) or as they are."""
        for name in names:
            self.keys += 1
            os.write(self._main, KEYS.get(name, name).encode())

    def step(self, name: str, seconds: float = 20) -> None:
        """A key, and the wait until anything on the screen has changed by it, a colour or the cursor too."""
        with self._changed:
            before = self._picture()
        self.press(name)
        with self._changed:
            assert self._changed.wait_for(lambda: self._picture() != before, seconds), f"{name} changed nothing"

    def type(self, text: str) -> None:
        """Character by character, each when the one before is to be seen (in the search box or in a field)."""
        for end, character in enumerate(text, 1):
            self.press(character)
            self.until(text[:end])

    def scan(self, code: str) -> None:
        """A scanner or a reader that types."""
        os.write(self._main, code.encode() + b"\r")

    # --- how it ends

    def kill(self) -> None:
        """SIGKILL to the program and all it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def leave(self) -> int:
        """Ctrl+Q; gives the exit code."""
        self.press("Ctrl+Q")
        return self.process.wait(20)


def files_under(folder: Path) -> list[Path]:
    """Every file below a folder, hidden ones too; those that vanish meanwhile are left out."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
