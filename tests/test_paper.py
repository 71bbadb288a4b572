"""What every page carries, and how text behaves in a box."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from sanjo_tui.documents import fonts, symbols
from sanjo_tui.documents.fonts import chains
from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, marks
from sanjo_tui.documents.sheet import Sheet, value
from sanjo_tui.errors import PrintError
from tests.documents_samples import CONTENTS, HEADING, LONG_ADDRESS, TSUJI, Render, pages_of, text_of

pytestmark = pytest.mark.skipif(not {"BIZUDMincho", "BIZUDGothic"} <= set(fonts.found()),
                                reason="BIZ UD fonts (fonts-morisawa-bizud-mincho, -gothic) are not installed")

ROOT = Path(__file__).parent.parent
DRILL = replace(HEADING, drill=True, fictitious=True, reissue=2)

every_document = pytest.mark.parametrize("render", CONTENTS.values(), ids=CONTENTS.keys())


def page(draw: Callable[[Sheet], Any], heading: Heading = HEADING) -> Pdf:
    return compose(heading, "見本", A5, [draw])


def bare(size: tuple[float, float], draw: Callable[[Sheet], Any]) -> Pdf:
    return compose(HEADING, "見本", size, [draw], furniture=False)


# --- marks, footer, metadata


@every_document
def test_drill_and_fiction_are_marked_on_every_page(render: Render) -> None:
    pages = pages_of(render(DRILL))
    assert pages
    for text in pages:
        assert "訓練" in text
        assert "架空データ" in text
        assert "再発行 2" in text


@every_document
def test_live_pages_carry_no_such_mark(render: Render) -> None:
    text = text_of(render(HEADING))
    assert "訓練" not in text
    assert "架空データ" not in text
    assert "再発行" not in text


@pytest.mark.parametrize("name", [name for name in CONTENTS if name not in ("tag", "label")])
def test_the_footer_says_when_where_and_which_page(name: str) -> None:
    pdf = CONTENTS[name](HEADING)
    for number, text in enumerate(pages_of(pdf), 1):
        assert f"{number} / {pdf.pages} 頁" in text
        assert "令和8年11月23日 14:05 現在　端末 A1B2C3" in text
        assert "三条市　嵐南小学校　住民基本台帳 令和8年11月20日 現在" in text
        assert "文書 A1B2C3-P12" in text


@every_document
def test_the_same_content_gives_the_same_bytes(render: Render) -> None:
    first = render(DRILL)
    CONTENTS["roster"](HEADING)
    assert render(DRILL).data == first.data


@every_document
def test_a_document_says_its_language_and_title_but_no_name(render: Render) -> None:
    reader = PdfReader(io.BytesIO(render(HEADING).data))
    assert reader.trailer["/Root"]["/Lang"] == "ja-JP"  # type: ignore[index]
    assert reader.metadata and reader.metadata.title
    assert "佐藤" not in str(reader.metadata)


def test_a_long_heading_stays_on_the_page() -> None:
    place = "嵐南小学校体育館及び附属施設並びに周辺の広場を含む臨時の避難所（第二会場）"
    long = replace(HEADING, place=place, serial="A1B2C3-P1234567")
    pdf = page(lambda sheet: None, long)
    assert "第二会場" in text_of(pdf).replace("\n", "")
    assert pdf.issues == ()


def test_marks_are_said_in_order_of_weight() -> None:
    assert marks(DRILL, caution=True) == ("訓練", "架空データ", "再発行 2", "取扱注意")
    assert marks(HEADING) == ()


def test_two_threads_do_not_mix_their_documents() -> None:
    expected = {name: CONTENTS[name](HEADING).data for name in ("roster", "card", "report")}
    got: list[tuple[str, bytes]] = []
    threads = [threading.Thread(target=lambda name=name: got.append((name, CONTENTS[name](HEADING).data)))
               for name in (*expected, *expected)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(got) == 6
    assert all(data == expected[name] for name, data in got)


def test_what_reportlab_cannot_do_is_a_print_error() -> None:
    def broken(sheet: Sheet) -> None:
        raise ZeroDivisionError

    with pytest.raises(PrintError) as caught:
        page(broken)
    assert "受付は記録されています" in caught.value.message
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("module", sorted(path.stem for path in (ROOT / "sanjo_tui/documents").glob("*.py")))
def test_importing_a_document_is_light(module: str) -> None:
    name = "sanjo_tui.documents" + ("" if module == "__init__" else f".{module}")
    code = f"import sys, {name}; print(*sorted({{'reportlab', 'PIL', 'peewee', 'textual'}} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                         timeout=60).stdout
    assert out.strip() == ""


# --- text in a box


def test_a_long_address_is_wrapped_and_not_reported() -> None:
    pdf = page(lambda sheet: sheet.table(8, 40, [(9, [value(112, LONG_ADDRESS, "住所")])]))
    assert LONG_ADDRESS in text_of(pdf).replace("\n", "").replace(" ", "")
    assert pdf.issues == ()


def test_overflow_is_reported_and_never_clipped() -> None:
    story = "".join(f"{number}番目の文。" for number in range(200))
    pdf = page(lambda sheet: sheet.fit(8, 40, 40, 8, story, name="備考"))
    assert story in text_of(pdf).replace("\n", "").replace(" ", "")
    assert pdf.issues == ("備考：枠に収まらないため小さく印字しました。内容を確かめてください",)


def test_a_word_of_latin_letters_is_not_broken() -> None:
    lines: list[str] = []
    page(lambda sheet: lines.extend(sheet.wrap("MARIA FERNANDA DOS SANTOS", 10, 80)))
    assert lines == ["MARIA FERNANDA", "DOS SANTOS"]


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    lines: list[str] = []
    page(lambda sheet: lines.extend(sheet.wrap("避難所（体育館）、校庭。", 10, 40)))
    assert not any(line[0] in "）、。" or line[-1] == "（" for line in lines)
    assert "".join(lines) == "避難所（体育館）、校庭。"


@given(st.lists(st.sampled_from((TSUJI, *"佐藤（）、。 ABC1ー\n　")), max_size=60), st.integers(10, 120))
def test_wrapping_loses_nothing_but_blanks_at_the_end_of_a_line(parts: list[str], room: int) -> None:
    text = "".join(parts)
    lines = Sheet(None, *chains(), *A5).wrap(text, 10, room)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert not any(line.startswith("\U000E0100") for line in lines)


def test_justified_words_are_copied_as_one() -> None:
    assert "受付番号" in text_of(page(lambda sheet: sheet.just(10, 30, 60, "受付番号")))


# --- bar codes


def _rectangles(pdf: Pdf) -> list[tuple[float, float, float, float]]:
    content = PdfReader(io.BytesIO(pdf.data)).pages[0].get_contents()
    assert content is not None
    tokens = [line.split() for line in content.get_data().decode("latin-1").splitlines()]
    return [(float(x), float(y), float(w), float(h)) for line in tokens if "re" in line
            for x, y, w, h in [line[line.index("re") - 4:line.index("re")]]]


def test_code128_has_start_check_stop_and_quiet_zones() -> None:
    pdf = bare((80, 40), lambda sheet: symbols.code128(sheet, 4, 5, 72, 10, "A1"))
    bars = sorted(_rectangles(pdf))
    module = bars[0][2] / 2                                      # every start symbol begins with a bar of two modules
    widths = [round(bar[2] / module) for bar in bars]
    gaps = [round((after[0] - before[0] - before[2]) / module) for before, after in pairwise(bars)]
    pattern = "".join(str(n) for pair in zip(widths, [*gaps, ""], strict=True) for n in pair)
    start, letter, digit, stop = "211214", "111323", "123221", "2331112"          # Start B, A, 1, Stop (ISO/IEC 15417)
    assert pattern.startswith(start + letter + digit)
    assert pattern.endswith(stop)
    assert len(pattern) == 4 * 6 + 7
    left, right = bars[0][0] - 4 * 72 / 25.4, (4 + 72) * 72 / 25.4 - bars[-1][0] - bars[-1][2]
    assert left >= 10 * module - 0.01 and right >= 10 * module - 0.01


def test_qr_has_its_three_corners_the_right_way_up() -> None:
    pdf = bare((40, 40), lambda sheet: symbols.qr(sheet, 0, 0, 21, "A1B2C3-0012-7"))
    mm = 72 / 25.4
    runs = {(round(x / mm), round(40 - y / mm) - 1): round(w / mm) for x, y, w, _ in _rectangles(pdf)}
    assert runs[0, 0] == runs[14, 0] == runs[0, 14] == 7
    assert (14, 20) not in runs or runs[14, 20] != 7
