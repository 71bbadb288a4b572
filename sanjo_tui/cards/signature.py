"""A signature by an operator's card: RSA PKCS#1 v1.5 over SHA-256, the same for the same message every time.

    with card(profiles, pin, wait) as sign:             # one card, its PIN shown once
        keys = vault.unlock_card(sign)                  # sign(message) -> signature

Command styles: JPKI (OpenSC card-jpki.c, jpki/myna) and PIV (NIST SP 800-73-5). The tries that are left are asked for
before a PIN is shown, and none is shown when only `pin.keep` of them are left. The PIN stands in no log and no error.
"""

from __future__ import annotations

import contextlib
import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sanjo_tui.cards.profiles import KEY_SIZES, Profile
from sanjo_tui.cards.reading import NOT_HERE, Transmit
from sanjo_tui.errors import CardError

Sign = Callable[[bytes], bytes]
"""The signature of a message, as long as the card lies there. CardError."""

WAIT = 15.0
"""Seconds to wait for a card."""

SHA256_INFO = bytes.fromhex("3031300D060960864801650304020105000420")
"""DigestInfo of SHA-256 before the digest itself (RFC 8017, 9.2)."""

BLOCKED = {0x6983, 0x6984}
CHUNK = 255
"""Most bytes that one short APDU takes to the card."""

AGAIN = "カードを置き直して、もう一度行ってください。"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature and the profile by which it was made."""

    signature: bytes
    profile: str


def sign(profiles: Sequence[Profile], challenge: bytes, pin: str, wait: float = WAIT) -> Signed:
    """One signature of the card that is laid on a reader within `wait` seconds. CardError says why not."""
    with _signing(profiles, pin, wait) as (profile, signing):
        return Signed(signing(challenge), profile.id)


@contextlib.contextmanager
def card(profiles: Sequence[Profile], pin: str, wait: float = WAIT) -> Iterator[Sign]:
    """The card that is laid on a reader within `wait` seconds, ready to sign inside the block. CardError says why not.

    At the end the card is reset: the PIN counts for nobody else.
    """
    with _signing(profiles, pin, wait) as (_, signing):
        yield signing


@contextlib.contextmanager
def _signing(profiles: Sequence[Profile], pin: str, wait: float) -> Iterator[tuple[Profile, Sign]]:
    from sanjo_tui.cards.reader import channel

    usable(profiles)
    with channel(wait, lambda transmit, atr: select(profiles, transmit, atr)) as (transmit, profile):
        yield profile, ready(profile, transmit, pin)


def usable(profiles: Sequence[Profile]) -> tuple[Profile, ...]:
    """The profiles that sign. CardError when the station has none."""
    found = tuple(one for one in profiles if one.kind == "signature" and one.enabled)
    if not found:
        raise CardError("署名するカードのプロファイルがありません。",
                        "プロファイルに kind = \"signature\" を書いて、enabled = true にしてください。")
    return found


def select(profiles: Sequence[Profile], tx: Transmit, atr: bytes) -> Profile:
    """Selects the application of the first profile that fits; shows nothing to the card. CardError."""
    for profile in usable(profiles):
        if not profile.fits(atr):
            continue
        tail = b"\x00" if profile.style == "piv" else b""
        head = b"\x00\xa4\x04" + (b"\x00" if profile.style == "piv" else b"\x0c")
        status = _send(tx, head + bytes([len(profile.aid)]) + profile.aid + tail)[1]
        if status in NOT_HERE:
            continue
        _expect(status, "SELECT AP")
        return profile
    raise CardError("署名に使えるカードではありません。", "登録した操作者のカードをかざしてください。")


def ready(profile: Profile, tx: Transmit, pin: str) -> Sign:
    """Shows the PIN to the selected application. Gives what makes signatures until the card is reset. CardError."""
    _verify(profile, tx, unicodedata.normalize("NFKC", pin).strip())
    return _signer(profile, tx)


def _signer(profile: Profile, tx: Transmit) -> Sign:
    make = _jpki if profile.style == "jpki" else _piv
    return lambda message: make(profile, tx, SHA256_INFO + hashlib.sha256(message).digest())


def _verify(profile: Profile, tx: Transmit, pin: str) -> None:
    """Shows the PIN, unless its form is wrong or too few tries are left."""
    assert profile.pin
    most = 8 if profile.style == "piv" else profile.pin.digits
    if not (pin.isascii() and pin.isdecimal() and profile.pin.digits <= len(pin) <= most):
        length = f"{profile.pin.digits} 桁" if most == profile.pin.digits else f"{profile.pin.digits} から {most} 桁"
        raise CardError(f"カードの暗証番号は数字 {length}です。", "カードの暗証番号を入れ直してください。")
    if profile.style == "jpki":
        _expect(_send(tx, b"\x00\xa4\x02\x0c\x02" + profile.pin.ef)[1], "SELECT PIN")
    left = _tries(tx(b"\x00\x20\x00\x80")[1])
    if left is None:
        raise CardError("暗証番号の残り回数が分からないので、試しません。", AGAIN)
    if left <= profile.pin.keep:
        raise _stopped(left)
    shown = pin.encode("ascii").ljust(8, b"\xff") if profile.style == "piv" else pin.encode("ascii")
    status = tx(b"\x00\x20\x00\x80" + bytes([len(shown)]) + shown)[1]
    if status == 0x9000:
        return
    left = _tries(status)
    if left is None:
        raise CardError("カードが暗証番号を受け付けません。", AGAIN, detail=f"{profile.id}: VERIFY {status:04X}")
    if left <= profile.pin.keep:
        raise _stopped(left, "暗証番号が違います。")
    raise CardError(f"カードの暗証番号が違います。残りは {left} 回です。",
                    "暗証番号を確かめて、もう一度入れてください。", detail=f"{profile.id}: VERIFY {status:04X}")


def _stopped(left: int, before: str = "") -> CardError:
    if left == 0:
        return CardError(f"{before}カードの暗証番号がロックされています。",
                         "カードの発行元で解除してもらい、今はパスフレーズで開いてください。", detail="tries 0")
    return CardError(f"{before}暗証番号の残りが {left} 回なので、ここではもう試しません。",
                     "カードを発行元の窓口で確かめてもらい、今はパスフレーズで開いてください。", detail=f"tries {left}")


def _tries(status: int) -> int | None:
    """How many tries the card still gives; None where it does not say."""
    if status in BLOCKED:
        return 0
    return status & 0xF if status >> 4 == 0x63C else None


def _jpki(profile: Profile, tx: Transmit, info: bytes) -> bytes:
    _expect(_send(tx, b"\x00\xa4\x02\x0c\x02" + profile.ef)[1], "SELECT key")
    data, status = _send(tx, b"\x80\x2a\x00\x80" + bytes([len(info)]) + info + b"\x00")
    _expect(status, "SIGN")
    return data


def _piv(profile: Profile, tx: Transmit, info: bytes) -> bytes:
    """GENERAL AUTHENTICATE with the padded block, in as many chained commands as it takes."""
    size = KEY_SIZES[profile.algorithm]
    block = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    inner = b"\x82\x00\x81\x82" + size.to_bytes(2) + block
    body = b"\x7c\x82" + len(inner).to_bytes(2) + inner
    where = bytes([0x87, profile.algorithm, profile.key])
    while len(body) > CHUNK:
        _expect(tx(b"\x10" + where + bytes([CHUNK]) + body[:CHUNK])[1], "SIGN")
        body = body[CHUNK:]
    data, status = _send(tx, b"\x00" + where + bytes([len(body)]) + body + b"\x00")
    _expect(status, "SIGN")
    return _field(_field(data, 0x7C), 0x82)


def _field(data: bytes, tag: int) -> bytes:
    """The content of a BER-TLV that is the whole of `data`."""
    count = data[1] & 0x7F if len(data) > 1 and data[1] & 0x80 else 0
    length = int.from_bytes(data[2:2 + count]) if count else data[1] if len(data) > 1 else -1
    content = data[2 + count:]
    if data[:1] != bytes([tag]) or len(content) != length:
        raise CardError("カードの署名の形が違います。", AGAIN, detail=f"tag {tag:02X} in {len(data)} bytes")
    return content


def _send(tx: Transmit, apdu: bytes) -> tuple[bytes, int]:
    """The whole answer: 6Cxx asks for the same again with another length, 61xx has the rest ready."""
    data, status = tx(apdu)
    if status >> 8 == 0x6C:
        data, status = tx(apdu[:-1] + bytes([status & 0xFF]))
    while status >> 8 == 0x61:
        more, status = tx(bytes([0, 0xC0, 0, 0, status & 0xFF]))
        data += more
        if not more:
            break
    return data, status


def _expect(status: int, what: str) -> None:
    if status != 0x9000:
        raise CardError("カードが署名に応じません。", AGAIN, detail=f"{what} {status:04X}")
