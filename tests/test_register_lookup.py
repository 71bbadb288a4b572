"""Looking up: by card, number and household; one box that understands every reading of a text."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from register_ground import HEADER, LG_CODE, PEOPLE, FakeKeys, raw_snapshot, snapshot, table

from fixtures import broken
from sanjo_tui import numbers
from sanjo_tui.errors import RegisterError
from sanjo_tui.register import snapshot as snapshots
from sanjo_tui.register.lookup import Register
from sanjo_tui.register.people import MASKED

MY_NUMBER = "123456789018"
COLUMNS = (*HEADER, "alias", "alias_kana", "name_roman", "former_family", "birth_unknown", "birth_text",
           "resident_kind", "birth_era")
EXTRA = {
    "10000021": ("五十嵐　ユウコ", "イカラシ　ユウコ", "19500501", {}),
    "10000022": ("斉藤　さくら", "サイトウ　サクラ", "19260000", {}),
    "10000023": ("齋藤　大", "サイトウ　ダイ", "19261225", {"birth_era": "2"}),
    "10000024": ("小林　樹里", "コバヤシ　ジュリ", "19800101", {"former_family": "葛󠄀西"}),
    "10000025": ("林　一", "ハヤシ　ハジメ", "19800102", {}),
    "10000026": ("NGUYEN VAN AN", "グエン　ヴァン　アン", "19910303", {"resident_kind": "2", "alias": "山川　アン"}),
    "10000027": ("𠮷田　髙", "ヨシダ　タカシ", "", {"birth_unknown": "1", "birth_text": "昭和10年頃"}),
    "10000028": ("塚本　進", "ツカモト　ススム", "19470229", {"resident_status": "3"}),
    "10000029": ("大野　\ue000子", "オオノ　マリコ", "19600606", {}),
    "10000030": ("小野　真理子", "オノ　マリコ", "19600607", {}),
    "10000031": ("佐藤太助", "サトウタスケ", "19600608", {}),
    MY_NUMBER: ("本間　誠", "ホンマ　マコト", "19600609", {}),
}


def row(number: str, name: str, kana: str, birth: str, more: dict[str, str]) -> list[str]:
    values = {"addressee_no": number, "household_no": f"8{number[-6:]}", "order_in_household": "1", "name": name,
              "name_kana": kana, "birth_date": birth, "rel1": "02", "resident_status": "1", "town": "本町", **more}
    return [values.get(column, "") for column in COLUMNS]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    place = tmp_path_factory.mktemp("lookup")
    people = [[*person, *[""] * (len(COLUMNS) - len(HEADER))] for person in PEOPLE]
    people += [row(number, *values) for number, values in EXTRA.items()]
    residents = (table(COLUMNS, people).encode(), len(people))
    cards = (table(("addressee_no", "user_id", "valid_until", "status"), [
        ("10000001", "0000000000013", "2026-11-23", "1"), ("10000001", "1000000000014", "", "失効"),
        ("10000011", "0000000000112", "20300101", "suspended")]).encode(), 3)
    shelters = (table(("shelter_code", "name", "address", "district_code", "capacity", "phone"),
                      [("S2", "第二小学校", "", "", "", ""),
                      ("S1", "嵐南小学校", "旭町", "101", "300", "0256")]).encode(), 2)
    folder = raw_snapshot(place / "s1", {"residents.csv": residents, "cards.csv": cards, "shelters.csv": shelters})
    snapshots.load(folder, place / "register", FakeKeys(), lg_code=LG_CODE)
    register = Register.open(place / "register", FakeKeys())
    yield register
    register.close()


def hits(register: Register, text: str) -> list[tuple[str, str]]:
    return [(hit.resident.addressee_no, hit.match) for hit in register.search(text).hits]


def test_a_card_leads_to_its_person_whatever_its_status(register: Register) -> None:
    link = register.by_user_id("0000000000013")
    assert link is not None and (link.addressee_no, link.status) == ("10000001", "active")
    assert link.expired_on(dt.date(2026, 11, 24)) and not link.expired_on(dt.date(2026, 11, 23))
    other = register.by_user_id("1000000000014")
    assert other is not None and other.status == "revoked" and not other.expired_on(dt.date(2099, 1, 1))
    assert register.by_user_id("9999999999999") is None


def test_a_household_in_the_register_s_order(register: Register) -> None:
    household = register.household("9001")
    assert [member.order for member in household.members] == [1, 2, 3]
    assert household.head is not None and household.head.name == "佐藤　太郎"
    assert household.members[1].relationship_label == "妻"
    assert register.household("0").members == ()


def test_the_national_order_where_the_register_gives_none(tmp_path: Path) -> None:
    codes = [("99", ""), ("51", ""), ("20", "12"), ("20", ""), ("12", ""), ("71", ""), ("02", ""), ("96", ""),
    ("51", "51")]
    rows = [(f"1000000{n}", "9001", "", "氏　名", "", f"20{n:02}0101", "", *code, "1", "町", "", "", "")
            for n, code in enumerate(codes)]
    snapshots.load(snapshot(tmp_path / "s1", rows, cards=None), tmp_path / "r", FakeKeys(), lg_code=LG_CODE)
    register = Register.open(tmp_path / "r", FakeKeys())
    order = ["".join(m.relationship) for m in register.household("9001").members]
    assert order == ["02", "12", "20", "2012", "51", "71", "5151", "96", "99"]
    register.close()


def test_those_who_are_gone_are_known_but_no_members_and_no_hits(register: Register) -> None:
    person = register.resident("10000028")
    assert person is not None and not person.living
    assert register.household(person.household_no).members == ()
    for text in ("塚本", "19470229 塚", "10000028", "ツカモト"):
        assert "10000028" not in dict(hits(register, text))
    assert [hit.resident.addressee_no for hit in register.search("塚本", gone=True).hits] == ["10000028"]


@pytest.mark.parametrize(("text", "expected"), [
    ("0000000000013", [("10000001", "exact")]), ("１００００００００００１４", [("10000001", "exact")]),
    ("10000003", [("10000003", "exact")]), ("3490105", [("10000001", "exact")]), ("S49.1.5", [("10000001", "exact")]),
    ("昭和49年1月5日", [("10000001", "exact")]), ("昭和49年 1月 5日", [("10000001", "exact")]),
    ("19740105", [("10000001", "exact")]), ("1974-01-05", [("10000001", "exact")]),
    ("２１５１２２５", [("10000023", "exact")]),
    ("昭和元年12月25日", [("10000023", "exact")]), ("19470229", [("10000012", "exact")]),
    ("渡邉", [("10000011", "exact"), ("10000012", "exact")]),
    ("渡辺", [("10000011", "folded"), ("10000012", "folded")]),
    ("渡辺 敬", [("10000011", "folded")]), ("渡邊敬", [("10000011", "folded")]), ("渡部", []),
    ("斉藤", [("10000022", "exact"), ("10000023", "folded")]),
    ("斎藤", [("10000022", "folded"), ("10000023", "folded")]),
    ("林", [("10000025", "exact"), ("10000024", "exact")]), ("一", [("10000025", "exact")]),
    ("理", [("10000030", "exact")]), ("里", [("10000024", "exact")]), ("吉田", [("10000027", "folded")]),
    ("𠮷田　髙", [("10000027", "exact")]), ("高", [("10000027", "folded")]), ("葛西", [("10000024", "folded")]),
    ("\ue000子", [("10000029", "exact")]), ("太助", [("10000031", "exact")]), ("佐藤太助", [("10000031", "exact")]),
    ("佐藤 太助", [("10000031", "exact")]), ("佐藤太郎", [("10000001", "exact")]),
    ("佐藤 太", [("10000031", "exact"), ("10000001", "exact")]),
    ("いからし", [("10000021", "exact")]), ("イガラシ", [("10000021", "folded")]),
    ("ｲｶﾞﾗｼ ﾕｳｺ", [("10000021", "folded")]),
    ("ユーコ", [("10000021", "vague")]), ("さくら", [("10000022", "exact")]), ("斉藤 さくら", [("10000022", "exact")]),
    ("小林 ジュリ", [("10000024", "exact")]), ("じゆり", [("10000024", "folded")]),
    ("ヤシ", [("10000024", "exact"), ("10000025", "exact")]), ("五十嵐 ゆ", [("10000021", "exact")]),
    ("斉藤さくら", [("10000022", "exact")]), ("斉藤サクラ", [("10000022", "exact")]),
    ("斎藤さくら", [("10000022", "folded")]),
    ("おの", [("10000030", "exact"), ("10000029", "exact")]),
    ("オーノ", [("10000030", "folded"), ("10000029", "folded")]),
    ("nguyen", [("10000026", "folded")]), ("NGUYEN VAN", [("10000026", "exact")]),
    ("グエンバン", [("10000026", "folded")]),
    ("アン", [("10000026", "exact")]), ("山川", [("10000026", "exact")]), ("シヅ", [("10000012", "exact")]),
    ("シズ", [("10000012", "folded")]), ("19740105 佐藤", [("10000001", "exact")]),
    ("サトウ S49.1.5", [("10000001", "exact")]),
    ("19740105 渡邉", []), ("ー", []), ("", []), ("　", []), ("該当なし", []), ("%", []), ("'", []), ("*", []),
])
def test_one_box_reads_everything(register: Register, text: str, expected: list[tuple[str, str]]) -> None:
    assert hits(register, text) == expected


def test_the_readings_are_named(register: Register) -> None:
    assert register.search("0000000000013").readings == ("user_id", "addressee_no")
    assert register.search("3490105").readings == ("birth_date", "addressee_no")
    assert register.search("S49.1.5").readings == ("birth_date",)
    assert register.search("さとう").readings == ("name_kana",) and register.search("佐藤").readings == ("name",)


@pytest.mark.parametrize("text", ["210000000018", "2100 0000 0018", "２１００-００００-００１８", "佐藤 210000000018"])
def test_my_number_is_refused_unless_it_is_a_known_number(register: Register, text: str) -> None:
    wrong = next(f"21000000001{digit}" for digit in range(10) if numbers.is_my_number(f"21000000001{digit}"))
    asked = text.replace("210000000018", wrong).replace("2100 0000 0018", f"{wrong[:4]} {wrong[4:8]} {wrong[8:]}")
    asked = asked.replace("００１８", f"００１{wrong[-1]}")
    with pytest.raises(RegisterError) as caught:
        register.search(asked)
    assert wrong not in f"{caught.value}{caught.value.detail}"
    assert hits(register, MY_NUMBER) == [(MY_NUMBER, "exact")]


def test_protected_people_are_masked_and_dates_are_kept(register: Register) -> None:
    assert register.search("ワタナベ").hits[0].reading == "name_kana"
    person = register.search("渡邉 シヅ").hits[0].resident
    assert person.protected and person.address == MASKED
    assert register.protected_numbers() == {"10000012"}
    assert person.birth.raw == "19470229" and person.birth_label == "昭和22年2月29日"
    unknown = register.resident("10000027")
    assert unknown is not None and unknown.birth_label == "昭和10年頃"
    assert unknown.birth.age_on(dt.date(2026, 1, 1)) is None
    taisho = register.resident("10000023")
    assert taisho is not None and taisho.birth_label == "大正15年12月25日"
    foreigner = register.resident("10000026")
    assert foreigner is not None and foreigner.birth_label == "1991年3月3日"


def test_fifty_at_most(tmp_path: Path) -> None:
    rows = [(f"1{n:07}", f"9{n:03}", "1", f"佐藤　{n}子", "サトウ　ハナコ", "19800101", "", "02", "", "1", *[""] * 4)
            for n in range(60)]
    rows += [("20000000", "8000", "1", "左藤　花", "サトー　ハナ", "19800101", "", "02", "", "1", "", "", "", "")]
    snapshots.load(snapshot(tmp_path / "s1", rows, cards=None), tmp_path / "r", FakeKeys(), lg_code=LG_CODE)
    register = Register.open(tmp_path / "r", FakeKeys())
    for text in ("佐藤", "サトウ", "19800101", "佐", "さとうは", "サ ハ", "子"):
        found = register.search(text)
        assert len(found.hits) == 50 and found.more, text
        assert len({hit.resident.addressee_no for hit in found.hits}) == 50
    assert not register.search("佐藤", 60).more and len(register.search("佐藤", 60).hits) == 60
    register.close()


def test_shelters_and_everyone(register: Register) -> None:
    assert [(s.shelter_code, s.name, s.capacity) for s in register.shelters()] == [("S1", "嵐南小学校", 300),
                                                                                   ("S2", "第二小学校", 0)]
    people = list(register.everyone())
    assert len(people) == register.info.people == len(PEOPLE) + len(EXTRA) - 1
    keys = [(p.district_code, p.town, p.household_no, p.order) for p in people]
    assert keys == sorted(keys)


def test_many_threads_may_ask_at_once(register: Register) -> None:
    failures: list[object] = []

    def ask() -> None:
        try:
            for _ in range(20):
                assert register.household("9001").members[0].name == "佐藤　太郎"
                assert len(register.search("サトウ").hits) == 4
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures


def test_no_register_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="まだ読み込まれて"):
        Register.open(tmp_path, FakeKeys())
    (tmp_path / "current").write_text("../../etc\n")
    with pytest.raises(RegisterError):
        Register.open(tmp_path, FakeKeys())
    (tmp_path / "current").write_text("gone\n")
    with pytest.raises(RegisterError, match="ファイルがありません"):
        Register.open(tmp_path, FakeKeys())


def test_everyone_of_the_demo_set_is_found_by_name_kana_and_date(tmp_path: Path) -> None:
    snapshots.load(broken.good(tmp_path / "good"), tmp_path / "r", FakeKeys(), lg_code="999997")
    register = Register.open(tmp_path / "r", FakeKeys())
    for person in register.everyone():
        texts = [person.name, person.name_kana, "".join(person.name.split()), "".join(person.name_kana.split())]
        texts += [person.birth.wareki(), person.birth.raw] if person.birth.exact else []
        for text in filter(None, [*texts, person.name.split()[-1]]):
            found = register.search(text, 400)
            assert person.addressee_no in {hit.resident.addressee_no for hit in found.hits}, text
    register.close()
