"""UseridScreen: 利用者ID発行. Consent by digits, a number set aside, the card written or brought, read back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.userid.words import masked
from screens.panels import Hints, Paged, Panel
from screens.service import PaperChoice, ServiceScreen, Stopped
from screens.userid_card import Card
from screens.userid_tasks import TASKS, changes
from screens.verifying import verify
from screens.widgets import pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.userid.desk import Look, UseridDesk
    from sanjo_tui.receptions.identity import VerifiedBy
    from sanjo_tui.receptions.userid.setup import Setup

STEPS = ("", "   1  氏名か生年月日で本人を探す (利用者IDのあるカードは、かざしても開く)", "   2  本人を確かめる",
         "   3  使う業務を番号で選び、Enter で番号を予約する。申請書に署名してもらう",
         "   4  カードを読取機に置き、Enter で書き込む。読み戻せたら発行", "",
         "   途中で離れたカードは、F8 の発行の途中から続けるか、取りやめます")


class UseridScreen(ServiceScreen):
    """利用者ID発行."""

    RECEPTION = "userid"
    SEARCHES = "氏名 生年月日 宛名番号"
    READY = "氏名か生年月日を打って Enter"
    WITHOUT = "利用者IDのあるカードは、かざしても開きます"
    STEPS = STEPS
    HELP = ("利用者IDのないカードを持つ方を、氏名や生年月日で探します。\n"
            "本人を確かめ、使う業務を聞いて番号を予約します。\n"
            "同意は、はじめは何も選ばれていません。カードに書き込み、読み戻せたときだけ発行になります。\n"
            "停止、同意の変更と撤回、番号の連携は、本人を開いて F2 です。次にカードをかざしたときから効きます。")
    PAPERS = (("発行台帳", "userid.ledger", {}), ("日次一覧（今日）", "userid.day", {}))
    TASKS = TASKS

    @property
    def userid(self) -> UseridDesk:
        """Its own desk."""
        return cast("UseridDesk", self.service)

    @override
    def counted(self) -> str:
        return self.userid.counts()

    @override
    async def opened(self, opened: Opened) -> None:
        look = await self.ask(self.userid.look, opened)
        if look.stop is not None:
            self.ring()
            release = partial(self._lift, opened) if look.stop.code == "SUPPRESSED" else None
            self.show(Stopped(self, look.stop, release=release))
            return
        setup = await self.ask(self.userid.in_force)

        async def verified(how: VerifiedBy) -> None:
            if look.holder is not None and look.holder.pending:
                self.show(Card(self, look.resident, look.holder))
            else:
                self.show(Consent(self, opened, look, how, setup))

        verify(self, f"{shown_name(look.resident.name)} さん  {look.resident.birth_label}", verified,
               by_card=opened.link is not None)

    async def _lift(self, opened: Opened) -> None:
        """F7: the responsible person lifts the stop for this reception."""
        from screens.releasing import release  # a form, and seldom

        if await release(self, opened.who):
            await self.opened(opened)

    @override
    async def own_key(self, key: str) -> bool:
        if key == "f2" and isinstance(self.panel, Consent):
            changes(self.panel)
            return True
        return False

    @override
    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        who = panel.who if isinstance(panel, Consent | Card) else ""
        holder = panel.holder if isinstance(panel, Consent | Card) else None
        if not who or holder is None:
            return ()
        notice = (("利用者ID通知", "userid.notice", {"addressee_no": who}),) if holder.in_use else ()
        form = (("利用申請書兼同意書", "userid.consent", {"addressee_no": who}),) if holder.reception_no else ()
        return (*form, *notice)


class Consent(Paged):
    """Digits choose the services, none at first; Enter reserves a number. T: for the town's own tool; K: carry."""

    help = ("数字で、本人が同意した業務に印を付けます。はじめは何も付いていません。\n"
            "Enter で番号を予約し、申請書を印刷します。\n"
            "T で、市の書込みツールで書くときに切り替えます (読み戻しはここで行います)。\n"
            "カードを替えた方には、K で前の番号を引き継ぐか、新しい番号にするかを切り替えます。\n"
            "F2 で、停止、同意の変更と撤回、番号の連携を行います。")

    def __init__(self, screen: UseridScreen, opened: Opened, look: Look, how: VerifiedBy, setup: Setup) -> None:
        super().__init__(screen)
        self.desk, self.opened, self.look, self.how, self.setup = screen, opened, look, how, setup
        self.chosen: set[str] = set()
        self.by_tool = self.carry = False
        self.who, self.holder = opened.who, look.holder

    @property
    def replaces(self) -> bool:
        """There is a live number."""
        return bool(self.look.register_id) if self.holder is None else self.holder.live

    @override
    def count(self) -> int:
        return len(self.setup.scopes)

    @override
    def verdict(self) -> Verdict:
        if not self.chosen:
            return Verdict(Weight.NOTICE, "同意した業務を番号で選んでください",
                           notes=(self.how.label, *self.opened.notes))
        what = "前の番号を新しいカードに引き継ぎます" if self.carry else (
            "新しい番号に替えます" if self.replaces else "利用者IDを予約します")
        return Verdict(Weight.READY, f"Enter で{what}", notes=(self.how.label, *self.opened.notes))

    @override
    def title(self) -> str:
        return f"{shown_name(self.look.resident.name)} さん"

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        one = self.setup.scopes[index]
        on = one.code in self.chosen
        text = pad(f" {mark} [{'x' if on else ' '}] {one.label}", width)
        return Content(text).stylize("$chosen") if on else Content(text)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        holder = self.holder
        now = f"{masked(holder.user_id)} {holder.status.label}" if holder and holder.user_id else (
            f"{masked(self.look.register_id)} 住基の番号" if self.look.register_id else "まだありません")
        scope = "・".join(self.setup.label_of(code) for code in holder.consent_scope) if holder else ""
        way = "市のツールで書く" if self.by_tool else "ここで書く"
        way += "・番号を引き継ぐ" if self.carry else ""
        more = self.more()
        return [Content(pad(shown(f" {way}  今の番号 {now}  {scope}"), width)),
                *self.rows(width, height - 1 - bool(more)), *([Content(more)] if more else [])]

    @override
    def hints(self) -> Hints:
        carry = (("K", "引継ぎ"),) if self.replaces else ()
        change = (("F2", "停止・撤回"),) if self.replaces or self.holder is not None else ()
        return (("数字", "業務"), ("Enter", "予約"), ("T", "書き方"), *carry, *change, ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.desk.rest()
        elif self.move(key):
            return
        elif (index := self.digit(character)) is not None:
            self.chosen ^= {self.setup.scopes[index].code}
        elif character == "t":
            self.by_tool = not self.by_tool
        elif character == "k" and self.replaces:
            self.carry = not self.carry
        elif key == "enter" and not self.chosen:
            self.desk.warn("同意した業務がありません", "本人に聞いて、番号で選んでください")
        elif key == "enter":
            await self.desk.ask(partial(
                self.desk.userid.reserve, self.who, verified_by=self.how, consent=tuple(sorted(self.chosen)),
                by_tool=self.by_tool, carry=self.carry, link=self.opened.link))
            holder = await self.desk.ask(self.desk.userid.pending, self.who)
            await self.desk.refresh_facts()
            self.desk.show(Card(self.desk, self.look.resident, holder))
