"""What scripts get: one JSON document and nothing else, every paper in every form, nobody protected to be read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.acceptance.town import DEMO, IKARASHI, ISHIGURO, PROFILES, SATO, YAMADA, Town, assert_sentence

READY, DONE = "カードをかざしてください", "受付しました"
LISTS = ("roster", "unconfirmed", "report", "leave", "pets", "cars", "supplies", "requests", "departures")
SHEETS = ("card", "handover", "tag")


def protected_words() -> frozenset[str]:
    """Names, readings and dwellings that only people under 支援措置 have in the sample."""
    with (DEMO / "residents.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for row in rows:
        hidden = "支援措置" in row["suppress_flags"] or row["suppress_flags"] == "1"
        words[hidden] |= {word for name in ("name", "name_kana") for word in (row[name], row[name].replace("　", ""))}
        words[hidden] |= {row["town"] + row["lot_text"], row["lot_text"] + row["building"]}
    return frozenset(words[True] - words[False])


PROTECTED = protected_words()


@pytest.fixture(scope="module")
def _busy(_sample: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    town = _sample.copy(tmp_path_factory.mktemp("busy") / "home")
    town.run("shelter", "open", "--name", "令和8年豪雨")
    with town.desk() as desk:
        desk.until(READY)
        for card in (SATO, IKARASHI, YAMADA, ISHIGURO):
            desk.scan(card)
            desk.until(lambda text: "Enter で" in text and "入所" in text)
            desk.press("Enter")
            desk.until(DONE)
            desk.press("Esc")
            desk.until(lambda text: f"\n {READY}" in text)
        for card in (SATO, YAMADA):             # 要配慮 and 掲示・公表 可, of one protected too
            desk.scan(card)
            desk.until("全員確認済み")
            desk.press("F7")
            desk.until("だれのことですか")
            desk.press("1")
            desk.until("掲示・公表")
            desk.step("1")
            for _ in range(5):
                desk.step("Down")
            desk.step("2")
            desk.press("Enter")
            desk.until(lambda text: "掲示・公表" not in text and ("補記" in text or DONE in text))
            desk.press("Esc")
            desk.until(lambda text: f"\n {READY}" in text)
        assert desk.leave() == 0
    return town


@pytest.fixture
def busy(_busy: Town, tmp_path: Path) -> Town:
    """A shelter with two families, a protected mother and a family with a protected member; two agreed to be posted."""
    return _busy.copy(tmp_path / "home")


def first_number(town: Town) -> tuple[str, str]:
    """受付番号 and household of the family of three."""
    row = next(row for row in town.json("shelter", "roster")["rows"] if row["name"] == "佐藤　太郎")
    return row["registration_no"], town.json("register", "find", SATO)["hits"][0]["household_no"]


def line_of(town: Town, form: str) -> list[str]:
    """The command line of a document."""
    number, household = first_number(town) if form in SHEETS else ("", "")
    return ["shelter", form, *([number] if form == "tag" else [household] if form in SHEETS else [])]


def test_every_command_answers_json_with_one_document(busy: Town, tmp_path: Path) -> None:
    copies, exports, archive = tmp_path / "copies", tmp_path / "exports", tmp_path / "archive"
    for folder in (copies, exports, archive):
        folder.mkdir()
    done = [("doctor",), ("register", "check", DEMO), ("register", "status"), ("register", "find", SATO),
            ("journal", "verify"), ("journal", "list"), ("journal", "export", exports), ("journal", "rebuild"),
            ("journal", "backup", copies), ("shelter", "open"), ("shelter", "status"), ("shelter", "blanks"),
            *[("shelter", form) for form in LISTS], *[tuple(line_of(busy, form)) for form in SHEETS]]
    for line in done:
        ran = busy.run(*line, "--json", code=None if line == ("doctor",) else 0)
        assert isinstance(ran.document, dict), line
        assert ran.out.strip().startswith("{") and ran.out.strip().endswith("}")
    spare = Town(tmp_path / "spare")
    assert spare.json("journal", "restore", next(copies.rglob("*.sanjo")))["events"] > 0
    closed = busy.json("shelter", "close", "--transfer")
    assert closed["open"] is False
    assert Path(busy.json("shelter", "archive", archive)["path"]).is_file()
    assert busy.json("shelter", "destroy-key", "--confirm", closed["episode"])["destroyed"]


def test_init_and_load_answer_json_too(tmp_path: Path, passphrase: Path, snapshot: Path) -> None:
    town = Town(tmp_path / "home", passphrase)
    made = town.json("init", "--lg-code", "152048", "--municipality", "三条市", "--place", "嵐南小学校", "--profiles",
                     PROFILES, "--no-input")
    assert made["lg_code"] == "152048" and made["recovery_phrase"]
    assert town.json("register", "load", snapshot)["people"] == 320


@pytest.mark.parametrize("line", [
    ("shelter", "roster"), ("register", "find", "佐藤"), ("register", "load", "/nowhere"), ("shelter", "close"),
    ("card", "read", "--wait", "0"), ("journal", "export", "/nowhere/at/all"), ("tap", "sato"), ("shelter", "bath")])
def test_what_fails_says_nothing_on_standard_output(tmp_path: Path, line: tuple[str, ...]) -> None:
    ran = Town(tmp_path / "none").run(*line, "--json", code=None)
    assert ran.code in (1, 2) and ran.out == ""
    assert_sentence(ran.err)


@pytest.mark.parametrize("form", [*LISTS, *SHEETS, "blanks"])
def test_every_document_as_pdf_json_and_csv_to_a_file_and_to_standard_output(
        busy: Town, tmp_path: Path, form: str) -> None:
    line = line_of(busy, form)
    for style in ("pdf", "json", "csv"):
        if form in SHEETS and style == "csv":
            busy.refused(*line, "--format", "csv", code=2)
            continue
        file = tmp_path / f"{form}-paper"
        if style != "csv" or form == "roster":
            busy.run(*line, "--format", style, "--out", file)
            assert_form(style, file.read_bytes())
        if style != "pdf" or form == "roster":
            assert_form(style, busy.run(*line, "--format", style, "--out", "-").raw)


def assert_form(style: str, data: bytes) -> None:
    """It is what it says it is, whole."""
    match style:
        case "pdf":
            assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
        case "json":
            assert isinstance(json.loads(data), dict)
        case _:
            rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
            assert rows and len({len(row) for row in rows}) == 1


def test_a_document_is_never_written_into_the_home(busy: Town) -> None:
    busy.refused("shelter", "roster", "--out", busy.home / "roster.csv")
    busy.refused("shelter", "roster", "--format", "pdf", "--out", busy.home / "log" / "roster.pdf")
    assert not list(busy.home.rglob("roster*"))


def test_the_staff_roster_has_everybody_and_masks_the_protected(busy: Town) -> None:
    rows = busy.json("shelter", "roster")["rows"]
    assert len(rows) == busy.status()["counts"]["inside"]
    assert {"佐藤　太郎", "五十嵐　健一"} <= {row["name"] for row in rows}
    hidden = [row for row in rows if not row["addressee_no"]]
    assert hidden, "those who are protected count and are listed without a name"
    assert all(row["town"] == "" and row["birth_date"] == "" for row in hidden)
    for style in ("csv", "json"):
        text = busy.run("shelter", "roster", "--format", style).out
        assert not [word for word in PROTECTED if word in text]


def test_the_posting_edition_has_only_those_who_agreed_and_nobody_protected(busy: Town) -> None:
    document = busy.json("shelter", "roster", "--edition", "posting")
    assert [row["name"] for row in document["rows"]] == ["佐藤　太郎"]
    assert set(document["rows"][0]) == {"name", "name_kana", "age", "sex", "town", "presence"}


def test_protected_people_stand_on_no_other_list(busy: Town) -> None:
    for form in LISTS:
        for style in ("json", "csv"):
            text = busy.run("shelter", form, "--format", style).out
            assert not [word for word in PROTECTED if word in text], (form, style)


def test_protected_people_stand_on_no_printed_list(busy: Town, tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    for line in (("roster",), ("roster", "--edition", "posting"), ("unconfirmed",), ("supplies",)):
        file = tmp_path / "paper.pdf"
        busy.run("shelter", *line, "--format", "pdf", "--out", file)
        text = "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
        assert "架空データ" in text and "訓練" in text
        assert not [word for word in PROTECTED if word in text], line
        assert "佐藤" in text


def test_the_unconfirmed_are_listed_by_town_without_those_who_came(busy: Town) -> None:
    rows = busy.json("shelter", "unconfirmed")["rows"]
    names = [row["name"] for row in rows]
    assert "佐藤　太郎" not in names and "本間　キヨ" in names and len(names) > 250
    towns = [(row["district_code"], row["town"]) for row in rows]
    assert len(dict.fromkeys(towns)) == sum(a != b for a, b in zip(towns, [None, *towns], strict=False)), "by town"


@pytest.mark.parametrize("query", [
    "佐藤花子\n", "サトウ　ハナコ\n", "さとう はなこ\n", "S52.3.3\n", "昭和52年3月3日\n", "19770303\n", "1977-03-03\n",
    "3520303", "3210987654321\n", "99900000037\r\n"])
def test_a_query_is_read_from_standard_input_in_every_reading(sample: Town, query: str) -> None:
    document = sample.json("register", "find", "-", stdin=query)
    assert "佐藤　花子" in [hit["name"] for hit in document["hits"]]
    assert all("個人番号" not in key and "my_number" not in key for key in document["hits"][0])


def test_a_query_without_a_hit_is_exit_1(sample: Town) -> None:
    ran = sample.run("register", "find", "-", "--json", stdin="該当　者無\n", code=1)
    assert ran.document["hits"] == []
    assert_sentence(ran.err)
    sample.refused("register", "find", "-", stdin="")


def test_a_query_shows_no_address_of_somebody_protected(sample: Town) -> None:
    for line in (("--json",), ()):
        out = sample.run("register", "find", "山田理恵", *line).out
        assert "山田　理恵" in out and "南四日町" not in out and "グリーンハイツ" not in out


def test_the_journal_lists_who_did_what_without_a_name(busy: Town) -> None:
    ran = busy.run("journal", "list", "--json")
    event = next(event for event in ran.document["events"] if event["kind"] == "shelter.admitted")
    assert {"station", "seq", "time", "kind", "subject", "operator"} <= set(event)
    for text in (ran.out, busy.run("journal", "list").out):
        assert not [word for word in ("佐藤", "サトウ", "五十嵐", "旭町", *PROTECTED) if word in text]
