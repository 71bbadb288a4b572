"""An operator's card opens a station through a real PC/SC daemon, nothing else does; no card is locked by trying."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanjo_tui import station as stations
from sanjo_tui.cards import signature
from sanjo_tui.cards.facts import CardFact, CardRefused
from sanjo_tui.cards.filecard import FileCard
from sanjo_tui.cards.profiles import parse
from sanjo_tui.cards.reader import PcscReader, channel, pyscard
from sanjo_tui.cards.reading import Transmit
from sanjo_tui.desk import Desk, locking
from sanjo_tui.desk.cardkey import by_card, is_offered
from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
from sanjo_tui.errors import CardError, VaultError
from sanjo_tui.journal import Journal
from sanjo_tui.receptions.lookups import Unlocked
from sanjo_tui.vault import Keys, Vault
from sanjo_tui.vault.slots import Cost
from tests.hardware.pcscd import PrivateDaemon, until
from tests.hardware.rsacard import JPKI, PIV, PROFILES, RsaCard, key

QUICK = Cost(memory_kib=64, passes=1, lanes=1)
SECRET = "五月の鯉の吹き流し"
PIN = {JPKI: "2468", PIV: "246810"}
SIGNING = parse(PROFILES)


def card(number: int = 1, aid: bytes = JPKI) -> RsaCard:
    """A PIV card has another key than the JPKI card of the same number."""
    return RsaCard(key(number + 10 * (aid == PIV)), PIN[aid], aid)


def station(home: Path) -> Keys:
    """A live station whose journal stands."""
    here = stations.Station(home=home, lg_code="152048", municipality="三条市", code="A", place="体育館")
    stations.write(here)
    (home / "profiles.toml").write_text(PROFILES, encoding="utf-8")
    keys = Vault.create(here.vault, SECRET, cost=QUICK)[0].unlock(SECRET)
    Journal.create(here.journal, keys, "A", LEDGERS, LOOSE_EVENTS).close()
    return keys


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A station that the card of key 1 opens, in both styles."""
    keys = station(tmp_path / "A")
    for aid, name in ((JPKI, "K01"), (PIV, "I01")):
        one = card(aid=aid)
        keys.add_card(signature.ready(signature.select(SIGNING, one.transmit, one.atr), one.transmit, one.pin), name)
    return tmp_path / "A"


def lies_there() -> bool:
    """What the daemon says of the first reader; it takes a moment to notice that a card was taken away."""
    scard = pyscard()
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    try:
        _, got = scard.SCardGetStatusChange(context, 0, [("Virtual PCD 00 00", scard.SCARD_STATE_UNAWARE)])
        return bool((got[0][1] >> 16) % 2)          # it counts: once for a card that comes, once for one that goes
    finally:
        scard.SCardReleaseContext(context)


def unlock(home: Path, pin: str, name: str | None = None, wait: float = 10) -> Keys:
    return by_card(stations.read(home), pin, wait, name)(Vault.open(home / "vault.toml"))


@pytest.mark.parametrize(("aid", "name"), [(JPKI, "K01"), (PIV, "I01")])
def test_card_and_pin_open_the_station(daemon: PrivateDaemon, home: Path, aid: bytes, name: str) -> None:
    with daemon.tap(card(aid=aid)):
        keys = unlock(home, PIN[aid], name)
    assert keys.opened_by == ("card", name) and is_offered(stations.read(home))
    desk = Desk.open(stations.read(home), keys)
    desk.close()


def test_the_desk_opens_by_card_and_a_strange_card_is_a_wrong_try(daemon: PrivateDaemon, home: Path) -> None:
    here, door = stations.read(home), locking.Door(home)
    with daemon.tap(card(2)), pytest.raises(VaultError, match="このカードでは開きません"):
        locking.open_desk(here, by_card(here, "2468"), door)
    assert door.failed.count == 1
    with daemon.tap(card()), pytest.raises(CardError, match="残りは 2 回です"):
        locking.open_desk(here, by_card(here, "1357"), door)
    assert door.failed.count == 1                           # the card counts its PIN itself
    with daemon.tap(card()):
        desk = locking.open_desk(here, by_card(here, "2468"), door)
    with desk.journal.view() as view:
        opened = [row.event for row in view.events(kinds=(Unlocked.kind,)) if isinstance(row.event, Unlocked)]
    locking.close_desk(desk, "closed")
    assert [(event.slot, event.failed) for event in opened] == [("card:K01", 1)]


def test_a_signature_by_itself(daemon: PrivateDaemon) -> None:
    with daemon.tap(card()):
        first = signature.sign(SIGNING, b"challenge", "2468", 10)
        assert first.profile == "operator-jpki" and first == signature.sign(SIGNING, b"challenge", "2468", 10)


@pytest.mark.parametrize(("aid", "name"), [(JPKI, "K01"), (PIV, "I01")])
def test_a_contact_card_of_the_old_protocol_opens_too(daemon: PrivateDaemon, home: Path, aid: bytes, name: str) -> None:
    one = card(aid=aid)
    one.atr, one.t0 = bytes.fromhex("3B00"), True
    with daemon.tap(one):
        assert unlock(home, PIN[aid], name).opened_by == ("card", name)


def test_another_card_does_not_open(daemon: PrivateDaemon, home: Path) -> None:
    with daemon.tap(card(2)), pytest.raises(VaultError, match="このカードでは開きません"):
        unlock(home, "2468")
    with daemon.tap(FileCard({b"\xa0" * 5: {1: b"x"}})), pytest.raises(CardError, match="署名に使えるカードでは"):
        unlock(home, "2468")


def test_a_wrong_pin_does_not_open_and_the_last_try_is_left_to_its_holder(daemon: PrivateDaemon, home: Path) -> None:
    one = card()
    with daemon.tap(one):
        with pytest.raises(CardError, match="暗証番号が違います。残りは 2 回です"):
            unlock(home, "1357")
        with pytest.raises(CardError, match="残りが 1 回なので、ここではもう試しません"):
            unlock(home, "1357")
        for pin in ("1357", "2468"):
            with pytest.raises(CardError, match="残りが 1 回なので、ここではもう試しません"):
                unlock(home, pin)
    assert one.tries == 1


def test_a_slot_copied_from_another_station_does_not_open(daemon: PrivateDaemon, home: Path, tmp_path: Path) -> None:
    other = station(tmp_path / "B")
    theirs, mine = Vault.open(tmp_path / "B" / "vault.toml"), Vault.open(home / "vault.toml")
    theirs.slots = (*theirs.slots, *(slot for slot in mine.slots if slot.role == "card"))
    theirs._write()
    with daemon.tap(card()), pytest.raises(VaultError, match="このカードでは開きません"):
        unlock(tmp_path / "B", "2468")
    (tmp_path / "B" / "vault.toml").write_bytes((home / "vault.toml").read_bytes())  # nor the whole file
    with daemon.tap(card()):
        keys = unlock(tmp_path / "B", "2468", "K01")
    with pytest.raises(Exception, match="受付記録"):
        Desk.open(stations.read(tmp_path / "B"), keys)
    assert keys.chain_key != other.chain_key


@pytest.mark.parametrize("after", range(6))
def test_a_card_torn_away_in_the_middle_says_so_and_works_the_next_time(daemon: PrivateDaemon, home: Path,
                                                                        after: int) -> None:
    one = card()
    with daemon.tap(one, tear_after=after), pytest.raises(CardError, match="早く離れました"):
        unlock(home, "2468", "K01", 10 if after else 2)         # torn at once, it is waited for
    assert one.tries == one.most
    until(lambda: not lies_there(), "the torn card is still there for the daemon")
    with daemon.tap(one):
        assert unlock(home, "2468", "K01")


def test_the_pin_that_was_shown_counts_for_nobody_else(daemon: PrivateDaemon, home: Path) -> None:
    def tries(tx: Transmit, atr: bytes) -> int:
        tx(b"\x00\xa4\x04\x0c\x0a" + JPKI)
        tx(b"\x00\xa4\x02\x0c\x02\x00\x18")
        return tx(b"\x00\x20\x00\x80")[1]

    with daemon.tap(card()):
        assert unlock(home, "2468", "K01")
        with channel(10, tries) as (_, status):
            assert status == 0x63C3                         # 9000 would say: it was shown already


def test_no_card_and_no_daemon_are_told_apart(daemon: PrivateDaemon) -> None:
    with pytest.raises(CardError, match="カードがかざされませんでした"), signature.card(SIGNING, "2468", 0):
        pass
    daemon.stop()
    with pytest.raises(CardError, match="カード読取サービスが動いていません"), signature.card(SIGNING, "2468", 0):
        pass
    daemon.readers = False
    daemon.start()
    with pytest.raises(CardError, match="カードリーダーがつながっていません"), signature.card(SIGNING, "2468", 0):
        pass


def test_the_watcher_of_the_desk_may_run_beside_and_signs_with_nobody(daemon: PrivateDaemon, home: Path) -> None:
    facts: list[CardFact] = []
    watcher = PcscReader(SIGNING, facts.append)
    watcher.start()
    one = card()
    try:
        with daemon.tap(one):
            for _ in range(3):
                assert unlock(home, "2468", "K01")
            until(lambda: any(isinstance(fact, CardRefused) for fact in facts), f"never looked at: {facts}")
    finally:
        watcher.stop()
    assert one.signatures == 3


def test_the_pin_stands_in_no_log_and_no_file(daemon: PrivateDaemon, home: Path,
                                              caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    one = RsaCard(key(1), "7391")
    with daemon.tap(one):
        assert unlock(home, "7391", "K01")
        with pytest.raises(CardError) as error:
            unlock(home, "7393", "K01")
    told = caplog.text + str(error.value) + error.value.detail
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "journal.db")
    assert "739" not in told.replace("7391", "739") and b"7391" not in kept


# The command, as IT calls it

@pytest.fixture
def command(daemon: PrivateDaemon, home: Path, tmp_path: Path) -> Iterator[object]:
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    (tmp_path / "pin").write_text("2468\n")

    def run(*words: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "sanjo_tui", "--home", str(home), "--passphrase-file", str(tmp_path / "secret"),
             "--json", "slots", *words], env={**os.environ, **daemon.environment}, text=True, capture_output=True,
            timeout=60)
        return done.returncode, done.stdout, done.stderr

    yield run


def test_a_card_is_registered_by_command(daemon: PrivateDaemon, command: object, home: Path, tmp_path: Path) -> None:
    assert callable(command)
    one = card(2)
    with daemon.tap(one):
        code, out, error = command("card", "--card-pin-file", str(tmp_path / "pin"))
        assert (code, json.loads(out or "{}")) == (0, {"kind": "card", "name": ""}), error
        assert unlock(home, "2468", "").opened_by == ("card", "")
    code, out, _ = command("list")
    assert [(row["kind"], row["name"]) for row in json.loads(out)] == [
        ("passphrase", ""), ("recovery", ""), ("card", ""), ("card", "I01"), ("card", "K01")]
    assert command("remove", "card", "I01")[0] == 0
    with daemon.tap(card(aid=PIV)), pytest.raises(VaultError, match="カードで開けるようになっていません"):
        unlock(home, PIN[PIV], "I01")
