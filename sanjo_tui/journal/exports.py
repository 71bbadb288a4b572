"""`journal export`: the events of this station in one sealed file, for headquarters or another station to take in.

    CODE-1-2500.sanjo-export    header in clear (station, range, hashes, clocks, the key slots), rows sealed
    CODE-1-2500.toml            the same header without the slots, for people and scripts

The file opens with the passphrase or recovery phrase of the station that wrote it. Where headquarters' public key is
known, it is a bundle instead (vault/travel.py), signed by the station and to be opened by headquarters alone: the rows
under a key of this file, and beside them that key and the key of the chain. Both carry the keys of the episodes, so
exports must be destroyed together with an episode's key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjo_tui.errors import BrokenChain, BundleError, JournalError
from sanjo_tui.journal import chain, sealedfile
from sanjo_tui.journal.chain import Head
from sanjo_tui.journal.outside import outside, taking_out
from sanjo_tui.journal.tables import COLUMNS, Row
from sanjo_tui.journal.writer import Journal
from sanjo_tui.station import Station
from sanjo_tui.vault import Keys, Vault, parties, travel
from sanjo_tui.vault.durable import replace_file, sync_folder
from sanjo_tui.vault.parties import Identity, Kind, Party

FORMAT = "sanjo export 1"
PURPOSE = "export"
CONTENT = "journal"
SETUP_KEY = "headquarters_key"
"""Stands where headquarters is known by a bare key of station.toml alone."""
_SEALED, _KEYS = "rows.sanjo-export", "keys.json"
_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One file that was written: events `from_seq` to `to_seq` of a station. `readers`: headquarters that alone opens
    it, by name; empty where the station's own secret does.
    """

    path: Path
    station: str
    from_seq: int
    to_seq: int
    sha256: str
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who alone may open what leaves: trusted parties, and a bare age key of the station's set-up (or "")."""

    sender: Identity
    parties: tuple[Party, ...]
    key: str
    lg_code: str

    @property
    def names(self) -> tuple[str, ...]:
        """For people."""
        return (*((SETUP_KEY,) if self.key else ()), *(party.name for party in self.parties))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What an export holds, verified: ready for `Journal.absorb`."""

    station: str
    rows: tuple[Row, ...]
    chain_key: bytes
    scope_keys: dict[tuple[str, str], bytes]


def write(journal: Journal, folder: Path, station: Station | None = None,
          to: Sequence[str] = ()) -> tuple[Exported, ...]:
    """One file for each code under which this journal was written, for headquarters alone where its key is known.

    `station`: its set-up may name headquarters' key. `to`: names of trusted parties that may open it too, as places do
    that exchange their journals. JournalError: inside the home, not writable. BundleError: that key
    is none, or this station has no keys to sign with.
    """
    outside(journal.path.parent, folder)
    readers, done = readers_of(journal.keys, station, to), []
    with taking_out("書き出し"):
        folder.mkdir(parents=True, exist_ok=True)
        for head in journal.heads():
            if head.station in journal.codes() and head.seq:
                done.append(_write(journal, folder, head, readers))
    return tuple(done)


def readers_of(keys: Keys, station: Station | None, to: Sequence[str] = ()) -> Readers | None:
    """Headquarters as the list of trusted keys knows it, else as the set-up does, and whom `to` names; None: nobody."""
    known = parties.trusted(keys, Kind.HEADQUARTERS)
    key = station.headquarters_key if station is not None and not known else ""
    named = tuple(parties.named(keys, name) for name in to)
    known = (*known, *(party for party in named if party not in known))
    if not known and not key:
        return None
    mine = parties.own(keys)
    if mine is None:
        if station is None:
            raise BundleError("書き出しに署名する鍵がありません。", "sanjo-tui keys make で作ってください。",
                              detail="no own keys")
        mine = parties.make(keys, name=station.code, kind=Kind.STATION, lg_code=station.lg_code, station=station.code)
    return Readers(sender=mine, parties=known, key=key, lg_code=mine.party.lg_code)


def read(path: Path, secret: str, keys: Keys | None = None) -> Bundle:
    """The rows of an export: with the passphrase or recovery phrase of its station, or, of one for headquarters alone,
    with headquarters' own `keys`. VaultError, JournalError, BundleError.
    """
    try:
        if keys is not None and travel.is_bundle(path):
            return _read_bundle(path, keys)
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
    return _followed(header, rows, keys.chain_key, scopes)


def _read_bundle(path: Path, keys: Keys) -> Bundle:
    with travel.unseal(path, keys, tuple(Kind)) as opened:
        if opened.seal.content != CONTENT:
            raise BundleError("受付記録の束ではありません。",
                              "住基や名簿は register load か election load で読み込みます。", detail="content")
        held = json.loads((opened / _KEYS).read_bytes())
        with (opened / _SEALED).open() as file:
            header, head = sealedfile.read_header(file)
            pieces = sealedfile.read(file, bytes.fromhex(held["file"]), head)
            scopes = json.loads(next(pieces, b"{}"))
            rows = tuple(_row(values) for piece in pieces for values in json.loads(piece))
        others = {party.station for party in parties.trusted(keys) if party != opened.sender}
        if header["station"] in others and header["station"] != opened.sender.station:
            raise BundleError(f"{header['station']} の記録に、別の拠点 {opened.sender.name} が署名しています。",
                              "使わずに、その拠点へ電話で確かめてください。", detail="other station's journal")
    return _followed(header, rows, bytes.fromhex(held["chain"]), scopes)


def _followed(header: dict[str, Any], rows: tuple[Row, ...], chain_key: bytes, scopes: dict[str, str]) -> Bundle:
    station = str(header["station"])
    end = chain.follow(chain_key, station, rows)
    if (end.seq, end.hash.hex()) != (header["to_seq"], header["last"]):
        raise BrokenChain(station, end.seq + 1)
    return Bundle(station=station, rows=rows, chain_key=chain_key,
                  scope_keys={(scope, station): bytes.fromhex(key) for scope, key in scopes.items()})


def _write(journal: Journal, folder: Path, head: Head, to: Readers | None) -> Exported:
    import tomli_w

    with journal.view() as view:
        ends = [next(view.rows("WHERE station = ? AND seq = ?", (head.station, seq))) for seq in (1, head.seq)]
        header: dict[str, Any] = {
            "format": FORMAT, "station": head.station, "from_seq": 1, "to_seq": head.seq,
            "prev": ends[0].prev.hex(), "last": head.hash.hex(), "hlc_first": ends[0].hlc, "hlc_last": ends[1].hlc}
        path = folder / f"{head.station}-1-{head.seq}.sanjo-export"
        draft = path.with_name(f".{path.name}.rows")
        key = journal.keys.file_key(PURPOSE) if to is None else os.urandom(32)
        openers = {"vault": journal.keys.openers()} if to is None else {}
        try:
            with draft.open("wb") as file:
                sealedfile.write(file, key, {**header, **openers},
                                 _pieces(journal, view.rows("WHERE station = ? AND seq <= ?",
                                                            (head.station, head.seq), "seq")))
                file.flush()
                os.fsync(file.fileno())
            digest = _checked(draft, key)
            if to is None:
                draft.replace(path)
            else:
                digest = _handed_over(path, draft, key, journal, to)
        finally:
            draft.unlink(missing_ok=True)
    names = () if to is None else to.names
    manifest = tomli_w.dumps({**header, "file": path.name, "sha256": digest, **({"readers": names} if names else {})})
    replace_file(path.with_suffix(".toml"), manifest.encode())
    sync_folder(folder)
    return Exported(path=path, station=head.station, from_seq=1, to_seq=head.seq, sha256=digest,
                    readers=names)


def _handed_over(path: Path, rows: Path, key: bytes, journal: Journal, to: Readers) -> str:
    """The rows, sealed already, with the keys that open and verify them, in a bundle; its SHA-256."""
    keys = json.dumps({"file": key.hex(), "chain": journal.keys.chain_key.hex()}).encode()
    travel.pack(path, to.sender, to.parties, {_SEALED: rows, _KEYS: keys}, content=CONTENT, lg_code=to.lg_code,
                also=(to.key,) if to.key else ())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _checked(path: Path, key: bytes) -> str:
    """Read back what was written, as whoever takes it in will; the SHA-256 of the file."""
    with path.open("rb") as file:
        _, head = sealedfile.read_header(file)
        for _ in sealedfile.read(file, key, head):
            continue
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


