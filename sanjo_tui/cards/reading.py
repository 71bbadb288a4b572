"""One token out of a card by profile: APDUs (ISO 7816-4) through `tx(apdu) -> (data, status word)`.

Knows neither reader nor daemon, so that a card in memory answers as well as one in the field. Whatever value is refused
appears in no message and in no detail: it might be a 個人番号.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sanjo_tui.cards.checks import CHECKS
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.cards.profiles import ASSURANCES, SILENT, Profile
from sanjo_tui.errors import CardError
from sanjo_tui.numbers import is_my_number

Transmit = Callable[[bytes], tuple[bytes, int]]

NOT_HERE = {0x6A82, 0x6A81, 0x6A83, 0x6999, 0x6D00, 0x6E00}
"""Status words that only say: this card has no such application or file. The next profile is tried."""

NO_UID = NOT_HERE | {0x6300, 0x6881, 0x6A86, 0x6800}
"""Readers answer the pseudo APDU for the uid themselves, and say in several ways that there is none."""

REASONS = {
    0x6700: "命令の長さをカードが受け付けません。", 0x6981: "ファイルの種類がプロファイルと違います。",
    0x6982: "このファイルを読むには暗証番号が要ります。", 0x6983: "暗証番号がロックされています。",
    0x6984: "暗証番号がロックされています。", 0x6985: "カードが今の状態では応じません。",
    0x6986: "ファイルが選ばれていません。", 0x6A86: "命令の形をカードが受け付けません。",
    0x6B00: "offset がファイルの長さを超えています。", 0x6F00: "カードが理由を言わずに断りました。",
}
"""Other status words, in words; the number itself goes to the log."""

CHUNK = 256
"""Most bytes that one short APDU brings."""

NO_FILE_SELECTED = 0x6986
END_OF_FILE = 0x6282


class NotThisCard(Exception):
    """The profile does not fit the card in the field; the next one may."""


class CardLost(Exception):
    """The card stopped answering: pulled away, powered off, or reset by another program."""


class Refused(CardError):
    """The profile fits, but its number must not be used. `code` is for the log: no digit of the number is in it."""

    def __init__(self, message: str, hint: str, code: str, *, final: bool = False) -> None:
        super().__init__(message, hint, detail=code)
        self.code = code
        self.final = final
        """No other profile may be tried on this card."""


def read_card(profiles: Iterable[Profile], tx: Transmit, atr: bytes, reader: str) -> CardSeen:
    """The first profile, in the file's order, that fits and whose read succeeds. CardError when none does.

    After a refusal only profiles of the same or a higher assurance are tried: a city card whose number cannot be used
    never turns into the radio number that any telephone imitates.
    """
    refused: Refused | None = None
    least = 0
    for profile in profiles:
        level = ASSURANCES.index(profile.assurance)
        if profile.kind in SILENT or not profile.enabled or not profile.fits(atr) or level < least:
            continue
        try:
            return CardSeen(reader, profile.id, profile.token, read(profile, tx), profile.assurance)
        except NotThisCard:
            continue
        except Refused as error:
            if error.final:
                raise
            if refused is None:
                refused, least = error, level
    if refused:
        raise refused
    raise Refused("使えるカードではありません。", "別のカードをかざすか、氏名や生年月日で探してください。",
                  f"no profile fits ATR {atr.hex().upper()}")


def read(profile: Profile, tx: Transmit, pin: str = "") -> str:
    """The number that this profile names, in full: mask it wherever it is shown. NotThisCard or Refused."""
    if profile.kind == "uid":
        raw = _need(tx, b"\xff\xca\x00\x00\x00", "GET UID", NO_UID)
        if profile.forbid_random and len(raw) == 4:      # said also where another length is asked for: it is the reason
            raise Refused("番号がかざすたびに変わるカードなので使えません。",
                          "別のカードを使うか、氏名や生年月日で探してください。", f"{profile.id}: uid of 4 bytes")
        if profile.length and len(raw) != profile.length:
            raise NotThisCard(f"uid of {len(raw)} bytes")
    else:
        raw = content(profile, tx, pin)
    return accept(profile, decode(profile, raw))


def content(profile: Profile, tx: Transmit, pin: str = "") -> bytes:
    """The bytes of the file or record where the number stands, as they are. NotThisCard or Refused."""
    _need(tx, b"\x00\xa4\x04\x0c" + bytes([len(profile.aid)]) + profile.aid, "SELECT AP")
    if profile.pin:
        _verify(profile, tx, pin)
    return _record(profile, tx) if profile.kind == "record" else _binary(profile, tx)


def accept(profile: Profile, text: str) -> str:
    """The number in a text that was read, or Refused: wrong form, wrong check digit, or a 個人番号.

    Twelve digits that pass the check of 個人番号 are refused unless the profile's own pattern is made for just this
    length (a ticket, an item); one that takes any length says nothing about them. A named group of the pattern is the
    number.
    """
    again = "もう一度かざしてください。続くときは担当者に知らせてください。"
    match = re.fullmatch(profile.pattern, text) if profile.pattern else None
    value = next((one for one in match.groupdict().values() if one), text) if match else text
    if is_my_number(value) and not (match and _one_length(profile.pattern, text)):
        raise Refused("個人番号と同じ形の番号なので読みません。", "個人番号は使えません。カードをしまってください。",
                      f"{profile.id}: form of a My Number", final=True)
    if profile.pattern and not match:
        raise Refused("番号の形が違います。", again, f"{profile.id}: pattern ({len(text)} characters)")
    if profile.check != "none" and not CHECKS[profile.check](value):
        raise Refused("番号の検査数字が合いません。", again, f"{profile.id}: check {profile.check}")
    return value


def _one_length(pattern: str, text: str) -> bool:
    return not re.fullmatch(pattern, text[:-1]) and not re.fullmatch(pattern, text + "0")


def decode(profile: Profile, raw: bytes) -> str:
    """The text in the bytes that were read. Refused where there is none."""
    odd = Refused("カードの番号を文字として読めません。", "プロファイルの decode、offset、length を確かめてください。",
                  f"{profile.id}: not {profile.decode} ({len(raw)} bytes)")
    if profile.kind != "uid" and not raw.strip(b"\x00\xff"):
        raise Refused("カードに番号が書き込まれていません。", "窓口で番号を書き込んでもらってください。",
                      f"{profile.id}: {len(raw)} empty bytes")
    match profile.decode:
        case "ascii":
            text = raw.rstrip(b"\x00 \xff").decode("latin-1")
            if not text.strip() or not text.isascii() or not text.isprintable():
                raise odd
            return text
        case "bcd":
            text = raw.hex().rstrip("f")
            if not text.isdecimal():
                raise odd
            return text
        case _:
            return raw.hex().upper()


def _binary(profile: Profile, tx: Transmit) -> bytes:
    """`length` bytes from `offset`, in as many READ BINARY as it takes."""
    if not profile.sfi or (profile.offset > 0xFF and profile.ef):
        _need(tx, b"\x00\xa4\x02\x0c\x02" + profile.ef, "SELECT EF")
        return _from_current(profile, tx, profile.offset, profile.length)
    if profile.offset <= 0xFF:          # a short EF id goes with 8 bits of offset only
        data = _read(tx, bytes([0, 0xB0, 0x80 | profile.sfi, profile.offset]), profile, profile.length)
        return data + _from_current(profile, tx, profile.offset + len(data), profile.length - len(data))
    _read(tx, bytes([0, 0xB0, 0x80 | profile.sfi, 0]), profile, 1)       # reading by short id also selects the file
    return _from_current(profile, tx, profile.offset, profile.length)


def _from_current(profile: Profile, tx: Transmit, offset: int, length: int) -> bytes:
    data = b""
    while len(data) < length:
        at = offset + len(data)
        try:
            data += _read(tx, bytes([0, 0xB0, at >> 8, at & 0xFF]), profile, length - len(data))
        except Refused as error:
            if not profile.sfi or not error.code.endswith(f"{NO_FILE_SELECTED:04X}"):
                raise
            # This card did not select the file by reading it: by its long name then, which is the short one after 00.
            _need(tx, b"\x00\xa4\x02\x0c\x02\x00" + bytes([profile.sfi]), "SELECT EF")
            data += _read(tx, bytes([0, 0xB0, at >> 8, at & 0xFF]), profile, length - len(data))
    return data


def _read(tx: Transmit, header: bytes, profile: Profile, wanted: int) -> bytes:
    """One READ BINARY of at most `wanted` bytes, never empty."""
    if header[2] < 0x80 and header[2] << 8 | header[3] > 0x7FFF:
        raise Refused("番号の場所がファイルの外です。",
                      "プロファイルの offset と length を確かめてください。", "offset")
    data = _need(tx, header + bytes([min(wanted, CHUNK) & 0xFF]), "READ BINARY")[:wanted]
    if not data:
        raise Refused("カードのファイルが、プロファイルより短いです。",
                      "プロファイルの offset と length を確かめてください。",
                      f"{profile.id}: READ BINARY short")
    return data


def _record(profile: Profile, tx: Transmit) -> bytes:
    if not profile.sfi:
        _need(tx, b"\x00\xa4\x02\x0c\x02" + profile.ef, "SELECT EF")
    data = _need(tx, bytes([0, 0xB2, profile.record, profile.sfi << 3 | 4, 0]), "READ RECORD")[profile.offset:]
    if not data or len(data) < profile.length:
        raise Refused("カードのレコードが、プロファイルより短いです。",
                      "プロファイルの offset と length を確かめてください。",
                      f"{profile.id}: READ RECORD short")
    return data[:profile.length] if profile.length else data


def _verify(profile: Profile, tx: Transmit, pin: str) -> None:
    """Shows the PIN to the card, but never when only `keep` tries are left: no desk locks a resident's card."""
    assert profile.pin
    if len(pin) != profile.pin.digits or not (pin.isascii() and pin.isdecimal()):
        raise Refused("このカードには暗証番号が要ります。", "氏名や生年月日で探してください。",
                      f"{profile.id}: PIN needed")
    _need(tx, b"\x00\xa4\x02\x0c\x02" + profile.pin.ef, "SELECT PIN")
    _, status = tx(b"\x00\x20\x00\x80")
    if status in (0x6983, 0x6984) or (status >> 4 == 0x63C and status & 0xF <= profile.pin.keep):
        raise Refused("暗証番号の残り回数が少ないので、これ以上試しません。",
                      "市役所の窓口で確かめてもらってください。",
                      f"{profile.id}: PIN tries {status:04X}")
    _, status = tx(b"\x00\x20\x00\x80" + bytes([len(pin)]) + pin.encode("ascii"))
    if status != 0x9000:
        raise Refused("暗証番号が違います。", "もう一度確かめてください。", f"{profile.id}: VERIFY {status:04X}")


def _need(tx: Transmit, apdu: bytes, what: str, absent: set[int] = NOT_HERE) -> bytes:
    """The data of an answer that is a success. NotThisCard or Refused by the status word.

    6Cxx asks for the same again with another length, 61xx has the rest ready; contact cards (T=0) say both.
    """
    data, status = tx(apdu)
    if status >> 8 == 0x6C:
        data, status = tx(apdu[:4] + bytes([status & 0xFF]))
    while status >> 8 == 0x61:
        more, status = tx(bytes([0, 0xC0, 0, 0, status & 0xFF]))
        data += more
        if not more:
            break
    if status == 0x9000 or (status == END_OF_FILE and data):
        return data
    if status in absent:
        raise NotThisCard(f"{what} {status:04X}")
    raise Refused(f"カードを読めません。{REASONS.get(status, 'カードが断りました。')}",
                  "もう一度かざしてください。続くときは氏名や生年月日で探してください。", f"{what} {status:04X}")
