"""Every form, filled from a real journal: it can be made, it says what was recorded, and nothing leaks."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from sanjo_tui.desk.papers import FORM_NAMES, FORMS, make
from sanjo_tui.errors import PrintError, RuleError
from sanjo_tui.printing.jobs import JobState
from sanjo_tui.receptions.shelter.rows import PROTECTED_NAME
from sanjo_tui.receptions.shelter.rules import UnknownPerson
from sanjo_tui.receptions.shelter.words import Exit, Need, Stay
from tests.desk import FAMILY, desk, opened, resident

HIDDEN = resident("9", "隠田　守子", household="88", protected=True)


@pytest.fixture
def counter(tmp_path):
    counter = desk(tmp_path / "home", printer=f"folder:{tmp_path / 'out'}")
    shelter = counter.shelter
    shelter.open_shelter()
    look = shelter.look(opened(*FAMILY))
    shelter.admit(look, ["1", "2"])
    shelter.supplement("2", {"needs": (Need.PREGNANT,), "disclose_public": True})
    shelter.note_household(look, {"phone": "0256-00-0000", "pets": "犬1", "car": "軽 白"})
    look = shelter.look(opened(*FAMILY))
    shelter.change_stay(look, ["1"], Stay.CAR, "校庭")
    protected = shelter.look(opened(HIDDEN))
    shelter.admit(protected, ["9"])
    yield counter
    counter.close()


def text(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages).replace(" ", "")


PARAMETERS = {"tag": {"registration_no": "A1B2C3-0001-9"}, "card": {"household": "77"}, "handover": {"household": "77"}}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_be_made_and_says_that_it_is_a_drill(counter, form):
    pdf = counter.shelter.paper(form, **PARAMETERS.get(form, {})).pdf()
    assert pdf.pages >= 1 and "訓練" in text(pdf)
    assert form in FORM_NAMES


@pytest.mark.parametrize("form", [form for form in FORMS if form not in ("card", "handover", "tag", "blanks")])
def test_no_list_names_or_places_a_protected_person(counter, form):
    paper = counter.shelter.paper(form)
    for said in (text(paper.pdf()), str(paper.records()), paper.csv()):
        assert "隠田" not in said and "旭町１番地２隠" not in said


def test_the_roster_counts_the_protected_person_without_a_name(counter):
    rows = counter.shelter.paper("roster").records()
    assert [row["name"] for row in rows].count(PROTECTED_NAME) == 1 and len(rows) == 3
    assert [row["name"] for row in counter.shelter.paper("posting").records()] == ["佐藤　花子"]


def test_the_sheet_of_a_protected_person_shows_her_name_and_masks_the_rest(counter):
    said = text(counter.shelter.paper("card", household="P9").pdf())
    assert "隠田" in said and "旭町" not in said and "表示しません" in said


def test_a_household_that_was_not_received_has_no_sheet(counter):
    with pytest.raises(PrintError):
        counter.shelter.paper("card", household="12345")


def test_reports_are_numbered_and_show_the_change(counter):
    first = counter.shelter.paper("report")
    look = counter.shelter.look(opened(*FAMILY))
    counter.shelter.admit(look, ["3"])
    counter.shelter.depart(counter.shelter.look(opened(HIDDEN)), ["9"], Exit.HOSPITAL)
    second = counter.shelter.paper("report")
    assert (first.content.number, second.content.number) == (1, 2)
    assert (second.content.arrived, second.content.left) == (1, 1)
    people = next(row for row in second.records() if row["item"] == "人数")
    assert (people["count"], people["previous"], people["change"]) == (3, 3, 0)
    again = make(counter.shelter, "report", number=1)
    assert again.content.figures == first.content.figures


def test_blank_forms_reserve_their_numbers(counter):
    job = counter.shelter.print("blanks", count=4)
    numbers = counter.printing.job(job).parameters["numbers"]
    assert len(set(numbers)) == 4
    counter.shelter.admit_unknown(UnknownPerson(name="かみ"), paper_number=numbers[0])


def test_departures_hide_where_a_protected_person_went(counter):
    counter.shelter.depart(counter.shelter.look(opened(HIDDEN)), ["9"], Exit.RELATIVES, "長岡市", "025")
    row = counter.shelter.paper("departures").records()[0]
    assert row["exit_address"] == row["exit_phone"] == "" and row["name"] == PROTECTED_NAME


def test_a_tag_is_due_in_the_reception_itself_and_renders_from_its_job(counter):
    receipt = counter.shelter.admit_unknown(UnknownPerson(sex_code="2"))
    job = counter.printing.job(receipt.job)
    assert job.state is JobState.WAITING
    assert receipt.registration_no in text(counter.printing.render(job))


def test_taking_back_a_provisional_record_keeps_its_tag_from_printing(counter):
    receipt = counter.shelter.admit_unknown(UnknownPerson(sex_code="2"))
    counter.shelter.undo(counter.shelter.undoable()[0].number, "押し間違い")
    assert counter.printing.job(receipt.job).state is JobState.CANCELLED


def test_unknown_forms_and_unopened_shelters_are_refused(tmp_path, counter):
    with pytest.raises(PrintError):
        counter.shelter.paper("nonsense")
    fresh = desk(tmp_path / "other")
    with pytest.raises(RuleError):
        fresh.shelter.paper("roster")
    fresh.close()
