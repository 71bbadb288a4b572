"""What holds of every roll: nobody of the town is lost, nobody of another ward is named, no file is a crash."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from roll_ground import BASE, ELECTORS, LG_CODE, FakeKeys, roll, ticket_rows, ward_rows, write

from sanjo_tui.register.roll import columns, snapshot
from sanjo_tui.register.roll.lookup import Roll

WARDS = ("1", "2", "10")
towns = st.lists(st.tuples(st.sampled_from(WARDS), st.booleans(), st.sampled_from(("roll", "file", "none"))),
                 min_size=1, max_size=12)


@settings(max_examples=25)
@given(towns, st.sets(st.sampled_from(WARDS)), st.booleans())
def test_everybody_of_the_town_is_here_or_has_a_ward(town: list[tuple[str, bool, str]], own: set[str],
                                                     index: bool) -> None:
    own = own or {town[0][0]}
    electors, delivered = [], []
    for number, (ward, card, ticket) in enumerate(town):
        whole = (f"{1000 + number}", f"{number:013}" if card else "", f"{ward}-1-1-{number}", ward,
                 f"T{number}" if ticket != "none" else "", f"人　{number}", "ヒト", "1970-01-01", "1", "", "", "0",
                 "有効", "", "", "")
        delivered.append(whole)
        electors.append((*whole[:4], whole[4] if ticket == "roll" else "", *whole[5:]))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = roll(place / "r", electors, marks=[], ticket_file=ticket_rows(delivered),
                      wards=ward_rows(delivered) if index else None)
        if not any(ward in own for ward, _, _ in town):
            return
        snapshot.load(folder, place / "roll", FakeKeys(), lg_code=LG_CODE, contests=(), wards=tuple(own))
        reader = Roll.open(place / "roll", FakeKeys())
        try:
            assert {elector.addressee_no for elector in reader.everyone()} == {
                row[0] for row in delivered if row[3] in own}
            assert reader.tickets_agree()
            for row in delivered:
                for value, found in ((row[1], reader.by_user_id(row[1])), (row[4], reader.by_ticket(row[4]))):
                    if value:
                        assert reader.ward_of(value) == row[3]
                        assert (found.addressee_no if found else None) == (row[0] if row[3] in own else None)
        finally:
            reader.close()


cells = st.one_of(st.sampled_from(["", "1", "0", "転出表示", "県内", "2026-11-16", "A0001", "10000001", "\x00"]),
                  st.text(max_size=6))
FILES = {"roll.csv": (columns.ROLL, ELECTORS), "roll_contests.csv": (columns.CONTESTS, [("10000001",) + ("",) * 5]),
         "tickets.csv": (columns.TICKETS, ticket_rows()), "wards.csv": (columns.WARDS, ward_rows())}


@settings(max_examples=60)
@given(st.sampled_from(sorted(FILES)), st.lists(st.lists(cells, max_size=17), max_size=4), st.binary(max_size=8),
       st.integers(0, 400))
def test_no_file_is_a_crash(name: str, rows: list[list[str]], noise: bytes, at: int) -> None:
    header, good = FILES[name]
    width = len(header)
    strange = [(row + [""] * width)[:width] for row in rows]
    with tempfile.TemporaryDirectory() as place:
        folder = write(Path(place) / "r", {**FILES, name: (header, [*good, *strange])}, content="roll", kind="full",
                       sequence=1, roll_base=BASE)
        assert snapshot.check(folder).ok in (True, False)
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:at] + noise + data[at:])
        assert not snapshot.check(folder).ok or not noise
