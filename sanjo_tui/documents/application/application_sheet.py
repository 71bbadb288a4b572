"""申請書の写真台紙, A4: the applicant as the register has them, the photo in its size, a line to sign.

It goes with the official form (申請書ID) and takes its place nowhere. No 暗証番号 is asked for.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, HAIR, MM, RULE, Sheet, checks, label, value

LEFT, RIGHT = 15.0, 195.0
WIDE = RIGHT - LEFT
HEAD = 34.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSheet:
    """`photo` is a JPEG, None where none is needed; sizes in mm. Choices are (on, words)."""

    heading: Heading
    number: str
    application_form_id: str
    applied_on: str
    name: str
    kana: str
    alias: str = ""
    birth: str
    sex: tuple[tuple[bool, str], ...]
    postal_code: str = ""
    address: str
    phone: str = ""
    photo: bytes | None
    photo_width: float = 35
    photo_height: float = 45
    photo_note: str = ""
    points: tuple[tuple[bool, str], ...] = ()
    checked_by: str = ""
    method: tuple[tuple[bool, str], ...]
    certificates: tuple[tuple[bool, str], ...]
    braille: tuple[tuple[bool, str], ...]
    documents: tuple[tuple[bool, str], ...]
    ward: str = ""
    representative: str = ""
    relation: str = ""
    valid_until: str = ""
    certificates_until: str = ""
    leaving: bool = False
    received_by: str = ""
    identified: str = ""
    sample: bool = False
    unverified: str = ""


def render(content: ApplicationSheet) -> Pdf:
    """One page."""
    return compose(content.heading, "個人番号カード交付申請 写真台紙", A4, [lambda sheet: _page(content, sheet)],
                   caution=True)


def _page(content: ApplicationSheet, sheet: Sheet) -> None:
    title(sheet, "個人番号カード交付申請書 台紙", 20, 16)
    sheet.text(LEFT, 31, f"{content.heading.municipality}長　様", 11)
    sheet.text(RIGHT, 31, content.applied_on, 10.5, "right")
    _photo(content, sheet)
    room = WIDE - content.photo_width - 8
    narrow, rest = room - HEAD, WIDE - HEAD
    y = sheet.table(LEFT, 38, [
        (11, [label(HEAD, "申請書ID"), value(narrow, grouped(content.application_form_id), "申請書ID", size=12,
                                            font="gothic")]),
        (14, [label(HEAD, "氏名"), value(narrow, content.name, "氏名", size=15, above=content.kana)]),
        (9, [label(HEAD, "通称"), value(narrow, content.alias, "通称")]),
        (10, [label(HEAD, "生年月日"), value(narrow, content.birth, "生年月日", size=11)]),
        (8, [label(HEAD, "性別"), checks(narrow, content.sex, size=9)]),
    ])
    y = max(y, 38 + content.photo_height + 14) + 4
    half, small = rest / 2, 24.0
    y = sheet.table(LEFT, y, [
        (13, [label(HEAD, "住所"), value(rest, _addressed(content), "住所", size=11)]),
        (9, [label(HEAD, "電話番号"), value(rest, content.phone, "電話", font="gothic")]),
        (9, [label(HEAD, "申請の方法"), checks(rest, content.method, size=9)]),
        (9, [label(HEAD, "本人確認書類"), checks(rest, content.documents, size=9)]),
        (9, [label(HEAD, "電子証明書"), checks(rest, content.certificates, size=9)]),
        (9, [label(HEAD, "点字の氏名"), checks(rest, content.braille, size=9)]),
        (11, [label(HEAD, "代理人氏名"), value(half, content.representative, "代理人", size=11),
              label(small, "関係", 9), value(half - small, " ".join(part for part in (content.relation, (
                  f"({content.ward})" if content.ward else "")) if part), "関係", size=9)]),
        (10, [label(HEAD, "有効期限の見込み", 8), value(half, content.valid_until, "有効期限"),
              label(small, "電子証明書", 8.5), value(half - small, content.certificates_until, "電子証明書の期限")]),
        (16, [label(HEAD, "写真の確認"), checks(rest, content.points[:3], content.points[3:], size=8.5)]),
    ])
    y += 4
    sheet.text(LEFT, y + 3, "記載のとおり、個人番号カードの交付を申請します。", 9.5)
    y += 8
    sheet.rect(LEFT, y, WIDE, 20, RULE)
    sheet.text(LEFT + 2, y + 4, "申請者（代理人）署名", 8)
    sheet.text(RIGHT - 62, y + 10, "令和　　　年　　　月　　　日", 9.5)
    _office(content, sheet, y + 24)


def _addressed(content: ApplicationSheet) -> str:
    """`〒955-0081　旭町１丁目２番３号`."""
    code = content.postal_code
    parted = f"{code[:3]}-{code[3:]}" if len(code) == 7 and code.isdigit() else code
    return f"〒{parted}　{content.address}" if code else content.address


def grouped(application_form_id: str) -> str:
    """23 digits in groups of four, as people compare them."""
    return " ".join(application_form_id[at:at + 4] for at in range(0, len(application_form_id), 4))


def _photo(content: ApplicationSheet, sheet: Sheet) -> None:
    x, y, w, h = RIGHT - content.photo_width, 38.0, content.photo_width, content.photo_height
    if content.photo is None:
        sheet.fit(x, y, w, h, content.photo_note or "写真", 10, "center")
    else:
        from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]

        sheet.canvas.drawImage(ImageReader(io.BytesIO(content.photo)), sheet.px(x), sheet.py(y + h), w * MM, h * MM)
    sheet.rect(x, y, w, h, HAIR)
    size = f"縦{content.photo_height:g}ミリ　横{content.photo_width:g}ミリ"
    sheet.fit(x - 4, y + h + 0.5, w + 8, 4, size, 7, "center")
    if content.checked_by:
        checked = f"写真確認　{content.checked_by}"
        sheet.fit(x - 4, y + h + 4.5, w + 8, 4, checked, 7, "center", "gothic", name="写真確認")


def _office(content: ApplicationSheet, sheet: Sheet, y: float) -> None:
    high = 20.0
    sheet.rect(LEFT, y, WIDE, high, BOLD)
    sheet.text(LEFT + 2, y + 3.5, "受付欄", 8)
    sheet.text(LEFT + 2, y + 9.5, f"受付番号　{content.number}", 11, font="gothic", name="受付番号")
    sheet.fit(LEFT + 1, y + 12.5, 98, 5.5, f"本人確認　{content.identified}　受付者　{content.received_by}", 8.5, pad=1)
    symbols.code128(sheet, RIGHT - 76, y + 4, 74, 12, content.number)
    notes = [word for word, on in (
        ("転出の予定あり（カードを受け取れないことがあると説明済み）", content.leaving), ("見本の設定", content.sample),
        (content.unverified, bool(content.unverified))) if on]
    if notes:
        sheet.fit(LEFT, y + high + 1, WIDE, 5, "　".join(notes), 8, font="gothic", pad=0)
