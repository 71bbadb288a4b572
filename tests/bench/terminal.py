"""A program in a pseudo terminal: what it painted, when, and how many bytes that took.

Output is stamped as it arrives and only afterwards put on a screen in memory, so that looking does not slow down what
is measured.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

CHECKOUT = Path(__file__).parent.parent.parent
QUIET = 0.15
"""Seconds without output after which a screen counts as settled: three times what Textual waits at a screen switch."""


def _as_over_ssh(environment: dict[str, str]) -> dict[str, str]:
    """What a session over SSH knows of its terminal: 256 colours, no more."""
    environment.pop("COLORTERM", None)
    return {**environment, "TERM": "xterm-256color", "LANG": "C.UTF-8"}


class Terminal:
    """`with Terminal([...]) as terminal:` the program runs inside the block, 80 x 24 unless said otherwise."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None, columns: int = 80,
                 lines: int = 24) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._arrived: list[tuple[float, bytes]] = []
        self._shown = 0
        self._lock = threading.Condition()
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            list(command), stdin=side, stdout=side, stderr=side, start_new_session=True, cwd=CHECKOUT,
            env=_as_over_ssh({**os.environ, **(environment or {})}))
        os.close(side)
        self._main = main
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        """The program was started when the object was made."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the program: politely, then not."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(2)
        os.close(self._main)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._main, 65_536)
            except OSError:                           # the program has ended
                return
            if not data:
                return
            now = time.monotonic()
            with self._lock:
                self._arrived.append((now, data))
                self._lock.notify_all()

    def send(self, keys: str) -> float:
        """Type; gives the moment."""
        now = time.monotonic()
        os.write(self._main, keys.encode())
        return now

    def size(self) -> int:
        """Bytes painted so far."""
        with self._lock:
            return sum(len(data) for _, data in self._arrived)

    def text(self) -> str:
        """What stands on the screen now."""
        with self._lock:
            waiting = self._arrived[self._shown:]
            self._shown = len(self._arrived)
        for _, data in waiting:
            self._stream.feed(data)
        return self._display()

    def painted(self, shows: Callable[[str], bool], seconds: float = 20) -> float:
        """The moment at which the screen first showed it. AssertionError when the time is up.

        Goes through what arrived piece by piece, after the screen has settled.
        """
        end = time.monotonic() + seconds
        while True:
            self.settle(end)
            while True:
                with self._lock:
                    if self._shown == len(self._arrived):
                        break
                    moment, data = self._arrived[self._shown]
                    self._shown += 1
                self._stream.feed(data)
                if shows(self._display()):
                    return moment
            if shows(self._display()):
                return time.monotonic()
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError("the screen never showed it:\n" + self._display())
            with self._lock:
                self._lock.wait(0.05)

    def settle(self, end: float | None = None, quiet: float = QUIET) -> None:
        """Wait until nothing was painted for a while."""
        limit = end if end is not None else time.monotonic() + 20
        while time.monotonic() < limit:
            before = self.size()
            select.select([], [], [], quiet)
            if self.size() == before:
                return

    def _display(self) -> str:
        # pyte leaves an empty cell behind each wide character
        return "\n".join("".join(self.screen.buffer[y][x].data for x in range(self.screen.columns))
                         for y in range(self.screen.lines))

    def memory_mb(self) -> float:
        """Resident memory of the program now, in MB (Linux)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def cpu_seconds(self) -> float:
        """Processor time that the program has taken so far, all threads."""
        after_name = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
