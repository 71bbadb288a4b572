"""期日前投票録 and 投票録, as drafts: what the journal counted, and blanks for what only people know. A4.

UNVERIFIED: neither the items nor their words were compared with 別記様式 of 公職選挙法施行規則. The items are those
that municipal manuals name; every page says that the draft is to be compared before use. Names of electors stand only
where the desk gives them, addresses never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from sanjo_tui.documents import sections
from sanjo_tui.documents.balance import BalanceLine, signed
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sections import Line, Part, Section, heads, height_of, signatures
from sanjo_tui.documents.sheet import Box, Sheet, label, value

FOOTNOTE = "素案。様式は公式の様式と照合してから使う。"

UNVERIFIED = ("様式（別記様式）の項目とその順", "署名の文", "選挙人名簿の対照の文", "立会人の参会・辞任・補充の書き方",
              "不在者投票の受理・不受理・拒否の書き方", "投票箱の開閉と送致の書き方")
"""What of this form was not compared with the official text."""

COLUMNS = ("contest", "electors", "voters", "proxy", "braille", "refused", "provisional", "exchanged", "returned",
           "taken_away", "absentee_accepted", "absentee_not_accepted", "absentee_refused", "by_judgement")
"""Keys of CSV and JSON; `electors` and `voters` are 男, 女, 計."""

WIDTH = 190.0
COMPILED = "この投票録は、上のとおり作り、投票管理者と立会人が署名します。"
"""Unverified wording."""

Three = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """投票管理者, 職務代理者 or 投票立会人: times as `HH:MM`; `remark` such as 補充."""

    role: str
    name: str
    came: str = ""
    left: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestFigures:
    """Counts of one contest at this place on this day. None: not known to the station, a blank for the pen."""

    contest: str
    electors: Three | None = None
    voters: Three = (0, 0, 0)
    proxy: int | None = None
    braille: int | None = None
    refused: int | None = None
    provisional: int | None = None
    exchanged: int | None = None
    returned: int | None = None
    taken_away: int | None = None
    absentee_accepted: int | None = None
    absentee_not_accepted: int | None = None
    absentee_refused: int | None = None
    by_judgement: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One event that the record names. `who`: 受付番号, 名簿番号 or a name; `by`: who decided or assisted."""

    at: str
    who: str = ""
    contests: tuple[str, ...] = ()
    text: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotBox:
    """A ballot box. Times as `HH:MM`, "" for the pen: found empty, locked, handed over for transport."""

    name: str
    empty_at: str = ""
    locked_at: str = ""
    sent_at: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VotingRecord:
    """`early`: 期日前投票録, else 投票録. `papers`: lines of the 照合表. `roll`: the roll that was compared, in words.

    `orders_to_leave`, `remarks`: what the place noted, in order of time. `oaths`: 宣誓書, sheets (期日前).
    """

    heading: Heading
    election: str
    early: bool
    day: str
    address: str = ""
    scheduled: str = ""
    opened: str = ""
    closed: str = ""
    roll: str = ""
    duties: tuple[Duty, ...] = ()
    contests: tuple[ContestFigures, ...] = ()
    proxies: tuple[Case, ...] = ()
    refusals: tuple[Case, ...] = ()
    provisionals: tuple[Case, ...] = ()
    exchanges: tuple[Case, ...] = ()
    absentees: tuple[Case, ...] = ()
    judgements: tuple[Case, ...] = ()
    orders_to_leave: tuple[Case, ...] = ()
    papers: tuple[BalanceLine, ...] = ()
    boxes: tuple[BallotBox, ...] = ()
    remarks: tuple[Case, ...] = ()
    oaths: int | None = None
    witnesses: int = 4

    @property
    def title(self) -> str:
        """期日前投票録 or 投票録."""
        return "期日前投票録" if self.early else "投票録"


def render(content: VotingRecord) -> Pdf:
    """A4, as many pages as the day needs."""
    pages = sections.paged(_sections(content), 25, 24, A4[1] - 20)
    return compose(content.heading, f"{content.title}（素案）", A4,
                   [partial(_page, content, parts, at == 0) for at, parts in enumerate(pages)], caution=True)


def _page(content: VotingRecord, parts: Sequence[Part], first: bool, sheet: Sheet) -> None:
    title(sheet, f"{content.title}（素案）" if first else f"{content.title}（素案・続き）", 15, 17)
    sections.draw(sheet, 10, parts)
    sheet.text(10, sheet.height - 16.2, FOOTNOTE, 8, font="gothic")


def _sections(content: VotingRecord) -> list[Section]:
    place = "期日前投票所" if content.early else "投票所"
    found = [
        _place(content, place),
        _duties(content.duties),
        Section(title="名簿の対照", whole=True, lines=(
            _wide("選挙人名簿（抄本）", content.roll, "名簿"), _wide("宣誓書", _sheets(content.oaths), "宣誓書"))
            if content.early else (_wide("選挙人名簿（抄本）", content.roll, "名簿"),)),
        _voters(content.contests), _counts(content.contests),
        _cases("代理投票と補助者", content.proxies, "補助者（2人）", "事由"),
        _cases("投票の拒否", content.refusals, "決めた人", "理由・立会人の意見"),
        _cases("仮投票", content.provisionals, "決めた人", "理由・立会人の意見"),
        _cases("用紙の再交付・引換・返付", content.exchanges, "受けた人", "内容"),
        _cases("不在者投票", content.absentees, "確かめた人", "処理・理由"),
        _cases("名簿に載らないが判決書などで投票した者", content.judgements, "決めた人", "根拠"),
        _cases("退出を命じた者", content.orders_to_leave, "命じた人", "理由", blanks=2),
        _papers(content.papers), _boxes(content.boxes),
        _cases("そのほかの事項", content.remarks, "記録した人", "内容", blanks=3),
        Section(title="署名", whole=True, note=COMPILED,
                lines=signatures(("投票管理者", "職務代理者", *("投票立会人",) * content.witnesses), WIDTH, 11)),
    ]
    return [replace(section, title=f"{at}　{section.title}") for at, section in enumerate(found, 1)]


def _sheets(count: int | None) -> str:
    return "　　　　枚" if count is None else f"{count:,} 枚"


def _wide(word: str, text: str, name: str) -> Line:
    return Line(height_of(text, 10, 152, 8), (label(38, word, 8.5), value(152, text, name, size=10)))


def _place(content: VotingRecord, place: str) -> Section:
    clock = "　　時　　分"
    return Section(title=f"選挙・{place}・日時", whole=True, lines=(
        _wide("選挙", content.election, "選挙"),
        _wide(place, "　".join(filter(None, (content.heading.place, content.address))), place),
        _wide("年月日", content.day, "年月日"),
        Line(8, (label(38, f"{place}を開いた時刻", 7.5, just=False),
                 value(57, content.opened or clock, "開いた時刻", size=10.5, font="gothic"),
                 label(38, f"{place}を閉じた時刻", 7.5, just=False),
                 value(57, content.closed or clock, "閉じた時刻", size=10.5, font="gothic"))),
        _wide("定められた時間", content.scheduled, "定められた時間")))


def _duties(duties: Sequence[Duty]) -> Section:
    blank = (Duty(role="", name=""),) * max(2, 6 - len(duties))
    rows = tuple(Line(7.4, (
        value(32, each.role, "職", size=9.5), value(58, each.name, "氏名", size=10.5),
        value(26, each.came, "参会", size=10, font="gothic", align="center"),
        value(26, each.left, "辞任", size=10, font="gothic", align="center"),
        value(48, each.remark, "備考", size=9))) for each in (*duties, *blank))
    return Section(title="投票管理者・職務代理者・投票立会人", lines=rows,
                   head=heads((32, "職"), (58, "氏名"), (26, "参会の時刻"), (26, "辞任・退出の時刻"),
                              (48, "補充・備考")))


def _number(width: float, count: int | None, name: str, size: float = 10.5) -> Box:
    return value(width, "" if count is None else f"{count:,}", name, size=size, font="gothic", align="right", pad=1)


def _voters(contests: Sequence[ContestFigures]) -> Section:
    rows = tuple(Line(8, (
        value(58, each.contest, "選挙名", size=10),
        *(_number(22, each.electors[at] if each.electors else None, each.contest) for at in range(3)),
        *(_number(22, each.voters[at], each.contest) for at in range(3)))) for each in contests)
    return Section(title="選挙人数と投票者数", whole=True, lines=rows,
                   note="人。空欄は、端末に数がないので手で書きます。",
                   head=heads((58, "選挙"), *((22, f"選挙人 {sex}") for sex in "男女計"),
                              *((22, f"投票者 {sex}") for sex in "男女計")))


KINDS = (("代理", "proxy"), ("点字", "braille"), ("拒否", "refused"), ("仮投票", "provisional"),
         ("再交付\n・引換", "exchanged"), ("返付", "returned"), ("持ち\n帰り", "taken_away"),
         ("不在者\n受理", "absentee_accepted"),
         ("不在者\n不受理", "absentee_not_accepted"), ("不在者\n拒否", "absentee_refused"),
         ("判決書\nなど", "by_judgement"))


def _counts(contests: Sequence[ContestFigures]) -> Section:
    rows = tuple(Line(8, (value(47, each.contest, "選挙名", size=9.5),
                          *(_number(13, getattr(each, key), each.contest, 10) for _, key in KINDS)))
                 for each in contests)
    return Section(title="内訳", whole=True, lines=rows, note="人。再交付・引換と返付は枚。",
                   head=heads((47, "選挙"), *((13, word) for word, _ in KINDS), size=7.5, height=8))


def _cases(word: str, cases: Sequence[Case], by: str, text: str, blanks: int = 1) -> Section:
    rows = [Line(max(height_of(each.text, 9, 64, 7.4), height_of("、".join(each.contests), 8.5, 40, 7.4)), (
        value(20, each.at, "時刻", size=9, font="gothic", align="center", pad=0.8), value(36, each.who, "番号", size=9),
        value(40, "、".join(each.contests), "選挙名", size=8.5), value(64, each.text, text, size=9),
        value(30, each.by, by, size=8.5))) for each in cases]
    first = "" if cases else "（記録なし）"
    rows += [Line(7.4, (value(20, ""), value(36, first if not at else "", size=8.5), value(40, ""), value(64, ""),
                        value(30, ""))) for at in range(blanks)]
    return Section(title=word, lines=tuple(rows), note=f"{len(cases)}件", whole=len(rows) < 4,
                   head=heads((20, "時刻"), (36, "番号・氏名"), (40, "選挙"), (64, text), (30, by)))


def _papers(papers: Sequence[BalanceLine]) -> Section:
    rows = []
    for each in papers:
        name, difference = f"{each.contest} {each.paper}", each.difference
        rows.append(Line(7.4, (
            value(48, each.contest, "選挙名", size=9.5), value(14, each.paper, size=9, align="center"),
            _number(19, each.delivered, name), _number(19, each.issued, name), _number(17, each.spoiled, name),
            _number(17, each.returned, name), _number(21, each.expected, name), _number(21, each.counted, name),
            value(14, "" if difference is None else signed(difference), name, size=11, font="gothic",
                  align="center")), dark=(8,) if difference else ()))
    return Section(title="投票用紙の受払", whole=True, lines=tuple(rows), note="枚。内容は照合表のとおり。",
                   head=heads((48, "選挙"), (14, "用紙"), (19, "受領"), (19, "交付"), (17, "書損"), (17, "回収"),
                              (21, "あるべき残"), (21, "数えた残"), (14, "差")))


def _boxes(boxes: Sequence[BallotBox]) -> Section:
    clock = "　時　分"
    rows = tuple(Line(8, (
        value(50, each.name, "投票箱", size=9.5),
        *(value(32, when or clock, "投票箱の時刻", size=10, font="gothic", align="center")
          for when in (each.empty_at, each.locked_at, each.sent_at)),
        value(44, each.remark, "投票箱の備考", size=8.5))) for each in boxes or (BallotBox(name=""),) * 3)
    return Section(title="投票箱の開閉と送致", lines=rows, whole=True,
                   head=heads((50, "投票箱"), (32, "空を確かめた時刻"), (32, "閉じた時刻"), (32, "送った時刻"),
                              (44, "鍵・封・備考")))
