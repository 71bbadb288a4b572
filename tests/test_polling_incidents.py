"""The table of published incidents of polling places, and those whose fault lay in loading or in desks of their own.

What lay in the display is played in tests/screens/test_incidents_on_screen.py. Every test is named after place and
year.
"""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import multiprocessing
import re
import shutil
from collections import Counter
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.desk.voters import WrongPlace
from sanjo_tui.errors import ClaimTaken, RuleError
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.rules import Choice, Refusal
from sanjo_tui.receptions.polling.words import Code, IdMethod, Oath, PlaceState, Via
from sanjo_tui.register.roll import elections
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests import desk as desks
from tests.screens.polling_stage import PIN, Electors, elector, set_up

Captured = pytest.CaptureFixture[str]
CARD = Choice(id_method=IdMethod.CARD, via=Via.CARD, reason_code=1, oath=Oath.PRINTED)

INCIDENTS: dict[str, tuple[str, ...]] = {
    # 済 was on the screen, and nobody stopped
    "蒲郡 2025": ("test_gamagori_2025_",), "焼津 2021": ("test_yaizu_2021_",), "御坊 2025": ("test_gobo_2025_",),
    "岡山市東区 2024": ("test_okayama_higashi_2024_",),
    # one mark for a voter who has several contests
    "淡路 2025": ("test_awaji_2025_",), "笠岡 2026": ("test_kasaoka_2026_",), "平川 2026": ("test_hirakawa_2026_",),
    # desks that do not know of each other, and a desk that was passed by
    "松田": ("test_matsuda_",), "古賀 2021": ("test_koga_2021_",),
    # the same name
    "十日町 2021": ("test_tokamachi_2021_",),
    # left without a paper
    "見附 2024": ("test_mitsuke_2024_",), "十日町 2024": ("test_tokamachi_2024_",),
    "十日町 2026": ("test_tokamachi_2026_",), "東員": ("test_toin_",), "海南": ("test_kainan_",),
    "今治": ("test_imabari_",),
    # the wrong paper, and papers that are missing
    "美濃加茂 2026": ("test_minokamo_2026_",), "魚沼": ("test_uonuma_",), "備前": ("test_bizen_",),
    "御嵩 2017": ("test_mitake_2017_",),
    # the load, the missing tickets, the reason that stood on no form
    "高知 2025": ("test_kochi_2025_",), "世田谷 2026": ("test_setagaya_2026_",), "名古屋 2022": ("test_nagoya_2022_",),
}
"""Every incident (docs/polling.md), and how the names of its tests begin."""

PLAYED_IN = (Path(__file__), Path(__file__).parent / "screens" / "test_incidents_on_screen.py")


def test_every_incident_has_its_test_and_every_test_its_incident() -> None:
    names = {node.name for path in PLAYED_IN for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")}
    names -= {"test_every_incident_has_its_test_and_every_test_its_incident"}
    starts = tuple(start for given in INCIDENTS.values() for start in given)
    assert len(INCIDENTS) == 23 and len(set(starts)) == len(starts)
    for place, given in INCIDENTS.items():
        assert all(any(name.startswith(start) for name in names) for start in given), place
    assert not [name for name in names if not name.startswith(starts)]


# --- 高知 2025: the tickets were of another day than the roll


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample election and roll, moved to today, as folders."""
    folder, today = tmp_path_factory.mktemp("data"), dt.datetime.now(JST).date()
    sample = (fixtures() / "elections" / "demo.toml").read_bytes()
    (folder / "election.toml").write_bytes(setup.moved_to(sample, today))
    files = {path.name: path.read_bytes() for path in (fixtures() / "rolls" / "demo").iterdir()}
    (folder / "roll").mkdir()
    for name, content in setup.moved_roll(files, sample, today).items():
        (folder / "roll" / name).write_bytes(content)
    return folder


@pytest.fixture
def home(tmp_path: Path, data: Path) -> Path:
    """The early place E1 with the election, still without a roll."""
    here = tmp_path / "home"
    desk = desks.desk(here, receptions=["polling"], polling_place="E1")
    stations.write(desk.station)
    desk.close()
    assert run(here, "election", "load", str(data / "election.toml")) == 0
    return here


def run(home: Path, *line: str) -> int:
    return main(["--home", str(home), *line])


def of_another_day(data: Path, folder: Path) -> Path:
    """The roll as it is, beside tickets that were made from another extraction."""
    shutil.copytree(data / "roll", folder)
    path = folder / "manifest.toml"
    head, name, tail = path.read_text(encoding="utf-8").partition('name = "tickets.csv"')
    mine, mark, others = tail.partition("[[files]]")
    mine, times = re.subn("roll_base = .*", 'roll_base = "two-days-earlier"', mine)
    assert times == 1
    path.write_text(head + name + mine + mark + others, encoding="utf-8")
    return folder


def crossed(data: Path, folder: Path) -> Path:
    """The roll as it is, beside tickets of the same extraction of which two have each other's number."""
    shutil.copytree(data / "roll", folder)
    path, manifest = folder / "tickets.csv", folder / "manifest.toml"
    old = path.read_bytes()
    lines = old.decode("utf-8-sig").splitlines()
    (one, first), (two, second) = (line.split(",") for line in lines[1:3])
    lines[1:3] = [f"{one},{second}", f"{two},{first}"]
    new = old[:3] * old.startswith(b"\xef\xbb\xbf") + ("\r\n" if b"\r\n" in old else "\n").join([*lines, ""]).encode()
    path.write_bytes(new)
    text = manifest.read_text(encoding="utf-8")
    assert hashlib.sha256(old).hexdigest() in text
    manifest.write_text(text.replace(*(hashlib.sha256(content).hexdigest() for content in (old, new))),
                        encoding="utf-8")
    return folder


@pytest.mark.parametrize(("wrong", "sentence"), [(of_another_day, "作られたものではありません"), (crossed, "別の方")])
def test_kochi_2025_tickets_of_another_day_are_not_loaded_and_the_place_stays_shut(
        home: Path, data: Path, tmp_path: Path, capsys: Captured, wrong, sentence) -> None:
    folder = wrong(data, tmp_path / "wrong")
    capsys.readouterr()
    assert run(home, "election", "check", str(folder)) == 1
    assert sentence in capsys.readouterr().out
    for more in ((), ("--yes",)):                          # no option lets it pass
        assert run(home, "election", "load", str(folder), *more) == 1
        assert sentence in capsys.readouterr().err
    assert run(home, "polling", "open", "--clock-confirmed", "--zero-printed") == 1
    assert "名簿が読み込まれていません" in capsys.readouterr().err
    assert run(home, "election", "load", str(data / "roll")) == 0
    assert run(home, "polling", "open", "--clock-confirmed", "--zero-printed") == 0


def test_kochi_2025_a_later_delivery_of_the_wrong_day_leaves_the_right_roll_in_use(
        home: Path, data: Path, tmp_path: Path, capsys: Captured) -> None:
    assert run(home, "election", "load", str(data / "roll")) == 0
    before = {path: path.read_bytes() for path in (home / "roll").iterdir() if path.is_file()}
    capsys.readouterr()
    for wrong, sentence in ((of_another_day, "作られたものではありません"), (crossed, "別の方")):
        folder = wrong(data, tmp_path / wrong.__name__)
        path = folder / "manifest.toml"
        text, times = re.subn(r"(?m)^sequence = (\d+)$", lambda found: f"sequence = {int(found[1]) + 1}",
                              path.read_text(encoding="utf-8"))
        assert times == 1
        path.write_text(text.replace('snapshot_id = "', 'snapshot_id = "later-'), encoding="utf-8")
        assert run(home, "election", "load", str(folder), "--yes") == 1
        assert sentence in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (home / "roll").iterdir() if path.is_file()} == before
    assert run(home, "polling", "open", "--clock-confirmed", "--zero-printed") == 0
    desk = desks.desk(home, receptions=["polling"], polling_place="E1")
    roll = desk.polling.roll
    assert roll is not None and roll.tickets_agree()
    for who in list(roll.everyone())[:50]:                 # each ticket opens the elector whose ticket it is
        if who.ticket_no:
            found = roll.by_ticket(who.ticket_no)
            assert found is not None and found.addressee_no == who.addressee_no
    desk.close()


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"tickets_base": "two-days-earlier"}, "入場券データと名簿の作成日が違います"),
    ({"tickets_wrong": 1200}, "入場券番号1200件が、名簿と別の方を指しています")])
def test_kochi_2025_the_gate_names_the_mismatch_and_only_the_presiding_officer_opens(
        tmp_path: Path, changed, sentence) -> None:
    desk, electors = in_memory(tmp_path / "home"), Electors()
    electors.info = replace(electors.info, created_at=NOON.isoformat(), **changed)
    polling = desk.polling
    polling._roll = electors  # type: ignore[assignment]
    item = next(item for item in polling.gate() if item.name == "tickets")
    assert not item.ok and sentence in item.sentence
    with pytest.raises(RuleError, match=sentence):
        polling.open_place(clock_confirmed=True, zero_printed=True)
    for refused in ({"on_paper": "", "decided_by": "K01", "pin": PIN}, {"on_paper": "急ぐ", "decided_by": "J03",
                    "pin": PIN}, {"on_paper": "急ぐ", "decided_by": "K01", "pin": "0000"}):
        with pytest.raises(RuleError):
            polling.open_place(clock_confirmed=True, zero_printed=True, **refused)
    assert polling.day() is None
    day = polling.open_place(clock_confirmed=True, zero_printed=True, on_paper="入場券は読まず、氏名で探す",
                             decided_by="K01", pin=PIN)
    assert day.state is PlaceState.OPEN and day.opening.on_paper == "入場券は読まず、氏名で探す"
    desk.close()


# --- 見附 2024: nobody looked at what was handed out


@pytest.mark.parametrize("form", ["{}", "{} ", "lower"])
def test_mitsuke_2024_the_bar_code_of_a_slip_opens_its_voter_whichever_way_it_is_read(tmp_path: Path, form) -> None:
    desk = in_memory(tmp_path / "home")
    electors = Electors()
    electors.info = replace(electors.info, created_at=NOON.isoformat())
    polling = desk.polling
    polling._roll = electors  # type: ignore[assignment]
    polling.open_place(clock_confirmed=True, zero_printed=True)
    number = polling.receive(polling.look(polling.open_voter("900001", Via.CARD)), CARD).reception_no
    read = number.lower() if form == "lower" else form.format(number)
    opened = polling.open_card(CardSeen("scanner", "tag", "registration_no", read))
    assert opened.key == "900001" and polling.look(opened).voter is not None
    with pytest.raises(RuleError, match="その受付番号の記録はありません"):
        polling.open_card(CardSeen("scanner", "tag", "registration_no", "A1B2C3-0009-9"))
    desk.close()


# --- 松田: two desks that do not know of each other

NOON = dt.datetime.combine(dt.datetime.now(JST).date(), dt.time(12), JST)
LONG = 120
"""Seconds after which a process has failed rather than waits."""


def in_memory(home: Path, toml: str = "", place: str = "E1", code: str = "A1B2C3") -> Desk:
    """An early place with electors in memory, at noon of today; not open."""
    desk = desks.desk(home, receptions=("polling",), polling_place=place, code=code)
    content = setup.moved_to((toml or set_up()).encode(), NOON.date())
    election, problems = setup.read(content)
    assert election is not None, problems
    elections.store(home, election.id, content)
    desk.polling.election_loaded(election)
    desk.polling.clock = lambda: NOON
    return desk


def receive_all(home: str, keys: list[str], ready: Barrier, said: str) -> None:
    """One desk: receives everybody in turn and writes down whom."""
    desk = desks.desk(Path(home), operator=said[-1], receptions=["polling"], polling_place="E1")
    polling, lines = desk.polling, []
    ready.wait(LONG)
    for key in keys:
        try:
            polling.receive(polling.look(polling.open_voter(key, Via.CARD)), CARD)
            lines.append(f"yes {key}")
        except (Refusal, ClaimTaken) as error:
            lines.append(f"no {key} {error.message}")
    desk.close()
    Path(said).write_text("\n".join(lines), encoding="utf-8")


def test_matsuda_two_processes_at_one_journal_give_each_voter_one_set_of_papers(home: Path, data: Path) -> None:
    assert run(home, "election", "load", str(data / "roll")) == 0
    assert run(home, "polling", "open", "--clock-confirmed", "--zero-printed") == 0
    desk = desks.desk(home, receptions=["polling"], polling_place="E1")
    roll = desk.polling.roll
    assert roll is not None
    keys = []
    for who in roll.everyone():
        examined = desk.polling.look(desk.polling.open_voter(who.addressee_no, Via.CARD)).examined
        if examined.papers and not examined.confirm and len(keys) < 12:
            keys.append(who.addressee_no)
    desk.close()
    context = multiprocessing.get_context("spawn")
    ready, said = context.Barrier(2), [str(home.parent / f"said-{n}") for n in (1, 2)]
    both = [context.Process(target=receive_all, args=(str(home), keys, ready, one)) for one in said]
    for process in both:
        process.start()
    try:
        for process in both:
            process.join(LONG)
        assert [process.exitcode for process in both] == [0, 0]
    finally:
        for process in both:
            if process.is_alive():
                process.kill()
                process.join()
    lines = [line.split(" ", 2) for one in said for line in Path(one).read_text(encoding="utf-8").split("\n")]
    assert Counter(line[1] for line in lines if line[0] == "yes") == dict.fromkeys(keys, 1)
    assert len(lines) == 2 * len(keys) and all(line[2].endswith("。") for line in lines if line[0] == "no")
    desk = desks.desk(home, receptions=["polling"], polling_place="E1")
    with desk.journal.view() as view:
        papers = Counter((r.event.subject, handed.contest) for r in view.events(kinds=("polling.received",))
                         for handed in r.event.issued)
    assert set(papers.values()) == {1} and {key for key, _ in papers} == set(keys)
    assert sum(q.issued for q in desk.polling.equations()) == sum(papers.values())
    desk.close()


def test_matsuda_places_that_share_no_journal_share_no_voter(tmp_path: Path) -> None:
    toml = (fixtures() / "elections" / "places.toml").read_text(encoding="utf-8")
    who, handed = elector(40, "松田　待子", "マツダ　マチコ", ward_code="4"), []
    for place, code in (("E1", "A1B2C3"), ("E2", "D4E5F6")):
        desk = in_memory(tmp_path / place, toml, place, code)
        electors = Electors(who)
        electors.info = replace(electors.info, created_at=NOON.isoformat(), wards=("1", "2", "3", "4", "5"))
        desk.polling._roll = electors  # type: ignore[assignment]
        desk.polling.open_place(clock_confirmed=True, zero_printed=True)
        look = desk.polling.look(desk.polling.open_code(who.ticket_no) if read_as_ticket(desk, who.ticket_no)
                                 else desk.polling.open_voter(who.addressee_no, Via.TICKET))
        if look.examined.stop is None:
            handed.append(place)
            desk.polling.receive(look, replace(CARD, id_method=IdMethod.TICKET, via=Via.TICKET))
        else:
            assert look.examined.stop.code is Code.WARD and "支所期日前投票所" in look.examined.stop.facts
            with pytest.raises((Refusal, WrongPlace)):
                desk.polling.receive(look, replace(CARD, id_method=IdMethod.TICKET, via=Via.TICKET))
        desk.close()
    assert handed == ["E2"]


def read_as_ticket(desk: Desk, text: str) -> bool:
    from sanjo_tui.receptions.polling.tickets import read_ticket

    election = desk.polling.election
    return election is not None and read_ticket(election.ticket, text) is not None
