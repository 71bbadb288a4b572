"""The voter on the desk: who it is, which papers, and the reason at an early place.

No rule here: the Desk examines, decides and says. Enter works only when everything that must be asked was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.errors import ClaimTaken
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.rules import Choice, Refusal
from sanjo_tui.receptions.polling.words import Act, Code, Feature, IdMethod, Oath, PaperKind, Via
from screens.panels import Hints, Panel
from screens.polling_reason import Reasons
from screens.polling_sight import Sheet, born, not_handed, sheets, short_name, who_title
from screens.unmask import HINT, KEYS, Peep
from screens.widgets import MARKED, MARKED_NOTE, pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.voters import VoterLook
    from sanjo_tui.receptions.polling.rules import Slip
    from screens.polling import PollingScreen

PHOTO = "顔写真を確かめてください"
ASK_NAME = "氏名と生年月日を言ってもらって確かめてください"
ASK_BIRTH = "生年月日を本人に言ってもらってください"
IDENTIFIED = {Via.CARD: IdMethod.CARD, Via.TICKET: IdMethod.TICKET}
"""本人確認方法 by how the record was opened; any other way is by word of mouth."""


@dataclass(slots=True)
class Ways:
    """What is unusual in this visit: said by the voter, chosen with A or F7. Nothing of it is preselected."""

    abstain: set[str]
    braille: bool = False
    assistants: tuple[str, ...] = ()
    oath: Oath = Oath.PRINTED
    identified: IdMethod | None = None
    """免許証等 was shown, or the voter declared (法50条) who they are; None: as the record was opened."""
    decided_by: str = ""
    """Who presides, where that decided it: a declaration, or a refusal that was lifted."""


class Voter(Panel):
    """An elector who may have papers. Digits or words give the reason, Enter records, Esc leaves."""

    help = ("本人を確かめ、期日前なら事由の番号を押して、Enter を押します。表示された用紙を順に渡してください。\n"
            "事由は数字か、ふだんの言葉(介護、買い物、旅行など)を打って Enter。分からないときは本人に聞きます。\n"
            "B 生年月日、J 住所: 本人が言ったものと画面が同じなら押します(同じ氏名の方がいるとき、カードがないとき)。\n"
            "A 棄権: 本人が受け取らないと言った用紙だけ。F7 点字、代理投票、宣誓書の書き方、投票管理者。\n"
            "開いている間にかざされたカードは待ちます。")

    def __init__(self, screen: PollingScreen, look: VoterLook, *, birth_said: bool = False) -> None:
        super().__init__(screen)
        self.desk, self.look = screen, look
        self.ways = Ways(set())
        self.peep = Peep(screen, look.opened.key)
        self.matched = {Feature.BIRTH} if birth_said else set[Feature]()
        self.lives_here: bool | None = None
        """E-MOVED: the answer to whether they still live in the prefecture; None before it was asked."""
        election = screen.election
        self.reasons = Reasons(election.reason_labels) if look.examined.needs_reason and election is not None else None
        self.takes_text = self.reasons is not None
        self.asks = "事由の言葉でも(介護 買い物 旅行)"

    # --- what is still to be asked

    @property
    def papers(self) -> tuple[Slip, ...]:
        """The papers that Enter hands out."""
        return tuple(slip for slip in self._offered if slip.contest.code not in self.ways.abstain)

    @property
    def _offered(self) -> tuple[Slip, ...]:
        """The papers that this voter may have, those of a 県内 contest only while it is not denied."""
        return tuple(slip for slip in self.look.examined.papers
                     if slip.code is not Code.MOVED or self.lives_here is not False)

    @property
    def _namesakes(self) -> bool:
        return Code.SAMENAME in self.look.examined.confirm

    @property
    def _by_word_of_mouth(self) -> bool:
        return self.look.opened.via not in IDENTIFIED and self.ways.identified is None

    @property
    def _moved(self) -> bool:
        return Code.MOVED in self.look.examined.confirm

    def asked_for(self) -> dict[str, str]:
        """The keys that confirm something here, and what they confirm."""
        keys = {}
        if self._namesakes or self._by_word_of_mouth:
            keys["b"] = "生年月日が一致"
        if self._namesakes and self.look.elector.address_on_paper:
            keys["j"] = "住所が一致"
        if self._moved:
            keys["k"], keys["n"] = "県内居住を確認", "確認できない"
        return keys

    def missing(self) -> str:
        """What must be asked before Enter works, as a sentence; "" when nothing is left."""
        if Code.REFUSED in self.look.examined.confirm and not self.ways.decided_by:
            return "前に投票管理者が断った方です。F7 で投票管理者を呼んでください"
        if self._namesakes and not self.matched:
            others = self.look.examined.namesakes
            either = "生年月日が合えば B、住所が合えば J" if "j" in self.asked_for() else "生年月日が合えば B"
            return f"同じ名前の方がほかに{others}人います。{either}"
        if self._by_word_of_mouth and Feature.BIRTH not in self.matched:
            return "本人が言った生年月日が、画面と同じなら B を押してください"
        if self._moved and self.lives_here is None:
            return "転出した方です。県内に住み続けていれば K、確かめられなければ N"
        if not self._offered:
            return "渡せる用紙がありません。F7 で投票管理者を呼んでください"
        if self.reasons is not None and self.reasons.chosen is None and self.papers:
            if self.reasons.meant:
                return f"どの事由ですか。{' か '.join(map(str, self.reasons.meant))} を押してください"
            return f"事由を聞いて、番号({self.reasons.numbers})を押してください"
        return ""

    # --- what stands on the screen

    @override
    def verdict(self) -> Verdict:
        said, missing = self.look.examined.verdict, self.missing()
        check = {Via.CARD: PHOTO, Via.TICKET: ASK_NAME}.get(self.look.opened.via, ASK_BIRTH)
        remarks = tuple(f"{short_name(slip.contest)}: {shown(slip.note)}" for slip in self.papers if slip.note)
        marked = MARKED_NOTE if shown_name(self.look.elector.name).endswith(MARKED) else ""
        notes = tuple(n for n in (check, self._unusual(), marked, *remarks, *self.look.opened.notes) if n)
        if missing:
            confirms = self.reasons is None or not missing.startswith(("事由", "どの事由"))
            return Verdict(Weight.CAUTION if confirms else Weight.NOTICE, missing, notes=notes)
        reason = f"  事由 {self.reasons.chosen.code}" if self.reasons is not None and self.reasons.chosen else ""
        return Verdict(Weight.READY, f"Enter で{self._what()}{reason}", notes=notes, code=said.code)

    def _what(self) -> str:
        count = len(self.papers)
        if not count:
            return "棄権を記録"
        only = "だけ" if any(slip.act is Act.DONE for slip in self.look.examined.slips) else ""
        what = f"{'残りの' if only else ''}{count}枚{only or 'を'}交付"
        return f"{what}、ほかは棄権" if self.ways.abstain else what

    def _unusual(self) -> str:
        ways = self.ways
        said = [("点字", ways.braille), ("代理投票", bool(ways.assistants)), (f"宣誓書は{ways.oath.value}",
                self.reasons is not None and ways.oath is not Oath.PRINTED),
                (f"本人確認は{ways.identified or ''}", ways.identified is not None)]
        return "  ".join(word for word, holds in said if holds)

    @override
    def title(self) -> str:
        return who_title(self.look.elector)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        who = self._identity(width)
        small = not_handed(self._kept_back(), self.look.standings, width)
        listed = self._sheets()
        least = (len(self.reasons.labels.reasons) + 1) // 2 if self.reasons is not None else 0
        most = len(self.reasons.labels.reasons) if self.reasons is not None else 0
        room = height - len(who) - len(small)
        why = most if room - most >= 2 * len(listed) + 2 else least
        room -= why
        blank = [Content("")] if room >= len(listed) + 2 else []
        big = sheets(listed, width, room - 2 * len(blank))
        lines = [*who, *blank, *big, *small]
        if self.reasons is not None:
            lines += [*blank, *self.reasons.lines(width, why)]
        return lines[:height]

    def _identity(self, width: int) -> list[Content]:
        elector, today = self.look.elector, self.desk.polling.today()
        hints = "・".join(shown(h) for h in elector.assist_hint)
        keys = self.asked_for()
        ward = f"投票区 {elector.ward_code}" if elector.ward_code else ""
        lines = [self._feature("b", Feature.BIRTH in self.matched, "生年月日", born(elector, today), ward, width),
                 self._feature("j", Feature.ADDRESS in self.matched, "住所",
                               self.peep.text() or shown(elector.address),
                               f"支援: {hints}" if hints else "", width)]
        if "k" in keys:
            left = f"{elector.moved_scope.value}へ転出" + (f" {elector.moved_on:%Y-%m-%d}" if elector.moved_on else "")
            lines.append(self._feature("k", bool(self.lives_here), "県内居住", left, "", width))
        return lines

    def _feature(self, key: str, matched: bool, label: str, text: str, right: str, width: int) -> Content:
        asked = key in self.asked_for()
        mark = ("済" if matched else key.upper() + " ") if asked else "  "
        denied = key == "k" and self.lives_here is False
        said = "" if not asked else "  確かめた" if matched else "  確かめられない" if denied else "  未確認"
        style = "$chosen" if matched else "bold $text-warning" if asked else ""
        left = Content.assemble((f"{mark} ", "bold"), (pad(label, 9), "bold"), (text + said, style))
        room = width - len(right) * 2 - 2 if right else width
        return (left.truncate(room, pad=True) + Content.assemble((right, "bold"))).truncate(width, pad=True)

    def _sheets(self) -> list[Sheet]:
        kind = PaperKind.BRAILLE if self.ways.braille else PaperKind.PLAIN
        return [Sheet(slip.contest, kind) for slip in self.papers]

    def _kept_back(self) -> list[Slip]:
        out, offered = ({slip.contest.code for slip in some} for some in (self.papers, self._offered))
        kept = [slip for slip in self.look.examined.slips if slip.contest.code not in out]
        return [slip if slip.act is not Act.ISSUE else replace(
            slip, act=Act.ABSTAIN if slip.contest.code in offered else Act.NOT_ENTITLED) for slip in kept]

    @override
    def hints(self) -> Hints:
        keys = tuple((key.upper(), label) for key, label in self.asked_for().items())
        reason = ((self.reasons.numbers, "事由"),) if self.reasons is not None else ()
        enter = () if self.missing() else (("Enter", self._what()),)
        peep = (HINT,) if self.look.elector.protected else ()
        return (*keys, *reason, *enter, *peep, ("A", "棄権"), ("F7", "点字・代理・管理者"), ("Esc", "戻る"))

    # --- keys

    @override
    def writes(self, character: str) -> bool:
        return not character.isascii()

    @override
    async def search(self, text: str) -> None:
        assert self.reasons is not None
        if not self.reasons.say(text) and not self.reasons.meant:
            self.desk.warn(f"「{pad(shown(text), 16).rstrip()}」の事由が見つかりません",
                           "本人に聞いて、近い番号で受け付けられます。迷うときは F7 投票管理者")

    @override
    async def key(self, key: str, character: str) -> None:
        keys = self.asked_for()
        if key == "escape":
            self.desk.rest()
        elif key == "enter":
            await self._enter()
        elif character == "b" and "b" in keys:
            self.matched ^= {Feature.BIRTH}
        elif character == "j" and "j" in keys:
            self.matched ^= {Feature.ADDRESS}
        elif character in ("k", "n") and "k" in keys:
            self.lives_here = character == "k"
        elif character in ("a", "あ"):
            from screens import polling_ways

            polling_ways.abstain(self)
        elif character in KEYS and self.look.elector.protected:
            await self.peep.ask()
        elif self.reasons is not None:
            self.reasons.press(character)

    @override
    def kept(self) -> tuple[str, Mapping[str, Any]] | None:
        ways, chosen = self.ways, self.reasons.chosen if self.reasons is not None else None
        return self.look.opened.key, {
            "via": self.look.opened.via.value, "assurance": self.look.opened.assurance, "ways": {
                "abstain": frozenset(ways.abstain), "braille": ways.braille, "assistants": ways.assistants,
                "oath": ways.oath.value, "identified": ways.identified.value if ways.identified else "",
                "decided_by": ways.decided_by,
                "matched": tuple(one.value for one in self.matched), "lives_here": self.lives_here,
                "reason": chosen.code if chosen is not None else 0}}

    async def _enter(self) -> None:
        """Records, or says what is still to be asked."""
        if missing := self.missing():
            self.desk.warn(missing, "それまで Enter では何も記録されません")
            return
        polling = self.desk.polling
        try:
            if self.papers:
                receipt = await self.desk.ask(polling.receive, self.look, self.choice())
            else:
                receipt = await self.desk.ask(polling.abstain, self.look.opened.key, tuple(self.ways.abstain))
        except (Refusal, ClaimTaken) as error:
            if getattr(error, "code", None) is Code.INCOMPLETE:
                raise                                        # something that was chosen here: it stays to be put right
            await self.desk.refused(error, self.look)
            return
        await self.desk.recorded(receipt, self.look)

    def choice(self) -> Choice:
        """What was asked and said, for the rules."""
        ways, opened = self.ways, self.look.opened
        early = self.reasons is not None
        chosen = self.reasons.chosen if self.reasons is not None else None
        return Choice(
            id_method=ways.identified or IDENTIFIED.get(opened.via, IdMethod.SPOKEN),
            via=opened.via, assurance=opened.assurance, reason_code=chosen.code if chosen else 0,
            oath=ways.oath if early and self.papers else None, abstain=tuple(sorted(ways.abstain)),
            braille=tuple(s.contest.code for s in self.papers) if ways.braille else (),
            proxy=bool(ways.assistants), assistants=ways.assistants, confirmed=self._confirmed(),
            denied=(Code.MOVED,) if self._moved and self.lives_here is False else (), decided_by=ways.decided_by,
            features=tuple(f for f in Feature if f in self.matched))

    def _confirmed(self) -> tuple[Code, ...]:
        return tuple(code for code, holds in ((Code.SAMENAME, self._namesakes and bool(self.matched)),
                                              (Code.MOVED, self._moved and self.lives_here is True)) if holds)
