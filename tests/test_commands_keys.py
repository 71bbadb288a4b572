"""`sanjo-tui keys`: nobody is trusted whose fingerprint was not read out, and every change is in the journal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from sanjo_tui.vault import parties
from tests.travel_ground import Ground


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    ground = Ground(tmp_path)
    ground.station("town")
    ground.station("a")
    return ground


def test_show_makes_writes_and_says_what_is_public(ground: Ground) -> None:
    mine = parties.own(ground.keys("a"))
    assert mine is not None
    assert ground.run("a", "keys", "show") == 0
    assert mine.party.fingerprint in ground.out and mine.party.age in ground.out
    assert mine.age_secret not in ground.out and mine.seed.hex() not in ground.out
    assert parties.read(ground.file("a").read_bytes()) == mine.party
    assert ground.run("a", "keys", "show", "--out", ground.root / "none" / "x") == 1 and "書けません" in ground.err


def test_make_again_keeps_the_keys(ground: Ground) -> None:
    first = ground.json("a", "keys", "show")
    again = ground.json("a", "keys", "make", "--name", "ranan")
    assert again == {**first, "name": "ranan"}
    assert ground.acts("a") == [("keys.make", {"again": "False", "kind": "station"}),
                                ("keys.make", {"again": "True", "kind": "station"})]


def test_trust_by_the_right_fingerprint_alone(ground: Ground) -> None:
    right = ground.prints["town"]
    assert ground.run("a", "keys", "trust", ground.file("town"), "--fingerprint", ground.prints["a"]) == 1
    assert "指紋が違います" in ground.err and parties.trusted(ground.keys("a")) == ()
    assert right not in ground.out + ground.err
    assert ground.run("a", "keys", "trust", ground.file("town"), "--fingerprint", right.replace(" ", "-")) == 0
    assert ground.json("a", "keys", "list")[0]["fingerprint"] == right
    assert [(act, details.get("name")) for act, details in ground.acts("a")[1:]] == [
        ("keys.refused", "town"), ("keys.trust", "town")]


def test_trust_asks_at_a_terminal(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ground.run("a", "keys", "trust", ground.file("town")) == 2 and "--fingerprint" in ground.err

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(ground.prints["town"] + "\n"))
    assert ground.run("a", "keys", "trust", ground.file("town"), "--as", "headquarters") == 0
    assert "電話" in ground.err and "本部" in ground.err and ground.prints["town"] not in ground.err
    assert [one.kind for one in parties.trusted(ground.keys("a"))] == [parties.Kind.HEADQUARTERS]


def test_list_and_remove(ground: Ground) -> None:
    assert ground.run("a", "keys", "list") == 0 and "いません" in ground.out
    ground.trust("a", "town")
    assert ground.run("a", "keys", "list") == 0 and ground.prints["town"] in ground.out
    assert ground.run("a", "keys", "remove", "nobody") == 1 and "登録されていません" in ground.err
    assert ground.run("a", "keys", "remove", "town") == 0
    assert parties.trusted(ground.keys("a")) == () and ground.acts("a")[-1][0] == "keys.remove"


def test_a_wrong_file_is_refused_in_a_sentence(ground: Ground) -> None:
    (ground.root / "x.toml").write_text("x = 1")
    for path in (ground.root / "x.toml", ground.root / "none.toml"):
        assert ground.run("a", "keys", "trust", path, "--fingerprint", "1") == 1
        assert "公開鍵のファイル" in ground.err or "読めません" in ground.err
