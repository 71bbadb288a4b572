"""罹災証明申請書, A4, filled in: what the desk knows, boxes for what it does not, a line to sign (docs §5).

世帯主, 罹災原因 and 被災住家の所在地 are what the unified form of 2024 makes mandatory.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import symbols
from sanjo_tui.documents.certificate.parts import Person, unconfirmed
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, RULE, Sheet, checks, label, value

LEFT, RIGHT = 15.0, 195.0
WIDE = RIGHT - LEFT
HEAD = 30.0
CONSENT = "ウのとき：被害の程度が「準半壊に至らない（一部損壊）」となることに同意します"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One 申請書. Empty texts leave room for the pen; `checked` are the choices that were made."""

    heading: Heading
    number: str
    kind: str
    to: str
    applied_on: str
    applicant_name: str
    applicant_relation: tuple[tuple[bool, str], ...]
    agent_name: str = ""
    present_place: str = ""
    phone: str = ""
    head_name: str
    head_address: str
    members: tuple[Person, ...]
    cause: str
    house_address: str
    parcel_no: str = ""
    house_key: str = ""
    tenure: tuple[tuple[bool, str], ...]
    owner: str = ""
    damage: str = ""
    flood_cm: str = ""
    method: tuple[tuple[bool, str], ...]
    self_rules: tuple[tuple[bool, str], ...]
    consent: bool = False
    photos: int = 0
    copies: int = 1
    purpose: str = ""
    ledger: tuple[tuple[bool, str], ...]
    identified: str = ""
    received_by: str = ""
    confirmed: bool = False


def render(content: Form) -> Pdf:
    """One page."""
    return compose(content.heading, f"{content.kind}交付申請書", A4, [partial(_page, content)])


def _page(content: Form, sheet: Sheet) -> None:
    title(sheet, f"{content.kind}交付申請書", 20, 17)
    sheet.text(LEFT, 31, content.to, 11)
    sheet.text(RIGHT, 31, content.applied_on or "令和　　年　　月　　日", 10.5, "right")
    sheet.text(LEFT, 38, "次のとおり申請します。", 9.5)
    rest = WIDE - HEAD
    half = rest / 2
    small = 22.0
    names = "　".join(f"{m.name}（{m.relationship}）{m.birth}".strip() for m in content.members[1:])
    y = sheet.table(LEFT, 42, [
        (9, [label(HEAD, "申請者氏名"), value(half, content.applicant_name, "申請者", size=12),
             label(small, "世帯主との\n関係", 8), checks(half - small, content.applicant_relation, size=8.5)]),
        (9, [label(HEAD, "代理人氏名"), value(half, content.agent_name, "代理人"), label(small, "電話", 8.5),
             value(half - small, content.phone, "電話")]),
        (9, [label(HEAD, "今いる所"), value(rest, content.present_place, "避難先")]),
        (10, [label(HEAD, "世帯主氏名"), value(rest, content.head_name, "世帯主", size=14)]),
        (10, [label(HEAD, "世帯主住所"), value(rest, content.head_address, "世帯主住所", size=11)]),
        (20, [label(HEAD, "世帯構成員\n（続柄、生年月日）", 8.5), value(rest, names, "世帯構成員", size=9.5)]),
        (9, [label(HEAD, "罹災原因"), value(rest, content.cause, "罹災原因", size=10.5)]),
        (11, [label(HEAD, "被災住家の\n所在地", 9), value(rest, content.house_address, "所在地", size=11.5)]),
        (9, [label(HEAD, "地番"), value(half, content.parcel_no, "地番"), label(small, "家屋番号", 8.5),
             value(half - small, content.house_key, "家屋番号", font="gothic")]),
        (9, [label(HEAD, "居住の関係"), checks(half, content.tenure, size=8.5), label(small, "所有者", 8.5),
             value(half - small, content.owner, "所有者")]),
        (24, [label(HEAD, "被害の状況"), value(rest, content.damage, "被害の状況")]),
        (9, [label(HEAD, "浸水の深さ"), value(half, content.flood_cm, "浸水"), label(small, "写真", 8.5),
             value(half - small, f"{content.photos} 枚" if content.photos else "　　枚", "写真")]),
        (9, [label(HEAD, "判定の方法"), checks(rest, content.method, size=8.5)]),
        (17, [label(HEAD, "自己判定のとき", 8.5), checks(rest, content.self_rules, (
            (content.consent, CONSENT),), size=8)]),
        (9, [label(HEAD, "希望する通数"), value(half, f"{content.copies} 通"), label(small, "使う目的", 8.5),
             value(half - small, content.purpose, "目的")]),
        (9, [label(HEAD, "被災者台帳"), checks(rest, content.ledger, size=8.5)]),
    ])
    y += 4
    sheet.text(LEFT, y + 3, "記載のとおり相違ありません。", 9.5)
    sheet.rect(LEFT + 78, y, WIDE - 78, 14, RULE)
    sheet.text(LEFT + 80, y + 3, "申請者署名", 8)
    y += 17
    _office(content, sheet, y)


def _office(content: Form, sheet: Sheet, y: float) -> None:
    high = 17.0
    sheet.rect(LEFT, y, WIDE, high, BOLD)
    sheet.text(LEFT + 2, y + 3, "受付欄", 8)
    sheet.text(LEFT + 2, y + 8.5, f"受付番号　{content.number}", 11, font="gothic", name="受付番号")
    sheet.fit(LEFT + 1, y + 11, 96, 5, f"本人確認　{content.identified}　受付者　{content.received_by}", 8.5, pad=1)
    if content.number:
        symbols.code128(sheet, RIGHT - 76, y + 3, 74, 11, content.number)
    if not content.confirmed:
        unconfirmed(sheet, y + high + 1.5, left=LEFT, right=RIGHT)
