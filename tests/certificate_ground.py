"""A certificate desk with the demo's register, houses and surveys; as a program: a process that issues until killed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from sanjo_tui.desk import Desk, Opened
from sanjo_tui.desk.certificate.look import Look
from sanjo_tui.desk.service import Receipt
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import issuing, records, rules, setup, state
from sanjo_tui.receptions.certificate.disaster import Disaster
from sanjo_tui.receptions.certificate.rules import Asked, Household
from sanjo_tui.receptions.certificate.words import Grade
from sanjo_tui.register import snapshot
from sanjo_tui.register.houses.values import Survey
from sanjo_tui.station import fixtures
from tests import desk as desks

SAMPLE = fixtures() / "certificate"
DAY = dt.date(2026, 11, 24)
"""The day of these tests; the sample's disaster was four days before."""

SATO, SATO_WIFE, MURATA = "99900000029", "99900000037", "99900000061"


def disaster(**changes: Any) -> Disaster:
    """The sample's disaster."""
    from dataclasses import replace

    found, problems = setup.read((SAMPLE / "disaster.toml").read_bytes())
    assert found is not None, problems
    return replace(found, **changes)


def hall(home: Path, *, surveys: bool = True, begun: bool = True, code: str = "A1B2C3", **more: Any) -> Desk:
    """A desk with everything loaded and the disaster open; today is DAY. Again: the same one."""
    fresh = not (home / "vault.toml").exists()
    desk = desks.desk(home, operator=more.pop("operator", "J01"), code=code, receptions=("certificate", "shelter"),
                      **more)
    desk.certificate.today = lambda: DAY  # type: ignore[method-assign]
    if fresh:
        snapshot.load(fixtures() / "residents" / "demo", desk.station.register_dir, desk.keys,
                      lg_code=desk.station.lg_code)
        desk.refresh_register()
        desk.certificate.load_setup((SAMPLE / "disaster.toml").read_bytes())
        desk.certificate.load_data(SAMPLE / "houses")
        if surveys:
            desk.certificate.load_data(SAMPLE / "surveys")
        if begun:
            desk.certificate.open_disaster()
    return desk


def looked(desk: Desk, addressee_no: str = SATO) -> Look:
    """Somebody found by number."""
    return desk.certificate.look(opened(desk, addressee_no))


def opened(desk: Desk, addressee_no: str = SATO) -> Opened:
    return desk.open_resident(addressee_no)


def applied(desk: Desk, addressee_no: str = SATO, **asked: Any) -> Receipt:
    """An application for the first candidate."""
    look = looked(desk, addressee_no)
    return desk.certificate.apply(look, look.candidates[0], Asked(**asked))


def unsurveyed(desk: Desk, most: int = 99) -> list[str]:
    """宛名番号 of heads whose one sure house has no survey yet."""
    register = desk.register
    assert register is not None
    found = []
    for person in register.everyone():
        if person.is_head and not person.protected:
            look = looked(desk, person.addressee_no)
            if look.sure and not look.surveys[look.sure.house.key]:
                found.append(person.addressee_no)
        if len(found) == most:
            break
    return found


def surveys_folder(out: Path, rows: list[dict[str, str]], sequence: int) -> Path:
    """A folder of surveys with these rows."""
    out.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.DictWriter(text, ("disaster", "survey_no", "house_id", "unit", "stage", "date", "method", "ratio",
                                   "grade", "decided_on"))
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    (out / "surveys.csv").write_bytes(data)
    manifest = (SAMPLE / "surveys" / "manifest.toml").read_text(encoding="utf-8")
    for pattern, new in ((r'sha256 = "[0-9a-f]+"', f'sha256 = "{sha256(data).hexdigest()}"'),
                         (r"records = \d+", f"records = {len(rows)}"), (r"sequence = \d+", f"sequence = {sequence}"),
                         (r'snapshot_id = "[^"]+"', f'snapshot_id = "surveys-{sequence}"')):
        manifest = re.sub(pattern, new, manifest)
    (out / "manifest.toml").write_text(manifest, encoding="utf-8")
    return out


def sample_rows() -> list[dict[str, str]]:
    """The rows of the sample's surveys."""
    return list(csv.DictReader(io.StringIO((SAMPLE / "surveys" / "surveys.csv").read_text(encoding="utf-8"))))


class Folded:
    """One application by the rules and the fold alone: no journal, no clock."""

    def __init__(self, **asked: Any) -> None:
        self.disaster = disaster()
        self.recorded: list[Recorded] = []
        self.now: records.Application | None = None
        self.today = DAY
        self._seq = itertools.count(1)
        self._number = itertools.count(1)
        household = Household(key="77", applicant_no="1", applicant_name="見本　太郎", head_no="1",
                              head_name="見本　太郎", head_address="旭町1-2-3",
                              members=(ev.Person(no="1", name="見本　太郎"),))
        binding = asked.pop("binding", ev.Binding(house="H1", address="旭町1-2-3", use="住宅"))
        surveys = asked.pop("surveys", ())
        self.add(*rules.apply_for(self.disaster, "A1B2C3-0001-9", household, binding, Asked(**asked),
                                  today=self.today, surveys=surveys))

    @property
    def application(self) -> records.Application:
        assert self.now is not None
        return self.now

    def add(self, *events: Event) -> None:
        for event in events:
            seq = next(self._seq)
            one = Recorded("A1B2C3", seq, seq << 16, 1_795_000_000_000 + seq, "J01", event, seq)
            self.recorded.append(one)
            if not isinstance(event, ev.Numbered | ev.NumberTaken):
                self.now = state.apply(self.now, one)

    def number(self) -> str:
        from sanjo_tui.receptions.certificate.disaster import certificate_no

        return certificate_no(2026, "A1B2C3", next(self._number))

    def survey(self, stage: int, grade: Grade, *, decided: bool = True, no: str = "") -> None:
        day = (self.today + dt.timedelta(days=stage)).isoformat()
        survey = Survey(disaster=self.disaster.code, survey_no=no or f"S{stage}", house_id="H1", stage=stage, date=day,
                        grade=grade.label, decided_on=day if decided else "")
        a = self.application
        self.add(*rules.surveys_taken(self.disaster, a.number, a.binding.house, (survey,), a.judged, a.surveyed))

    def issue(self) -> None:
        self.add(*issuing.issue(self.disaster, self.application, self.number(), "c" * 16, self.today))


def main(home: str) -> None:
    """Issues and makes void, one certificate after the other, saying each number once it is durable."""
    desk = hall(Path(home))
    desk.certificate.notices()
    number = next(a.number for a in _applications(desk))
    for turn in itertools.count():
        receipt = desk.certificate.issue(number)
        taken = next(r.event.subject for r in receipt.recorded if isinstance(r.event, ev.NumberTaken))
        print(taken, flush=True)
        desk.certificate.void(number, taken, f"試験 {turn}")


def _applications(desk: Desk) -> list[records.Application]:
    with desk.journal.view() as view:
        return desk.certificate.applications(view)


if __name__ == "__main__":
    main(sys.argv[1])

