"""図書番号 at the hall: who is open, which number, what Enter does."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.library.words import Standing
from sanjo_tui.wareki import short
from screens.panels import Hints, Panel, Pick
from screens.service import Stopped
from screens.verifying import verify
from screens.widgets import pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.library.hall import HallLook
    from sanjo_tui.receptions.identity import VerifiedBy
    from screens.library import LibraryScreen

STATES = {Standing.KNOWN: "前からの番号 (発行すると、この番号のまま)", Standing.ISSUED: "発行済み",
          Standing.SUSPENDED: "利用停止中"}
HAND_OVER = "   通知書を渡し、はじめて図書館に行くときに持って行くよう伝えます。"
REASONS = ("紛失", "本人の申出", "盗難", "死亡の届出")


async def hall(screen: LibraryScreen, opened: Opened) -> None:
    """Stopped, or the person is made sure of, then the number."""
    look = await screen.ask(screen.library.look, opened)
    if look.stop is not None:
        screen.ring()
        release = partial(lift, screen, opened) if look.stop.code == "SUPPRESSED" else None
        screen.show(Stopped(screen, look.stop, release=release))
        return

    async def verified(how: VerifiedBy) -> None:
        screen.show(Number(screen, opened, look, how))

    verify(screen, f"{shown_name(look.resident.name)} さん  {look.resident.birth_label}", verified,
           by_card=opened.link is not None)


async def lift(screen: LibraryScreen, opened: Opened) -> None:
    """F7: the responsible person lifts the stop for this reception."""
    from screens.releasing import release  # a form, and seldom

    if await release(screen, opened.who):
        await hall(screen, opened)


class Number(Panel):
    """Enter issues or renews; 1 switches ネット利用; F2 stops a number."""

    help = ("Enter で図書番号を発行します。もう番号のある方は、今の住所と有効期限で更新します。\n"
            "1 でインターネットの利用の希望を切り替えます。F2 で利用停止 (紛失など) にします。\n"
            "発行すると通知書が出ます。図書館には、次の申請データ一覧で伝わります。")

    def __init__(self, screen: LibraryScreen, opened: Opened, look: HallLook, how: VerifiedBy) -> None:
        super().__init__(screen)
        self.desk, self.opened, self.look, self.how = screen, opened, look, how
        self.web_use = look.holder.web_use if look.holder else False

    @property
    def renews(self) -> bool:
        """There is a number already."""
        return self.look.holder is not None and self.look.holder.standing is not Standing.KNOWN

    @override
    def verdict(self) -> Verdict:
        what = "更新します" if self.renews else "図書番号を発行します"
        return Verdict(Weight.READY, f"Enter で{what}", notes=(self.how.label, *self.opened.notes))

    @override
    def title(self) -> str:
        return f"{shown_name(self.look.resident.name)} さん"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        holder = self.look.holder
        until = self.look.valid_until or (holder.valid_until if holder else "")
        rows = (("図書番号", f"{holder.number}  {STATES[holder.standing]}" if holder else "まだありません"),
                ("有効期限", short(dt.date.fromisoformat(until)) if until else "カードがないため分かりません"),
                ("ネット利用", "希望する" if self.web_use else "希望しない"),
                ("前回の変更", holder.reason if holder and holder.reason else "なし"))
        lines = [Content("")]
        for label, text in rows:
            lines.append(Content.assemble((pad(f"   {label}", 16), "$faint"), shown(text)))
        return lines

    @override
    def hints(self) -> Hints:
        stop = (("F2", "利用停止"),) if self.renews and self.look.holder is not None \
            and self.look.holder.standing is Standing.ISSUED else ()
        enter = "更新" if self.renews else "発行"
        return (("Enter", enter), ("1", "ネット利用"), *stop, ("F5", "書類"), ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.desk.rest()
        elif character == "1":
            self.web_use = not self.web_use
        elif key == "enter":
            act = self.desk.library.renew if self.renews else self.desk.library.issue
            receipt = await self.desk.ask(partial(act, self.opened.who, link=self.opened.link, verified_by=self.how,
                                                  web_use=self.web_use))
            await self.desk.recorded(receipt, ["", HAND_OVER])

    async def suspend(self) -> None:
        """F2: why, by digit."""
        if not self.renews:
            return

        async def chosen(reason: str) -> None:
            await self.desk.recorded(await self.desk.ask(self.desk.library.suspend, self.opened.who, reason))

        async def back() -> None:
            self.desk.show(self)

        self.desk.show(Pick(self.desk, "利用停止の理由", [(reason, reason) for reason in REASONS], chosen, enter=False,
                            back=back, weight=Weight.CAUTION, prompt="理由を番号で選んでください",
                            notes=("次の申請データ一覧で図書館に伝わります",)))
