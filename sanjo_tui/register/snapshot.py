"""Loading a snapshot: check, build, compare with the live register, switch; and back again.

Whatever goes wrong, the live register stays as it is and nothing readable is left on the disk. `--yes` accepts
surprising losses and overrides nothing else.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sanjo_tui.errors import RegisterError
from sanjo_tui.register import manifest as manifests
from sanjo_tui.register import mapping as mappings
from sanjo_tui.register import shelf
from sanjo_tui.register.manifest import Manifest
from sanjo_tui.register.mapping import Mapping
from sanjo_tui.register.people import SnapshotInfo
from sanjo_tui.register.reading import Folder
from sanjo_tui.register.report import Report
from sanjo_tui.register.shelf import FileKeys

FEW = 20
"""So few people may move out or die between two snapshots without a question, however small the town is."""


class Refused(RegisterError):
    """A snapshot that must not be used; `report` has every finding."""

    def __init__(self, message: str, hint: str, report: Report) -> None:
        super().__init__(message, hint, detail=", ".join(sorted({p.rule for p in report.errors})))
        self.report = report


def check(folder: Folder, mapping: Path | None = None) -> Report:
    """Every finding of a snapshot folder, without loading it. Works in an encrypted file whose key nobody keeps."""
    report = Report()
    by = mappings.read(mapping) if mapping else Mapping()
    manifest = manifests.read(folder, report)
    if manifest is not None:
        with tempfile.TemporaryDirectory(prefix="sanjo-") as place, shelf.driver_errors():
            _fill(Path(place) / "check.db", os.urandom(32), folder, manifest, by, report)
    report.in_order()
    return report


def load(folder: Folder, directory: Path, keys: FileKeys, *, lg_code: str, mapping: Path | None = None,
         yes: bool = False, pinned: Sequence[str] = (), loss_percent: float = 1.0) -> SnapshotInfo:
    """Checks, builds, compares, switches. `lg_code`: the station's town. Refused or RegisterError: all is as before.

    Registers beyond the last three go, except `pinned` ones. A snapshot that is still there, but not live, is only
    switched to.
    """
    report = Report()
    by = mappings.read(mapping) if mapping else Mapping()
    manifest = manifests.read(folder, report)
    if manifest is None or not report.ok:
        raise _refused(report)
    if manifest.lg_code != lg_code:
        raise RegisterError(f"ほかの市区町村（{manifest.lg_code}）の住基データです。",
                            f"この端末は {lg_code} のものです。データを確かめてください。")
    with shelf.draft(directory, manifest.snapshot_id) as path, shelf.driver_errors():
        infos = shelf.stored(directory, keys)
        live = _live(directory, infos)
        try:
            info = _admit(manifest, live, infos)
        except RegisterError:
            found = check(folder, mapping)  # what is wrong inside is the better news
            if found.ok:
                raise
            raise _refused(found) from None
        again = next((known for known in infos if known.snapshot_id == manifest.snapshot_id), None)
        if again is None:
            _build(path, folder, directory, keys, manifest, by, report, info, live, yes, loss_percent)
            again = _put_up(path, directory, keys, manifest.snapshot_id)
        shelf.switch(directory, again.snapshot_id)
        shelf.prune(directory, shelf.stored(directory, keys), again, pinned)
        return again


def rollback(directory: Path, keys: FileKeys) -> SnapshotInfo:
    """Switches to the register that was live before this one. RegisterError where there is none."""
    live_id = shelf.live_id(directory)
    if live_id is None:
        raise RegisterError("住基データがまだ読み込まれていません。", "register load で読み込んでください。")
    live = None
    with contextlib.suppress(RegisterError):  # a damaged live one is the very reason to go back
        live = shelf.read_info(shelf.path_of(directory, live_id), shelf.key_of(keys, live_id))
    if live is not None:
        earlier = live.previous
    else:
        earlier = next((info.snapshot_id for info in shelf.stored(directory, keys)), "")
    if not earlier or not shelf.path_of(directory, earlier).is_file():
        raise RegisterError("戻せる前の住基データがありません。", "正しいデータを register load で読み込んでください。")
    info = shelf.read_info(shelf.path_of(directory, earlier), shelf.key_of(keys, earlier))
    try:
        shelf.switch(directory, earlier)
    except OSError as error:
        raise RegisterError("住基データを切り替えられません。", "ディスクの空きと書込権限を確かめてください。",
                            detail=type(error).__name__) from error
    return info


@dataclass(frozen=True, slots=True)
class Losses:
    """How a new register differs from the live one, in people and households of the live one."""

    people: int
    vanished: int
    ended: int
    households: int
    gone: int

    def surprising(self, percent: float) -> str:
        """What is surprising in one sentence, or "": more than `percent` without a row, or many moved out at once."""
        if self.vanished * 100 > self.people * percent:
            return f"住民 {self.people:,} 人のうち {self.vanished:,} 人が新しいデータにいません"
        if self.gone * 100 > self.households * percent:
            return f"{self.households:,} 世帯のうち {self.gone:,} 世帯が新しいデータにありません"
        if self.ended > max(FEW, self.people * percent / 10):
            return f"住民 {self.people:,} 人のうち {self.ended:,} 人が転出・死亡などになっています"
        return ""


def _fill(path: Path, key: bytes, folder: Folder, manifest: Manifest, by: Mapping, report: Report) -> None:
    from sanjo_tui.register.build import Builder

    builder = Builder(path, key, folder, manifest, by, report)
    try:
        builder.fill()
    finally:
        builder.close()


def _build(path: Path, folder: Folder, directory: Path, keys: FileKeys, manifest: Manifest, by: Mapping, report: Report,
           info: SnapshotInfo, live: SnapshotInfo | None, yes: bool, loss_percent: float) -> None:
    from sanjo_tui.register.build import Builder

    old = (shelf.path_of(directory, live.snapshot_id), shelf.key_of(keys, live.snapshot_id).hex()) if live else None
    builder = Builder(path, shelf.key_of(keys, manifest.snapshot_id), folder, manifest, by, report)
    try:
        builder.fill(old if manifest.kind == "diff" else None)
        if not report.ok:
            raise _refused(report)
        if not report.people:
            raise RegisterError("住民が一人もいないデータです。",
                                "データを確かめてください。今の住基データはそのままです。")
        if old is not None:
            surprise = Losses(*builder.losses(*old)).surprising(loss_percent)
            if surprise and not yes:
                raise RegisterError(f"{surprise}。", "データが正しいと確かめたら --yes を付けて実行してください。",
                                    detail="surprising losses")
        builder.finish(shelf.info_rows(replace(info, people=report.people, households=report.households,
                                               cards=report.cards, warnings=len(report.warnings))))
    finally:
        builder.close()


def _put_up(path: Path, directory: Path, keys: FileKeys, snapshot_id: str) -> SnapshotInfo:
    key = shelf.key_of(keys, snapshot_id)
    info = shelf.read_info(path, key)
    shelf.put_up(path, shelf.path_of(directory, snapshot_id), key,
                 ("SELECT count(*) FROM resident WHERE resident_status = '1'", info.people))
    return info


def _live(directory: Path, infos: Sequence[SnapshotInfo]) -> SnapshotInfo | None:
    """The live register; None where none was loaded yet or its file can no longer be opened."""
    live_id = shelf.live_id(directory)
    return next((info for info in infos if info.snapshot_id == live_id), None)


def _admit(manifest: Manifest, live: SnapshotInfo | None, infos: Sequence[SnapshotInfo]) -> SnapshotInfo:
    """Whether this snapshot may follow what was loaded before; what will be written of it."""
    highest = max((info.highest_sequence for info in infos), default=-1)
    known = next((info for info in infos if info.snapshot_id == manifest.snapshot_id), None)
    if known is not None and known is live:
        raise RegisterError(f"住基データ {manifest.snapshot_id} はすでに使用中です。",
                            "新しいデータを指定してください。")
    if known is not None and known.digest != manifest.digest:
        raise RegisterError(f"snapshot_id {manifest.snapshot_id} は別のデータで使われています。",
                            "作成元に、新しい snapshot_id で作り直すよう頼んでください。")
    if known is None and manifest.sequence <= highest:
        raise RegisterError(f"通番 {manifest.sequence} の住基データは、前の通番 {highest} より新しくありません。",
                            "最新のデータを確かめてください。前に戻すには register rollback を使います。")
    if manifest.kind == "diff" and known is None:
        if live is None or manifest.base_snapshot != live.snapshot_id:
            raise RegisterError(f"差分の元（{manifest.base_snapshot}）が使用中の住基データではありません。",
                                "間の差分を先に読み込むか、全件データを読み込んでください。")
        if manifest.sequence not in (live.sequence + 1, highest + 1):
            raise RegisterError(f"差分の通番が続いていません（使用中 {live.sequence}、差分 {manifest.sequence}）。",
                                "間の差分を先に読み込むか、全件データを読み込んでください。")
    return SnapshotInfo(
        snapshot_id=manifest.snapshot_id, kind=manifest.kind, as_of=manifest.as_of, sequence=manifest.sequence,
        lg_code=manifest.lg_code, fictitious=manifest.fictitious or bool(manifest.kind == "diff" and live
                                                                         and live.fictitious),
        people=0, households=0, cards=0, loaded_at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        source_system=manifest.source_system, previous=live.snapshot_id if live else "",
        highest_sequence=max(highest, manifest.sequence), digest=manifest.digest)


def _refused(report: Report) -> Refused:
    report.in_order()
    first = report.errors[0]
    return Refused(f"住基データに誤りが {len(report.errors)} 件あり、読み込みませんでした。最初の誤り: {first}。",
                   "register check で全部の誤りを見られます。今の住基データはそのままです。", report)
