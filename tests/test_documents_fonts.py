"""Every character of a name reaches the paper, or the document says which one did not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from sanjo_tui.documents import fonts, paper, roster
from sanjo_tui.documents.fonts import FontChain, NoFont, chains, clusters, is_selector
from sanjo_tui.errors import PrintError
from tests.documents_samples import HEADING, NABE, TSUJI, row, text_of

HERE = fonts.found()
needs_rare = pytest.mark.skipif("IPAmjMincho" not in HERE, reason="IPAmj Mincho (fonts-ipamj-mincho) is not installed")
pytestmark = pytest.mark.skipif("BIZUDMincho" not in HERE or "BIZUDGothic" not in HERE,
                                reason="BIZ UD fonts (fonts-morisawa-bizud-mincho, -gothic) are not installed")


@pytest.fixture
def fresh_chains() -> Iterator[None]:
    """Chains made anew, before and after."""
    chains.cache_clear()
    yield
    chains.cache_clear()


def printed(name: str) -> tuple[str, tuple[str, ...]]:
    pdf = roster.render(roster.Roster(heading=HEADING, rows=(row(1, name=name),)))
    return text_of(pdf), pdf.issues


@pytest.mark.parametrize("name", ["髙橋　﨑子", TSUJI + "　太郎", "葛\U000E0100城", "①㈱〜―−", "塚\ufa10　ｶﾅ"])
def test_common_and_variant_characters_are_copied_exactly(name: str) -> None:
    text, issues = printed(name)
    assert name in text
    assert issues == ()


@needs_rare
@pytest.mark.parametrize("name", ["𠮷田　次郎", f"渡{NABE}　花", "辻\U000E0102", "\U0002A61A"])
def test_rare_characters_come_from_the_rare_font(name: str) -> None:
    text, issues = printed(name)
    assert name in text
    assert issues == ()


@pytest.mark.parametrize("character", ["\ue000", "\uf8ff", "\U00100000", "\ud800", "\U0001F600"])
def test_a_character_without_a_glyph_is_a_geta_with_its_code(character: str) -> None:
    text, issues = printed(f"佐藤　{character}郎")
    code = f"U+{ord(character):04X}"
    assert f"佐藤　〓{code}郎" in text
    assert f"登録と字形が違う文字：1行 氏名 {code}" in text
    assert issues == (f"1行 氏名：印字できない文字を〓にしました（{code}）",)


def test_an_unknown_variant_keeps_the_base_shape_and_is_said() -> None:
    text, issues = printed("田\U000E01EF中")
    assert "田中" in text
    assert issues == ("1行 氏名：異体字の字形がないため標準の字形で印字しました（U+7530 U+E01EF）",)


@pytest.mark.parametrize("character", ["\x07", "\t", "\u200b", "\ufeff", "\x85"])
def test_invisible_characters_are_dropped_and_said(character: str) -> None:
    text, issues = printed(f"佐{character}藤")
    assert "佐藤" in text
    assert issues == (f"1行 氏名：印字できない制御文字を除きました（U+{ord(character):04X}）",)


def test_issues_name_the_code_and_not_the_person() -> None:
    _, issues = printed("佐藤　秘密\ue001")
    assert not any("佐藤" in issue or "秘密" in issue for issue in issues)


def test_common_names_load_no_rare_font(fresh_chains: None) -> None:
    printed("髙橋　太郎" + TSUJI)
    assert {face.name for face in chains()[0].faces if face._font} == {"BIZUDMincho", "BIZUDGothic"}


def test_all_fonts_are_embedded() -> None:
    pdf = roster.render(roster.Roster(heading=HEADING, rows=(row(1),)))
    for page in PdfReader(io.BytesIO(pdf.data)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_without_any_font_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                    fresh_chains: None) -> None:
    monkeypatch.setattr(fonts, "folders", lambda: (tmp_path,))
    with pytest.raises(NoFont) as caught:
        printed("佐藤")
    assert isinstance(caught.value, PrintError)
    assert "fonts-morisawa-bizud-mincho" in caught.value.hint
    assert fonts.state().advice.startswith("印刷に使う日本語フォントがありません")


def test_a_broken_font_file_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh_chains: None) -> None:
    (tmp_path / "BIZUDMincho-Regular.ttf").write_bytes(b"not a font at all")
    (tmp_path / "BIZUDGothic-Regular.ttf").write_bytes(HERE["BIZUDGothic"].read_bytes())
    monkeypatch.setattr(fonts, "folders", lambda: (tmp_path,))
    text, issues = printed("佐藤")
    assert "佐藤" in text
    assert issues == ()


def test_broken_files_alone_are_no_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh_chains: None) -> None:
    (tmp_path / "BIZUDMincho-Regular.ttf").write_bytes(b"not a font at all")
    monkeypatch.setattr(fonts, "folders", lambda: (tmp_path,))
    with pytest.raises(NoFont):
        paper.warm()


def test_one_of_the_two_faces_serves_for_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                              fresh_chains: None) -> None:
    (tmp_path / "BIZUDMincho-Regular.ttf").write_bytes(HERE["BIZUDMincho"].read_bytes())
    monkeypatch.setattr(fonts, "folders", lambda: (tmp_path,))
    assert "佐藤" in printed("佐藤")[0]
    assert "一方がありません" in fonts.state().advice


def test_without_the_rare_font_the_doctor_recommends_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                        fresh_chains: None) -> None:
    for name in ("BIZUDMincho", "BIZUDGothic"):
        (tmp_path / HERE[name].name).write_bytes(HERE[name].read_bytes())
    monkeypatch.setattr(fonts, "folders", lambda: (tmp_path,))
    text, issues = printed("𠮷田")
    assert "〓U+20BB7田" in text
    assert issues == ("1行 氏名：印字できない文字を〓にしました（U+20BB7）",)
    assert "IPAmj明朝" in fonts.state().advice


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_clusters_lose_nothing_and_keep_selectors_with_their_base(text: str) -> None:
    parts = list(clusters(text))
    assert "".join(parts) == text
    assert all(not is_selector(ord(part[0])) or before == "" or len(before) == 2 or is_selector(ord(before[0]))
               for before, part in zip(["", *parts], parts, strict=False))


@given(st.text(st.sampled_from("佐藤辻葛\U000E0100\U000E0101\ue000𠮷\x00aｱ　"), max_size=30))
def test_every_cluster_is_printed_or_reported(text: str) -> None:
    chain: FontChain = chains()[0]
    runs, issues = chain.runs(text)
    reported = [issue.text for issue in issues if issue.kind in ("missing", "control")]
    shown = "".join(run.text for run in runs if run.scale == 1.0).replace(fonts.GETA, "")
    assert len(shown) + len(reported) == len(list(clusters(text)))
