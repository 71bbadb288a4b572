"""Errands on the card in the field: showing the card's own PIN, writing a number. What came of it is always known.

    outcome = CheckPin(profile, "1234").run(transmit)       # PinChecked(outcome, tries_left)
    outcome = WriteId(profile, "3210987654321").run(transmit)       # Written(outcome, read_back, touched)

A reader's thread runs them (`PcscReader.errand`, `BuiltInReader.errand`), for it alone may speak to the card; a screen
says `await self.sanjo.errand(errand, card)`. `transmit` raises CardLost when the card is pulled away: that, too, is an
outcome. The PIN and the issuer's key stand in no outcome, log or representation (docs/userid.md §5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from sanjo_tui.cards.profiles import Pin, Profile, WriteStep
from sanjo_tui.cards.reading import NOT_HERE, CardLost, NotThisCard, Refused, Transmit, accept, content, decode
from sanjo_tui.errors import CardError

Outcome = TypeVar("Outcome", covariant=True)

BLOCKED = {0x6983, 0x6984}
"""The card takes no PIN any more (ISO 7816-4; 6984 is what cards of the My Number kind say)."""


class PinOutcome(StrEnum):
    """What came of a PIN."""

    OK = "ok"
    WRONG = "wrong"
    BLOCKED = "blocked"
    LAST_TRY = "refused_last_try"
    """Not shown: only the tries are left that the profile keeps for the holder."""
    FORM = "form"
    """Not shown: not the number of digits that this PIN has."""
    TORN = "torn"
    """Pulled away before the PIN was shown: no try was used."""
    UNSURE = "unsure"
    """Pulled away while the PIN was shown: right or wrong is not known, a try may have been used."""
    GONE = "gone"
    """No card, or another one, lies on the reader."""
    NOT_THIS_CARD = "not_this_card"
    """The card has no such application."""
    REFUSED = "refused"
    """The card did not say how many tries are left, or refused in another way: not shown."""


_SAID = {
    PinOutcome.OK: "暗証番号を確かめました。",
    PinOutcome.BLOCKED: "暗証番号がロックされています。窓口で解除してください。",
    PinOutcome.LAST_TRY: "暗証番号の残り回数が少ないので、ここではもう試しません。窓口で確かめてください。",
    PinOutcome.FORM: "暗証番号の桁数が違います。",
    PinOutcome.TORN: "カードが早く離れました。暗証番号はまだ試していません。置いたまま、もう一度入れてください。",
    PinOutcome.UNSURE: "確かめている間にカードが離れました。残り回数が減ったかもしれません。置き直してください。",
    PinOutcome.GONE: "カードがありません。読取機に置いたままにしてください。",
    PinOutcome.NOT_THIS_CARD: "このカードには、この証明書の暗証番号がありません。",
    PinOutcome.REFUSED: "残り回数が分からないので、暗証番号を試しません。カードを置き直してください。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PinChecked:
    """What came of a PIN. `tries_left`: as the card said last; None where it did not say."""

    outcome: PinOutcome
    tries_left: int | None = None
    code: str = ""
    """For the log: step and status word."""

    @property
    def sentence(self) -> str:
        """What to tell the holder."""
        if self.outcome is PinOutcome.WRONG:
            return f"暗証番号が違います。残りは {self.tries_left} 回です。"
        return _SAID[self.outcome]


class WriteOutcome(StrEnum):
    """What came of writing."""

    WRITTEN = "written"
    ALREADY = "already"
    """The card carried this very number before; nothing was written."""
    TORN = "torn"
    """Pulled away. `touched` says whether the card may carry a part of the number."""
    REFUSED = "refused"
    """The card refused, or has no such application."""
    DIFFERS = "differs"
    """The card carries something else than was expected: before the write (not touched) or after it (touched)."""
    GONE = "gone"
    """No card, or another one, lies on the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of writing. `read_back`: the number that the card gave at the end, None where it gave none.

    `touched`: at least one command that changes the card was sent.
    """

    outcome: WriteOutcome
    read_back: str | None = None
    touched: bool = False
    code: str = ""

    @property
    def sentence(self) -> str:
        """What to tell the operator."""
        match self.outcome:
            case WriteOutcome.WRITTEN:
                return "書き込み、読み戻して確かめました。"
            case WriteOutcome.ALREADY:
                return "この番号はもうカードに入っています。"
            case WriteOutcome.TORN if self.touched:
                return "書込みの途中でカードが離れました。同じカードを置き直して、続きを行ってください。"
            case WriteOutcome.TORN:
                return "カードが早く離れました。何も書いていません。置き直してください。"
            case WriteOutcome.DIFFERS if self.touched:
                return "書いた番号と読み戻した番号が違います。カードを発行元に確かめてください。"
            case WriteOutcome.DIFFERS:
                return "カードに別の番号が入っています。何も書いていません。"
            case WriteOutcome.GONE:
                return "カードがありません。読取機に置いたままにしてください。"
        return "カードが書込みを断りました。発行元の書込み手順を確かめてください。"


class Errand(Protocol[Outcome]):
    """What can be done on the card in the field, in one transaction."""

    def run(self, tx: Transmit) -> Outcome:
        """Do it; never raises, whatever the card does."""
        ...

    def gone(self, code: str = "") -> Outcome:
        """The outcome where the card is not there."""
        ...


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Shows the card's own PIN of one kind of certificate (profile of kind `pin`), never when only `keep` are left."""

    profile: Profile
    pin: str = field(repr=False)

    def gone(self, code: str = "") -> PinChecked:
        """No card."""
        return PinChecked(outcome=PinOutcome.GONE, code=code)

    def run(self, tx: Transmit) -> PinChecked:
        """SELECT, the tries by an empty VERIFY, then the PIN."""
        wanted = self.profile.pin
        assert self.profile.kind == "pin" and wanted
        if len(self.pin) != wanted.digits or not (self.pin.isascii() and self.pin.isdecimal()):
            return PinChecked(outcome=PinOutcome.FORM)
        shown = False
        left: int | None = None
        try:
            for what, apdu in (("SELECT AP", _ap(self.profile.aid)), ("SELECT PIN", _ef(wanted.ef))):
                status = tx(apdu)[1]
                if status != 0x9000:
                    outcome = PinOutcome.NOT_THIS_CARD if status in NOT_HERE else PinOutcome.REFUSED
                    return PinChecked(outcome=outcome, code=f"{what} {status:04X}")
            status = tx(b"\x00\x20\x00\x80")[1]
            left = tries(status)
            if (refusal := _not_now(left, wanted, status)) is not None:
                return refusal
            shown = True
            status = tx(b"\x00\x20\x00\x80" + bytes([len(self.pin)]) + self.pin.encode("ascii"))[1]
        except CardLost:
            return PinChecked(outcome=PinOutcome.UNSURE if shown else PinOutcome.TORN,
                              tries_left=None if shown else left)
        if status == 0x9000:
            return PinChecked(outcome=PinOutcome.OK)
        left = tries(status)
        if left is None:
            return PinChecked(outcome=PinOutcome.UNSURE, code=f"VERIFY {status:04X}")
        return PinChecked(outcome=PinOutcome.WRONG if left else PinOutcome.BLOCKED, tries_left=left,
                          code=f"VERIFY {status:04X}")


def _not_now(left: int | None, wanted: Pin, status: int) -> PinChecked | None:
    """Why the PIN is not shown, given what the empty VERIFY said."""
    if left is None:
        return PinChecked(outcome=PinOutcome.REFUSED, code=f"tries {status:04X}")
    if left == 0:
        return PinChecked(outcome=PinOutcome.BLOCKED, tries_left=0, code=f"tries {status:04X}")
    if left <= wanted.keep:
        return PinChecked(outcome=PinOutcome.LAST_TRY, tries_left=left, code=f"tries {status:04X}")
    return None


def tries(status: int) -> int | None:
    """How many tries a status word leaves; None where it does not say."""
    if status in BLOCKED:
        return 0
    return status & 0xF if status >> 4 == 0x63C else None


class _Stop(Exception):
    """The card does not go on; `code` for the log."""


@dataclass(frozen=True, slots=True)
class WriteId:
    """Writes a number by the profile's `write` steps and reads it back by the profile's own read.

    `over`: the number that may stand on the card and be replaced; any other number stops before anything is written.
    `secret`: the issuer's key where a step asks for a typed one.
    """

    profile: Profile
    value: str
    over: str = ""
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """CardError where the profile cannot write, or the number does not have its form."""
        if not self.profile.write:
            raise CardError("このプロファイルには書込みの手順がありません。",
                            "プロファイルに write を書くか、市の書込みツールで書いて、ここで読み戻してください。")
        accept(self.profile, self.value)
        encoded(self.profile, self.value)

    def gone(self, code: str = "") -> Written:
        """No card."""
        return Written(outcome=WriteOutcome.GONE, code=code)

    def run(self, tx: Transmit) -> Written:
        """Looks what is there, writes where that is allowed, reads back."""
        new, touched = encoded(self.profile, self.value), False

        def sending(apdu: bytes) -> tuple[bytes, int]:
            nonlocal touched
            touched = touched or apdu[1] == 0xD6
            return tx(apdu)

        try:
            before = self._look(tx)
            if before == new:
                return Written(outcome=WriteOutcome.ALREADY, read_back=self.value)
            if not self._may_replace(before, new):
                return Written(outcome=WriteOutcome.DIFFERS, read_back=self._number(before), code="before")
            for step in self.profile.write:
                self._step(sending, step, new)
            after = self._look(tx)
        except CardLost:
            return Written(outcome=WriteOutcome.TORN, touched=touched)
        except _Stop as error:
            return Written(outcome=WriteOutcome.REFUSED, touched=touched, code=str(error))
        right = after == new
        return Written(outcome=WriteOutcome.WRITTEN if right else WriteOutcome.DIFFERS, touched=True,
                       read_back=self._number(after), code="" if right else "after")

    def _look(self, tx: Transmit) -> bytes:
        """The bytes where the number stands."""
        try:
            return content(self.profile, tx)
        except (NotThisCard, Refused) as error:
            raise _Stop(error.code if isinstance(error, Refused) else str(error)) from error

    def _number(self, raw: bytes) -> str | None:
        try:
            return accept(self.profile, decode(self.profile, raw))
        except Refused:
            return None

    def _may_replace(self, before: bytes, new: bytes) -> bool:
        """Empty, the number that is to be replaced, or what a write that was torn left of these."""
        old = [encoded(self.profile, self.over)] if self.over else []
        grounds = (*old, b"\x00" * len(new), b"\xff" * len(new), b" " * len(new))
        return any(before == new[:at] + ground[at:] for ground in grounds for at in range(len(new) + 1))

    def _step(self, tx: Transmit, step: WriteStep, new: bytes) -> None:
        match step.do:
            case "select":
                _need(tx, _ef(step.ef), "SELECT EF")
            case "verify":
                self._verify(tx, step)
            case _:
                _need(tx, _ef(self.profile.ef), "SELECT EF")
                for at in range(0, len(new), step.chunk):
                    part, where = new[at:at + step.chunk], self.profile.offset + at
                    _need(tx, bytes([0, 0xD6, where >> 8, where & 0xFF, len(part)]) + part, "UPDATE BINARY")

    def _verify(self, tx: Transmit, step: WriteStep) -> None:
        """Shows the issuer's key; the tries are asked for first and the last ones left alone."""
        secret = self.secret.encode("ascii", "replace") if not step.key_file else _key(step.key_file)
        if not secret:
            raise _Stop("no key")
        if step.ef:
            _need(tx, _ef(step.ef), "SELECT KEY")
        status = tx(bytes([0, 0x20, 0, step.reference]))[1]
        left = tries(status)
        if status == 0x9000:
            return                          # this key counts as shown already
        if left is None or left <= step.keep:
            raise _Stop(f"key tries {status:04X}")
        status = tx(bytes([0, 0x20, 0, step.reference, len(secret)]) + secret)[1]
        if status != 0x9000:
            raise _Stop(f"VERIFY {status:04X}")


def encoded(profile: Profile, value: str) -> bytes:
    """The bytes of a number as this profile reads them. CardError where it does not fit."""
    digits = value + "F" * (len(value) % 2)
    raw = value.encode("ascii") if profile.decode == "ascii" else bytes.fromhex(digits)
    if len(raw) > profile.length:
        raise CardError("番号がカードの場所に入りません。", "プロファイルの length を確かめてください。",
                        detail=f"{profile.id}: {len(raw)} bytes")
    return raw.ljust(profile.length, b"\x00" if profile.decode == "ascii" else b"\xff")


def _key(path: str) -> bytes:
    """The issuer's key, in hex, from a file outside the station."""
    try:
        return bytes.fromhex(Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise _Stop(f"key file {type(error).__name__}") from error


def _need(tx: Transmit, apdu: bytes, what: str) -> None:
    status = tx(apdu)[1]
    if status != 0x9000:
        raise _Stop(f"{what} {status:04X}")


def _ap(aid: bytes) -> bytes:
    return b"\x00\xa4\x04\x0c" + bytes([len(aid)]) + aid


def _ef(ef: bytes) -> bytes:
    return b"\x00\xa4\x02\x0c\x02" + ef
