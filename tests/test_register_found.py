"""Whoever is a resident is found by the own name, the own reading and the own birth date, whatever these are."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sanjo_tui.register import snapshot as snapshots
from sanjo_tui.register.lookup import Register
from tests.register_ground import LG_CODE, SATO, FakeKeys, changed, snapshot

KANJI = ["佐", "藤", "渡", "邉", "邊", "辺", "髙", "高", "﨑", "崎", "齋", "斉", "一", "二", "𠮷", "葛\U000e0100", "葛",
         "\ue000", "々", "ヶ", "ノ", "昭", "和"]
KANA = [chr(code) for code in range(ord("ァ"), ord("ヶ") + 1)]
names = st.lists(st.lists(st.sampled_from(KANJI), min_size=1, max_size=4).map("".join), min_size=1, max_size=3).map(
    "　".join)
readings = st.lists(st.lists(st.sampled_from([*KANA, "ー"]), min_size=1, max_size=6).map("".join).filter(
    lambda word: word.strip("ー")), min_size=1, max_size=3).map("　".join)
births = st.dates(dt.date(1873, 1, 1), dt.date(2026, 11, 1))


@settings(max_examples=25)
@given(st.lists(st.tuples(names, readings, births), min_size=1, max_size=8))
def test_a_resident_is_found_by_name_reading_and_birth_date(drawn: list[tuple[str, str, dt.date]]) -> None:
    people = [changed(SATO[0], addressee_no=f"3{n:07}", household_no=f"7{n:03}", name=name, name_kana=kana,
                      birth_date=str(birth)) for n, (name, kana, birth) in enumerate(drawn)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        snapshots.load(snapshot(folder / "in", people, cards=None), folder / "register", FakeKeys(), lg_code=LG_CODE)
        register = Register.open(folder / "register", FakeKeys())
        try:
            for person in register.everyone():
                compact = person.birth.raw.replace("-", "") if person.birth.raw >= "1900" else ""  # before: a number
                half = person.name_kana.replace("　", " ")
                for typed in (person.name, person.name.replace("　", ""), person.name_kana, half,
                              person.name_kana.replace("　", ""), person.birth.wareki(), person.birth.raw,
                              compact or person.birth.raw, person.addressee_no):
                    found = register.search(typed)
                    assert person.addressee_no in {hit.resident.addressee_no for hit in found.hits}, typed
                    assert max(Counter(hit.resident.addressee_no for hit in found.hits).values()) == 1
        finally:
            register.close()
