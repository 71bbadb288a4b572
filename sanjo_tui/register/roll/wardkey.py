"""The nameless index of a town: keys by which a polling place names the right ward of somebody it knows nothing of.

`wards.csv` holds, for every elector of the town, the key of the 利用者ID and of the 入場券番号 and the ward. Town and
station make the key alike (docs/polling.md §2): HMAC-SHA256, keyed by the UTF-8 of `roll_base`, over the UTF-8 of the
user ID or the ticket number as it stands in roll.csv, written in hexadecimal.

`roll_base` is no secret, so that the key hides a number from a glance, not from a search through all numbers; the
index therefore lies in the encrypted file like everything else.
"""

from __future__ import annotations

import hmac
from functools import lru_cache

SHORT = 16
"""Bytes of a key that the station keeps: 128 bits tell every number of a town apart."""


def ward_key(roll_base: str, value: str) -> str:
    """The key of a user ID or a ticket number, as it stands in wards.csv."""
    return hmac.digest(roll_base.encode(), value.encode(), "sha256").hex()


def short_key(roll_base: str, value: str) -> bytes:
    """The same as the station keeps it."""
    return hmac.digest(roll_base.encode(), value.encode(), "sha256")[:SHORT]


@lru_cache(maxsize=4096)  # the rows of one person stand together in most files
def person_key(roll_base: str, addressee_no: str) -> bytes:
    """What stands for an elector of another ward in the station's file: a late ticket file is compared with it."""
    return short_key(roll_base, f"addressee_no:{addressee_no}")
