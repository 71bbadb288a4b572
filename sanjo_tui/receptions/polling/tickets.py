r"""入場券: which bar codes are ticket numbers, and whether their check digit is right (docs/polling.md §1).

`pattern` is a regular expression for the whole number, `prefix` what stands before it in the code and is no part of
the number: prefix "T" and pattern `\d{10}` read T0123456789 as ticket 0123456789. A pattern may name the number itself
with a group `(?P<ticket>...)`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sanjo_tui.cards.checks import is_mod11
from sanjo_tui.numbers import is_luhn
from sanjo_tui.receptions.polling.election import TicketForm
from sanjo_tui.receptions.polling.tables import Table
from sanjo_tui.text import nfkc

CHECKS = ("none", "luhn", "mod11")
USER_ID = re.compile(r"[0-9]{13}")
NO_TICKETS = ("さとうはなこ", "佐藤", "SATO HANAKO", "1", "0000")
"""What is typed into the same box and must never be taken for a ticket."""


def read_ticket(form: TicketForm, text: str) -> str | None:
    """The ticket number in a code, whatever its width; None where it is none or its check digit is wrong.

    A bare code of thirteen digits is a user ID, whatever the pattern says.
    """
    plain = nfkc(text).strip()
    found = _compiled(form.pattern).fullmatch(plain) if form.pattern and plain else None
    if found is None or USER_ID.fullmatch(plain):
        return None
    number = str(found["ticket"] if "ticket" in found.re.groupindex else found[0])
    return number if number and _checked(form.check, number) else None


def read_form(file: Table) -> TicketForm:
    """The `[ticket]` of a set-up; problems are kept in the table. Without one there are no bar codes."""
    table = file.table("ticket")
    if table is None:
        return TicketForm()
    pattern, prefix = table.text("pattern", required=True, most=200), table.text("prefix", most=8)
    check = table.text("check", "none")
    if check not in CHECKS:
        table.wrong("check", f"に書けるのは {'、'.join(CHECKS)} です。")
    table.done()
    whole = pattern
    if prefix:
        number = pattern if "(?P<ticket>" in pattern else f"(?P<ticket>{pattern})"
        whole = re.escape(prefix) + number
    try:
        expression = re.compile(whole)
    except (re.error, OverflowError, RecursionError):
        table.wrong("pattern", r"が正規表現として正しくありません（'\d{10}' のように書きます）。")
        return TicketForm()
    if not pattern:
        return TicketForm()
    if expression.fullmatch("") or any(expression.fullmatch(text) for text in NO_TICKETS):
        table.wrong("pattern", "が広すぎます。名前や番地まで入場券の番号になります。")
    elif _reads_user_ids(expression):
        table.wrong("pattern", "が 13 桁の数字に合います。利用者ID と区別できないので、prefix を書いてください。")
    return TicketForm(pattern=whole, check=check)


def _reads_user_ids(expression: re.Pattern[str]) -> bool:
    """Whether a bare number of thirteen digits may pass: tried with every head of three digits, and with those digits
    that the expression spells out. `read_ticket` refuses such codes in any case.
    """
    spelt = "".join(re.findall(r"(?<![{,\\\d])\d+", expression.pattern))
    heads = [*(f"{n:03}" for n in range(1000)), *(spelt[:n] for n in range(4, len(spelt) + 1))]
    tails = ("0" * 13, "9" * 13, "1234567890123", "8642097531864")
    return any(expression.fullmatch((head + tail)[:13]) for head in heads for tail in tails)


def _checked(check: str, number: str) -> bool:
    if check == "none":
        return True
    return is_luhn(number) if check == "luhn" else check == "mod11" and is_mod11(number)


@lru_cache(maxsize=8)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
