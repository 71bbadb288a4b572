"""The papers of 利用者ID発行: the longest and rarest names, masked numbers, a full ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.userid_ground import issue, nobody_yet, userid

LONG = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処"
RARE = ("𠮷田　葛\U000E0100城", "髙﨑　辻\U000E0101", "NGUYỄN THỊ MINH KHAI", LONG)
ADDRESS = "サンプル市大字上下左右東西南北町字中之島一丁目二番地三号　市営住宅第百二十三号棟　九千九百九十九号室"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    desk = userid(Path(tmp_path_factory.mktemp("papers")) / "A")
    who = nobody_yet(desk).addressee_no
    issue(desk, who)
    return {form: desk.userid.paper(f"userid.{form}", **more) for form, more in (
        ("consent", {"addressee_no": who}), ("notice", {"addressee_no": who}), ("ledger", {}), ("day", {}))}


def overflows(pdf: Any) -> list[str]:
    return [one for one in pdf.issues if "小さ" in one or "はみ" in one]


@pytest.mark.parametrize("name", RARE)
def test_long_and_rare_names_fit_on_one_page(papers: dict[str, Any], name: str) -> None:
    for form, more in (("consent", {"kana": "ジュゲムジュゲム" * 4, "address": ADDRESS}), ("notice", {})):
        paper = papers[form]
        pdf = paper.document.render(replace(paper.content, name=name, **more))
        assert pdf.pages == 1 and pdf.data.startswith(b"%PDF") and not overflows(pdf)


def test_every_paper_says_that_it_is_a_sample(papers: dict[str, Any]) -> None:
    assert all(paper.content.sample for paper in papers.values())


def test_a_ledger_of_a_thousand_numbers_goes_on_over_its_pages(papers: dict[str, Any]) -> None:
    paper = papers["ledger"]
    row = replace(paper.content.rows[0], name=LONG, reason="本人の申出", state="発行済み・連携済み")
    pdf = paper.document.render(replace(paper.content, rows=(row,) * 1000))
    assert pdf.pages == -(-1000 // 22)


def test_an_empty_day_is_printed_too(papers: dict[str, Any]) -> None:
    paper = papers["day"]
    assert paper.document.render(replace(paper.content, rows=())).pages == 1
