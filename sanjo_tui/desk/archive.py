"""What is left when a disaster is over: one sealed file for the archive, then the episode's key is destroyed.

The file opens with a phrase of its own, printed once for the envelope that goes with it; the station's own keys do not
open it. After the key is destroyed nobody can read the episode here, and the chain of the journal still verifies.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.errors import JournalError, RuleError
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.desk.shelter import ShelterDesk

FORMAT = "sanjo archive 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """Where the archive lies and the phrase that opens it: shown once, kept nowhere."""

    path: Path
    phrase: str
    events: int
    sha256: str


def archive(shelter: ShelterDesk, folder: Path) -> Archived:
    """Write the closed episode into one sealed file outside the home, read it back, and record that it was done.

    Raises RuleError while the shelter is open, JournalError when the file cannot be written or does not read back.
    """
    from sanjo_tui.vault.durable import replace_file
    from sanjo_tui.vault.recovery import new_phrase

    desk = shelter.desk
    desk.permit(Permission.EXPORT)
    episode, scope = shelter.episode(), shelter.scope
    if episode is None or episode.is_open:
        raise RuleError("閉鎖した避難所だけを保存できます。", "先に閉鎖してください。")
    if folder.resolve().is_relative_to(desk.station.home.resolve()):
        raise RuleError("保存先は端末のデータの外にしてください。", "USBメモリなど、別の場所を指定してください。")
    with desk.journal.view() as view:
        lines = [_line(recorded) for recorded in view.events(scope=scope)]
    phrase = new_phrase()
    sealed = _seal("\n".join(lines), phrase, {"station": desk.station.code, "episode": scope, "events": len(lines),
                                              "written": dt.datetime.now(JST).isoformat(timespec="seconds")})
    path = folder / f"{desk.station.code}-{scope}.sanjo-archive"
    if path.exists():
        raise JournalError(f"{path.name} はもうあります。", "別の保存先を指定してください。")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, sealed)
        again = path.read_bytes()
    except OSError as error:
        raise JournalError("保存用のファイルを書けません。", "保存先の空きと書込み権限を確かめてください。",
                           detail=type(error).__name__) from error
    if read(again, phrase).count("\n") + 1 != len(lines):
        raise JournalError("保存用のファイルを読み返せません。", "別の保存先でもう一度行ってください。")
    digest = hashlib.sha256(again).hexdigest()
    desk.journal.record(desk.operator, lambda _: (ev.ShelterArchived(
        subject=shelter.here, scope=scope, archive_sha256=digest, events=len(lines)),), reserve=True)
    return Archived(path=path, phrase=phrase, events=len(lines), sha256=digest)


def destroy(shelter: ShelterDesk, confirm: str) -> str:
    """Destroy the key of the archived episode. `confirm` repeats its code. Gives the code.

    Raises RuleError: not closed, not archived, or another code was typed.
    """
    desk = shelter.desk
    desk.permit(Permission.EXPORT)
    episode, scope = shelter.episode(), shelter.scope
    if episode is None or not episode.archived:
        raise RuleError("保存していない避難所の記録は廃棄できません。", "先に保存(archive)してください。")
    if confirm != scope:
        raise RuleError("確認の番号が違います。", f"廃棄するときは {scope} と入れてください。")
    desk.log_act("shelter.key_destroyed", {"episode": scope})
    desk.keys.destroy_scope_key(scope)
    desk.journal.forget(scope)
    return scope


def read(data: bytes, phrase: str) -> str:
    """The JSON lines of an archive. Raises JournalError for a wrong phrase or a damaged file."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from sanjo_tui.vault.recovery import letters_of
    from sanjo_tui.vault.slots import read_slot

    head, _, body = data.partition(b"\n")
    try:
        info = json.loads(head)
        if info["format"] != FORMAT:
            raise ValueError(info["format"])
        key = read_slot(info["slot"], b"").unwrap(letters_of(phrase) or phrase)
        if key is None:
            raise JournalError("保存の合言葉が違います。", "封筒の合言葉を確かめてください。")
        return zlib.decompress(ChaCha20Poly1305(key).decrypt(bytes.fromhex(info["nonce"]), body, _bound(info))).decode()
    except (InvalidTag, KeyError, TypeError, ValueError, zlib.error) as error:
        raise JournalError("保存用のファイルではないか、壊れています。", "別の控えを使ってください。",
                           detail=type(error).__name__) from error


def _line(recorded: Any) -> str:
    import msgspec

    body = {"station": recorded.station, "seq": recorded.seq, "at_ms": recorded.at_ms, "operator": recorded.operator,
            "kind": recorded.event.kind, **msgspec.to_builtins(recorded.event)}
    return json.dumps(body, ensure_ascii=False)


def _seal(text: str, phrase: str, info: dict[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from sanjo_tui.vault.recovery import letters_of
    from sanjo_tui.vault.slots import ARCHIVE, wrap

    key, nonce = os.urandom(32), os.urandom(12)
    slot = wrap(key, role=ARCHIVE, name=info["episode"], secret=letters_of(phrase) or phrase, vault=b"")
    head = {"format": FORMAT, **info, "slot": slot.table(), "nonce": nonce.hex()}
    body = ChaCha20Poly1305(key).encrypt(nonce, zlib.compress(text.encode()), _bound(head))
    return json.dumps(head).encode() + b"\n" + body


def _bound(info: dict[str, Any]) -> bytes:
    """What the seal also covers: a header that was edited does not open."""
    return json.dumps([info["format"], info["station"], info["episode"], info["events"]]).encode()
