"""`sanjo-tui card read`: one card through the station's profiles, for scripts and to try out reader and profiles."""

from __future__ import annotations

import argparse

from sanjo_tui.cards import profiles, reader
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs

WAIT = 10.0
"""Seconds to wait for a card unless --wait says otherwise."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    read = verbs(parser).add_parser("read", help="カードを一枚読む")
    read.add_argument("--wait", type=_seconds, default=WAIT, metavar="SECONDS",
                      help=f"カードを待つ秒数（なければ {WAIT:.0f} 秒）")


def run(context: Context, args: argparse.Namespace) -> int:
    """Reads one card. CardError when none came, the card is refused, or nothing can read."""
    seen = reader.read_once(profiles.load(context.station().profiles), args.wait)
    context.emit({"id": seen.profile, "profile": seen.profile, "token": seen.token, "user_id": seen.value,
                  "assurance": seen.assurance, "reader": seen.reader})
    context.say(f"{seen.profile} {seen.token} {seen.masked}")
    return 0


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError("0 から 86400 までの秒数で書いてください。")
    return value
