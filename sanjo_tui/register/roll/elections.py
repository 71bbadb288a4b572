"""Election set-ups on this station: `elections/<id>.toml`, byte for byte as checked, and `current`, the id in use.

What stands in them is read by receptions/polling/setup.py; here are only the files.
"""

from __future__ import annotations

import re
from pathlib import Path

from sanjo_tui.errors import RegisterError

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_AGAIN = "選挙の設定を election load で読み込み直してください。"


def store(home_dir: Path, election_id: str, data: bytes) -> None:
    """Keeps the bytes and makes this election the current one, durably. RegisterError: bad id, or not written."""
    from sanjo_tui.vault import durable

    if not _ID.fullmatch(election_id):
        raise RegisterError("選挙の id は英数字と . - _ で 64 字までです。",
                            "election.toml の id を直してください。")
    folder = home_dir / "elections"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with durable.only_one(folder / "current"):
            durable.replace_file(folder / f"{election_id}.toml", data)
            durable.replace_file(folder / "current", f"{election_id}\n".encode())
    except OSError as error:
        raise RegisterError("選挙の設定を書き込めません。",
                            "ディスクの空きと書込権限を確かめて、もう一度読み込んでください。",
                            detail=f"{type(error).__name__} {error.errno}") from error


def current(home_dir: Path) -> bytes | None:
    """The current election's file; None where none was loaded. RegisterError when it is there no more."""
    folder = home_dir / "elections"
    try:
        name = (folder / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError("どの選挙の設定が使用中か分かりません。", _AGAIN, detail=type(error).__name__) from error
    if not _ID.fullmatch(name):
        raise RegisterError("どの選挙の設定が使用中か分かりません。", _AGAIN, detail="unexpected content")
    try:
        return (folder / f"{name}.toml").read_bytes()
    except OSError as error:
        raise RegisterError("使用中の選挙の設定を読めません。", _AGAIN, detail=type(error).__name__) from error
