"""A and F7 on a voter's panel: what is said or done only now and then. Each stands on the panel before Enter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.polling.words import Code, IdMethod, Oath, StaffRole, Via
from screens import polling_whom as whom
from screens.form import Field, FormScreen
from screens.panels import Pick
from screens.widgets import shown, shown_name

if TYPE_CHECKING:
    from screens.polling_voter import Voter

ASSISTANTS = (StaffRole.CLERK, StaffRole.DEPUTY)
"""Who may be a 補助者: 投票管理者 and 立会人 have a task of their own."""

Task = Callable[[], Awaitable[None]]


def _pick(voter: Voter, title: str, options: list[tuple[str, Any]], then: Callable[[Any], Awaitable[None]],
          prompt: str, help: str) -> None:
    async def back() -> None:
        voter.desk.show(voter)

    voter.desk.show(Pick(voter.desk, f"{shown_name(voter.look.elector.name)} さん  {title}", options, then,
                         prompt=prompt, enter=False, back=back, weight=Weight.CAUTION, help=help))


def abstain(voter: Voter) -> None:
    """棄権, contest by contest, of what the voter said aloud not to want."""
    ways = voter.ways

    async def toggle(code: str) -> None:
        ways.abstain ^= {code}
        voter.desk.show(voter)

    options: list[tuple[str, Any]] = [
        (f"{shown(s.contest.name)}  {shown(s.contest.ballot_colour)}  "
         + ("棄権。押すと交付に戻す" if s.contest.code in ways.abstain else "受け取らない"), s.contest.code)
        for s in voter.look.examined.papers]
    _pick(voter, "棄権", options, toggle, "本人が受け取らないと言った用紙はどれですか",
          "本人がはっきり言ったときだけ選びます。だまって用紙を渡さないことはできません。")


def menu(voter: Voter) -> None:
    """F7: 点字, 代理投票, how the 宣誓書 was made, identity papers, and the 投票管理者."""
    from screens import polling_tasks

    ways, desk = voter.ways, voter.desk

    async def braille() -> None:
        ways.braille = not ways.braille

    async def proxy() -> None:
        ways.assistants = () if ways.assistants else await _assistants(voter)

    async def document() -> None:
        ways.identified = None if ways.identified is IdMethod.DOCUMENT else IdMethod.DOCUMENT

    async def declared() -> None:
        if await decided("本人の宣言で受け付ける (法50条)"):
            ways.identified = IdMethod.DECLARED

    async def oath() -> None:
        made = list(Oath)
        ways.oath = made[(made.index(ways.oath) + 1) % len(made)]

    async def allowed() -> None:
        await decided("前に断った方の投票を認める")

    async def decided(what: str) -> str:
        """Who presides decides it, by PIN; "" when it was left with Esc."""
        assert desk.election is not None
        ways.decided_by = await whom.asked(desk, what, whom.presiding(desk.election), lambda a: desk.ask(
            desk.polling.second, a["decided_by"], a["pin"], presiding=True), enter="決める") or ways.decided_by
        return ways.decided_by

    async def chosen(task: Task | None) -> None:
        if task is None:
            await polling_tasks.presiding(desk, voter.look)
            return
        await task()
        desk.show(voter)

    def onoff(on: object) -> str:
        return "  (今はこの扱い。押すとやめる)" if on else ""

    options: list[tuple[str, Any]] = [("点字の用紙で投票する" + onoff(ways.braille), braille),
                                      ("代理投票 (補助者2人)" + onoff(ways.assistants), proxy)]
    if voter.reasons is not None:
        options.append((f"宣誓書: 今は{ways.oath.value}。押すと次の書き方 (印刷 手書き 入場券裏面)", oath))
    if voter.look.opened.via is not Via.CARD:
        options.append(("免許証などを見て本人を確かめた" + onoff(ways.identified is IdMethod.DOCUMENT), document))
    options.append(("本人と確かめられないので、本人と宣言してもらった (投票管理者の判断)", declared))
    if Code.REFUSED in voter.look.examined.confirm:
        options.insert(0, ("投票管理者が、今日の投票を認めた", allowed))
    options.append(("投票管理者を呼ぶ (拒否・仮投票・不在者用紙の返還)", None))
    _pick(voter, "投票の方法", options, chosen, "番号で選んでください",
          "選んだことは画面に出て、Enter で受付と一緒に記録されます。Esc で戻ります。")


async def _assistants(voter: Voter) -> tuple[str, ...]:
    """The two 補助者 of a 代理投票 (公職選挙法48条), by staff number; () when it was left with Esc."""
    election = voter.desk.election
    staff = [s for s in election.staff if s.role in ASSISTANTS] if election is not None else []
    listed = tuple((s.id, shown(s.name)) for s in staff) if len(staff) <= 10 else ()
    note = "1人が代わりに書き、もう1人が立ち会います。2人とも職員です。"
    while True:
        answers = await voter.desk.sanjo.push_screen_wait(FormScreen("代理投票の補助者", [
            Field(key="writes", label="書く人", required=True, options=listed, hint="職員番号"),
            Field(key="watches", label="立ち会う人", required=True, options=listed, hint="職員番号")],
            enter="決める", note=note))
        if answers is None:
            return ()
        two = (answers["writes"], answers["watches"])
        if two[0] != two[1] and all(any(s.id == one for s in staff) for one in two):
            return two
        note = "別々の職員を2人、職員番号で入れてください。"
