"""カード印刷データ: CSV and JPEG for the plastic-card printer, into a folder that the operator names.

Each file is made beside, brought to the disk and renamed; the sums come last, so that who finds them finds the rest
whole. Only then are the cards recorded as made. No address and no household stands in it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.desk import photos
from sanjo_tui.desk.childcare.cards import Cards
from sanjo_tui.documents import table
from sanjo_tui.errors import PrintError, RuleError
from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.childcare import events as ev
from sanjo_tui.receptions.childcare.state import Card
from sanjo_tui.receptions.childcare.words import SCOPE, Status
from sanjo_tui.vault.durable import replace_file
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import wareki

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View

COLUMNS = ("card_no", "title", "name", "name_kana", "holder_role", "valid_until", "valid_until_text", "photo",
           "photo_sha256")
GETA = "〓"
AWAY = "写真を取り込んだ端末で書き出すか、写真を取り込み直してください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One card for the printer. `valid_until` `YYYY-MM-DD`, `valid_until_text` as the card says it."""

    card_no: str
    title: str
    name: str
    name_kana: str
    holder_role: str
    valid_until: str
    valid_until_text: str
    photo: str
    photo_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A character that the file's encoding has not: 〓 stands in its place, to be mended at the card printer."""

    card_no: str
    column: str
    code_point: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was written."""

    batch: str
    cards: int
    files: tuple[Path, ...]
    missing: tuple[Missing, ...] = ()
    left: tuple[str, ...] = ()
    """Numbers of cards that still wait: their photo is at another station."""


class CardData(Cards):
    """Data for the card printer; see Desk for threads and errors."""

    def waiting(self) -> tuple[str, ...]:
        """Numbers of the cards that have a photo, here, and were not made yet."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            return tuple(card.card_no for _, card in self._ready(view, ()) if self._here(card))

    def _here(self, card: Card) -> bool:
        """Whether its photo was taken in at this station."""
        return photos.has(self.desk, card.photo, service=SCOPE)

    def write_cards(self, out: Path, card_nos: Sequence[str] = ()) -> Batch:
        """Write the data of all cards that wait, or of these (also once more for one that came out badly).

        Raises NotAllowed, RuleError (nothing waits, no such card), PrintError (the folder): then no card is made.
        """
        self.desk.permit(Permission.RECEIVE)
        self.desk.permit(Permission.CLEAR_FILE)
        self._check(out)
        with self.desk.journal.view() as view:
            found = self._ready(view, card_nos)
            number = self._next_batch(view)
        left = tuple(card.card_no for _, card in found if not self._here(card))
        if card_nos and left:
            raise RuleError(f"{left[0]} の写真が、この端末にありません。", AWAY)
        found = [(person, card) for person, card in found if card.card_no not in left]
        if not found:
            raise RuleError("作るカードがありません。",
                            f"{left[0]} などの写真が、この端末にありません。{AWAY}" if left else
                            "写真を取り込んだ申請が、ここに並びます。")
        self.list_made("childcare.cards", len(found))
        files, missing = self._files_of(number, found)
        paths = tuple(self._put(out / name, data) for name, data in files.items())

        def decide(view: View) -> Iterator[Event]:
            yield ev.BatchMade(subject=number, scope=SCOPE, cards=len(found),
                               sha256=hashlib.sha256(files[f"cards-{number}.csv"]).hexdigest())
            for person, card in found:
                now = self._card(view, person, Status.PRINTED)
                if (now.card_no, now.photo, now.valid_until) != (card.card_no, card.photo, card.valid_until):
                    raise RuleError("書き出す間に、カードの内容が変わりました。", "もう一度書き出してください。")
                yield ev.CardPrinted(subject=person, scope=SCOPE, card_no=card.card_no, batch=number)

        self.record(decide)
        self.desk.log_act("childcare.cards", {"batch": number, "cards": len(found), "missing": len(missing)})
        return Batch(batch=number, cards=len(found), files=paths, missing=missing, left=left)

    def _ready(self, view: View, card_nos: Sequence[str]) -> list[tuple[str, Card]]:
        held = [(one.addressee_no, one.card) for one in self.holdings(view) if one.card is not None]
        if not card_nos:
            return [(person, card) for person, card in held if card.status is Status.PHOTOGRAPHED]
        known = {card.card_no: (person, card) for person, card in held
                 if card.status in (Status.PHOTOGRAPHED, Status.PRINTED)}
        strange = [number for number in card_nos if number not in known]
        if strange:
            raise RuleError(f"{strange[0]} は、今は作れるカードではありません。",
                            "番号と、写真があるかを確かめてください。")
        return [known[number] for number in dict.fromkeys(card_nos)]

    def _files_of(self, number: str, found: Sequence[tuple[str, Card]]) -> tuple[dict[str, bytes], tuple[Missing, ...]]:
        files: dict[str, bytes] = {}
        rows = []
        for person, card in found:
            picture = f"{card.card_no}.jpg"
            files[picture] = photos.read(self.desk, card.photo, service=SCOPE)
            rows.append(self._row(person, card, picture))
        encoding = self.setup.encoding
        missing = tuple(Missing(card_no=row.card_no, column=column, code_point=f"U+{ord(char):04X}")
                        for row in rows for column in COLUMNS for char in getattr(row, column)
                        if not _has(char, encoding))
        text = "".join(char if _has(char, encoding) else GETA for char in table.csv_text(COLUMNS, rows))
        files[f"cards-{number}.csv"] = text.encode(encoding)
        files[f"cards-{number}.sha256"] = "".join(
            f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()).encode()
        return files, missing

    def _row(self, person: str, card: Card, picture: str) -> CardRow:
        resident = self.desk.register.resident(person) if self.desk.register else None
        if resident is None:
            raise RuleError(f"{card.card_no} の方が住基にいません。", "F8 の「住基の更新でやること」を見てください。")
        return CardRow(card_no=card.card_no, title=self.setup.title, name=resident.name, name_kana=resident.name_kana,
                       holder_role=card.role.label, valid_until=card.valid_until,
                       valid_until_text=f"{wareki(dt.date.fromisoformat(card.valid_until))}まで", photo=picture,
                       photo_sha256=card.photo)

    def _next_batch(self, view: View) -> str:
        start = f"{self.desk.station.code}-"
        last = view.last_claim("childcare.batch", start)
        number = f"{start}{(int(last.removeprefix(start)) if last else 0) + 1:04}"
        assert view.holder(Claim("childcare.batch", number)) is None
        return number

    def _check(self, out: Path) -> None:
        hint = "カード印刷機に渡すフォルダーを指定してください。"
        if out.resolve().is_relative_to(self.desk.station.home.resolve()):
            raise PrintError("拠点の中には書き出せません。", hint)
        if not out.is_dir():
            raise PrintError(f"{out} というフォルダーはありません。", hint)

    def _put(self, path: Path, data: bytes) -> Path:
        try:
            replace_file(path, data)
        except OSError as error:
            raise PrintError(f"{path.parent} に書けません。", "空き容量と書込権限を確かめてください。",
                             detail=type(error).__name__) from error
        return path


def _has(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
