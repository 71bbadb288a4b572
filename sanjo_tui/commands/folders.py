"""Checking and loading a folder with a manifest (register/loaded.py), the same way for every service."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.commands import bundles
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.commands.context import Context
    from sanjo_tui.register.loaded import Kind


def check(context: Context, kind: Kind, folder: Path) -> int:
    """Every finding with file, line and column; the exit code."""
    report = kind.check(folder)
    context.emit({"ok": report.ok, "content": kind.content.name, **{name: getattr(report, name) for name in (
        "snapshot_id", "as_of", "sequence", "lg_code", "fictitious", "records", "errors", "warnings", "dropped")}})
    for word, problems in (("誤り", report.errors), ("注意", report.warnings)):
        for problem in problems:
            context.say(f"{word} {problem} [{problem.rule}]")
    context.say(f"{report.snapshot_id or folder.name}: {kind.content.noun} {report.records:,}件 "
                f"誤り{len(report.errors)}件 注意{len(report.warnings)}件")
    if not report.ok:
        context.warn(f"誤りが {len(report.errors)} 件あります。直すまで読み込めません。最初の誤り: {report.errors[0]}")
    return 0 if report.ok else 1


def load(context: Context, kind: Kind, args: argparse.Namespace) -> None:
    """Check, build, switch; a bundle is opened and its origin recorded."""
    station, desk = context.station(), context.desk()
    desk.permit(Permission.DATA)
    with bundles.opened(context, args.folder, plain=args.plain) as folder:
        info = kind.load(folder, station.home, context.keys(), lg_code=station.lg_code, yes=args.yes,
                         loss_percent=station.loss_percent)
        desk.log_act(f"{kind.content.name}.load", {"snapshot_id": info.snapshot_id, "records": info.records,
                                                   "yes": args.yes, **bundles.origin(folder, plain=args.plain)})
    context.emit({f.name: getattr(info, f.name) for f in fields(info)})
    context.say(f"{kind.content.noun} {info.snapshot_id}（{info.as_of} 現在 {info.records:,}件）を読み込み、"
                "切り替えました。")
    if info.warnings:
        context.warn(f"注意が {info.warnings} 件あります。{kind.check_command} で見られます。")
