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
from sanjo_tui.vault.keys import Keys, vault_id
from sanjo_tui.vault.slots import CARD, PASSPHRASE, RECOVERY, Cost, Sign, Slot, read_slot, wrap

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
        self.id = b""
        """Follows from the master and stands openly in the file; empty in a vault of the first version."""
        self.drill = False
        self.slots: tuple[Slot, ...] = ()
        self.scopes: dict[str, WrappedScope] = {}
        self.operators: tuple[bytes, bytes] = (b"", b"")
        """Nonce and sealed list of the operators; empty where none were registered."""
        self.travel: tuple[bytes, bytes] = (b"", b"")
        """Nonce and sealed keys for what travels, own and trusted ones; empty where none were made."""
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
            phrase, vault.id = recovery.new_phrase(), vault_id(master)
            letters = recovery.letters_of(phrase) or ""
            vault.slots = tuple(wrap(master, role=role, name="", secret=secret, cost=cost, vault=vault.id)
                                for role, secret in ((PASSPHRASE, passphrase), (RECOVERY, letters)))
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

    def unlock(self, secret: str, name: str | None = None) -> Keys:
        """The keys, for the passphrase or the recovery phrase; a drill needs none. Raises VaultError.

        `name`: try only the passphrase of this operator ("": the shared one), which takes one try's time; None: all.
        """
        _no_core_dumps()
        if self.drill:
            return Keys(self._drill_key, self)
        secret = passphrases.checked(secret)
        letters = recovery.letters_of(secret)
        tries = [(slot, secret) for slot in self.slots if slot.role == PASSPHRASE and name in (None, slot.name)]
        if letters is not None and recovery.is_whole(letters):
            tries = [(slot, letters) for slot in self.slots if slot.role == RECOVERY] + tries
        for slot, text in tries:
            if (keys := self._opened(slot, slot.unwrap(text))) is not None:
                return keys
        if letters is not None and not recovery.is_whole(letters):
            raise VaultError("復旧用の合言葉に書きまちがいがあります。", "4文字ずつ、紙と見くらべてください。")
        raise VaultError("パスフレーズが違います。",
                         "もう一度入力してください。分からないときは、封筒にある復旧用の合言葉を入力してください。")

    def unlock_card(self, sign: Sign, name: str | None = None) -> Keys:
        """The keys, for a card's signature of a slot's message. Raises VaultError, and whatever `sign` raises.

        `name`: only the card of this operator; None: each card slot in turn, one signature a slot.
        """
        _no_core_dumps()
        if self.drill:
            return Keys(self._drill_key, self)
        slots = [slot for slot in self.slots if slot.role == CARD and name in (None, slot.name)]
        if not slots:
            raise VaultError("カードで開けるようになっていません。",
                             "パスフレーズで開いて、sanjo-tui slots card で登録してください。")
        for slot in slots:
            if (keys := self._opened(slot, slot.unwrap_signed(sign(slot.message)))) is not None:
                return keys
        raise VaultError("このカードでは開きません。", "登録したカードをかざすか、パスフレーズを入力してください。")

    def _opened(self, slot: Slot, master: bytes | None) -> Keys | None:
        """None too where the master is another station's: a slot of the first version, copied here."""
        if master is None or (self.id and vault_id(master) != self.id):
            return None
        return Keys(master, self, opened_by=(slot.role, slot.name))

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

    def set_travel(self, nonce: bytes, sealed: bytes, before: tuple[bytes, bytes]) -> None:
        """Replace the sealed keys for what travels. VaultError: they are no longer what they were `before`."""
        with _writing(self.path), only_one(self.path):
            self.refresh()
            if self.travel != before:
                raise VaultError("ほかの端末画面で、公開鍵が同時に変えられました。", "もう一度行ってください。")
            self.travel = nonce, sealed
            self._write()

    @property
    def cost(self) -> Cost:
        """What a try costs at this station, as it was measured when the station was made."""
        return max((slot.cost for slot in self.slots if slot.cost), default=Cost(),
                   key=lambda cost: (cost.memory_kib * cost.passes, cost.lanes))

    def put_slot(self, slot: Slot) -> None:
        """Add a slot in place of the one of the same kind and name. VaultError: a drill; another station's slot."""
        with _writing(self.path), only_one(self.path):
            self.refresh()
            if self.drill:
                raise VaultError("訓練の拠点は、だれでも開けます。", "本番の拠点で行ってください。")
            if self.id not in (b"", slot.vault):
                raise VaultError("鍵のファイル vault.toml は、開いた後に取り替えられています。",
                                 "端末を閉じて、本部に連絡してください。")
            self.id = slot.vault
            others = tuple(s for s in self.slots if (s.role, s.name) != (slot.role, slot.name))
            self.slots = (slot, *others)
            self._write()

    def removable(self, role: str, name: str) -> None:
        """Raises VaultError where there is no such slot, or nothing but the envelope would open without it."""
        if all((slot.role, slot.name) != (role, name) for slot in self.slots):
            raise VaultError("その開け方は登録されていません。", "sanjo-tui slots list で確かめてください。")
        others = [slot.role for slot in self.slots if (slot.role, slot.name) != (role, name)]
        if RECOVERY not in others:
            raise VaultError("復旧用の合言葉は外せません。",
                             "替えるときは sanjo-tui slots recovery で作り直してください。")
        if PASSPHRASE not in others and CARD not in others:
            raise VaultError("これを外すと、封筒の合言葉でしか開けなくなります。",
                             "先に別のパスフレーズかカードを登録してください。")

    def remove_slot(self, role: str, name: str) -> None:
        """Let this way open the vault no more. VaultError as `removable` says."""
        with _writing(self.path), only_one(self.path):
            self.refresh()
            self.removable(role, name)
            self.slots = tuple(slot for slot in self.slots if (slot.role, slot.name) != (role, name))
            self._write()

    def drop_slots_of(self, name: str) -> None:
        """Take every slot of an operator away; the shared ones (name "") stay."""
        with _writing(self.path), only_one(self.path):
            self.refresh()
            kept = tuple(slot for slot in self.slots if not name or slot.name != name)     # never the recovery phrase
            if kept != self.slots:
                self.slots = kept
                self._write()

    def text(self, *, scopes: bool = True) -> str:
        """The file's text."""
        import tomli_w

        table: dict[str, Any] = {"format": FORMAT, "drill": self.drill}
        if self.drill:
            table["drill_key"] = self._drill_key.hex()
        if self.id:
            table["id"] = self.id.hex()
        table["slots"] = [slot.table() for slot in self.slots]
        table["scopes"] = {name: {"destroyed": w.destroyed} if w.destroyed
                           else {"nonce": w.nonce.hex(), "sealed": w.sealed.hex()}
                           for name, w in self.scopes.items() if scopes}
        if self.operators[1]:
            table["operators"] = {"nonce": self.operators[0].hex(), "sealed": self.operators[1].hex()}
        if self.travel[1] and scopes:
            table["travel"] = {"nonce": self.travel[0].hex(), "sealed": self.travel[1].hex()}
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
            own_id = bytes.fromhex(table.get("id", ""))
            slots = tuple(read_slot(slot, own_id) for slot in table["slots"])
            scopes = {name: WrappedScope(destroyed=str(w["destroyed"])) if "destroyed" in w
                      else WrappedScope(bytes.fromhex(w["nonce"]), bytes.fromhex(w["sealed"]))
                      for name, w in table["scopes"].items()}
            listed = table.get("operators", {"nonce": "", "sealed": ""})
            operators = bytes.fromhex(listed["nonce"]), bytes.fromhex(listed["sealed"])
            kept = table.get("travel", {"nonce": "", "sealed": ""})
            travel = bytes.fromhex(kept["nonce"]), bytes.fromhex(kept["sealed"])
            if drill is bool(slots) or (drill and len(drill_key) != 32):
                raise ValueError("a vault has slots, a drill has its key")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise VaultError("鍵のファイル vault.toml が壊れています。", "控えから戻すか、本部に連絡してください。",
                             detail=f"{self.path}: {type(error).__name__}") from error
        self.drill, self._drill_key, self.slots, self.scopes = drill, drill_key, slots, scopes
        self.id, self.operators, self.travel = own_id, operators, travel


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
