"""Locking at the screens: by key, by idleness, by the operator's card; what is there again; who is at the desk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from sanjo_tui.cards.facts import CardGone, CardSeen, CardTouched, Readers
from sanjo_tui.desk import Desk
from sanjo_tui.station import Station
from sanjo_tui.vault import Vault, pins
from sanjo_tui.vault.roles import Operator, Role
from screens.app import SanjoApp
from screens.lock import LockScreen
from screens.locking import Sentry, since_start
from screens.shelter_household import Household
from tests.desk import desk as make_desk
from tests.desk import station
from tests.screens.polling_stage import PollingStage
from tests.screens.stage import NOW, Residents, Stage, StageParts

READY = "カードをかざしてください"
SECRET = "ひらけごま"
PIN = "2468"


class Again(StageParts):
    """Opens the same home as often as it is asked, as the station's own parts do."""

    stage: Stage

    def needs_passphrase(self) -> bool:
        return self.locked

    def open_desk(self, secret: str) -> Desk:
        if self.stage.desk.journal._file is not None:
            return self.stage.desk
        super().open_desk(secret)
        new = self.stage.desk = make_desk(self.station.home, **self.stage.more)
        if isinstance(self.stage, PollingStage):
            new.polling.clock = lambda: NOW
            new.polling._roll = self.stage.roll
        else:
            new.register = Residents()  # type: ignore[assignment]
        new.who = self.stage.who(new)
        new.operator = new.who.id or new.operator
        self.desk = new
        return new


def lockable(s: Stage, *, ticks: Any = None, **more: Any) -> Stage:
    """The stage, with parts that open it again."""
    parts = Again(s.desk, (), s.parts.locked)
    parts.stage, s.more = s, more  # type: ignore[attr-defined]
    s.parts = parts
    s.roll = s.desk.polling._roll if isinstance(s, PollingStage) else None  # type: ignore[attr-defined]
    s.who = lambda desk: desk.who  # type: ignore[attr-defined]
    s.app = SanjoApp(s.desk.station, None, parts, clock=lambda: NOW, ticks=ticks)
    return s


def operators(desk: Desk) -> None:
    """A clerk with a PIN, a volunteer with a card."""
    token = desk.keys.token_key("user_id", "2900000000001")
    desk.keys.set_operators([
        Operator(id="K01", name="職員　花子", role=Role.CLERK, pin_hash=pins.make(PIN, light=True)),
        Operator(id="V02", name="協力　一郎", role=Role.VOLUNTEER, card=token)])


async def locked(s: Stage) -> str:
    await s.pilot.press("ctrl+l")
    await s.until("施錠中")
    await s.until("Enter")
    return s.text()


@pytest.fixture
def make(tmp_path: Path) -> Any:
    def made(ticks: Any = None, **wanted: Any) -> Stage:
        rest = {k: v for k, v in wanted.items() if k not in ("is_open", "locked", "register")}
        return lockable(Stage(tmp_path / "home", **wanted), ticks=ticks, **rest)
    return made


# --- locking


async def test_a_key_locks_and_nothing_of_the_person_stays(make):
    async with make().on() as s:
        await s.tap("2000000000001")
        await s.until("Enter で3人とも入所")
        text = await locked(s)
        assert "サンプル市 嵐南小学校" in text and "14:05" in text and "訓練" in text
        assert not any(word in text for word in ("佐藤", "旭町", "入所", "避難者", "人", "住基", "読取"))
        assert isinstance(s.app.screen, LockScreen) and s.app.desk is None and s.app.header() is None
        await s.pilot.press("enter")
        await s.until("Enter で3人とも入所")


async def test_what_was_chosen_is_there_again_and_the_people_are_looked_up_anew(make):
    async with make().on() as s:
        await s.tap("2000000000001")
        await s.press("2", "tab")
        before = s.kinds().count("lookup.opened")
        await locked(s)
        await s.pilot.press("enter")
        await s.until("2人在宅")
        await s.settle()
        panel = s.screen.panel
        assert isinstance(panel, Household) and panel.chosen == {"100101", "100103"}
        kinds = s.kinds()
        assert kinds.count("lookup.opened") == before + 1
        assert kinds.index("station.locked") < len(kinds) - 1 - kinds[::-1].index("lookup.opened")
        await s.press("enter")
        await s.until("受付しました")


async def test_a_menu_over_the_household_gives_way_to_the_household(make):
    async with make().on() as s:
        await s.tap("2000000000001")
        await s.press("enter")
        await s.press("f3", "enter")
        await s.until("退所の行き先は")
        await locked(s)
        await s.pilot.press("enter")
        await s.until("Enter で3人とも退所")


async def test_a_window_that_is_open_closes_with_everything_typed_into_it(make):
    async with make().on() as s:
        await s.press("f2")
        await s.type("ナナシノ")
        assert "ナナシノ" in s.text()
        assert "ナナシノ" not in await locked(s)
        await s.pilot.press("enter")
        await s.until(READY)
        await s.press("f1")
        await s.until("説明:")
        await locked(s)


async def test_an_idle_desk_is_idle_again_and_waiting_cards_are_asked_for(make):
    async with make().on() as s:
        await locked(s)
        await s.pilot.press("enter")
        await s.until(READY)
        await s.settle()
        await s.tap("2000000000001")
        await s.tap("2000000000002")
        await s.until("次のカードが1枚待っています")
        await locked(s)
        await s.pilot.press("enter")
        await s.until("もう一度かざしてください", absent="待っています")
        await s.press("down")
        await s.until("Enter で3人とも入所")


async def test_cards_and_scans_at_a_locked_station_do_nothing(make):
    async with make(locked=True).on(first="パスフレーズ") as s:
        await s.pilot.press(*SECRET, "enter")
        await s.until(READY)
        await locked(s)
        before = s.app.screen.query_one(Input).value
        s.parts.tap("2000000000001")
        await s.pilot.pause(0.05)
        assert isinstance(s.app.screen, LockScreen) and "佐藤" not in s.text() and before == ""


async def test_the_passphrase_opens_a_locked_station_and_a_wrong_one_does_not(make):
    async with make(locked=True).on(first="パスフレーズ") as s:
        await s.pilot.press(*SECRET, "enter")
        await s.until(READY)
        await s.tap("2000000000001")
        await locked(s)
        await s.pilot.press(*"だめ", "enter")
        await s.until("パスフレーズが違います")
        assert s.app.desk is None
        await s.pilot.press("ctrl+l", "ctrl+o", "f1")
        await s.until("説明:")
        await s.pilot.press("escape")
        await s.pilot.press(*SECRET, "enter")
        await s.until("Enter で3人とも入所")


async def test_the_home_screen_is_locked_too_and_comes_back(make):
    async with make(receptions=("shelter", "library")).on(first="受付を選んでください") as s:
        await locked(s)
        await s.pilot.press("enter")
        await s.until("受付を選んでください")
        await s.press("enter")
        await s.until(READY)
        await locked(s)
        await s.pilot.press("enter")
        await s.until(READY)
        await s.press("escape")
        await s.until("受付を選んでください")


async def test_a_voter_is_there_again_with_reason_and_choices(tmp_path):
    async with lockable(PollingStage(tmp_path / "home"), receptions=("polling",), polling_place="E1").on() as s:
        await s.tap("3000000000001")
        await s.press("1", "f7", "1")
        await s.until("点字")
        await locked(s)
        await s.pilot.press("enter")
        await s.until("事由 1")
        text = s.text()
        assert "点字" in text and "佐藤" in text
        await s.settle()
        await s.press("enter")
        await s.until("受付しました")


def test_the_first_paint_waits_for_no_library_where_no_card_may_open(tmp_path):
    from tests.locked_station import station_at

    here = station_at(tmp_path / "home")
    code = ("import sys; from pathlib import Path; from sanjo_tui import station; from screens.parts import Parts;"
            f"print(Parts(station.read(Path({str(here.home)!r}))).card_opens(), 'sanjo_tui.desk' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True,
                          check=False)
    assert done.stdout.split() == ["False", "False"], done.stderr


# --- by itself


class Ticks:
    """Seconds that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def at(minutes: int = 5, removal: bool = False) -> Station:
    return station(Path("/nowhere"), lock_minutes=minutes, lock_on_card_removal=removal)


def test_the_idle_time_counts_from_the_last_key_or_card():
    ticks = Ticks()
    sentry = Sentry(at(), ticks)
    ticks.now = 299
    assert not sentry.is_due
    sentry.touch()
    ticks.now += 299
    assert not sentry.is_due
    sentry.hears(CardTouched("a"))
    ticks.now += 299
    assert not sentry.is_due
    ticks.now += 1
    assert sentry.is_due
    assert not Sentry(at(0), lambda: 1e9).is_due


def test_a_sleeping_laptop_counts_as_idle():
    assert since_start() > 0


def test_the_operators_card_is_watched_where_the_station_wants_it():
    seen = CardSeen("left", "p", "user_id", "1")
    for facts, gone in (([CardGone("right")], False), ([CardGone("left")], True),
                        ([Readers(True, ("left", "right"))], False), ([Readers(True, ("right",))], True),
                        ([Readers(False)], True), ([CardTouched("right"), CardGone("right")], False)):
        sentry = Sentry(at(removal=True))
        sentry.hears(CardTouched("left"))
        sentry.hears(seen)
        assert sentry.watch(seen)
        assert [sentry.hears(fact) for fact in facts][-1] is gone
    away = Sentry(at(removal=True))
    away.hears(seen)
    away.hears(CardGone("left"))
    assert not away.watch(seen), "it left before it was known whose it is"
    for sentry in (Sentry(at()), Sentry(at(removal=True))):
        sentry.hears(seen)
        assert sentry.watch(seen if sentry._station.lock_on_card_removal is False else None)
        assert not sentry.hears(CardGone("left"))


def test_the_card_that_opened_the_station_is_the_operators_and_nobodys_tap():
    seen, resident = CardSeen("left", "p", "user_id", "1"), CardSeen("right", "p", "user_id", "2")
    lying = Sentry(at(removal=True))
    lying.hears(CardTouched("left"))
    lying.begin(by_card=True)
    coming = Sentry(at(removal=True))
    coming.begin(by_card=True)
    assert not coming.hears(CardTouched("left"))
    for sentry in (lying, coming):
        assert sentry.owns(seen) and not sentry.owns(resident)
        assert not sentry.hears(resident) and not sentry.hears(CardGone("right"))
        assert sentry.hears(CardGone("left"))
        sentry.begin(by_card=False)                             # locked, and opened by passphrase
        assert not sentry.hears(CardGone("left")) and not sentry.owns(seen)
    unset = Sentry(at())
    unset.hears(seen)
    unset.begin(by_card=True)
    assert not unset.owns(seen) and not unset.hears(CardGone("left"))


async def test_a_desk_that_nobody_touches_locks_itself(make):
    ticks = Ticks()
    async with make(ticks=ticks, lock_minutes=5).on() as s:
        await s.tap("2000000000001")
        ticks.now = 299
        await s.press("down")
        ticks.now += 299
        await s.pilot.pause(1.2)
        assert s.app.desk is not None
        ticks.now += 1
        await s.until("施錠中")
        await s.until("Enter で開きます")
        await s.pilot.press("enter")
        await s.until("Enter で3人とも入所")
        with s.desk.journal.view() as view:
            assert [r.event.why for r in view.events(kinds=("station.locked",))] == ["idle"]


# --- who is at the desk


def with_operators(s: Stage, who: str = "-") -> Stage:
    from sanjo_tui.desk.signing import NO_ONE, as_who

    operators(s.desk)

    def at_it(desk: Desk) -> Any:
        return NO_ONE if who == "-" else next(as_who(one) for one in desk.keys.operators() if one.id == who)

    s.who = at_it  # type: ignore[attr-defined]
    s.desk.who = at_it(s.desk)
    s.desk.operator = s.desk.who.id
    return s


async def test_without_operators_nobody_is_asked_and_the_header_is_as_before(make):
    async with make().on() as s:
        assert "(職員)" not in s.text()
        await s.press("ctrl+o")
        assert "職員番号" not in s.text()


async def test_a_shared_secret_asks_who_it_is_before_any_desk_is_shown(make):
    async with with_operators(make()).on(first="職員番号") as s:
        assert "避難者" not in s.text() and "検索" not in s.text()
        await s.pilot.press("escape")
        await s.until("職員番号")
        await s.press(*"K01", "enter", *"9999", "enter")
        await s.until("違います")
        assert "避難者" not in s.text() and "検索" not in s.text()
        await s.press(*"K01", "enter", *PIN, "enter")
        await s.until("避難者0人")
        await s.until("職員　花子(職員)")
        assert s.desk.operator == "K01" and "station.signed_on" in s.kinds()


async def test_a_card_signs_on(make):
    async with with_operators(make()).on(first="職員番号") as s:
        s.parts.tap("2000000000001")
        await s.until("操作者のカードではありません")
        s.parts.tap("2900000000001")
        await s.until("避難者0人")
        assert s.desk.operator == "V02"


async def test_ctrl_o_changes_the_operator_and_the_household_is_looked_up_anew(make):
    async with with_operators(make(), "V02").on() as s:
        await s.tap("2000000000001")
        await s.press("2")
        await s.until("Enter で2人入所")
        before = s.kinds().count("lookup.opened")
        await s.press("ctrl+o")
        await s.until("職員番号")
        await s.press("escape")
        await s.until("Enter で2人入所")
        assert s.kinds().count("lookup.opened") == before and s.desk.operator == "V02"
        await s.press("ctrl+o")
        await s.until("職員番号")
        await s.press(*"K01", "enter", *PIN, "enter")
        await s.until("職員　花子(職員)")
        await s.until("Enter で2人入所")
        assert s.kinds().count("lookup.opened") == before + 1
        with s.desk.journal.view() as view:
            assert next(view.events(kinds=("lookup.opened",), newest_first=True)).operator == "K01"


async def test_the_card_that_signed_on_locks_when_it_leaves(make):
    s = with_operators(make(lock_on_card_removal=True))
    async with s.on(first="職員番号"):
        seen = CardSeen("stage", "p", "user_id", "2900000000001", "possession")
        for fact in (CardTouched("stage"), seen):
            s.parts.emit(fact)
        await s.until("避難者0人")
        await s.settle()
        s.parts.emit(CardGone("stage"))
        await s.until("施錠中")
        await s.until("Enter で開きます")


async def test_after_locking_somebody_signs_on_again_and_finds_the_reception(make):
    async with with_operators(make()).on(first="職員番号") as s:
        await s.press(*"K01", "enter", *PIN, "enter")
        await s.until("避難者0人")
        await s.tap("2000000000001")
        await s.press("2")
        await locked(s)
        await s.pilot.press("enter")
        await s.until("職員番号")
        assert "佐藤" not in s.text()
        await s.press(*"K01", "enter", *PIN, "enter")
        await s.until("Enter で2人入所")


def test_the_vault_of_a_stage_is_a_drill(tmp_path):
    assert make_desk(tmp_path / "home").keys.drill and Vault.open(tmp_path / "home" / "vault.toml").drill
