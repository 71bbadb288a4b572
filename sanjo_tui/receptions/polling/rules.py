"""The table of a polling desk in one place (docs/polling.md §3): which events follow, and when the answer is no.

    T1   examine              照会: verdict, papers, what must be confirmed
    T2   receive              受付確定; T5 再来場 comes with it
    T3   cast                 退出確認
    T4   abstain              棄権
    T6   exchange             書損引換・再交付
    T7   give_back            返付; take_away: 持ち帰り, a record only
    T8   take_back            受付取消
    T9   -                    no function hands out a second ordinary paper
    T10  absentee_returned    不在者投票の用紙返還
    T11  refuse, provisional  投票拒否, 仮投票
    T12  enroll, elector_of   補正登録・判決書
         incident             事故

Pure: each takes what holds now and gives events, or raises Refusal with the code of the guard that failed.
"""

from sanjo_tui.receptions.polling.entitlement import Entitlement, eligible_from, eligible_on, entitled
from sanjo_tui.receptions.polling.papers import cast, exchange, give_back, take_away, take_back
from sanjo_tui.receptions.polling.presiding import (
    absentee_returned,
    elector_of,
    enroll,
    incident,
    provisional,
    refuse,
)
from sanjo_tui.receptions.polling.refusals import Refusal
from sanjo_tui.receptions.polling.standing import Standing, standing, standings
from sanjo_tui.receptions.polling.stops import Slip, Stop
from sanjo_tui.receptions.polling.verdict import Examined, Here, examine
from sanjo_tui.receptions.polling.visits import Choice, abstain, receive

__all__ = [
    "Choice",
    "Entitlement",
    "Examined",
    "Here",
    "Refusal",
    "Slip",
    "Standing",
    "Stop",
    "absentee_returned",
    "abstain",
    "cast",
    "elector_of",
    "eligible_from",
    "eligible_on",
    "enroll",
    "entitled",
    "examine",
    "exchange",
    "give_back",
    "incident",
    "provisional",
    "receive",
    "refuse",
    "standing",
    "standings",
    "take_away",
    "take_back",
]
