"""The keys of an unlocked station: all but those of episodes follow from one random master, by HKDF, and are never
written. Keys of episodes are random and stand wrapped in `vault.toml`, so that destroying one makes it gone for ever.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING

from sanjo_tui.errors import VaultError
from sanjo_tui.vault import passphrase as passphrases
from sanjo_tui.vault import recovery
from sanjo_tui.vault.roles import Operator, Role

if TYPE_CHECKING:
    from sanjo_tui.vault.slots import Sign, Slot
    from sanjo_tui.vault.store import Vault

_OPERATORS = b"sanjo operators 1"
_TRAVEL = b"sanjo travel 1"


def derive(master: bytes, purpose: str, *, salt: bytes | None = None, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869) of a key for one purpose."""
    if not master:
        raise VaultError("鍵は閉じられています。", "拠点をもう一度開いてください。", detail="forgotten")
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt, f"sanjo-tui 1 {purpose}".encode()).derive(master)


def vault_id(master: bytes) -> bytes:
    """16 bytes that stand openly in `vault.toml` and in the seal of each slot: which vault it is."""
    return derive(master, "vault id", length=16)


class Keys:
    """What an unlocked vault gives. Kept in memory only; forget the object to lock the station."""

    def __init__(self, master: bytes, vault: Vault, opened_by: tuple[str, str] = ("", "")) -> None:
        if len(master) != 32:
            raise VaultError("鍵の長さが正しくありません。", "本部に連絡してください。", detail=f"{len(master)} bytes")
        self._master = master
        self._vault = vault
        self.opened_by = opened_by
        """Role and name of the slot that opened: ("passphrase", "K01"); empty in a drill."""
        self._scopes: dict[str, bytes] = {}
        self._seen: object = None

    def __repr__(self) -> str:
        """Never shows a key."""
        return "Keys(...)"

    def __getstate__(self) -> object:
        """Keys do not travel: no pickle, no copy."""
        raise TypeError("keys cannot be pickled")

    def forget(self) -> None:
        """Drop every key: from now on nothing is derived or opened here, whoever still holds this object."""
        self._master, self._scopes = b"", {}
        for name in ("chain_key", "_token_key", "_operators_key", "_scope_wrapping_key"):
            self.__dict__.pop(name, None)

    @property
    def drill(self) -> bool:
        """The vault is a drill's: its key stands openly in the file."""
        return self._vault.drill

    def file_key(self, name: str) -> bytes:
        """32 bytes for one file: "journal", "register/<snapshot_id>"."""
        return derive(self._master, f"file {name}")

    def file_salt(self, name: str) -> bytes:
        """16 bytes that stand openly at the head of that file: they tell whether it belongs to these keys."""
        return derive(self._master, f"salt {name}", length=16)

    @cached_property
    def chain_key(self) -> bytes:
        """Key of the journal's HMAC chain."""
        return derive(self._master, "journal chain")

    @cached_property
    def _token_key(self) -> bytes:
        return derive(self._master, "tokens")

    @cached_property
    def _operators_key(self) -> bytes:
        return derive(self._master, "operators")

    @cached_property
    def _scope_wrapping_key(self) -> bytes:
        return derive(self._master, "scopes")

    def token_key(self, token: str, value: str) -> str:
        """Keyed hash (hexadecimal, 128 bits) of a card's identifier: bindings keep this, never the identifier."""
        mac = hmac.new(self._token_key, f"{len(token)}:{token}{value}".encode(), hashlib.sha256)
        return mac.hexdigest()[:32]

    def scope_key(self, scope: str) -> bytes | None:
        """The key that seals the events of an episode; None where it never had one or it was destroyed.

        Looks at the vault again whenever its file changed: another process may have made or destroyed it meanwhile.
        """
        self._refresh()
        scopes = self._scopes
        key = scopes.get(scope)
        if key is not None:
            return key
        wrapped = self._vault.scopes.get(scope)
        if wrapped is None or wrapped.destroyed:
            return None
        key = scopes[scope] = self._unwrap(scope, wrapped.nonce, wrapped.sealed)
        return key

    def is_destroyed(self, scope: str) -> bool:
        """The episode had a key, and it was destroyed: its events cannot be read any more."""
        self._refresh()
        wrapped = self._vault.scopes.get(scope)
        return wrapped is not None and bool(wrapped.destroyed)

    def scopes(self) -> tuple[str, ...]:
        """Episodes whose key is there."""
        self._refresh()
        return tuple(name for name, wrapped in self._vault.scopes.items() if not wrapped.destroyed)

    def destroyed_scopes(self) -> tuple[str, ...]:
        """Episodes whose key was destroyed."""
        self._refresh()
        return tuple(name for name, wrapped in self._vault.scopes.items() if wrapped.destroyed)

    def openers(self) -> str:
        """The slots as text, without the keys of episodes: what a sealed file carries so that it opens elsewhere."""
        return self._vault.text(scopes=False)

    def make_scope_key(self, scope: str) -> bytes:
        """A new random key for an episode (the one it has, if it has one). A destroyed one is never made again."""
        return self.keep_scope_key(scope, os.urandom(32))

    def keep_scope_key(self, scope: str, key: bytes) -> bytes:
        """Keep `key` for an episode unless it has one; the one that holds is given back."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        if not scope:
            raise VaultError("鍵を作る期間の名前が空です。", "本部に連絡してください。")
        nonce = os.urandom(12)
        sealed = ChaCha20Poly1305(self._scope_wrapping_key).encrypt(nonce, key, _scope_bound(scope))
        self._vault.add_scope(scope, nonce, sealed)
        if self.is_destroyed(scope):
            raise VaultError("この期間の鍵はすでに廃棄されています。", "新しく開設してください。", detail=scope)
        held = self.scope_key(scope)
        if held is None:
            raise VaultError("期間の鍵を保存できませんでした。", "ディスクの空きを確かめてください。", detail=scope)
        return held

    def destroy_scope_key(self, scope: str) -> None:
        """Destroy the key of an episode. What it sealed is unreadable from now on; the chain still verifies."""
        for name in self.scopes():
            if name.startswith(f"{scope}@"):  # keys with which other stations sealed the same episode
                self._vault.drop_scope(name)
        self._vault.drop_scope(scope)

    def operators(self) -> tuple[Operator, ...]:
        """Everybody who was registered here; empty where nobody was. VaultError: the list was changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        self._refresh()
        nonce, sealed = self._vault.operators
        if not sealed:
            return ()
        try:
            listed = json.loads(ChaCha20Poly1305(self._operators_key).decrypt(nonce, sealed, _OPERATORS))
        except (InvalidTag, ValueError) as error:
            raise VaultError("操作者の一覧が壊れています。", "控えの vault.toml から戻すか、本部に連絡してください。",
                             detail="operators") from error
        return tuple(Operator(**{**one, "role": Role(one["role"])}) for one in listed)

    def set_operators(self, operators: Sequence[Operator]) -> None:
        """Replace the list of operators; it stands sealed in the vault, so that PINs cannot be tried from the file."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        nonce = os.urandom(12)
        text = json.dumps([asdict(one) for one in operators], ensure_ascii=False).encode()
        self._vault.set_operators(nonce, ChaCha20Poly1305(self._operators_key).encrypt(nonce, text, _OPERATORS))

    def travel(self) -> bytes:
        """What `parties` keeps: own secret keys and trusted public ones; b"" where nothing was kept. VaultError."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        self._refresh()
        nonce, sealed = self._vault.travel
        if not sealed:
            return b""
        try:
            return ChaCha20Poly1305(derive(self._master, "travel")).decrypt(nonce, sealed, _TRAVEL)
        except (InvalidTag, ValueError) as error:
            raise VaultError("公開鍵の一覧が壊れています。", "控えの vault.toml から戻すか、本部に連絡してください。",
                             detail="travel") from error

    def set_travel(self, data: bytes, before: bytes) -> None:
        """Replace `before`, as `travel` gave it; it stands sealed in the vault. VaultError: changed meanwhile."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        nonce, held = os.urandom(12), self.travel()
        as_read = self._vault.travel if held == before else (b"", b"changed")
        sealed = ChaCha20Poly1305(derive(self._master, "travel")).encrypt(nonce, data, _TRAVEL)
        self._vault.set_travel(nonce, sealed, as_read)

    def add_passphrase(self, passphrase: str, name: str = "") -> None:
        """Let a new passphrase open the vault in place of the one of the same name. VaultError: too short."""
        self.put_slot(self.passphrase_slot(passphrase, name))

    def add_card(self, sign: Sign, name: str = "") -> None:
        """Let a card open the vault in place of the one of the same name; `sign` is called twice. VaultError."""
        self.put_slot(self.card_slot(sign, name))

    def new_recovery(self) -> str:
        """A new recovery phrase for the envelope, to be shown once and kept nowhere; the old one is dead."""
        slot, phrase = self.recovery_slot()
        self.put_slot(slot)
        return phrase

    def passphrase_slot(self, passphrase: str, name: str = "") -> Slot:
        """A slot that is not in the vault yet: checked, so that it can be recorded before `put_slot`. VaultError."""
        from sanjo_tui.vault.slots import PASSPHRASE

        return self._wrapped(PASSPHRASE, name, passphrases.strong(passphrase))

    def recovery_slot(self) -> tuple[Slot, str]:
        """A slot and its phrase; nothing changes before `put_slot`."""
        from sanjo_tui.vault.slots import RECOVERY

        phrase = recovery.new_phrase()
        return self._wrapped(RECOVERY, "", recovery.letters_of(phrase) or ""), phrase

    def card_slot(self, sign: Sign, name: str = "") -> Slot:
        """A slot for the card that signs; nothing changes before `put_slot`. VaultError: its key is of no use."""
        from sanjo_tui.vault.slots import wrap_card

        return wrap_card(self._master, name=name, sign=sign, vault=vault_id(self._master))

    def put_slot(self, slot: Slot) -> None:
        """Add a slot in place of the one of the same kind and name; whatever that one held opens no more."""
        self._vault.put_slot(slot)

    def slots(self) -> tuple[Slot, ...]:
        """The ways in. What they hold is sealed."""
        self._refresh()
        return self._vault.slots

    def removable(self, kind: str, name: str = "") -> None:
        """Raises VaultError where `remove_slot` would."""
        self._refresh()
        self._vault.removable(kind, name)

    def remove_slot(self, kind: str, name: str = "") -> None:
        """Let this way open the vault no more. VaultError: the last one of its sort, or there is none."""
        self._vault.remove_slot(kind, name)

    def _wrapped(self, kind: str, name: str, secret: str) -> Slot:
        from sanjo_tui.vault.slots import wrap

        return wrap(self._master, role=kind, name=name, secret=secret, cost=self._vault.cost,
                    vault=vault_id(self._master))

    def drop_slots_of(self, name: str) -> None:
        """Let no passphrase or card of this operator open the vault any more."""
        self._vault.drop_slots_of(name)

    def _refresh(self) -> None:
        stamp = self._vault.refresh()
        if stamp != self._seen:
            self._seen, self._scopes = stamp, {}

    def _unwrap(self, scope: str, nonce: bytes, sealed: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        try:
            return ChaCha20Poly1305(self._scope_wrapping_key).decrypt(nonce, sealed, _scope_bound(scope))
        except InvalidTag as error:
            raise VaultError("期間の鍵が壊れています。", "控えの vault.toml から戻すか、本部に連絡してください。",
                             detail=f"scope {scope}") from error


def _scope_bound(scope: str) -> bytes:
    return f"sanjo scope 1 {scope}".encode()
