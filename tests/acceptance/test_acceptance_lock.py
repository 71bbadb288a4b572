"""A laptop that is found locked, or was torn from its work: what lies on its disk tells nothing to anybody."""

from __future__ import annotations

import base64
import csv
import shutil
from pathlib import Path

import pytest

from sanjo_tui.vault import Vault
from tests.acceptance.conftest import PASSPHRASE
from tests.acceptance.terminal import Terminal, files_under
from tests.acceptance.test_acceptance_secrets import clear_text, traces
from tests.acceptance.town import IKARASHI, ISHIGURO, SATO, YAMADA, Town

READY, LOCKED, OPENS = "カードをかざしてください", "施錠中", "パスフレーズを入れて"
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


@pytest.fixture(scope="module")
def people(snapshot: Path) -> frozenset[bytes]:
    """Names, kana, addresses; and the user IDs of all."""
    with (snapshot / "cards.csv").open(encoding="utf-8-sig", newline="") as file:
        numbers = {row["user_id"] for row in csv.DictReader(file)} | {SATO, IKARASHI, YAMADA, ISHIGURO}
    return frozenset(traces(snapshot)) | {n.encode(e) for n in numbers if n for e in ENCODINGS}


def keys_of(town: Town) -> frozenset[bytes]:
    """Every key of the station, as bytes, hexadecimal and base64, and the passphrase."""
    keys = Vault.open(town.home / "vault.toml").unlock(PASSPHRASE)
    live = (town.home / "register" / "current").read_text(encoding="utf-8").split()[0]
    raw = {keys._master, keys.chain_key, keys._token_key, keys._operators_key, keys._scope_wrapping_key,
           *(keys.file_key(name) for name in ("journal", f"register/{live}", "copy manifest", "export")),
           *(key for scope in keys.scopes() if (key := keys.scope_key(scope)) is not None)}
    forms = {form for key in raw for form in (
        key, key.hex().encode(), key.hex().upper().encode(), key.hex().encode("utf-16-le"),
        base64.b64encode(key).rstrip(b"="), base64.urlsafe_b64encode(key).rstrip(b"="))}
    return frozenset(forms | {PASSPHRASE.encode(encoding) for encoding in (*ENCODINGS, "cp932")})


def image(town: Town, temporary: Path, target: Path) -> Path:
    """What somebody takes who has the disk for a minute: home and the folder of temporary files, as they are now."""
    for source, name in ((town.home, "home"), (temporary, "tmp")):
        shutil.copytree(source, target / name, ignore=lambda folder, names: [n for n in names if n.endswith(".lock")])
    return target


def work(desk: Terminal) -> None:
    """A busy quarter of an hour: a family received, another one open, a search, a roster."""
    desk.until(READY)
    desk.scan(SATO)
    desk.until("Enter で3人とも入所")
    desk.press("Enter")
    desk.until("受付しました")
    desk.press("Esc")
    desk.until(lambda text: "受付しました" not in text and READY in text)
    desk.type("イカラシ　ケンイチ")
    desk.press("Enter")
    desk.until("五十嵐　健一")
    desk.press("1")
    desk.until("Enter で4人とも入所")
    desk.press("2")
    desk.until("Enter で3人入所")


def unlock(desk: Terminal) -> None:
    """As a person types it; the field shows dots."""
    desk.press(*PASSPHRASE, "Enter")


def test_the_search_itself_finds_a_key_that_stands_there(sanjo: Town, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    master = Vault.open(sanjo.home / "vault.toml").unlock(PASSPHRASE)._master
    (tmp_path / "a" / "b.log").write_text("key " + master.hex(), encoding="utf-8")
    (tmp_path / "a" / "c").write_bytes(b"\x00" * 5000 + base64.b64encode(master))
    (tmp_path / "a" / "d").write_bytes(SATO.encode("utf-16-le"))
    keys = keys_of(sanjo)
    assert set(clear_text(tmp_path / "a", keys)) == {"b.log", "c"}


def test_the_image_of_a_locked_and_of_a_killed_station_tells_nothing(
        sanjo: Town, people: frozenset[bytes], tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    town = Town(sanjo.home, None, {"TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)})
    sanjo.run("shelter", "open")
    wanted = people | keys_of(sanjo)
    with town.desk() as desk:
        desk.until(OPENS)
        unlock(desk)
        work(desk)
        assert clear_text(image(town, temporary, tmp_path / "open"), wanted) == {}, "while it is open"
        desk.press("Ctrl+L")
        text = desk.until(lambda text: LOCKED in text and OPENS in text)
        assert "五十嵐" not in text and "入所" not in text and "嵐南小学校" in text
        taken = image(town, temporary, tmp_path / "locked")
        assert clear_text(taken, wanted) == {}
        assert not [path for path in files_under(taken) if path.name.endswith(("-wal", "-journal")) and
                    path.stat().st_size], "no log of writes is left of a closed journal"
        desk.press(*"ちがう", "Enter")
        desk.until("パスフレーズが違います")
        unlock(desk)
        desk.until("Enter で3人入所")
        desk.press("Enter")
        desk.until("受付しました")
        assert (sanjo.home / "journal.db-wal").stat().st_size > 0, "the write-ahead log is searched too"
        desk.kill()
    assert clear_text(image(town, temporary, tmp_path / "killed"), people | keys_of(sanjo)) == {}
    events = [row["kind"] for row in sanjo.json("journal", "list")["events"]]
    opened = [kind for kind in events if kind in ("station.unlocked", "station.locked")]
    assert opened == ["station.unlocked", "station.locked", "station.unlocked"]
    assert events.count("shelter.admitted") == 6


def test_a_locked_station_that_is_killed_tells_nothing_and_opens_again(
        sanjo: Town, people: frozenset[bytes], tmp_path: Path) -> None:
    town = Town(sanjo.home, None)
    sanjo.run("shelter", "open")
    with town.desk() as desk:
        desk.until(OPENS)
        unlock(desk)
        work(desk)
        desk.press("Ctrl+L")
        desk.until(lambda text: LOCKED in text and OPENS in text)
        desk.kill()
    assert clear_text(sanjo.home, people | keys_of(sanjo)) == {}
    with town.desk() as desk:
        desk.until(OPENS)
        unlock(desk)
        desk.until(READY)
        assert desk.leave() == 0
