"""The built-in reader: plays cards from a file, for demos and drills without any hardware.

Its cards are chip cards in memory (filecard.py) and go through the same profiles as real ones. A card is tapped by a
key in the demo, or from another process by `drop`, which leaves a file in the station's `tap` folder: one way for every
system, and nothing listens on a network.

    [[card]]
    name = "sato"                 # sanjo-tui tap sato
    key = "1"                     # key in the demo
    label = "佐藤さん 3人家族"
    user_id = "3210987654321"     # written where the first profile of user_id expects it; or
    uid = "0114B3C2A1908F7E"      # radio number in hex; or, byte for byte:
    aid = "D392..."  ef = "0001"  offset = 0  bytes = "33..."
    atr = "3B88..."               # what the reader sees first; as a rule left out
    stay = 1.0                    # seconds in the field
    torn = true                   # pulled away in the middle of the read
    blank = true                  # the municipality's application is there, no number is written; or user_id
    writable = true               # the number can be written by the steps of the profile
    key = "..."                   # see above; transport = "hex" is the issuer's key where the profile shows one
    pins = { resident_copy = "1234" }     # the card's own PIN of a kind of certificate, by the profile of kind pin
    tries = 3                     # tries that are left of each of its PINs
    errand_torn = 3               # pulled away at this command of the first errand (a PIN, a write)

An errand (errands.py) is run on the card in the field or, while no other came, on the one that lay there last: it
counts as still lying there. What is written stays on the card until the reader stops.
"""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import time
import tomllib
import unicodedata
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sanjo_tui.cards.errands import Errand
from sanjo_tui.cards.facts import CardFact, CardGone, CardRefused, CardSeen, CardTouched, Readers
from sanjo_tui.cards.filecard import FELICA, MY_NUMBER_CARD, FileCard, PinFile
from sanjo_tui.cards.profiles import Profile
from sanjo_tui.cards.reader import READY, TORN
from sanjo_tui.cards.reading import CardLost, Refused, read_card
from sanjo_tui.errors import CardError

log = logging.getLogger("sanjo_tui.cards")
T = TypeVar("T")

READER = "内蔵の読取機"
POLL, PAUSE = 0.1, 0.2
"""Seconds between two looks into the folder, and between two cards."""

WAITING = 8
"""Taps that may wait for the card in the field; more are refused."""

OPEN = "open"
"""File that stands in the folder while a built-in reader looks into it."""

NOBODY = ("練習の画面が動いていません。", "別の端末で sanjo-tui demo を動かしてから、もう一度試してください。")

_KEYS = {"name", "key", "label", "note", "user_id", "uid", "aid", "ef", "offset", "bytes", "atr", "stay", "torn",
         "blank", "writable", "transport", "pins", "tries", "errand_torn"}


@dataclass(frozen=True, slots=True)
class PlayCard:
    """A card of the file. `key`: the key that taps it in the demo, "" for none; `stay` in seconds."""

    name: str
    chip: FileCard = field(compare=False)
    key: str = ""
    label: str = ""
    stay: float = 1.0
    torn: bool = False
    errand_torn: int = 0


class BuiltInReader:
    """Plays cards one after another and calls `emit` from its own thread, as PcscReader does.

    CardError when the cards' file is wrong. `stop` may be called from any thread.
    """

    def __init__(self, cards_file: Path, profiles: Sequence[Profile], emit: Callable[[CardFact], None],
                 inbox: Path) -> None:
        self._profiles, self._emit, self._inbox = tuple(profiles), emit, inbox
        self.cards = load(cards_file, self._profiles)
        self._waiting: deque[PlayCard] = deque()
        self._change = threading.Condition()
        self._quit = False
        self._in_field: PlayCard | None = None
        self._last: tuple[PlayCard, CardFact] | None = None
        self._torn_once: set[str] = set()
        self._with_card = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="built-in-reader", daemon=True)

    def start(self) -> None:
        """Begins to take cards; what was left in the folder while nobody looked is thrown away."""
        try:
            self._inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
            for old in self._inbox.iterdir():
                old.unlink(missing_ok=True)
            (self._inbox / OPEN).touch()
        except OSError as error:
            log.warning("tap folder: %s", type(error).__name__)      # keys still work
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        with self._change:
            self._quit = True
            self._change.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()
        with contextlib.suppress(OSError):
            (self._inbox / OPEN).unlink(missing_ok=True)

    def tap(self, card: str) -> None:
        """Puts a card into the field: a name of the file, a user ID, or a uid in hex. Returns at once. CardError."""
        found = self.find(card)
        with self._change:
            if found == self._in_field or (self._waiting and found == self._waiting[-1]):
                return                                               # held, or the key repeats: one tap
            if len(self._waiting) >= WAITING:
                raise CardError("前のカードがまだ読取機にあります。", "少し待って、もう一度試してください。")
            self._waiting.append(found)
            self._change.notify_all()

    def errand(self, errand: Errand[T], card: CardSeen | None = None, reader: str = "") -> T:
        """Runs this on the card that lies there, or lay there last; see PcscReader.errand."""
        with self._with_card:
            last = self._last
            if self._quit or last is None or reader not in ("", READER) or last[0].torn:
                return errand.gone()
            if card is not None and (not isinstance(last[1], CardSeen) or last[1].value != card.value):
                return errand.gone()
            lying = last[0]
            lying.chip.reset()
            first = lying.errand_torn if lying.name not in self._torn_once else 0
            outcome = errand.run(_until(lying.chip, first - 1 if first else -1,
                                        lambda: self._torn_once.add(lying.name)))
            lying.chip.reset()
            return outcome

    def find(self, card: str) -> PlayCard:
        """The card of this name, or one made for this number. CardError."""
        text = unicodedata.normalize("NFKC", card).strip()
        for one in self.cards:
            if unicodedata.normalize("NFKC", one.name) == text:
                return one
        if re.fullmatch(r"[0-9]{13}", text):
            return PlayCard(text, _user_card(text, self._profiles))
        if re.fullmatch(r"([0-9A-Fa-f]{2}){4,10}", text):
            return PlayCard(text.upper(), _uid_card(bytes.fromhex(text), self._profiles))
        names = "、".join(one.name for one in self.cards)
        raise CardError("そのカードはありません。", f"使えるのは {names}、13桁の利用者ID、16進数のカード番号です。")

    def _run(self) -> None:
        self._emit(Readers(True, (READER,), READY))
        while not self._quit:
            with self._change:
                if not self._waiting:
                    self._change.wait(POLL)
                card = self._waiting.popleft() if self._waiting and not self._quit else None
                self._in_field = card
            self._take_drops()
            if card:
                self._play(card)

    def _play(self, card: PlayCard) -> None:
        self._emit(CardTouched(READER))
        with self._with_card:
            fact = self._read(card)
            self._last = (card, fact)
        self._emit(fact)
        self._hold(0.0 if card.torn else card.stay)
        with self._change:
            self._in_field = None
        self._emit(CardGone(READER))
        self._hold(PAUSE)

    def _read(self, card: PlayCard) -> CardFact:
        card.chip.reset()
        try:
            return read_card(self._profiles, _until(card.chip, 1 if card.torn else -1), card.chip.atr, READER)
        except Refused as error:
            return CardRefused(READER, str(error), error.code)
        except CardLost:
            return CardRefused(READER, TORN, "torn", again=True)

    def _hold(self, seconds: float) -> None:
        """Lets time pass; drops are still answered, and `stop` ends it."""
        end = time.monotonic() + seconds
        while not self._quit and (left := end - time.monotonic()) > 0:
            with self._change:
                self._change.wait_for(lambda: self._quit, min(POLL, left))
            self._take_drops()

    def _take_drops(self) -> None:
        """Takes what other processes left in the folder, and answers each."""
        try:
            drops = sorted(self._inbox.glob("*.tap"), key=lambda path: path.stat().st_mtime_ns)
        except OSError:
            return                                                   # withdrawn while we looked: the next look sees it
        for path in drops:
            try:
                card = path.read_text(encoding="utf-8")
                path.unlink()
            except (OSError, UnicodeDecodeError):
                continue                                             # withdrawn
            try:
                self.tap(card)
                answer = ""
            except CardError as error:
                answer = f"{error.message}\n{error.hint}"
            with contextlib.suppress(OSError):                       # nobody waits any more
                _publish(path.with_suffix(".answer"), answer)


def _until(chip: FileCard, answers: int,
           lost: Callable[[], None] = lambda: None) -> Callable[[bytes], tuple[bytes, int]]:
    """The card's answers; after so many (never: -1) it has left the field. The next command does not reach it."""
    left = answers

    def transmit(apdu: bytes) -> tuple[bytes, int]:
        nonlocal left
        if left == 0:
            lost()
            raise CardLost
        left -= 1
        return chip.transmit(apdu)

    return transmit


def drop(inbox: Path, card: str, timeout: float = 5.0) -> None:
    """Puts a card on the built-in reader that looks into this folder. CardError if none does, or the card is refused.

    Returns when the reader has taken it over; a card that lies there already is played to its end first.
    """
    if not (inbox / OPEN).exists():
        raise CardError(*NOBODY)
    path = inbox / f"{uuid.uuid4().hex}.tap"
    answer = path.with_suffix(".answer")
    try:
        _publish(path, card)
        end = time.monotonic() + timeout
        while not answer.exists():
            if time.monotonic() > end:
                raise CardError(*NOBODY)
            time.sleep(0.02)
        message, _, hint = answer.read_text(encoding="utf-8").partition("\n")
    except OSError as error:
        raise CardError("練習の画面にカードを渡せません。", "拠点のフォルダーの書込権限を確かめてください。",
                        detail=type(error).__name__) from error
    finally:
        for left in (path, answer):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    if message:
        raise CardError(message, hint)


def load(path: Path, profiles: Sequence[Profile]) -> tuple[PlayCard, ...]:
    """The cards of a file. CardError naming card and key."""
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        rows = table["card"]
    except (OSError, ValueError, KeyError) as error:
        raise CardError(f"内蔵の読取機のカード {path} を読めません。", "置き場所と TOML の書き方を確かめてください。",
                        detail=type(error).__name__) from error
    cards = tuple(_card(path, place, row, profiles) for place, row in enumerate(rows, 1))
    for what in ("name", "key"):
        given = [getattr(one, what) for one in cards if getattr(one, what)]
        for twice in {one for one in given if given.count(one) > 1}:
            raise CardError(f"{path}: {what} = \"{twice}\" のカードが二枚あります。", "一枚だけにしてください。")
    return cards


def _card(path: Path, place: int, row: dict[str, Any], profiles: Sequence[Profile]) -> PlayCard:
    name = str(row.get("name", ""))
    where = f"{path}: カード「{name or f'{place} 枚目'}」"
    if not name or (unknown := set(row) - _KEYS):
        problem = f"に {sorted(unknown)[0]} という項目はありません。" if name else "に name がありません。"
        raise CardError(where + problem, "この行を直してください。")
    if sum(key in row for key in ("user_id", "uid", "bytes", "blank")) != 1:
        raise CardError(f"{where}に書くのは user_id、uid、bytes、blank のどれか一つです。", "この行を直してください。")
    try:
        if "blank" in row:
            chip = _user_card("", profiles)
        elif "user_id" in row:
            chip = _user_card(row["user_id"], profiles)
        elif "uid" in row:
            chip = _uid_card(bytes.fromhex(row["uid"]), profiles)
        else:
            content = bytes(int(row.get("offset", 0))) + bytes.fromhex(row["bytes"])
            chip = FileCard({bytes.fromhex(row["aid"]): {int(row["ef"], 16): content}})
        if "atr" in row:
            chip.atr = bytes.fromhex(row["atr"])
        _equip(chip, row, profiles, where)
        return PlayCard(name, chip, str(row.get("key", "")), str(row.get("label", row.get("note", ""))),
                        float(row.get("stay", 1.0)), bool(row.get("torn", False)),
                        int(row.get("errand_torn", 0)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CardError(f"{where}の値が正しくありません。", "数字と16進数の書き方を直してください。",
                        detail=type(error).__name__) from error


def _user_card(user_id: str, profiles: Sequence[Profile]) -> FileCard:
    """A chip with this number where the first profile of user_id looks for it, in that profile's encoding."""
    for one in profiles:
        if one.token == "user_id" and one.kind in ("file", "record"):
            filler = b"\xff" if one.decode == "bcd" else b"\x00"
            digits = user_id + "F" * (len(user_id) % 2)
            number = user_id.encode("ascii") if one.decode == "ascii" else bytes.fromhex(digits)
            content = filler * one.offset + number.ljust(one.length, filler)
            ef = int.from_bytes(one.ef) or one.sfi
            atr = _atr(one, MY_NUMBER_CARD)
            if one.kind == "record":
                return FileCard(records={(one.aid, ef): (*(b"\x00",) * (one.record - 1), content)}, atr=atr)
            return FileCard({one.aid: {ef: content}}, atr=atr)
    raise CardError("利用者IDを読むプロファイルがありません。",
                    "プロファイルに token = \"user_id\" の file か record を書いてください。")


def _equip(chip: FileCard, row: dict[str, Any], profiles: Sequence[Profile], where: str) -> None:
    """The PINs of a card, and what can be written on it."""
    for certificate, pin in row.get("pins", {}).items():
        profile = next((one for one in profiles if one.kind == "pin" and one.certificate == certificate), None)
        if profile is None or profile.pin is None:
            raise CardError(f"{where}の pins に {certificate} がありますが、その暗証番号のプロファイルがありません。",
                            "プロファイルに kind = \"pin\" と certificate を書いてください。")
        chip.pins[profile.aid, int.from_bytes(profile.pin.ef)] = PinFile(str(pin).encode("ascii"),
                                                                         int(row.get("tries", 3)))
    if row.get("writable"):
        profile = next((one for one in profiles if one.write and one.token == "user_id"), None)
        if profile is None:
            raise CardError(f"{where}は書込みできますが、書込みのプロファイルがありません。",
                            "利用者IDのプロファイルに write を書いてください。")
        key = next((int.from_bytes(step.ef) for step in profile.write if step.do == "verify"), None)
        if key is not None:
            chip.pins[profile.aid, key] = PinFile(bytes.fromhex(row["transport"]))
        chip.writable[profile.aid, int.from_bytes(profile.ef)] = key


def _uid_card(uid: bytes, profiles: Sequence[Profile]) -> FileCard:
    usual = FELICA if len(uid) == 8 else MY_NUMBER_CARD
    profile = next((one for one in profiles if one.kind == "uid" and one.length in (0, len(uid))), None)
    return FileCard(uid=uid, atr=_atr(profile, usual) if profile else usual)


def _atr(profile: Profile, usual: bytes) -> bytes:
    """The usual ATR, or the beginning of one that this profile takes."""
    if profile.fits(usual):
        return usual
    digits = profile.match_atr[0].rstrip("*")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def _publish(path: Path, text: str) -> None:
    """A file that is there whole or not at all."""
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
