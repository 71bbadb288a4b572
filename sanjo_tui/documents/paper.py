"""From a document's pages to a PDF, and what every page carries: marks, footer, page n of N, notes on characters.

Deterministic: the same content gives the same bytes (`invariant`), so that a job's hash says what was printed.
"""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians

from sanjo_tui.documents.fonts import Issue, chains, code_of
from sanjo_tui.documents.sheet import HAIR, RULE, Sheet
from sanjo_tui.errors import PrintError, SanjoError

A4 = (210.0, 297.0)
A4_LANDSCAPE = (297.0, 210.0)
A5 = (148.0, 210.0)

DRILL, FICTITIOUS, CAUTION = "訓練", "架空データ", "取扱注意"

_SLANT = 32
"""Degrees: how the words across the page rise."""

_one_at_a_time = threading.RLock()
"""A TTFont serves one document at a time: ReportLab keeps a document's subsets in the font."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What every document says of itself. Dates are text as people read them, e.g. `令和8年11月23日 14:05`.

    `at`: 何時現在. `station`: code of the laptop. `register_as_of`: date of the data it stands on, or "",
    and `register` what they are called. `serial`:
    number of the print job. `reissue`: 0 for the first print, then 再発行 1, 2 ... `edition`: words such as 運営用.
    `disaster`: 災害名, or "".
    """

    municipality: str
    place: str
    at: str
    station: str
    register_as_of: str = ""
    register: str = "住民基本台帳"
    drill: bool = False
    fictitious: bool = False
    serial: str = ""
    reissue: int = 0
    edition: str = ""
    disaster: str = ""


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished document. `issues`: what the paper does not show as typed, one Japanese sentence each."""

    data: bytes
    pages: int
    issues: tuple[str, ...] = ()


Page = Callable[[Sheet], None]


def compose(heading: Heading, title: str, size: tuple[float, float], pages: Sequence[Page], *, caution: bool = False,
            margin: float = 10, furniture: bool = True, watermark: bool = False, forms: int = 1,
            below: float = 0) -> Pdf:
    """Draw the pages and dress each one. `size` in mm; `furniture=False` is for tags, which dress themselves
    (a receipt printer would dither a grey watermark into the bar code).

    `caution` marks 取扱注意, `watermark` sets it across the page as well. `forms` side by side, to be cut apart, are
    dressed one by one. `below`: mm at the foot that are no part of the form (A4 of which the upper half is used), so
    that footer and marks stay with it when it is cut. Raises NoFont, PrintError.
    """
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    with _one_at_a_time:
        mincho, gothic = chains()
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(size[0] * 72 / 25.4, size[1] * 72 / 25.4), pageCompression=1, invariant=1,
                        lang="ja-JP", initialFontName=mincho.first.name)
        canvas.setTitle(title)
        canvas.setAuthor(heading.municipality)
        canvas.setCreator("sanjo-tui")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        sheet = Sheet(canvas, mincho, gothic, *size)
        try:
            for number, draw in enumerate(pages, 1):
                known = len(sheet.issues)
                wide = size[0] / forms
                shifts = [wide * at for at in range(forms if furniture else 0)]
                for shift in shifts:
                    with sheet.shifted(shift, -below / 2):
                        _underlay(sheet, heading, wide, CAUTION if watermark else "")
                draw(sheet)
                noted = sheet.issues[known:]
                for shift in shifts:
                    with sheet.shifted(shift, 0):
                        _stamps(sheet, heading, wide, margin, caution)
                    with sheet.shifted(shift, -below):
                        _notes(sheet, wide, margin, noted)
                        _footer(sheet, heading, wide, margin, f"{number} / {len(pages)} 頁")
                canvas.showPage()
            canvas.save()
        except SanjoError:
            raise
        except Exception as error:
            raise PrintError("書類を作れませんでした。受付は記録されています。", "もう一度印刷してください。",
                             detail=f"{title}: {type(error).__name__}") from error
    return Pdf(out.getvalue(), len(pages), _sentences(sheet.issues))


def warm() -> None:
    """Load ReportLab and the two common fonts. Call it from the thread that prints. Raises NoFont."""
    import reportlab.pdfgen.canvas  # type: ignore[import-untyped]  # noqa: F401  (loaded for its effect)

    with _one_at_a_time:
        for chain in chains():
            chain.width("受付 0", 10)


def _sentences(issues: Sequence[tuple[str, Issue]]) -> tuple[str, ...]:
    """One sentence an issue; repeated ones are counted."""
    counted = Counter(f"{name}：{issue.sentence}" if name else issue.sentence for name, issue in issues)
    return tuple(sentence if times == 1 else f"{sentence} {times}か所" for sentence, times in counted.items())


def marks(heading: Heading, caution: bool = False) -> tuple[str, ...]:
    """The words that every page must carry, the most important first."""
    found = [DRILL] if heading.drill else []
    if heading.fictitious:
        found.append(FICTITIOUS)
    if heading.reissue:
        found.append(f"再発行 {heading.reissue}")
    if caution:
        found.append(CAUTION)
    return tuple(found)


def _underlay(sheet: Sheet, heading: Heading, wide: float, watermark: str) -> None:
    """Large grey words across the page, under everything else."""
    words = "　".join(word for word in (DRILL if heading.drill else "", FICTITIOUS if heading.fictitious else "",
                                       watermark) if word)
    if not words:
        return
    canvas = sheet.canvas
    size = min(96.0, 0.88 * wide / cos(radians(_SLANT)) * 72 / 25.4 / max(2, len(words)))
    canvas.saveState()
    canvas.translate(sheet.px(wide / 2), sheet.py(sheet.height / 2))
    canvas.rotate(_SLANT)
    runs, _ = sheet.fonts["gothic"].runs(words)
    pen = canvas.beginText(-sheet.fonts["gothic"].width(words, size) / 2, -size * 0.38)
    pen.setFillGray(0.9)
    for run in runs:
        pen.setFont(run.face.name, size)
        pen.textOut(run.text)
    canvas.drawText(pen)
    canvas.restoreState()


def _stamps(sheet: Sheet, heading: Heading, wide: float, margin: float, caution: bool) -> None:
    """Framed words in the upper right corner; 訓練 in white on black, so that a fax keeps it."""
    right, top, high, size = wide - margin, 5.0, 5.5, 9.0
    for word in reversed(marks(heading, caution)):
        frame = sheet.measure(word, size, "gothic") + 4
        dark = word == DRILL
        sheet.rect(right - frame, top, frame, high, 0.9, fill=0.0 if dark else None)
        sheet.text(right - frame / 2, top + high / 2, word, size, "center", "gothic", grey=1.0 if dark else 0.0)
        right -= frame + 1.5
    if heading.edition:
        sheet.text(margin, top + high / 2, f"【{heading.edition}】", size, font="gothic")


def _notes(sheet: Sheet, wide: float, margin: float, issues: Sequence[tuple[str, Issue]]) -> None:
    """Above the footer: which characters the page does not show as they are kept."""
    places = dict.fromkeys(f"{name} {code_of(issue.text)}".strip() for name, issue in issues
                           if issue.kind in ("missing", "variant"))
    if not places:
        return
    note, listed = "※ 登録と字形が違う文字：", 0
    for place in places:
        longer = f"{note}{'、' if listed else ''}{place}"
        if listed and sheet.measure(longer, 6.5) > wide - 2 * margin - 18:
            break
        note, listed = longer, listed + 1
    more = f"　ほか{len(places) - listed}件" if listed < len(places) else ""
    sheet.text(margin, sheet.height - 12.2, note + more, 6.5)


def _footer(sheet: Sheet, heading: Heading, wide: float, margin: float, page: str) -> None:
    """何時現在, 端末, 版, page n of N."""
    y = sheet.height - 7.3
    sheet.line(margin, y - 2.8, wide - margin, y - 2.8, HAIR)
    left = f"{heading.municipality}　{heading.place}"
    left += f"　{heading.register} {heading.register_as_of} 現在" if heading.register_as_of else ""
    right = f"{heading.at} 現在　端末 {heading.station}"
    right += f"　{heading.edition}" if heading.edition else ""
    right += f"　文書 {heading.serial}" if heading.serial else ""
    half = wide / 2 - margin - 12
    sheet.fit(margin, y - 2.5, half, 5.6, left, 7, font="gothic", name="欄外", pad=0)
    sheet.text(wide / 2, y, page, 8, "center", "gothic")
    sheet.fit(wide - margin - half, y - 2.5, half, 5.6, right, 7, "right", "gothic", name="欄外", pad=0)


def title(sheet: Sheet, text: str, y: float = 16, size: float = 18, width: float = 0, x: float | None = None) -> None:
    """The document's name, centred and spaced as on official forms, with a double rule beneath."""
    natural = sheet.measure(text, size)
    wide = width or natural * (1.9 if len(text) <= 6 else 1.35)
    centre = sheet.width / 2 if x is None else x
    sheet.just(centre - wide / 2, y, wide, text, size)
    below = y + size * 0.24
    sheet.line(centre - wide / 2 - 3, below, centre + wide / 2 + 3, below, RULE)
    sheet.line(centre - wide / 2 - 3, below + 0.7, centre + wide / 2 + 3, below + 0.7, HAIR)
