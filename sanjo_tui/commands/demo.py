"""`sanjo-tui demo`: a drill on fictitious residents with the built-in card reader, with nothing to set up.

The first run makes a drill home out of the sample data that travels with the program; later runs go on where the last
one ended. A live home is never touched.
"""

from __future__ import annotations

import argparse
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

from sanjo_tui import station as stations
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.init import make
from sanjo_tui.errors import StationError
from sanjo_tui.station import Station, fixtures


def arguments(parser: argparse.ArgumentParser) -> None:
    """`demo` has no options of its own."""


def run(context: Context, args: argparse.Namespace) -> int:
    """Prepares the drill and opens its screens."""
    home = context.drill_home
    station = stations.read(home) if (home / stations.FILE).exists() else prepare(home, context)
    code = context.open_screens(replace(station, built_in_reader=True), None)
    prints = Path(station.printer.removeprefix("folder:"))
    if station.printer.startswith("folder:") and any(prints.glob("*.pdf")):
        context.say(f"印刷したものは {prints} にあります。")
    return code


def free(home: Path) -> None:
    """Raises StationError if a new drill would mix with something else in its folder."""
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise StationError(f"{home} には別のものが入っています。", "空のフォルダーを --home で指定してください。")


def prepare(home: Path, context: Context) -> Station:
    """A new drill home: made aside and moved into its place, so that it is there whole or not at all."""
    from sanjo_tui.register import snapshot
    from sanjo_tui.vault import Vault

    free(home)
    context.warn("練習用の拠点を準備しています。")
    sample = tomllib.loads((fixtures() / "stations" / "drill.toml").read_text(encoding="utf-8"))
    aside = home.with_name(f".{home.name}.new")
    shutil.rmtree(aside, ignore_errors=True)        # what an interrupted first run has left
    station = stations.build(aside, {**sample, "printer": f"folder:{home}-prints"})
    try:
        make(station, "", (fixtures() / "cards" / "profiles.toml").read_bytes())
        keys = Vault.open(station.vault).unlock("")
        snapshot.load(fixtures() / "residents" / "demo", station.register_dir, keys, lg_code=station.lg_code)
        if home.exists():
            home.rmdir()                            # an empty folder that was there
        aside.rename(home)
    except OSError as error:
        raise StationError(f"{home} に練習用の拠点を作れません。", "置き場所、空き容量、書込権限を確かめてください。",
                           detail=str(error)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return stations.read(home)
