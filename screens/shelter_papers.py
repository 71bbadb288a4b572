"""F5 and F6: the shelter's documents, and the numbers of the report on the screen before they are printed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Weight
from screens.panels import Pick, Reading
from screens.shelter_household import Household, Recorded
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.receptions.shelter.lists import Figures
    from screens.shelter import ShelterScreen

LISTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("避難者名簿 (運営用)", "roster", {}),
    ("避難者名簿 (掲示用: 公表に同意した方だけ)", "posting", {}),
    ("未確認者リスト (町内別)", "unconfirmed", {}),
    ("避難所状況報告書", "report", {}),
    ("白紙の受付票 10枚 (番号入り、停電用)", "blanks", {"count": 10}),
    ("外出・外泊の名簿", "leave", {}),
    ("車中泊の名簿", "cars", {}),
    ("ペット台帳", "pets", {}),
    ("物資の配布簿", "supplies", {}),
    ("物資の要望票", "requests", {}),
    ("退所者の一覧", "departures", {}))
"""Label, form and parameters of every list."""


def form_name(form: str) -> str:
    """What a form is called; its module draws pages and is loaded with the first paper."""
    from sanjo_tui.desk.papers import FORM_NAMES

    return FORM_NAMES.get(form, form)


async def menu(screen: ShelterScreen) -> None:
    """F5: documents of the household on the screen first, then the shelter's lists."""
    panel = screen.panel
    options: list[tuple[str, tuple[str, dict[str, Any]]]] = []
    if isinstance(panel, Household | Recorded) and panel.look is not None and panel.look.registration_no:
        look = panel.look
        title = shown(look.title)
        options = [(f"避難者カード: {title}", ("card", {"household": look.household_key})),
                   (f"受付票: {title}", ("tag", {"registration_no": look.registration_no}))]
        if any(m.presence and m.presence.with_needs for m in look.members):
            options.append((f"要配慮者引継票: {title}", ("handover", {"household": look.household_key})))
    options += [(label, (form, parameters)) for label, form, parameters in LISTS]

    async def picked(choice: tuple[str, dict[str, Any]]) -> None:
        await send(screen, choice[0], choice[1])
        screen.show(panel)

    async def back() -> None:
        screen.show(panel)

    screen.show(Pick(screen, "名簿・書類", options, picked, prompt="印刷する書類を番号で選んでください", back=back,
                     help="番号を押すと印刷に回ります。受付の画面に戻って、印刷を待たずに仕事を続けられます。\n"
                          "印刷の状態と再発行は F8 その他にあります。"))


async def send(screen: ShelterScreen, form: str, parameters: dict[str, Any]) -> None:
    """Records that the document is due and says so."""
    job = await screen.ask(partial(screen.shelter.print, form, **parameters))
    await screen.refresh_facts()
    printer = screen.desk.station.printer
    note = f"番号 {job}。印刷の状態は F8" if printer else "プリンターの設定がありません。設定すると印刷されます"
    screen.tell(f"{form_name(form)}を印刷に回しました", note)


async def report(screen: ShelterScreen) -> None:
    """F6: the figures now; Enter prints 状況報告書."""
    panel = screen.panel
    figures = await screen.ask(screen.shelter.figures)

    async def sheet() -> None:
        screen.show(panel)
        await send(screen, "report", {})

    screen.show(Report(screen, panel, figures, sheet))


class Report(Reading):
    """状況報告 on the screen: to read out over the telephone, and to print."""

    help = "今の人数です。電話や無線では、上から順に読み上げます。Enter で報告書を印刷、Esc で戻ります。"

    def __init__(self, screen: ShelterScreen, before: Any, figures: Figures, sheet: Any) -> None:
        super().__init__(screen, f"避難所状況  {figures.at.replace('T', ' ')} 現在", lines_of(figures),
                         on_enter=("報告書を印刷", sheet), weight=Weight.NOTICE)
        self._before = before

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.show(self._before)
        else:
            await super().key(key, character)


def lines_of(f: Figures) -> list[str | Content]:
    """The report's numbers in the order of the paper."""
    def pairs(label: str, numbers: tuple[tuple[str, int], ...]) -> str:
        said = "  ".join(f"{name} {number}" for name, number in numbers if number) or "なし"
        return pad(label, 10) + said

    return [
        Content.assemble((f"避難者 {f.people}人  {f.households}世帯", "bold"),
                         f"   男 {f.male}  女 {f.female}  不明 {f.sex_unknown}"
                         + (f"   定員 {f.capacity}" if f.capacity else "")),
        pairs("年齢", f.by_age), pairs("滞在", f.by_stay), pairs("要配慮", f.by_need),
        f"要配慮者 {f.with_needs}人  けが・病気 {f.injured}人  乳児 {f.infants}人  仮登録 {f.provisional}人",
        f"外出中 {f.on_leave}人  退所 {f.departed}人  安否だけ確認 {f.accounted}人",
        f"食事 {f.meals}食  ペット {f.pets}匹"]
