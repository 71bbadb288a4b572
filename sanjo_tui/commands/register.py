"""`sanjo-tui register`: check, pack, load and roll back snapshots of the resident register, and look somebody up."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import bundles, papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RegisterError
from sanjo_tui.receptions.lookups import REASONS
from sanjo_tui.register.people import MASKED, Hit, SnapshotInfo
from sanjo_tui.station import RECEPTIONS
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.register.report import Report


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "住基データを検査する"), ("load", "住基データを検査し、読み込んで切り替える")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("folder", metavar="DIR", type=Path,
                          help="manifest.toml のあるフォルダーか、束（.sanjo-bundle）")
        verb.add_argument("--mapping", metavar="FILE", type=Path, help="列の対応表（TOML）")
        if name == "load":
            verb.add_argument("--yes", action="store_true", help="住民や世帯が大きく減っていても読み込む")
            bundles.plain_option(verb)
    bundles.arguments(choice.add_parser("pack", help="住基データや名簿に署名し、相手だけが開ける束にする"))
    choice.add_parser("status", help="使用中の住基データ")
    finding = choice.add_parser("find", help="住民を探す（記録に残ります）")
    finding.add_argument("query", metavar="QUERY", help="利用者ID、生年月日、宛名番号、かな、漢字。- なら標準入力から")
    finding.add_argument("--reason", choices=tuple(REASONS), default="", help="探す理由（操作者を登録した拠点で）")
    listed = choice.add_parser("dues", help="住基の更新でやることの一覧（受付ごと）")
    listed.add_argument("service", metavar="NAME", help="受付の名前（counter、kiosk、library など）")
    papers.arguments(listed)
    choice.add_parser("rollback", help="前の住基データに戻す")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check(context, args.folder, args.mapping)
        case "pack":
            return bundles.pack(context, args)
        case "load":
            return _load(context, args)
        case "status":
            return _status(context)
        case "dues":
            return _dues(context, args)
        case "find":
            return _find(context, args.query, args.reason)
        case _:
            return _rollback(context)


def _check(context: Context, folder: Path, mapping: Path | None) -> int:
    from sanjo_tui.register import snapshot
    from sanjo_tui.vault import travel

    if travel.is_bundle(folder):
        context.permit(Permission.DATA)
        with bundles.opened(context, folder, plain=True) as place:
            report = snapshot.check(place, mapping)
    else:
        report = snapshot.check(folder, mapping)
    context.emit({"ok": report.ok, **{name: getattr(report, name) for name in (
        "snapshot_id", "kind", "as_of", "sequence", "lg_code", "fictitious", "records", "people", "households", "cards",
        "errors", "warnings", "dropped")}})
    _findings(context, report)
    context.say(f"{report.snapshot_id or folder.name}: 住民{report.people:,}人 {report.households:,}世帯 "
                f"カード{report.cards:,}枚 誤り{len(report.errors)}件 注意{len(report.warnings)}件")
    if not report.ok:
        context.warn(f"誤りが {len(report.errors)} 件あります。直すまで読み込めません。最初の誤り: {report.errors[0]}")
    return 0 if report.ok else 1


def _findings(context: Context, report: Report) -> None:
    for word, problems in (("誤り", report.errors), ("注意", report.warnings)):
        for problem in problems:
            context.say(f"{word} {problem} [{problem.rule}]")


def _load(context: Context, args: argparse.Namespace) -> int:
    from sanjo_tui.desk import following
    from sanjo_tui.register import snapshot

    station, desk = context.station(), context.desk()
    desk.permit(Permission.DATA)
    with bundles.opened(context, args.folder, plain=args.plain) as folder:
        info = snapshot.load(folder, station.register_dir, context.keys(), lg_code=station.lg_code,
                             mapping=args.mapping, yes=args.yes, pinned=desk.pinned(),
                             loss_percent=station.loss_percent)
        desk.log_act("register.load", {"snapshot_id": info.snapshot_id, "people": info.people, "yes": args.yes,
                                       **bundles.origin(folder, plain=args.plain)})
    desk.refresh_register()
    found = following.follow_all(desk)
    context.emit({**{f.name: getattr(info, f.name) for f in fields(info)}, "dues": found})
    context.say(f"{_line(info)} を読み込み、切り替えました。")
    if info.warnings:
        context.warn(f"注意が {info.warnings} 件あります。register check で見られます。")
    for name, many in found.items():
        if many:
            context.warn(f"{RECEPTIONS[name]}: やることが {many} 件あります。register dues {name} で見られます。")
    return 0


def _status(context: Context) -> int:
    from sanjo_tui.register import shelf

    directory, keys = context.station().register_dir, context.keys()
    live, stored = shelf.live_id(directory), shelf.stored(directory, keys)
    current = next((info for info in stored if info.snapshot_id == live), None)
    days = None if current is None else current.days_old(context.desk().today())
    context.emit({"current": current, "days_old": days, "kept": stored})
    if live is None:
        context.say("住基データはまだ読み込まれていません。sanjo-tui register load で読み込みます。")
        return 0
    if current is None:
        raise RegisterError("使用中の住基データを開けません。",
                            "register rollback で前に戻すか、register load で読み込み直してください。")
    context.say(f"使用中 {_line(current)} {days}日前")
    for info in stored:
        if info is not current:
            context.say(f"保存   {_line(info)}")
    return 0


def _line(info: SnapshotInfo) -> str:
    fictitious = " 架空データ" if info.fictitious else ""
    return f"{info.snapshot_id} {info.as_of} 現在 住民{info.people:,}人 {info.households:,}世帯{fictitious}"


def _find(context: Context, query: str, reason: str) -> int:
    text = (sys.stdin.readline() if query == "-" else query).strip()
    if not text:
        raise RegisterError("探す言葉がありません。", "氏名、かな、生年月日、番号のどれかを書いてください。")
    found = context.desk().search(text, reason)
    context.emit({"readings": found.readings, "more": found.more, "hits": [_row(hit) for hit in found.hits]})
    for hit in found.hits:
        row, mark = _row(hit), {"folded": " 異体字一致", "vague": " あいまい"}.get(hit.match, "")
        context.say(f"{row['addressee_no']} {row['name']} {row['name_kana']} {hit.resident.birth_label} "
                    f"{row['address']}{mark}")
    if found.more:
        context.warn("ほかにもいます。条件を足して探してください。")
    if not found.hits:
        context.warn("見つかりません。かな、生年月日、番号でも探せます。")
    return 0 if found.hits else 1


def _dues(context: Context, args: argparse.Namespace) -> int:
    from sanjo_tui.desk import following

    desk = context.desk()
    desk.permit(Permission.LIST)
    if args.service not in following.services(desk):
        offered = "、".join(following.services(desk)) or "ありません"
        raise RegisterError("この拠点にその受付はありません。", f"選べる受付: {offered}。")
    service = desk.room(args.service)
    following.follow(desk, service)
    papers.deliver(context, args, f"{args.service}.dues", lambda: service.paper(f"{args.service}.dues"),
                   lambda _: {"service": args.service})
    return 0


def _row(hit: Hit) -> dict[str, Any]:
    """A hit by the register's identifiers; a protected person's address and household are never written out."""
    who, hidden = hit.resident, hit.resident.protected
    return {
        "addressee_no": who.addressee_no, "household_no": "" if hidden else who.household_no, "name": who.name,
        "name_kana": who.name_kana, "alias": who.alias, "birth_date": who.birth.raw, "sex_code": who.sex_code,
        "resident_kind": who.resident_kind, "resident_status": who.resident_status,
        "rel_label": "" if hidden else who.relationship_label, "postal_code": "" if hidden else who.postal_code,
        "town": "" if hidden else who.town, "lot_text": "" if hidden else who.lot_text,
        "building": "" if hidden else who.building, "district_code": "" if hidden else who.district_code,
        "address": MASKED if hidden else who.address, "protected": hidden, "match": hit.match, "reading": hit.reading}


def _rollback(context: Context) -> int:
    from sanjo_tui.register import snapshot

    context.permit(Permission.ROLLBACK)
    info = snapshot.rollback(context.station().register_dir, context.keys())
    context.log_act("register.rollback", {"snapshot_id": info.snapshot_id})
    context.emit(info)
    context.say(f"{_line(info)} に戻しました。")
    return 0
