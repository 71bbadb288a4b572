"""開示 of a protected address: recorded first, with a reason and a second person, for a minute and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from sanjo_tui import log
from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk, audit, unmasking
from sanjo_tui.errors import JournalError, NotAllowed, RuleError
from sanjo_tui.receptions.lookups import Approved, Unmasked
from sanjo_tui.vault.roles import ALLOWED, Permission, Role
from tests import desk as desks
from tests.operators_ground import OPERATORS, PIN, Ground, at, build
from tests.screens.polling_stage import PIN as STAFF_PIN
from tests.screens.polling_stage import PollingStage, elector
from tests.screens.stage import NOW, Residents, Stage

HER, OTHER, ADDRESS = "100301", "100302", "旭町１番地２"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Desk]:
    yield from _counter(tmp_path / "home", operators=True)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Desk]:
    yield from _counter(tmp_path / "home", operators=True, village=True)


def _counter(home: Path, *, operators: bool, **station: object) -> Iterator[Desk]:
    desk = desks.desk(home, operator="J01", **station)
    desk.register = cast("desks.Register", Residents())  # type: ignore[name-defined]
    if operators:
        desk.keys.set_operators(OPERATORS)
        desk.sign_on("J01", PIN)
    yield desk
    desk.close()


def unmasked(desk: Desk) -> list[Unmasked]:
    with desk.journal.view() as view:
        return [r.event for r in view.events(kinds=(Unmasked.kind,)) if isinstance(r.event, Unmasked)]


# --- the rule


def test_two_people_and_a_reason_give_the_address_and_stand_in_the_journal(counter: Desk) -> None:
    revealed = unmasking.unmask(counter, HER, "check", verifier="K01", pin=PIN)
    assert (revealed.address, revealed.later, revealed.seconds) == (ADDRESS, False, 60)
    assert [(e.subject, e.reason, e.verifier, e.approval, e.seconds) for e in unmasked(counter)] == [
        (HER, "check", "K01", "now", 60)]
    assert ADDRESS not in repr(revealed)


@pytest.mark.parametrize(("reason", "verifier", "pin", "error"), [
    ("", "K01", PIN, RuleError), ("頼まれた", "K01", PIN, RuleError), ("check", "", "", RuleError),
    ("check", "K01", "9999", RuleError), ("check", "J02", PIN, NotAllowed), ("check", "J01", PIN, RuleError),
    ("check", "nobody", PIN, RuleError)])
def test_without_either_nothing_is_shown(counter: Desk, reason: str, verifier: str, pin: str,
                                         error: type[Exception]) -> None:
    with pytest.raises(error):
        unmasking.unmask(counter, HER, reason, verifier=verifier, pin=pin)
    assert unmasked(counter) == []


@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_no_address_may_not_see_this_one(counter: Desk, role: Role) -> None:
    counter.sign_on(next(one.id for one in OPERATORS if one.role is role), PIN)
    if Permission.ADDRESS in ALLOWED[role]:
        assert unmasking.unmask(counter, HER, "check", verifier="K02", pin=PIN).address == ADDRESS
    else:
        with pytest.raises(NotAllowed):
            unmasking.unmask(counter, HER, "check", verifier="K02", pin=PIN)


def test_nobody_else_s_address_is_asked_for_so(counter: Desk) -> None:
    for number in (OTHER, "999"):
        with pytest.raises(RuleError, match="止められている方では"):
            unmasking.unmask(counter, number, "check", verifier="K01", pin=PIN)
    assert unmasked(counter) == []


def test_nothing_is_shown_when_it_cannot_be_recorded(counter: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise JournalError("書けません。")

    monkeypatch.setattr(type(counter.journal), "record", full)
    with pytest.raises(JournalError):
        unmasking.unmask(counter, HER, "check", verifier="K01", pin=PIN)


# --- a village


def test_a_village_goes_on_alone_and_somebody_else_approves(village: Desk) -> None:
    revealed = unmasking.unmask(village, HER, "support")
    assert revealed.later and unmasked(village)[0].approval == "later"
    village.sign_on("K01", PIN)
    waiting = audit.ask(village, "unapproved").rows
    assert [line.subject for line in waiting] == [HER]  # type: ignore[attr-defined]
    number = waiting[0].number  # type: ignore[attr-defined]
    recorded = unmasking.approve(village, number)
    assert isinstance(recorded.event, Approved) and recorded.operator == "K01"
    assert audit.ask(village, "unapproved").rows == ()
    with pytest.raises(RuleError, match="もう承認"):
        unmasking.approve(village, number)


def test_nobody_approves_their_own_act_nor_without_the_role(village: Desk) -> None:
    village.sign_on("K01", PIN)
    unmasking.unmask(village, HER, "support")
    number = audit.ask(village, "unapproved").rows[0].number  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed, match="自分"):
        unmasking.approve(village, number)
    for wrong in ("", "A1B2C3-1", "A1B2C3-99", "x-y"):
        with pytest.raises(RuleError):
            unmasking.approve(village, wrong)
    village.sign_on("J01", PIN)
    with pytest.raises(NotAllowed):
        unmasking.approve(village, number)


# --- without registered operators


def test_a_station_without_operators_refuses_with_a_sentence(tmp_path: Path) -> None:
    for desk in _counter(tmp_path / "home", operators=False, village=True):
        with pytest.raises(RuleError, match="もう一人"):
            unmasking.unmask(desk, HER, "check")
        with pytest.raises(RuleError, match="確かめられません"):
            unmasking.unmask(desk, HER, "check", verifier="K01", pin=PIN)
        assert unmasked(desk) == []


def test_or_asks_the_staff_of_the_election(tmp_path: Path) -> None:
    desk = PollingStage(tmp_path / "home").desk
    with pytest.raises(RuleError):
        unmasking.unmask(desk, "900008", "check", verifier="J03", pin=STAFF_PIN)
    assert unmasking.unmask(desk, "900008", "check", verifier="K01", pin=STAFF_PIN).address == "旭町8番地"
    assert [e.verifier for e in unmasked(desk)] == ["K01"]
    desk.close()


# --- on the screen


class Clock:
    """The clock of the screens, moved by the test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


def stage(home: Path, **station: Any) -> tuple[Stage, Clock]:
    s, clock = Stage(home, **station), Clock()
    s.desk.keys.set_operators(OPERATORS)
    s.desk.sign_on("K02", PIN)
    s.app.clock = clock
    return s, clock


async def reveal(s: Stage, reason: str = "3", who: str = "K01") -> None:
    await s.press("u")
    await s.until("5 支援")
    await s.press(reason)
    await s.type(who)
    await s.press("enter")
    await s.type(PIN)
    await s.press("enter")


async def test_it_is_shown_for_a_minute_and_then_masked_by_itself(tmp_path: Path) -> None:
    s, clock = stage(tmp_path / "home")
    async with s.on():
        await s.tap("2000000000003")
        assert "U 住所を見る" in s.text() and ADDRESS not in s.text()
        await reveal(s)
        await s.until(ADDRESS)
        assert "あと60秒" in s.text()
        clock.now += dt.timedelta(seconds=59)
        s.screen.paint()
        await s.until("あと1秒")
        clock.now += dt.timedelta(seconds=1)
        s.screen.paint()
        await s.settle()
        assert ADDRESS not in s.text() and [e.reason for e in unmasked(s.desk)] == ["check"]


@pytest.mark.parametrize("ending", ["escape", "tap", "back"])
async def test_it_is_gone_with_esc_and_with_the_next_card(ending: str, tmp_path: Path) -> None:
    s, clock = stage(tmp_path / "home")
    async with s.on():
        await s.tap("2000000000003")
        await reveal(s)
        await s.until(ADDRESS)
        if ending == "escape":
            await s.press("escape")
        elif ending == "tap":
            await s.tap("2000000000001")
        else:
            clock.now -= dt.timedelta(hours=1)          # a clock that is set back gives no second minute
            s.screen.paint()
        await s.settle()
        assert ADDRESS not in s.text()
        await s.press("escape")
        await s.tap("2000000000003")
        assert ADDRESS not in s.text()


async def test_it_is_gone_with_a_lock(tmp_path: Path) -> None:
    s, _ = stage(tmp_path / "home")
    async with s.on():
        await s.tap("2000000000003")
        await reveal(s)
        await s.until(ADDRESS)
        s.app.lock("key")
        await s.until("施錠中")
        assert ADDRESS not in s.text()


async def test_a_wrong_pin_and_esc_show_nothing(tmp_path: Path) -> None:
    s, _ = stage(tmp_path / "home")
    async with s.on():
        await s.tap("2000000000003")
        await s.press("u")
        await s.press("escape")
        assert ADDRESS not in s.text()
        await reveal(s, who="J01")
        await s.until("責任者に")
        assert ADDRESS not in s.text() and unmasked(s.desk) == []


async def test_in_a_village_enter_alone_goes_on_and_says_that_approval_follows(tmp_path: Path) -> None:
    s, _ = stage(tmp_path / "home", village=True)
    async with s.on():
        await s.tap("2000000000003")
        await s.press("u")
        await s.until("承認を受けてください")
        await s.press("5", "enter")
        await s.until(ADDRESS)
        assert "後で責任者の承認を受けて" in s.text()
        assert [(e.reason, e.verifier, e.approval) for e in unmasked(s.desk)] == [("support", "", "later")]


async def test_nobody_else_s_panel_has_the_key(tmp_path: Path) -> None:
    s, _ = stage(tmp_path / "home")
    async with s.on():
        for card in ("2000000000001", "2000000000006"):
            await s.tap(card)
            assert "住所を見る" not in s.text()
            await s.press("u")
            assert "理由" not in s.text()
            await s.press("escape")


async def test_the_same_at_a_polling_place(tmp_path: Path) -> None:
    s = PollingStage(tmp_path / "home", others=(elector(31, "隠田　二子", "オンダ　フタコ", protected=True),))
    async with s.on():
        await s.card(8)
        assert "旭町8番地" not in s.text() and "住所を見る" in s.text()
        await reveal(s, who="S02")
        await s.until("旭町8番地")
        await s.press("escape")
        assert "旭町8番地" not in s.text()


# --- from outside


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return build(tmp_path_factory.mktemp("station") / "home")


def test_the_command_approves(ground: Ground, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ground.copy(tmp_path / "home")
    (home / "station.toml").write_text((home / "station.toml").read_text().replace("village = false", "village = true"))
    desk = at(home, Role.CLERK)
    desk.station = desks.station(home, village=True)
    assert desk.register is not None
    her = next(one for one in desk.register.everyone() if one.protected)
    unmasking.unmask(desk, her.addressee_no, "inquiry")
    with desk.journal.view() as view:
        number = next(iter(view.events(kinds=(Unmasked.kind,)))).number
    desk.close()
    (tmp_path / "pin").write_text(PIN)
    words = ["--home", str(home), "--operator", "K01", "--operator-pin-file", str(tmp_path / "pin"), "audit"]
    assert main([*words, "unapproved"]) == 0
    assert number in capsys.readouterr().out
    assert main([*words, "approve", number]) == 0
    assert main([*words, "unapproved"]) == 0
    assert number not in capsys.readouterr().out.splitlines()[-1]
    log.stop()
