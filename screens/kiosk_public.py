"""The residents' own kiosk: one question at a time in large, plain words; the card's own PIN; back to the start alone.

Whoever stands behind learns nothing: no list of people, no name. Untouched for a while, everything is forgotten. The
PIN goes to the card and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy
from sanjo_tui.receptions.kiosk.rules import Wish
from sanjo_tui.receptions.kiosk.setup import Offer
from sanjo_tui.receptions.kiosk.words import Channel, PinResult, Tender, Whom
from screens.panels import Hints, Panel
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.cards.errands import PinChecked
    from sanjo_tui.cards.profiles import Profile
    from sanjo_tui.desk.kiosk.desk import Look
    from screens.kiosk import KioskScreen


def large(text: str) -> str:
    """Every character apart from the next, so that it can be read from a step away."""
    return " ".join(shown(text))


class Large(Panel):
    """A question with a few answers by digit; a timer leads back to the start."""

    question = ""

    def __init__(self, screen: KioskScreen) -> None:
        super().__init__(screen)
        self.kiosk = screen
        self._timer = screen.set_timer(screen.kiosk.setup.idle_seconds, self._too_long)

    def _too_long(self) -> None:
        if self.screen.panel is self:
            self.screen.do(self._forget)

    async def _forget(self) -> None:
        if self.screen.panel is self:
            self.screen.rest()

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.READY, self.question, notes=("やめるときは Esc",))

    def answers(self) -> Sequence[str]:
        """What stands below the question, a digit before each."""
        return ()

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        text = ["", f"  {large(self.question)}", ""]
        text += [f"    {n}  {large(answer)}" for n, answer in enumerate(self.answers(), 1)]
        return [Content.assemble((pad(line, width), "bold")) for line in text][:height]

    @override
    def hints(self) -> Hints:
        return (("数字", "選ぶ"), ("Esc", "やめる"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.rest()


class Start(Panel):
    """カードを置いてください."""

    takes_tap = idle = True
    help = "カードを置くと、証明書を選ぶ画面になります。職員は F2 で窓口の画面に戻します。"

    @override
    def verdict(self) -> Verdict:
        practice = ("練習のカードは F12",) if self.screen.sanjo.parts.demo_cards() else ()
        return Verdict(Weight.NOTICE, "カードを置いてください", notes=("証明書を発行します", *practice))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        text = ("", "", f"    {large('カードを置いてください')}", "", f"    {large('暗証番号が要ります')}")
        return [Content.assemble((pad(line, width), "bold")) for line in text]

    @override
    def hints(self) -> Hints:
        return ()

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape" and self.screen.desk.station.drill:
            self.screen.leave()


class Choose(Large):
    """One of a few things, by digit."""

    def __init__(self, screen: KioskScreen, question: str, options: Sequence[tuple[str, Any]],
                 then: Callable[[Any], Any]) -> None:
        self.question = question
        super().__init__(screen)
        self.options, self.then = options, then

    @override
    def answers(self) -> Sequence[str]:
        return [label for label, _ in self.options]

    @override
    async def key(self, key: str, character: str) -> None:
        if len(character) == 1 and character in "123456789" and int(character) <= len(self.options):
            await self.then(self.options[int(character) - 1][1])
        else:
            await super().key(key, character)


class Pin(Large):
    """The card's own PIN for this kind: typed unseen, shown to the card, forgotten."""

    def __init__(self, screen: KioskScreen, look: Look, offer: Offer, profile: Profile, card: CardSeen | None,
                 said: str = "") -> None:
        self.question = f"{offer.kind.label}の暗証番号"
        super().__init__(screen)
        self.look, self.offer, self.profile, self.card, self.said = look, offer, profile, card, said
        self._digits = ""

    def __repr__(self) -> str:
        """Never shows what was typed."""
        return "Pin(...)"

    @override
    def verdict(self) -> Verdict:
        weight = Weight.CAUTION if self.said else Weight.READY
        return Verdict(weight, self.said or f"{self.question}を入れて Enter",
                       notes=("カードは置いたまま", "やめるときは Esc"))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        wanted = self.profile.pin.digits if self.profile.pin else 4
        marks = " ".join("*" * len(self._digits) + "_" * (wanted - len(self._digits)))
        text = ("", f"  {large(self.question)}", "", f"        {marks}", "", f"  {large('数字を入れて Enter')}")
        return [Content.assemble((pad(line, width), "bold")) for line in text]

    @override
    def hints(self) -> Hints:
        return (("Enter", "次へ"), ("BackSpace", "消す"), ("Esc", "やめる"))

    @override
    async def key(self, key: str, character: str) -> None:
        wanted = self.profile.pin.digits if self.profile.pin else 4
        if character.isdigit() and len(character) == 1 and len(self._digits) < wanted:
            self._digits += character
        elif key == "backspace":
            self._digits = self._digits[:-1]
        elif key == "enter" and len(self._digits) == wanted:
            await self._show()
        elif key == "escape":
            self.screen.rest()

    async def _show(self) -> None:
        from sanjo_tui.cards.errands import CheckPin, PinOutcome

        pin, self._digits = self._digits, ""
        checked: PinChecked = await self.screen.sanjo.errand(CheckPin(self.profile, pin), self.card)
        del pin
        result = {PinOutcome.OK: PinResult.OK, PinOutcome.WRONG: PinResult.WRONG, PinOutcome.BLOCKED: PinResult.BLOCKED,
                  PinOutcome.LAST_TRY: PinResult.LAST_TRY}.get(checked.outcome, PinResult.TORN)
        await self.screen.ask(self.kiosk.kiosk.pin_tried, self.look, self.offer.kind, result, checked.tries_left)
        if result is PinResult.OK:
            await _subjects(self.kiosk, self.look, self.offer, checked.tries_left)
        elif result is PinResult.WRONG or checked.outcome in (PinOutcome.TORN, PinOutcome.UNSURE, PinOutcome.GONE):
            self.screen.ring()
            self.screen.show(Pin(self.kiosk, self.look, self.offer, self.profile, self.card, checked.sentence))
        else:
            self.screen.ring()
            self.screen.rest()
            said, _, _ = checked.sentence.partition("。")       # the rest says what the second line says
            self.screen.warn(said, "窓口へお越しください")


async def public(screen: KioskScreen, look: Look, card: CardSeen | None) -> None:
    """A card lies there, and its holder may ask: which certificate?"""
    offers = await screen.ask(screen.kiosk.offers, Channel.KIOSK)
    open_ones = [(one.kind.label, one) for one, why in offers if not why]
    if not open_ones:
        screen.rest()
        screen.warn("いまは発行していません", *dict.fromkeys(why for _, why in offers))
        return

    async def picked(offer: Offer) -> None:
        await _pin(screen, look, offer, card)

    screen.show(Choose(screen, "どの証明書ですか", open_ones, picked))


async def _pin(screen: KioskScreen, look: Look, offer: Offer, card: CardSeen | None) -> None:
    if offer.needs_registration:
        async def confirmed(yes: bool) -> None:
            if yes:
                await _ask_pin(screen, look, offer, card)
            else:
                screen.rest()
                screen.warn("利用登録がない方には、ここでは発行できません", "窓口へお越しください")

        screen.show(Choose(screen, "本籍がここか、利用登録済みですか", (("はい", True), ("いいえ", False)), confirmed))
    else:
        await _ask_pin(screen, look, offer, card)


async def _ask_pin(screen: KioskScreen, look: Look, offer: Offer, card: CardSeen | None) -> None:
    profile = await screen.ask(profile_for, screen, offer)
    if profile is None:
        screen.rest()
        screen.warn("このカードの暗証番号の設定がありません", "窓口へお越しください")
        return
    screen.show(Pin(screen, look, offer, profile, card))


def profile_for(screen: KioskScreen, offer: Offer) -> Profile | None:
    """The station's profile of the card's own PIN for this kind of certificate; None where there is none."""
    from sanjo_tui.cards import profiles

    found = profiles.load(screen.desk.station.profiles)
    return next((one for one in found if one.kind == "pin" and one.certificate == offer.kind.value), None)


async def _subjects(screen: KioskScreen, look: Look, offer: Offer, left: int | None) -> None:
    who = look.who.addressee_no
    if offer.whom is Whom.SELF or len(look.members) == 1:
        await _copies(screen, look, offer, left, (who,))
        return
    everybody = tuple(one.addressee_no for one in look.members)

    async def picked(subjects: tuple[str, ...]) -> None:
        await _copies(screen, look, offer, left, subjects)

    screen.show(Choose(screen, "だれの分ですか", (("自分だけ", (who,)), ("世帯の全員", everybody)), picked))


async def _copies(screen: KioskScreen, look: Look, offer: Offer, left: int | None,
                  subjects: tuple[str, ...]) -> None:
    setup = screen.kiosk.setup
    wish = Wish(certificate=offer.kind, channel=Channel.KIOSK, person=look.who.addressee_no, subjects=subjects,
                verified_by=VerifiedBy.CARD_FACE, identified_by=IdentifiedBy.CARD, card_seen=True,
                user_id=look.opened.link.user_id if look.opened.link else "",
                fiscal_year=setup.fiscal_year(screen.kiosk.clock().date()) if offer.kind.of_a_year else 0,
                domicile_confirmed=True, pin_result=PinResult.OK,
                pin_retries_left=-1 if left is None else left)

    async def picked(copies: int) -> None:
        await _pay(screen, look, replace(wish, copies=copies))

    many = [(f"{n}通", n) for n in range(1, min(5, setup.most_copies) + 1)]
    screen.show(Choose(screen, "何通ですか", many, picked))


async def _pay(screen: KioskScreen, look: Look, wish: Wish) -> None:
    cost = await screen.ask(screen.kiosk.charge, wish)

    async def paid(tender: Tender | None) -> None:
        if tender is None:
            screen.rest()
            return
        receipt = await screen.ask(partial(screen.kiosk.issue, look, replace(wish, tender=tender)))
        await screen.refresh_facts()
        screen.show(Done(screen, receipt.recorded[0].event.subject, receipt.note))

    screen.show(Choose(screen, f"手数料 {cost.total}円", (
        ("現金", Tender.CASH), ("キャッシュレス", Tender.CARD), ("やめる", None)), paid))


class Done(Large):
    """The number, and the warning not to leave anything behind."""

    question = "受け付けました"
    takes_tap = True

    def __init__(self, screen: KioskScreen, issue_no: str, note: str) -> None:
        super().__init__(screen)
        self.issue_no, self.note = issue_no, note

    @override
    def verdict(self) -> Verdict:
        notes = ("証明書は窓口でお渡しします",) if self.note else ("カードと証明書を忘れずにお取りください",)
        return Verdict(Weight.READY, f"受け付けました  発行番号 {self.issue_no}", notes=notes)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        text = ("", f"  {large('受け付けました')}", "", f"      {self.issue_no}", "",
                f"  {large('カードと証明書を')}", f"  {large('忘れずにお取りください')}", "",
                f"    1  {large('取りました')}")
        return [Content.assemble((pad(line, width), "bold")) for line in text][:height]

    @override
    async def key(self, key: str, character: str) -> None:
        if character == "1" or key == "enter":
            await self.screen.ask(self.kiosk.kiosk.take, self.issue_no)
            self.screen.rest()

    @override
    async def _forget(self) -> None:
        """Nobody said that it was taken: staff is told, and looks."""
        if self.screen.panel is self:
            await self.screen.ask(self.kiosk.kiosk.forget, self.issue_no)
            await self.screen.refresh_facts()
            self.screen.rest()


