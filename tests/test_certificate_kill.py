"""SIGKILL while certificates are issued: no number twice, none lost without a void entry, none said too early."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.receptions.certificate.disaster import read_certificate_no
from sanjo_tui.receptions.certificate.state import NUMBERS
from sanjo_tui.receptions.certificate.words import Standing
from tests.certificate_ground import applied, hall
from tests.killing import kills


def kill_rounds(home: Path, rounds: int, seed: int) -> int:
    """How many numbers were given out. Everything else is asserted after every kill."""
    desk = hall(home)
    number = applied(desk).reception_no
    desk.close()
    said: list[str] = []
    for desk, said in kills("tests.certificate_ground", home, hall, rounds=rounds, seed=seed, most=4):
        with desk.journal.view() as view:
            (application,) = desk.certificate.applications(view)
            given = [one.number for one in view.records(NUMBERS, desk.certificate.scope)]
        certificates = {c.number: c for c in application.certificates}
        assert len(set(said)) == len(said), "a number was given twice"
        assert set(said) <= set(given) == set(certificates), "a number was lost"
        assert [read_certificate_no(one)[2] for one in sorted(given)] == list(range(1, len(given) + 1))
        valid = [c for c in certificates.values() if c.standing is Standing.VALID]
        assert len(valid) <= 1 and all(c.standing in (Standing.VOID, Standing.VALID) for c in certificates.values())
        assert {job.parameters["number"] for job in desk.printing.jobs(10_000)
                if job.form == "certificate.certificate"} == set(given), "a paper without a number, or the reverse"
        if valid:                                              # whoever comes after the kill finds the paper spoilt
            desk.certificate.void(number, valid[0].number, "印刷の途中で止まった")
    return len(said)


def test_five_kills_while_issuing(tmp_path):
    assert kill_rounds(tmp_path / "home", 5, 3) >= 5


@pytest.mark.slow
def test_a_hundred_kills_while_issuing(tmp_path):
    assert kill_rounds(tmp_path / "home", 100, 7) >= 100
