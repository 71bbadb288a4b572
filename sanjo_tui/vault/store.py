"""`vault.toml`: the key slots and the wrapped keys of episodes. Made once, changed by whole replacement only."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjo_tui.errors import VaultError
from sanjo_tui.vault import passphrase as passphrases
from sanjo_tui.vault import recovery
from sanjo_tui.vault.durable import only_one, replace_file
from sanjo_tui.vault.keys import Keys
from sanjo_tui.vault.slots import Cost, Slot, read_slot, wrap

FORMAT = 1
_HEAD = "# 受付端末の鍵です。書き換えると開かなくなります。控えは受付記録の控えと一緒に取られます。\n"
_DRILL_HEAD = ("# 訓練用の鍵です。だれでも開けます。本物の住民の情報には使えません。\n"
               "# Drill key, openly in this file: it protects nothing.\n")


@dataclass(frozen=True, slots=True)
class WrappedScope:
    """Key of an episode as it stands in the file; `destroyed` holds the time when it was thrown away, or ""."""

    nonce: bytes = b""
    sealed: bytes = b""
    destroyed: str = ""


class Vault:
    """The vault of one station. `Vault.create` once, then `Vault.open(path).unlock(secret)`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.drill = False
        self.slots: tuple[Slot, ...] = ()
        self.scopes: dict[str, WrappedScope] = {}
        self.operators: tuple[bytes, bytes] = (b"", b"")
        """Nonce and sealed list of the operators; empty where none were registered."""
        self._drill_key = b""
        self._stamp: object = None
        self._detached = False

    @classmethod
    def create(cls, path: Path, passphrase: str, *, drill: bool = False,
               cost: Cost | None = None) -> tuple[Vault, str]:
        """A new vault and its recovery phrase, to be shown once and kept nowhere; a drill has none.

        Raises VaultError: empty passphrase, a vault stands there already, the file cannot be written.
        """
        if not drill:
            passphrase = passphrases.checked(passphrase)
        vault, master, phrase = cls(path), os.urandom(32), ""
        vault.drill = drill
        if drill:
            vault._drill_key = master
        else:
            phrase = recovery.new_phrase()
            letters = recovery.letters_of(phrase) or ""
            vault.slots = (wrap(master, role="passphrase", name="", secret=passphrase, cost=cost),
                           wrap(master, role="recovery", name="", secret=letters, cost=cost))
        with _writing(path), only_one(path):
            if path.exists():
                raise VaultError("鍵のファイルはすでにあります。", "既存の端末の設定は上書きできません。",
                                 detail=str(path))
            vault._write()
        return vault, phrase

    @classmethod
    def open(cls, path: Path) -> Vault:
        """The vault at `path`, still locked. Raises VaultError: missing, not a vault, of a newer version."""
        vault = cls(path)
        vault.refresh()
        return vault

    def unlock(self, secret: str) -> Keys:
        """The keys, for the passphrase or the recovery phrase; a drill needs none. Raises VaultError."""
        _no_core_dumps()
        if self.drill:
            return Keys(self._drill_key, self)
        secret = passphrases.checked(secret)
        letters = recovery.letters_of(secret)
        tries = [(slot, secret) for slot in self.slots if slot.role == "passphrase"]
        if letters is not None and recovery.is_whole(letters):
            tries = [(slot, letters) for slot in self.slots if slot.role == "recovery"] + tries
        for slot, text in tries:
            master = slot.unwrap(text)
            if master is not None:
                return Keys(master, self, opened_by=(slot.role, slot.name))
        if letters is not None and not recovery.is_whole(letters):
            raise VaultError("復旧用の合言葉に書きまちがいがあります。", "4文字ずつ、紙と見くらべてください。")
        raise VaultError("パスフレーズが違います。",
                         "もう一度入力してください。分からないときは、封筒にある復旧用の合言葉を入力してください。")

    @classmethod
    def parse(cls, text: str) -> Vault:
        """A vault that stands in another file (an export): it opens, and never changes."""
        vault = cls(Path("vault.toml"))
        vault._read(text.encode())
        vault._detached = True
        return vault

    def refresh(self) -> object:
        """Read the file again if it changed; gives a stamp that stays equal as long as it did not."""
        if self._detached:
            return None
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                self._read(self.path.read_bytes())
                self._stamp = stamp
        except FileNotFoundError as error:
            raise VaultError("鍵のファイル vault.toml がありません。",
                             "端末の設定をするか、控えから戻してください。", detail=str(self.path)) from error
        except OSError as error:
            raise VaultError("鍵のファイル vault.toml を読めません。", "ファイルの許可を確かめてください。",
                             detail=f"{self.path} {error.errno}") from error
        return self._stamp

    def add_scope(self, scope: str, nonce: bytes, sealed: bytes) -> None:
        """Keep the wrapped key of an episode unless the episode has, or had, one."""
        with _writing(self.path), only_one(self.path):
            self.refresh()
            if scope not in self.scopes:
                self.scopes[scope] = WrappedScope(nonce, sealed)
                self._write()

    def drop_scope(self, scope: str) -> None:
        """Throw the wrapped key of an episode away; that it was there is remembered. Nothing to drop is an error."""
        with _writing(self.path), only_one(self.path):
            self.refresh()
            if scope not in self.scopes:
                raise VaultError("この期間の鍵はありません。", "期間を確かめてください。", detail=scope)
            if not self.scopes[scope].destroyed:
                self.scopes[scope] = WrappedScope(destroyed=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
                self._write()

    def set_operators(self, nonce: bytes, sealed: bytes) -> None:
        """Replace the sealed list of operators."""
        with _writing(self.path), only_one(self.path):
            self.refresh()
            self.operators = nonce, sealed
            self._write()

    def set_passphrase(self, master: bytes, passphrase: str, name: str) -> None:
        """Replace the passphrase slot of this name."""
        slot = wrap(master, role="passphrase", name=name, secret=passphrases.checked(passphrase))
        with _writing(self.path), only_one(self.path):
            self.refresh()
            others = tuple(s for s in self.slots if (s.role, s.name) != ("passphrase", name))
            self.slots = (slot, *others)
            self._write()

    def drop_slots_of(self, name: str) -> None:
        """Take every slot of an operator away; the shared ones (name "") stay."""
        with _writing(self.path), only_one(self.path):
            self.refresh()
            kept = tuple(slot for slot in self.slots if not name or slot.name != name)
            if kept != self.slots:
                self.slots = kept
                self._write()

    def text(self, *, scopes: bool = True) -> str:
        """The file's text."""
        import tomli_w

        table: dict[str, Any] = {"format": FORMAT, "drill": self.drill}
        if self.drill:
            table["drill_key"] = self._drill_key.hex()
        table["slots"] = [slot.table() for slot in self.slots]
        table["scopes"] = {name: {"destroyed": w.destroyed} if w.destroyed
                           else {"nonce": w.nonce.hex(), "sealed": w.sealed.hex()}
                           for name, w in self.scopes.items() if scopes}
        if self.operators[1]:
            table["operators"] = {"nonce": self.operators[0].hex(), "sealed": self.operators[1].hex()}
        return (_DRILL_HEAD if self.drill else _HEAD) + tomli_w.dumps(table)

    def _write(self) -> None:
        if self._detached:
            raise VaultError("ほかのファイルの鍵は書き換えられません。", "この拠点の鍵で行ってください。")
        replace_file(self.path, self.text().encode())
        self.refresh()

    def _read(self, data: bytes) -> None:
        try:
            table = tomllib.loads(data.decode())
            version = int(table["format"])
            if version > FORMAT:
                raise VaultError("鍵のファイル vault.toml は新しい版のものです。",
                                 "この端末のプログラムを新しくしてください。", detail=f"format {version}")
            drill = bool(table["drill"])
            drill_key = bytes.fromhex(table["drill_key"]) if drill else b""
            slots = tuple(read_slot(slot) for slot in table["slots"])
            scopes = {name: WrappedScope(destroyed=str(w["destroyed"])) if "destroyed" in w
                      else WrappedScope(bytes.fromhex(w["nonce"]), bytes.fromhex(w["sealed"]))
                      for name, w in table["scopes"].items()}
            listed = table.get("operators", {"nonce": "", "sealed": ""})
            operators = bytes.fromhex(listed["nonce"]), bytes.fromhex(listed["sealed"])
            if drill is bool(slots) or (drill and len(drill_key) != 32):
                raise ValueError("a vault has slots, a drill has its key")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise VaultError("鍵のファイル vault.toml が壊れています。", "控えから戻すか、本部に連絡してください。",
                             detail=f"{self.path}: {type(error).__name__}") from error
        self.drill, self._drill_key, self.slots, self.scopes = drill, drill_key, slots, scopes
        self.operators = operators


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise VaultError("鍵のファイル vault.toml を書けません。",
                         "ディスクの空きとフォルダーの許可を確かめてください。",
                         detail=f"{path} {error.errno}") from error


def _no_core_dumps() -> None:
    """A crash must not write the keys to the disk."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
