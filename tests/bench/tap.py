"""From the moment the daemon reports a card to the painted household, through a real pcscd with a virtual reader."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

from tests.bench import desk
from tests.bench.figures import CannotMeasure, Figure, p50, p99, spread
from tests.bench.ground import Ground
from tests.hardware.pcscd import PrivateDaemon, until, why_not

WARM = 3
"""Taps that are not counted: they load what a desk loads once."""


def measure(ground: Ground) -> Iterator[Figure]:
    """The large register; the reads alone, on the same daemon, follow in the same run."""
    reason = why_not()
    if reason:
        raise CannotMeasure(reason)
    station, notes = ground.station(ground.large), desk.Notes(ground.folder / "notes-tap")
    ids = ground.user_ids(ground.large, ground.repeats(120) + WARM, "tap")
    taken: list[float] = []
    with PrivateDaemon() as daemon:
        with desk.desk_on(station, notes, daemon.environment) as terminal:
            terminal.painted(lambda text: desk.idle(text) and "読取可" in text)
            for user_id in ids:
                with daemon.tap(desk.card(user_id)):
                    taken.append((terminal.painted(desk.household) - notes.last("CardTouched")) * 1e3)
                until(lambda: notes.count("CardGone") == notes.count("CardTouched"), "the card was never gone")
                desk.back(terminal)
        bare = _bare_reads(daemon, ids[:max(10, len(ids) // 2)])
    first, taken = taken[0], taken[WARM:]
    yield Figure(name=f"card reported to household painted, {ground.large:,}", value=p99(taken), budget=60,
                 yardstick=p99(bare), yardstick_name=f"bare read, p50 {p50(bare):.1f}", spread=spread(taken),
                 note=f"p99; the very first tap {first:.0f}")


def _bare_reads(daemon: PrivateDaemon, ids: list[str]) -> list[float]:
    """Milliseconds from the daemon's report to the 13 digits, with nothing but PC/SC calls in this process."""
    from smartcard import scard  # type: ignore[import-untyped]

    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    _, readers = scard.SCardListReaders(context, [])
    state: Any = [(reader, scard.SCARD_STATE_UNAWARE) for reader in readers]
    taken = []
    for user_id in ids:
        with daemon.tap(desk.card(user_id)):
            reader, known = _wait(scard, context, state, present=True)
            start = time.monotonic()
            _, handle, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_SHARED,
                                                     scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
            pci = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
            select = [0x00, 0xA4, 0x04, 0x0C, len(desk.AID), *desk.AID]
            answers = [scard.SCardTransmit(handle, pci, apdu)[1]
                       for apdu in (select, [0x00, 0xB0, 0x81, 0x00, 13])]
            taken.append((time.monotonic() - start) * 1e3)
            scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
            assert bytes(answers[1][:13]).decode() == user_id
        _, known = _wait(scard, context, known, present=False)
        state = known
    scard.SCardReleaseContext(context)
    return taken


def _wait(scard: Any, context: Any, state: Any, present: bool) -> tuple[str, Any]:
    """Until a card is there (or none is): its reader, and the state to go on from."""
    for _ in itertools.repeat(None, 50):
        _, now = scard.SCardGetStatusChange(context, 1_000, state)
        state = [(reader, event) for reader, event, _ in now]
        held = [reader for reader, event, _ in now if event & scard.SCARD_STATE_PRESENT]
        if bool(held) == present:
            return (held[0] if held else ""), state
    raise AssertionError("the daemon never said it")
