"""The states of an application and what may be done in each: one table that rules, screens and tests obey."""

from __future__ import annotations

from collections.abc import Mapping

from sanjo_tui.receptions.certificate.words import Act, State

TRANSITIONS: Mapping[State, Mapping[Act, State]] = {
    State.CONSULTED: {Act.WITHDRAW: State.WITHDRAWN},
    State.APPLIED: {Act.ISSUE: State.PREPARED, Act.WITHDRAW: State.WITHDRAWN, Act.REFUSE: State.REFUSED,
                    Act.REBIND: State.APPLIED, Act.CONFIRM: State.APPLIED},
    State.SELF_REVIEW: {Act.SELF_ACCEPT: State.DECIDED, Act.SELF_REJECT: State.WAITING, Act.SURVEY: State.SURVEYED,
                        Act.DECIDE: State.DECIDED, Act.WITHDRAW: State.WITHDRAWN, Act.REFUSE: State.REFUSED,
                        Act.REBIND: State.SELF_REVIEW, Act.CONFIRM: State.SELF_REVIEW, Act.EXPECT: State.SELF_REVIEW},
    State.WAITING: {Act.SURVEY: State.SURVEYED, Act.DECIDE: State.DECIDED, Act.WITHDRAW: State.WITHDRAWN,
                    Act.REFUSE: State.REFUSED, Act.REBIND: State.WAITING, Act.CONFIRM: State.WAITING,
                    Act.EXPECT: State.WAITING},
    State.SURVEYED: {Act.SURVEY: State.SURVEYED, Act.DECIDE: State.DECIDED, Act.WITHDRAW: State.WITHDRAWN,
                     Act.REFUSE: State.REFUSED, Act.REBIND: State.WAITING, Act.CONFIRM: State.SURVEYED,
                     Act.EXPECT: State.SURVEYED},
    State.DECIDED: {Act.ISSUE: State.PREPARED, Act.DECIDE: State.DECIDED, Act.SURVEY: State.DECIDED,
                    Act.WITHDRAW: State.WITHDRAWN, Act.REFUSE: State.REFUSED, Act.REBIND: State.WAITING,
                    Act.CONFIRM: State.DECIDED, Act.ASK_RESURVEY: State.RESURVEY},
    State.PREPARED: {Act.VOID: State.DECIDED, Act.HAND_OVER: State.HANDED, Act.DECIDE: State.PREPARED,
                     Act.SURVEY: State.PREPARED},
    State.HANDED: {Act.ASK_RESURVEY: State.RESURVEY, Act.SAME_AGAIN: State.PREPARED, Act.DECIDE: State.REDECIDED,
                   Act.SURVEY: State.HANDED, Act.VOID: State.DECIDED},
    State.RESURVEY: {Act.DECIDE: State.REDECIDED, Act.SURVEY: State.RESURVEY, Act.DROP_RESURVEY: State.HANDED,
                     Act.VOID: State.RESURVEY},
    State.REDECIDED: {Act.REISSUE: State.PREPARED, Act.DECIDE: State.REDECIDED, Act.SURVEY: State.REDECIDED,
                      Act.ASK_RESURVEY: State.RESURVEY, Act.VOID: State.DECIDED},
    State.REFUSED: {Act.VOID: State.REFUSED},
    State.WITHDRAWN: {Act.VOID: State.WITHDRAWN},
}
"""State -> what may be done -> the state after it. `state._settled` says where a decision changes nothing."""
