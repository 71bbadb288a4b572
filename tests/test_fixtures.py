"""The generator of fictitious residents: sums, families, edge cases by name, numbers, encodings, determinism."""

import codecs
import csv
import datetime as dt
import hashlib
import random
import re
import tomllib
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.broken import BROKEN, ODD, break_snapshot, odd_snapshot
from fixtures.edge_cases import AS_OF, EDGE_CASES, EXT_B, OTHER_TOWN_ID, PRIVATE_USE, ROMAN_40, SELECTOR, TSUKA, roster
from fixtures.folder import ENCODINGS
from fixtures.generate import SANJO, main, write_diff, write_snapshot
from fixtures.households import compose
from fixtures.people import COLUMNS, RELATIONSHIPS, age_on, check_digit, user_id
from fixtures.places import shelters, table, town, towns
from fixtures.shape import AGES, FULL_HOUSEHOLDS, FULL_PEOPLE, MALES, SIZES, Pool, ages, apportion, sizes
from sanjo_tui import station as stations
from sanjo_tui.cards.profiles import load as load_profiles
from sanjo_tui.cards.virtual import load as load_cards
from sanjo_tui.errors import RegisterError
from sanjo_tui.receptions.kiosk.words import CertificateKind
from sanjo_tui.register import snapshot
from sanjo_tui.register.lookup import Register
from sanjo_tui.vault import Vault

FIXTURES = Path(__file__).parent.parent / "fixtures"
DEMO = FIXTURES / "residents" / "demo"
NEXT = FIXTURES / "residents" / "demo-next"

Row = dict[str, str]


def read(path: Path, encoding: str = "utf-8") -> list[Row]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def latest(rows: list[Row], status: str = "1") -> list[Row]:
    return [r for r in rows if r["is_latest"] == "1" and r["resident_status"] == status]


def my_number_check(digits: str) -> bool:
    """個人番号: 総務省令第85号第5条, written here once more so that the test does not lean on the code under test."""
    rest = sum(int(d) * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(reversed(digits[:11]), 1)) % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


@pytest.fixture(scope="module")
def demo() -> dict[str, Row]:
    """Latest rows of the committed set by 宛名番号."""
    return {r["addressee_no"]: r for r in read(DEMO / "residents.csv") if r["is_latest"] == "1"}


# Sums

def test_full_size_sums_are_exact() -> None:
    pool = ages(FULL_PEOPLE)
    assert pool.total() == FULL_PEOPLE == sum(AGES) == sum(size * n for size, n in SIZES.items())
    assert sum(SIZES.values()) == FULL_HOUSEHOLDS
    assert sum(n for (sex, _), n in pool.items() if sex == "1") == sum(MALES) == 48_441
    assert round(sum(n for (_, age), n in pool.items() if age < 15) / FULL_PEOPLE, 3) == 0.119
    assert round(sum(n for (_, age), n in pool.items() if age >= 65) / FULL_PEOPLE, 3) == 0.303
    assert sizes(FULL_PEOPLE) == SIZES


def test_edge_cases_do_not_change_the_sums() -> None:
    standing = roster().sizes()
    together = standing + sizes(FULL_PEOPLE, standing)
    assert sum(size * n for size, n in together.items()) == FULL_PEOPLE
    assert together.total() == FULL_HOUSEHOLDS
    assert standing[17] == 1                       # a facility: its 15 more people are taken from households of two
    assert sum(abs(together[s] - SIZES.get(s, 0)) for s in together) == 32


@given(st.integers(1, 5_000), st.lists(st.integers(1, 90), min_size=1, max_size=9))
def test_shares_sum_to_the_total(total: int, weights: list[int]) -> None:
    parts = apportion(total, tuple(weights))
    assert sum(parts) == total
    assert all(abs(part - total * w / sum(weights)) < 1 for part, w in zip(parts, weights, strict=True))


@given(st.integers(1, 3_000), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_every_size_settles_everybody(people: int, seed: int) -> None:
    by_size = sizes(people)
    homes = compose(by_size, Pool(ages(people)), random.Random(seed))
    assert Counter(map(len, homes)) == by_size
    assert Counter((m.sex, m.age) for home in homes for m in home) == ages(people)
    assert people < 20 or all(home[0].age >= 18 for home in homes)
    assert all(home[0].codes == ("02",) and sum(m.codes == ("02",) for m in home) == 1 for home in homes)


@pytest.fixture(scope="module")
def town_of_3000(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    out = tmp_path_factory.mktemp("residents")
    write_snapshot(out, 3_000, seed=7, cards=0.4)
    return read(out / "residents.csv")


def test_families_are_believable(town_of_3000: list[Row]) -> None:
    homes = defaultdict(list)
    for row in latest(town_of_3000):
        homes[row["household_no"]].append(row)
    odd = 0
    for members in homes.values():
        head = members[0]
        born = {m["addressee_no"]: age_on(m["birth_date"], AS_OF) for m in members}
        for m in members[1:]:
            older, younger = born[head["addressee_no"]], born[m["addressee_no"]]
            if m["rel1"] == "20" and not m["rel2"] and older is not None and younger is not None:
                assert older - younger >= 15, members
            if m["rel1"] in ("51", "52") and not m["rel2"] and older is not None and younger is not None:
                assert younger - older >= 15, members
            if m["rel1"] == "20" and m["name"].split("　")[0] != head["name"].split("　")[0]:
                odd += 1
    assert odd == 0
    heads = [age_on(members[0]["birth_date"], AS_OF) for members in homes.values()]
    assert all(age is None or age >= 18 for age in heads)
    big = [m for m in homes.values() if 5 <= len(m) <= 8]
    three = [m for m in big if any(r["rel1"] in ("51", "52") or r["rel2"] for r in m)]
    assert len(three) > 0.6 * len(big)


def test_names_are_those_of_the_region(town_of_3000: list[Row]) -> None:
    heads = [r for r in latest(town_of_3000) if r["rel1"] in ("02", "2") and r["resident_kind"] == "1"]
    families = Counter(r["name"].split("　")[0] for r in heads)
    assert families.most_common(1)[0][0] == "佐藤"
    readings = Counter(r["name_kana"].split("　")[0] for r in latest(town_of_3000) if r["name"].startswith("五十嵐"))
    assert readings["イカラシ"] > readings["イガラシ"] > 0
    plain = {line["surname"] for line in table("surnames.tsv")}
    spelled = sum(n for name, n in families.items() if name not in plain)
    assert 0.02 < spelled / len(heads) < 0.10


def test_districts_and_areas_have_their_share(town_of_3000: list[Row]) -> None:
    area = {t.name: t.area for t in towns()}
    people = Counter(area[r["town"]] for r in latest(town_of_3000))
    assert 0.75 < people["sanjo"] / 3_000 < 0.88
    assert people["sakae"] > 150 and people["shitada"] > 120
    assert len(towns()) == 187
    assert {t.district_code for t in towns()} == {s.district_code for s in shelters()}


def test_cards_are_dealt_by_share(tmp_path: Path) -> None:
    for share, least, most in ((0.0, 60, 90), (0.071, 220, 340), (1.0, 2_800, 3_060)):
        write_snapshot(tmp_path, 3_000, seed=3, cards=share)
        cards = read(tmp_path / "cards.csv")
        assert least <= len(cards) <= most
        assert len({c["user_id"] for c in cards}) == len(cards)
        assert all(re.fullmatch(r"\d{13}", c["user_id"]) for c in cards)


# Numbers

def test_numbers_carry_their_check_digit(demo: dict[str, Row]) -> None:
    wrong = EDGE_CASES["wrong-check-digit"].people
    for number, row in demo.items():
        assert (check_digit(number[:-1]) == number[-1]) == (number not in wrong)
        household = row["household_no"]
        assert check_digit(household[:-1]) == household[-1]
    assert {n[:3] for n in demo} == {"999"}


@given(st.integers(0, 10**10 - 1))
def test_check_digit_is_modulus_11(serial: int) -> None:
    digits = f"{serial:010d}"
    check = check_digit(digits)
    weighted = sum(int(d) * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True))
    if check is None:
        assert weighted % 11 == 1
    else:
        assert (weighted + int(check)) % 11 == 0


def test_user_ids_differ() -> None:
    made = [user_id(n) for n in range(1, 200_000)]
    assert len(set(made)) == len(made)
    assert all(len(one) == 13 for one in made)
    assert sum(one.startswith("0") for one in made) > 10_000


def test_there_is_no_individual_number_anywhere(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "some", 2_000, seed=11, cards=1.0)
    texts = [p for p in FIXTURES.rglob("*") if p.suffix in (".csv", ".toml", ".tsv", ".md", ".py")]
    for path in (*texts, *(tmp_path / "some").iterdir()):
        text = path.read_text(encoding="utf-8")
        for run in re.findall(r"(?<![0-9a-f])\d{12}(?![0-9a-f])", text.replace("_", "")):   # keys in hex are no numbers
            assert not my_number_check(run), f"{path.name}: {run}"
    for path in FIXTURES.rglob("*.csv"):
        header = path.read_text(encoding="utf-8").splitlines()[0]
        assert "mynumber" not in header.lower() and "個人番号" not in header
    assert not {"mynumber", "juminhyo_code", "honseki", "hittosha"} & set(COLUMNS)


# Determinism, encodings, manifest

def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert main(["--people", "500", "--seed", "42", "--out", str(tmp_path / name)]) == 0
    main(["--people", "500", "--seed", "43", "--out", str(tmp_path / "c")])
    for file in ("manifest.toml", "residents.csv", "cards.csv", "shelters.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert (tmp_path / "a" / "residents.csv").read_bytes() != (tmp_path / "c" / "residents.csv").read_bytes()


def test_the_committed_sets_are_what_the_generator_makes(tmp_path: Path) -> None:
    manifest = write_snapshot(tmp_path / "demo", 320, seed=1, snapshot_id="demo-20261120")
    write_diff(tmp_path / "demo-next", manifest)
    for committed in (DEMO, NEXT):
        for path in committed.iterdir():
            assert path.read_bytes() == (tmp_path / committed.name / path.name).read_bytes(), path


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_encodings_round_trip(encoding: str, tmp_path: Path) -> None:
    write_snapshot(tmp_path, 400, seed=5, encoding=encoding)
    declared, codec, mark = ENCODINGS[encoding]
    manifest = tomllib.loads((tmp_path / "manifest.toml").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        data = (tmp_path / file["name"]).read_bytes()
        assert file["encoding"] == declared
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
        assert data.startswith(mark)
        text = data[len(mark):].decode(codec)
        rows = list(csv.DictReader(text.splitlines()))
        assert len(rows) == file["records"]
        assert "\ufeff" not in text
    names = {r["addressee_no"]: r["name"] for r in csv.DictReader(
        (tmp_path / "residents.csv").read_bytes()[len(mark):].decode(codec).splitlines())}
    assert names[EDGE_CASES["hashigo-taka"].people[0]] == "髙橋　修"
    assert names[EDGE_CASES["pua-gaiji"].people[0]].startswith(PRIVATE_USE)      # CP932 carries 外字 as 0xF040
    if codec != "cp932":
        assert names[EDGE_CASES["ext-b"].people[0]].startswith(EXT_B)
        assert names[EDGE_CASES["ivs"].people[0]].startswith(f"葛{SELECTOR}")
    else:
        assert names[EDGE_CASES["ext-b"].people[0]] == "吉田　陽子"
        assert names[EDGE_CASES["ivs"].people[0]] == "葛西　徹"


def test_every_manifest_says_fictitious() -> None:
    for folder in (DEMO, NEXT):
        manifest = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))
        assert manifest["fictitious"] is True
        assert manifest["lg_code"] == "999997"
        assert manifest["as_of"] in (AS_OF, AS_OF + dt.timedelta(days=3))
    diff = tomllib.loads((NEXT / "manifest.toml").read_text(encoding="utf-8"))
    full = tomllib.loads((DEMO / "manifest.toml").read_text(encoding="utf-8"))
    assert diff["kind"] == "diff" and diff["base_snapshot"] == full["snapshot_id"]
    assert diff["sequence"] == full["sequence"] + 1


def test_another_code_gives_another_municipality(tmp_path: Path) -> None:
    write_snapshot(tmp_path, 300, where=SANJO)
    rows = read(tmp_path / "residents.csv")
    assert {(r["lg_code"], r["city"]) for r in rows} == {("152048", "三条市")}
    manifest = tomllib.loads((tmp_path / "manifest.toml").read_text(encoding="utf-8"))
    assert manifest["lg_code"] == "152048" and manifest["fictitious"] is True


def test_too_few_people_for_the_edge_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--people", "20", "--out", str(tmp_path)])
    assert stop.value.code == 2
    assert main(["--people", "20", "--plain", "--out", str(tmp_path)]) == 0
    assert len(latest(read(tmp_path / "residents.csv"))) == 20


# Edge cases by name

ROSTER = (
    "three-generations", "old-couple", "moved-in-single", "moved-in-from-abroad", "children",
    "deceased-with-survivors", "moved-out", "foreigner-roman-only", "foreigner-hanzi-alias", "foreigner-stay-expired",
    "single-parent", "ward-of-court", "relatives-and-lodgers", "moving-out-soon", "protected-household",
    "protected-member", "protected-provisional", "protected-expired", "twins", "same-name-and-birthday",
    "head-dead-no-new-head", "household-of-17", "hundred-at-one-address", "aged-112", "born-taisho-15-12-25",
    "born-showa-1-12-25", "born-meiji-45-07-30", "born-off-calendar", "born-today", "one-plus-one", "roman-40",
    "alias-in-use", "ivs", "pua-gaiji", "ext-b", "half-width-kana", "blank-sex", "eight-history-rows", "card-none",
    "card-expired-yesterday", "card-revoked", "card-two", "card-leading-zeros", "card-other-town",
    "wrong-check-digit", "household-split", "moves-between-snapshots", "family-of-three", "family-one-absent",
    "single-elderly",
)


@pytest.mark.parametrize("name", ROSTER)
def test_every_edge_case_is_there_by_name(name: str, demo: dict[str, Row]) -> None:
    case = EDGE_CASES[name]
    assert case.label and case.name == name
    assert all(number in demo for number in case.people)
    assert case.people or case.user_ids


def one(name: str, demo: dict[str, Row]) -> Row:
    return demo[EDGE_CASES[name].people[0]]


def test_edge_cases_are_what_they_say(demo: dict[str, Row]) -> None:
    assert age_on(one("aged-112", demo)["birth_date"], AS_OF) == 112
    assert one("born-off-calendar", demo)["birth_date"] == "1947-02-29"
    assert one("born-today", demo)["birth_date"] == AS_OF.isoformat()
    assert (one("born-taisho-15-12-25", demo)["birth_era"], one("born-showa-1-12-25", demo)["birth_era"]) == ("2", "3")
    assert one("born-meiji-45-07-30", demo)["birth_era"] == "1"
    assert len(one("roman-40", demo)["name"]) == 40 == len(ROMAN_40)
    assert [len(part) for part in one("one-plus-one", demo)["name"].split("　")] == [1, 1]
    assert one("blank-sex", demo)["sex_code"] == ""
    assert one("ivs", demo)["name"].startswith(f"葛{SELECTOR}")
    assert one("compatibility-form", demo)["name"].startswith(TSUKA)
    assert one("half-width-kana", demo)["name_kana"] == "ﾉｻﾞｷ ｹﾝｼﾞ"
    assert one("alias-in-use", demo)["alias"] == "金田　俊"
    assert one("birth-unknown", demo)["birth_unknown"] == "1" and one("birth-unknown", demo)["birth_date"] == ""
    assert one("relation-one-digit", demo)["rel1"] == "2"
    assert one("deceased", demo)["resident_status"] == "3"
    twins = [demo[n] for n in EDGE_CASES["twins"].people if demo[n]["rel1"] == "20"]
    assert twins[0]["birth_date"] == twins[1]["birth_date"] and twins[0]["sex_code"] == twins[1]["sex_code"]
    same = [demo[n] for n in EDGE_CASES["same-name-and-birthday"].people]
    assert len({(r["name"], r["birth_date"]) for r in same}) == 1 and len({r["household_no"] for r in same}) == 2


def test_edge_cases_of_households(demo: dict[str, Row]) -> None:
    facility = [demo[n] for n in EDGE_CASES["household-of-17"].people]
    assert len(facility) == 17 and len({r["household_no"] for r in facility}) == 1
    flats = [demo[n] for n in EDGE_CASES["hundred-at-one-address"].people]
    assert len(flats) == 100
    assert len({(r["town"], r["lot_text"]) for r in flats}) == 1 and len({r["building"] for r in flats}) == 65
    codes = [(r["rel1"], r["rel2"]) for r in (demo[n] for n in EDGE_CASES["three-generations"].people)]
    assert codes == [("02", ""), ("12", ""), ("20", ""), ("20", "12"), ("20", "20"), ("20", "20")]
    left = [demo[n] for n in EDGE_CASES["head-dead-no-new-head"].people]
    assert [r["resident_status"] for r in left if r["rel1"] == "02"] == ["3"]


def test_every_other_household_has_one_head(demo: dict[str, Row]) -> None:
    living = [r for r in demo.values() if r["resident_status"] == "1"]
    heads = Counter(r["household_no"] for r in living if r["rel1"] in ("02", "2"))
    homes = {r["household_no"] for r in living}
    without = {EDGE_CASES["head-dead-no-new-head"].households[0]}
    assert homes - set(heads) == without
    assert set(heads.values()) == {1}


def test_protected_people(demo: dict[str, Row]) -> None:
    flagged = {n for n, r in demo.items() if r["suppress_flags"]}
    household = [demo[n] for n in EDGE_CASES["protected-member-household"].people]
    assert [bool(r["suppress_flags"]) for r in household] == [False, False, False, True]
    assert all(demo[n]["suppress_flags"] for n in EDGE_CASES["protected-household"].people)
    until = one("protected-expired", demo)["suppress_flags"].rsplit("/", 1)[1]
    assert dt.date.fromisoformat(until) == AS_OF - dt.timedelta(days=10)
    assert one("protected-provisional", demo)["suppress_flags"] == "仮支援措置"
    assert len(flagged) == 10


def test_histories(demo: dict[str, Row]) -> None:
    rows = [r for r in read(DEMO / "residents.csv") if r["addressee_no"] in EDGE_CASES["eight-history-rows"].people]
    assert len(rows) == 8
    assert len({(r["history_no"], r["branch"]) for r in rows}) == 8
    assert [r["is_latest"] for r in rows] == ["0"] * 7 + ["1"]
    assert max(rows, key=lambda r: (int(r["history_no"]), int(r["branch"])))["is_latest"] == "1"


def test_cards_of_edge_cases() -> None:
    cards = {c["user_id"]: c for c in read(DEMO / "cards.csv")}
    yesterday = (AS_OF - dt.timedelta(days=1)).isoformat()
    assert [cards[u]["valid_until"] for u in EDGE_CASES["card-expired-yesterday"].user_ids] == [yesterday]
    assert [cards[u]["status"] for u in EDGE_CASES["card-two"].user_ids] == ["revoked", "active"]
    assert EDGE_CASES["card-leading-zeros"].user_ids[0].startswith("00000000")
    assert OTHER_TOWN_ID not in cards
    assert not EDGE_CASES["card-none"].user_ids
    assert EDGE_CASES["family-of-three"].user_ids == ("3210987654321",)


def test_codes_and_columns_are_those_of_the_contract(demo: dict[str, Row]) -> None:
    assert set(COLUMNS) >= {"addressee_no", "household_no", "name", "birth_date", "resident_status", "suppress_flags"}
    for row in demo.values():
        assert all(code in RELATIONSHIPS or code in ("", "2") for code in (row["rel1"], row["rel2"], row["rel3"]))
        assert re.fullmatch(r"\d{7}", row["postal_code"]) and town(row["town"]).postal_code == row["postal_code"]


def test_the_diff_splits_moves_and_removes() -> None:
    rows = read(NEXT / "residents.csv")
    by_change = defaultdict(list)
    for row in rows:
        by_change[row["change"]].append(row)
    assert {r["addressee_no"] for r in by_change["delete"]} == set(EDGE_CASES["moved-out"].people)
    son = next(r for r in by_change["update"] if r["addressee_no"] == EDGE_CASES["household-split"].people[2])
    assert son["household_no"] not in EDGE_CASES["household-split"].households and son["rel1"] == "02"
    assert [r["addressee_no"] for r in by_change["add"]] and by_change["add"][0]["move_reason"] == "出生"
    old = {r["addressee_no"] for r in read(DEMO / "residents.csv")}
    assert by_change["add"][0]["addressee_no"] not in old
    assert son["household_no"] not in {r["household_no"] for r in read(DEMO / "residents.csv")}


def test_committed_files_have_no_byte_order_mark() -> None:
    for path in DEMO.iterdir():
        assert not path.read_bytes().startswith(codecs.BOM_UTF8)


@pytest.mark.slow
@pytest.mark.parametrize("people", [FULL_PEOPLE, 467_446])
def test_large_registers(people: int, tmp_path: Path) -> None:
    write_snapshot(tmp_path, people, seed=1)
    rows = latest(read(tmp_path / "residents.csv"))
    homes = Counter(r["household_no"] for r in rows)
    assert len(rows) == people == len({r["addressee_no"] for r in rows})
    if people == FULL_PEOPLE:
        assert len(homes) == FULL_HOUSEHOLDS
        assert sum(r["sex_code"] == "1" for r in rows) in range(48_441 - 3, 48_441 + 4)
    assert sum(r["resident_kind"] == "2" for r in rows) < 0.01 * people


# Broken and odd snapshots

@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_snapshot_has_its_one_fault(name: str, tmp_path: Path) -> None:
    """Hashes and counts agree unless they are the fault, so that each fault is met on its own."""
    break_snapshot(name, tmp_path)
    text = (tmp_path / "manifest.toml").read_text(encoding="utf-8")
    if name == "broken-manifest":
        with pytest.raises(tomllib.TOMLDecodeError):
            tomllib.loads(text)
        return
    for file in tomllib.loads(text)["files"]:
        path = tmp_path / file["name"]
        if name == "missing-file" and file["name"] == "residents.csv":
            assert not path.exists()
            continue
        intact = hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
        faulty = file["name"] == "residents.csv" and name in ("wrong-hash", "truncated")
        assert intact != faulty, name
        if file["encoding"] == "utf-8" and name not in ("wrong-encoding", "truncated", "truncated-signed",
                                                        "wrong-hash"):
            counted = len(read(path))
            assert (counted == file["records"]) == (name != "wrong-count" or file["name"] != "residents.csv")


@pytest.mark.parametrize("name", sorted(ODD))
def test_an_odd_snapshot_agrees_with_its_manifest(name: str, tmp_path: Path) -> None:
    odd_snapshot(name, tmp_path)
    for file in tomllib.loads((tmp_path / "manifest.toml").read_text(encoding="utf-8"))["files"]:
        assert hashlib.sha256((tmp_path / file["name"]).read_bytes()).hexdigest() == file["sha256"]


def test_two_per_cent_are_gone_and_nothing_else_is_wrong(tmp_path: Path) -> None:
    before = {r["addressee_no"] for r in latest(read(DEMO / "residents.csv"))}
    after = {r["addressee_no"] for r in latest(read(break_snapshot("two-per-cent-gone", tmp_path) / "residents.csv"))}
    assert after < before and 0.02 <= len(before - after) / len(before) < 0.03
    assert {c["addressee_no"] for c in read(tmp_path / "cards.csv")} <= {
        r["addressee_no"] for r in read(tmp_path / "residents.csv")}


# Cards, profiles and stations of the demo

def test_cards_of_the_built_in_reader_belong_to_their_cases() -> None:
    listed = tomllib.loads((FIXTURES / "cards" / "demo.toml").read_text(encoding="utf-8"))
    cards = {c["name"]: c for c in listed["card"]}
    owners = {"sato": "family-of-three", "ikarashi": "family-one-absent", "homma": "single-elderly",
              "kumakura": "three-generations", "yamada": "protected-household",
              "ishiguro": "protected-member-household",
              "yokoyama": "card-expired-yesterday", "araki": "card-revoked", "other-town": "card-other-town",
              "nguyen": "foreigner-roman-only"}
    for name, case in owners.items():
        assert cards[name]["user_id"] in EDGE_CASES[case].user_ids, name
    assert len(bytes.fromhex(cards["suica"]["uid"])) == 8
    assert len({c["key"] for c in cards.values()}) == len(cards)
    assert all(len({"user_id", "uid", "blank"} & set(c)) == 1 and c["label"] for c in cards.values())


def test_the_sample_profiles_are_right_and_say_what_is_invented() -> None:
    path = FIXTURES / "cards" / "profiles.toml"
    profiles = {p.id: p for p in load_profiles(path)}
    assert [p.kind for p in profiles.values() if p.kind != "pin"] == ["file", "uid", "wedge", "wedge"]
    assert {p.certificate for p in profiles.values() if p.kind == "pin"} == set(CertificateKind)
    assert profiles["handed-out"].forbid_random
    assert "架空" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["shelter", "drill"])
def test_the_sample_stations_are_read(name: str, tmp_path: Path) -> None:
    text = (FIXTURES / "stations" / f"{name}.toml").read_text(encoding="utf-8")
    (tmp_path / "station.toml").write_text(text, encoding="utf-8")
    station = stations.read(tmp_path)
    assert station.lg_code == "999997" and station.place == "嵐南小学校"
    if name == "shelter":
        keys = {field.name for field in fields(stations.Station)} - {"home"}
        assert set(tomllib.loads(text)) == keys, "every key stands in the sample"


def test_shelters_of_the_demo_match_the_station() -> None:
    codes = {s["shelter_code"]: s["name"] for s in read(DEMO / "shelters.csv")}
    assert codes["S01"] == "嵐南小学校"
    assert {"裏館小学校", "南四日町体育館"} <= set(codes.values())


# The real checker's word on all of them

def test_the_committed_set_gives_no_errors_and_the_warnings_that_were_expected() -> None:
    report = snapshot.check(DEMO)
    assert not report.errors
    expected = [case.warning for case in EDGE_CASES.values() if case.warning]
    assert len(report.warnings) == len(expected) == 3
    assert {w.column for w in report.warnings} == {"suppress_flags", "rel1", "addressee_no"}
    assert report.people == 320 and report.fictitious
    assert not snapshot.check(NEXT).errors


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_snapshot_is_refused(name: str, tmp_path: Path) -> None:
    folder = break_snapshot(name, tmp_path / "broken")
    vault, _ = Vault.create(tmp_path / "vault.toml", "", drill=True)
    keys = vault.unlock("")
    if not BROKEN[name].needs_live:
        assert snapshot.check(folder).errors
    snapshot.load(DEMO, tmp_path / "register", keys, lg_code="999997")
    with pytest.raises(RegisterError) as refused:
        snapshot.load(folder, tmp_path / "register", keys, lg_code="999997")
    assert refused.value.message and refused.value.hint
    with closing(Register.open(tmp_path / "register", keys)) as register:
        assert register.info.snapshot_id == "demo-20261120"
    if name == "two-per-cent-gone":
        assert snapshot.load(folder, tmp_path / "register", keys, lg_code="999997", yes=True).people == 313


@pytest.mark.parametrize("name", sorted(ODD))
def test_an_odd_snapshot_is_accepted(name: str, tmp_path: Path) -> None:
    report = snapshot.check(odd_snapshot(name, tmp_path))
    assert not report.errors
    assert report.people == 320


def test_the_diff_goes_on_top_of_the_set(tmp_path: Path) -> None:
    vault, _ = Vault.create(tmp_path / "vault.toml", "", drill=True)
    keys = vault.unlock("")
    snapshot.load(DEMO, tmp_path / "register", keys, lg_code="999997")
    info = snapshot.load(NEXT, tmp_path / "register", keys, lg_code="999997")
    assert info.people == 319                    # one dead, one gone, one born
    with closing(Register.open(tmp_path / "register", keys)) as register:
        moved = register.resident(EDGE_CASES["moves-between-snapshots"].people[0])
        assert moved is not None and moved.town == "塚野目"
        assert len(register.household(EDGE_CASES["household-split"].households[0]).members) == 2


def test_cards_of_the_demo_play_on_the_built_in_reader() -> None:
    cards = load_cards(FIXTURES / "cards" / "demo.toml", load_profiles(FIXTURES / "cards" / "profiles.toml"))
    assert [card.name for card in cards][:3] == ["sato", "ikarashi", "homma"]
