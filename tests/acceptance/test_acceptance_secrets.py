"""After a busy session no file of the station says who was there: neither while the desk runs nor afterwards."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.terminal import files_under
from tests.acceptance.town import IKARASHI, SATO, Town
from tests.hardware.pcscd import until

READY, DONE = "カードをかざしてください", "受付しました"
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932")
SAMPLE = 90
"""Residents whose traces are looked for: the edge cases stand in front, among them all that the session touches."""

SHORTEST = 7
"""Bytes; a shorter trace would be found by chance among megabytes of what is encrypted."""


def traces(snapshot: Path) -> Iterator[bytes]:
    """Names, readings and addresses in every form that a program may write them: as they came, folded, apart."""
    with (snapshot / "residents.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))[:SAMPLE]
    for row in rows:
        words = {row["name"], row["name_kana"], row["name_roman"], row["alias"], row["lot_text"], row["building"],
                 row["town"] + row["lot_text"], *row["name"].split("　"), *row["name_kana"].split("　")}
        words |= {unicodedata.normalize("NFKC", word) for word in words}
        words |= {word.replace("　", mark).replace(" ", mark) for word in words for mark in ("", " ")}
        words |= {"".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in word) for word in words}
        for word in words:
            for encoding in ENCODINGS:
                data = word.encode(encoding, errors="ignore")
                if len(data) >= SHORTEST and len(word) > 2:
                    yield data


def clear_text(folder: Path, wanted: frozenset[bytes]) -> dict[str, list[str]]:
    """Files below the folder that hold one of these traces (reserves of zeros are short work)."""
    found = {}
    for path in files_under(folder):
        data = path.read_bytes().replace(bytes(4096), b"")
        if hits := [trace.hex() for trace in wanted if trace in data]:
            found[path.name] = hits
    return found


@pytest.fixture(scope="module")
def wanted(snapshot: Path) -> frozenset[bytes]:
    return frozenset(traces(snapshot))


def test_the_search_itself_finds_what_stands_there(snapshot: Path, wanted: frozenset[bytes], tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"\x00\xff" + "佐藤　花子".encode("utf-16-le") + bytes(9000))
    (tmp_path / "b.log").write_text("searched さとう たろう", encoding="utf-8")
    (tmp_path / ".c").write_bytes("旭町１丁目２番３号".encode("cp932"))
    assert set(clear_text(tmp_path, wanted)) == {"a.db", "b.log", ".c"}
    assert clear_text(snapshot, wanted), "the snapshot itself is in clear"


def test_no_file_of_the_station_names_anybody(sanjo: Town, wanted: frozenset[bytes], tmp_path: Path) -> None:
    prints, copies, lists = tmp_path / "prints", tmp_path / "copies", tmp_path / "lists"
    for folder in (prints, copies, lists):
        folder.mkdir()
    sanjo.set("printer", f'"folder:{prints}"')
    sanjo.set("backup_dir", f'"{copies}"')
    sanjo.run("shelter", "open", "--name", "令和8年豪雨")
    with sanjo.desk() as desk:
        desk.until(READY)
        desk.scan(SATO)
        desk.until("Enter で3人とも入所")
        desk.press("Enter")
        desk.until(DONE)
        desk.press("Esc")
        desk.until(lambda text: DONE not in text and READY in text)
        desk.type("イカラシ　ケンイチ")
        desk.press("Enter")
        desk.until("五十嵐　健一")
        desk.press("1")
        desk.until("Enter で4人とも入所")
        desk.press("Enter")
        desk.until(DONE)
        desk.scan("9999999999999")
        desk.until(lambda text: "見つかりません" in text or "登録のないカード" in text)
        desk.press("Esc")
        desk.until(lambda text: f"\n {READY}" in text)
        desk.press("F5")
        desk.until("避難者名簿")
        desk.press("1")
        desk.until("印刷に回しました")
        until(lambda: list(prints.glob("*.pdf")), "the roster was never printed", 30)
        sanjo.run("register", "find", "-", stdin="佐藤花子\n")
        sanjo.run("journal", "backup")
        for form in ("roster", "unconfirmed", "supplies"):
            sanjo.run("shelter", form, "--format", "pdf", "--out", lists / f"{form}.pdf")
        log = sanjo.home / "journal.db-wal"
        assert log.stat().st_size > 0, "the write-ahead log is searched too"
        assert clear_text(sanjo.home, wanted) == {}
        assert clear_text(copies, wanted) == {}
        assert desk.leave() == 0
    assert list(copies.rglob("*.sanjo"))
    assert clear_text(sanjo.home, wanted) == {}
    assert clear_text(copies, wanted) == {}
    assert files_under(sanjo.home / "log"), "there is a log, and it was searched"
    names = [path.name for path in (*files_under(sanjo.home), *files_under(prints), *files_under(copies))]
    assert not [name for name in names if any(word in name for word in ("佐藤", "サトウ", SATO, IKARASHI))]


def test_a_killed_desk_leaves_nothing_readable(sanjo: Town, wanted: frozenset[bytes]) -> None:
    sanjo.run("shelter", "open")
    with sanjo.desk() as desk:
        desk.until(READY)
        desk.scan(SATO)
        desk.until("Enter で3人とも入所")
        desk.press("Enter")
        desk.until(DONE)
        desk.kill()
    assert clear_text(sanjo.home, wanted) == {}
