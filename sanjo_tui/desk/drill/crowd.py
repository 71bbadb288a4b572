"""The crowd of a drill: made-up electors by a seed, and the part that each of them plays. Nobody here is real."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from sanjo_tui.numbers import luhn_digit
from sanjo_tui.station import fixtures

FIRST, SECOND, POLLING_DAY = dt.date(2026, 11, 19), dt.date(2026, 11, 20), dt.date(2026, 11, 29)
"""Days that are played, of the sample election: before the contest that begins later, its first day, polling day."""

DAYS = (FIRST, SECOND, POLLING_DAY)
WARDS = ("1", "2", "3", "4", "5")
OURS = ("1", "2")
"""投票区 of the place of polling day that is played."""


class Part(StrEnum):
    """What is special about a voter; the value is what the report calls it."""

    CARD = "カード"
    TICKET = "入場券"
    NO_TICKET = "入場券をなくした"
    EARLY_BIRD = "早く来て国民審査だけ残る"
    BACK_WITH_TICKET = "投票済みで入場券を持ってまた来る"
    BACK_WITHOUT = "投票済みで何も持たずにまた来る"
    SAME_NAME = "同姓同名がいる"
    SEVENTEEN = "期日前はまだ17歳"
    MOVED_NEAR = "県内に転出"
    MOVED_FAR = "県外に転出"
    MOVED_LONG_AGO = "転出から4か月を過ぎた"
    SPOILS = "書き損じる"
    BRAILLE = "点字"
    PROXY = "代理投票"
    OTHER_WARD = "よその投票区の人"
    ABSENTEE_OUT = "不在者投票の用紙を持ってくる"
    ABSENTEE_DONE = "不在者投票が受理済み"
    VOTED_ELSEWHERE = "知事だけ別の期日前投票所で投票済み"
    PROTECTED = "支援措置"
    GIVES_BACK = "投函せずに用紙を返す"
    TAKES_AWAY = "用紙を持ち帰る"
    ABSTAINS_ONE = "一つだけ棄権"
    ABSTAINS_ALL = "棄権してから戻る"
    MISTAKEN = "別人と取り違えられる"
    STRUCK = "名簿にあるが投票できない"
    UNKNOWN = "名簿にない"
    ENROLLED = "補正登録"
    OBJECTS = "拒否されて仮投票"
    ENTER_TWICE = "係がEnterを2度押す"
    SKIPS_EXIT = "出口を通らない"


USUAL = {Part.CARD: 30, Part.TICKET: 24, Part.NO_TICKET: 12, Part.EARLY_BIRD: 8, Part.BACK_WITH_TICKET: 3,
         Part.SAME_NAME: 3, Part.SPOILS: 3, Part.ABSTAINS_ONE: 2, Part.OTHER_WARD: 2, Part.SKIPS_EXIT: 3}
"""How often a part is played, in shares; 1 where nothing is said."""


@dataclass(slots=True)
class Person:
    """One elector of the drill. Columns are those of `roll.csv`; `marks`: (contest, early date, site, absentee)."""

    number: int
    part: Part | None
    name: str
    kana: str
    birth: dt.date
    sex: str
    ward: str
    household: int = 0
    status: str = "有効"
    moved_on: str = ""
    moved_scope: str = ""
    protected: bool = False
    assist: str = ""
    has_card: bool = True
    on_roll: bool = True
    marks: list[tuple[str, str, str, str]] = field(default_factory=list)
    namesake: Person | None = None

    @property
    def addressee_no(self) -> str:
        """宛名番号."""
        return f"990{self.number:08}"

    @property
    def user_id(self) -> str:
        """利用者ID; "" without a card."""
        return f"8{self.number:012}" if self.has_card else ""

    @property
    def ticket_no(self) -> str:
        """入場券番号, as the roll has it; the code on the ticket has a T before it."""
        body = f"{self.number:09}"
        return f"{body}{luhn_digit(body)}"

    @property
    def asked_for(self) -> str:
        """What a clerk types who is told name and birth date."""
        return f"{self.kana} {self.birth:%Y%m%d}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """`comers` play a part, `others` stay at home; both stand on the roll, except who is said not to."""

    comers: tuple[Person, ...]
    others: tuple[Person, ...]

    @property
    def on_roll(self) -> Iterator[Person]:
        """Everybody on the roll."""
        return (person for person in (*self.comers, *self.others) if person.on_roll)


def gather(voters: int, seed: int) -> Crowd:
    """So many voters by a seed: the same numbers give the same crowd. With enough of them every part is played."""
    draw = random.Random(f"polling crowd {seed}")
    parts = list(Part) if voters >= len(Part) else []
    parts += draw.choices(list(Part), [USUAL.get(part, 1) for part in Part], k=voters - len(parts))
    draw.shuffle(parts)
    comers, others = [], []
    for number, part in enumerate(parts, 1):
        person = _person(draw, number, part)
        comers.append(person)
        if part in (Part.SAME_NAME, Part.MISTAKEN):
            person.namesake = _namesake(draw, person, voters + number)
            others.append(person.namesake)
    start = 2 * voters
    others += [_person(draw, start + number, None, ward) for number, ward in
               enumerate((*WARDS, *draw.choices(WARDS, k=voters // 2)), 1)]
    return Crowd(tuple(comers), tuple(others))


def _person(draw: random.Random, number: int, part: Part | None, ward: str = "") -> Person:
    surname, given = draw.choice(_surnames()), None
    birth = dt.date(draw.randrange(1936, 2007), draw.randrange(1, 13), draw.randrange(1, 29))
    sex = draw.choice("12")
    given = draw.choice(_given(sex, birth.year // 10))
    # Whoever has the same name as others by chance is told apart as everybody is: nothing here avoids it.
    person = Person(number, part, f"{surname[0]}　{given[0]}", f"{surname[1]}　{given[1]}", birth, sex,
                    ward or draw.choice(WARDS), number // 2 + 1, has_card=draw.random() < 0.7)
    _special(draw, person)
    return person


def _special(draw: random.Random, person: Person) -> None:
    """What the roll says of somebody who plays this part."""
    match person.part:
        case (Part.CARD | Part.EARLY_BIRD | Part.PROTECTED | Part.BACK_WITH_TICKET | Part.ENTER_TWICE
              | Part.SKIPS_EXIT):
            person.has_card, person.protected = True, person.part is Part.PROTECTED
        case Part.SEVENTEEN:
            person.birth, person.ward = dt.date(2008, 11, draw.randrange(28, 31)), draw.choice(OURS)
        case Part.OTHER_WARD:
            person.ward, person.has_card = draw.choice(WARDS[2:]), True
        case Part.MOVED_NEAR | Part.MOVED_FAR:
            person.status, person.moved_on = "転出表示", "2026-10-05"
            person.moved_scope = "県内" if person.part is Part.MOVED_NEAR else "県外"
        case Part.MOVED_LONG_AGO:
            person.status, person.moved_on, person.moved_scope = "転出表示", "2026-06-01", "県外"
        case Part.STRUCK:
            person.status = draw.choice(("失権", "抹消", "死亡", "在外移転"))
        case Part.ABSENTEE_OUT | Part.ABSENTEE_DONE:
            state = "issued" if person.part is Part.ABSENTEE_OUT else "accepted"
            person.marks = [(contest, "", "", state) for contest in ("smd", "pr", "review", "governor", "assembly")]
        case Part.VOTED_ELSEWHERE:
            person.marks = [("governor", "2026-11-18", "E2", "none")]
        case Part.BRAILLE | Part.PROXY:
            person.assist = "点字" if person.part is Part.BRAILLE else "代理"
        case Part.UNKNOWN | Part.ENROLLED:
            person.on_roll = False


def _namesake(draw: random.Random, person: Person, number: int) -> Person:
    birth = dt.date(person.birth.year - draw.randrange(1, 20), person.birth.month, 1 + person.birth.day % 28)
    return Person(number, None, person.name, person.kana, birth, person.sex, person.ward, number)


@lru_cache(maxsize=1)
def _surnames() -> tuple[tuple[str, str], ...]:
    return tuple((row["surname"], row["kana"]) for row in _table("surnames.tsv"))


@lru_cache(maxsize=64)
def _given(sex: str, decade: int) -> tuple[tuple[str, str], ...]:
    """Given names of those born about then."""
    rows = [row for row in _table("given_names.tsv") if row["sex"] == sex]
    near = min(rows, key=lambda row: abs(int(row["from"]) - decade * 10))
    pairs = (pair.partition(":") for pair in near["names"].split())
    return tuple((name, kana) for name, _, kana in pairs)


def _table(name: str) -> list[dict[str, str]]:
    with (fixtures() / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
