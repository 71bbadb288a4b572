"""Who may send us data and who may open ours: this station's own pair of keys, and the public keys that are trusted.

Two pairs each: age X25519 to be written to, Ed25519 to sign with. They stand sealed in `vault.toml` and are exchanged
as a small TOML file whose fingerprint two people compare by telephone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sanjo_tui.errors import BundleError
from sanjo_tui.vault.keys import Keys

FORMAT = "sanjo keys 1"
LONGEST = 16 * 1024
_ROUNDS = 50_000
_HEAD = ("# 公開鍵です。ひみつではありません。受け取った人は sanjo-tui keys trust で登録し、\n"
         "# 出てくる指紋（4桁が5つ）を、電話で相手と読み合わせてください。\n")
_SHAPES = {"name": r"[^\s/\\\x00-\x1f]{1,32}", "lg_code": "[0-9]{6}", "station": "[A-Z0-9]{2,12}",
           "age": "age1[02-9ac-hj-np-z]{58}", "ed25519": "[0-9a-f]{64}"}


class Kind(StrEnum):
    """What a party is to us. The value stands in files, `label` on the screen."""

    TOWN = "town"
    HEADQUARTERS = "headquarters"
    STATION = "station"

    @property
    def label(self) -> str:
        """As the screen says it."""
        return {Kind.TOWN: "データの作成元", Kind.HEADQUARTERS: "本部", Kind.STATION: "拠点"}[self]


SENDERS = (Kind.TOWN, Kind.HEADQUARTERS)
"""Whose registers and rolls a station takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Public keys of somebody. `lg_code` with check digit; `age` as `age1...`; `ed25519`: 32 bytes, hexadecimal."""

    name: str
    kind: Kind
    lg_code: str
    station: str
    age: str
    ed25519: str

    @property
    def fingerprint(self) -> str:
        """Five groups of four digits that follow from both public keys, slowly: `0123 4567 8901 2345 6789`."""
        mac = hashlib.pbkdf2_hmac("sha256", f"{self.age} {self.ed25519}".encode(), b"sanjo fingerprint 1", _ROUNDS)
        digits = f"{int.from_bytes(mac) % 10 ** 20:020d}"
        return " ".join(digits[place:place + 4] for place in range(0, 20, 4))

    def text(self) -> str:
        """The file by which the keys are given to others."""
        import tomli_w

        return _HEAD + tomli_w.dumps({"format": FORMAT, **asdict(self), "kind": self.kind.value})

    def signed(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature over `data` is by this party."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.ed25519)).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identity:
    """Our own keys, secret ones too: `age_secret` as `AGE-SECRET-KEY-1...`, `seed` 32 bytes of Ed25519."""

    party: Party
    age_secret: str
    seed: bytes

    def sign(self, data: bytes) -> bytes:
        """64 bytes of Ed25519 over `data`."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(data)


def read(data: bytes) -> Party:
    """The party of a file of keys. BundleError: it is none, or says something impossible."""
    try:
        if len(data) > LONGEST:
            raise ValueError("too long")
        table = tomllib.loads(data.decode("utf-8-sig"))
        if table.pop("format") != FORMAT:
            raise ValueError("format")
        party = _party(table)
        recipient(party.age)
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError("公開鍵のファイルではないか、壊れています。",
                          "相手に sanjo-tui keys show --out で作り直してもらってください。",
                          detail=f"keys file: {type(error).__name__}") from error
    return party


def recipient(age: str) -> Any:
    """The age recipient of a public key. BundleError where it is none."""
    import pyrage  # type: ignore[import-untyped]

    try:
        return pyrage.x25519.Recipient.from_str(age)
    except pyrage.RecipientError as error:
        raise BundleError("age の公開鍵として読めません。", "age1 で始まる鍵を確かめてください。",
                          detail="recipient") from error


def own(keys: Keys) -> Identity | None:
    """Our keys; None where they were never made. VaultError: what is sealed was changed."""
    return _own(_read_all(keys.travel()))


def _own(held: dict[str, Any]) -> Identity | None:
    mine = held["own"]
    if mine is None:
        return None
    return Identity(party=_party(mine["party"]), age_secret=mine["age_secret"], seed=bytes.fromhex(mine["seed"]))


def make(keys: Keys, *, name: str, kind: Kind, lg_code: str, station: str) -> Identity:
    """Our keys, made at the first call; later calls keep the keys and change what stands beside them."""
    import pyrage
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    data = keys.travel()
    before = _own(held := _read_all(data))
    secret = pyrage.x25519.Identity.from_str(before.age_secret) if before else pyrage.x25519.Identity.generate()
    seed = before.seed if before else os.urandom(32)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()
    try:
        party = _party({"name": name, "kind": kind.value, "lg_code": lg_code, "station": station,
                        "age": str(secret.to_public()), "ed25519": public})
    except ValueError as error:
        raise BundleError("公開鍵に付ける名前が正しくありません。", "空白のない 32 字までの名前にしてください。",
                          detail="name") from error
    made = Identity(party=party, age_secret=str(secret), seed=seed)
    if made.party != (before.party if before else None):
        mine = {"party": asdict(party), "age_secret": made.age_secret, "seed": seed.hex()}
        _put(keys, data, {**held, "own": mine})
    return made


def trusted(keys: Keys, *kinds: Kind) -> tuple[Party, ...]:
    """Everybody who is trusted, of these kinds or all, by name."""
    listed = _trusted(_read_all(keys.travel()))
    return tuple(sorted((one for one in listed if not kinds or one.kind in kinds), key=lambda one: one.name))


def trustable(keys: Keys, party: Party) -> None:
    """Raises BundleError where `trust` would: our own keys, or a name or key that is taken."""
    mine = own(keys)
    if mine is not None and party.age == mine.party.age:
        raise BundleError("この端末の公開鍵です。", "相手の端末で作ったファイルを指定してください。", detail="own")
    for one in trusted(keys):
        if one.name == party.name and (one.age, one.ed25519) != (party.age, party.ed25519):
            raise BundleError(f"{party.name} は別の鍵で登録されています。",
                              "相手に電話で確かめ、sanjo-tui keys remove で外してから登録してください。", detail="name")
        if one.name != party.name and (one.age == party.age or one.ed25519 == party.ed25519):
            raise BundleError(f"この鍵は {one.name} として登録されています。",
                              "変えるときは sanjo-tui keys remove で外してください。", detail="key")


def trust(keys: Keys, party: Party) -> None:
    """Believe what this party signs and write to it, each according to its kind. BundleError as `trustable` says."""
    trustable(keys, party)
    _change_trusted(keys, lambda before: [*(one for one in before if one.name != party.name), party])


def named(keys: Keys, name: str) -> Party:
    """The trusted party of this name. BundleError where there is none."""
    found = next((one for one in trusted(keys) if one.name == name), None)
    if found is None:
        raise BundleError(f"{name} という公開鍵は登録されていません。", "sanjo-tui keys list で確かめてください。",
                          detail="unknown name")
    return found


def remove(keys: Keys, name: str) -> Party:
    """Trust this party no more. BundleError where there is none."""
    gone = named(keys, name)
    _change_trusted(keys, lambda before: [one for one in before if one.name != name])
    return gone


def _party(table: dict[str, Any]) -> Party:
    for key, shape in _SHAPES.items():
        if not isinstance(table[key], str) or not re.fullmatch(shape, table[key]):
            raise ValueError(key)
    return Party(**{**{key: table[key] for key in _SHAPES}, "kind": Kind(table["kind"])})


def _trusted(held: dict[str, Any]) -> list[Party]:
    return [_party(one) for one in held["trusted"]]


def _change_trusted(keys: Keys, change: Callable[[list[Party]], list[Party]]) -> None:
    data = keys.travel()
    held = _read_all(data)
    _put(keys, data, {**held, "trusted": [asdict(one) for one in change(_trusted(held))]})


def _read_all(data: bytes) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(data) if data else {"own": None, "trusted": []}
    return held


def _put(keys: Keys, before: bytes, held: dict[str, Any]) -> None:
    keys.set_travel(json.dumps(held, ensure_ascii=False).encode(), before)
