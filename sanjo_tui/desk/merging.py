"""Taking in the journals of other stations: exports, in any order and as often as one likes, give the same result.

Nothing is resolved silently: what two stations recorded of the same voter stays there twice, and is listed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.state import LOADED
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One export that was taken in: `new` events of `station`, which is now known up to `to_seq`."""

    file: Path
    station: str
    new: int
    to_seq: int


def take_in(desk: Desk, path: Path, secret: str) -> Merged:
    """Verify an export with the secret of its station (one for headquarters: with our keys) and take in what is new.

    Raises VaultError (wrong secret), BundleError (not for us, or not by whom we trust), JournalError,
    BrokenChain (cut, changed or contradicting rows: nothing is taken).
    """
    from sanjo_tui.journal import exports

    desk.permit(Permission.EXPORT)
    bundle = exports.read(path, secret, desk.keys)
    new = desk.journal.absorb(bundle.rows, bundle.chain_key, bundle.scope_keys)
    last = max((row.seq for row in bundle.rows), default=0)
    at = max((row.at_ms for row in bundle.rows), default=0)
    desk.log_act("journal.merged", {"station": bundle.station, "to_seq": last, "new": new})
    scopes = {row.scope for row in bundle.rows}
    with desk.journal.view() as view:
        elections = [scope for scope in view.scopes(LOADED) if scope in scopes]
    desk.log(*(ev.JournalMerged(subject=scope, scope=scope, station=bundle.station, seq=last, events=new,
                                at=dt.datetime.fromtimestamp(at / 1000, JST).isoformat(timespec="minutes"))
               for scope in elections))
    return Merged(file=path, station=bundle.station, new=new, to_seq=last)
