"""What the papers of a disaster share: the mark of an unconfirmed form, labelled boxes, ■ and □, the seal's place."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents.sheet import BOLD, HAIR, LABEL_GREY, RULE, Sheet

UNCONFIRMED = "様式未確認：公式の様式と見くらべるまで使わないでください"
SEAL = 24.0
"""公印: side of its area in mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the household as the paper names them."""

    name: str
    relationship: str = ""
    birth: str = ""


def unconfirmed(sheet: Sheet, y: float, words: str = UNCONFIRMED, *, left: float = 20.0, right: float = 190.0) -> None:
    """The frame that says nobody has compared the form with the official file."""
    sheet.rect(left, y, right - left, 6.5, BOLD)
    sheet.fit(left, y, right - left, 6.5, words, 9.5, "center", "gothic")


def boxed(sheet: Sheet, x: float, y: float, w: float, h: float, label: str, value: str, *, size: float = 11,
          head: float = 38.0, name: str = "") -> float:
    """A labelled box; returns the y below."""
    sheet.rect(x, y, head, h, RULE, fill=LABEL_GREY)
    sheet.rect(x, y, head, h, RULE)
    sheet.fit(x, y, head, h, label, 9.5, "center", pad=1)
    sheet.rect(x + head, y, w - head, h, RULE)
    sheet.fit(x + head, y, w - head, h, value, size, name=name or label, pad=3)
    return y + h


def marked(sheet: Sheet, x: float, y: float, on: bool, words: str, size: float = 11) -> float:
    """■ or □ drawn, and its words; returns where the next may begin."""
    side = size * 0.3
    sheet.rect(x, y - side / 2, side, side, RULE, fill=0.0 if on else None)
    sheet.text(x + side + 1.5, y, words, size, font="gothic" if on else "mincho")
    return x + side + 1.5 + sheet.measure(words, size, "gothic" if on else "mincho") + 5


def seal_area(sheet: Sheet, right: float, y: float) -> None:
    """The square where the official seal goes."""
    sheet.canvas.setDash(2, 2)
    sheet.rect(right - SEAL, y, SEAL, SEAL, HAIR)
    sheet.canvas.setDash()
    sheet.text(right - SEAL / 2, y + SEAL / 2, "公印", 9, "center", grey=0.55)
