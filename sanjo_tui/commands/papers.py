"""A document as a file: pages, rows as CSV, or identifiers as JSON; what every reception's papers share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol

from sanjo_tui.commands.context import Context, as_json
from sanjo_tui.errors import PrintError, UsageError
from sanjo_tui.vault.roles import Permission

FORMATS = ("csv", "pdf", "json")
NOT_OPTIONS = ("home", "verb", "format", "out")


class Filled(Protocol):
    """A document that is filled in."""

    @property
    def content(self) -> Any:
        """What stands on it, with its heading."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Identifiers of a list's columns; empty where it is no list."""

    @property
    def rows(self) -> Any:
        """The rows of a list."""

    def pdf(self) -> Any:
        """The pages."""

    def csv(self) -> str:
        """The rows as CSV."""

    def records(self) -> list[dict[str, object]]:
        """The rows for JSON."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--format` and `--out`."""
    parser.add_argument("--format", choices=FORMATS, help="形式（なければ --out の名前の終わり、または csv）")
    parser.add_argument("--out", metavar="FILE", default="-", help="書き出す先（- は標準出力）")


def given(args: argparse.Namespace) -> dict[str, Any]:
    """The document's own parameters among the options."""
    return {name: value for name, value in vars(args).items() if name not in NOT_OPTIONS and value is not None}


def deliver(context: Context, args: argparse.Namespace, form: str, fill: Callable[[], Filled],
            about: Callable[[Filled], dict[str, Any]]) -> None:
    """Writes the document where it was asked for. `about`: what a JSON document says of the reception it is from.

    Everything that can be refused is refused before `fill` is called: filling a form in is recorded.
    """
    style = args.format or _style(context, args.out)
    if context.json and args.out == "-" and style != "json":
        raise UsageError(f"--json と --format {style} を一緒に使うときは、--out でファイルを指定してください。")
    if style == "pdf" and args.out == "-" and sys.stdout.isatty():
        raise UsageError("PDF は画面に出せません。", "--out でファイルを指定してください。")
    place = None if args.out == "-" else place_of(context, Path(args.out))
    desk = context.desk()
    desk.permit(Permission.CLEAR_FILE)
    paper = fill()
    data, pages, issues = _pages(form, paper, style, about)
    desk.log_act("document.clear", {"form": form, "format": style, "rows": len(paper.rows),
                                    "to": "standard output" if place is None else "file"})
    if place is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        _write(place, data)
        context.emit({"form": form, "format": style, "out": str(place), "pages": pages, "rows": len(paper.rows),
                      "issues": issues})
        context.say(f"{place} に書きました。")
    if desk.who.role is not None:
        context.warn("注意: 暗号のない文書です。書き出したことは記録されました。使い終わったら消してください。")
    for issue in issues:
        context.warn(f"注意: {issue}")


def _style(context: Context, out: str) -> str:
    suffix = Path(out).suffix.lower().removeprefix(".")
    return suffix if suffix in FORMATS else "json" if context.json else "csv"


def _pages(form: str, paper: Filled, style: str,
           about: Callable[[Filled], dict[str, Any]]) -> tuple[bytes, int, tuple[str, ...]]:
    """The document's bytes, its pages (PDF only), and what the paper does not show as typed."""
    if style == "pdf":
        pdf = paper.pdf()
        return pdf.data, pdf.pages, pdf.issues
    if style == "json":
        return (as_json(_records(form, paper, about(paper)), wide=True) + "\n").encode(), 0, ()
    if form == "blanks":
        return "".join(f"{number}\r\n" for number in ("registration_no", *paper.content.numbers)).encode(), 0, ()
    if not paper.columns:
        raise UsageError("この書類は表ではないので CSV にできません。", "--format pdf か json を使ってください。")
    return paper.csv().encode(), 0, ()


def _records(form: str, paper: Filled, about: dict[str, Any]) -> dict[str, Any]:
    """The document as identifiers: rows of a list, or what stands on a sheet."""
    heading = paper.content.heading
    document: dict[str, Any] = {"form": form, "place": heading.place, "at": heading.at, "drill": heading.drill,
                                "fictitious": heading.fictitious, **about}
    if paper.columns:
        document["rows"] = paper.records()
    rest = {f.name: getattr(paper.content, f.name) for f in fields(paper.content)}
    return document | {name: value for name, value in rest.items() if name not in ("heading", "rows")}


def place_of(context: Context, path: Path) -> Path:
    """Where a readable page may go: anywhere but among the sealed files. PrintError, before anything is recorded."""
    if path.resolve().is_relative_to(context.home.resolve()):
        raise PrintError("拠点の中には書き出せません。", "拠点の外のファイルを --out で指定してください。")
    if not path.parent.is_dir():
        raise PrintError(f"{path.parent} というフォルダーはありません。", "あるフォルダーを --out で指定してください。")
    return path


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by the owner only."""
    from sanjo_tui.vault.durable import replace_file

    try:
        replace_file(path, data)
    except OSError as error:
        raise PrintError(f"{path} に書けません。", "置き場所、空き容量、書込権限を確かめてください。",
                         detail=str(error)) from error
