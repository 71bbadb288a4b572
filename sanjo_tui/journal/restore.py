"""A copy opens on a spare laptop.

The lost laptop may have recorded more after the copy was made, and may still print numbers. The spare one therefore
goes on under a new station code: with its own chain from 1 and its own registration numbers, so that nothing can be
issued twice, and what the lost one has beyond the copy still fits behind the old chain when it is found. Whoever knows
that the old laptop will never speak again may give the old code; the chain then goes on where the copy ends.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sanjo_tui import station as stations
from sanjo_tui.errors import JournalError
from sanjo_tui.journal import copies
from sanjo_tui.journal.copies import Copy
from sanjo_tui.journal.events import Event, Ledger, Restored
from sanjo_tui.journal.file import go_on_as
from sanjo_tui.journal.outside import taking_out
from sanjo_tui.journal.writer import Journal
from sanjo_tui.station import Station
from sanjo_tui.vault import Keys, Vault
from sanjo_tui.vault.durable import sync_file, sync_folder

_OURS = ("station.toml", "vault.toml", "journal.db")


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What came back: the station as it goes on, the code it had, how many events, and when the copy was made."""

    station: Station
    formerly: str
    events: int
    made: str


def restore(file: Path, home: Path, secret: str, ledgers: tuple[Ledger, ...], loose: tuple[type[Event], ...], *,
            code: str = "") -> Return:
    """Bring the copy `file` into an empty `home`. `secret`: passphrase or recovery phrase of the lost station.

    Raises JournalError (not empty, not a copy, damaged), BrokenChain, VaultError, StationError; then the home is as it
    was before.
    """
    empty(home)
    made = not home.exists()
    work = home / f".restore-{os.getpid()}"
    try:
        with taking_out("復元"):
            copy = _read(file)
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            work.mkdir(mode=0o700)
            for name in copy.files:
                _unpack(copy, name, work)
            done = _come_back(copy, work, home, secret, ledgers, loose, code)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        if made and home.is_dir() and not any(home.iterdir()):
            home.rmdir()
        raise
    shutil.rmtree(work, ignore_errors=True)
    return done


def is_drill(file: Path) -> bool:
    """The copy is a drill's: it opens without a secret. JournalError."""
    with taking_out("復元"):
        copy = _read(file)
        text = b"".join(copies.unpack(copy, "vault.toml"))
    return Vault.parse(text.decode(errors="replace")).drill


def empty(home: Path) -> None:
    """Raises JournalError where the home holds a station or a part of one."""
    for name in _OURS:
        if (home / name).exists():
            raise JournalError(f"{home} にはすでに拠点があります（{name}）。",
                               "上書きはしません。別の場所を --home で指定してください。", detail=name)


def _come_back(copy: Copy, work: Path, home: Path, secret: str, ledgers: tuple[Ledger, ...],
               loose: tuple[type[Event], ...], code: str) -> Return:
    keys = Vault.open(work / "vault.toml").unlock(secret)
    if not copy.is_by(keys):
        raise copies.damaged("manifest mac")
    old = stations.read(work)
    if old.code != copy.station:
        raise copies.damaged("station code")
    events = _verified(copy, work, keys, ledgers, loose)
    new = code or stations.make_code()
    station = dataclasses.replace(old, home=home, code=new, shelter_code=old.shelter_code or old.code,
                                  polling_place=old.polling_place or (old.code if "polling" in old.receptions else ""))
    stations.build(home, {f.name: _toml(getattr(station, f.name)) for f in dataclasses.fields(station)
                          if f.name != "home"})
    go_on_as(work / "journal.db", keys, new)
    journal = Journal.open(work / "journal.db", keys, new, ledgers, loose, reserve_mb=0)
    try:
        journal.record(station.reporter, lambda _: (Restored(
            subject=new, from_station=copy.station, from_seq=copy.head.seq, copy_made=copy.made),))
    finally:
        journal.close()
    for name in [name for name in copy.files if name != "station.toml"]:
        sync_file(work / name)
        (work / name).replace(home / name)
    sync_folder(home)
    stations.write(station)  # last: a home without it is no station
    return Return(station=station, formerly=copy.station, events=events, made=copy.made)


def _verified(copy: Copy, work: Path, keys: Keys, ledgers: tuple[Ledger, ...], loose: tuple[type[Event], ...]) -> int:
    journal = Journal.open(work / "journal.db", keys, copy.station, ledgers, loose, writing=False)
    try:
        return journal.verify(copy.head).count
    finally:
        journal.close()


def _read(file: Path) -> Copy:
    if not file.is_file():
        raise JournalError(f"控えのファイル {file} がありません。", "場所を確かめてください。")
    return copies.read(file)


def _unpack(copy: Copy, name: str, work: Path) -> None:
    descriptor = os.open(work / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        for block in copies.unpack(copy, name):
            target.write(block)


def _toml(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
