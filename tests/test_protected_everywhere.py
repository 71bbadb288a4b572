"""A protected household and a member who fled: searched for in every screen, document, export, log and command."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from sanjo_tui import log
from sanjo_tui.__main__ import main
from sanjo_tui.commands import polling as polling_commands
from sanjo_tui.commands import shelter as shelter_commands
from sanjo_tui.desk import Desk, papers, polling_papers
from sanjo_tui.journal import backup, exports
from sanjo_tui.receptions.polling.words import Occasion
from sanjo_tui.register.people import MASKED
from tests.operators_ground import PIN
from tests.protected_ground import (
    AOI,
    FAMILY,
    HERS,
    KANA,
    MAMORU,
    PEOPLE,
    SECRET,
    SORA,
    TAICHI,
    USER,
    build,
    load_register,
    receive,
)
from tests.screens.polling_stage import PollingStage, elector
from tests.screens.stage import Stage

Captured = pytest.CaptureFixture[str]


def squeezed(text: str) -> str:
    """Without what a layout puts between characters."""
    return "".join(text.split())


def leaks(text: str, forbidden: Sequence[str]) -> list[str]:
    """Which of the forbidden strings stand in the text, spaced or not."""
    plain = squeezed(text)
    return [one for one in forbidden if squeezed(one) in plain]


# --- documents: as pages, rows, records and contents


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = build(tmp_path_factory.mktemp("town") / "home")
    yield desk
    desk.close()


def number_of(desk: Desk, person: str) -> str:
    return desk.shelter.presences()[person].registration_no


def ballot_of(desk: Desk, person: str) -> str:
    voter = desk.polling.voter(person)
    assert voter is not None
    return voter.visits[0].reception_no


def every_paper(desk: Desk) -> Iterator[tuple[str, Any]]:
    """Each form with each of its options, of each person where it is of one."""
    shelter, polling = desk.shelter, desk.polling
    options: dict[str, list[dict[str, Any]]] = {
        "roster": [{}, {"order": "kana"}, {"order": "household"}, {"towns_only": True}],
        "card": [{"household": f"P{MAMORU}"}, {"household": f"P{KANA}"}, {"household": "9500000058"}],
        "handover": [{"household": f"P{MAMORU}"}, {"household": f"P{KANA}"}],
        "tag": [{"registration_no": number_of(desk, one)} for one in (MAMORU, KANA, TAICHI)],
        "supplies": [{"items": ["水"]}]}
    for form in papers.FORMS:
        for given in options.get(form, [{}]):
            yield f"shelter {form} {given}", shelter.paper(form, **given)
    polling.report()
    for line in polling.equations():
        polling.count(line.contest, line.paper, line.expected, Occasion.CLOSING)
    polling.close_place(oaths_counted=3, remark="大雪のため", verifier="J02", pin=PIN)
    options = {"declaration": [{"reception_no": ballot_of(desk, one)} for one in (MAMORU, KANA)],
               "slip": [{"reception_no": ballot_of(desk, one)} for one in (MAMORU, KANA)],
               "records": [{"kind": kind} for kind in ("absentee", "refused", "provisional", "proxy", "braille")],
               "incident": [{"key": one} for one in (MAMORU, KANA)], "extract": [{}, {"order": "roll_no"}]}
    for form in polling_papers.FORMS:
        for given in options.get(form, [{}]):
            yield f"polling {form} {given}", polling.paper(form, **given)


def test_no_document_holds_what_is_secret(desk: Desk) -> None:
    found, seen, control = {}, set(), ""
    for name, paper in every_paper(desk):
        pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.pdf().data)).pages)
        texts = {"pdf": pages, "content": repr(paper.content)}
        if paper.columns:
            texts |= {"csv": paper.csv(), "json": json.dumps(paper.records(), ensure_ascii=False, default=str)}
        reception, form = name.split()[:2]
        seen.add((reception, form))
        hers = str(KANA) in name or number_of(desk, KANA) in name or ballot_of(desk, KANA) in name
        forbidden = (*SECRET, *(FAMILY if hers else HERS if reception == "shelter" else ()))
        control += pages if form in ("roster", "extract") else ""
        for kind, text in texts.items():
            if what := leaks(text, forbidden):
                found[f"{name} {kind}"] = what
    assert found == {}
    assert leaks(control, ("逃原　太一", "公町", "１１番地", "本町５番地", "守山　護")), "the pages were read"
    assert seen == {("shelter", form) for form in papers.FORMS} | {("polling", form) for form in polling_papers.FORMS}


# --- exports, copies, the log, and every verb that shows or lists somebody


def every_line(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Command lines, and what may not stand in what they say."""
    lists = ("roster", "roster --edition posting", "unconfirmed", "leave", "pets", "cars", "supplies", "requests",
             "departures", "report", f"tag {number_of(desk, TAICHI)}")
    own = (f"card P{KANA}", f"handover P{KANA}", f"tag {number_of(desk, KANA)}")
    lines: dict[str, tuple[str, ...]] = {f"shelter {form}": (*SECRET, *HERS) for form in lists}
    lines |= {f"shelter {form}": (*SECRET, *FAMILY) for form in own}
    lines |= {f"shelter {form} P{MAMORU}": (*SECRET, "守山　葵", AOI) for form in ("card", "handover")}
    for form in ("extract", "balance", "zero", "voting_record", "doubles", "interim", "closing"):
        lines[f"polling {form.replace('_', '-')}"] = SECRET
    for one in (MAMORU, KANA):
        lines |= {f"polling {form} {ballot_of(desk, one)}": SECRET for form in ("declaration", "slip")}
        lines[f"polling incident {one}"] = SECRET
        lines[f"audit person {one}"] = (*SECRET, "守山", "逃原", "花奈", "葵")
        lines[f"register find {one}"] = (*SECRET, *FAMILY, *(("守山　葵", AOI) if one == MAMORU else ()))
    lines |= {f"register find {name} --reason check": SECRET for name in ("守山", "モリヤマ", "19720302", USER[KANA])}
    lines |= {f"register find {TAICHI}": (*SECRET, *HERS), "register find 逃原　空 --reason check": (*SECRET, *HERS)}
    lines |= dict.fromkeys((
        "journal list", "journal verify", "audit operator J01", "audit operator K01", "audit mass --count 1",
        "audit night --from 00:00 --to 23:59", "audit unlocks", "audit unapproved", "audit anchors",
        "register status", "election status", "shelter status", "polling status", "polling gate"),
        (*SECRET, "花奈", "守山", "ニゲハラ"))
    return lines


def test_no_command_says_what_is_secret(desk: Desk, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "pin").write_text(PIN)
    who = ["--home", str(desk.station.home), "--operator", "K01", "--operator-pin-file", str(tmp_path / "pin")]
    found, quiet = {}, []
    for words, forbidden in every_line(desk).items():
        for more in ((), ("--json",)):
            code = main([*who, *more, *words.split(" ")])
            out = "".join(capsys.readouterr())
            if (code and "CSV" not in out) or not out:
                quiet.append((words, more, out))
            if what := leaks(out, forbidden):
                found[words, more] = what
    log.stop()
    assert found == {}
    assert quiet == []


def test_every_verb_that_makes_a_document_was_asked(desk: Desk) -> None:
    asked = {" ".join(line.split()[:2]) for line in every_line(desk)}
    assert {f"shelter {form}" for form in shelter_commands.DOCUMENTS} - {"shelter blanks"} <= asked
    assert {f"polling {form}" for form in polling_commands.DOCUMENTS} - {"polling records"} <= asked


def test_no_export_copy_or_log_holds_anything_in_clear(desk: Desk, tmp_path: Path) -> None:
    exports.write(desk.journal, tmp_path / "usb")
    backup.back_up(desk.journal, desk.station, tmp_path / "copy")
    whole = [path for root in (desk.station.home, tmp_path) for path in root.rglob("*") if path.is_file()]
    assert {"journal.db", "sanjo.log"} & {path.name for path in whole} and len(whole) > 5
    names = [one for row in PEOPLE for one in (row[3], row[4], *row[3].split("　"))] + [*SECRET, *USER.values()]
    for path in whole:
        data = path.read_bytes()
        for one in names:
            if len(one) > 1:
                assert one.encode() not in data and one.encode("utf-16-le") not in data, (path.name, one)


# --- every state of the screens


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a walk begins, and what may stand on none of the screens that follow."""

    steps: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(slots=True)
class Walk:
    """Presses keys and reads the whole screen after each."""

    stage: Stage
    forbidden: tuple[str, ...] = ()
    trail: list[str] = field(default_factory=list)
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    async def step(self, key: str) -> None:
        if key.startswith("tap:"):
            await self.stage.tap(key[4:])
        elif key.startswith("type:"):
            await self.stage.type(key[5:])
        else:
            await self.stage.press(key)
        self.trail.append(key)
        self.read()

    def read(self) -> None:
        text = self.stage.text()
        self.seen.add(text)
        if what := leaks(text, self.forbidden):
            self.found[" ".join(self.trail)] = what

    async def begin(self, start: Start) -> None:
        """From the idle desk."""
        self.forbidden = ()
        for _ in range(8):
            if self.stage.screen.panel.idle and self.stage.app.screen is self.stage.screen:
                break
            await self.stage.press("escape")
        self.trail, self.forbidden = [], start.forbidden
        for key in start.steps:
            await self.step(key)

    async def around(self, start: Start, branches: Sequence[tuple[str, ...]]) -> None:
        """Each branch from the same start."""
        for keys in branches:
            await self.begin(start)
            for key in keys:
                await self.step(key)


MENUS = tuple((menu, str(digit), *more) for menu in ("f5", "f7", "f8", "f9") for digit in range(1, 10)
              for more in ((), ("enter",)) if (menu, digit, more) != ("f8", 2, ("enter",)))
"""The tasks and what Enter does there; but not in the list of those who are late: it opens her own record."""
BRANCHES = (*((key,) for key in ("f1", "f2", "f3", "f4", "f6", "a", "1", "2", "tab", "pagedown", "f12")), *MENUS)
RECORDING = (("enter",), ("enter", "f3", "1"), ("f3", "enter", "1"), ("f4", "enter", "1"), ("enter", "tab", "1"),
             ("f9", "1", "1"))

SHELTER = {
    "idle": Start(steps=(), forbidden=(*SECRET, *HERS)),
    "protected": Start(steps=(f"tap:{USER[MAMORU]}",), forbidden=(*SECRET, "葵", AOI)),
    "fled": Start(steps=(f"tap:{USER[KANA]}",), forbidden=(*SECRET, *FAMILY)),
    "head": Start(steps=(f"tap:{USER[TAICHI]}",), forbidden=(*SECRET, *HERS)),
    "child": Start(steps=(f"tap:{USER[SORA]}",), forbidden=(*SECRET, *HERS)),
    "found": Start(steps=(f"type:{TAICHI}", "enter"), forbidden=(*SECRET, *HERS)),
    "hits": Start(steps=("type:逃原", "enter"), forbidden=(*SECRET, "9500000058", KANA)),
    "hits-protected": Start(steps=("type:守山", "enter"), forbidden=SECRET)}


QUICK: dict[str, tuple[tuple[str, ...], ...]] = {
    "idle": (("f8", "2"), ("f8", "3"), ("f8", "9"), ("f9",), ("f1",)),
    "protected": (("f7", "1"), ("f7", "2")), "fled": (("f5",), ("f7", "1"), ("f7", "2"), ("f3", "enter")),
    "head": (("a",), ("f5",), ("f4", "enter"), ("enter",)), "child": ((),), "hits": ((),)}
"""Where something was found once, and what people see all day."""


async def walk_shelter(tmp_path: Path, branches: dict[str, tuple[tuple[str, ...], ...]]) -> Walk:
    """Everybody was received; then each start with each of its branches."""
    stage = Stage(tmp_path / "home", register=False, is_open=False)
    load_register(stage.desk, tmp_path / "delivered")
    stage.desk.shelter.open_shelter("20261124")
    receive(stage.desk)
    walk = Walk(stage)
    async with stage.on(size=(100, 30)):
        for name, keys in branches.items():
            await walk.around(SHELTER[name], keys)
    assert any("逃原　太一" in text for text in walk.seen) and any("取扱注意" in text for text in walk.seen)
    return walk


async def test_what_people_see_all_day_at_a_shelter_shows_nothing_secret(tmp_path: Path) -> None:
    assert (await walk_shelter(tmp_path, QUICK)).found == {}


@pytest.mark.slow
async def test_no_state_of_a_shelter_shows_what_is_secret(tmp_path: Path) -> None:
    every = {name: (*BRANCHES, *RECORDING) if name in ("idle", "fled", "head") else (*BRANCHES[:11], *RECORDING)
             for name in SHELTER}
    # The closing names everybody who is still in the shelter, whoever's record was open before.
    every["fled"] = tuple(keys for keys in every["fled"] if keys[:2] != ("f8", "9"))
    walk = await walk_shelter(tmp_path, every)
    assert walk.found == {}
    assert len(walk.seen) > 100


async def test_no_hit_of_hers_stands_with_an_address(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "home", register=False, is_open=False)
    load_register(stage.desk, tmp_path / "delivered")
    stage.desk.shelter.open_shelter("20261124")
    async with stage.on(size=(100, 30)):
        for text in ("逃原", "ニゲハラ", KANA, "19720302"):
            await stage.type(text)
            await stage.press("enter")
            rows = [line for line in stage.text().splitlines() if "花奈" in line]
            assert rows and not any("公町" in line or "１１番地" in line for line in rows)
            await stage.press("escape", "escape")


POLLING = {"idle": Start(steps=(), forbidden=SECRET),
           "hits": Start(steps=("type:守山", "enter"), forbidden=SECRET),
           "protected": Start(steps=("tap:4000000000041",), forbidden=SECRET),
           "received": Start(steps=("tap:4000000000041", "1", "enter"), forbidden=SECRET),
           "again": Start(steps=("tap:4000000000041",), forbidden=SECRET)}


async def walk_polling(tmp_path: Path, branches: Sequence[tuple[str, ...]]) -> Walk:
    """A protected elector and her namesake."""
    lives: dict[str, Any] = {"protected": True, "address_as_delivered": "秘町９９番地隠荘７７号",
                             "household_no": "9400000047"}
    her = elector(41, "守山　護", "モリヤマ　マモル", user_id="4000000000041", **lives)
    same = elector(42, "守山　護", "モリヤマ　マモル", "19800101", user_id="4000000000042", **lives)
    walk = Walk(PollingStage(tmp_path / "home", others=(her, same)))
    async with walk.stage.on(size=(100, 30)):
        for start in POLLING.values():
            await walk.around(start, branches)
    assert any("守山" in text for text in walk.seen) and any(squeezed(MASKED) in squeezed(text) for text in walk.seen)
    return walk


async def test_what_people_see_all_day_at_a_polling_place_shows_nothing_secret(tmp_path: Path) -> None:
    assert (await walk_polling(tmp_path, ((), ("f8", "1")))).found == {}


@pytest.mark.slow
async def test_no_state_of_a_polling_place_shows_what_is_secret(tmp_path: Path) -> None:
    assert (await walk_polling(tmp_path, BRANCHES)).found == {}
