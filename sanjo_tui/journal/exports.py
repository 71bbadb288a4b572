"""`journal export`: the events of this station in one sealed file, for headquarters or another station to take in.

    CODE-1-2500.sanjo-export    header in clear (station, range, hashes, clocks, the key slots), rows sealed
    CODE-1-2500.toml            the same header without the slots, for people and scripts

The file opens with the passphrase or recovery phrase of the station that wrote it; it carries the keys of the episodes,
so exports must be destroyed together with an episode's key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjo_tui.errors import BrokenChain, JournalError
from sanjo_tui.journal import chain, sealedfile
from sanjo_tui.journal.chain import Head
from sanjo_tui.journal.outside import outside, taking_out
from sanjo_tui.journal.tables import COLUMNS, Row
from sanjo_tui.journal.writer import Journal
from sanjo_tui.vault import Vault
from sanjo_tui.vault.durable import replace_file, sync_folder

FORMAT = "sanjo export 1"
PURPOSE = "export"
_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One file that was written: events `from_seq` to `to_seq` of a station."""

    path: Path
    station: str
    from_seq: int
    to_seq: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What an export holds, verified: ready for `Journal.absorb`."""

    station: str
    rows: tuple[Row, ...]
    chain_key: bytes
    scope_keys: dict[tuple[str, str], bytes]


def write(journal: Journal, folder: Path) -> tuple[Exported, ...]:
    """One file for each code under which this journal was written. JournalError: inside the home, not writable."""
    outside(journal.path.parent, folder)
    done = []
    with taking_out("書き出し"):
        folder.mkdir(parents=True, exist_ok=True)
        for head in journal.heads():
            if head.station in journal.codes() and head.seq:
                done.append(_write(journal, folder, head))
    return tuple(done)


def read(path: Path, secret: str) -> Bundle:
    """The rows of an export, with the passphrase or recovery phrase of its station. VaultError, JournalError."""
    try:
        with path.open("rb") as file:
            header, head = sealedfile.read_header(file)
            if header.get("format") != FORMAT:
                raise sealedfile.broken("format")
            keys = Vault.parse(header["vault"]).unlock(secret)
            pieces = sealedfile.read(file, keys.file_key(PURPOSE), head)
            scopes = json.loads(next(pieces, b"{}"))
            rows = tuple(_row(values) for piece in pieces for values in json.loads(piece))
    except OSError as error:
        raise JournalError(f"{path} を読めません。", "場所を確かめてください。", detail=f"{error.errno}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise sealedfile.broken(type(error).__name__) from error
    station = str(header["station"])
    end = chain.follow(keys.chain_key, station, rows)
    if (end.seq, end.hash.hex()) != (header["to_seq"], header["last"]):
        raise BrokenChain(station, end.seq + 1)
    return Bundle(station=station, rows=rows, chain_key=keys.chain_key,
                  scope_keys={(scope, station): bytes.fromhex(key) for scope, key in scopes.items()})


def _write(journal: Journal, folder: Path, head: Head) -> Exported:
    import tomli_w

    with journal.view() as view:
        ends = [next(view.rows("WHERE station = ? AND seq = ?", (head.station, seq))) for seq in (1, head.seq)]
        header: dict[str, Any] = {
            "format": FORMAT, "station": head.station, "from_seq": 1, "to_seq": head.seq,
            "prev": ends[0].prev.hex(), "last": head.hash.hex(), "hlc_first": ends[0].hlc, "hlc_last": ends[1].hlc}
        path = folder / f"{head.station}-1-{head.seq}.sanjo-export"
        draft = path.with_name(f".{path.name}.part")
        try:
            with draft.open("wb") as file:
                sealedfile.write(file, journal.keys.file_key(PURPOSE), {**header, "vault": journal.keys.openers()},
                                 _pieces(journal, view.rows("WHERE station = ? AND seq <= ?",
                                                            (head.station, head.seq), "seq")))
                file.flush()
                os.fsync(file.fileno())
            digest = _checked(draft, journal)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    manifest = tomli_w.dumps({**header, "file": path.name, "sha256": digest})
    replace_file(path.with_suffix(".toml"), manifest.encode())
    sync_folder(folder)
    return Exported(path=path, station=head.station, from_seq=1, to_seq=head.seq, sha256=digest)


def _pieces(journal: Journal, rows: Iterator[Row]) -> Iterator[bytes]:
    keys = journal.keys
    scopes = {scope: key.hex() for scope in keys.scopes() if "@" not in scope and (key := keys.scope_key(scope))}
    yield json.dumps(scopes).encode()
    batch: list[list[Any]] = []
    for row in rows:
        batch.append([{"hex": value.hex()} if isinstance(value, bytes) else value for value in row.values])
        if len(batch) == _ROWS:
            yield json.dumps(batch, ensure_ascii=False).encode()
            batch = []
    yield json.dumps(batch, ensure_ascii=False).encode()


def _row(values: list[Any]) -> Row:
    if len(values) != len(COLUMNS):
        raise ValueError("columns")
    plain: list[Any] = [bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for value in values]
    return Row(*plain)


def _checked(path: Path, journal: Journal) -> str:
    """Read back what was written, as whoever takes it in will; the SHA-256 of the file."""
    with path.open("rb") as file:
        _, head = sealedfile.read_header(file)
        for _ in sealedfile.read(file, journal.keys.file_key(PURPOSE), head):
            continue
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


