"""What the first line of a desk says: place, clock, and the data that a reception stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line of every desk. `register_level`: ok, amber, red, none (there is no register)."""

    place: str
    reception: str
    date: str
    clock: str
    register: str
    register_level: str
    fictitious: bool = False
    drill: bool = False
    waiting_prints: int = 0
    unsent: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a reception gives to the header: the data it stands on and their age. "" leaves the station's own word."""

    data: str
    level: str
    fictitious: bool = False
    place: str = ""
    reception: str = ""
    warnings: tuple[str, ...] = ()


def days_ago(days: int) -> str:
    """今日, 3日前; an age in days for a header."""
    return "今日" if days == 0 else f"{days}日前"
