"""Where a station keeps its counter's set-up: one folder a version, never changed, and `current`, which names one.

A record names the version under which it was accepted, so that its papers can be made again as they were.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from sanjo_tui.errors import StationError
from sanjo_tui.receptions.counter import setup
from sanjo_tui.receptions.counter.procedure import Setup
from sanjo_tui.vault import durable

_MOST = 2000
"""Procedures of a set-up; more is somebody's home folder."""


def files_of(folder: Path) -> dict[str, bytes]:
    """The TOML files of a set-up by their name below it. StationError where it cannot be read."""
    if not folder.is_dir():
        raise StationError(f"{folder} というフォルダーはありません。",
                           f"{setup.MAIN}、{setup.FEES}、{setup.FOLDER} のあるフォルダーを指定してください。")
    procedures = sorted((folder / "procedures").glob("*.toml"))
    if len(procedures) > _MOST:
        raise StationError(f"手続のファイルが {len(procedures)} 件あります。読めるのは {_MOST} 件までです。",
                           "窓口の設定のフォルダーか確かめてください。")
    places = [folder / setup.MAIN, folder / setup.FEES, *procedures]
    try:
        return {place.relative_to(folder).as_posix(): place.read_bytes() for place in places if place.is_file()}
    except OSError as error:
        raise StationError(f"{folder} を読めません。", "置き場所と読取権限を確かめてください。",
                           detail=type(error).__name__) from error


def store(home: Path, files: dict[str, bytes], version: str) -> None:
    """Keep a set-up that was read without problems, and make it the one in use; whole or not at all. OSError."""
    folder = home / "counter" / version
    for name, data in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        durable.replace_file(place, data)
    durable.replace_file(home / "counter" / "current", f"{version}\n".encode())


def in_use(home: Path) -> str:
    """The version in use; "" where none was loaded, or where a power cut or a hand spoilt the file that names it."""
    with contextlib.suppress(OSError):
        name = (home / "counter" / "current").read_text(encoding="ascii", errors="replace").strip()
        return name if re.fullmatch(r"[0-9a-f]{12}", name) else ""
    return ""


def load(home: Path, version: str) -> Setup:
    """A kept set-up. StationError where it is not there or was changed by hand."""
    files = files_of(home / "counter" / version)
    found, problems = setup.read(files)
    if found is None or found.version != version:
        raise StationError("窓口の設定が壊れています。", "sanjo-tui counter load で読み込み直してください。",
                           detail=str(problems[0]) if problems else f"version {version}")
    return found
