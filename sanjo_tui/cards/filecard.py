"""A chip card in memory: applications with files and records, answering APDUs as a real one does.

The built-in reader plays these, so that a demo goes the same way through the profiles as a card in the field; tests put
them before a real daemon. ISO 7816-4: SELECT, READ BINARY, READ RECORD, VERIFY, UPDATE BINARY, and the readers' pseudo
APDU for the uid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MY_NUMBER_CARD = bytes.fromhex("3B888001000005E0B381A1007F")
"""ATR of a My Number card on a contactless reader."""

FELICA = bytes.fromhex("3B8F8001804F0CA00000030611003B0000000042")
"""ATR of a FeliCa card (Suica and others)."""


@dataclass(slots=True)
class PinFile:
    """A PIN or key of the card: `tries` wrong ones are left of `most`. Power off clears `shown`, never the count."""

    secret: bytes
    tries: int = 3
    most: int = 3
    shown: bool = False


@dataclass(slots=True)
class FileCard:
    """`files`: {AID: {EF: content}} with an EF as a number (its low five bits are the short one).

    `records`: {(AID, EF): contents of record 1, 2, ...}. `uid`: empty for a card without. `pins`: {(AID, EF): PIN}.
    `writable`: {(AID, EF): EF of the key that must have been shown, None for none}.
    """

    files: Mapping[bytes, Mapping[int, bytes]] = field(default_factory=dict)
    records: Mapping[tuple[bytes, int], tuple[bytes, ...]] = field(default_factory=dict)
    uid: bytes = b""
    atr: bytes = MY_NUMBER_CARD
    pins: dict[tuple[bytes, int], PinFile] = field(default_factory=dict)
    writable: dict[tuple[bytes, int], int | None] = field(default_factory=dict)
    application: bytes | None = field(init=False, default=None)
    current: int | None = field(init=False, default=None)

    def reset(self) -> None:
        """Power off or on: nothing is selected, no PIN was shown."""
        self.application = self.current = None
        for one in self.pins.values():
            one.shown = False

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """The answer's data and status word."""
        if len(apdu) < 4:
            return b"", 0x6700
        head, body = apdu[:2], apdu[5:5 + apdu[4]] if len(apdu) > 5 else b""
        most = apdu[4] if len(apdu) == 5 else 0
        match head.hex().upper(), apdu[2], apdu[3]:
            case "FFCA", 0, 0:
                return (self.uid, 0x9000) if self.uid else (b"", 0x6A81)
            case "00A4", 4, _:
                return self._select_application(body)
            case "00A4", 2, _:
                return self._select_file(int.from_bytes(body))
            case "00B0", high, low if high & 0x80:
                return self._binary(self._long(high & 0x1F), low, most)
            case "00B0", _, _ if self.current is None:
                return b"", 0x6986
            case "00B0", high, low:
                return self._binary(self.current, high << 8 | low, most)
            case "0020", 0, _:
                return self._verify(body)
            case "00D6", high, low if high < 0x80:
                return self._update(high << 8 | low, body)
            case "00B2", number, p2 if p2 & 7 == 4:
                return self._record(self._long(p2 >> 3) if p2 >> 3 else self.current, number)
        return b"", 0x6D00

    def _select_application(self, aid: bytes) -> tuple[bytes, int]:
        if aid not in self.files and all(aid != one for one, _ in (*self.records, *self.pins)):
            return b"", 0x6A82
        self.application, self.current = aid, None
        return b"", 0x9000

    def _here(self) -> set[int]:
        assert self.application is not None
        here = {ef for a, ef in (*self.records, *self.pins) if a == self.application}
        return set(self.files.get(self.application, {})) | here

    def _verify(self, given: bytes) -> tuple[bytes, int]:
        """VERIFY of the selected PIN; without data it only says how many tries are left."""
        one = self.pins.get((self.application or b"", -1 if self.current is None else self.current))
        if one is None:
            return b"", 0x6986
        if one.tries == 0:
            return b"", 0x6984
        if not given:
            return b"", 0x9000 if one.shown else 0x63C0 | one.tries
        one.shown = given == one.secret
        one.tries = one.most if one.shown else one.tries - 1
        return b"", 0x9000 if one.shown else 0x63C0 | one.tries

    def _update(self, offset: int, data: bytes) -> tuple[bytes, int]:
        """UPDATE BINARY in the selected file."""
        aid, ef = self.application or b"", -1 if self.current is None else self.current
        content = self.files.get(aid, {}).get(ef)
        if content is None:
            return b"", 0x6986
        if (aid, ef) not in self.writable:
            return b"", 0x6982
        key = self.writable[aid, ef]
        if key is not None and not self.pins[aid, key].shown:
            return b"", 0x6982
        if offset + len(data) > len(content):
            return b"", 0x6B00
        changed = content[:offset] + data + content[offset + len(data):]
        self.files = {**self.files, aid: {**self.files[aid], ef: changed}}
        return b"", 0x9000

    def _select_file(self, ef: int) -> tuple[bytes, int]:
        if self.application is None or ef not in self._here():
            return b"", 0x6A82
        self.current = ef
        return b"", 0x9000

    def _long(self, short: int) -> int | None:
        """The file of a short EF id, which becomes the current one."""
        if self.application is None:
            return None
        found = min((ef for ef in self._here() if ef & 0x1F == short), default=None)
        self.current = found
        return found

    def _binary(self, ef: int | None, offset: int, most: int) -> tuple[bytes, int]:
        content = self.files.get(self.application or b"", {}).get(-1 if ef is None else ef)
        if content is None:
            return b"", 0x6A82
        if offset >= len(content):
            return b"", 0x6B00
        return content[offset:offset + (most or 256)], 0x9000

    def _record(self, ef: int | None, number: int) -> tuple[bytes, int]:
        rows = self.records.get((self.application or b"", -1 if ef is None else ef), ())
        return (rows[number - 1], 0x9000) if 0 < number <= len(rows) else (b"", 0x6A83)
