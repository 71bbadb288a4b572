"""How a command line is read: options that may stand anywhere, and wrong usage told in Japanese."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sanjo_tui.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What every command understands, before or after its name."""

    home: str | None = None
    drill: bool = False
    passphrase_file: str | None = None
    json: bool = False
    operator: str | None = None
    operator_pin_file: str | None = None


COMMON = """\
どの命令でも、前にも後ろにも書けるもの:
  --home DIR              拠点のフォルダー（なければ SANJO_HOME、それもなければ既定の場所）
  --drill                 訓練用の場所を使う
  --passphrase-file FILE  パスフレーズをファイルの 1 行目から読む
  --json                  結果を JSON で標準出力に書く
  --operator ID           操作者（操作者を登録した拠点で）
  --operator-pin-file FILE  その暗証番号をファイルの 1 行目から読む
"""

_SENTENCES = (
    (r"the following arguments are required: (.+)", r"\1 を指定してください。"),
    (r"unrecognized arguments: (.+)", r"\1 は使えません。"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 の \2 は使えません（\3 のどれか）。"),
    (r"argument (.+?): expected (?:one|at least one) argument", r"\1 には値が要ります。"),
    (r"argument (.+?): expected (\d+) arguments", r"\1 には値が \2 個要ります。"),
    (r"argument (.+?): invalid \w+ value: (.+)", r"\1 の値 \2 は正しくありません。"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 と \2 は一緒に使えません。"),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1 に値は付けられません。"),
    (r"one of the arguments (.+) is required", r"\1 のどれかを指定してください。"),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 では決まりません（\2）。"),
    (r"argument (.+?): (.+)", r"\1: \2"),
)
"""argparse speaks English only; these are all its complaints, the last one for our own types' Japanese reasons."""


class Parser(argparse.ArgumentParser):
    """An argument parser that helps and complains in Japanese. Wrong usage is a UsageError, not an exit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"add_help": False, "allow_abbrev": False, "formatter_class": _Help}
        super().__init__(*args, **kwargs)
        self._positionals.title, self._optionals.title = "書くもの", "付けられるもの"
        self.add_argument("-h", "--help", action="help", help="この説明を出す")

    def error(self, message: str) -> NoReturn:
        """One Japanese sentence instead of argparse's English."""
        for pattern, sentence in _SENTENCES:
            if match := re.fullmatch(pattern, message, re.DOTALL):
                raise UsageError(match.expand(sentence), f"使い方は {self.prog} --help で見られます。")
        raise UsageError("使い方が正しくありません。", f"使い方は {self.prog} --help で見られます。", detail=message)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any],
                  prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "使い方: " if prefix is None else prefix)


def take_common(line: Sequence[str]) -> tuple[Options, list[str]]:
    """The options that may stand anywhere, and the rest of the line in its order."""
    parser = Parser(prog="sanjo-tui")
    parser._option_string_actions.pop("-h")
    parser._option_string_actions.pop("--help")          # belongs to the command behind it
    parser.add_argument("--home")
    parser.add_argument("--drill", action="store_true")
    parser.add_argument("--passphrase-file")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--operator")
    parser.add_argument("--operator-pin-file")
    known, rest = parser.parse_known_args(list(line))
    return Options(**vars(known)), rest


def verbs(parser: argparse.ArgumentParser) -> Any:
    """Subcommands of a noun: `verbs(parser).add_parser("load", help=...)`; the chosen one is `args.verb`."""
    return parser.add_subparsers(dest="verb", required=True, title="できること", metavar="VERB")
