"""`sanjo-tui demo`: nothing to set up, never near live data, there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui import station as stations
from sanjo_tui.commands import demo
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import Options
from sanjo_tui.desk import Desk
from sanjo_tui.errors import RegisterError, StationError
from sanjo_tui.station import Station
from sanjo_tui.vault import Vault


class Screens:
    """Stands for the screens: keeps the stations that were opened, and what one does there."""

    def __init__(self) -> None:
        self.opened: list[Station] = []

    def __call__(self, station: Station, passphrase: str | None) -> int:
        assert passphrase is None
        self.opened.append(station)
        return 0


@pytest.fixture
def screens() -> Screens:
    return Screens()


def run(screens: Screens, home: Path | None = None, drill: bool = False) -> Context:
    context = Context(Options(home=str(home) if home else None, drill=drill), screens)
    try:
        assert demo.run(context, None) == 0     # type: ignore[arg-type]
    finally:
        context.close()
    return context


def live(home: Path) -> Station:
    station = stations.build(home, {"lg_code": "152048", "municipality": "三条市", "code": "A1", "place": "嵐南小学校"})
    stations.write(station)
    return station


def test_the_first_run_makes_a_drill_with_residents_and_cards(screens: Screens, tmp_path: Path) -> None:
    run(screens, tmp_path / "home")
    station = screens.opened[0]
    assert station.home == tmp_path / "home" and station.drill and station.built_in_reader
    assert stations.read(station.home) == station
    assert station.cards.is_file() and station.profiles.is_file()
    desk = Desk.open(station, Vault.open(station.vault).unlock(""))
    assert desk.register is not None
    assert desk.register.info.fictitious and desk.register.info.people > 300
    desk.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]


def test_nothing_needs_to_be_named(screens: Screens, nobodys_station: Path) -> None:
    run(screens)
    assert screens.opened[0].home == nobodys_station / "sanjo-tui-drill"


def test_a_second_run_goes_on_where_the_first_ended(screens: Screens, tmp_path: Path) -> None:
    run(screens, tmp_path / "home")
    vault = (tmp_path / "home" / "vault.toml").read_bytes()
    run(screens, tmp_path / "home")
    assert (tmp_path / "home" / "vault.toml").read_bytes() == vault
    assert screens.opened[0] == screens.opened[1]


def test_an_empty_folder_is_used(screens: Screens, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    run(screens, tmp_path / "home")
    assert stations.read(tmp_path / "home").drill


def test_a_folder_with_other_things_is_left_alone(screens: Screens, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(StationError):
        run(screens, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert not screens.opened


def test_a_live_home_is_refused_and_its_neighbour_offered(screens: Screens, tmp_path: Path) -> None:
    station = live(tmp_path / "home")
    before = station.toml.read_bytes()
    with pytest.raises(StationError) as caught:
        run(screens, station.home)
    assert "--drill" in caught.value.hint
    run(screens, station.home, drill=True)
    assert screens.opened[0].home == tmp_path / "home-drill"
    assert [path.name for path in station.home.iterdir()] == ["station.toml"]
    assert station.toml.read_bytes() == before


def test_a_live_home_of_the_environment_is_refused_too(
        screens: Screens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANJO_HOME", str(live(tmp_path / "home").home))
    with pytest.raises(StationError):
        run(screens)


def test_a_drill_of_ones_own_gets_the_built_in_reader(screens: Screens, tmp_path: Path) -> None:
    run(screens, tmp_path / "home")
    station = stations.read(tmp_path / "home")
    text = station.toml.read_text(encoding="utf-8").replace("built_in_reader = true", "built_in_reader = false")
    station.toml.write_text(text, encoding="utf-8")
    run(screens, tmp_path / "home")
    assert screens.opened[1].built_in_reader


def test_what_fails_half_way_leaves_nothing(
        screens: Screens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*_: object, **__: object) -> None:
        raise RegisterError("読めません。")

    with monkeypatch.context() as patch:
        patch.setattr("sanjo_tui.register.snapshot.load", torn)
        with pytest.raises(RegisterError):
            run(screens, tmp_path / "home")
    assert not list(tmp_path.iterdir())
    (tmp_path / ".home.new").mkdir()      # and what a killed run has left is in nobody's way
    (tmp_path / ".home.new" / "vault.toml").write_text("half")
    run(screens, tmp_path / "home")
    assert stations.read(tmp_path / "home").drill
