"""`sanjo-tui tap CARD`: puts a card of the built-in reader on a running demo or drill."""

from __future__ import annotations

import argparse

from sanjo_tui import station as stations
from sanjo_tui.cards import virtual
from sanjo_tui.commands.context import Context


def arguments(parser: argparse.ArgumentParser) -> None:
    """The card."""
    parser.add_argument("card", metavar="CARD", help="カードの名前、13桁の利用者ID、または16進数のカード番号")


def run(context: Context, args: argparse.Namespace) -> int:
    """Done when the drill's reader has taken the card. StationError on a live home, CardError if no drill runs."""
    station = stations.read(context.drill_home)
    virtual.drop(station.inbox, args.card)
    context.emit({"card": args.card})
    context.say("カードをかざしました。")
    return 0
