"""Bundles that travel: files in one tar, signed by the sender (Ed25519), encrypted to the receivers alone (age).

    seal.toml   what is inside, from whom, for whom, and the SHA-256 of every file; seal.sig: 64 bytes over its bytes
    then the files, by name

Nothing readable touches a disk: packing goes from the files straight into the cipher; what is opened stands in a
nameless temporary file under a key that only this process holds, gone with it however it ends.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import os
import tarfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sanjo_tui.errors import BundleError
from sanjo_tui.vault import parties
from sanjo_tui.vault.durable import sync_folder
from sanjo_tui.vault.keys import Keys
from sanjo_tui.vault.parties import Identity, Kind, Party
from sanjo_tui.vault.spool import Pieces, Spool

SUFFIX = ".sanjo-bundle"
FORMAT = "sanjo bundle 1"
MAGIC = b"age-encryption.org/v1\n"
SEAL, SIGNATURE = "seal.toml", "seal.sig"
_BLOCK = 64 * 1024
_LONGEST_SEAL = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a bundle: bytes and SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What the sender signed. `sender`: fingerprint; `to`: age public keys; `stations`: the receivers' codes.

    `content`: register, roll, tickets, election or journal; `snapshot_id`, `sequence`, `as_of` (ISO) as its manifest
    says, or empty. `created`: ISO 8601 with time zone, by the sender's clock.
    """

    content: str
    lg_code: str
    sender: str
    to: tuple[str, ...]
    stations: tuple[str, ...]
    created: str
    files: tuple[File, ...]
    snapshot_id: str = ""
    sequence: int = 0
    as_of: str = ""

    def text(self) -> bytes:
        """The bytes that are signed."""
        import tomli_w

        return tomli_w.dumps({"format": FORMAT, **asdict(self)}).encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle that was checked: `opened / name` is one of its files, as in the folder that was packed."""

    seal: Seal
    sender: Party
    tar: tarfile.TarFile = field(repr=False)

    def __truediv__(self, name: str) -> Inside:
        return Inside(self, name)

    @property
    def name(self) -> str:
        """What to call it where a folder is called by its name."""
        return self.seal.snapshot_id

    def is_dir(self) -> bool:
        """A bundle is read as the folder that was packed."""
        return True


@dataclass(frozen=True, slots=True)
class Inside:
    """One file of an opened bundle, as far as the readers of a snapshot folder need it."""

    bundle: Opened
    name: str

    def open(self, mode: str = "rb") -> io.BufferedReader:
        """The file for reading from its beginning. FileNotFoundError where the bundle has none of this name."""
        if all(file.name != self.name for file in self.bundle.seal.files):
            raise FileNotFoundError(self.name)
        return _member(self.bundle.tar, self.name)

    def is_file(self) -> bool:
        """Whether the bundle has it."""
        return any(file.name == self.name for file in self.bundle.seal.files)

    def read_bytes(self) -> bytes:
        """The whole of it."""
        with self.open() as file:
            return file.read()


def is_bundle(path: Path) -> bool:
    """A file that is encrypted by age. OSError."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def pack(target: Path, sender: Identity, receivers: Sequence[Party], files: Mapping[str, Path | bytes], *,
         content: str, lg_code: str, snapshot_id: str = "", sequence: int = 0, as_of: str = "",
         also: Sequence[str] = ()) -> Seal:
    """Write a bundle for the receivers, and for the age keys of `also`. BundleError: nobody to write to; OSError."""
    import pyrage  # type: ignore[import-untyped]

    to = tuple(dict.fromkeys((*(party.age for party in receivers), *also)))
    recipients = [parties.recipient(key) for key in to]
    if not to:
        raise BundleError("宛先がありません。", "だれが開けるかを指定してください。", detail="no receiver")
    seal = Seal(content=content, lg_code=lg_code, sender=sender.party.fingerprint, to=to,
                stations=tuple(party.station for party in receivers), snapshot_id=snapshot_id, sequence=sequence,
                as_of=as_of, created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                files=tuple(_measured(name, source) for name, source in files.items()))
    signed = seal.text()
    stream = Pieces(_tar({SEAL: signed, SIGNATURE: sender.sign(signed), **files}, seal))
    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("wb") as file:
            try:
                pyrage.encrypt_io(stream, file, recipients)
            except pyrage.EncryptError:
                raise stream.error or BundleError("暗号化できませんでした。", "もう一度行ってください。",
                                                  detail="encrypt") from None
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(target.parent)
    return seal


@contextlib.contextmanager
def unseal(path: Path, keys: Keys, senders: Sequence[Kind]) -> Iterator[Opened]:
    """Open a bundle and check all of it: it opens for us, a trusted sender of these kinds signed it, it names us, and
    every file is what was signed. BundleError by the first that fails; `detail` names it.
    """
    mine = parties.own(keys)
    if mine is None:
        raise BundleError("この端末の鍵がまだないので、どの束も開けません。",
                          "sanjo-tui keys make で鍵を作り、公開鍵を送り主に渡してください。", detail="no own keys")
    with Spool() as spool:
        _decrypt(path, mine, spool)
        trusted = parties.trusted(keys, *senders)
        try:
            tar = tarfile.open(fileobj=spool.reader(), mode="r:")   # noqa: SIM115 - closed below
            seal, sender = _checked(tar, mine, trusted)
        except (tarfile.TarError, ValueError, ArithmeticError, EOFError, KeyError) as error:
            raise _broken("tar") from error     # whoever has our public key can write to us
        with tar:
            yield Opened(seal, sender, tar)


def _checked(tar: tarfile.TarFile, mine: Identity, trusted: Sequence[Party]) -> tuple[Seal, Party]:
    members = tar.getmembers()
    names = [member.name for member in members]
    if not all(member.isreg() for member in members) or len(set(names)) != len(names) or names[:2] != [SEAL, SIGNATURE]:
        raise _broken("members")
    if members[0].size > _LONGEST_SEAL:
        raise _broken("seal")
    signed, signature = _member(tar, SEAL).read(), _member(tar, SIGNATURE).read(65)
    sender = next((party for party in trusted if party.signed(signed, signature)), None)
    if sender is None:
        raise _unsigned(signed, trusted)
    seal = _read_seal(signed)
    if seal.sender != sender.fingerprint:
        raise _broken("sender")
    if mine.party.age not in seal.to:
        raise _not_for_us("not named")
    if [SEAL, SIGNATURE, *(file.name for file in seal.files)] != names:
        raise BundleError("束の中のファイルが、署名されたものと違います。",
                          "送り主に、もう一度作ってもらってください。", detail="files")
    for file in seal.files:
        with _member(tar, file.name) as inside:
            if hashlib.file_digest(inside, "sha256").hexdigest() != file.sha256:
                raise BundleError(f"束の中の {file.name} が、署名されたものと違います。",
                                  "送り主に、もう一度作ってもらってください。", detail="sha256")
    return seal, sender


def _unsigned(signed: bytes, trusted: Sequence[Party]) -> BundleError:
    """Nobody's signature fits: whom the seal claims to be from decides the sentence."""
    try:
        claimed = _read_seal(signed).sender
    except BundleError:
        claimed = ""
    if any(party.fingerprint == claimed for party in trusted):
        return BundleError("署名が合いません。書き換えられたか、送り主をかたっています。",
                           "使わずに、送り主へ電話で確かめてください。", detail="forged signature")
    return BundleError("登録していない相手が作った束です。",
                       "送り主の公開鍵を sanjo-tui keys trust で登録してから読み込んでください。",
                       detail="unknown sender")


def _read_seal(data: bytes) -> Seal:
    try:
        table = tomllib.loads(data.decode())
        if table.pop("format") != FORMAT:
            raise BundleError("新しい版の束です。", "この端末のプログラムを新しくしてください。", detail="format")
        table["files"] = tuple(File(**file) for file in table["files"])
        table["to"], table["stations"] = tuple(table["to"]), tuple(table["stations"])
        return Seal(**table)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken("seal") from error


def _decrypt(path: Path, mine: Identity, spool: Spool) -> None:
    import pyrage

    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise BundleError("受付端末の束ではありません。", "拡張子 .sanjo-bundle のファイルを指定してください。",
                                  detail="magic")
            file.seek(0)
            pyrage.decrypt_io(file, spool, [pyrage.x25519.Identity.from_str(mine.age_secret)])
        spool.end()
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise _not_for_us("not encrypted to us") from error
        raise _broken("age header") from error
    except OSError as error:
        if error.errno is None:             # age says "decryption error" so, for a cut or changed stream
            raise _broken("age stream") from error
        raise BundleError("束を読めません。", "媒体と、ディスクの空きを確かめてください。",
                          detail=f"{error.errno}") from error


def _not_for_us(detail: str) -> BundleError:
    return BundleError("この端末に宛てた束ではありません。", "この端末の公開鍵に宛てて、作り直してもらってください。",
                       detail=detail)


def _broken(detail: str) -> BundleError:
    return BundleError("束が途中で切れているか、壊れています。", "もう一度写すか、送り主に作り直してもらってください。",
                       detail=detail)


def _member(tar: tarfile.TarFile, name: str) -> io.BufferedReader:
    inside = tar.extractfile(name)
    if not isinstance(inside, io.BufferedReader):
        raise _broken("member")
    return inside


def _measured(name: str, source: Path | bytes) -> File:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(source):
        digest.update(block)
        size += len(block)
    return File(name=name, size=size, sha256=digest.hexdigest())


def _blocks(source: Path | bytes) -> Iterator[bytes]:
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _tar(files: Mapping[str, Path | bytes], seal: Seal) -> Iterator[bytes]:
    """The tar in pieces; what changed since it was measured is an error."""
    sealed = {file.name: file for file in seal.files}
    for name, source in files.items():
        wanted = sealed.get(name) or _measured(name, source)
        info = tarfile.TarInfo(name)
        info.size, info.mode = wanted.size, 0o600
        yield info.tobuf(tarfile.PAX_FORMAT)
        digest, size = hashlib.sha256(), 0
        for block in _blocks(source):
            digest.update(block)
            size += len(block)
            yield block
        if (size, digest.hexdigest()) != (wanted.size, wanted.sha256):
            raise BundleError(f"{name} が、作っている間に変わりました。",
                              "だれも書いていないときに、もう一度行ってください。", detail="changed")
        yield bytes(-size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)
