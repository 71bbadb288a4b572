"""A chip card in memory: applications with files and records, answering APDUs as a real one does.

The built-in reader plays these, so that a demo goes the same way through the profiles as a card in the field; tests put
them before a real daemon. ISO 7816-4: SELECT, READ BINARY, READ RECORD, and the readers' pseudo APDU for the uid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MY_NUMBER_CARD = bytes.fromhex("3B888001000005E0B381A1007F")
"""ATR of a My Number card on a contactless reader."""

FELICA = bytes.fromhex("3B8F8001804F0CA00000030611003B0000000042")
"""ATR of a FeliCa card (Suica and others)."""


@dataclass(slots=True)
class FileCard:
    """`files`: {AID: {EF: content}} with an EF as a number (its low five bits are the short one).

    `records`: {(AID, EF): contents of record 1, 2, ...}. `uid`: empty for a card without.
    """

    files: Mapping[bytes, Mapping[int, bytes]] = field(default_factory=dict)
    records: Mapping[tuple[bytes, int], tuple[bytes, ...]] = field(default_factory=dict)
    uid: bytes = b""
    atr: bytes = MY_NUMBER_CARD
    application: bytes | None = field(init=False, default=None)
    current: int | None = field(init=False, default=None)

    def reset(self) -> None:
        """Power off or on: nothing is selected."""
        self.application = self.current = None

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
            case "00B2", number, p2 if p2 & 7 == 4:
                return self._record(self._long(p2 >> 3) if p2 >> 3 else self.current, number)
        return b"", 0x6D00

    def _select_application(self, aid: bytes) -> tuple[bytes, int]:
        if aid not in self.files and all(aid != one for one, _ in self.records):
            return b"", 0x6A82
        self.application, self.current = aid, None
        return b"", 0x9000

    def _here(self) -> set[int]:
        assert self.application is not None
        return set(self.files.get(self.application, {})) | {ef for a, ef in self.records if a == self.application}

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
