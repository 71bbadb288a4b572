"""The form of a copy on the second medium: one zip `CODE-YYYYMMDD-HHMMSS.sanjo`, everything in it as sealed as at home.

manifest.toml   station, time, ends of the chains, episodes whose keys it holds, sizes and SHA-256 of the others
manifest.mac    HMAC of the manifest under the station's keys
journal.db      encrypted as it is; vault.toml, station.toml, profiles.toml: as they stand in the home
"""

from __future__ import annotations

import hashlib
import hmac
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjo_tui.errors import JournalError
from sanjo_tui.journal.chain import Head
from sanjo_tui.vault import Keys

SUFFIX = ".sanjo"
FORMAT = 1
MANIFEST, MAC = "manifest.toml", "manifest.mac"
NEEDED = ("journal.db", "vault.toml", "station.toml")
OPTIONAL = ("profiles.toml",)
_BLOCK = 1 << 20
_LONGEST_TEXT = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy by its manifest. `files`: name to (size, SHA-256). `scopes`: episodes whose key it can still open."""

    path: Path
    station: str
    made: str
    heads: tuple[Head, ...]
    scopes: tuple[str, ...]
    files: dict[str, tuple[int, str]]
    manifest: bytes
    mac: str

    @property
    def head(self) -> Head:
        """The end of the station's own chain."""
        return self.heads[0]

    def is_by(self, keys: Keys) -> bool:
        """The manifest was written with these keys."""
        return hmac.compare_digest(self.mac, mac_of(keys, self.manifest))


def mac_of(keys: Keys, manifest: bytes) -> str:
    """HMAC-SHA256 of a manifest, hexadecimal."""
    return hmac.new(keys.file_key("copy manifest"), manifest, hashlib.sha256).hexdigest()


def read(path: Path) -> Copy:
    """The manifest of a copy. JournalError: no copy, cut, of a newer version. OSError: the medium."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _text(archive, MANIFEST)
            mac = _text(archive, MAC).decode()
        table = tomllib.loads(manifest.decode())
        if int(table["format"]) > FORMAT:
            raise JournalError("控えは新しい版のものです。", "この端末のプログラムを新しくしてください。",
                               detail=f"format {table['format']}")
        heads = tuple(Head(h["station"], int(h["seq"]), bytes.fromhex(h["hash"])) for h in table["heads"])
        files = {f["name"]: (int(f["size"]), str(f["sha256"])) for f in table["files"]}
        if not heads or not set(NEEDED) <= set(files) <= {*NEEDED, *OPTIONAL}:
            raise ValueError("files")
        return Copy(path=path, station=str(table["station"]), made=str(table["made"]), heads=heads,
                    scopes=tuple(table["scopes"]), files=files, manifest=manifest, mac=mac)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, NotImplementedError) as error:
        raise damaged(type(error).__name__) from error


def unpack(copy: Copy, name: str) -> Iterator[bytes]:
    """One file of the copy in blocks; its size and SHA-256 are checked by the end. JournalError, OSError."""
    size, want = copy.files[name]
    digest, left = hashlib.sha256(), size
    try:
        with zipfile.ZipFile(copy.path) as archive, archive.open(name) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                left -= len(block)
                if left < 0:
                    raise damaged(f"{name} longer")
                yield block
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise damaged(name) from error
    if left or digest.hexdigest() != want:
        raise damaged(f"{name} sha256")


def check(copy: Copy) -> None:
    """Read every file of the copy. JournalError where one is not what the manifest says."""
    for name in copy.files:
        for _ in unpack(copy, name):
            continue


def of_station(folder: Path, code: str) -> list[Copy]:
    """The readable copies of a station in a folder, the furthest one last. OSError."""
    found = []
    for path in folder.glob(f"{code}-*{SUFFIX}"):
        try:
            copy = read(path)
        except JournalError:  # a torn file is not a copy; it is left for people to look at
            continue
        if copy.station == code:
            found.append(copy)
    return sorted(found, key=lambda copy: (copy.head.seq, copy.made))


def damaged(detail: str) -> JournalError:
    """The copy cannot be used."""
    return JournalError("控えのファイルではないか、壊れています。", "一つ前の控えを使ってください。", detail=detail)


def _text(archive: zipfile.ZipFile, name: str) -> bytes:
    info: Any = archive.getinfo(name)
    if info.file_size > _LONGEST_TEXT:
        raise ValueError(name)
    return archive.read(name)
