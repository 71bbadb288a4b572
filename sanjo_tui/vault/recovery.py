"""The recovery phrase: printed once at `init`, kept in an envelope, typed when the passphrase is lost.

Eight groups of four characters of Crockford's base 32: 150 random bits and a check of 10 bits, so that a slip of the
pen is told apart from a wrong phrase. Case, blanks, hyphens, full-width forms and O/0, I/L/1 do not matter.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM, CHECK, GROUP = 30, 2, 4
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DASHES = frozenset("-‐‑‒–—―−ー_.・")


def new_phrase() -> str:
    """A fresh phrase as it is printed: `7K3M-...-QX2Y`."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return grouped(body + _check(body))


def grouped(letters: str) -> str:
    """Letters in groups of four with hyphens between."""
    return "-".join(letters[at:at + GROUP] for at in range(0, len(letters), GROUP))


def letters_of(typed: str) -> str | None:
    """The 32 letters that somebody typed, in one form; None where the text has not the shape of a phrase."""
    text = unicodedata.normalize("NFKC", typed).upper()
    letters = "".join(c for c in text if not c.isspace() and c not in _DASHES).translate(_LOOKALIKES)
    return letters if len(letters) == RANDOM + CHECK and set(letters) <= set(ALPHABET) else None


def is_whole(letters: str) -> bool:
    """The check at the end fits: nothing was mistyped (one slip in 1024 gets through, and then does not open)."""
    return _check(letters[:RANDOM]) == letters[RANDOM:]


def _check(body: str) -> str:
    number = int.from_bytes(hashlib.sha256(body.encode()).digest()[:2]) >> 6
    return ALPHABET[number >> 5] + ALPHABET[number & 31]
