"""The end of a disaster: a sealed archive that reads back, then the key is gone and nothing can be read here."""

from __future__ import annotations

import json

import pytest

from sanjo_tui.desk import archive
from sanjo_tui.errors import JournalError, RuleError
from tests.desk import FAMILY, desk, opened


@pytest.fixture
def closed(tmp_path):
    counter = desk(tmp_path / "home")
    counter.shelter.open_shelter()
    look = counter.shelter.look(opened(*FAMILY))
    counter.shelter.admit(look, look.verdict.preselected)
    counter.shelter.close_shelter(transfer=True)
    yield counter
    counter.close()


def test_an_open_shelter_is_not_archived_and_an_unarchived_one_not_destroyed(tmp_path, closed):
    with pytest.raises(RuleError):
        archive.destroy(closed.shelter, closed.shelter.scope)
    closed.shelter.open_shelter()
    with pytest.raises(RuleError):
        archive.archive(closed.shelter, tmp_path / "out")


def test_the_archive_opens_with_its_phrase_alone_and_names_nobody_in_clear(tmp_path, closed):
    made = archive.archive(closed.shelter, tmp_path / "out")
    raw = made.path.read_bytes()
    assert "佐藤".encode() not in raw and made.phrase.encode() not in raw
    lines = [json.loads(line) for line in archive.read(raw, made.phrase.lower().replace("-", " ")).splitlines()]
    assert len(lines) == made.events and any(line.get("seen", {}).get("name") == "佐藤　太郎" for line in lines)
    with pytest.raises(JournalError, match="合言葉"):
        archive.read(raw, "0000-0000-0000-0000-0000-0000-0000-0000")
    with pytest.raises(JournalError, match="壊れて"):
        archive.read(raw[:-1] + bytes([raw[-1] ^ 1]), made.phrase)
    with pytest.raises(JournalError, match="壊れて"):
        archive.read(b"hello", made.phrase)


def test_inside_the_home_is_refused(tmp_path, closed):
    with pytest.raises(RuleError):
        archive.archive(closed.shelter, closed.station.home / "out")


def test_after_the_key_is_destroyed_nothing_can_be_read_and_the_chain_holds(tmp_path, closed):
    scope = closed.shelter.scope
    archive.archive(closed.shelter, tmp_path / "out")
    with pytest.raises(RuleError, match="確認の番号"):
        archive.destroy(closed.shelter, "yes")
    archive.destroy(closed.shelter, scope)
    episode = closed.shelter.episode()
    assert closed.shelter.presences() == {} and episode is not None and episode.archived
    assert closed.journal.verify().head.seq >= 5
    closed.close()
    again = desk(tmp_path / "home")
    assert again.shelter.presences() == {}
    assert again.shelter.open_shelter().is_open
    assert again.shelter.scope != scope
    again.close()
