"""What IT, scripts and tests call: one module a noun, imported only when its command runs.

A command is a module `sanjo_tui.commands.NAME` with two functions:

    arguments(parser: argparse.ArgumentParser) -> None           its options; several verbs: `verbs(parser)` of usage.py
    run(context: Context, args: argparse.Namespace) -> int       the exit code: 0 done, 1 could not be done

Whatever a person must hear is raised as a SanjoError: `__main__` prints it as one sentence and picks the exit code.
Results go through `context.emit` (the one JSON document of --json) or `context.say` (lines for people).
--home, --drill, --passphrase-file and --json never reach a command: `__main__` takes them from anywhere in the line.
"""

from __future__ import annotations

COMMANDS = {
    "demo": "架空の住民と内蔵の読取装置で練習する（準備は要りません）",
    "init": "拠点の設定（station.toml）と鍵を作る",
    "doctor": "読取装置、住基、記録、印刷などを点検する",
    "register": "住基スナップショット: check, pack, load, status, find, rollback",
    "operators": "操作者: add, remove, list, pin, card",
    "slots": "端末の開け方: list, passphrase, card, recovery, remove",
    "keys": "公開鍵の交換: make, show, trust, list, remove",
    "card": "カード: read",
    "tap": "動いている練習画面に内蔵のカードをかざす",
    "audit": "監査: person, operator, night, mass, unlocks, unapproved, approve, anchors",
    "journal": "受付記録: verify, list, export, merge, rebuild, restore",
    "shelter": "避難所: open, close, roster, unconfirmed, report, blanks など",
    "counter": "窓口受付: check, load, status, cash, handover など",
    "kiosk": "証明書交付と印鑑登録: check, load, status, issues, voids, seals, send など",
    "election": "選挙の設定と選挙人名簿: check, load, status",
    "polling": "投票所: status, gate, open, count, close, seal, extract, balance など",
    "attendance": "出退勤: check, load, status, present, month, limits, gaps, punches, pay, lock など",
    "certificate": "罹災証明: check, load, open, close, status, take-in, verify, ledger, victims, houses など",
    "library": "図書館窓口: check, load, status, list（毎日の申請データ一覧）, send",
    "userid": "利用者ID発行: check, load, status, ledger, day",
    "application": "カード申請代行: check, load, status, book（ウェブ予約）, day, batch, tally, erase",
    "childcare": "子育て支援カード: check, load, status, cards, ledger, renewals, shops, expire, erase-photos",
    "drill": "投票所の訓練: polling（架空の選挙人が次々に来る。--headless で全部を自動で通して照合する）",
}
"""Every command with its line of help. The order is that of `sanjo-tui --help`."""
