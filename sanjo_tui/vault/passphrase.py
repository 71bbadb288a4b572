"""Rules of a passphrase, and reading it from a file."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from sanjo_tui.errors import VaultError


def checked(passphrase: str) -> str:
    """The passphrase in one Unicode form (NFC: two keyboards type the same が), refused where it is empty."""
    text = unicodedata.normalize("NFC", passphrase)
    if not text.strip():
        raise VaultError("パスフレーズが空です。", "空でないパスフレーズを決めて、もう一度入力してください。")
    if "\x00" in text:
        raise VaultError("パスフレーズに使えない文字があります。", "文字だけで入力してください。")
    return text


def read_file(path: Path) -> str:
    """The first line of the file without its newline; a BOM is not part of it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise VaultError(f"パスフレーズのファイル {path} を読めません。", "場所と読み取りの許可を確かめてください。",
                         detail=f"{error.errno}") from error
    except UnicodeDecodeError as error:
        raise VaultError(f"パスフレーズのファイル {path} は UTF-8 の文字ではありません。",
                         "UTF-8 で保存し直してください。", detail=f"byte {error.start}") from error
    line = text.split("\n", 1)[0].removesuffix("\r")
    return checked(line)
