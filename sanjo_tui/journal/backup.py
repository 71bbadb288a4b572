"""The encrypted copy on a second medium: made while the desk goes on, read back before it counts, the last few kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sanjo_tui.journal import copies
from sanjo_tui.journal.chain import Head
from sanjo_tui.journal.copies import MAC, MANIFEST, SUFFIX, Copy
from sanjo_tui.journal.outside import outside, taking_out
from sanjo_tui.journal.writer import Journal
from sanjo_tui.station import Station
from sanjo_tui.vault.durable import only_one, sync_file, sync_folder
from sanjo_tui.wareki import JST

KEEP = 5
"""So many copies stay; each one is whole."""

_MEDIA = ("/media", "/run/media", "/mnt", "/Volumes")


class Outcome(StrEnum):
    """What became of one round."""

    OFF = "off"
    ABSENT = "absent"
    UNCHANGED = "unchanged"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """One round. `file`: the newest copy there is. `sentence`: short, for the header, or ""."""

    outcome: Outcome
    file: Path | None = None
    seq: int = 0
    sentence: str = ""
    same_disk: bool = False


def back_up(journal: Journal, station: Station, folder: Path | None = None) -> BackupState:
    """One round to `folder`, or to the station's `backup_dir`; does nothing where no medium is or nothing is new.

    Raises JournalError when a medium is there and the copy could not be made; older copies stay.
    """
    if folder is None:
        if not station.backup_dir:
            return BackupState(outcome=Outcome.OFF)
        folder = Path(station.backup_dir).expanduser()
    outside(station.home, folder)
    with taking_out("控え"), only_one(station.home / "backup"):  # the desk's round and a command's do not meet
        if not mounted(folder, station.home):
            return BackupState(outcome=Outcome.ABSENT, sentence="控えの媒体がありません")
        _sweep(folder, station.code)
        held = copies.of_station(folder, station.code)
        same = folder.stat().st_dev == station.home.stat().st_dev
        sentence = "控えが同じディスクにあります" if same else ""
        if held and held[-1].is_by(journal.keys) and _says(held[-1], journal, station):
            newest, outcome = held[-1], Outcome.UNCHANGED
        else:
            newest, outcome = _make(journal, station, folder), Outcome.DONE
            held.append(newest)
        _prune(held, journal)
    return BackupState(outcome=outcome, file=newest.path, seq=newest.head.seq, sentence=sentence, same_disk=same)


def newest_head(journal: Journal, station: Station) -> Head | None:
    """The end of the chain as the newest copy knows it: an anchor for `verify`; None without medium or copy."""
    if not station.backup_dir:
        return None
    folder = Path(station.backup_dir).expanduser()
    with taking_out("控え"):
        held = copies.of_station(folder, station.code) if folder.is_dir() else []
    ours = [copy for copy in held if copy.is_by(journal.keys)]
    return ours[-1].head if ours else None


def mounted(folder: Path, home: Path) -> bool:
    """The folder is there, and is no empty mount point: below /media and its like it must be another disk."""
    if not folder.is_dir():
        return False
    below_media = any(folder.resolve().is_relative_to(root) for root in _MEDIA)
    return not (below_media and folder.stat().st_dev == home.stat().st_dev)


def _says(copy: Copy, journal: Journal, station: Station) -> bool:
    """The copy holds what the home holds now."""
    return (copy.heads == journal.heads()
            and all(copy.files.get(path.name, (0, ""))[1] == _digest(path) for path in _beside(station)))


def _beside(station: Station) -> tuple[Path, ...]:
    small = (station.vault, station.toml)
    return (*small, station.profiles) if station.profiles.exists() else small


def _make(journal: Journal, station: Station, folder: Path) -> Copy:
    made = now = dt.datetime.now(JST)
    path = folder / f"{station.code}-{now:%Y%m%d-%H%M%S}{SUFFIX}"
    while path.exists():
        now += dt.timedelta(seconds=1)
        path = folder / f"{station.code}-{now:%Y%m%d-%H%M%S}{SUFFIX}"
    draft, database = folder / f".{path.name}.part", folder / f".{path.name}.db.part"
    try:
        heads = journal.copy_to(database)
        sources = {"journal.db": database, **{p.name: p for p in _beside(station)}}
        with draft.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for name, source in sources.items():
                    archive.write(source, name)
                manifest = _manifest(journal, station, made, heads, sources)
                archive.writestr(MANIFEST, manifest)
                archive.writestr(MAC, copies.mac_of(journal.keys, manifest))
            file.flush()
            os.fsync(file.fileno())
        _from_the_medium(draft)
        copies.check(copies.read(draft))
        draft.replace(path)
        sync_folder(folder)
    finally:
        _sweep(folder, station.code)
    return copies.read(path)


def _manifest(journal: Journal, station: Station, made: dt.datetime, heads: tuple[Head, ...],
              sources: dict[str, Path]) -> bytes:
    import tomli_w

    table = {"format": copies.FORMAT, "station": station.code, "made": made.isoformat(timespec="milliseconds"),
             "scopes": list(journal.keys.scopes()),
             "heads": [{"station": h.station, "seq": h.seq, "hash": h.hash.hex()} for h in heads],
             "files": [{"name": name, "size": source.stat().st_size, "sha256": _digest(source)}
                       for name, source in sources.items()]}
    return tomli_w.dumps(table).encode()


def _from_the_medium(path: Path) -> None:
    """The next read comes from the medium and not from memory, where the system can be told so."""
    sync_file(path)
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _prune(held: list[Copy], journal: Journal) -> None:
    """Old copies go; so does every copy that could still open an episode whose key was destroyed here."""
    destroyed = set(journal.keys.destroyed_scopes())
    for copy in held[:-1]:
        if copy in held[:-KEEP] or destroyed & set(copy.scopes):
            copy.path.unlink(missing_ok=True)


def _sweep(folder: Path, code: str) -> None:
    """What a round that was cut short has left."""
    for path in folder.glob(f".{code}-*.part*"):
        path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
