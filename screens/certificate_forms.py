"""What is asked beyond the plain way: photographs, details, a house by hand, somebody who was not registered there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.certificate.matching import Candidate
from sanjo_tui.receptions.certificate.rules import Asked
from sanjo_tui.receptions.certificate.words import Applicant, Kind, Method, SelfRule, Tenure
from screens.form import Field, FormScreen
from screens.panels import Hints, Panel, Pick
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from screens.certificate_household import HouseholdPanel
    from screens.desk import DeskScreen

YES_NO = ((True, "はい"), (False, "いいえ"))
MANUAL = "発行の前に、もう一人の職員の確認が要ります"
HOUSE = "家屋番号、住所、地番、地図番号を打って Enter"


class Typed(Panel):
    """Waits for something to be typed or scanned, for a task of its own."""

    takes_text = True

    def __init__(self, screen: DeskScreen, sentence: str, title: str, then: Callable[[str], Awaitable[None]], *,
                 note: str = "", back: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__(screen)
        self._sentence, self._title, self._then, self._note, self._back = sentence, title, then, note, back
        self.help = f"{title}: {sentence}。\nやめるときは Esc。何も記録されません。"

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.READY, self._sentence, notes=(self._note,) if self._note else ())

    @override
    def title(self) -> str:
        return self._title

    @override
    def hints(self) -> Hints:
        return (("Enter", "探す"), ("Esc", "戻る"))

    @override
    async def search(self, text: str) -> None:
        await self._then(text)

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape" and self._back is not None:
            await self._back()
        else:
            await super().key(key, character)


def _options(kind: Any) -> tuple[tuple[Any, str], ...]:
    return tuple((one, one.label) for one in kind)


async def _ask(panel: HouseholdPanel, heading: str, fields: list[Field], note: str = "") -> dict[str, Any] | None:
    answers: dict[str, Any] | None = await panel.desk.sanjo.push_screen_wait(
        FormScreen(heading, fields, enter="次へ", note=note))
    return answers


def _number(text: str) -> int | None:
    """A number of any width, or None."""
    import unicodedata

    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("cm").removesuffix("枚").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 4 else None


async def _with_house(panel: HouseholdPanel, candidate: Candidate | None, asked: Asked) -> None:
    """The one house, or which."""
    if candidate is not None:
        await panel.receive(candidate, asked)
        return
    found = panel.look.candidates
    if not found:
        search_house(panel, asked)
        return

    async def picked(one: Candidate) -> None:
        await panel.receive(one, asked)

    panel.screen.show(Pick(panel.screen, "どの家屋ですか", [(shown(c.house.address), c) for c in found], picked,
                           enter=False, prompt="家屋を番号で選んでください", back=_back(panel)))


def _back(panel: HouseholdPanel) -> Any:
    async def back() -> None:
        panel.screen.show(panel)

    return back


async def self_assessment(panel: HouseholdPanel, candidate: Candidate | None) -> None:
    """F2: ア, イ or ウ, with photographs; ウ with the applicant's consent."""
    async def chosen(rule: SelfRule) -> None:
        fields = [Field(key="photos", label="写真の枚数", required=True),
                  Field(key="photo_note", label="写真の内容", hint="例: 正面、床、壁の水の跡")]
        if rule is SelfRule.FLOOD:
            fields.append(Field(key="flood_cm", label="床上の深さcm", required=True, hint="床下は 0"))
        if rule is SelfRule.MINOR:
            fields.append(Field(key="consent", label="一部損壊に同意", options=YES_NO, required=True))
        answers = await _ask(panel, f"自己判定 {rule.label}", fields)
        if answers is None:
            return
        photos, flood = _number(answers["photos"]), _number(answers.get("flood_cm", ""))
        if photos is None or (rule is SelfRule.FLOOD and flood is None):
            panel.screen.warn("枚数と深さは数字で入れてください")
            return
        await _with_house(panel, candidate, Asked(
            method=Method.SELF, self_rule=rule, photos=photos, photo_note=answers["photo_note"], flood_cm=flood,
            consent=answers.get("consent") is True))

    rules = [(rule.label, rule) for rule in SelfRule]
    panel.screen.show(Pick(panel.screen, "自己判定(写真)", rules, chosen, enter=False,
                           prompt="写真で分かることを番号で選んでください", back=_back(panel),
                           notes=("写真で分からないときは調査にします",)))


async def report(panel: HouseholdPanel, candidate: Candidate | None, asked: Asked) -> None:
    """F3: damage that is only reported: anything but a 住家, or what cannot be proved."""
    answers = await _ask(panel, "被災届出証明", [
        Field(key="damage_note", label="届け出る内容", required=True, hint="例: 物置と自動車の浸水"),
        Field(key="photos", label="写真の枚数", value="0"), Field(key="copies", label="通数", value="1")])
    if answers is None:
        return
    await _with_house(panel, candidate, replace(
        asked, what=Kind.REPORT, damage_note=answers["damage_note"], photos=_number(answers["photos"]) or 0,
        copies=_number(answers["copies"]) or 1))


async def details(panel: HouseholdPanel, candidate: Candidate | None) -> None:
    """F6: everything that the form has beside what the register says."""
    answers = await _ask(panel, "申請の内容", [
        Field(key="applicant", label="申請者", value=Applicant.HEAD, options=_options(Applicant)),
        Field(key="agent_name", label="代理人の氏名"),
        Field(key="proxy_doc", label="委任の確認", hint="例: 委任状"),
        Field(key="phone", label="電話"), Field(key="present_place", label="今いる所", value=panel.look.in_shelter),
        Field(key="tenure", label="居住の関係", value="", options=_options(Tenure)),
        Field(key="damage_note", label="被害の状況"), Field(key="flood_cm", label="床上の深さcm"),
        Field(key="copies", label="通数", value="1"), Field(key="purpose", label="使う目的"),
        Field(key="ledger_consent", label="台帳の提供に同意", value="", options=YES_NO)])
    if answers is None:
        return
    consent = answers["ledger_consent"]
    await _with_house(panel, candidate, Asked(
        applicant=answers["applicant"], agent_name=answers["agent_name"], proxy_doc=answers["proxy_doc"],
        phone=answers["phone"], present_place=answers["present_place"], tenure=answers["tenure"] or None,
        damage_note=answers["damage_note"], flood_cm=_number(answers["flood_cm"]),
        copies=_number(answers["copies"]) or 1, purpose=answers["purpose"],
        ledger_consent=consent if isinstance(consent, bool) else None))


async def second(panel: Any, sentence: str) -> tuple[str, str] | None:
    """Somebody else's number and PIN."""
    fields = [Field(key="second", label="二人目の職員番号", required=True)]
    if panel.screen.desk.keys.operators():
        fields.append(Field(key="pin", label="暗証番号", required=True, secret=True))
    answers = await panel.screen.sanjo.push_screen_wait(FormScreen(sentence, fields, enter="確認"))
    return None if answers is None else (answers["second"], answers.get("pin", ""))


async def unregistered(panel: HouseholdPanel, candidate: Candidate, asked: Asked) -> None:
    """R1: living there counts, not registration; what proves it is kept, and a second operator looks."""
    answers = await _ask(panel, "災害の日の住基にいない方", [
        Field(key="proof", label="住んでいた証明", required=True, hint="例: 公共料金の領収書、賃貸契約書")])
    if answers is None:
        return
    other = await second(panel, "住んでいたことの確認(もう一人の職員)")
    if other is None:
        return
    await panel.desk.apply(panel.look, candidate, replace(asked, residence_proof=answers["proof"]), manual=True,
                           second=other[0], pin=other[1])


def search_house(panel: HouseholdPanel, asked: Asked | None = None) -> None:
    """F4: a house by its number, address, 地番, map sheet or owner; else its address as the person says it."""
    screen, asked = panel.desk, asked or Asked()

    async def typed(text: str) -> None:
        found = await screen.ask(screen.certificates.search_houses, text)
        options: list[tuple[str, Any]] = [
            (f"{pad(shown(h.address), 34)} {pad(h.use, 8)} 地番{h.parcel_no} 図{h.map_sheet}", h) for h in found]
        options.append((f"どれでもない。所在地を「{shown(text)}」として受け付ける", None))

        async def picked(house: Any) -> None:
            if house is None:
                await screen.apply(panel.look, None, asked, address=text)
                return
            candidate = Candidate(house=house, score=0, reasons=("職員が選んだ",))
            if not panel.look.household.registered and not asked.consultation:
                await unregistered(panel, candidate, asked)
            else:
                await screen.apply(panel.look, candidate, asked, manual=True)

        screen.show(Pick(screen, f"「{shown(text)}」 {len(found)}件", options, picked, enter=False, back=_back(panel),
                         weight=Weight.CAUTION, prompt="家屋を番号で選んでください", notes=(MANUAL,)))

    screen.show(Typed(screen, HOUSE, "家屋を探す", typed, note=MANUAL, back=_back(panel)))
