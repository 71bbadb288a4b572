"""`sanjo-tui journal`: is it whole, what stands in it, copies of it, and bringing a copy back on a spare laptop."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands.context import Context, ask_passphrase, read_passphrase
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import BrokenChain, JournalError, UsageError
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.journal import Journal
    from sanjo_tui.journal.events import Recorded


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs."""
    choice = verbs(parser)
    choice.add_parser("verify", help="すべての記録が、つながり、書き換えられていないことを確かめる")
    choice.add_parser("list", help="記録の一覧（番号だけで、氏名や住所は出ません）")
    export = choice.add_parser("export", help="記録を封をしたファイルに書き出す（本部や他の拠点のため）")
    export.add_argument("folder", metavar="DIR", type=Path, help="書き出す先のフォルダー（拠点の外）")
    export.add_argument("--to", metavar="NAME", nargs="+", default=[],
                        help="本部のほかに開ける相手（keys trust で登録した名前。記録を交換する投票所など）")
    merge = choice.add_parser("merge", help="他の拠点が書き出した記録を取り込む（順番や回数は結果に関わりません）")
    merge.add_argument("files", metavar="FILE", type=Path, nargs="+", help="書き出したファイル（.sanjo-export）")
    merge.add_argument("--their-passphrase-file", metavar="FILE", type=Path,
                       help="書き出した拠点のパスフレーズか復旧用の合言葉（なければこの拠点のもの）")
    choice.add_parser("rebuild", help="いまの状態を、記録から作り直す")
    backup = choice.add_parser("backup", help="暗号化した控えを今すぐ取る")
    backup.add_argument("folder", metavar="DIR", type=Path, nargs="?",
                        help="控えを置くフォルダー（なければ設定の場所）")
    restore = choice.add_parser("restore", help="控えを、まだ拠点のない端末に戻す")
    restore.add_argument("file", metavar="FILE", type=Path, help="控えのファイル（.sanjo）")
    restore.add_argument("--station", metavar="CODE", default="",
                         help="続ける拠点コード（なければ新しく作ります。元のコードは、元の端末が二度と使われないときだけ）")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "verify":
            return _verify(context)
        case "list":
            return _list(context)
        case "export":
            return _export(context, args.folder, args.to)
        case "merge":
            return _merge(context, args)
        case "rebuild":
            return _rebuild(context)
        case "backup":
            return _backup(context, args.folder)
        case "restore":
            return _restore(context, args.file, args.station)
        case _:
            raise UsageError("使い方が正しくありません。", "sanjo-tui journal --help で見られます。")


def _look(context: Context) -> Journal:
    """The journal for reading alone: also of a disk that cannot be written."""
    from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
    from sanjo_tui.journal import Journal

    station = context.station()
    return Journal.open(station.journal, context.keys(), station.code, LEDGERS, LOOSE_EVENTS, writing=False)


def _verify(context: Context) -> int:
    from sanjo_tui.journal.backup import newest_head

    context.keys()                                  # a wrong passphrase says nothing about the journal
    try:
        context.permit(Permission.JOURNAL)
        journal = _look(context)
        try:
            anchor = newest_head(journal, context.station())
            whole = journal.verify(anchor)
        finally:
            journal.close()
    except JournalError as error:
        bad = {"station": error.station, "seq": error.seq} if isinstance(error, BrokenChain) else None
        context.emit({"ok": False, "first_bad": bad})
        raise
    context.emit({"ok": True, "count": whole.count, "head": whole.head.hash.hex(), "unknown": whole.unknown,
                  "destroyed": whole.destroyed, "compared_with_copy": anchor is not None,
                  "stations": [{"station": h.station, "seq": h.seq, "hash": h.hash.hex()} for h in whole.heads]})
    context.say(f"受付記録は正しくつながっています。{whole.count} 件。")
    for head in whole.heads:
        context.say(f"  {head.station}-{head.seq}  末尾 {head.groups}")
    if whole.destroyed:
        context.say(f"  鍵を廃棄した期間の {whole.destroyed} 件は、内容を読めません。")
    if whole.unknown:
        context.say(f"  新しい版で記録された {whole.unknown} 件は、内容を読めません。")
    return 0


def _list(context: Context) -> int:
    context.permit(Permission.JOURNAL)
    journal = _look(context)
    try:
        with journal.view() as view:
            back = view.reversals()
            rows = [_row(recorded, back) for recorded in view.events()]
    finally:
        journal.close()
    context.emit({"count": len(rows), "events": rows})
    for row in rows:
        mark = "  取消済" if row["reversed"] else ""
        context.say(f"{row['station']} {row['seq']:>6}  {row['time']}  {row['kind']:<24}  {row['subject']}  "
                    f"{row['operator']}{mark}")
    return 0


def _row(recorded: Recorded, back: dict[tuple[str, int], tuple[str, int]]) -> dict[str, Any]:
    """Numbers and codes of one event; whose name it is stands nowhere here."""
    at = dt.datetime.fromtimestamp(recorded.at_ms / 1000, JST)
    return {"station": recorded.station, "seq": recorded.seq, "time": at.isoformat(timespec="seconds"),
            "kind": recorded.event.kind, "subject": recorded.event.subject, "operator": recorded.operator,
            "scope": recorded.event.scope, "batch": recorded.batch,
            "reversed": (recorded.station, recorded.seq) in back}


def _export(context: Context, folder: Path, to: list[str]) -> int:
    from sanjo_tui.journal import exports

    context.permit(Permission.EXPORT)
    journal = context.journal()
    done = exports.write(journal, folder, context.station(), to)
    for one in done:
        context.log_act("journal.exported", {"station": one.station, "to_seq": str(one.to_seq), "sha256": one.sha256,
                                             "readers": " ".join(one.readers)})
    context.emit({"files": [{"file": one.path, "station": one.station, "from_seq": one.from_seq,
                             "to_seq": one.to_seq, "sha256": one.sha256, "readers": one.readers} for one in done]})
    for one in done:
        context.say(f"{one.path} に {one.station}-{one.from_seq} から {one.to_seq} までを書き出しました。")
    if done and done[0].readers:
        names = ["本部の鍵" if name == exports.SETUP_KEY else name for name in done[0].readers]
        context.say(f"開けるのは {'、'.join(names)} だけです。この拠点でも開けません。")
    elif done:
        context.say("本部の公開鍵が登録されていないので、本部だけに宛てた暗号にはしていません。\n開くには、この拠点のパスフレーズか復旧用の合言葉が要ります。")
    else:
        context.say("書き出す記録はまだありません。")
    return 0


def _merge(context: Context, args: argparse.Namespace) -> int:
    from sanjo_tui.desk.merging import take_in
    from sanjo_tui.vault import travel

    context.permit(Permission.EXPORT)
    desk, their = context.desk(), args.their_passphrase_file
    if their is not None:
        secret = read_passphrase(their)
    else:
        ours = context.vault().drill or all(travel.is_bundle(path) for path in args.files)
        secret = "" if ours else context.given_passphrase() or ask_passphrase(
            "書き出した拠点のパスフレーズか復旧用の合言葉: ")
    done = [take_in(desk, path, secret) for path in args.files]
    twice = desk.polling.doubles() if desk.polling.scope else ()
    context.emit({"files": done, "doubles": twice})
    for one in done:
        context.say(f"{one.station}-{one.to_seq} までを取り込みました。新しい記録 {one.new} 件。")
    if twice:
        context.warn(f"二重交付の疑いが {len(twice)} 件あります。事故票で確かめ、投票管理者に伝えてください。")
    return 0


def _rebuild(context: Context) -> int:
    context.permit(Permission.JOURNAL)
    state = context.journal().rebuild()
    context.emit({"records": len(state.kept), "claims": len(state.claims), "reversed": len(state.reversed),
                  "conflicts": len(state.losers)})
    context.say(f"記録から作り直しました。いまの状態 {len(state.kept)} 件、取消 {len(state.reversed)} 件。")
    return 0


def _backup(context: Context, folder: Path | None) -> int:
    from sanjo_tui.journal.backup import Outcome, back_up

    context.permit(Permission.JOURNAL)
    if folder is None and not context.station().backup_dir:
        raise UsageError("控えを置くフォルダーを指定してください。", "station.toml の backup_dir にも書けます。")
    state = back_up(context.journal(), context.station(), folder)
    if state.file is None or state.outcome is Outcome.ABSENT:
        raise JournalError("控えを置く媒体がありません。", "USBメモリなどを差して、もう一度行ってください。")
    context.emit({"outcome": state.outcome, "file": state.file, "seq": state.seq, "same_disk": state.same_disk})
    done = "控えを取りました" if state.outcome is Outcome.DONE else "最後の控えから変わっていません"
    context.say(f"{done}：{state.file}")
    if state.same_disk:
        context.warn("控えが拠点と同じディスクにあります。別の媒体を使ってください。")
    return 0


def _restore(context: Context, file: Path, code: str) -> int:
    from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
    from sanjo_tui.journal import restore

    restore.empty(context.home)
    secret = ""
    if not restore.is_drill(file):
        secret = context.given_passphrase() or ask_passphrase("控えを取った拠点のパスフレーズか復旧用の合言葉: ")
    back = restore.restore(file, context.home, secret, LEDGERS, LOOSE_EVENTS, code=code)
    context.emit({"station": back.station.code, "formerly": back.formerly, "events": back.events,
                  "copy_made": back.made, "home": back.station.home})
    context.say(f"{back.made} の控えから {back.events} 件を戻しました（{back.station.home}）。")
    if back.station.code != back.formerly:
        context.say(f"これからの番号は {back.station.code} で始まり、前の {back.formerly} の番号とは重なりません。")
    context.say("住基は控えに入っていません。sanjo-tui register load で入れてください。")
    return 0
