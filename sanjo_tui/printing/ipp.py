"""IPP over HTTP with the standard library: the bytes of a request and of an answer, and one exchange.

Encoding: RFC 8010 (groups of tagged attributes, big-endian lengths), meaning: RFC 8011. What may have reached the
printer decides the error: NotSent before the last byte of the body is handed to the system, AnswerLost after it.
"""

from __future__ import annotations

import http.client
import itertools
import ssl
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

from sanjo_tui.printing.faults import AnswerLost, NotSent

Value = int | bool | str | bytes


class Tag(IntEnum):
    """Delimiters of groups and types of values that we write or read."""

    OPERATION, JOB, END, PRINTER, UNSUPPORTED = 1, 2, 3, 4, 5
    INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
    TEXT_WITH_LANGUAGE, NAME_WITH_LANGUAGE = 0x35, 0x36
    TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49


class Operation(IntEnum):
    """The operations that we use."""

    PRINT_JOB = 0x0002
    GET_JOB_ATTRIBUTES = 0x0009
    GET_PRINTER_ATTRIBUTES = 0x000B


NOT_FOUND, BUSY, VERSION_NOT_SUPPORTED = 0x0406, 0x0507, 0x0503
LONGEST_ANSWER = 1 << 20
_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a request, with one or more values of the same type."""

    tag: Tag
    name: str
    values: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A decoded answer: status code and attribute groups in order."""

    status: int
    groups: tuple[tuple[int, dict[str, tuple[Value, ...]]], ...]

    def values(self, group: Tag, name: str) -> tuple[Value, ...]:
        """All values of an attribute in the first group of this kind that has it."""
        return next((found[name] for tag, found in self.groups if tag == group and name in found), ())

    def number(self, group: Tag, name: str) -> int | None:
        """The first value, if it is a number."""
        value = next(iter(self.values(group, name)), None)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def words(self, group: Tag, name: str) -> tuple[str, ...]:
        """The values that are text."""
        return tuple(value for value in self.values(group, name) if isinstance(value, str))


class Garbled(ValueError):
    """The bytes are not an IPP answer."""


def one(tag: Tag, name: str, *values: int | str) -> Attribute:
    """An attribute for a request."""
    return Attribute(tag, name, values)


def encode(operation: int, request_id: int, groups: Iterable[tuple[Tag, Iterable[Attribute]]],
           version: tuple[int, int] = (2, 0)) -> bytes:
    """The bytes of a request (or, with a status as `operation`, of an answer) up to where the document follows."""
    out = bytearray(struct.pack(">BBHI", *version, operation, request_id))
    for group, attributes in groups:
        out.append(group)
        for attribute in attributes:
            for position, value in enumerate(attribute.values):
                name = b"" if position else attribute.name.encode("ascii")
                raw = _raw(attribute.tag, value)
                out += struct.pack(">BH", attribute.tag, len(name)) + name + struct.pack(">H", len(raw)) + raw
    out.append(Tag.END)
    return bytes(out)


def _raw(tag: Tag, value: int | str) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8")
    return struct.pack(">?", value) if tag is Tag.BOOLEAN else struct.pack(">i", value)


def decode(raw: bytes) -> Answer:
    """An answer from its bytes; Garbled if they are none."""
    try:
        (status,) = struct.unpack_from(">H", raw, 2)
        groups: list[tuple[int, dict[str, tuple[Value, ...]]]] = []
        at, name = 8, ""
        while (tag := raw[at]) != Tag.END:
            at += 1
            if tag < 0x10:
                groups.append((tag, {}))
                name = ""
                continue
            given, at = _chunk(raw, at)
            value, at = _chunk(raw, at)
            if not groups:
                raise Garbled("a value before the first group")
            name = given.decode("utf-8", "replace") or name
            found = groups[-1][1]
            found[name] = (*found.get(name, ()), _value(tag, value))
    except (struct.error, IndexError) as error:
        raise Garbled("cut off") from error
    return Answer(status, tuple(groups))


def _chunk(raw: bytes, at: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">H", raw, at)
    end = at + 2 + length
    if end > len(raw):
        raise Garbled("cut off")
    return raw[at + 2:end], end


def _value(tag: int, raw: bytes) -> Value:
    if tag in (Tag.INTEGER, Tag.ENUM) and len(raw) == 4:
        return int.from_bytes(raw, "big", signed=True)
    if tag == Tag.BOOLEAN and len(raw) == 1:
        return raw != b"\0"
    if tag in (Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE):    # two strings with lengths: language, words
        _, at = _chunk(raw, 0)
        return _chunk(raw, at)[0].decode("utf-8", "replace")
    return raw.decode("utf-8", "replace") if tag >= 0x40 else raw


def exchange(uri: str, operation: Operation, attributes: Iterable[Attribute] = (), job: Iterable[Attribute] = (),
             document: bytes = b"", *, version: tuple[int, int] = (2, 0), connect_seconds: float = 5.0,
             answer_seconds: float = 10.0) -> Answer:
    """One request and its answer. `ipps` checks the printer's certificate against the system's authorities.

    NotSent: nothing (whole) reached the printer. AnswerLost: the request left whole, the answer is missing or none.
    """
    parts = urlsplit(uri)
    head = [one(Tag.CHARSET, "attributes-charset", "utf-8"), one(Tag.LANGUAGE, "attributes-natural-language", "ja"),
            one(Tag.URI, "printer-uri", uri), *attributes, one(Tag.NAME, "requesting-user-name", "sanjo-tui")]
    groups: list[tuple[Tag, Iterable[Attribute]]] = [(Tag.OPERATION, head)]
    if extra := tuple(job):
        groups.append((Tag.JOB, extra))
    body = encode(operation, next(_ids) & 0x7FFFFFFF, groups, version) + document
    if parts.scheme == "ipps":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port or 631, timeout=connect_seconds, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 631, timeout=connect_seconds)
    try:
        _send(connection, parts.path or "/", body, answer_seconds)
        status, raw = _receive(connection)
    finally:
        connection.close()
    return _understood(status, raw)


def _send(connection: http.client.HTTPConnection, path: str, body: bytes, answer_seconds: float) -> None:
    """Every error in here means that the system did not take the whole body: the printer cannot have it."""
    try:
        connection.connect()
    except ssl.SSLError as error:
        raise NotSent("certificate", detail=f"certificate {error.reason}") from error
    except (OSError, UnicodeError) as error:      # UnicodeError: a host name that no resolver takes
        raise NotSent("unreachable", detail=f"unreachable {type(error).__name__}") from error
    connection.sock.settimeout(answer_seconds)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/ipp", "Accept-Encoding": "identity"})
    except OSError as error:
        raise NotSent("reset", detail=f"reset {type(error).__name__}") from error


def _receive(connection: http.client.HTTPConnection) -> tuple[int, bytes]:
    try:
        reply = connection.getresponse()
        return reply.status, reply.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise AnswerLost("answer-lost", detail=f"answer-lost {type(error).__name__}") from error


HTTP_FAULTS = {401: "not-allowed", 403: "not-allowed", 404: "no-such-printer", 426: "certificate", 503: "busy"}
"""HTTP answers that say for certain that the request was not carried out."""


def _understood(status: int, raw: bytes) -> Answer:
    if 400 <= status < 500 or status == 503:
        raise NotSent(HTTP_FAULTS.get(status, "not-ipp"), detail=f"HTTP {status}")
    if status != 200:
        raise AnswerLost("answer-lost", detail=f"HTTP {status}")
    try:
        return decode(raw)
    except Garbled as error:
        raise AnswerLost("answer-lost", detail=f"not IPP: {error}") from error
