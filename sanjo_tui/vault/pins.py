"""PINs of a second operator: Argon2id in its standard text form (RFC 9106; `$argon2id$v=19$m=...`).

A PIN of 4 to 12 digits protects against a colleague at the same desk, not against somebody who has the file: four
digits can be tried out. The set-up file is therefore kept like a key.
"""

from __future__ import annotations

import re
import unicodedata

from sanjo_tui.errors import RuleError

_FORM = re.compile(r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})"
                   r"\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,86}")
_COST = (65536, 3, 4)
_LIGHT = (64, 1, 1)
"""Memory in KiB, passes, lanes."""

_MOST_MEMORY = 1 << 18
"""KiB (256 MiB): a set-up file must not make an old laptop run out of memory."""


def make(pin: str, light: bool = False) -> str:
    """The hash of a PIN of 4 to 12 digits, in text form. `light`: for tests and drills only, open to guessing.

    Raises RuleError when it is no such PIN.
    """
    from argon2 import PasswordHasher

    digits = _digits(pin)
    if not digits:
        raise RuleError("暗証番号は 4 桁から 12 桁の数字です。", "数字だけで入れてください。")
    memory, passes, lanes = _LIGHT if light else _COST
    return PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=lanes).hash(digits)


def check(pin_hash: str, pin: str) -> bool:
    """Whether the PIN is the one of this hash (compared in constant time). False for what is no hash or no PIN."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    digits = _digits(pin)
    if not digits or not is_hash(pin_hash):
        return False
    try:
        return PasswordHasher().verify(pin_hash, digits)
    except (VerificationError, InvalidHashError):
        return False


def is_hash(text: str) -> bool:
    """Whether a text has the form that `make` gives, with costs that a laptop can bear."""
    form = _FORM.fullmatch(text)
    if not form:
        return False
    memory, passes, lanes = (int(form[i]) for i in (1, 2, 3))
    return 8 * lanes <= memory <= _MOST_MEMORY and 1 <= passes <= 32 and 1 <= lanes <= 16


def _digits(pin: str) -> str:
    """The digits in ASCII, whatever the keyboard's width; "" if it is no PIN."""
    plain = unicodedata.normalize("NFKC", pin).strip()
    return plain if re.fullmatch(r"[0-9]{4,12}", plain) else ""
