"""`sanjo-tui certificate`: set-up, houses and surveys of a disaster; its lists, papers, exports; telling a forgery."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.register.reading import Source

SETUP, MANIFEST = "disaster.toml", "manifest.toml"
DOCUMENTS = {"request": "調査依頼票（地図番号ごと）", "ledger": "交付台帳", "voids": "失効一覧"}
LISTED = {"victims": "被災者台帳（同意した世帯。--everybody で全世帯）",
          "houses": "調査・申請のある家屋と座標（--format json は GeoJSON）",
          "waiting": "要再交付と、家屋の確認待ち", "loose": "家屋や割合の合わない調査データ"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "災害の設定、家屋、調査のデータを検査する"), ("load", "検査し、読み込んで切り替える")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("path", metavar="PATH", type=Path, help="災害の設定（TOML）か、家屋・調査のフォルダー")
        if name == "load":
            verb.add_argument("--yes", action="store_true", help="前のデータより大きく減っていても読み込む")
    choice.add_parser("open", help="災害の受付を始める（災害の日の住基と家屋を固定する）")
    closing = choice.add_parser("close", help="災害の受付を終える")
    closing.add_argument("--reason", metavar="TEXT", default="", help="理由")
    choice.add_parser("status", help="災害、固定した住基と家屋、申請の数")
    choice.add_parser("take-in", help="読み込んだ調査データの判定を、申請に取り込む")
    verifying = choice.add_parser("verify", help="証明書の番号か QR コードの文字が本物か確かめる")
    verifying.add_argument("text", metavar="TEXT", help="番号か QR コードの文字（- は標準入力）")
    forms = {name: choice.add_parser(name, help=text) for name, text in DOCUMENTS.items()}
    forms["request"].add_argument("--map-sheet", metavar="SHEET", help="この地図番号だけ")
    lists = {name: choice.add_parser(name, help=text) for name, text in LISTED.items()}
    lists["victims"].add_argument("--everybody", action="store_true", default=None,
                                  help="同意のない世帯も出す（市の台帳）")
    for verb in (*forms.values(), *lists.values()):
        papers.arguments(verb)


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check(context, args.path)
        case "load":
            return _load(context, args.path, yes=args.yes)
        case "open" | "close":
            return _turn(context, args)
        case "status":
            return _status(context)
        case "take-in":
            changed = context.desk().certificate.take_in()
            context.emit({"changed": changed})
            context.say(f"判定を {changed} 件の申請に取り込みました。")
            return 0
        case "verify":
            return _verify(context, args.text)
    return _deliver(context, args)


def _setup_of(path: Path) -> Path | None:
    """The set-up that PATH names, or None where it names a folder of data."""
    if path.is_dir():
        if (path / MANIFEST).is_file():
            return None
        if (path / SETUP).is_file():
            return path / SETUP
        raise RegisterError(f"{path} に {SETUP} も {MANIFEST} もありません。",
                            "災害の設定か、家屋・調査のフォルダーを指定してください。")
    if not path.is_file():
        raise RegisterError(f"{path} がありません。", "置き場所を確かめてください。")
    return None if path.name == MANIFEST else path


def _read(path: Source) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RegisterError(f"{path} を読めません。", "置き場所と読取権限を確かめてください。",
                            detail=type(error).__name__) from error


def _check(context: Context, path: Path) -> int:
    setup_file = _setup_of(path)
    if setup_file is not None:
        from sanjo_tui.receptions.certificate import setup

        disaster, problems = setup.read(_read(setup_file))
        for problem in problems:
            context.say(f"誤り {problem}")
        context.say(f"{disaster.code if disaster else path.name}: 誤り{len(problems)}件")
        context.emit({"ok": disaster is not None, "content": "disaster", "errors": [str(p) for p in problems]})
        if problems:
            context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return 0 if disaster else 1
    from sanjo_tui.register.houses import snapshot

    report = snapshot.check(path.parent if path.name == MANIFEST else path)
    for word, found in (("誤り", report.errors), ("注意", report.warnings)):
        for one in found:
            context.say(f"{word} {one} [{one.rule}]")
    context.say(f"{report.snapshot_id or path.name}: {report.records:,}件 誤り{len(report.errors)}件 "
                f"注意{len(report.warnings)}件")
    if not report.ok:
        context.warn(f"誤りが {len(report.errors)} 件あります。直すまで読み込めません。最初の誤り: {report.errors[0]}")
    context.emit({"ok": report.ok, **{name: getattr(report, name) for name in (
        "snapshot_id", "kind", "as_of", "sequence", "lg_code", "fictitious", "records", "errors", "warnings",
        "dropped")}})
    return 0 if report.ok else 1


def _load(context: Context, path: Path, *, yes: bool) -> int:
    desk = context.desk()
    desk.permit(Permission.DATA)
    setup_file = _setup_of(path)
    if setup_file is not None:
        disaster = desk.certificate.load_setup(_read(setup_file))
        context.emit({"content": "disaster", "code": disaster.code, "name": disaster.name, "date": disaster.day})
        context.say(f"{disaster.name}（{disaster.code}）の設定を読み込みました。")
        if disaster.layout_confirmed_on is None:
            context.warn("様式をまだ公式のファイルと見くらべていません。書類にその注意書きが付きます。")
        return 0
    info, changed = desk.certificate.load_data(path.parent if path.name == MANIFEST else path, yes=yes)
    context.emit({**{name: getattr(info, name) for name in (
        "content", "snapshot_id", "as_of", "sequence", "records", "warnings", "fictitious")}, "changed": changed})
    context.say(f"{info.snapshot_id}（{info.records:,}件）を読み込みました。")
    if info.content == "surveys":
        context.say(f"判定を {changed} 件の申請に取り込みました。")
    elif desk.certificate.opening() is not None:
        context.warn("受付中の災害は、始めたときの家屋データのままです。")
    if info.warnings:
        context.warn(f"注意が {info.warnings} 件あります。certificate check で見られます。")
    return 0


def _turn(context: Context, args: argparse.Namespace) -> int:
    certificate = context.desk().certificate
    opening = certificate.open_disaster() if args.verb == "open" else certificate.close_disaster(args.reason)
    context.emit(opening)
    context.say(f"{opening.name}: 受付{'中' if opening.is_open else '終了'}。住基 {opening.snapshot_as_of}、"
                f"家屋 {opening.houses_id}")
    if opening.snapshot_as_of > opening.date:
        context.warn("災害の日より前の住基がありません。いちばん古い写しを使っています。")
    return 0


def _status(context: Context) -> int:
    from collections import Counter

    certificate = context.desk().certificate
    disaster, opening = certificate.disaster, certificate.opening()
    with context.journal().view() as view:
        found = certificate.applications(view)
    states = Counter(a.state.label for a in found)
    certificates = sum(len(a.certificates) for a in found)
    again = sum(a.is_open and a.needs_reissue for a in found)
    context.emit({"disaster": disaster.code if disaster else "", "opening": opening, "applications": len(found),
                  "states": dict(states), "certificates": certificates, "needs_reissue": again})
    if disaster is None:
        context.say("災害の設定がありません。certificate load で読み込みます。")
    elif opening is None:
        context.say(f"{disaster.name}: 受付を始めていません。certificate open で始めます。")
    else:
        parts = "　".join(f"{label} {n}" for label, n in states.items())
        context.say(f"{opening.name}: 受付{'中' if opening.is_open else '終了'}　申請 {len(found)}件　{parts}　"
                    f"証明書 {certificates}件　要再交付 {again}件")
    return 0


def _verify(context: Context, text: str) -> int:
    import sys

    plain = sys.stdin.readline() if text == "-" else text
    good, sentence = context.desk().certificate.verify(plain)
    context.emit({"valid": good, "sentence": sentence})
    if good:
        context.say(sentence)
        return 0
    raise RuleError(sentence, "紙と、発行した記録を見くらべてください。")


def _deliver(context: Context, args: argparse.Namespace) -> int:
    certificate = context.desk().certificate
    options = papers.given(args)
    form = f"certificate.{args.verb}"

    def fill() -> Any:
        if args.verb in DOCUMENTS:
            return certificate.paper(form, **options)
        return certificate.export(args.verb, **options)

    def about(paper: Any) -> dict[str, Any]:
        """A map is a GeoJSON FeatureCollection as well; its rows stay beside the features."""
        from sanjo_tui.desk.certificate.lists import geojson

        more = geojson(list(paper.rows)) if args.verb == "houses" else {}
        return {"disaster": certificate.known().code, **more}

    papers.deliver(context, args, form, fill, about)
    return 0
