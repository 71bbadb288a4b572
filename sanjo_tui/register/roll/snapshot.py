"""Loading a roll: check, build, compare with the roll in use, switch. Tickets may be added later.

Whatever goes wrong, the roll in use stays as it is and nothing readable is left on the disk. `yes` accepts surprising
losses and overrides nothing else. There is no way back to an older roll: it would forget who has voted since.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sanjo_tui.errors import RegisterError
from sanjo_tui.register import manifest as manifests
from sanjo_tui.register import shelf as files
from sanjo_tui.register.content import ROLL
from sanjo_tui.register.manifest import NAME, Manifest
from sanjo_tui.register.reading import Folder
from sanjo_tui.register.roll import shelf
from sanjo_tui.register.roll.build import Known, RollBuilder
from sanjo_tui.register.roll.elector import RollInfo
from sanjo_tui.register.roll.report import RollReport
from sanjo_tui.register.roll.tables import CAN_VOTE
from sanjo_tui.register.roll.tickets import OTHER_BASE
from sanjo_tui.register.shelf import FileKeys
from sanjo_tui.register.snapshot import FEW, Refused

CONTENTS = ("roll", "tickets")
_ONLY_TICKETS = "tickets"


def check(folder: Folder, known: Known | None = None) -> RollReport:
    """Every finding of a roll or ticket folder, without loading it: in an encrypted file whose key nobody keeps.

    A ticket folder alone can be compared with nothing; that is done when it is loaded.
    """
    report = RollReport()
    manifest = _manifest(folder, report)
    if manifest is not None:
        with tempfile.TemporaryDirectory(prefix="sanjo-") as place, files.driver_errors(ROLL):
            path = Path(place) / "check.db"
            builder = RollBuilder(path, os.urandom(32), folder, manifest, report, known or Known())
            try:
                if report.content == _ONLY_TICKETS:
                    builder.read_tickets()
                else:
                    builder.fill()
            finally:
                builder.close()
    report.in_order()
    return report


def load(folder: Folder, directory: Path, keys: FileKeys, *, lg_code: str, contests: Sequence[str] | None,
         wards: Sequence[str] | None = None, known_wards: Sequence[str] = (),
         is_ticket: Callable[[str], bool] | None = None, election: str = "", yes: bool = False,
         loss_percent: float = 1.0) -> RollInfo:
    """Checks, builds, compares, switches. Refused or RegisterError: all is as before.

    `lg_code`: the station's town. `contests`: codes of the election, None if it is not known. `wards`: only their
    electors are kept, and a nameless index of the others; None: all. `known_wards`: every 投票区 of the election.
    `is_ticket`: whether its bar codes give a number; `election`: its id.
    A folder with tickets.csv alone adds the tickets to the roll in use.
    """
    report = RollReport()
    manifest = _manifest(folder, report)
    if manifest is None or not report.ok:
        raise _refused(report)
    if manifest.lg_code != lg_code:
        raise RegisterError(f"ほかの市区町村（{manifest.lg_code}）の選挙人名簿です。",
                            f"この端末は {lg_code} のものです。データを確かめてください。")
    known = Known(election=election, contests=None if contests is None else tuple(sorted(contests)),
                  wards=tuple(known_wards), only=None if wards is None else tuple(sorted(set(wards))),
                  is_ticket=is_ticket)
    with files.draft(directory, manifest.snapshot_id, ROLL) as path, files.driver_errors(ROLL):
        infos = shelf.stored(directory, keys)
        live_file = shelf.live_file(directory)
        live = next((info for info in infos if info.file == live_file), None)
        if report.content == _ONLY_TICKETS:
            info = _with_tickets(path, folder, directory, keys, manifest, report, live, known)
        else:
            info = _new(manifest, live, infos, known, shelf.next_revision(directory, manifest.snapshot_id))
            info = _build(path, folder, directory, keys, manifest, report, info, live, known, yes, loss_percent)
        files.put_up(path, files.path_of(directory, info.file), shelf.key_of(keys, info.file),
                     (f"SELECT count(*) FROM elector WHERE {CAN_VOTE}", sum(info.electors)), ROLL)
        files.switch(directory, info.file)
        shelf.prune(directory, shelf.stored(directory, keys), info)
        return info


def _manifest(folder: Folder, report: RollReport) -> Manifest | None:
    manifest = manifests.read(folder, report, CONTENTS)
    if manifest is None:
        return None
    if manifest.kind != "full":
        report.error(NAME, 0, "kind", "manifest", "選挙人名簿は全件データ（full）だけを読み込めます", manifest.kind)
        return None
    has_roll = manifest.file("roll.csv") is not None
    report.content = manifest.content if has_roll or not manifest.file("tickets.csv") else _ONLY_TICKETS
    if manifest.content == _ONLY_TICKETS and has_roll:
        report.error(NAME, 0, "content", "manifest", "roll.csv があるなら content は roll です", manifest.content)
    return manifest


def _new(manifest: Manifest, live: RollInfo | None, infos: Sequence[RollInfo], known: Known, revision: int) -> RollInfo:
    """Whether this roll may follow what was loaded before; what is known of it so far."""
    highest = max((info.highest_sequence for info in infos), default=-1)
    same = next((info for info in infos if info.snapshot_id == manifest.snapshot_id), None)
    if same is not None and same.sha256 != manifest.digest:
        raise RegisterError(f"snapshot_id {manifest.snapshot_id} は別のデータで使われています。",
                            "作成元に、新しい snapshot_id で作り直すよう頼んでください。")
    again = same is not None and live is not None and live.snapshot_id == same.snapshot_id
    asked = (known.only or (), known.election, known.contests or ())
    if again and live is not None and (live.only_wards, live.election, live.contests) == asked:
        raise RegisterError(f"選挙人名簿 {manifest.snapshot_id} はすでに使用中です。",
                            "新しいデータを指定してください。")
    if not again and manifest.sequence <= highest:
        raise RegisterError(f"通番 {manifest.sequence} の選挙人名簿は、前の通番 {highest} より新しくありません。",
                            "最新のデータを確かめてください。古い名簿には、そのあとの投票済の印がありません。")
    return RollInfo(
        snapshot_id=manifest.snapshot_id, as_of=manifest.as_of, sequence=manifest.sequence, lg_code=manifest.lg_code,
        roll_base="", fictitious=manifest.fictitious, sha256=manifest.digest, created_at=manifest.created_at,
        only_wards=known.only or (), election=known.election, contests=known.contests or (),
        highest_sequence=max(highest, manifest.sequence),
        previous=live.file if live else "", revision=revision, loaded_at=_now())


def _build(path: Path, folder: Folder, directory: Path, keys: FileKeys, manifest: Manifest, report: RollReport,
           info: RollInfo, live: RollInfo | None, known: Known, yes: bool, loss_percent: float) -> RollInfo:
    builder = RollBuilder(path, shelf.key_of(keys, info.file), folder, manifest, report, known)
    try:
        builder.fill()
        if not report.ok:
            raise _refused(report)
        electors, wards = builder.figures()
        if not wards:
            raise RegisterError("選挙人が一人もいない名簿です。" if known.only is None
                                else f"この投票所の投票区（{'、'.join(known.only)}）の選挙人が一人もいません。",
                                "名簿と、選挙の設定の投票区を確かめてください。今の名簿はそのままです。")
        if live is not None:
            old = files.path_of(directory, live.file), shelf.key_of(keys, live.file).hex()
            surprise = surprising(*builder.losses(*old), percent=loss_percent)
            if surprise and not yes:
                raise RegisterError(f"{surprise}。", "データが正しいと確かめたら --yes を付けて実行してください。",
                                    detail="surprising losses")
        info = replace(info, roll_base=report.roll_base, tickets_base=report.tickets_base,
                       tickets=builder.tickets_here(), electors=electors, wards=wards, warnings=len(report.warnings))
        builder.finish(shelf.info_rows(info))
        return info
    finally:
        builder.close()


def _with_tickets(path: Path, folder: Folder, directory: Path, keys: FileKeys, manifest: Manifest, report: RollReport,
                  live: RollInfo | None, known: Known) -> RollInfo:
    """A copy of the roll in use with the tickets of this folder."""
    if live is None:
        raise RegisterError("入場券のデータだけのフォルダーですが、選挙人名簿がまだ読み込まれていません。",
                            "先に名簿のフォルダーを election load で読み込んでください。")
    entry = manifest.file("tickets.csv")
    base = (entry.roll_base if entry else "") or manifest.roll_base
    if base != live.roll_base:
        raise RegisterError(f"{OTHER_BASE.format(tickets=base or '空', roll=live.roll_base)}。",
                            "名簿と同じ回（roll_base）の入場券のデータを、作成元に頼んでください。", detail="roll_base")
    if live.tickets_sha256 == manifest.digest:
        raise RegisterError(f"入場券のデータ {manifest.snapshot_id} はすでに使用中です。",
                            "新しいデータを指定してください。")
    if live.tickets_id and manifest.sequence <= live.tickets_sequence:
        raise RegisterError(f"通番 {manifest.sequence} の入場券のデータは、前の通番 {live.tickets_sequence} より"
                            "新しくありません。", "最新のデータを確かめてください。")
    shutil.copyfile(files.path_of(directory, live.file), path)
    builder = RollBuilder(path, shelf.key_of(keys, live.file), folder, manifest, report, known)
    try:
        builder.add_tickets(live.roll_base)
        if not report.ok:
            raise _refused(report)
        info = replace(live, tickets_base=report.tickets_base, tickets=builder.tickets_here(), loaded_at=_now(),
                       tickets_id=manifest.snapshot_id, tickets_sequence=manifest.sequence,
                       tickets_sha256=manifest.digest, previous=live.file,
                       fictitious=live.fictitious or manifest.fictitious, warnings=len(report.warnings),
                       revision=shelf.next_revision(directory, live.snapshot_id))
        builder.finish(shelf.info_rows(info), index=False)
        return info
    finally:
        builder.close()


def surprising(electors: int, vanished: int, ended: int, tickets: int, marks: int, *, percent: float) -> str:
    """What is surprising against the roll in use, in one sentence, or ""."""
    if vanished * 100 > electors * percent:
        return f"選挙人 {electors:,} 人のうち {vanished:,} 人が新しい名簿にいません"
    if ended > max(FEW, electors * percent / 10):
        return f"選挙人 {electors:,} 人のうち {ended:,} 人が抹消・失権などになっています"
    if tickets * 100 > electors * percent:
        return f"選挙人 {electors:,} 人のうち {tickets:,} 人の入場券番号が新しい名簿にありません"
    if marks:
        return f"今の名簿にある投票済の印が、新しい名簿には {marks:,} 件ありません"
    return ""


def _refused(report: RollReport) -> Refused:
    report.in_order()
    first = report.errors[0]
    return Refused(f"選挙人名簿に誤りが {len(report.errors)} 件あり、読み込みませんでした。最初の誤り: {first}。",
                   "election check で全部の誤りを見られます。今の名簿はそのままです。", report)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
