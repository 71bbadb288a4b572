"""Small files of the library under the station's keys: nothing in its folder can be read without them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.errors import RuleError
from sanjo_tui.vault.durable import replace_file

if TYPE_CHECKING:
    from sanjo_tui.vault import Keys


def folder(home: Path) -> Path:
    """Where they stand; made when missing, for the owner alone. Raises OSError."""
    place = home / "library"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def write(keys: Keys, path: Path, data: bytes) -> None:
    """Seal and write, durably: the old file or the new one, never half. The name is part of the seal. OSError."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = os.urandom(12)
    cipher = ChaCha20Poly1305(keys.file_key("library"))
    replace_file(path, nonce + cipher.encrypt(nonce, data, path.name.encode()))


def read(keys: Keys, path: Path) -> bytes:
    """What was sealed. RuleError: another key, or a changed file. OSError."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    sealed = path.read_bytes()
    try:
        return ChaCha20Poly1305(keys.file_key("library")).decrypt(sealed[:12], sealed[12:], path.name.encode())
    except (InvalidTag, ValueError) as error:
        raise RuleError("図書館の設定か預かりの記録が壊れています。", "情報担当に連絡してください。",
                        detail=f"library {path.name.split('.')[-1]}") from error
