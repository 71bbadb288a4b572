"""Rules of a passphrase, and reading it from a file.

A stolen laptop lets its finder try without end, so a PIN cannot be a passphrase: six digits fall in hours.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from sanjo_tui.errors import VaultError

DIGITS, LETTERS = 12, 8
"""Least lengths of a new passphrase: of digits alone, of anything else."""


def checked(passphrase: str) -> str:
    """The passphrase in one Unicode form (NFC: two keyboards type the same が), refused where it is empty."""
    text = unicodedata.normalize("NFC", passphrase)
    if not text.strip():
        raise VaultError("パスフレーズが空です。", "空でないパスフレーズを決めて、もう一度入力してください。")
    if "\x00" in text:
        raise VaultError("パスフレーズに使えない文字があります。", "文字だけで入力してください。")
    return text


def weakness(passphrase: str) -> str:
    """Why a passphrase could be found by trying, as a sentence; "" when it is long enough.

    Fewer than 12 characters where there are digits alone, fewer than 8 otherwise. A kana or kanji counts as two: there
    are many more of them than of Latin letters.
    """
    text = unicodedata.normalize("NFKC", passphrase).strip()
    signs = [c for c in text if not c.isspace() and not unicodedata.category(c).startswith("P")]
    if signs and all(c.isdecimal() for c in signs):
        if len(signs) < DIGITS:
            return f"数字だけで {DIGITS} 桁より短いパスフレーズは、盗まれた端末で試せば数時間で見つかります。"
    elif sum(1 if c.isascii() else 2 for c in text) < LETTERS:
        return (f"{LETTERS} 字（かなや漢字は {LETTERS // 2} 字）より短いパスフレーズは、"
                "盗まれた端末で試せば見つかります。")
    return ""


def strong(passphrase: str) -> str:
    """`checked`, and long enough for a new slot. VaultError says why not."""
    text = checked(passphrase)
    if reason := weakness(text):
        raise VaultError(reason, "言葉をいくつか並べた、長いものにしてください。")
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
