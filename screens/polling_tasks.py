"""F8, F9 and what may happen to a paper after it was handed out: 取消, 引換, 返付, 持ち帰り. The rest is beside it.

No rule here: what may be taken back or exchanged, and what is asked for it, the Desk decides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.errors import ClaimTaken
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.refusals import Refusal
from sanjo_tui.receptions.polling.stops import Stop
from sanjo_tui.receptions.polling.words import PaperKind, Spoiling, State
from screens import polling_whom as whom
from screens.form import Field
from screens.panels import Hints, Paged, Pick
from screens.polling_sight import short_name
from screens.polling_stop import Stopped
from screens.widgets import row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk
    from sanjo_tui.desk.polling_place import Latest
    from sanjo_tui.desk.voters import Receipt, VoterLook
    from sanjo_tui.receptions.polling.election import Contest, Election
    from sanjo_tui.receptions.polling.state import Issue
    from screens.polling import PollingScreen

EXCHANGE = "書損引換・返付・持ち帰り"
REASONS = ("人違い", "選挙のまちがい", "押しまちがい", "そのほか")
Task = Callable[["PollingScreen"], Awaitable[None]]


def back_to(screen: PollingScreen) -> Callable[[], Awaitable[None]]:
    """Esc of a task: the voter who was on the desk before it, else the idle desk. Tasks never pile up behind it."""
    before = screen.panel
    earlier: Callable[[], Awaitable[None]] | None = getattr(before, "back", None)
    if earlier is not None:
        return earlier

    async def back() -> None:
        if getattr(before, "look", None) is None:
            screen.rest()
        else:
            screen.show(before)

    return back


async def menu(screen: PollingScreen) -> None:
    """F8: what has no key of its own."""
    from screens import polling_arrivals as arrivals
    from screens import polling_merged as merged
    from screens import polling_notes as notes
    from screens import polling_place as place
    from screens.shelter_jobs import jobs

    options: list[tuple[str, Task]] = [
        ("投票者数 (男女・時間別)", arrivals.hours), ("来場のようす (15分ごと)", arrivals.picture),
        ("従事者の参会・退出", notes.duty), ("気づいたことを投票録に残す", notes.remark),
        ("他会場データ・二重の受付", merged.menu), ("印刷の状態・再発行", jobs), ("閉所・封緘", place.closing)]

    async def picked(task: Task) -> None:
        await task(screen)

    screen.show(Pick(screen, "その他の仕事", options, picked, back=back_to(screen)))


async def exit_check(screen: PollingScreen) -> None:
    """退出確認, where the place checks papers at the exit."""
    from screens import polling_exit

    await polling_exit.check(screen)


async def presiding(screen: PollingScreen, look: VoterLook | None = None) -> None:
    """What only the 投票管理者 decides."""
    from screens import polling_presiding

    await polling_presiding.menu(screen, look)


# --- F9: 受付取消 (T8)


class PapersBack(Paged):
    """Every paper of a reception, one by one: is it in hand? Only with all of them Enter goes on."""

    help = ("受け付けた人をまちがえたときなどに、受付を取り消します。\n"
            "その受付で渡した用紙が全部手もとにあるときだけ取り消せます。1枚ずつ手に取って、番号を押してください。\n"
            "投票箱に入った用紙は取り消せません。Esc で戻り、投票管理者を呼んで事故の記録に残します。")

    def __init__(self, screen: PollingScreen, title: str, papers: list[str], then: Callable[[], Awaitable[None]],
                 back: Callable[[], Awaitable[None]]) -> None:
        super().__init__(screen)
        self._title, self.papers, self.then, self.back = title, papers, then, back
        self.in_hand: set[int] = set()

    @override
    def count(self) -> int:
        return len(self.papers)

    @override
    def verdict(self) -> Verdict:
        missing = self.count() - len(self.in_hand)
        if not missing:
            return Verdict(Weight.READY, "用紙は全部あります。Enter で次へ",
                           notes=("理由と、もう一人の確認を入れます",))
        return Verdict(Weight.CAUTION, f"用紙が手もとにありますか。あと{missing}枚",
                       notes=("手に取った用紙の番号を押します", "1枚でもなければ取り消せません"))

    @override
    def title(self) -> str:
        return self._title

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        cursor = ">" if index == self.cursor else " "
        cells = [(f"{cursor}{mark}", 2), ("ある" if index in self.in_hand else "未確認", 6),
                 (self.papers[index], max(10, width - 10))]
        return row(cells, width, "$cursor-row" if index == self.cursor else "", emphasis=1)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return self.rows(width, height) or [Content("この受付で渡した用紙はありません")]

    @override
    def hints(self) -> Hints:
        enter = (("Enter", "次へ"),) if len(self.in_hand) == self.count() else ()
        return (("数字", "手もとにある"), *enter, ("Esc", "やめる"))

    @override
    async def key(self, key: str, character: str) -> None:
        index = self.digit(character)
        if key == "escape":
            await self.back()
        elif self.move(key):
            return
        elif index is not None or key == "space":
            self.cursor = self.cursor if index is None else index
            self.in_hand ^= {self.cursor} if self.papers else set()
        elif key == "enter" and len(self.in_hand) == self.count():
            await self.then()


async def undo(screen: PollingScreen) -> None:
    """F9: which of the latest receptions, are all its papers back, why, and who confirms it."""
    latest = await screen.ask(screen.polling.latest, 9)
    back = back_to(screen)

    async def chosen(one: Latest) -> None:
        papers = await screen.ask(papers_of, screen.polling, one.reception_no)

        async def ask_why() -> None:
            receipt = await whom.asked(screen, f"受付取消 {one.reception_no}", [
                Field(key="reason", label="理由", required=True, options=tuple((r, r) for r in REASONS)),
                Field(key="text", label="くわしく"), *whom.second()], partial(_take_back, screen, one.reception_no),
                enter="取消", note="用紙は全部手もとにあります。もう一人の職員が番号と暗証番号を入れます。")
            if receipt is not None:
                await screen.recorded(receipt)

        screen.show(PapersBack(screen, f"受付取消: {one.at} {one.reception_no}", papers, ask_why, back))

    width, election = screen.size.width - 5, screen.polling.election
    options = [(row([(one.at, 5), (one.reception_no, 14), (_short(one.text, election), max(10, width - 33)),
                     (one.operator, 10)], width), one) for one in latest]
    screen.show(Pick(screen, "取消: どの受付ですか", options, chosen, prompt="取り消す受付を番号で選んでください",
                     enter=False, back=back, weight=Weight.CAUTION, empty="取り消せる受付はありません",
                     help="きょう開所してからの受付だけ取り消せます。用紙が全部手もとにあり、もう一人の職員が確かめます。\n"
                          "取り消しても記録は消えません。投票箱に入ったものは取り消せず、事故の記録に残します。"))


def _short(text: str, election: Election | None) -> str:
    """The papers of a line in the short names of their contests."""
    for contest in election.contests if election is not None else ():
        text = text.replace(contest.name, short_name(contest))
    return shown(text)


def papers_of(polling: PollingDesk, reception_no: str) -> list[str]:
    """The papers of one reception, in words and in the order of the boxes; of nobody's name. Not for the event loop."""
    election, voter = polling.election, polling.voter(polling.voter_of(reception_no))
    if election is None or voter is None:
        return []
    visit = next((v for v in voter.visits if v.reception_no == reception_no), None)
    return [f"{shown(c.name)}  {shown(c.ballot_colour)}  {issue.paper.value}" for c in election.in_order
            for issue in voter.ballot(c.code).papers if visit is not None and issue.number == visit.number]


async def _take_back(screen: PollingScreen, number: str, answers: dict[str, Any]) -> Receipt:
    reason = f"{answers['reason']} {answers['text']}".strip()
    return await screen.ask(screen.polling.take_back, number, reason, in_hand=True,
                            verifier=answers["verifier"], pin=answers["pin"])


# --- 引換, 返付, 持ち帰り (T6, T7)


async def exchange(screen: PollingScreen) -> None:
    """書損引換, 返付 or 持ち帰り, for the voter on the desk, who is named and asked about, or whoever comes next."""
    look: VoterLook | None = getattr(screen.panel, "look", None)
    await whom.for_voter(screen, EXCHANGE, "どの方の用紙ですか", partial(_which_paper, screen), look)


def papers_out(screen: PollingScreen, look: VoterLook) -> list[tuple[Contest, Issue]]:
    """Papers that the voter holds and that are not in a box yet, in the order of the boxes."""
    election, voter = screen.polling.election, look.voter
    if election is None or voter is None:
        return []
    return [(contest, issue) for contest in election.in_order
            for issue in voter.ballot(contest.code).papers if voter.ballot(contest.code).state is State.ISSUED]


async def _which_paper(screen: PollingScreen, look: VoterLook) -> None:
    out, back = papers_out(screen, look), back_to(screen)

    async def picked(one: tuple[Contest, Issue] | None) -> None:
        if one is None:
            await whom.for_voter(screen, EXCHANGE, "どの方の用紙ですか", partial(_which_paper, screen))
        else:
            _what(screen, look, one[0], one[1].paper, back)

    options: list[tuple[str, Any]] = [(f"{shown(c.name)}  {shown(c.ballot_colour)}  {i.paper.value}", (c, i))
                                      for c, i in out]
    name = shown_name(look.elector.name)
    said = f"{name} さんのどの用紙ですか" if out else "この方に渡した用紙で、まだ投票されていないものはありません"
    screen.show(Pick(screen, f"{name} さんの用紙", [*options, ("ほかの方の用紙", None)], picked, back=back, enter=False,
                     prompt=said, notes=("名前を本人に確かめてから選びます",)))


WRONG = object()
"""誤交付 was picked: of which contest the paper in hand is comes next."""


def _what(screen: PollingScreen, look: VoterLook, contest: Contest, paper: PaperKind,
          back: Callable[[], Awaitable[None]]) -> None:
    key, polling = look.opened.key, screen.polling
    other = PaperKind.PLAIN if paper is PaperKind.BRAILLE else PaperKind.BRAILLE
    swaps: list[tuple[str, Any]] = [(f"{word} のため引換", partial(polling.exchange, key, contest.code, why, paper))
                                    for why, word in ((Spoiling.MISWRITTEN, "書きまちがい(書損)"),
                                                      (Spoiling.SOILED, "汚損"))]
    swaps.append(("誤交付: ほかの選挙の用紙を渡していた", WRONG))
    swaps.append((f"{other.value}用紙に引換",
                  partial(polling.exchange, key, contest.code, Spoiling.WRONG_PAPER, other)))
    swaps.append(("返付: 投票せずに用紙を返す", partial(polling.give_back, key, contest.code)))
    title = f"{shown_name(look.elector.name)} さん  {shown(contest.name)}  {paper.value}"

    async def in_hand(call: Any, answer: bool) -> None:
        try:
            receipt = await screen.ask(call, in_hand=answer)
        except ClaimTaken as error:
            await screen.refused(error, look)
            return
        except Refusal as error:                # E-NOPAPER and the like: no second paper, whatever is said
            screen.ring()
            heading = "返付できません" if call.func == polling.give_back else "引換できません"
            screen.show(Stopped(screen, Stop(code=error.code, heading=heading, facts=(error.message,), next=error.hint),
                                look))
            return
        await screen.recorded(receipt, look)

    async def of_contest(code: str) -> None:
        await picked(partial(polling.exchange, key, contest.code, Spoiling.WRONG_PAPER, paper, wrong_contest=code))

    async def taken_away() -> None:
        receipt = await whom.asked(screen, f"持ち帰り: {shown(contest.name)}", [Field(key="remark", label="ようす")],
                                   lambda a: screen.ask(polling.take_away, key, contest.code, a["remark"]),
                                   note="記録だけが残ります。用紙はもう1枚渡せません。")
        if receipt is not None:
            await screen.recorded(receipt)

    async def picked(call: Any) -> None:
        if call is None:
            await taken_away()
            return
        if call is WRONG:
            election = polling.election
            others = [(shown(f"{c.name}  {c.ballot_colour}"), c.code) for c in (election.in_order if election else ())
                      if c.code != contest.code]
            screen.show(Pick(screen, title, others, of_contest, enter=False, back=back,
                             prompt="手もとに戻ったのは、どの選挙の用紙ですか"))
            return
        screen.show(Pick(screen, title, [("受け取った。手もとにある", True), ("ない", False)], partial(in_hand, call),
                         prompt="元の用紙を受け取りましたか", enter=False, weight=Weight.CAUTION, back=back,
                         help="元の用紙が手もとにないと、引換も返付もできません。「ない」を選ぶと止まります。"))

    screen.show(Pick(screen, title, [*swaps, ("持ち帰り: 用紙を持って帰った", None)], picked, enter=False, back=back,
                     prompt="どうしますか", help="引換と返付は、元の用紙を受け取ってから記録します。\n"
                     "返付した方は、閉所までにもう一度来れば投票できます。持ち帰りは記録だけが残ります。"))
