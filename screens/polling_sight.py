"""How papers, contests and electors look at a polling desk: papers in words first, in the colour of the paper second.

Pure painting, measured in cells; which papers they are the rules say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from sanjo_tui.receptions.polling.words import Act, PaperKind
from screens.widgets import pad, row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.receptions.polling.election import Contest, Election
    from sanjo_tui.receptions.polling.rules import Slip, Standing
    from sanjo_tui.receptions.polling.stock import Equation
    from sanjo_tui.receptions.polling.tally import Sexes
    from sanjo_tui.register.roll.elector import Elector, ElectorHit

SEXES = {"1": "男", "2": "女"}
INK = "#10151c"
COLOURS = (
    ("#f7b4c4", ("桃", "もも", "ピンク")), ("#b5e3a1", ("若草", "わかくさ", "黄緑")), ("#a9dbb0", ("緑", "みどり")),
    ("#a9dcf0", ("水", "空", "浅黄", "浅葱", "みず", "そら", "あさぎ")), ("#a5c4f2", ("青", "あお", "ブルー")),
    ("#c3d08b", ("うぐいす", "鶯")), ("#f6ecb8", ("クリーム",)), ("#f4e27a", ("黄", "きいろ")),
    ("#f7c48a", ("橙", "だいだい", "オレンジ")), ("#f2a39b", ("赤", "あか")),
    ("#d3bdf0", ("藤", "紫", "ふじ", "むらさき")), ("#c9ced6", ("灰", "はい", "グレー")), ("#d8bd9c", ("茶", "ちゃ")))
"""What a word in the colour of a paper looks like, first fit first. The words themselves always stand beside it."""
ENDINGS = ("選出議員選挙", "議員補欠選挙", "議員選挙", "選挙")
BEGINNINGS = ("最高裁判所裁判官", "最高裁裁判官", "最高裁", "衆議院")
"""What a contest's short name does without; 参議院 stays, for both houses may be elected on one day."""
MOST_WRONG = 2
"""Differences of papers that the counts line names; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper as a wide line: `1箱 桃色 小選挙区 交付`."""

    contest: Contest
    paper: PaperKind = PaperKind.PLAIN
    word: str = "交付"


def paint_of(colour: str) -> str:
    """Style of a paper of this colour; white where the word is none we know."""
    paint = next((paint for paint, words in COLOURS if any(word in colour for word in words)), "#ffffff")
    return f"bold {INK} on {paint}"


def short_name(contest: Contest) -> str:
    """小選挙区 of 小選挙区選出議員選挙: for lines that hold several contests."""
    name = shown(contest.name)
    for beginning in BEGINNINGS:
        name = name.removeprefix(beginning) or name
    ending = next((e for e in ENDINGS if name.endswith(e) and len(name) > len(e) + 1), "")
    return name.removesuffix(ending)


def sheets(listed: Sequence[Sheet], width: int, height: int) -> list[Content]:
    """The papers, as big as the room allows: three lines each, two, one, or two side by side."""
    count = len(listed)
    if not count:
        return []
    colour = min(12, max(cell_len(shown(sheet.contest.ballot_colour)) for sheet in listed))
    if count > height:
        half = (width - 1) // 2
        cells = [_sheet(sheet, half, colour) for sheet in listed]
        pairs = [cells[at:at + 2] for at in range(0, count, 2)]
        return [Content(" ").join(pair) for pair in pairs]
    lines: list[Content] = []
    for number, sheet in enumerate(listed):
        plain = Content(" " * width).stylize(paint_of(sheet.contest.ballot_colour))
        if number and height >= count * 2 - 1:
            lines.append(Content(""))
        lines += [plain, _sheet(sheet, width, colour), plain] if height >= count * 4 - 1 else [
            _sheet(sheet, width, colour)]
    return lines


def _sheet(sheet: Sheet, width: int, colour: int) -> Content:
    kind = " 点字" if sheet.paper is PaperKind.BRAILLE else ""
    gap = "  " if width > 50 else " "
    left = f" {sheet.contest.box_no:>2}箱{gap}{pad(shown(sheet.contest.ballot_colour), colour)}{gap}"
    right = f"{kind}{gap}{' '.join(sheet.word)} "
    room = max(2, width - cell_len(left) - cell_len(right))
    name = shown(sheet.contest.name)
    if cell_len(name) > room:
        name = short_name(sheet.contest)
    return Content(left + pad(name, room) + right).stylize(paint_of(sheet.contest.ballot_colour))


def not_handed(slips: Sequence[Slip], standings: Sequence[Standing], width: int) -> list[Content]:
    """`渡さない  国民審査 2/1から  市議選 対象外`, plain and small, in as many lines as they need."""
    known = {one.contest.code: one for one in standings}
    words = [f"{short_name(slip.contest)} {_why(slip, known.get(slip.contest.code))}" for slip in slips]
    lines: list[str] = []
    for word in words:
        if lines and cell_len(lines[-1]) + 2 + cell_len(word) <= width:
            lines[-1] += "  " + word
        else:
            lines.append(("渡さない: " if not lines else "          ") + word)
    return [Content(pad(line, width)).stylize("$faint") for line in lines]


def _why(slip: Slip, standing: Standing | None) -> str:
    if slip.act is Act.DONE:
        day = f"({standing.day.month}/{standing.day.day})" if standing is not None and standing.day else ""
        return "済" + day
    if slip.act is Act.NOT_NOW:
        first = slip.contest.early_from
        return shown(slip.note) or f"{first.month}/{first.day}から"
    return slip.act.value


def who_title(elector: Elector) -> str:
    """`佐藤　花子  サトウ　ハナコ  名簿番号 1-2-3-4`."""
    number = f"名簿番号 {elector.roll_no}" if elector.roll_no else "名簿の外(補正登録)"
    name, kana = shown_name(elector.name), shown(elector.name_kana)
    if cell_len(name) + cell_len(kana) + cell_len(number) > 70:          # of a long name its reading is cut, no number
        return f"{name}  {number}  {kana}"
    return f"{name}  {kana}   {number}"


def born(elector: Elector, today: dt.date) -> str:
    """`昭和49年3月5日生 52歳 女`."""
    sex = SEXES.get(elector.sex_code, "")
    return f"{elector.birth_label}生  {elector.birth.age_text(today)}歳  {sex}".rstrip()


def hit_row(hit: ElectorHit, width: int) -> Content:
    """One line of a search: birth date and address stand out, for they tell namesakes apart."""
    elector = hit.elector
    names = min(24, max(16, width - 60))
    match = {"folded": "異体字", "vague": "あいまい"}.get(hit.match, "")
    same = "同名あり" if hit.namesakes else ""
    return row([(shown_name(elector.name), names), (shown(elector.name_kana), names),
                (elector.birth.short(), 9), (shown(elector.address), max(14, width - 2 * names - 21)),
                (same or match, 8)], width, emphasis=0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the counts line knows: papers that do not add up, people received today, voters by contest."""

    wrong: tuple[Equation, ...]
    people: Sexes
    papers: dict[str, int]


def counts(election: Election, now: Figures, width: int) -> Content:
    """`用紙の差 小選挙区 -1  受付123人 男60 女63  小選挙区120 比例代表119`; a difference comes first."""
    parts: list[str | tuple[str, str]] = [" "]
    for one in now.wrong[:MOST_WRONG]:
        contest = election.contest(one.contest)
        name = short_name(contest)[:6] if contest is not None else one.contest
        kind = "" if one.paper is PaperKind.PLAIN else one.paper.value
        text = f"受領不足 {name}{kind}" if one.undelivered else f"用紙の差 {name}{kind} {one.difference:+d}"
        parts += [(f" {text} ", "bold $text-error reverse"), "  "]
    if len(now.wrong) > MOST_WRONG:
        parts += [(f" ほか{len(now.wrong) - MOST_WRONG} ", "bold $text-error reverse"), "  "]
    parts.append((f"受付{now.people.total}人  男{now.people.male} 女{now.people.female}  ", "bold"))
    room, line = width - Content.assemble(*parts).cell_length, ""
    for letters in (12, 8, 6, 5, 4, 3, 2):             # as much of each name as lets all of them stand there
        line = "".join(f"{short_name(c)[:letters]}{now.papers.get(c.code, 0)}  " for c in election.in_order)
        if cell_len(line) <= room + 2:
            break
    return Content.assemble(*parts, line)
