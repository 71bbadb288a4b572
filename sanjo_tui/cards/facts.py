"""What the card side tells the rest of the station: frozen values that cross threads.

Every source (PC/SC reader, built-in reader, keyboard interface) calls one function `emit(fact)` with these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Readers:
    """The reading side after a change. `ready`: a tap would be read. `sentence`: short Japanese for the header."""

    ready: bool
    names: tuple[str, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class CardTouched:
    """A card is in the field and is being read; the screen says 読取中."""

    reader: str


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A token was read. `token`: its name space (user_id, idm ...); `value`: the identifier in full, masked on screens.

    `assurance`: number < possession < possession+pin (docs/cards.md §2), kept with every event.
    """

    reader: str
    profile: str
    token: str
    value: str
    assurance: str = "number"

    @property
    def masked(self) -> str:
        """The last four characters, for screens and logs."""
        return "*" * max(0, len(self.value) - 4) + self.value[-4:]


@dataclass(frozen=True, slots=True)
class CardRefused:
    """The card was there but gave no token: torn away, of no known kind, or refused. `code` is for the log.

    `again`: the same card may well be read at the next try (pulled away too early, not answering, in use elsewhere).
    """

    reader: str
    sentence: str
    code: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class CardGone:
    """The field is empty again: the next card may come."""

    reader: str


CardFact = Readers | CardTouched | CardSeen | CardRefused | CardGone
