"""Registers, rolls and elections that come in a bundle: packed on the town's side, opened and checked at a station."""

from __future__ import annotations

import argparse
import contextlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.commands.context import Context
from sanjo_tui.commands.keys import own
from sanjo_tui.errors import BundleError
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.register.manifest import Manifest
    from sanjo_tui.vault.travel import Opened

MANIFEST, SETUP = "manifest.toml", "election.toml"
CONTENTS = ("register", "roll", "tickets", "support", "houses", "surveys", "staff", "seals")


def arguments(pack: argparse.ArgumentParser) -> None:
    """Options of `pack`."""
    pack.add_argument("folder", metavar="DIR", type=Path, help="manifest.toml か election.toml のあるフォルダー")
    pack.add_argument("--to", metavar="NAME", nargs="+", required=True, help="開ける相手（keys trust で登録した名前）")
    pack.add_argument("--out", metavar="FILE", type=Path, required=True, help="書く束（.sanjo-bundle）")


def plain_option(load: argparse.ArgumentParser) -> None:
    """The option of `load` that lets an unsigned folder in."""
    load.add_argument("--plain", action="store_true",
                      help="作成元の鍵を登録してあっても、署名のないフォルダーを読み込む（記録に残ります）")


def pack(context: Context, args: argparse.Namespace) -> int:
    """Sign a snapshot folder and encrypt it to its receivers."""
    from sanjo_tui.vault import parties, travel

    context.permit(Permission.DATA)
    receivers = [parties.named(context.keys(), name) for name in args.to]
    has_setup = (args.folder / SETUP).is_file()
    manifest = None if has_setup and not (args.folder / MANIFEST).exists() else _manifest(args.folder)
    names = [SETUP] if has_setup else []
    what: dict[str, Any] = {"content": "election", "lg_code": context.station().lg_code, "snapshot_id": "election"}
    if manifest is not None:
        names += [MANIFEST, *(entry.name for entry in manifest.files)]
        what = {"content": manifest.content, "lg_code": manifest.lg_code, "snapshot_id": manifest.snapshot_id,
                "sequence": manifest.sequence, "as_of": manifest.as_of.isoformat()}
    context.log_act("bundle.pack", {"snapshot_id": what["snapshot_id"], "content": what["content"],
                                    "to": " ".join(party.station for party in receivers)})
    try:
        seal = travel.pack(args.out, own(context), receivers, {name: args.folder / name for name in names}, **what)
    except OSError as error:
        raise BundleError(f"{args.out} に書けません。", "媒体が差してあり、空きがあることを確かめてください。",
                          detail=type(error).__name__) from error
    context.emit({"file": args.out, "seal": seal})
    context.say(f"{args.out} に {seal.snapshot_id} を書きました。開けるのは {'、'.join(args.to)} だけです。")
    return 0


def _manifest(folder: Path) -> Manifest:
    """The manifest with its files' hashes checked. BundleError: what is wrong first."""
    from sanjo_tui.register import manifest as manifests
    from sanjo_tui.register.report import Report

    try:
        content = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8-sig")).get("content", "register")
    except (OSError, ValueError):
        content = "register"                # the reading below says what is wrong, and where
    report = Report()
    manifest = manifests.read(folder, report, CONTENTS[:1] if content == "register" else CONTENTS[1:])
    if manifest is None or not report.ok:
        raise BundleError(f"{folder} は束にできません。最初の誤り: {report.errors[0]}。",
                          "register check か election check で全部の誤りを見られます。", detail=report.errors[0].rule)
    return manifest


@contextlib.contextmanager
def opened(context: Context, path: Path, *, plain: bool) -> Iterator[Path | Opened]:
    """What is at `path`: a bundle opened; a folder or TOML file as it is where no sender is registered, or by --plain.

    What is refused is recorded by its code. BundleError.
    """
    from sanjo_tui.vault import parties, travel
    from sanjo_tui.vault.parties import SENDERS

    try:
        if path.suffix == ".toml" or not path.is_file():
            if path.exists() and not plain and (known := parties.trusted(context.keys(), *SENDERS)):
                raise BundleError(f"署名のないデータです。{known[0].name} の署名がある束だけを読み込みます。",
                                  "束（.sanjo-bundle）を受け取ってください。確かなものなら --plain を付けます。",
                                  detail="plain folder")
            yield path
            return
        with travel.unseal(path, context.keys(), SENDERS) as bundle:
            _same(bundle)
            yield bundle
    except BundleError as error:
        context.log_act("bundle.refused", {"why": error.detail})
        raise


def _same(bundle: Opened) -> None:
    """The seal and the manifest speak of the same snapshot; a set-up alone has none. BundleError."""
    seal = bundle.seal
    if seal.content == "election" and not (bundle / MANIFEST).is_file():
        return
    try:
        table = tomllib.loads((bundle / MANIFEST).read_bytes().decode("utf-8-sig"))
        held = (table.get("content", "register"), table["snapshot_id"], table["sequence"], str(table["as_of"])[:10])
        code = str(table["lg_code"])
    except (OSError, ValueError, KeyError) as error:
        raise BundleError("束の中の manifest.toml を読めません。", "送り主に、もう一度作ってもらってください。",
                          detail="manifest") from error
    if held != (seal.content, seal.snapshot_id, seal.sequence, seal.as_of) or not seal.lg_code.startswith(code[:5]):
        raise BundleError("束の中の住基や名簿が、署名された回のものと違います。",
                          "使わずに、送り主へ電話で確かめてください。", detail="swapped snapshot")


def origin(source: Path | Opened, *, plain: bool) -> dict[str, str]:
    """For the record of a load: whose signature it was, or that an unsigned folder was let in by --plain."""
    if not isinstance(source, Path):
        return {"signed_by": source.sender.fingerprint}
    return {"plain": "True"} if plain else {}
