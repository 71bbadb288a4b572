"""個人番号 in what operators type is refused; a hash that the desk made itself is none, whatever digits it holds."""

from __future__ import annotations

import pytest

from sanjo_tui.desk.typed import my_numbers, texts_of
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.application import events as application
from sanjo_tui.receptions.application.words import Method
from sanjo_tui.receptions.childcare import events as childcare
from sanjo_tui.receptions.library import events as library

HASH = "a123456789018b"
"""Part of a hash: one in 400 has twelve digits alone that pass the check."""

PERSON = application.Person(name="見本　太郎", birth="1985-06-01")

HASHED: tuple[Event, ...] = (
    childcare.PhotoTaken(subject="1", scope="childcare", card_no="SK", sha256=HASH, width=1, height=1),
    childcare.BatchMade(subject="1", scope="childcare", cards=1, sha256=HASH),
    application.Photographed(subject="1", scope="application", photo_sha256=HASH),
    application.FormFilled(subject="1", scope="application", person=PERSON, application_form_id="2" * 23,
                           form_key=HASH, left=HASH, method=Method.ON_RECEIPT),
    library.ListWritten(subject="1", scope="library", list_seq=1, output_at="", covers=(), pdf_sha256=HASH,
                        csv_sha256=HASH))


@pytest.mark.parametrize("event", HASHED, ids=lambda event: event.kind)
def test_a_hash_is_no_my_number(event: Event) -> None:
    assert list(my_numbers(HASH)), "it would be refused where somebody types it"
    assert not any(number for text in texts_of(event) for number in my_numbers(text))


def test_a_reason_is_looked_into() -> None:
    event = childcare.CardLost(subject="1", scope="childcare", card_no="SK", reason="番号 1234-5678-9018")
    assert [number for text in texts_of(event) for number in my_numbers(text)] == ["123456789018"]
