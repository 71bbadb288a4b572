"""`sanjo-tui operators`: from the first 責任者 on, nobody is ever locked out, and every change is in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import log
from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.cards import reader
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import operators
from sanjo_tui.errors import NotAllowed, RuleError
from sanjo_tui.receptions.lookups import ActDone, SignedOn
from sanjo_tui.station import fixtures
from sanjo_tui.vault import Vault, pins
from sanjo_tui.vault.roles import Role
from tests import desk as desks

Captured = pytest.CaptureFixture[str]
CARD = CardSeen(reader="r", profile="p", token="idm", value="0123456789abcdef")


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PINs that cost nothing to check."""
    monkeypatch.setattr(operators, "_hash", lambda pin: pins.make(pin, light=True))
    yield
    log.stop()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A drill station at which nobody is registered, and PINs in files."""
    desk = desks.desk(tmp_path / "home")
    stations.write(desk.station)
    desk.close()
    for pin in ("1111", "2222", "3333"):
        (tmp_path / pin).write_text(f"{pin}\n")
    return tmp_path / "home"


def run(home: Path, *line: str, by: tuple[str, str] | None = None) -> int:
    who = () if by is None else ("--operator", by[0], "--operator-pin-file", str(home.parent / by[1]))
    return main(["--home", str(home), *who, *line])


def add(home: Path, operator: str, role: str, pin: str, by: tuple[str, str] | None = None) -> int:
    return run(home, "operators", "add", operator, "--name", "職員　花子", "--role", role, "--pin-file",
               str(home.parent / pin), by=by)


@pytest.fixture
def staffed(home: Path, capsys: Captured) -> Path:
    """K1 責任者, I1 情報担当, V1 協力者."""
    assert add(home, "K1", "manager", "1111") == 0
    assert add(home, "I1", "it", "2222", by=("K1", "1111")) == 0
    assert add(home, "V1", "volunteer", "3333", by=("I1", "2222")) == 0
    capsys.readouterr()
    return home


def listed(home: Path, capsys: Captured) -> Any:
    capsys.readouterr()
    assert run(home, "--json", "operators", "list", by=("I1", "2222")) == 0
    return json.loads(capsys.readouterr().out)


def test_the_first_is_a_manager_who_hands_the_keys_on(home: Path, capsys: Captured) -> None:
    assert add(home, "I1", "it", "2222") == 1
    assert "最初に登録するのは責任者" in capsys.readouterr().err
    assert add(home, "K1", "manager", "1111") == 0
    assert "情報担当" in capsys.readouterr().err
    assert add(home, "V1", "volunteer", "3333") == 1
    assert "--operator" in capsys.readouterr().err
    assert add(home, "I1", "it", "2222", by=("K1", "1111")) == 0
    assert add(home, "V1", "volunteer", "3333", by=("K1", "1111")) == 1
    assert "情報担当に替わってください" in capsys.readouterr().err


def test_the_list_says_who_and_how(staffed: Path, capsys: Captured) -> None:
    assert [(one["id"], one["role"], one["pin"], one["card"]) for one in listed(staffed, capsys)] == [
        ("I1", "it", True, False), ("K1", "manager", True, False), ("V1", "volunteer", True, False)]
    assert run(staffed, "operators", "list", by=("I1", "2222")) == 0
    assert "V1  職員　花子  協力者  暗証番号" in capsys.readouterr().out


@pytest.mark.parametrize(("operator", "said"), [
    ("K1", "責任者がいなくなります"), ("I1", "登録できる人がいなくなります"), ("X9", "いません")])
def test_nobody_is_taken_away_without_whom_it_cannot_go_on(staffed: Path, capsys: Captured, operator: str,
                                                           said: str) -> None:
    assert run(staffed, "operators", "remove", operator, by=("I1", "2222")) == 1
    assert said in capsys.readouterr().err


def test_who_was_removed_does_not_come_back_under_another_name(staffed: Path, capsys: Captured) -> None:
    assert run(staffed, "operators", "remove", "V1", by=("I1", "2222")) == 0
    assert run(staffed, "shelter", "status", by=("V1", "3333")) == 1
    assert "番号か暗証番号が違います" in capsys.readouterr().err
    assert add(staffed, "V1", "volunteer", "3333", by=("I1", "2222")) == 1
    assert [one["active"] for one in listed(staffed, capsys) if one["id"] == "V1"] == [False]


def test_a_new_pin_takes_the_place_of_the_old(staffed: Path) -> None:
    assert run(staffed, "operators", "pin", "V1", "--pin-file", str(staffed.parent / "1111"), by=("I1", "2222")) == 0
    assert run(staffed, "shelter", "status", by=("V1", "3333")) == 1
    assert run(staffed, "shelter", "status", by=("V1", "1111")) == 0


def test_a_card_changes_the_operator(staffed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (staffed / "profiles.toml").write_bytes((fixtures() / "cards" / "profiles.toml").read_bytes())
    monkeypatch.setattr(reader, "read_once", lambda profiles, wait: CARD)
    assert run(staffed, "operators", "card", "V1", by=("I1", "2222")) == 0
    assert run(staffed, "operators", "card", "K1", by=("I1", "2222")) == 1
    desk = desks.desk(staffed)
    assert desk.sign_on_card(CARD).id == "V1" and desk.operator == "V1"
    desk.close()
    assert CARD.value not in (staffed / "vault.toml").read_text()


@pytest.mark.parametrize(("line", "said"), [
    (["add", "番号", "--name", "x", "--role", "it", "--pin-file", "{pin}"], "半角の英数字"),
    (["add", "recovery", "--name", "x", "--role", "it", "--pin-file", "{pin}"], "半角の英数字"),
    (["add", "V2", "--name", " ", "--role", "it", "--pin-file", "{pin}"], "氏名"),
    (["add", "V2", "--name", "x", "--role", "it"], "暗証番号かパスフレーズ"),
    (["add", "V1", "--name", "x", "--role", "it", "--pin-file", "{pin}"], "もう登録"),
    (["add", "V2", "--name", "123456789018", "--role", "it", "--pin-file", "{pin}"], "個人番号"),
    (["add", "V2", "--name", "x", "--role", "it", "--passphrase-file-of-operator", "{pin}"], "訓練の拠点"),
])
def test_what_cannot_be_registered(staffed: Path, capsys: Captured, line: list[str], said: str) -> None:
    words = [word.format(pin=staffed.parent / "1111") for word in line]
    assert run(staffed, "operators", *words, by=("I1", "2222")) == 1
    assert said in capsys.readouterr().err


def test_every_change_is_an_act_of_somebody(staffed: Path) -> None:
    desk = desks.desk(staffed)
    with desk.journal.view() as view:
        acts = [(r.operator, r.event.act, r.event.details.get("operator")) for r in view.events(kinds=(ActDone.kind,))
                if isinstance(r.event, ActDone)]
        signed = [r.event.operator for r in view.events(kinds=(SignedOn.kind,)) if isinstance(r.event, SignedOn)]
    desk.close()
    assert [by for by, _, _ in acts[1:]] == ["K1", "I1"]
    assert [act[1:] for act in acts] == [("operators.add", one) for one in ("K1", "I1", "V1")]
    assert signed == ["K1", "I1"]


def test_wrong_pins_are_logged_and_end_the_trying(staffed: Path, capsys: Captured) -> None:
    for _ in range(5):
        assert run(staffed, "shelter", "status", by=("V1", "1111")) == 1
        assert "番号か暗証番号が違います" in capsys.readouterr().err
    assert run(staffed, "shelter", "status", by=("V1", "3333")) == 1
    assert "続けて違いました" in capsys.readouterr().err
    desk = desks.desk(staffed)
    with pytest.raises(RuleError, match="続けて違いました"):
        desk.sign_on("V1", "3333")
    desk.close()


def test_a_passphrase_of_one_s_own_opens_and_signs_on(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "shared").write_text("みんなの合言葉 2026\n", encoding="utf-8")
    (tmp_path / "own").write_text("責任者だけの合言葉 77\n", encoding="utf-8")
    (tmp_path / "1111").write_text("1111\n")
    home = tmp_path / "home"
    by = ["--home", str(home), "--passphrase-file"]
    assert main([*by, str(tmp_path / "shared"), "init", "--lg-code", "152048", "--municipality", "三条市", "--place",
                 "嵐南小学校", "--no-input"]) == 0
    assert main([*by, str(tmp_path / "shared"), "operators", "add", "K1", "--name", "責任　者", "--role", "manager",
                 "--pin-file", str(tmp_path / "1111"), "--passphrase-file-of-operator", str(tmp_path / "own")]) == 0
    capsys.readouterr()
    assert main([*by, str(tmp_path / "shared"), "shelter", "open"]) == 1
    assert "操作者が決まっていません" in capsys.readouterr().err
    assert main([*by, str(tmp_path / "own"), "shelter", "open"]) == 0
    keys = Vault.open(home / "vault.toml").unlock("責任者だけの合言葉 77")
    assert keys.opened_by == ("passphrase", "K1")


def test_a_running_desk_notices_a_change_by_another_process(staffed: Path) -> None:
    desk = desks.desk(staffed)
    with pytest.raises(NotAllowed):
        desk.shelter.open_shelter()
    desk.sign_on("K1", "1111")
    desk.shelter.open_shelter()
    keys = Vault.open(staffed / "vault.toml").unlock("")
    keys.set_operators([one if one.id != "K1" else type(one)(
        id="K1", name=one.name, role=Role.VOLUNTEER, pin_hash=one.pin_hash) for one in keys.operators()])
    with pytest.raises(NotAllowed):
        desk.shelter.close_shelter()
    keys.set_operators([one for one in keys.operators() if one.id != "K1"])
    with pytest.raises(NotAllowed, match="決まっていません"):
        desk.search("サトウ")
    desk.close()
