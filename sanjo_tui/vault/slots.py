"""Key slots: the station's random master key, wrapped once for each secret that may open it.

A passphrase or recovery phrase goes through Argon2id (RFC 9106, second recommended option), a card's signature of the
slot's challenge is random enough as it is; then HKDF-SHA256 -> ChaCha20-Poly1305. Role, name, the way of derivation and
the id of the vault are authenticated with the slot: one whose role was edited, or that was copied from another
station's vault, does not open.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sanjo_tui.errors import VaultError

PASSPHRASE, RECOVERY, CARD = KINDS = ("passphrase", "recovery", "card")

ARCHIVE = "archive"
"""The slot of a sealed archive, which stands in that file and belongs to no vault."""

MOST_PASSES = 32
"""An edited file must not make the laptop work for minutes instead of saying that it is wrong."""

SHORTEST = 256
"""Bytes of a signature by RSA with 2048 bits; a shorter key is no secret of a station."""

Sign = Callable[[bytes], bytes]
"""A card's signature (RSA PKCS#1 v1.5 over SHA-256) of a message."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs: Argon2id memory in KiB, passes and lanes."""

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way in. `role`: one of KINDS; `name`: whose, "" for the shared one. `cost` is None for a card.

    `vault`: id of the vault it belongs to, b"" in slots of the first version, which were bound to none.
    `challenge`: 32 random bytes that a card signs, b"" for the other kinds.
    """

    role: str
    name: str
    cost: Cost | None
    salt: bytes
    nonce: bytes
    sealed: bytes
    vault: bytes = b""
    challenge: bytes = b""

    @property
    def _bound(self) -> bytes:
        if self.cost is None:
            how: list[Any] = ["card", self.challenge.hex()]
        else:
            how = ["argon2id", self.cost.memory_kib, self.cost.passes, self.cost.lanes]
        head = ["sanjo slot 2", self.vault.hex()] if self.vault else ["sanjo slot 1"]
        return json.dumps([*head, self.role, self.name, *how], ensure_ascii=False).encode()

    @property
    def message(self) -> bytes:
        """What a card signs to open this slot: nothing that another slot or another program would have signed."""
        return json.dumps(["sanjo-tui card slot 1", self.vault.hex(), self.name, self.challenge.hex()],
                          ensure_ascii=False).encode()

    def unwrap(self, secret: str) -> bytes | None:
        """The 32-byte master key, or None: wrong secret or an edited slot, which cannot be told apart."""
        return None if self.cost is None else self._opened(_from_phrase(secret, self.salt, self.cost))

    def unwrap_signed(self, signature: bytes) -> bytes | None:
        """The master key, for the card's signature of `message`; None: another card or an edited slot."""
        return None if self.cost is not None or len(signature) < SHORTEST else self._opened(self._signed_key(signature))

    def _signed_key(self, signature: bytes) -> bytes:
        from sanjo_tui.vault.keys import derive

        return derive(signature, f"card slot {self.vault.hex()} {self.name}", salt=self.salt)

    def _opened(self, key: bytes) -> bytes | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        try:
            return ChaCha20Poly1305(key).decrypt(self.nonce, self.sealed, self._bound)
        except InvalidTag:
            return None

    def _around(self, master: bytes, key: bytes) -> Slot:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        return replace(self, sealed=ChaCha20Poly1305(key).encrypt(self.nonce, master, self._bound))

    def table(self) -> dict[str, Any]:
        """As it stands in `vault.toml`; bytes in hexadecimal."""
        kdf: dict[str, Any]
        if self.cost is None:
            kdf = {"name": "card", "challenge": self.challenge.hex()}
        else:
            kdf = {"name": "argon2id", "memory_kib": self.cost.memory_kib, "passes": self.cost.passes,
                   "lanes": self.cost.lanes}
        return {"role": self.role, "name": self.name, "bound": bool(self.vault), "salt": self.salt.hex(),
                "nonce": self.nonce.hex(), "sealed": self.sealed.hex(), "kdf": kdf}


def wrap(master: bytes, *, role: str, name: str, secret: str, vault: bytes, cost: Cost | None = None) -> Slot:
    """A new slot of the vault with this id, in which `secret` opens `master`."""
    cost = cost or Cost()
    empty = Slot(role=role, name=name, cost=cost, salt=os.urandom(16), nonce=os.urandom(12), sealed=b"", vault=vault)
    return empty._around(master, _from_phrase(secret, empty.salt, cost))


def wrap_card(master: bytes, *, name: str, sign: Sign, vault: bytes) -> Slot:
    """A new slot that a card opens. It signs twice: a key whose signatures differ would never open it again.

    Raises VaultError for such a key and for one that is too short; whatever `sign` raises.
    """
    empty = Slot(role=CARD, name=name, cost=None, salt=os.urandom(16), nonce=os.urandom(12), sealed=b"", vault=vault,
                 challenge=os.urandom(32))
    first, again = sign(empty.message), sign(empty.message)
    if first != again:
        raise VaultError("このカードの署名は毎回違うので、鍵に使えません。", "RSA の鍵が入ったカードを使ってください。")
    if len(first) < SHORTEST:
        raise VaultError("このカードの鍵は短すぎます。", "RSA 2048 ビット以上の鍵が入ったカードを使ってください。",
                         detail=f"signature of {len(first)} bytes")
    return empty._around(master, empty._signed_key(first))


def read_slot(table: dict[str, Any], vault: bytes) -> Slot:
    """The slot that a table of `vault.toml` describes. KeyError, TypeError, ValueError: the table is not one.

    Costs are bounded: an edited file must not make the laptop run out of memory instead of saying that it is wrong.
    """
    kdf, role, cost, challenge = table["kdf"], str(table["role"]), None, b""
    if (kdf["name"] == "card") is not (role == CARD) or role not in (*KINDS, ARCHIVE):
        raise ValueError("kind of a slot")
    if role == CARD:
        challenge = bytes.fromhex(kdf["challenge"])
    else:
        cost = Cost(int(kdf["memory_kib"]), int(kdf["passes"]), int(kdf["lanes"]))
        if kdf["name"] != "argon2id" or not (8 <= cost.memory_kib <= 1 << 20 and 1 <= cost.passes <= MOST_PASSES
                                             and 1 <= cost.lanes <= 32):
            raise ValueError("kdf out of range")
    slot = Slot(role=role, name=str(table["name"]), cost=cost, salt=bytes.fromhex(table["salt"]),
                nonce=bytes.fromhex(table["nonce"]), sealed=bytes.fromhex(table["sealed"]),
                vault=vault if table.get("bound") else b"", challenge=challenge)
    if (len(slot.salt), len(slot.nonce), len(slot.sealed)) != (16, 12, 48) or len(challenge) not in (0, 32):
        raise ValueError("length of a field")
    if (table.get("bound") or role == CARD) and not slot.vault:
        raise ValueError("a slot that is bound to no vault")
    return slot


def stretch(secret: str, salt: bytes, cost: Cost) -> bytes:
    """Argon2id of a secret, 32 bytes. VaultError: the laptop has not the memory."""
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    try:
        return hash_secret_raw(secret.encode(), salt, time_cost=cost.passes, memory_cost=cost.memory_kib,
                               parallelism=cost.lanes, hash_len=32, type=Type.ID)
    except HashingError as error:
        raise VaultError("鍵を開くためのメモリが足りません。", "ほかのプログラムを終了して、もう一度行ってください。",
                         detail=f"argon2: {error}") from error


def _from_phrase(secret: str, salt: bytes, cost: Cost) -> bytes:
    from sanjo_tui.vault.keys import derive

    return derive(stretch(secret, salt, cost), "slot", salt=salt)
