"""manifest.toml of a snapshot folder: what it is, of which town, and which bytes belong to it (docs/register.md §4)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjo_tui import numbers
from sanjo_tui.register.reading import Folder, Source
from sanjo_tui.register.report import Report
from sanjo_tui.wareki import JST

NAME = "manifest.toml"
ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8", "cp932": "cp932", "windows-31j": "cp932",
             "utf-16le": "utf-16le", "utf-16-le": "utf-16le"}
_KNOWN = {"content", "lg_code", "kind", "snapshot_id", "as_of", "sequence", "base_snapshot", "fictitious",
          "source_system", "created_at", "files", "columns_version", "signed_by"}
_KNOWN_OF_FILE = {"name", "encoding", "records", "sha256", "chars", "bytes"}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One delivered file. `encoding`: utf-8, cp932 or utf-16le; `records`: CSV rows without the header."""

    name: str
    encoding: str
    records: int
    sha256: str
    roll_base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A readable manifest. `lg_code` always with its check digit; `digest` is the SHA-256 of the manifest itself."""

    snapshot_id: str
    kind: str
    as_of: dt.date
    sequence: int
    lg_code: str
    files: tuple[FileEntry, ...]
    base_snapshot: str = ""
    fictitious: bool = False
    source_system: str = ""
    content: str = "register"
    digest: str = ""
    roll_base: str = ""
    """Which extraction of the roll a roll or tickets belong to."""

    created_at: str = ""
    """When the data were extracted, ISO 8601 with a time zone (Japan's where none is given), or ""."""

    def file(self, name: str) -> FileEntry | None:
        """The entry of this name; names are compared as Windows does, without regard to case."""
        return next((f for f in self.files if f.name.casefold() == name.casefold()), None)


def read(folder: Folder, report: Report, contents: Sequence[str] = ("register",)) -> Manifest | None:
    """The manifest, its findings in the report; None where it is too broken to go on. Checks the files' hashes."""
    reading = _Reading(report)
    if not folder.is_dir():
        report.error(NAME, 0, "", "missing", "フォルダーがありません")
        return None
    try:
        data = (folder / NAME).read_bytes()
        table = tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        report.error(NAME, 0, "", "missing", "manifest.toml がありません")
        return None
    except OSError:
        report.error(NAME, 0, "", "missing", "manifest.toml を読めません")
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        report.error(NAME, int(line[1]) if line else 0, "", "toml", "TOML として読めません")
        return None
    found = reading.manifest(table, contents, hashlib.sha256(data).hexdigest())
    if found is None:
        return None
    report.snapshot_id, report.kind, report.sequence = found.snapshot_id, found.kind, found.sequence
    report.as_of, report.lg_code, report.fictitious = found.as_of.isoformat(), found.lg_code, found.fictitious
    for entry in found.files:
        _check_bytes(folder / entry.name, entry, report)
    return found


def _check_bytes(path: Source, entry: FileEntry, report: Report) -> None:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        report.error(entry.name, 0, "", "missing", "ファイルがないか、読めません")
        return
    if digest != entry.sha256.lower():
        report.error(entry.name, 0, "", "sha256", "ハッシュ値が manifest.toml と違います（途中で切れたか変わった）")


class _Reading:
    """Takes values out of the table and says what is wrong with them."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.own: frozenset[str] = frozenset()
        self.whole = True

    def manifest(self, table: dict[str, Any], contents: Sequence[str], digest: str) -> Manifest | None:
        self.own = frozenset() if "register" in contents else frozenset({"roll_base"})
        for key in sorted(set(table) - _KNOWN - self.own):
            self.report.warn(NAME, 0, key, "unknown_key", "知らない項目です")
        kind = self.text(table, "kind")
        if kind not in ("full", "diff"):
            self.wrong("kind", "full か diff を書いてください", kind)
        snapshot_id = self.text(table, "snapshot_id")
        if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", snapshot_id):
            self.wrong("snapshot_id", "英数字とハイフンで書いてください", snapshot_id)
        code = table.get("lg_code")
        lg_code = numbers.lg_code(str(code)) if isinstance(code, str | int) and not isinstance(code, bool) else ""
        if not lg_code:
            self.wrong("lg_code", "団体コードではありません（5桁か、検査数字の合う6桁）", str(code or ""))
        sequence = table.get("sequence")
        if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 0:
            self.wrong("sequence", "0 以上の整数を書いてください", str(sequence))
            sequence = 0
        given = self.text(table, "content", "register")
        if given not in contents:
            self.wrong("content", f"{contents[0]} のデータではありません", given)
        base = self.text(table, "base_snapshot", "")
        if kind == "diff" and not base:
            self.wrong("base_snapshot", "差分には元のスナップショットが要ります")
        if kind == "full" and base:
            self.report.warn(NAME, 0, "base_snapshot", "unused", "全件データなので使いません", base)
        fictitious = table.get("fictitious", False)
        if not isinstance(fictitious, bool):
            self.wrong("fictitious", "true か false を書いてください", str(fictitious))
        as_of, files = self.day(table), self.files(table)
        if not self.whole or as_of is None:
            return None
        return Manifest(snapshot_id=snapshot_id, kind=kind, as_of=as_of, sequence=sequence, lg_code=lg_code,
                        files=files, base_snapshot=base if kind == "diff" else "", fictitious=bool(fictitious),
                        source_system=self.text(table, "source_system", ""), content=given, digest=digest,
                        roll_base=self.text(table, "roll_base", ""), created_at=self.moment(table))

    def files(self, table: dict[str, Any]) -> tuple[FileEntry, ...]:
        entries = table.get("files")
        if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
            self.wrong("files", "[[files]] がありません")
            return ()
        files = tuple(self.file(entry) for entry in entries)
        names = [file.name.casefold() for file in files]
        if len(set(names)) != len(names):
            self.wrong("files", "同じファイルが 2 回書かれています")
        return files

    def file(self, entry: dict[str, Any]) -> FileEntry:
        name = self.text(entry, "name")
        if not name or name != Path(name).name or "\\" in name or name in (".", ".."):
            self.wrong("name", "フォルダーの中のファイル名だけを書いてください", name)
        for key in sorted(set(entry) - _KNOWN_OF_FILE - self.own):
            self.report.warn(NAME, 0, key, "unknown_key", "知らない項目です")
        encoding = ENCODINGS.get(self.text(entry, "encoding").lower(), "")
        if not encoding:
            self.wrong("encoding", "utf-8、cp932、utf-16le のどれかを書いてください", str(entry.get("encoding", "")))
        records = entry.get("records")
        if not isinstance(records, int) or isinstance(records, bool) or records < 0:
            self.wrong("records", "行数を整数で書いてください", str(records))
            records = 0
        sha256 = self.text(entry, "sha256")
        if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
            self.wrong("sha256", "SHA-256 を 16 進 64 桁で書いてください")
        return FileEntry(name, encoding, records, sha256, self.text(entry, "roll_base", "") if self.own else "")

    def day(self, table: dict[str, Any]) -> dt.date | None:
        value = table.get("as_of")
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.wrong("as_of", "日付（YYYY-MM-DD）を書いてください", str(value or ""))
            return None

    def moment(self, table: dict[str, Any]) -> str:
        value = table.get("created_at", "")
        try:
            moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value) if value else None
        except (ValueError, TypeError):
            self.report.warn(NAME, 0, "created_at", "manifest", "日時として読めません", str(value))
            return ""
        if moment is None:
            return ""
        return (moment if moment.tzinfo else moment.replace(tzinfo=JST)).isoformat()

    def text(self, table: dict[str, Any], key: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if isinstance(value, str):
            return value
        if key not in table:
            self.wrong(key, "書かれていません")
        else:
            self.wrong(key, "文字列で書いてください")
        return ""

    def wrong(self, column: str, message: str, value: str = "") -> None:
        self.whole = False
        self.report.error(NAME, 0, column, "manifest", message, value)
