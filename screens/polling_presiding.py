"""投票管理者の仕事: 拒否, 仮投票, 補正登録, 不在者投票用紙の返還, 事故の記録. Each is a form that ends in a PIN.

法50条: the 投票管理者 hears the 立会人 and decides; a voter who objects casts a 仮投票. The law is the Desk's matter.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sanjo_tui.receptions.polling.words import Act, Objector, PaperKind, State
from screens import polling_whom as whom
from screens.form import Field
from screens.panels import Pick
from screens.polling_tasks import back_to
from screens.widgets import shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.voters import OpenedVoter, Receipt, VoterLook
    from sanjo_tui.receptions.polling.election import Election
    from screens.polling import PollingScreen

CATEGORIES = ("二重交付", "誤交付", "用紙の不足", "持ち帰り", "人違い", "そのほか")
BASES = ("補正登録", "確定判決書等")

HELP_REFUSE = """\
投票を拒否できるのは投票管理者だけです。立会人の意見を聞き、番号と暗証番号を入れます。
拒否された方に不服があれば、仮投票をしてもらいます(法50条)。"""

HELP_PROVISIONAL = """\
拒否された方に不服があるとき、または立会人に異議があるときの投票です(法50条)。
用紙は別の封筒に入れ、封をして、封筒に氏名を書いて投票箱に入れます。
ふつうの投票とは別に数えます。用紙の残数では交付に入ります。"""

HELP_ENROLL = """\
名簿にない方が、補正登録の通知や判決書などを持ってきたときに使います。
投票管理者ともう一人の職員が、書類を見て確かめます。登録すると、その方の受付ができます。"""

HELP_INCIDENT = """\
取り消せないこと(箱に入った用紙、二重の交付など)を書き残します。何も元に戻しません。
記録は事故記録として印刷できます(F6)。個人の事情は書かず、何が起きたかを書きます。"""


def _election(screen: PollingScreen) -> Election:
    election = screen.polling.election
    assert election is not None                 # the desk does not open without one
    return election


async def menu(screen: PollingScreen, look: VoterLook | None = None) -> None:
    """Which decision; for the voter who was handed over, or for whoever comes next."""
    back = back_to(screen)
    title = f"投票管理者  {shown_name(look.elector.name)} さん" if look is not None else "投票管理者"

    def of_voter(name: str, act: Any) -> Any:
        async def start() -> None:
            await whom.for_voter(screen, name, f"{name}: どの方ですか", partial(act, screen), look)

        return start

    options: list[tuple[str, Any]] = [
        ("仮投票 (法50条)", of_voter("仮投票", provisional)), ("投票の拒否 (法50条)", of_voter("投票の拒否", refuse)),
        ("補正登録・判決書 (名簿にない方)", partial(enroll, screen)),
        ("不在者投票用紙の返還", of_voter("不在者投票用紙の返還", absentee)),
        ("事故の記録", of_voter("事故の記録", incident))]

    async def picked(start: Any) -> None:
        await start()

    screen.show(Pick(screen, title, options, picked, back=back, enter=False, prompt="投票管理者が選んでください",
                     notes=("番号と暗証番号が要ります",),
                     help="ここの仕事は、投票管理者か職務代理者が決めます。番号と暗証番号を入れて記録します。\n"
                          "受付で止まった方は、立会人の意見を聞いてから、拒否か仮投票を選びます(法50条)。"))


async def _done(screen: PollingScreen, receipt: Receipt | None, look: VoterLook) -> None:
    if receipt is not None:
        await screen.recorded(receipt, look)


async def refuse(screen: PollingScreen, look: VoterLook) -> None:
    """投票拒否."""
    election, key = _election(screen), look.opened.key

    async def record(a: dict[str, Any]) -> Receipt:
        return await screen.ask(screen.polling.refuse, key, a["contests"], a["ground"], a["opinion"],
                                decided_by=a["decided_by"], pin=a["pin"])

    meant = [s.contest.code for s in look.examined.slips if s.act is not Act.NOT_ENTITLED]
    receipt = await whom.asked(screen, f"投票の拒否: {shown_name(look.elector.name)}", [
        whom.contests(election.in_order, meant),
        Field(key="ground", label="理由", required=True, hint="本人と確かめられない など"),
        Field(key="opinion", label="立会人の意見", required=True, hint="全員同意、異議あり(氏名) など"),
        *whom.presiding(election)], record, enter="拒否を記録", help=HELP_REFUSE)
    if receipt is None:
        return
    await screen.refresh_facts()

    async def then(objects: bool) -> None:
        if objects:
            await provisional(screen, look)
        else:
            await screen.recorded(receipt, look)

    screen.show(Pick(screen, f"{shown_name(look.elector.name)} さん  拒否を記録しました",
                     [("不服はない", False), ("不服がある。仮投票をする", True)], then, enter=False,
                     prompt="本人に不服がありますか", help=HELP_PROVISIONAL))


async def provisional(screen: PollingScreen, look: VoterLook) -> None:
    """仮投票, with papers of its own."""
    election, key = _election(screen), look.opened.key
    now = await screen.ask(screen.polling.look, look.opened)
    refused = [s.contest.code for s in now.standings if s.refused and not s.provisional]

    async def record(a: dict[str, Any]) -> Receipt:
        return await screen.ask(screen.polling.provisional, key, a["contests"], a["ground"], a["opinion"],
                                a["objected_by"], decided_by=a["decided_by"], pin=a["pin"],
                                braille=a["contests"] if a["paper"] is PaperKind.BRAILLE else ())

    await _done(screen, await whom.asked(screen, f"仮投票: {shown_name(look.elector.name)}", [
        whom.contests(election.in_order, refused),
        Field(key="paper", label="用紙", value=PaperKind.PLAIN, options=tuple((p, p.value) for p in PaperKind)),
        Field(key="objected_by", label="だれの申出", required=True, value=Objector.VOTER if refused else "",
              options=((Objector.VOTER, "本人の不服"), (Objector.WITNESS, "立会人の異議"))),
        Field(key="ground", label="理由", required=True, hint="拒否した理由、異議の理由"),
        Field(key="opinion", label="立会人の意見", required=True, hint="全員同意、異議あり(氏名) など"),
        *whom.presiding(election)], record, enter="仮投票を記録", help=HELP_PROVISIONAL,
        note="用紙を渡す選挙に印を付けます。用紙は封筒に入れてもらいます。"), look)


async def absentee(screen: PollingScreen, look: VoterLook) -> None:
    """不在者投票の用紙返還 (T10)."""
    election, key = _election(screen), look.opened.key
    out = [s.contest for s in look.standings if s.state is State.ABSENTEE_ISSUED]
    if not out:
        screen.warn("この方に、不在者投票用紙を渡した選挙はありません")
        return

    async def record(a: dict[str, Any]) -> Receipt:
        return await screen.ask(screen.polling.absentee_returned, key, a["contests"], verifier=a["verifier"],
                                pin=a["pin"])

    await _done(screen, await whom.asked(screen, f"不在者投票用紙の返還: {shown_name(look.elector.name)}", [
        whom.contests([c for c in election.in_order if c in out], [c.code for c in out]), *whom.second()], record,
        enter="返還を記録", note="用紙と封筒を受け取り、使われていないことを二人で確かめます。",
        help="不在者投票の用紙を渡した方は、使っていない用紙を返すと、ここで投票できます。\n"
             "返していない選挙の印は外してください。もう一人の職員が番号と暗証番号を入れます。"), look)


async def incident(screen: PollingScreen, look: VoterLook) -> None:
    """事故記録."""
    election, key = _election(screen), look.opened.key

    async def record(a: dict[str, Any]) -> Receipt:
        return await screen.ask(screen.polling.incident, key, a["category"], a["text"], a["contests"])

    await _done(screen, await whom.asked(screen, f"事故の記録: {shown_name(look.elector.name)}", [
        Field(key="category", label="種類", required=True, options=tuple((c, c) for c in CATEGORIES)),
        Field(key="text", label="何が起きたか", required=True), whom.contests(election.in_order, ())], record,
        help=HELP_INCIDENT), look)


async def enroll(screen: PollingScreen) -> None:
    """補正登録・判決書 (T12): afterwards the voter stands on the desk."""
    election = _election(screen)

    async def record(a: dict[str, Any]) -> OpenedVoter:
        return await screen.ask(screen.polling.enroll, **a)

    opened = await whom.asked(screen, "補正登録・判決書", [
        Field(key="basis", label="書類", required=True, options=tuple((b, b) for b in BASES)),
        Field(key="name", label="氏名", required=True), Field(key="name_kana", label="かな", asked=True),
        Field(key="birth", label="生年月日", required=True, hint="S23.2.29、19480229 など"),
        Field(key="sex_code", label="性別", asked=True, options=(("1", "男"), ("2", "女"), ("", "不明"))),
        Field(key="address", label="住所", asked=True, hint="支援措置の方は空のまま"),
        Field(key="ward_code", label="投票区", hint="通知にあれば"),
        whom.contests(election.in_order, [c.code for c in election.in_order]),
        *whom.presiding(election, "decider_pin"), *whom.second()], record, enter="登録", help=HELP_ENROLL)
    if opened is not None:
        await screen.open(opened)
        screen.tell(f"{shown(opened.key)} として登録しました", "このまま受付できます")
