"""`sanjo-tui election`: check and load an election's set-up, its roll and its tickets. What PATH holds decides."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import bundles
from sanjo_tui.commands.context import Context, ask_passphrase, read_passphrase
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk
    from sanjo_tui.receptions.polling.election import Election, PollingPlace, TicketForm
    from sanjo_tui.register.reading import Folder, Source
    from sanjo_tui.register.roll.elector import RollInfo
    from sanjo_tui.register.roll.report import RollReport
    from sanjo_tui.vault.travel import Inside, Opened

SETUP, MANIFEST = "election.toml", "manifest.toml"
_PATH = "選挙の設定（TOML）、それのあるフォルダー、名簿や入場券のフォルダー、または束（.sanjo-bundle）"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "選挙の設定や名簿を検査する"), ("load", "検査し、読み込んで切り替える")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("path", metavar="PATH", type=Path, help=_PATH)
        if name == "load":
            verb.add_argument("--yes", action="store_true", help="選挙人や投票済の印が大きく減っていても読み込む")
            bundles.plain_option(verb)
    choice.add_parser("status", help="使用中の選挙の設定と名簿")
    pin = choice.add_parser("pin", help="職員の暗証番号から、設定に書く pin_hash を作る")
    pin.add_argument("--pin-file", metavar="FILE", type=Path, help="暗証番号のファイル（なければ尋ねます）")


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    if args.verb == "status":
        return _status(context)
    if args.verb == "pin":
        return _pin(context, args.pin_file)
    if args.verb == "load":
        context.desk().permit(Permission.DATA)
        with bundles.opened(context, args.path, plain=args.plain) as place:
            sources = _parts(place) if isinstance(place, Path) else _parts_inside(place)
            done = {part: _load(context, part, source, args) for part, source in sources.items()}
            if origin := bundles.origin(place, plain=args.plain):
                context.log_act("election.load", origin)
    else:
        done = {part: _check(context, part, source, args) for part, source in _parts(args.path).items()}
    documents = {part: document for part, (document, _) in done.items()}
    context.emit(documents if len(documents) > 1 else next(iter(documents.values())))
    return max(code for _, code in done.values())


def _pin(context: Context, file: Path | None) -> int:
    """The hash of a PIN, for `[[staff]]`. The PIN itself is written nowhere."""
    from sanjo_tui.vault import pins

    pin = read_passphrase(file) if file else ask_passphrase("暗証番号（4桁から12桁の数字）: ")
    made = pins.make(pin)
    context.emit({"pin_hash": made})
    context.say(f'pin_hash = "{made}"')
    return 0


Done = tuple[Any, int]
"""The document of --json and the exit code."""


def _parts(path: Path) -> dict[str, Path]:
    """What PATH holds: a set-up (`election`), a folder of the roll or of tickets (`roll`), or both in this order."""
    if path.is_dir():
        found = {part: place for part, place, there in (
            ("election", path / SETUP, (path / SETUP).is_file()), ("roll", path, (path / MANIFEST).is_file())) if there}
        if not found:
            raise RegisterError(f"{path} に {SETUP} も {MANIFEST} もありません。",
                                "選挙の設定のファイルか、名簿のフォルダーを指定してください。")
        return found
    if not path.is_file():
        raise RegisterError(f"{path} がありません。", "置き場所を確かめてください。")
    return {"roll": path.parent} if path.name == MANIFEST else {"election": path}


def _parts_inside(bundle: Opened) -> dict[str, Opened | Inside]:
    """The same of a bundle."""
    setup = bundle / SETUP
    found: dict[str, Opened | Inside] = {"election": setup} if setup.is_file() else {}
    return {**found, **({"roll": bundle} if (bundle / MANIFEST).is_file() else {})}


def _check(context: Context, part: str, path: Path, args: argparse.Namespace) -> Done:
    if part == "election":
        return _check_election(context, path)
    from sanjo_tui.register.roll import snapshot

    report = snapshot.check(path)
    for word, problems in (("誤り", report.errors), ("注意", report.warnings)):
        for problem in problems:
            context.say(f"{word} {problem} [{problem.rule}]")
    context.say(f"{report.snapshot_id or path.name}: {_figures(report)} "
                f"誤り{len(report.errors)}件 注意{len(report.warnings)}件")
    if not report.ok:
        context.warn(f"誤りが {len(report.errors)} 件あります。直すまで読み込めません。最初の誤り: {report.errors[0]}")
    return {"ok": report.ok, **{name: getattr(report, name) for name in (
        "content", "snapshot_id", "kind", "as_of", "sequence", "lg_code", "fictitious", "roll_base", "tickets_base",
        "records", "people", "cards", "marks", "tickets", "index", "wards", "contests", "errors", "warnings",
        "dropped")}}, 0 if report.ok else 1


def _figures(report: RollReport) -> str:
    if report.content == "tickets":
        return f"入場券{report.tickets:,}件"
    return f"選挙人{report.people:,}人 投票区{len(report.wards):,} カード{report.cards:,}枚 入場券{report.tickets:,}件"


def _check_election(context: Context, path: Path) -> Done:
    from sanjo_tui.receptions.polling import setup

    election, problems = setup.read(_read(path))
    for problem in problems:
        context.say(f"誤り {problem}")
    if election is None:
        context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return {"ok": False, "content": "election", "errors": problems}, 1
    context.say(f"{_line(election)}: 誤り0件")
    return {"ok": True, "content": "election", "errors": [], **_summary(election)}, 0


def _read(path: Source) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RegisterError(f"{path} を読めません。", "置き場所と読取権限を確かめてください。",
                            detail=type(error).__name__) from error


def _load(context: Context, part: str, source: Any, args: argparse.Namespace) -> Done:
    """`source`: a file (Source) for a set-up, a Folder for a roll."""
    return _load_election(context, source) if part == "election" else _load_roll(context, source, yes=args.yes)


def _load_election(context: Context, path: Source) -> Done:
    from sanjo_tui.receptions.polling import setup
    from sanjo_tui.register.roll import elections

    station, polling, data = context.station(), context.desk().polling, _read(path)
    election, problems = setup.read(data)
    if election is None:
        raise RuleError(f"選挙の設定に誤りが {len(problems)} 件あり、読み込みませんでした。最初の誤り: {problems[0]}",
                        "election check で全部の誤りを見られます。今の設定はそのままです。")
    polling.election_loaded(election)       # what is refused here must not become the current one
    elections.store(station.home, election.id, data)
    context.say(f"{_line(election)} を読み込み、切り替えました。")
    place = polling.place
    if place is None:
        context.warn(f"この設定に {station.polling_place or station.code} という投票所がありません。"
                     "station.toml の polling_place に、この投票所の code を書いてください。")
    roll = _kept(polling, "roll")
    if roll is not None and roll.info.election != election.id:
        context.warn("今の名簿は、この選挙のために読み込んだものではありません。名簿を読み込み直してください。")
    elif place is not None and roll is not None and roll.info.only_wards != (_wards(place) or ()):
        context.warn("今の名簿は、ほかの投票区のものです。名簿を読み込み直してください。")
    return _summary(election), 0


def _load_roll(context: Context, folder: Folder, *, yes: bool) -> Done:
    from sanjo_tui.register.roll import snapshot

    station, polling = context.station(), context.desk().polling
    election, place = polling.election, polling.place
    if election is None:
        raise RuleError("選挙の設定が読み込まれていません。",
                        "先に election load で選挙の設定を読み込んでください。名簿はその投票所に合わせて読み込みます。")
    if place is None:
        raise RuleError(f"選挙の設定に {station.polling_place or station.code} という投票所がありません。",
                        "station.toml の polling_place に、この投票所の code を書いてください。")
    info = snapshot.load(folder, station.roll_dir, context.keys(), lg_code=station.lg_code,
                         contests=tuple(contest.code for contest in election.contests), wards=_wards(place),
                         known_wards=tuple(sorted({ward for p in election.places for ward in p.wards})),
                         is_ticket=_reader(election.ticket), election=election.id, yes=yes,
                         loss_percent=station.loss_percent)
    polling.roll_loaded(info)
    context.say(f"{_roll_line(info)} を読み込み、切り替えました。")
    if not info.tickets_base:
        context.warn("入場券のデータはまだありません。届いたら election load で足せます。"
                     "なくても氏名と生年月日で受け付けられます。")
    if info.warnings:
        context.warn(f"注意が {info.warnings} 件あります。election check で見られます。")
    return info, 0


def _reader(form: TicketForm) -> Callable[[str], bool] | None:
    """Whether a scanned bar code can give this ticket number, with or without the prefix; None without bar codes."""
    from sanjo_tui.receptions.polling.tickets import read_ticket

    if not form.pattern:
        return None
    before, group, _ = form.pattern.partition("(?P<ticket>")
    prefix = re.sub(r"\\(.)", r"\1", before) if group else ""
    return lambda number: number in (read_ticket(form, number), read_ticket(form, prefix + number))


def _wards(place: PollingPlace) -> tuple[str, ...] | None:
    """投票区 whose electors may be kept at a place; None at an early place, which takes the whole town."""
    return None if place.kind.is_early else tuple(sorted(set(place.wards)))


def _status(context: Context) -> int:
    from sanjo_tui.register.roll import shelf

    station, polling = context.station(), context.desk().polling
    why = polling.readiness()
    election, place, roll = (_kept(polling, name) for name in ("election", "place", "roll"))
    context.emit({
        "ready": not why, "reason": why, "election": _summary(election) if election else None,
        "place": {"code": place.code, "name": place.name, "kind": place.kind, "wards": place.wards} if place else None,
        "roll": roll.info if roll else None, "kept": shelf.stored(station.roll_dir, context.keys())})
    context.say(f"選挙   {_line(election) if election else '読み込まれていません'}")
    context.say(f"投票所 {f'{place.code} {place.name} {place.kind.value}' if place else '決まっていません'}")
    context.say(f"名簿   {_roll_line(roll.info) if roll else '読み込まれていません'}")
    if why:
        context.warn(why)
    return 0


def _kept(polling: PollingDesk, name: str) -> Any:
    """election, place or roll; None where it cannot be read, which `readiness` says in a sentence."""
    try:
        return getattr(polling, name)
    except (RuleError, RegisterError):
        return None


def _summary(election: Election) -> dict[str, Any]:
    return {"id": election.id, "name": election.name, "polling_day": election.polling_day,
            "contests": [{"code": c.code, "name": c.name, "early_from": c.early_from, "early_to": c.early_to}
                         for c in election.in_order],
            "stations": [{"code": p.code, "name": p.name, "kind": p.kind, "wards": p.wards} for p in election.places],
            "fictitious": election.fictitious, "sha256": election.sha256}


def _line(election: Election) -> str:
    fictitious = " 架空データ" if election.fictitious else ""
    return (f"{election.id} {election.name} 投票日{election.polling_day} 選挙{len(election.contests)} "
            f"投票所{len(election.places)}{fictitious}")


def _roll_line(info: RollInfo) -> str:
    wards = f" 投票区{'・'.join(info.only_wards)}" if info.only_wards else ""
    tickets = f" 入場券{info.tickets:,}件" if info.tickets_base else " 入場券なし"
    fictitious = " 架空データ" if info.fictitious else ""
    return f"{info.snapshot_id} {info.as_of} 現在 選挙人{sum(info.electors):,}人{wards}{tickets}{fictitious}"
