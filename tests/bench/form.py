"""Documents: a household sheet of one page, warm, and a roster of 10,000 people."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

from sanjo_tui.documents import card, roster
from sanjo_tui.documents.paper import Heading
from sanjo_tui.receptions.shelter.lists import RosterRow
from tests.bench.figures import Figure, p50, spread, times
from tests.bench.ground import Ground

HEADING = Heading(municipality="サンプル市", place="嵐南小学校", at="令和8年11月23日 14:05", station="BENCH",
                  register_as_of="令和8年11月20日", fictitious=True, serial="BENCH-P1")
ROSTER = 10_000


def measure(ground: Ground) -> Iterator[Figure]:
    """Both documents."""
    sheet = card.Card(heading=HEADING, registration_no="BENCH-0001-1", checked_in_at="11/23 14:02",
                      rep_name="佐藤　太郎",
                      rep_kana="サトウ　タロウ", address="旭町１丁目２番３号", stay=("避難所",), members=tuple(
                          card.CardMember(name=name, name_kana="サトウ　タロウ", birth="昭和49年5月12日", age="52",
                                          sex="男",
                                          relationship="子") for name in ("佐藤　太郎", "佐藤　花子", "佐藤　次郎")))
    taken = times(ground.repeats(50), lambda _: card.render(sheet), warm=2)
    plain = times(ground.repeats(50), lambda _: _plain_page(), warm=2)
    yield Figure(name="form, one page, warm", value=p50(taken), budget=100, yardstick=p50(plain),
                 yardstick_name="canvas alone", spread=spread(taken))
    people = ROSTER // 10 if ground.quick else ROSTER
    rows = tuple(RosterRow(registration_no=f"BENCH-{i // 3 + 1:04d}-1", addressee_no=f"{99900000000 + i}",
                           name="五十嵐　翔太", name_kana="イカラシ　ショウタ", birth_date="平成21年4月18日", age="17",
                           sex="男",
                           address="月岡２丁目１４番８号", town="月岡", relationship="子", checked_in_at="11/23 14:02",
                           presence="入所中", stay_mode="避難所", recorded_by="BENCH") for i in range(people))
    start = time.perf_counter()
    pdf = roster.render(roster.Roster(heading=HEADING, rows=rows))
    yield Figure(name=f"roster of {people:,}", value=time.perf_counter() - start, unit="s", budget=10,
                 spread=f"{pdf.pages} pages, {len(pdf.data) / 1e6:.1f} MB")


def _plain_page() -> bytes:
    """As many texts and lines as the sheet has, without any Japanese font of ours."""
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    out = io.BytesIO()
    canvas = Canvas(out)
    for line in range(60):
        canvas.drawString(40, 800 - 12 * line, "Sato Taro  52  Asahi-cho 1-2-3")
        canvas.line(40, 798 - 12 * line, 550, 798 - 12 * line)
    canvas.save()
    return out.getvalue()
