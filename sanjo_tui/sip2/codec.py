"""Frames of SIP2 as bytes: two digits, fixed fields, `XXvalue|` fields, sequence, checksum (docs/library.md §5).

The checksum sums bytes, never characters. Text is decoded before it is split: in CP932 the second byte of ポ is `|`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sanjo_tui.errors import SanjoError

ENCODINGS = ("utf-8", "cp932", "cp850")
TERMINATORS = {"CR": b"\r", "CRLF": b"\r\n", "none": b""}
LONGEST = 255
"""Bytes of a value, at most."""

FIXED = {"93": 2, "94": 1, "99": 8, "98": 34, "63": 31, "64": 59, "11": 38, "12": 22, "09": 37, "10": 22, "35": 18,
         "36": 19, "17": 18, "18": 24, "96": 0, "97": 0}
"""Characters of the fixed part behind the two digits."""

_TRAILER = re.compile(rb"(?:AY([0-9]))?AZ([0-9A-Fa-f]{4})$")
_SEQUENCE_ONLY = re.compile(rb"AY([0-9])$")


class Sip2Error(SanjoError):
    """The library's system cannot be reached, or does not speak as its settings say. `detail`: never a value."""


class Unfit(Sip2Error):
    """A value that SIP2, or the encoding set here, cannot carry: nothing was sent."""


class Garbled(Sip2Error):
    """A frame that is cut, changed on the way, or no SIP2."""

    def __init__(self, detail: str) -> None:
        super().__init__("図書館システムの返事が読めません。", "文字コードと行末の設定を確かめてください。",
                         detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How both sides write: `encoding` of ENCODINGS, `terminator` of TERMINATORS, with or without checksum."""

    encoding: str = "utf-8"
    terminator: str = "CR"
    checksum: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `fields` in the order of the wire; a code may stand several times."""

    code: str
    fixed: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    def first(self, code: str) -> str:
        """The first value of a field, or ""."""
        return next((value for name, value in self.fields if name == code), "")

    def every(self, code: str) -> tuple[str, ...]:
        """All values of a field that are not empty."""
        return tuple(value for name, value in self.fields if name == code and value)


def checksum(data: bytes) -> bytes:
    """Four capital hex digits for all bytes up to and including `AZ`."""
    return f"{-sum(data) & 0xFFFF:04X}".encode()


def verified(frame: bytes) -> bool:
    """Whether the frame ends in its own checksum."""
    trailer = _TRAILER.search(frame)
    return bool(trailer) and (sum(frame[:-4]) + int(frame[-4:], 16)) & 0xFFFF == 0


def encode(message: Message, sequence: int, form: Form) -> bytes:
    """The whole frame with its terminator. Raises Unfit."""
    text = [message.code, message.fixed]
    for code, value in message.fields:
        text.append(f"{code}{_checked(code, value, form.encoding)}|")
    data = "".join(text).encode(form.encoding)
    bare = message.code in ("96", "97")
    if form.checksum:
        data += b"AZ" if bare else f"AY{sequence % 10}AZ".encode()
        data += checksum(data)
    return data + TERMINATORS[form.terminator]


def _checked(code: str, value: str, encoding: str) -> str:
    try:
        data = value.encode(encoding)
    except UnicodeEncodeError as error:
        raise Unfit("図書館システムの文字コードで書けない文字があります。", "設定の文字を直してください。",
                    detail=f"{code} encoding") from error
    if len(data) > LONGEST or any(bad in value for bad in "|\r\n\0"):
        raise Unfit("図書館システムに送れない番号です。", "番号を確かめて、もう一度読み取ってください。",
                    detail=f"{code} {len(data)} bytes")
    return value


def decode(frame: bytes, form: Form) -> tuple[Message, int | None]:
    """Message and sequence digit (None without one). `frame`: as it came, with or without its terminator.

    Raises Garbled: a cut frame, a wrong checksum, an unknown code. Bytes that are no text of the encoding become
    U+FFFD: flags and counts stand in ASCII and stay readable, also where such bytes swallow a delimiter.
    """
    data = frame.strip(b"\r\n\0 ")
    sequence: int | None = None
    trailer = _TRAILER.search(data)
    if trailer is not None:
        if form.checksum and not verified(data):
            raise Garbled("checksum")
        sequence = int(trailer[1]) if trailer[1] is not None else None
        data = data[:trailer.start()]
    elif form.checksum:
        raise Garbled("no checksum")
    elif (alone := _SEQUENCE_ONLY.search(data)) is not None:
        sequence, data = int(alone[1]), data[:alone.start()]
    text = data.decode(form.encoding, errors="replace")
    code, rest = text[:2], text[2:]
    if code not in FIXED:
        raise Garbled("code")
    fixed, rest = rest[:FIXED[code]], rest[FIXED[code]:]
    if len(fixed) < FIXED[code]:
        raise Garbled(f"{code} cut")
    if rest and not rest.endswith("|") and not form.checksum:
        raise Garbled(f"{code} open field")
    fields = tuple((part[:2], part[2:]) for part in rest.split("|") if part)
    return Message(code, fixed, fields), sequence


def complete(buffer: bytes, form: Form) -> tuple[bytes, bytes] | None:
    """The first whole frame of what has arrived, and the rest; None while it is only half there.

    A carriage return ends a frame. So does a right checksum at the end, because some systems leave the return out.
    """
    data = buffer.lstrip(b"\r\n\0 ")
    end = data.find(b"\r")
    if end >= 0:
        return data[:end], data[end + 1:]
    if form.checksum and verified(data):
        return data, b""
    return None
