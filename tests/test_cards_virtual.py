"""The built-in reader: cards from a file through the profiles, by key and from another process."""

from __future__ import annotations

import queue
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanjo_tui import station as stations
from sanjo_tui.cards import virtual
from sanjo_tui.cards.facts import CardFact, CardGone, CardRefused, CardSeen, CardTouched, Readers
from sanjo_tui.cards.profiles import Profile, parse
from sanjo_tui.cards.reading import read_card
from sanjo_tui.cards.virtual import READER, BuiltInReader, drop
from sanjo_tui.errors import CardError

CITY = """
[[profile]]
id = "city"
kind = "file"
aid = "D3921000310001FF01"
ef = "0001"
length = 13
assurance = "possession"
pattern = '^\\d{13}$'
"""
IDM = '[[profile]]\nid = "idm"\nkind = "uid"\ntoken = "idm"\nforbid_random = true\n'
PROFILES = parse(CITY + IDM)

CARDS = """
[[card]]
name = "sato"
key = "1"
label = "佐藤さん"
user_id = "3210987654321"
stay = 0.05

[[card]]
name = "long"
user_id = "0000000000017"
stay = 60

[[card]]
name = "suica"
uid = "0114B3C2A1908F7E"
stay = 0.05

[[card]]
name = "random"
uid = "08A1B2C3"
stay = 0.05

[[card]]
name = "torn"
user_id = "8450849718737"
torn = true

[[card]]
name = "bytes"
aid = "A000000001"
ef = "0001"
bytes = "3132"
stay = 0.05
"""


class Desk:
    """Collects the facts of a running reader."""

    def __init__(self, folder: Path) -> None:
        (folder / "cards.toml").write_text(CARDS, encoding="utf-8")
        self.facts: queue.SimpleQueue[CardFact] = queue.SimpleQueue()
        self.inbox = folder / "tap"
        self.reader = BuiltInReader(folder / "cards.toml", PROFILES, self.facts.put, self.inbox)

    def next(self) -> CardFact:
        return self.facts.get(timeout=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    one.reader.start()
    assert one.next() == Readers(True, (READER,), "読取可")
    yield one
    one.reader.stop()


def test_a_tap_is_touched_seen_and_gone(desk: Desk) -> None:
    desk.reader.tap("sato")
    assert [desk.next() for _ in range(3)] == [
        CardTouched(READER), CardSeen(READER, "city", "user_id", "3210987654321", "possession"), CardGone(READER)]


@pytest.mark.parametrize(("card", "seen"), [
    ("suica", CardSeen(READER, "idm", "idm", "0114B3C2A1908F7E")),
    ("8854101966248", CardSeen(READER, "city", "user_id", "8854101966248", "possession")),
    ("８８５４１０１９６６２４８", CardSeen(READER, "city", "user_id", "8854101966248", "possession")),
    ("0102030405060708", CardSeen(READER, "idm", "idm", "0102030405060708")),
])
def test_cards_by_name_and_by_number(desk: Desk, card: str, seen: CardSeen) -> None:
    desk.reader.tap(card)
    assert [desk.next(), desk.next()] == [CardTouched(READER), seen]


@pytest.mark.parametrize(("card", "said"), [("random", "かざすたびに"), ("torn", "早く離れました"),
                                            ("bytes", "使えるカードではありません")])
def test_cards_that_give_no_number(desk: Desk, card: str, said: str) -> None:
    desk.reader.tap(card)
    touched, refused, gone = desk.next(), desk.next(), desk.next()
    assert touched == CardTouched(READER) and gone == CardGone(READER)
    assert isinstance(refused, CardRefused) and said in refused.sentence and refused.again == (card == "torn")


def test_a_card_that_is_held_is_one_tap_and_the_next_waits(desk: Desk) -> None:
    desk.reader.tap("long")
    assert isinstance([desk.next(), desk.next()][1], CardSeen)
    for _ in range(3):
        desk.reader.tap("long")
    desk.reader.tap("sato")
    desk.reader.tap("sato")
    assert len(desk.reader._waiting) == 1
    for number in range(virtual.WAITING - 1):
        desk.reader.tap(f"{number:013d}")
    with pytest.raises(CardError, match="まだ読取機"):
        desk.reader.tap("suica")
    desk.reader.stop()
    assert desk.next() == CardGone(READER)


def test_a_drop_from_another_process_is_played(desk: Desk) -> None:
    code = "import sys, pathlib; from sanjo_tui.cards import virtual; virtual.drop(pathlib.Path(sys.argv[1]), 'sato')"
    subprocess.run([sys.executable, "-c", code, str(desk.inbox)], check=True, timeout=60)
    assert [desk.next(), desk.next()][1] == CardSeen(READER, "city", "user_id", "3210987654321", "possession")
    assert [path.name for path in desk.inbox.iterdir()] == [virtual.OPEN]


def test_a_drop_is_answered_while_another_card_lies_there(desk: Desk) -> None:
    desk.reader.tap("long")
    desk.next()
    drop(desk.inbox, "sato")
    with pytest.raises(CardError, match="そのカードはありません"):
        drop(desk.inbox, "nobody")


def test_a_drop_with_nobody_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="練習の画面が動いていません"):
        drop(tmp_path / "tap", "sato")
    (tmp_path / "tap").mkdir()
    (tmp_path / "tap" / virtual.OPEN).touch()               # left by a demo that was killed
    with pytest.raises(CardError, match="練習の画面が動いていません"):
        drop(tmp_path / "tap", "sato", timeout=0.1)
    assert [path.name for path in (tmp_path / "tap").iterdir()] == [virtual.OPEN]


def test_what_lay_in_the_folder_before_the_start_is_not_played(tmp_path: Path) -> None:
    one = Desk(tmp_path)
    one.inbox.mkdir()
    (one.inbox / "old.tap").write_text("sato")
    one.reader.start()
    one.next()
    one.reader.tap("suica")
    assert one.next() == CardTouched(READER)
    assert isinstance(seen := one.next(), CardSeen) and seen.token == "idm"
    one.reader.stop()
    assert list(one.inbox.iterdir()) == []


def test_a_folder_that_cannot_be_made_leaves_the_keys(tmp_path: Path) -> None:
    one = Desk(tmp_path)
    one.inbox.write_text("a file is in the way")
    one.reader.start()
    one.next()
    one.reader.tap("sato")
    assert isinstance([one.next(), one.next()][1], CardSeen)
    one.reader.stop()


def test_stop_before_start_and_twice(tmp_path: Path) -> None:
    one = Desk(tmp_path)
    one.reader.stop()
    one.reader.stop()


@pytest.mark.parametrize("profile", [
    'decode = "bcd"\nlength = 7\noffset = 3', 'decode = "ascii"\nlength = 16\noffset = 300', "sfi = 2",
    'kind = "record"\nrecord = 3\noffset = 2', 'match.atr = ["3BE000FF81"]', 'match.atr = ["3BF*"]',
])
def test_a_user_id_is_written_where_the_profile_looks(profile: str, tmp_path: Path) -> None:
    keys = {line.split(" = ")[0].replace("sfi", "ef") for line in profile.splitlines()}
    rest = [line for line in CITY.strip().splitlines() if line.split(" = ")[0] not in keys]
    found: tuple[Profile, ...] = parse("\n".join([*rest, profile]))
    (tmp_path / "cards.toml").write_text(CARDS, encoding="utf-8")
    card = virtual.load(tmp_path / "cards.toml", found)[0]
    assert read_card(found, card.chip.transmit, card.chip.atr, "R").value == "3210987654321"


@pytest.mark.parametrize(("text", "said"), [
    ("", "読めません"), ("[[card]]\nname = 'a'\n", "どれか一つ"), ("[[card]]\nuid = '00'\n", "name がありません"),
    ("[[card]]\nname = 'a'\nuid = '0'\n", "「a」の値"), ("[[card]]\nname = 'a'\nuid = '00'\ncolour = 1", "colour"),
    ("[[card]]\nname = 'a'\nuid = '00'\n" * 2, "二枚"),
    ("[[card]]\nname = 'a'\nuid = '00'\nuser_id = '1'", "どれか一つ"),
    ("[[card]]\nname = 'a'\nbytes = '00'\n", "「a」の値"),
])
def test_a_wrong_cards_file_names_card_and_key(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "cards.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CardError, match=said):
        virtual.load(tmp_path / "cards.toml", PROFILES)


def test_without_a_profile_of_user_id_such_a_card_cannot_be_played(tmp_path: Path) -> None:
    (tmp_path / "cards.toml").write_text(CARDS, encoding="utf-8")
    with pytest.raises(CardError, match="利用者IDを読むプロファイル"):
        virtual.load(tmp_path / "cards.toml", parse(IDM))


def test_the_demos_own_cards_are_played_as_their_labels_say() -> None:
    profiles = parse((stations.fixtures() / "cards" / "profiles.toml").read_text(encoding="utf-8"))
    for card in virtual.load(stations.fixtures() / "cards" / "demo.toml", profiles):
        if card.name.startswith("blank"):
            with pytest.raises(CardError, match="番号が書き込まれていません"):
                read_card(profiles, card.chip.transmit, card.chip.atr, "R")
        elif card.name != "random":
            assert read_card(profiles, card.chip.transmit, card.chip.atr, "R").token in ("user_id", "idm")


def tap(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sanjo_tui", "--home", str(home), "tap", *words],
                          capture_output=True, text=True, timeout=60)


def station(home: Path, drill: bool) -> None:
    stations.write(stations.Station(home=home, lg_code="152048", municipality="三条市", code="A", place="体育館",
                                    drill=drill))


def test_the_command_taps_a_running_drill(tmp_path: Path) -> None:
    home = tmp_path / "home"
    station(home, drill=True)
    nobody = tap(home, "sato")
    assert nobody.returncode == 1 and "動いていません" in nobody.stderr
    one = Desk(home)
    one.reader.start()
    done = tap(home, "sato", "--json")
    assert (done.returncode, done.stderr) == (0, "") and '"sato"' in done.stdout
    one.next()
    assert isinstance([one.next(), one.next()][1], CardSeen)
    wrong = tap(home, "nobody")
    assert wrong.returncode == 1 and "そのカードはありません" in wrong.stderr
    one.reader.stop()


def test_the_command_is_refused_on_a_live_home(tmp_path: Path) -> None:
    station(tmp_path / "live", drill=False)
    refused = tap(tmp_path / "live", "sato")
    assert refused.returncode == 1 and "本番" in refused.stderr
    assert tap(tmp_path / "live").returncode == 2
