"""What operators type: 個人番号 is refused in every field, also within a note, before anything is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.numbers import is_my_number, only_digits
from sanjo_tui.text import nfkc

_TWELVE = re.compile(r"(?<![0-9])[0-9]{4}[-\s]?[0-9]{4}[-\s]?[0-9]{4}(?![0-9])")

NUMBERS = frozenset({"subject", "subjects", "scope", "household", "registration_no", "moved_from", "into", "alias",
                     "person", "bound_by", "snapshot_id", "of_station", "applicant_no", "head_no",
                     "form_key", "left_form"})
"""Fields of events that the desk fills with its own or the register's numbers."""

OWN = frozenset({("application.filled", "left")})
"""The same, of one event alone: elsewhere the field is typed. A hash has twelve such digits in a row by chance."""


def my_numbers(text: str) -> Iterator[str]:
    """Every 個人番号 in a text: the whole of it, however it is grouped, or twelve digits that stand alone in it."""
    for candidate in (text, *_TWELVE.findall(nfkc(text))):
        if is_my_number(candidate):
            yield only_digits(candidate)


def texts_of(event: Event) -> Iterator[str]:
    """The words of an event that somebody may have typed. What the register says of a resident is not typed."""
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name == "seen" and getattr(event, "provisional", False):
            yield from (value.name, value.name_kana, value.age_text, value.address)
        elif not (field.name in NUMBERS or field.name.endswith("sha256") or (event.kind, field.name) in OWN):
            yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep: answers stand in mappings, choices in tuples."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)


def refuse(texts: Iterable[str], known: Iterable[str] = ()) -> None:
    """Raises RuleError when a text holds a 個人番号 that is none of the `known` 宛名番号. It is kept nowhere."""
    allowed = set(known)
    if any(number not in allowed for text in texts for number in my_numbers(text)):
        raise RuleError("個人番号(マイナンバー)は入れられません。", "番号を消して、もう一度入れてください。",
                        detail="my number refused")
