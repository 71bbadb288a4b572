"""Looking electors up: by card, ticket and number, by one box that understands every reading, and those alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roll_ground import CONTESTS, ELECTORS, LG_CODE, FakeKeys, roll, ticket_rows, ward_rows

from sanjo_tui.errors import RegisterError
from sanjo_tui.register.people import MASKED
from sanjo_tui.register.roll import elections, snapshot
from sanjo_tui.register.roll.elector import Absentee, MovedScope, RollStatus
from sanjo_tui.register.roll.lookup import Roll
from sanjo_tui.register.roll.tables import natural
from sanjo_tui.register.roll.wardkey import ward_key

MY_NUMBER = "123456789018"
MORE = (
    ("10000011", "", "3-1-1-1", "3", MY_NUMBER, "五十嵐　ユウコ", "イカラシ　ユウコ", "19261225", "2", "", "", "0",
     "有効", "", "", ""),
    ("10000012", "", "3-1-1-2", "3", "", "齋藤　ヅカ", "サイトウ　ヅカ", "昭和10年頃", "", "", "", "0", "死亡",
     "", "", ""),
    ("10000013", "", "3-1-1-3", "3", "", "斉藤　ツカ", "サイトウ　ズカ", "年月日不詳", "", "", "", "0", "抹消",
     "", "", ""),
    ("10000014", "", "3-1-1-4", "3", "", "𠮷田　髙", "", "2008-11-30", "1", "", "", "特別", "有効", "", "", ""),
    ("10000015", "", "3-1-1-5", "3", "", "吉田　高", "", "2008-11-30", "1", "", "", "0", "有効", "", "", ""),
)
TOWN = (*ELECTORS, *MORE)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Roll]:
    place = tmp_path_factory.mktemp("roll")
    folder = roll(place / "r1", TOWN, ticket_file=ticket_rows(TOWN), wards=ward_rows(TOWN))
    snapshot.load(folder, place / "roll", FakeKeys(), lg_code=LG_CODE, contests=CONTESTS)
    opened = Roll.open(place / "roll", FakeKeys())
    yield opened
    opened.close()


def test_an_elector_comes_as_delivered(reader: Roll) -> None:
    elector = reader.by_user_id("0000000000013")
    assert elector is not None
    assert (elector.addressee_no, elector.roll_no, elector.ward_code, elector.ticket_no, elector.name) == (
        "10000001", "1-1-1-1", "1", "A0001", "渡邉　敬")
    assert elector.birth_label == "昭和23年2月29日" and elector.address == "元町２番地"
    shicho, shigi = elector.mark("shicho"), elector.mark("shigi")
    assert shicho is not None and shicho.early_date is None and shicho.absentee is Absentee.NONE
    assert shigi is not None and (shigi.early_date, shigi.early_site) == (dt.date(2026, 11, 16), "E1")
    moved = reader.by_ticket("A0003")
    assert moved is not None and moved.roll_status is RollStatus.MOVED
    assert (moved.moved_scope, moved.moved_on) == (MovedScope.SAME_PREFECTURE, dt.date(2026, 10, 1))


@pytest.mark.parametrize(("number", "protected"), [
    ("10000001", False), ("10000002", True), ("10000003", False), ("10000005", True), ("10000014", True)])
def test_any_word_of_protection_protects(reader: Roll, number: str, protected: bool) -> None:
    elector = reader.elector(number)
    assert elector is not None and elector.protected is protected
    assert not protected or (elector.address == MASKED and elector.address_on_paper == "")


def test_hints_and_dates_that_are_not_whole(reader: Roll) -> None:
    people = {elector.addressee_no: elector for elector in reader.everyone()}
    assert people["10000002"].assist_hint == ("代理", "車椅子") and people["10000006"].assist_hint == ("点字",)
    assert people["10000012"].birth_label == "昭和10年頃" and not people["10000012"].birth.exact
    assert people["10000013"].birth_label == "年月日不詳" and not people["10000013"].birth.sort_key


def test_numbers_of_nobody(reader: Roll) -> None:
    assert reader.by_user_id("") is None and reader.by_ticket("") is None and reader.elector("") is None
    assert reader.by_user_id("9999999999999") is None and reader.by_ticket("A9999") is None
    assert reader.by_roll_no("9-9-9-9") is None and reader.by_roll_no("") is None


@pytest.mark.parametrize("written", ["1-1-1-10", "01-001-1-010", "１－１－１－１０", "1‐1‐1‐10"])
def test_a_roll_number_in_any_width(reader: Roll, written: str) -> None:
    elector = reader.by_roll_no(written)
    assert elector is not None and elector.addressee_no == "10000003"


@pytest.mark.parametrize(("query", "numbers", "reading"), [
    ("わたなべ", ["10000001", "10000005"], "name_kana"),
    ("ﾜﾀﾅﾍﾞ ﾀｶｼ", ["10000001", "10000005"], "name_kana"),
    ("わたなへたかし", ["10000001", "10000005"], "name_kana"),
    ("渡辺", ["10000005", "10000001"], "name"),
    ("渡邉敬", ["10000001"], "name"),
    ("高橋", ["10000002"], "name"),
    ("2151225", ["10000011"], "birth_date"),
    ("S23.2.29", ["10000001"], "birth_date"),
    ("昭和23年2月29日", ["10000001"], "birth_date"),
    ("19480229", ["10000001"], "birth_date"),
    ("1948-02-29", ["10000001"], "birth_date"),
    ("さとう 1960-06-08", ["10000003"], "name_kana"),
    ("1960-06-08 佐藤", ["10000003"], "name"),
    ("1-1-1-2", ["10000002"], "roll_no"),
    ("A0004", ["10000004"], "ticket_no"),
    ("０００００００００００４８", ["10000004"], "user_id"),
    ("10000006", ["10000006"], "addressee_no"),
    (MY_NUMBER, ["10000011"], "ticket_no"),
    ("よしだ", [], "name_kana"),
    ("吉田", ["10000015", "10000014"], "name"),
    ("   ", [], ""),
    ("だれもいない", [], "name_kana"),
])
def test_one_box_reads_everything(reader: Roll, query: str, numbers: list[str], reading: str) -> None:
    found = reader.search(query)
    assert [hit.elector.addressee_no for hit in found.hits] == numbers
    assert reading in found.readings or not reading
    assert not found.more


def test_my_number_is_refused_unless_it_is_a_known_number(reader: Roll) -> None:
    with pytest.raises(RegisterError, match="個人番号"):
        reader.search("111111111118")


def test_a_search_has_a_limit(reader: Roll) -> None:
    found = reader.search("さ", limit=2)
    assert len(found.hits) == 2 and found.more


@pytest.mark.parametrize(("number", "others"), [
    ("10000001", ["10000005"]),     # the same reading, another name
    ("10000003", ["10000004"]),
    ("10000012", ["10000013"]),     # ヅ is read as ズ
    ("10000014", ["10000015"]),     # no reading, the same name in variant characters
    ("10000006", []),
])
def test_namesakes_share_a_reading_or_a_name(reader: Roll, number: str, others: list[str]) -> None:
    elector = reader.elector(number)
    assert elector is not None
    assert [other.addressee_no for other in reader.namesakes(elector)] == others
    hits = {hit.elector.addressee_no: hit.namesakes for hit in reader.search(number).hits}
    assert hits == {number: len(others)}


def test_the_town_in_order(reader: Roll) -> None:
    by_number = [elector.roll_no for elector in reader.everyone()]
    assert by_number == ["1-1-1-1", "1-1-1-2", "1-1-1-10", "2-1-1-1", "2-1-1-2", "3-1-1-1", "3-1-1-2", "3-1-1-3",
                         "3-1-1-4", "3-1-1-5", "10-1-1-1"]
    assert [elector.name_kana for elector in reader.by_kana("1")] == [
        "サトウ　タロウ", "タカハシ　サクラ", "ワタナベ　タカシ"]
    assert [elector.name for elector in reader.by_kana("3")][-2:] == ["𠮷田　髙", "吉田　高"]
    assert [elector.addressee_no for elector in reader.everyone("2")] == ["10000004", "10000005"]
    assert not list(reader.everyone("99"))


def test_counts_are_of_those_who_can_vote(reader: Roll) -> None:
    assert reader.counts() == {"1": (2, 1, 0), "2": (1, 0, 0), "3": (2, 1, 0), "10": (0, 1, 0)}
    assert tuple(map(sum, zip(*reader.counts().values(), strict=True))) == reader.info.electors


def test_threads_ask_at_once(reader: Roll) -> None:
    found: list[str] = []

    def ask() -> None:
        elector = reader.by_ticket("A0002")
        found.append(elector.name if elector else "")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == ["髙橋　さくら"] * 8


def test_no_roll_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="まだ読み込まれていません"):
        Roll.open(tmp_path / "roll", FakeKeys())


@given(st.text(min_size=1, max_size=20), st.text(alphabet="0123456789T", min_size=1, max_size=20))
def test_the_key_of_the_index_is_what_the_documents_say(base: str, number: str) -> None:
    key = ward_key(base, number)
    assert key == hmac.new(base.encode(), number.encode(), hashlib.sha256).hexdigest()
    assert re.fullmatch("[0-9a-f]{64}", key)


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=4), st.integers(0, 4))
def test_leading_zeros_make_no_difference(parts: list[int], zeros: int) -> None:
    padded = "-".join(str(part).zfill(len(str(part)) + zeros) for part in parts)
    assert natural(padded) == natural("-".join(map(str, parts)))


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_numbers_sort_as_numbers(one: int, other: int) -> None:
    assert (natural(str(one)) < natural(str(other))) == (one < other)


def test_the_current_election_is_what_was_stored_last(tmp_path: Path) -> None:
    assert elections.current(tmp_path) is None
    elections.store(tmp_path, "2026-11-29.a", b"one")
    elections.store(tmp_path, "b", b"two")
    assert elections.current(tmp_path) == b"two"
    elections.store(tmp_path, "2026-11-29.a", b"three")
    assert elections.current(tmp_path) == b"three"
    assert (tmp_path / "elections" / "b.toml").read_bytes() == b"two"
    assert (tmp_path / "elections" / "current").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "a b", "a" * 65, "選挙"])
def test_an_id_that_is_no_file_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(RegisterError):
        elections.store(tmp_path, name, b"x")
    assert elections.current(tmp_path) is None


def test_a_current_that_names_nothing_is_a_sentence(tmp_path: Path) -> None:
    elections.store(tmp_path, "a", b"one")
    (tmp_path / "elections" / "a.toml").unlink()
    with pytest.raises(RegisterError, match="読めません"):
        elections.current(tmp_path)
    (tmp_path / "elections" / "current").write_text("../a")
    with pytest.raises(RegisterError, match="分かりません"):
        elections.current(tmp_path)
