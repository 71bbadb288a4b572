"""The nameless index of a town: keys by which a polling place names the right ward of somebody it knows nothing of.

`wards.csv` holds, for every elector of the town, the key of the 利用者ID and of the 入場券番号 and the ward. Town and
station make the key alike (docs/polling.md §2):

    key = HMAC-SHA256(key: roll_base as UTF-8, message: the user ID or the ticket number as UTF-8), hexadecimal, lower case

The message is the number as it stands in roll.csv. `roll_base` is no secret, so that the key hides a number from a
glance, not from a search through all numbers; the index therefore lies in the encrypted file like everything else.
"""

from __future__ import annotations

import hmac


def ward_key(roll_base: str, value: str) -> str:
    """The key of a user ID or a ticket number, as it stands in wards.csv."""
    return digest(roll_base, value).hex()


def digest(roll_base: str, value: str) -> bytes:
    """The same as 32 bytes."""
    return hmac.digest(roll_base.encode(), value.encode(), "sha256")


def person_digest(roll_base: str, addressee_no: str) -> bytes:
    """What stands for an elector of another ward in the station's file, so that a late ticket file can be compared."""
    return digest(roll_base, f"addressee_no:{addressee_no}")
