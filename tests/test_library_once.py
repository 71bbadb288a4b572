"""Each loan exactly once: a real protocol server, lines cut at random, and every fault of real systems on order."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from sanjo_tui.sip2.client import Client, Unanswered, Unreachable
from sanjo_tui.sip2.codec import Form, Garbled, Message, Unfit
from sanjo_tui.sip2.messages import Answer, Standing, Who
from sanjo_tui.sip2.once import Deal, Deed, End, carry
from sanjo_tui.wareki import JST
from tests.library_ils import Cutter, Fault, Faulty, real_server, settings

AT = dt.datetime(2026, 11, 24, 10, 15, tzinfo=JST)
DUE = dt.datetime(2026, 12, 8, 23, 59, 59, tzinfo=JST)


def loan(item: str, patron: str = "1234567") -> Deal:
    return Deal(deed=Deed.LEND, item=item, patron=patron, at=AT, due=DUE)


def back(item: str) -> Deal:
    return Deal(deed=Deed.RETURN, item=item, at=AT)


@contextlib.contextmanager
def faulty(fault: Fault = lambda message, count: "", form: Form | None = None, **more: object,
           ) -> Iterator[tuple[Faulty, Client]]:
    server = Faulty(fault, form)
    client = Client(settings(server.port, form, **more))
    yield server, client
    client.close()
    server.close()


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_whole_turn_with_a_real_server(encoding: str) -> None:
    with real_server(encoding) as (port, truth):
        client = Client(settings(port, Form(encoding=encoding)))
        standing = client.standing("1234567")
        assert (standing.charged, standing.overdue, standing.valid, standing.flags) == (0, 1, True, (False,) * 14)
        assert standing.messages == ("… 様 予約が届いています",)
        assert client.lend("1234567", "B1", AT, DUE).ok
        refused = client.lend("7654321", "B1", AT, DUE)
        assert not refused.ok and refused.messages == ("… は貸出中です",)
        assert client.on_loan("B1") and client.standing("1234567", items=True).items == {"B1"}
        assert client.give_back("B1", AT).ok and not client.on_loan("B1")
        client.end_session("1234567")
        client.close()
        assert truth.lent == {"B1": 1} and truth.back == {"B1": 1}


def test_a_blank_due_date_makes_this_server_hang_up_and_the_loan_is_known_not_to_be_there() -> None:
    with real_server() as (port, truth):
        client = Client(settings(port))
        with pytest.raises(Unanswered):
            client.lend("1234567", "B1", AT, None)
        assert not truth.lent
        assert carry(client, loan("B1"), maybe_sent=True).end is End.DONE
        client.close()


def test_a_wrong_password_is_told_and_nothing_is_sent() -> None:
    with real_server() as (port, truth):
        client = Client(settings(port, password="wrong"))
        with pytest.raises(Unreachable, match="ログインを断られました"):
            client.lend("1234567", "B1", AT, DUE)
        assert not truth.lent


def cut_at_random(loans: int, seed: int, encoding: str) -> None:
    """Loans and, for every third, a return, over a line that is cut at a third of all questions."""
    with real_server(encoding) as (port, truth):
        cutter = Cutter(port, seed, 0.35)
        client = Client(settings(cutter.port, Form(encoding=encoding)))
        sent: dict[str, bool] = {}

        def through(deal: Deal) -> None:
            name = f"{deal.deed} {deal.item}"
            for _ in range(40):                             # what is not answered is carried again, as the queue does
                try:
                    result = carry(client, deal, maybe_sent=sent.get(name, False),
                                   sending=lambda: sent.__setitem__(name, True))
                except (Unanswered, Unreachable, Garbled):
                    continue
                assert result.end is End.DONE, (deal, result)
                return
            raise AssertionError("never settled")

        for n in range(loans):
            through(loan(f"B{n:05}", f"{1000000 + n // 5}"))
            if n % 3 == 0:
                through(back(f"B{n:05}"))
        client.close()
        cutter.close()
        assert sum(cutter.cuts.values()) > loans // 5 and set(cutter.cuts) >= {"before", "after", "within", "later"}
        assert truth.lent == {f"B{n:05}": 1 for n in range(loans)}, "each loan once"
        assert truth.back == {f"B{n:05}": 1 for n in range(0, loans, 3)}, "each return once"
        assert truth.loans == {f"B{n:05}": f"{1000000 + n // 5}" for n in range(loans) if n % 3}
        assert set(truth.at.values()) == {"20261124    101500"}


def test_forty_loans_over_a_line_that_is_cut_at_random() -> None:
    cut_at_random(40, 1, "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_thousand_loans_over_a_line_that_is_cut_at_random(encoding: str) -> None:
    cut_at_random(1000, 7, encoding)


@pytest.mark.parametrize("fault", ["96", "hang up", "no answer", "half", "no return", "broken", "older first",
                                   "in pieces", "wrong ao", "silent"])
@pytest.mark.parametrize("code", ["93", "99", "63", "11", "09", "17"])
def test_each_fault_once_at_each_message(fault: str, code: str) -> None:
    def once(message: Message, count: int) -> str:
        return fault if message.code == code and count == 1 else ""

    with faulty(once, timeout=0.3) as (server, client):
        result = None
        for deal in (loan("B1"), back("B1")):
            maybe = False
            for _ in range(6):
                try:
                    if deal.deed is Deed.LEND:
                        client.standing("1234567")
                    result = carry(client, deal, maybe_sent=maybe)
                    break
                except Unreachable:
                    continue                                # nothing was sent
                except (Unanswered, Garbled):
                    maybe = True
            assert result is not None and result.end is End.DONE
        assert server.library.counted == {"B1": 1} and not server.library.loans


def test_96_brings_the_same_frame_with_the_same_sequence() -> None:
    with faulty(lambda message, count: "96" if message.code == "11" and count < 3 else "") as (server, client):
        assert client.lend("1234567", "B1", AT, DUE).ok
        places = [n for n, code in enumerate(server.seen) if code == "11"]
        assert len(places) == 3 and len({server.sequences[n] for n in places}) == 1
        assert server.library.counted == {"B1": 1}


def test_a_broken_answer_is_asked_for_with_97_and_nothing_is_done_twice() -> None:
    with faulty(lambda message, count: "broken" if message.code == "11" else "") as (server, client):
        assert client.lend("1234567", "B1", AT, DUE).ok
        assert server.seen.count("97") == 1 and server.seen.count("11") == 1


def test_96_for_ever_ends_as_unanswered() -> None:
    with faulty(lambda message, count: "96" if message.code == "11" else "") as (server, client):
        with pytest.raises(Unanswered):
            client.lend("1234567", "B1", AT, DUE)
        assert server.seen.count("11") == 4 and not server.library.counted


def test_the_sequence_wraps_at_ten() -> None:
    with faulty() as (server, client):
        for n in range(12):
            client.standing(f"{n:07}")
        assert server.sequences[:14] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3]


@pytest.mark.parametrize(("encoding", "terminator", "checksum"), [
    ("utf-8", "CR", True), ("utf-8", "CRLF", True), ("utf-8", "none", True), ("utf-8", "CR", False),
    ("cp932", "CRLF", True), ("cp932", "CR", False), ("cp850", "CR", True)])
def test_encodings_terminators_and_checksums(encoding: str, terminator: str, checksum: bool) -> None:
    form = Form(encoding=encoding, terminator=terminator, checksum=checksum)
    server = Faulty(form=form)
    place = "Library" if encoding == "cp850" else "ポスト前分館"
    client = Client(settings(server.port, form, who=Who(institution="SANJO", location=place)))
    assert client.lend("1234567", "B1", AT, DUE).ok and client.give_back("B1", AT).ok
    assert server.asked[-1].first("AP") == place
    client.close()
    server.close()


def test_another_ao_is_noticed_and_not_refused() -> None:
    with faulty(lambda message, count: "wrong ao") as (_, client):
        assert client.standing("1234567").valid and client.institution_differs


def test_a_session_is_ended() -> None:
    with faulty() as (server, client):
        client.standing("1234567")
        client.end_session("1234567")
        assert server.seen[-1] == "35"
        client.close()
        client.end_session("1234567")
        assert server.seen[-1] == "35", "a line that is down is not dialled to say goodbye"


def test_no_login_without_a_user() -> None:
    with faulty(user="") as (server, client):
        client.reach()
        assert server.seen == ["99"]


def test_nobody_there_is_unreachable() -> None:
    server = Faulty()
    server.close()
    client = Client(settings(server.port))
    with pytest.raises(Unreachable):
        client.lend("1234567", "B1", AT, DUE)


def test_a_value_that_cannot_be_carried_sends_nothing() -> None:
    with faulty() as (server, client):
        with pytest.raises(Unfit):
            client.lend("1234567", "あ" * 86, AT, DUE)
        assert server.seen == []


# --- what the judge decides, with systems that tell less


class Silent:
    """A system whose answers are lost as often as it is told, and that lists loans only if it wants to."""

    def __init__(self, *, lost: list[bool], lists: bool = True, arrives: list[bool] | None = None,
                 there: dict[str, str] | None = None) -> None:
        self.lost, self.lists, self.arrives = list(lost), lists, list(arrives or [])
        self.loans: dict[str, str] = dict(there or {})
        self.lent: list[str] = []

    def standing(self, patron_id: str, *, items: bool = False) -> Standing:
        theirs = frozenset(item for item, who in self.loans.items() if who == patron_id)
        return Standing(flags=(False,) * 14, charged=len(theirs), overdue=0, valid=True, institution="", messages=(),
                        items=theirs if items and self.lists else frozenset())

    def lend(self, patron_id: str, item: str, at: dt.datetime, due: dt.datetime | None, *,
             no_block: bool = False) -> Answer:
        arrives = self.arrives.pop(0) if self.arrives else True
        ok = arrives and item not in self.loans
        if ok:
            self.loans[item] = patron_id
            self.lent.append(item)
        if self.lost and self.lost.pop(0):
            raise Unanswered("lost")
        return Answer(ok=ok, institution="", item=item)

    def give_back(self, item: str, at: dt.datetime, *, no_block: bool = False) -> Answer:
        self.loans.pop(item, None)
        if self.lost and self.lost.pop(0):
            raise Unanswered("lost")
        return Answer(ok=True, institution="", item=item)

    def on_loan(self, item: str) -> bool:
        return item in self.loans


@how(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.booleans(), max_size=8), st.lists(st.booleans(), max_size=8), st.booleans())
def test_whatever_is_lost_nothing_is_lent_twice_and_done_means_done(lost: list[bool], arrives: list[bool],
                                                                   lists: bool) -> None:
    ils = Silent(lost=lost, arrives=arrives, lists=lists)
    try:
        result = carry(ils, loan("B1"))
    except Unanswered:
        result = None
    assert ils.lent.count("B1") <= 1
    if result is not None and result.end is End.DONE:
        assert ils.loans == {"B1": "1234567"}
    if result is not None and result.end is End.REFUSED:
        assert "B1" not in ils.loans


def test_on_loan_to_somebody_else_is_never_taken_for_ours() -> None:
    other = Silent(lost=[True], there={"B1": "9999999"})
    assert carry(other, loan("B1")).end is End.REFUSED, "the list shows that it is not ours"
    silent = Silent(lost=[True], there={"B1": "9999999", "B2": "1234567"}, lists=False)
    assert carry(silent, loan("B1")).end is End.UNSURE, "a system that lists nothing leaves it to a person"


def test_after_half_a_day_nothing_is_sent_again_by_itself() -> None:
    ils = Silent(lost=[])
    assert carry(ils, loan("B1"), maybe_sent=True, old=True).end is End.UNSURE and not ils.lent
    there = Silent(lost=[], there={"B1": "1234567"})
    assert carry(there, loan("B1"), maybe_sent=True, old=True).end is End.DONE
    lent_again = Silent(lost=[], there={"B1": "7777777"})
    assert carry(lent_again, back("B1"), maybe_sent=True, old=True).end is End.UNSURE
    assert lent_again.loans == {"B1": "7777777"}, "somebody's new loan is not ended by an old return"
    assert carry(Silent(lost=[]), back("B1"), maybe_sent=True, old=True).end is End.DONE
