"""Key slots: the station's random master key, wrapped once for each secret that may open it.

Argon2id (RFC 9106, second recommended option) -> HKDF-SHA256 -> ChaCha20-Poly1305. Role, name and the costs of the
derivation are authenticated with the slot: a slot whose role was edited does not open.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from sanjo_tui.errors import VaultError


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs: Argon2id memory in KiB, passes and lanes."""

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way in. `role`: "passphrase" or "recovery"; `name`: whose."""

    role: str
    name: str
    cost: Cost
    salt: bytes
    nonce: bytes
    sealed: bytes

    @property
    def _bound(self) -> bytes:
        cost = [self.cost.memory_kib, self.cost.passes, self.cost.lanes]
        return json.dumps(["sanjo slot 1", self.role, self.name, "argon2id", *cost], ensure_ascii=False).encode()

    def unwrap(self, secret: str) -> bytes | None:
        """The 32-byte master key, or None: wrong secret or an edited slot, which cannot be told apart."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        try:
            return ChaCha20Poly1305(_wrapping_key(secret, self.salt, self.cost)).decrypt(
                self.nonce, self.sealed, self._bound)
        except InvalidTag:
            return None

    def table(self) -> dict[str, Any]:
        """As it stands in `vault.toml`; bytes in hexadecimal."""
        return {"role": self.role, "name": self.name, "salt": self.salt.hex(), "nonce": self.nonce.hex(),
                "sealed": self.sealed.hex(),
                "kdf": {"name": "argon2id", "memory_kib": self.cost.memory_kib, "passes": self.cost.passes,
                        "lanes": self.cost.lanes}}


def wrap(master: bytes, *, role: str, name: str, secret: str, cost: Cost | None = None) -> Slot:
    """A new slot in which `secret` opens `master`."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    cost = cost or Cost()
    empty = Slot(role=role, name=name, cost=cost, salt=os.urandom(16), nonce=os.urandom(12), sealed=b"")
    sealed = ChaCha20Poly1305(_wrapping_key(secret, empty.salt, cost)).encrypt(empty.nonce, master, empty._bound)
    return Slot(role=role, name=name, cost=cost, salt=empty.salt, nonce=empty.nonce, sealed=sealed)


def read_slot(table: dict[str, Any]) -> Slot:
    """The slot that a table of `vault.toml` describes. KeyError, TypeError, ValueError: the table is not one.

    Costs are bounded: an edited file must not make the laptop run out of memory instead of saying that it is wrong.
    """
    kdf = table["kdf"]
    cost = Cost(int(kdf["memory_kib"]), int(kdf["passes"]), int(kdf["lanes"]))
    if kdf["name"] != "argon2id" or not (8 <= cost.memory_kib <= 1 << 20 and 1 <= cost.passes <= 32
                                         and 1 <= cost.lanes <= 32):
        raise ValueError("kdf out of range")
    slot = Slot(role=str(table["role"]), name=str(table["name"]), cost=cost, salt=bytes.fromhex(table["salt"]),
                nonce=bytes.fromhex(table["nonce"]), sealed=bytes.fromhex(table["sealed"]))
    if (len(slot.salt), len(slot.nonce), len(slot.sealed)) != (16, 12, 48):
        raise ValueError("length of a field")
    return slot


def _wrapping_key(secret: str, salt: bytes, cost: Cost) -> bytes:
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    from sanjo_tui.vault.keys import derive

    try:
        stretched = hash_secret_raw(secret.encode(), salt, time_cost=cost.passes, memory_cost=cost.memory_kib,
                                    parallelism=cost.lanes, hash_len=32, type=Type.ID)
    except HashingError as error:
        raise VaultError("鍵を開くためのメモリが足りません。", "ほかのプログラムを終了して、もう一度行ってください。",
                         detail=f"argon2: {error}") from error
    return derive(stretched, "slot", salt=salt)
