"""A protected person who needs help to flee: the desk sees that help is needed, nobody learns where she lives."""

from __future__ import annotations

from pathlib import Path

from sanjo_tui.desk import Desk
from sanjo_tui.receptions.shelter.lists import Edition
from sanjo_tui.register.people import MASKED
from tests.test_support import desk, folder, load

__all__ = ["desk"]


def test_a_protected_person_stays_hidden_with_her_needs(desk: Desk, tmp_path: Path) -> None:
    key = next(number for number in sorted(desk.protected())
               if desk.register is not None and (one := desk.register.resident(number)) is not None and one.living)
    assert desk.register is not None
    resident = desk.register.resident(key)
    assert resident is not None and resident.town
    load(desk, folder(tmp_path / "a", [(key, "車椅子", "0256-11-2222", "0")]))
    look = desk.shelter.look(desk.open_resident(key))
    assert [line.key for line in look.members] == [key]
    desk.shelter.admit(look, (key,))
    staff = [row for row in desk.shelter.roster(Edition.STAFF) if "要支援者" in row.needs]
    assert len(staff) == 1 and staff[0].address in (MASKED, "") and resident.town not in str(staff[0])
    posting = desk.shelter.roster(Edition.POSTING)
    assert not any(resident.name in str(row) or "要支援者" in str(row) for row in posting)
    content = desk.shelter.paper("handover", household=desk.shelter.presences()[key].household).content
    assert content.people[0].evac_support == "要支援者(車椅子)"
    assert "0256-11-2222" not in str(content) and resident.town not in str(content)
