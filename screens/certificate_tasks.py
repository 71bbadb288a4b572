"""F2 and F8 of the certificate desk: opening and closing, what waits, taking surveys in, telling a forgery."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.certificate.words import State
from sanjo_tui.receptions.lookups import REASONS
from sanjo_tui.wareki import wareki
from screens import why
from screens.certificate_forms import Typed
from screens.form import Field, FormScreen
from screens.panels import Pick, Reading
from screens.shelter_people import hit_row
from screens.widgets import row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.certificate.desk import CertificateDesk
    from sanjo_tui.register.people import Found
    from screens.certificate import CertificateScreen
    from screens.service import Task


def counts(desk: CertificateDesk) -> str:
    """申請, what waits, what was handed over; "" before the reception of a disaster begins."""
    opening = desk.opening()
    if opening is None:
        return "受付を始めていません。F2 で始めます" if desk.disaster else "災害の設定がありません"
    with desk.desk.journal.view() as view:
        found = desk.applications(view)
    by = Counter(a.state for a in found)
    waiting = by[State.WAITING] + by[State.SURVEYED] + by[State.SELF_REVIEW] + by[State.RESURVEY]
    again = sum(a.is_open and a.needs_reissue for a in found)
    closed = "" if opening.is_open else " 受付終了"
    return (f"{shown(opening.name)}{closed}  申請{len(found)} 待ち{waiting} 発行可{by[State.DECIDED]}"
            f" 交付済{by[State.HANDED]}" + (f" 要再交付{again}" if again else ""))


async def opening(screen: CertificateScreen) -> None:
    """F2: 受付開始 or 終了."""
    desk = screen.certificates
    now, disaster = await screen.ask(desk.opening), await screen.ask(lambda: desk.disaster)
    if disaster is None:
        screen.warn("災害の設定がありません。情報担当が certificate load で読み込みます")
        return
    going = now is not None and now.is_open

    async def picked(yes: bool) -> None:
        if yes:
            await screen.ask(desk.close_disaster if going else desk.open_disaster)
            await screen.refresh_facts()
        screen.rest()
        if yes:
            screen.tell("受付を終えました" if going else "受付を始めました", shown(disaster.name))

    act = "受付を終える" if going else "受付を始める (災害の日の住基と家屋を固定する)"
    title = f"{shown(disaster.name)}  {wareki(disaster.day)}"
    screen.show(Pick(screen, title, [(act, True), ("やめる", False)], picked, enter=False, weight=Weight.CAUTION,
                     prompt="番号で選んでください"))


async def release(screen: CertificateScreen, opened: Opened) -> None:
    """F7 on a stop: the responsible person lifts it for one reception."""
    fields = [Field(key="reason", label="理由", required=True, options=tuple(REASONS.items()))]
    if screen.desk.keys.operators():
        fields += [Field(key="verifier", label="責任者の番号", required=True),
                   Field(key="pin", label="暗証番号", required=True, secret=True)]
    answers = await screen.sanjo.push_screen_wait(FormScreen("責任者による解除", fields, enter="解除"))
    if answers is None:
        return
    await screen.ask(partial(screen.desk.release, opened.who, answers["reason"], answers.get("verifier", ""),
                             answers.get("pin", "")))
    await screen.opened(opened)


async def _read(screen: CertificateScreen, name: str, title: str, heads: Sequence[tuple[str, int]],
                keys: Sequence[str]) -> None:
    panel = screen.panel
    rows: list[Any] = await screen.ask(screen.certificates.rows, name)
    widths = [w for _, w in heads]
    lines = [row(heads, screen.size.width - 2, "bold")]
    lines += [row([(shown_name(str(getattr(one, key))), w) for key, w in zip(keys, widths, strict=True)],
                  screen.size.width - 2) for one in rows]

    async def back() -> None:
        screen.show(panel)

    text: list[str | Content] = [*lines] if rows else ["今はありません。"]
    screen.show(Reading(screen, f"{title}  {len(rows)}件", text, back=back))


async def moved(screen: CertificateScreen) -> None:
    """Somebody who lived here on the day and moved away since: found in the register of the day."""
    panel, desk = screen.panel, screen.certificates

    async def back() -> None:
        screen.show(panel)

    async def picked(number: str) -> None:
        await screen.opened(await screen.ask(desk.open_then, number))

    async def listed(text: str, found: Found) -> None:
        width, today = screen.size.width - 5, screen.desk.today()
        screen.show(Pick(screen, f"「{shown(text)}」 {len(found.hits)}人 (災害の日)",
                         [(hit_row(hit, width, today), hit.resident.addressee_no) for hit in found.hits], picked,
                         enter=False, prompt="本人を番号で選んでください", back=back, empty="見つかりません"))

    async def typed(text: str) -> None:
        await why.search(screen, desk.search_then, text, partial(listed, text), back)

    screen.show(Typed(screen, "災害の日にいた方の氏名や生年月日を打って Enter", "転出した方を探す", typed, back=back))


async def waiting(screen: CertificateScreen) -> None:
    """要再交付 and bindings to confirm."""
    await _read(screen, "waiting", "要再交付・家屋の確認待ち",
                [("受付番号", 17), ("世帯主", 18), ("すること", 14), ("判定", 24)],
                ("number", "head_name", "what", "now"))


async def requested(screen: CertificateScreen) -> None:
    """What waits for a survey."""
    await _read(screen, "requested", "調査待ち",
                [("図", 7), ("受付番号", 17), ("所在地", 30), ("世帯主", 18)],
                ("map_sheet", "number", "address", "head_name"))


async def loose(screen: CertificateScreen) -> None:
    """Surveys that fit nothing."""
    await _read(screen, "loose", "合わない調査データ", [("調査番号", 12), ("家屋", 16), ("程度", 16), ("わけ", 34)],
                ("survey_no", "house", "grade", "why"))


async def verify(screen: CertificateScreen) -> None:
    """真偽の確認: the QR code is scanned, or the number typed."""
    panel = screen.panel

    async def typed(text: str) -> None:
        good, sentence = await screen.ask(screen.certificates.verify, text)
        screen.show(panel)
        (screen.tell if good else screen.warn)(sentence.removesuffix("。"))

    screen.show(Typed(screen, "証明書の QR コードを読むか、番号を打って Enter", "証明書の真偽", typed))


TASKS: tuple[tuple[str, Task], ...] = (
    ("転出した方を探す(災害の日の住基)", moved),
    ("要再交付・家屋の確認待ち", waiting), ("調査待ちの一覧", requested), ("合わない調査データ", loose),
    ("証明書の真偽を確かめる", verify))
