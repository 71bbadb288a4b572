"""Journals of two windows taken in, in any order and twice: one state; what both did is listed, never resolved."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.desk.merging import take_in
from sanjo_tui.journal import exports
from sanjo_tui.receptions.certificate.state import APPLICATIONS, DISASTERS, NUMBERS
from sanjo_tui.receptions.certificate.words import Standing
from tests.certificate_ground import SATO, applied, hall, sample_rows, surveys_folder, unsurveyed

CODES = ("WIN1", "WIN2", "WIN3")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    """Three windows: all take the same household, each another one; one loads later surveys, one makes void."""
    folder = tmp_path_factory.mktemp("windows")
    found = []
    for at, code in enumerate(CODES):
        desk = hall(folder / code, code=code)
        number = applied(desk, SATO, ledger_consent=True).reception_no
        desk.certificate.issue(number)
        others = unsurveyed(desk)[at * 2:at * 2 + 2]
        for other in others:
            applied(desk, other)
        if at == 1:
            desk.certificate.hand_over(number)
            rows = sample_rows()
            rows.append({**rows[0], "survey_no": "S900001", "stage": "2", "grade": "半壊", "ratio": "24"})
            desk.certificate.load_data(surveys_folder(folder / "more", rows, 2))
            desk.certificate.issue(number)
        if at == 2:
            desk.certificate.void(number, desk.certificate.application(number).standing.number, "試験")
        found += [one.path for one in exports.write(desk.journal, folder / "usb")]
        desk.close()
    return found


def office(home: Path) -> Desk:
    """The office: no application of its own."""
    return hall(home, code="HQ")


def state_of(desk: Desk) -> dict[str, Any]:
    with desk.journal.view() as view:
        scope = desk.certificate.scope
        state = {ledger.name: list(view.records(ledger, scope)) for ledger in (APPLICATIONS, NUMBERS)}
        state["dues"] = desk.certificate.dues(view)
    state["issued"] = desk.certificate.rows("issued")
    state["ended"] = desk.certificate.rows("ended")
    return state


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=lambda o: "".join(map(str, o)))
def test_every_order_and_twice_gives_the_same(tmp_path, files, order):
    desk = office(tmp_path / "home")
    for at in order:
        assert take_in(desk, files[at], "").new > 0
    assert [take_in(desk, files[at], "").new for at in reversed(order)] == [0, 0, 0]
    desk.journal.verify()
    state = state_of(desk)
    desk.journal.rebuild()
    assert state_of(desk) == state
    desk.close()
    plain = office(tmp_path / "plain")
    for file in files:
        take_in(plain, file, "")
    assert state_of(plain) == state
    plain.close()


def test_what_two_windows_did_of_one_household_is_listed_and_stays(tmp_path, files):
    desk = office(tmp_path / "home")
    for file in files:
        take_in(desk, file, "")
    with desk.journal.view() as view:
        dues = desk.certificate.dues(view)
        mine = [a for a in desk.certificate.applications(view) if a.applicant_no == SATO]
    assert len(mine) == 3 and [due.what for due in dues].count("二重の申請") == 2
    standing = [c.standing for a in mine for c in a.certificates]
    assert standing.count(Standing.VALID) == 2 and standing.count(Standing.VOID) == 1
    numbers = [row.number for row in desk.certificate.rows("issued")]
    assert len(numbers) == len(set(numbers)) == 4 and {n.split("-")[1] for n in numbers} == set(CODES)
    good = [c for a in mine for c in a.certificates if c.standing is Standing.VALID]
    assert all(desk.certificate.verify(f"SANJO-RS1:{c.number}:{c.check}")[0] for c in good)
    with desk.journal.view() as view:
        opening = view.record_of(DISASTERS, desk.certificate.scope, desk.certificate.known().code)
    assert opening is not None and opening.is_open
    desk.close()
