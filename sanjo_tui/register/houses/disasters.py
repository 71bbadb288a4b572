"""Set-ups of disasters: `disasters/<code>.toml`, byte for byte as checked, and `current`, the code in use.

What stands in them is read by receptions/certificate/setup.py; here are only the files.
"""

from __future__ import annotations

import re
from pathlib import Path

from sanjo_tui.errors import RegisterError

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,11}")
_AGAIN = "災害の設定を certificate load で読み込み直してください。"


def store(home_dir: Path, code: str, data: bytes) -> None:
    """Keeps the bytes and makes this disaster the current one, durably. RegisterError: bad code, or not written."""
    from sanjo_tui.vault import durable

    if not _CODE.fullmatch(code):
        raise RegisterError("災害の code は英数字と - _ で 12 字までです。", "設定の code を直してください。")
    folder = home_dir / "disasters"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with durable.only_one(folder / "current"):
            durable.replace_file(folder / f"{code}.toml", data)
            durable.replace_file(folder / "current", f"{code}\n".encode())
    except OSError as error:
        raise RegisterError("災害の設定を書き込めません。",
                            "ディスクの空きと書込権限を確かめて、もう一度読み込んでください。",
                            detail=f"{type(error).__name__} {error.errno}") from error


def current(home_dir: Path) -> str:
    """The code in use; "" where nothing was loaded. RegisterError."""
    try:
        name = (home_dir / "disasters" / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError("どの災害の設定が使用中か分かりません。", _AGAIN, detail=type(error).__name__) from error
    if not _CODE.fullmatch(name):
        raise RegisterError("どの災害の設定が使用中か分かりません。", _AGAIN, detail="unexpected content")
    return name


def of_code(home_dir: Path, code: str) -> bytes | None:
    """The file of one disaster; None where it was never loaded here. RegisterError."""
    if not _CODE.fullmatch(code):
        return None
    try:
        return (home_dir / "disasters" / f"{code}.toml").read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RegisterError("災害の設定を読めません。", _AGAIN, detail=type(error).__name__) from error
