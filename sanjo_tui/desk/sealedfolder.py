"""Small files of a service under the station's keys, in a folder of the home: unreadable without them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.errors import RuleError
from sanjo_tui.vault.durable import replace_file, sync_folder

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk

ENDING = ".sealed"


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """`home/<name>/`: one key for the folder, the file's name part of each seal, so that none passes for another."""

    desk: Desk
    name: str

    @property
    def place(self) -> Path:
        """Where the files stand."""
        return self.desk.station.home / self.name

    def path(self, file: str) -> Path:
        """Where one file stands."""
        return self.place / (file + ENDING)

    def __contains__(self, file: str) -> bool:
        return self.path(file).exists()

    def names(self) -> tuple[str, ...]:
        """Every file there is."""
        return tuple(sorted(path.name.removesuffix(ENDING) for path in self.place.glob("*" + ENDING)))

    def write(self, file: str, data: bytes) -> None:
        """Seal and write, durably: the old file or the new one, never half. RuleError where the disk refuses."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        nonce = os.urandom(12)
        sealed = ChaCha20Poly1305(self._key()).encrypt(nonce, data, file.encode())
        try:
            self.place.mkdir(mode=0o700, exist_ok=True)
            replace_file(self.path(file), nonce + sealed)
        except OSError as error:
            raise RuleError("拠点のフォルダーに書けません。", "空き容量と書込権限を確かめてください。",
                            detail=f"{self.name}: {type(error).__name__}") from error

    def read(self, file: str) -> bytes:
        """What was sealed. RuleError: not there, another key, or a changed file."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        try:
            sealed = self.path(file).read_bytes()
        except OSError as error:
            raise RuleError("この拠点にあるはずのファイルがありません。", "情報担当に連絡してください。",
                            detail=f"{self.name}: {type(error).__name__}") from error
        try:
            return ChaCha20Poly1305(self._key()).decrypt(sealed[:12], sealed[12:], file.encode())
        except (InvalidTag, ValueError) as error:
            raise RuleError("この拠点のファイルが壊れています。", "情報担当に連絡してください。",
                            detail=f"{self.name}: seal") from error

    def erase(self, file: str) -> bool:
        """Remove it; whether it was there. RuleError where the disk refuses."""
        try:
            self.path(file).unlink(missing_ok=False)
            sync_folder(self.place)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise RuleError("拠点のフォルダーから消せません。", "書込権限を確かめてください。",
                            detail=f"{self.name}: {type(error).__name__}") from error
        return True

    def _key(self) -> bytes:
        return self.desk.keys.file_key(self.name)
