"""A virtual card that holds an RSA key and counts wrong PINs, for both command styles of an operator's card.

JPKI-AP: SELECT, SELECT PIN file, VERIFY, SELECT key file, COMPUTE DIGITAL SIGNATURE of a DigestInfo. PIV: SELECT,
VERIFY of a PIN padded with FF, GENERAL AUTHENTICATE in chained commands, the answer in parts by GET RESPONSE.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import rsa

from sanjo_tui.cards.filecard import MY_NUMBER_CARD

JPKI, PIV = bytes.fromhex("D392F000260100000001"), bytes.fromhex("A000000308000010000100")
PIN_FILE, KEY_FILE = 0x18, 0x17

PROFILES = """
[[profile]]
id = "operator-jpki"
kind = "signature"
style = "jpki"
aid = "D392F000260100000001"
ef = "0017"
pin = { ef = "0018", digits = 4, keep = 1 }

[[profile]]
id = "operator-piv"
kind = "signature"
style = "piv"
aid = "A000000308000010000100"
pin = { digits = 6, keep = 1 }
"""


@functools.cache
def key(number: int, bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key for each number, made once in a test run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(slots=True)
class RsaCard:
    """`aid` says the style. `tries`: wrong PINs that are left of `most`. `salted`: each signature differs (a fault).

    `t0`: a contact card of T=0, which takes data or gives it, never both in one command.
    """

    key: rsa.RSAPrivateKey
    pin: str
    aid: bytes = JPKI
    tries: int = 3
    most: int = 3
    atr: bytes = MY_NUMBER_CARD
    salted: bool = False
    t0: bool = False
    selected: bool = field(init=False, default=False)
    current: int = field(init=False, default=0)
    shown: bool = field(init=False, default=False)
    chain: bytes = field(init=False, default=b"")
    rest: bytes = field(init=False, default=b"")
    signatures: int = field(init=False, default=0)

    def reset(self) -> None:
        """Power off or on: nothing is selected, no PIN was shown. The count of tries stays."""
        self.selected = self.shown = False
        self.current, self.chain, self.rest = 0, b"", b""

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """The answer's data and status word."""
        head, body = apdu[:4], apdu[5:5 + apdu[4]] if len(apdu) > 5 else b""
        if self.t0 and len(apdu) > 5 and len(apdu) != 5 + apdu[4]:
            return b"", 0x6700
        if head[:3] == b"\x00\xa4\x04":
            shown = self.shown and body == self.aid         # selected once more, it forgets nothing
            self.reset()
            self.selected, self.shown = body == self.aid, shown
            return b"", 0x9000 if self.selected else 0x6A82
        if not self.selected:
            return b"", 0x6D00
        match head.hex().upper():
            case "00200080":
                return self._verify(body)
            case "00C00000":
                return self._part()
            case "00A4020C" if self.aid == JPKI:
                self.current = int.from_bytes(body)
                return b"", 0x9000 if self.current in (PIN_FILE, KEY_FILE) else 0x6A82
            case "802A0080" if self.aid == JPKI:
                return (b"", 0x6986) if self.current != KEY_FILE else self._sign_info(body)
            case "1087079A" if self.aid == PIV:
                self.chain += body
                return b"", 0x9000
            case "0087079A" if self.aid == PIV:
                whole, self.chain = self.chain + body, b""
                return self._authenticate(whole)
        return b"", 0x6D00

    def _verify(self, given: bytes) -> tuple[bytes, int]:
        if self.aid == JPKI and self.current != PIN_FILE:
            return b"", 0x6986
        if self.tries == 0:
            return b"", 0x6984
        if not given:
            return b"", 0x9000 if self.shown else 0x63C0 | self.tries
        wanted = self.pin.encode().ljust(8, b"\xff") if self.aid == PIV else self.pin.encode()
        self.shown = given == wanted
        self.tries = self.most if self.shown else self.tries - 1
        return b"", 0x9000 if self.shown else 0x63C0 | self.tries

    def _sign_info(self, info: bytes) -> tuple[bytes, int]:
        size = self.key.key_size // 8
        if not self.shown:
            return b"", 0x6982
        return self._raw(b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info), 0x9000

    def _authenticate(self, whole: bytes) -> tuple[bytes, int]:
        size = self.key.key_size // 8
        if not self.shown:
            return b"", 0x6982
        if whole[:10] != b"\x7c\x82" + (size + 6).to_bytes(2) + b"\x82\x00\x81\x82" + size.to_bytes(2):
            return b"", 0x6A80
        inner = b"\x82\x82" + size.to_bytes(2) + self._raw(whole[10:])
        self.rest = b"\x7c\x82" + len(inner).to_bytes(2) + inner
        return self._part()

    def _part(self) -> tuple[bytes, int]:
        part, self.rest = self.rest[:256], self.rest[256:]
        return part, 0x6100 | min(len(self.rest), 0xFF) if self.rest else 0x9000

    def _raw(self, block: bytes) -> bytes:
        self.signatures += 1
        if self.salted:
            block = block[:-1] + bytes([self.signatures])
        private = self.key.private_numbers()
        size = self.key.key_size // 8
        return pow(int.from_bytes(block), private.d, private.public_numbers.n).to_bytes(size)
