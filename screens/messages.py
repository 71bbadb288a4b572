"""What travels from threads and the key gate to the active screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from sanjo_tui.cards.facts import CardFact


@dataclass
class Reported(Message, bubble=False):
    """The card side says something; the App hands it to the active screen only."""

    fact: CardFact


@dataclass
class Scanned(Message, bubble=False):
    """A scanner sent a whole code. `whole` is False when its end mark never came."""

    text: str
    whole: bool = True


@dataclass
class JobsChanged(Message, bubble=False):
    """The print worker finished or failed at something; `sentence` says what keeps it, "" while all is well."""

    sentence: str = ""
