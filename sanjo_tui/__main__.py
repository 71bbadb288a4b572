"""The `sanjo-tui` command: reads the line, then runs a command or opens the screens.

Starts fast: a command's module, the screens and every large library are imported only when they are needed.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanjo_tui import __version__
from sanjo_tui.commands import COMMANDS
from sanjo_tui.errors import SanjoError, StationError, UsageError

if TYPE_CHECKING:
    from sanjo_tui.station import Station

TERMINAL = {
    "TEXTUAL_DISABLE_KITTY_KEY": "1",   # several terminals drop composed Japanese text under "report all keys"
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "ESCDELAY": "50",
}
"""Textual reads these when it is imported; what the user has set stays."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command line and returns the exit code: 0 done, 1 could not be done, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")    # a console without Japanese gets codes, not a traceback
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except SanjoError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except SystemExit as done:                               # argparse after --help
        return int(done.code or 0)
    except KeyboardInterrupt:
        print("中断しました。", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)         # the reader of our output is gone: nothing to say
        return 1
    except Exception as error:                               # noqa: BLE001 the last edge: a person never sees a traceback
        from sanjo_tui.log import place_of

        print(f"予期しない誤りが起きました（{place_of(error)}）。記録されたものは失われていません。"
              "同じことが続くときは、この行を担当者に伝えてください。", file=sys.stderr)
        return 1


def _run(line: list[str]) -> int:
    from sanjo_tui.commands.context import Context
    from sanjo_tui.commands.usage import Parser, take_common

    options, rest = take_common(line)
    if rest and rest[0] in ("-h", "--help", "help"):
        print(_help(), end="")
        return 0
    if rest and rest[0] == "--version":
        print(f"sanjo-tui {__version__}")
        return 0
    context = Context(options, open_screens)
    try:
        if not rest:
            return open_screens(context.station(), context.given_passphrase())
        name = rest[0]
        if name not in COMMANDS:
            raise UsageError(f"{name} という命令はありません。", "sanjo-tui --help で一覧を見られます。")
        module = importlib.import_module(f"sanjo_tui.commands.{name}")
        parser = Parser(prog=f"sanjo-tui {name}", description=COMMANDS[name])
        module.arguments(parser)
        code: int = module.run(context, parser.parse_args(rest[1:]))
        sys.stdout.flush()
        return code
    except Exception as error:
        _note(error)                                         # while the log is still open
        raise
    finally:
        context.close()


def open_screens(station: Station, passphrase: str | None) -> int:
    """Opens the station's screens and stays there until they are left."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise StationError("端末ではないので画面を開けません。", "端末から直接、または ssh -t で起動してください。")
    if os.environ.get("TERM") == "linux":
        print("This console has no Japanese characters: use kmscon or fbterm, or log in over ssh.", file=sys.stderr)
    from sanjo_tui import log

    log.start(station.log_dir)
    for name, value in TERMINAL.items():
        os.environ.setdefault(name, value)
    from screens.app import run

    return run(station, passphrase)


def _help() -> str:
    from sanjo_tui.commands.usage import COMMON

    lines = ["使い方: sanjo-tui [命令] ...", "", "  （命令なし）  拠点の画面を開く"]
    lines += [f"  {name:<12}  {text}" for name, text in COMMANDS.items()]
    return "\n".join([*lines, "", COMMON, "各命令の使い方: sanjo-tui 命令 --help\n"])


def _note(error: Exception) -> None:
    """Into the log, if one is open."""
    import logging

    detail = error.detail if isinstance(error, SanjoError) else ""
    logging.getLogger("sanjo_tui.command").warning("%s %s", type(error).__name__, detail,
                                                   exc_info=None if isinstance(error, SanjoError) else error)


if __name__ == "__main__":
    sys.exit(main())
