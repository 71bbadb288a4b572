"""What a new register changes: told once for each service and register, against the one that was followed before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sanjo_tui import workdays
from sanjo_tui.desk import Desk
from sanjo_tui.desk.following import Changes, Due, follow
from sanjo_tui.desk.service import ServiceDesk
from sanjo_tui.errors import NotAllowed, RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.journal.view import View
from sanjo_tui.receptions.changes import Change, changed
from sanjo_tui.receptions.lookups import ActDone, Followed, Released
from sanjo_tui.register import snapshot
from sanjo_tui.register.people import Resident
from sanjo_tui.station import fixtures
from tests import desk as desks
from tests.operators_ground import OPERATORS, PIN

ONE = desks.resident("1", "佐藤　太郎")


class Watching(ServiceDesk):
    """A service that only looks."""

    NAME = "counter"

    def __init__(self, desk: Desk, people: tuple[str, ...]) -> None:
        super().__init__(desk)
        self.people, self.seen = people, dict[str, str]()

    def follow(self, changes: Changes, view: View) -> Iterator[Event]:
        self.seen = {key: changes.of(key).words for key in self.people}
        for key, words in self.seen.items():
            if words:
                yield ActDone(subject=key, act="test.followed", details={"what": words})

    def dues(self, view: View) -> tuple[Due, ...]:
        return tuple(Due(subject=r.event.subject, number="-", what=r.event.details["what"], todo="確かめる")
                     for r in view.events(kinds=(ActDone.kind,)) if isinstance(r.event, ActDone)
                     and r.event.act == "test.followed")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = desks.desk(tmp_path / "home", receptions=("counter",))
    load(desk, "demo")
    yield desk
    desk.close()


def load(desk: Desk, name: str) -> None:
    snapshot.load(fixtures() / "residents" / name, desk.station.register_dir, desk.keys, lg_code="999997", yes=True)
    desk.refresh_register()


def everybody(desk: Desk) -> tuple[str, ...]:
    assert desk.register is not None
    return tuple(one.addressee_no for one in desk.register.everyone())


def marks(desk: Desk) -> list[str]:
    with desk.journal.view() as view:
        return [r.event.subject for r in view.events(kinds=(Followed.kind,))]


def test_a_new_register_is_followed_once_and_told_against_the_one_before(desk: Desk) -> None:
    service = Watching(desk, everybody(desk))
    assert follow(desk, service) and not follow(desk, service)
    first = {key: word for key, word in service.seen.items() if word}
    assert set(first.values()) == {"支援措置・抑止の開始"}, "at first only what already holds is told"
    load(desk, "demo-next")
    assert follow(desk, service)
    told = {key: word for key, word in service.seen.items() if word}
    assert desk.register is not None and told
    for key, word in told.items():
        now = desk.register.resident(key)
        assert (now is None) == ("住基にいない" in word)
        if now is not None and not now.living:
            assert {"2": "転出", "3": "死亡", "9": "消除"}[now.resident_status] in word
    assert len(marks(desk)) == 2
    assert follow(desk, Watching(desk, ())) is False, "another desk on this journal does not tell it again"


def test_a_register_that_is_no_longer_kept_is_compared_with_nothing(desk: Desk) -> None:
    service = Watching(desk, everybody(desk))
    follow(desk, service)
    before = marks(desk)[-1]
    load(desk, "demo-next")
    (desk.station.register_dir / f"{before}.db").unlink()
    assert follow(desk, service)
    assert not any("転居" in word or "氏名変更" in word for word in service.seen.values())


def test_the_list_stands_on_paper_without_a_name(desk: Desk) -> None:
    service = Watching(desk, everybody(desk))
    follow(desk, service)
    paper = service.paper("counter.dues")
    assert len(paper.rows) == len({row["addressee_no"] for row in paper.records()}) > 0
    assert paper.pdf().pages == 1 and service.form_name("counter.dues") == "住基更新対応一覧"
    assert desk.register is not None
    names = {one.name for one in desk.register.everyone()}
    assert not any(name in paper.csv() for name in names)


@pytest.mark.parametrize(("before", "now", "words"), [
    (ONE, ONE, ""),
    (ONE, None, "住基にいない"),
    (None, ONE, ""),
    (ONE, replace(ONE, resident_status="3"), "死亡"),
    (ONE, replace(ONE, resident_status="2"), "転出"),
    (ONE, replace(ONE, resident_status="9"), "消除"),
    (replace(ONE, resident_status="2"), replace(ONE, resident_status="2"), ""),
    (replace(ONE, resident_status="2"), ONE, "再転入"),
    (ONE, replace(ONE, name="佐藤　太朗"), "氏名変更"),
    (ONE, replace(ONE, building="２０１号"), "転居"),
    (ONE, replace(ONE, household_no="78"), "世帯変更"),
    (ONE, replace(ONE, protected=True), "支援措置・抑止の開始"),
    (replace(ONE, protected=True), ONE, "支援措置・抑止の終了"),
    (ONE, replace(ONE, name="佐藤　花", town="緑町"), "氏名変更・転居"),
    (ONE, replace(ONE, resident_status="3", town="緑町"), "死亡")])
def test_changes_of_one_person(before: Resident | None, now: Resident | None, words: str) -> None:
    assert changed(before, now).words == words


def test_without_an_earlier_register_what_already_holds_is_told() -> None:
    assert changed(None, replace(ONE, resident_status="3"), first=True).words == "死亡"
    assert changed(None, None, first=True).words == Change.MISSING
    assert changed(None, replace(ONE, protected=True), first=True).words == "支援措置・抑止の開始"


def test_a_stop_is_lifted_by_two_for_a_moment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    key = min(desk.protected())
    desk.keys.set_operators(OPERATORS)
    desk.sign_on("J01", PIN)
    with pytest.raises(NotAllowed):
        desk.release(key, "check", "J02", PIN)
    with pytest.raises(RuleError):
        desk.release(key, "なんとなく", "K01", PIN)
    assert not desk.released(key)
    desk.release(key, "check", "K01", PIN)
    with desk.journal.view() as view:
        last = view.last()
    assert last is not None and isinstance(last.event, Released) and last.event.verifier == "K01"
    assert desk.released(key)
    desk.releases.end(key)
    assert not desk.released(key)
    desk.release(key, "check", "K01", PIN)
    monkeypatch.setattr("sanjo_tui.desk.releasing.time.monotonic", lambda: 1e12)
    assert not desk.released(key), "it comes back by itself"


def test_business_days_of_the_hall() -> None:
    day = dt.date
    assert workdays.next_business_day(day(2026, 12, 28)) == day(2027, 1, 4)
    assert workdays.next_business_day(day(2026, 11, 20)) == day(2026, 11, 24)      # 勤労感謝の日 is a Monday
    assert list(workdays.business_days(day(2026, 5, 1), day(2026, 5, 7))) == [day(2026, 5, 1), day(2026, 5, 7)]
    assert list(workdays.business_days(day(2026, 5, 3), day(2026, 5, 2))) == []
