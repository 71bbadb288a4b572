"""F8 and F9: the rarer tasks of a shelter, each in place: inquiries, lists, merging, cards, closing, taking back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.shelter.rows import name_on_list
from screens import shelter_forms as forms
from screens.form import Field, FormScreen
from screens.panels import Hints, Panel, Pick, Reading, table
from screens.shelter_household import Household, Recorded
from screens.shelter_people import present_row
from screens.widgets import shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.questions import Latest
    from sanjo_tui.desk.shelter import ShelterDesk
    from sanjo_tui.receptions.shelter.state import Presence
    from screens.desk import DeskScreen
    from screens.shelter import ShelterScreen

REASONS = ("押しまちがい", "人違い", "来ていない人を記録した", "二重に記録した")


def menu(screen: ShelterScreen) -> None:
    """F8."""
    options: list[tuple[str, Any]] = [
        ("安否の問い合わせに答える (親族など)", inquiry), ("外出から戻らない方", overdue),
        ("まだ確認できていない方", unconfirmed), ("紙の受付票を入力する", paper),
        ("名寄せ (仮登録と住民を合わせる)", merge),
        ("配ったカードの結び付けを外す", unbind), ("印刷の状態・再発行", jobs), ("住基の写しの状態", register),
        ("避難所を閉鎖する", closing)]

    async def picked(task: Any) -> None:
        await task(screen)

    screen.show(Pick(screen, "その他の仕事", options, picked, back=_rest(screen)))


def _rest(screen: ShelterScreen) -> Any:
    before = screen.panel if isinstance(screen.panel, Household | Recorded) else None

    async def back() -> None:
        if before is not None:
            screen.show(before)
        else:
            screen.rest()

    return back


def _listed(shelter: ShelterDesk, form: str, keep: Callable[[Presence], bool]) -> list[Presence]:
    """People of this episode, logged as a list before they are shown."""
    people = [p for p in shelter.presences().values() if keep(p)]
    shelter.list_made(form, len(people))
    return people


class Expecting(Panel):
    """Waits for a person's name or a card, for a task that was chosen from a menu."""

    def __init__(self, screen: ShelterScreen, sentence: str, title: str, *, on_text: Any = None, on_card: Any = None,
                 note: str = "") -> None:
        super().__init__(screen)
        self.takes_text, self.takes_tap = on_text is not None, on_card is not None
        self._sentence, self._title, self._on_text, self._on_card, self._note = sentence, title, on_text, on_card, note
        self.help = f"{title}: {sentence}。\nやめるときは Esc。何も記録されません。"

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.READY, self._sentence, notes=(self._note,) if self._note else ())

    @override
    def title(self) -> str:
        return self._title

    @override
    def hints(self) -> Hints:
        return ((("Enter", "探す"),) if self.takes_text else ()) + (("Esc", "やめる"),)

    @override
    async def search(self, text: str) -> None:
        await self._on_text(text)

    @override
    async def tap(self, seen: CardSeen) -> None:
        await self._on_card(seen)


async def undo(screen: ShelterScreen) -> None:
    """F9: which of the latest receptions, and why."""
    latest: tuple[Latest, ...] = await screen.ask(screen.shelter.undoable, 9)
    back = _rest(screen)

    async def take_back(one: Latest, reason: str | None) -> None:
        if reason is None:
            answers = await screen.sanjo.push_screen_wait(FormScreen("取消の理由", [
                Field(key="reason", label="理由", required=True)], enter="取消"))
            if answers is None:
                return
            reason = answers["reason"]
        receipt = await screen.ask(screen.shelter.undo, one.number, reason)
        await screen.recorded(receipt)

    async def chosen(one: Latest) -> None:
        why: list[tuple[str, str | None]] = [(reason, reason) for reason in REASONS]
        why.append(("そのほか(書く)", None))
        screen.show(Pick(screen, f"取消: {one.at} {shown(one.text)}", why, partial(take_back, one), enter=False,
                         prompt="取消の理由を番号で選んでください", back=back, weight=Weight.CAUTION))

    options = [(f"{one.at}  {shown(one.text)}  {one.operator}", one) for one in latest]
    screen.show(Pick(screen, "取消: どの受付ですか", options, chosen, prompt="取り消す受付を番号で選んでください",
                     enter=False, back=back, weight=Weight.CAUTION, empty="取り消せる受付はありません",
                     help="取り消しても記録は消えません。理由と一緒に残り、名簿と人数は取消の前に戻ります。"))


async def inquiry(screen: ShelterScreen) -> None:
    """安否照会: who is asked after, who asks; the answer says only what consent allows."""

    async def ask_about(person: str) -> None:
        answers = await screen.sanjo.push_screen_wait(FormScreen("安否の問い合わせ", [
            Field(key="asker", label="聞いた人", required=True, hint="氏名"),
            Field(key="relation", label="間柄", required=True, hint="本人の子、職場 など")],
            enter="答えを見る", note="相手の氏名と間柄を聞いてから答えます。問い合わせは記録されます。"))
        if answers is None:
            return
        answer = await screen.ask(screen.shelter.inquire, person, answers["asker"], answers["relation"])
        screen.show(Reading(screen, "お答えする言葉", [Content.assemble((answer.sentence, "bold")), "",
                            "この言葉のほかは答えません。同意がない方のことは、いるともいないとも言いません。"],
                            sentence="答えてよい内容です" if answer.allowed else "お答えできません",
                            weight=Weight.READY if answer.allowed else Weight.CAUTION))

    async def named(text: str) -> None:
        people = await screen.ask(screen.shelter.find_present, text)
        if not people:
            await ask_about("")
            return
        width, today = screen.size.width - 5, screen.desk.today()
        options = [(present_row(p, width, today), p.person) for p in people]
        screen.show(Pick(screen, "問い合わせの方", options, ask_about,
                         notes=("画面を相手に見せないでください",)))

    screen.show(Expecting(screen, "だれの安否ですか。氏名かかなを入れて Enter", "安否の問い合わせ", on_text=named,
                          note="画面を相手に見せないでください"))


async def overdue(screen: ShelterScreen) -> None:
    """People on leave past the time they named; picking one opens them for 帰所."""
    people: tuple[Presence, ...] = await screen.ask(screen.shelter.overdue)
    width, today = screen.size.width - 5, screen.desk.today()
    options = [(present_row(p, width, today, listed=True), p.person) for p in people]
    screen.show(Pick(screen, f"戻る時刻を過ぎた方 {len(people)}人", options, screen.open_key,
                     prompt="番号を押すとその方を開きます", empty="戻る時刻を過ぎた方はいません"))


async def unconfirmed(screen: ShelterScreen) -> None:
    """未確認者 by town, as far as this station knows."""
    people = await screen.ask(screen.shelter.unconfirmed)
    rows = [(shown(p.town), shown_name(p.name), p.age, p.sex, shown(p.relationship), p.known) for p in people]
    lines = table((("町内", 18), ("氏名", 22), ("年齢", 5), ("性", 2), ("続柄", 8), ("消息", 14)), rows,
                  screen.size.width - 2)

    async def to_paper() -> None:
        from screens import shelter_papers

        screen.rest()
        await shelter_papers.send(screen, "unconfirmed", {})

    screen.show(Reading(screen, f"まだ確認できていない方 {len(people)}人", lines, on_enter=("リストを印刷", to_paper)))


async def paper(screen: ShelterScreen) -> None:
    """A blank form that was filled in by hand."""
    screen.rest()
    await forms.unknown_person(screen, paper=True)


async def merge(screen: ShelterScreen) -> None:
    """名寄せ: a provisional record, the resident it is, and the second person who checked."""
    people = await screen.ask(_listed, screen.shelter, "provisional", lambda p: p.provisional and not p.merged_into)
    width, today = screen.size.width - 5, screen.desk.today()

    async def approve(provisional: Presence, resident: str) -> None:
        answers = await screen.sanjo.push_screen_wait(FormScreen("名寄せ", [
            Field(key="approval", label="確認した人", required=True, hint="あなた以外の職員の氏名")], enter="合わせる",
            note=f"仮登録 {provisional.person} を住民 {resident} として記録します。二人で確かめてください。"))
        if answers is not None:
            receipt = await screen.ask(screen.shelter.merge, provisional.person, resident, answers["approval"])
            await screen.recorded(receipt)

    async def chosen(provisional: Presence) -> None:
        wait = Expecting(screen, "住民の氏名・かな・生年月日を入れて Enter",
                         f"名寄せ: {provisional.person} {shown(provisional.seen.name)}", on_text=None)
        wait.takes_text = True

        async def named(text: str) -> None:
            await screen.search_for(text, partial(approve, provisional), wait, residents_only=True)

        wait._on_text = named
        screen.show(wait)

    screen.show(Pick(screen, "名寄せ: 仮登録の方", [(present_row(p, width, today), p) for p in people], chosen,
                     empty="仮登録の方はいません", prompt="身元の分かった仮登録を選んでください"))


async def unbind(screen: ShelterScreen) -> None:
    """返却: a handed-out card stands for nobody any more."""

    async def tapped(seen: CardSeen) -> None:
        await screen.ask(screen.desk.unbind, seen, "返却")
        screen.rest()
        screen.tell("カードの結び付けを外しました", "このカードは、ほかの方に渡せます")

    screen.show(Expecting(screen, "返してもらったカードをかざしてください", "カードの結び付けを外す", on_card=tapped))


async def jobs(screen: ShelterScreen) -> None:
    """Print jobs."""
    from screens.shelter_jobs import jobs as show

    await show(screen)


async def register(screen: ShelterScreen) -> None:
    """The register in use."""
    from screens.register import lines_of

    screen.show(Reading(screen, "住基の写しの状態", lines_of(screen.desk, screen.sanjo.header())))


async def closing(screen: ShelterScreen) -> None:
    """閉鎖: with nobody inside, or with everybody who is handed over by list."""
    still = await screen.ask(_listed, screen.shelter, "remaining",
                             lambda p: p.counted and p.shelter == screen.shelter.here)

    async def close(transfer: bool | None) -> None:
        if transfer is None:
            screen.rest()
            return
        await screen.ask(screen.shelter.close_shelter, "", transfer)
        await screen.refresh_facts()
        screen.rest()
        heads = await screen.ask(screen.desk.journal.heads)
        ends = [f"記録の末尾 {h.groups} を名簿に書き写します" for h in heads if h.station == screen.desk.station.code]
        screen.tell("閉鎖しました", "名簿と報告書は F5", *ends)

    names = "、".join(shown_name(name_on_list(p)) for p in still[:12])
    more = f" ほか{len(still) - 12}人" if len(still) > 12 else ""
    options: list[tuple[str, bool | None]] = [("やめる", None)]
    how = f"{len(still)}人を名簿で引き継いで閉鎖する" if still else "閉鎖する"
    options.append((how, bool(still)))
    notes = (f"まだいる方: {names}{more}",) if still else ()
    screen.show(Pick(screen, "避難所の閉鎖", options, close, enter=False, weight=Weight.CAUTION, notes=notes,
                     prompt=f"まだ{len(still)}人います。閉鎖しますか" if still else "閉鎖しますか"))


def demo_cards(screen: DeskScreen) -> None:
    """F12 in a drill: cards of the built-in reader; a digit puts one on it."""
    cards = screen.sanjo.parts.demo_cards()
    if not cards:
        screen.warn("F12 は練習でだけ使えます")
        return
    before = screen.panel

    async def tap(card: str) -> None:
        screen.show(before)
        await screen.ask(screen.sanjo.parts.tap, card)

    async def back() -> None:
        screen.show(before)

    screen.show(Pick(screen, "練習用のカード", [(name, card) for card, name in cards], tap, back=back,
                     prompt="かざすカードを番号で選んでください",
                     help="番号を押すと、そのカードをリーダーにかざしたことになります。\n"
                          "別の端末からは sanjo-tui tap カード名 でもかざせます。"))
