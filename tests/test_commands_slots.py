"""`sanjo-tui slots`: who may change the ways into a station, what is recorded of it, what `init` says of short ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import log
from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk
from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
from sanjo_tui.journal import Journal
from sanjo_tui.receptions.lookups import ActDone
from sanjo_tui.vault import Vault, cost
from sanjo_tui.vault.roles import Operator, Role
from sanjo_tui.vault.slots import Cost

QUICK = Cost(memory_kib=64, passes=1, lanes=1)
SECRET, LONG = "五月の鯉の吹き流し", "六月の雨の紫陽花"
Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A live station at which 責任者 K01 and 情報担当 I01 open with passphrases of their own."""
    folder = tmp_path / "home"
    here = stations.Station(home=folder, lg_code="152048", municipality="三条市", code="A", place="体育館")
    stations.write(here)
    keys = Vault.create(here.vault, SECRET, cost=QUICK)[0].unlock(SECRET)
    Journal.create(here.journal, keys, "A", LEDGERS, LOOSE_EVENTS).close()
    for operator in ("K01", "I01"):
        keys.add_passphrase(LONG + operator, operator)
    keys.set_operators([Operator(id="K01", name="責任　四", role=Role.MANAGER),
                        Operator(id="I01", name="情報　六", role=Role.IT)])
    yield folder
    log.stop()


@pytest.fixture
def run(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def line(*words: str, secret: str = LONG + "I01", new: str = "", as_json: bool = True) -> tuple[int, Any, str]:
        (tmp_path / "secret").write_text(secret, encoding="utf-8")
        (tmp_path / "new").write_text(new, encoding="utf-8")
        given = ("--new-passphrase-file", str(tmp_path / "new")) if new else ()
        code = main(["--home", str(home), "--passphrase-file", str(tmp_path / "secret"), *(("--json",) * as_json),
                     "slots", *words, *given])
        out, err = capsys.readouterr()
        return code, json.loads(out) if as_json and out else out, err

    return line


def acts(home: Path) -> list[tuple[str, str, dict[str, str]]]:
    """What the journal says of slots: by whom, what, which."""
    desk = Desk.open(stations.read(home), Vault.open(home / "vault.toml").unlock(LONG + "I01"))
    try:
        with desk.journal.view() as view:
            return [(row.operator, row.event.act, dict(row.event.details)) for row in view.events(kinds=(ActDone.kind,))
                    if isinstance(row.event, ActDone) and row.event.act.startswith("slots.")]
    finally:
        desk.close()


def test_the_ways_in_are_listed_without_anything_secret(run: Run) -> None:
    code, rows, _ = run("list")
    assert code == 0 and [(row["kind"], row["name"]) for row in rows] == [
        ("passphrase", ""), ("passphrase", "I01"), ("passphrase", "K01"), ("recovery", "")]
    assert {key for row in rows for key in row} == {"kind", "name", "bound"}
    assert "復旧用の合言葉" in run("list", as_json=False)[1]


def test_everything_is_made_anew_taken_away_and_recorded(run: Run, home: Path) -> None:
    assert run("passphrase", "--for", "K01", new="七月の朝顔と風鈴")[0] == 0
    assert run("passphrase", new="八月の花火と西瓜")[0] == 0
    code, said, _ = run("recovery")
    assert code == 0
    vault = Vault.open(home / "vault.toml")
    for secret, way in (("七月の朝顔と風鈴", ("passphrase", "K01")), ("八月の花火と西瓜", ("passphrase", "")),
                        (said["recovery_phrase"], ("recovery", ""))):
        assert vault.unlock(secret).opened_by == way
    assert run("remove", "passphrase", "K01")[0] == 0
    assert run("list", secret="七月の朝顔と風鈴")[0] == 1
    assert acts(home) == [("I01", "slots.passphrase", {"name": "K01"}), ("I01", "slots.passphrase", {"name": ""}),
                          ("I01", "slots.recovery", {}),
                          ("I01", "slots.remove", {"kind": "passphrase", "name": "K01"})]
    told = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert said["recovery_phrase"].encode() not in told


@pytest.mark.parametrize(("line", "new", "said"), [
    (("passphrase", "--for", "K01"), "246810", "数字だけで 12 桁より短い"),
    (("passphrase",), "himitsu", "8 字"),
    (("passphrase", "--for", "V99"), "七月の朝顔と風鈴", "その番号の操作者はいません"),
    (("remove", "recovery"), "", "復旧用の合言葉は外せません"),
    (("remove", "card", "K01"), "", "登録されていません"),
    (("card",), "", "プロファイル"),
])
def test_what_is_refused_leaves_no_trace(run: Run, home: Path, line: tuple[str, ...], new: str, said: str) -> None:
    before = (home / "vault.toml").read_bytes()
    code, out, err = run(*line, new=new)
    assert (code, out) == (1, "") and said in err and len(err.splitlines()) == 1
    assert (home / "vault.toml").read_bytes() == before and not acts(home)


@pytest.mark.parametrize("secret", [LONG + "K01", SECRET])
@pytest.mark.parametrize("line", [("list",), ("recovery",), ("remove", "passphrase", "I01"), ("card",)])
def test_only_who_keeps_the_keys_may(run: Run, home: Path, line: tuple[str, ...], secret: str) -> None:
    before = (home / "vault.toml").read_bytes()
    code, out, err = run(*line, secret=secret)
    assert (code, out) == (1, "") and "操作者" in err
    assert (home / "vault.toml").read_bytes() == before


def test_wrong_usage_is_told_apart(run: Run) -> None:
    assert run("remove", "pin")[0] == 2
    assert run("passphrase")[0] == 2        # nobody at a terminal to ask


@pytest.mark.parametrize(("secret", "warned"), [("123456", True), ("x", True), (SECRET, False)])
def test_init_takes_a_short_passphrase_and_says_what_it_is_worth(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], secret: str,
        warned: bool) -> None:
    monkeypatch.setattr(cost, "measured", lambda: QUICK)
    (tmp_path / "p").write_text(secret, encoding="utf-8")
    assert main(["--home", str(tmp_path / "new"), "init", "--lg-code", "152048", "--municipality", "三条市", "--place",
                 "嵐南小学校", "--passphrase-file", str(tmp_path / "p"), "--no-input"]) == 0
    assert ("短いパスフレーズは" in capsys.readouterr().err) is warned
    assert {slot.cost for slot in Vault.open(tmp_path / "new" / "vault.toml").slots} == {QUICK}


def test_wrong_passphrases_are_counted_and_slowed_at_the_command_line_too(run: Run) -> None:
    for _ in range(3):
        assert "パスフレーズが違います" in run("list", secret="五月の鯉")[2]
    code, _, err = run("list")
    assert code == 1 and "続けて間違えた" in err
