"""`sanjo-tui childcare`: set-up and partner shops of 子育て支援カード, its lists, data for the card printer."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands import papers
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import verbs
from sanjo_tui.errors import RegisterError, UsageError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.receptions.childcare.setup import Setup

SETUP, SHOPS = "childcare.toml", "shops.csv"
DOCUMENTS = {"ledger": "交付台帳", "renewals": "更新対象一覧", "shops": "協賛店一覧（町ごと）"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verbs and their options."""
    choice = verbs(parser)
    for name, text in (("check", "設定（childcare.toml）と協賛店（shops.csv）を検査する"),
                       ("load", "検査し、この拠点に読み込む")):
        verb = choice.add_parser(name, help=text)
        verb.add_argument("path", metavar="PATH", type=Path, help="childcare.toml か、それのあるフォルダー")
    choice.add_parser("status", help="設定、協賛店、カードの枚数")
    cards = choice.add_parser("cards", help="カード印刷機に渡すデータ（CSV と JPEG）を書き出す")
    cards.add_argument("--out", metavar="DIR", type=Path, required=True, help="カード印刷機に渡すフォルダー")
    cards.add_argument("--card", metavar="NO", action="append", default=[],
                       help="このカードだけ（作り直しもできます。何度でも書けます）")
    choice.add_parser("expire", help="最終日を過ぎたカードを期限切れにする")
    choice.add_parser("erase-photos", help="終わったカードの、保存期間を過ぎた写真を消す")
    forms = {name: choice.add_parser(name, help=text) for name, text in DOCUMENTS.items()}
    forms["ledger"].add_argument("--live", action="store_true", default=None, help="終わったカードを除く")
    forms["renewals"].add_argument("--year", metavar="Y", type=_year, help="この年の更新（なければ今の更新）")
    for verb in forms.values():
        papers.arguments(verb)


def run(context: Context, args: argparse.Namespace) -> int:
    """Does what the verb says."""
    match args.verb:
        case "check":
            return _check(context, args.path)
        case "load":
            return _load(context, args.path)
        case "status":
            return _status(context)
        case "cards":
            return _cards(context, args.out, tuple(args.card))
        case "expire":
            receipt = context.desk().childcare.expire()
            context.emit({"expired": len(receipt.recorded)})
            context.say(receipt.detail)
            return 0
        case "erase-photos":
            count = context.desk().childcare.erase_photos()
            context.emit({"erased": count})
            context.say(f"写真を{count}枚消しました。")
            return 0
    desk = context.desk()
    options = papers.given(args)
    papers.deliver(context, args, args.verb, lambda: desk.childcare.paper(f"childcare.{args.verb}", **options),
                   lambda paper: {"card": desk.childcare.setup.title})
    return 0


def _year(text: str) -> int:
    if not re.fullmatch("[12][0-9]{3}", text):
        raise UsageError(f"--year の {text} は年ではありません。", "西暦の4桁で書いてください。例: 2027")
    return int(text)


def _files(path: Path) -> tuple[bytes, bytes | None]:
    """The set-up, and the shops where PATH is a folder that has them."""
    setup = path / SETUP if path.is_dir() else path
    shops = path / SHOPS if path.is_dir() else None
    try:
        return setup.read_bytes(), shops.read_bytes() if shops is not None and shops.exists() else None
    except OSError as error:
        raise RegisterError(f"{setup} を読めません。", "置き場所と読取権限を確かめてください。",
                            detail=type(error).__name__) from error


def _check(context: Context, path: Path) -> int:
    from sanjo_tui.receptions.childcare import setup as setups

    data, listed = _files(path)
    setup, wrong = setups.read(data)
    shops, more = setups.read_shops(listed) if listed is not None else ((), ())
    problems = (*(f"{SETUP} {each}" for each in wrong), *more)
    for problem in problems:
        context.say(f"誤り {problem}")
    context.emit({"ok": not problems, "errors": problems, "shops": len(shops),
                  **(_summary(setup) if setup else {})})
    if problems or setup is None:
        context.warn(f"誤りが {len(problems)} 件あります。直すまで読み込めません。最初の誤り: {problems[0]}")
        return 1
    context.say(f"{_line(setup)} 協賛店{len(shops)}: 誤り0件")
    return 0


def _load(context: Context, path: Path) -> int:
    desk = context.desk()
    desk.permit(Permission.DATA)
    data, shops = _files(path)
    setup = desk.childcare.load(data, shops)
    context.emit({**_summary(setup), "shops": len(desk.childcare.shops())})
    context.say(f"{_line(setup)} 協賛店{len(desk.childcare.shops())} を読み込みました。")
    if setup.sample:
        context.warn("注意: 見本の設定です。名前と数字は架空です。")
    if setup.confirmed_on is None:
        context.warn("注意: 条例・要綱と突き合わせた日（confirmed_on）がありません。紙に「未確認」と出ます。")
    return 0


def _status(context: Context) -> int:
    desk = context.desk()
    desk.permit(Permission.LIST)
    childcare = desk.childcare
    setup, tally = childcare.setup, childcare.tally()
    with context.journal().view() as view:
        dues = len(childcare.dues(view))
    context.emit({**_summary(setup), "shops": len(childcare.shops()), "cards": {k.value: n for k, n in tally.items()},
                  "dues": dues, "renewal_year": childcare.renewal_year()})
    context.say(f"{_line(setup)} 協賛店{len(childcare.shops())}")
    context.say("  ".join(f"{status.label}{number}" for status, number in tally.items()))
    context.say(f"住基の更新で確かめるもの {dues}件　更新の年 {childcare.renewal_year()}")
    return 0


def _cards(context: Context, out: Path, numbers: tuple[str, ...]) -> int:
    batch = context.desk().childcare.write_cards(out, numbers)
    context.emit(batch)
    context.say(f"{batch.batch} {batch.cards}枚 {out}")
    for one in batch.missing:
        context.warn(f"注意: {one.card_no} の {one.column} の文字 {one.code_point} は、この文字コードにありません。"
                     "〓 にしました。カード印刷機で直してください。")
    context.warn("注意: 暗号のないデータです。カードを作ったら消してください。")
    return 0


def _summary(setup: Setup) -> dict[str, Any]:
    rule = setup.rule
    return {"title": setup.title, "children": rule.children, "age": rule.age, "until": rule.until,
            "roles": rule.roles, "fixed_end": rule.fixed_end, "disability_children": rule.disability_children,
            "sample": setup.sample, "confirmed_on": setup.confirmed_on, "sha256": setup.sha256}


def _line(setup: Setup) -> str:
    marks = "".join(f" {word}" for word, on in (("見本", setup.sample), ("未確認", setup.confirmed_on is None)) if on)
    rule = setup.rule
    return f"{setup.title}（{rule.until.label.format(age=rule.age)}の子ども{rule.children}人から）{marks}"
