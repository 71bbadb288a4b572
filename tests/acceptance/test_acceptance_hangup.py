"""A terminal that goes away under the program, as when a line breaks: it ends, and what was recorded is there."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path

from tests.acceptance.town import COMMAND, Town

WELCOME = "カードをかざしてください".encode()


def test_the_program_ends_with_its_terminal(tmp_path: Path) -> None:
    town = Town(tmp_path / "drill")
    main, side = pty.openpty()
    program = subprocess.Popen([*COMMAND, *town.common, "demo"], stdin=side, stdout=side, stderr=side,
                               start_new_session=True, env={**town.environment, "TERM": "xterm-256color"})
    os.close(side)
    seen, end = b"", time.monotonic() + 60
    while WELCOME not in seen and time.monotonic() < end:
        if select.select([main], [], [], 1)[0]:
            seen += os.read(main, 65_536)
    assert WELCOME in seen
    os.close(main)                                        # no signal reaches a program that leads its own session
    try:
        program.wait(30)
    finally:
        program.kill()
    assert town.json("journal", "verify")["ok"] is True
