"""A search through all live objects of this process: does anything hold one of these keys?

The keys are held masked meanwhile, so that the search does not find itself.
"""

from __future__ import annotations

import base64
import gc
import sys
import types
from collections.abc import Iterable, Iterator

from sanjo_tui.vault import Keys

_MASK = 0x5A


def _masked(data: bytes) -> bytes:
    return bytes(byte ^ _MASK for byte in data)


class Needles:
    """Keys under a mask, by what they are for."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._masked = {name: _masked(key) for name, key in keys.items()}

    @property
    def count(self) -> int:
        """How many keys."""
        return len(self._masked)

    def clear(self, name: str) -> bytes:
        """One of them, without its mask."""
        return _masked(self._masked[name])

    def and_(self, others: Needles) -> Needles:
        """Both."""
        return Needles({name: _masked(key) for name, key in {**self._masked, **others._masked}.items()})

    @classmethod
    def of(cls, keys: Keys, *registers: str) -> Needles:
        """Everything that an open station derives."""
        files = ("journal", "copy manifest", "export", *registers)
        return cls({"master": keys._master, "chain": keys.chain_key, "tokens": keys._token_key,
                    "operators": keys._operators_key, "scopes": keys._scope_wrapping_key,
                    **{name: keys.file_key(name) for name in files},
                    **{f"scope {name}": key for name in keys.scopes() if (key := keys.scope_key(name))}})

    def forms(self) -> Iterator[tuple[str, bytes]]:
        """Each key raw, in hexadecimal and in base64."""
        for name, masked in self._masked.items():
            key = _masked(masked)
            yield name, key
            yield name, key.hex().encode()
            yield name, key.hex().upper().encode()
            yield name, base64.b64encode(key)[:40]


def live_data() -> tuple[list[bytes], list[str]]:
    """Every live run of bytes, and every live text: all that can be reached from the collector or a thread's frame."""
    seen: set[int] = set()
    data: list[bytes] = []
    texts: list[str] = []
    waiting: list[object] = []
    for frame in sys._current_frames().values():
        at: types.FrameType | None = frame
        while at is not None:
            waiting.extend(at.f_locals.values())
            at = at.f_back
    gc.collect()                    # looking at a frame renews what an earlier look at it kept alive
    waiting.extend(gc.get_objects())
    seen |= {id(one) for one in (waiting, seen, data, texts)}
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, bytes):
            data.append(one)
        elif isinstance(one, str):
            texts.append(one)
        elif isinstance(one, bytearray | memoryview):
            data.append(bytes(one))
        elif not isinstance(one, int | float | types.FrameType):
            waiting.extend(gc.get_referents(one))
    return data, texts


def found_alive(needles: Needles) -> dict[str, int]:
    """Names of the keys that some live object holds, and in how many."""
    data, texts = live_data()
    long = [one for one in data if len(one) >= 32] + [one.encode("utf-8", "surrogatepass")
                                                      for one in texts if len(one) >= 32]
    del data, texts
    found: dict[str, int] = {}
    for name, form in needles.forms():
        if hits := sum(form in one for one in long):
            found[name] = found.get(name, 0) + hits
    return found


def names_alive(names: Iterable[str]) -> dict[str, int]:
    """Which of these names some live text still holds; the words of the test itself apart."""
    wanted = set(names)
    _, texts = live_data()
    return {name: count for name in wanted
            if (count := sum(name in one for one in texts if one not in wanted))}
