"""The kiosk's set-up on a station: `kiosk/<version>.toml`, byte for byte as checked, and `current`."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from sanjo_tui.errors import StationError
from sanjo_tui.receptions.kiosk import setup
from sanjo_tui.receptions.kiosk.setup import Kiosk
from sanjo_tui.vault import durable


def read(path: Path) -> bytes:
    """The bytes of a set-up: a file, or `kiosk.toml` in a folder. StationError."""
    place = path / setup.FILE if path.is_dir() else path
    try:
        return place.read_bytes()
    except OSError as error:
        raise StationError(f"{place} を読めません。", "証明書の設定(kiosk.toml)を指定してください。",
                           detail=type(error).__name__) from error


def store(home: Path, data: bytes, version: str) -> None:
    """Keep a set-up that was read without problems and make it the one in use, durably. StationError."""
    folder = home / "kiosk"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        durable.replace_file(folder / f"{version}.toml", data)
        durable.replace_file(folder / "current", f"{version}\n".encode())
    except OSError as error:
        raise StationError("証明書の設定を書き込めません。", "ディスクの空きと書込権限を確かめてください。",
                           detail=type(error).__name__) from error


def in_use(home: Path) -> str:
    """The version in use; "" where none was loaded, or where a power cut or a hand spoilt the file that names it."""
    with contextlib.suppress(OSError):
        name = (home / "kiosk" / "current").read_text(encoding="ascii", errors="replace").strip()
        return name if re.fullmatch(r"[0-9a-f]{12}", name) else ""
    return ""


def load(home: Path, version: str) -> Kiosk:
    """The set-up of a version. StationError where it is gone or was changed by hand."""
    found, problems = setup.read(read(home / "kiosk" / f"{version}.toml"))
    if found is None or found.version != version:
        raise StationError("証明書の設定が壊れています。", "sanjo-tui kiosk load で読み込み直してください。",
                           detail=str(problems[0]) if problems else f"version {version}")
    return found
