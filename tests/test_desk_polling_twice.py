"""Ways to a second ordinary paper that go around the desk's own stop: set-ups, enrolments, lists on paper, copies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import station as stations
from sanjo_tui.desk import Desk
from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
from sanjo_tui.desk.merging import take_in
from sanjo_tui.desk.polling import PollingDesk
from sanjo_tui.desk.voters import OpenedVoter
from sanjo_tui.errors import PrintError, RuleError
from sanjo_tui.journal import backup, exports, restore
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.rules import Refusal
from sanjo_tui.receptions.polling.words import Code, IdMethod, PaperKind, Via
from sanjo_tui.receptions.shelter.state import EPISODES
from sanjo_tui.register.roll import elections
from sanjo_tui.register.roll.elector import RollStatus
from sanjo_tui.vault import Vault
from tests import test_desk_polling as ground
from tests.desk import desk
from tests.screens.polling_stage import PIN, set_up
from tests.test_desk_polling import CARD, receive

counter, place = ground.counter, ground.place
SHOWN = replace(CARD, id_method=IdMethod.DOCUMENT, via=Via.SEARCH)


def enroll(place: PollingDesk, name: str, birth: str, kana: str = "") -> OpenedVoter:
    return place.enroll(basis="確定判決書", name=name, name_kana=kana, birth=birth, contests=["sho"], decided_by="K01",
                        decider_pin=PIN, verifier="J03", pin=PIN, ward_code="W1")


def test_nobody_is_enrolled_a_second_time(place: PollingDesk) -> None:
    place.receive(place.look(enroll(place, "登録　一", "19700101", "トウロク　ハジメ")), SHOWN)
    for name, kana in (("登録 一", ""), ("登録　壱", "とうろく はじめ")):
        with pytest.raises(Refusal) as refused:
            enroll(place, name, "S45.1.1", kana)
        assert refused.value.code is Code.DUPLICATE and "H1" in refused.value.hint
    assert enroll(place, "登録　一", "19700102").key.endswith("-H2")


def test_nobody_of_the_roll_is_enrolled_beside_it(place: PollingDesk) -> None:
    receive(place)
    with pytest.raises(Refusal) as refused:
        enroll(place, "佐藤　太郎", "19740305", "サトウ　タロウ")
    assert refused.value.code is Code.DUPLICATE and "佐藤" not in refused.value.hint + refused.value.message
    struck = enroll(place, "鈴木　久", "19740305", "スズキ　ヒサシ")         # a judgment may know better
    assert struck.key.endswith("-H1")


def test_whoever_was_enrolled_is_found_again_by_name_and_birth_date(place: PollingDesk) -> None:
    key = enroll(place, "登録　一", "19700101", "トウロク　ハジメ").key
    for text in ("登録", "とうろく", "S45.1.1", "トウロク 19700101", key):
        assert [hit.elector.addressee_no for hit in place.search(text).hits] == [key]
    assert place.search("トウロク 19700102").hits == ()
    with place.desk.journal.view() as view:
        last: Any = [r.event for r in view.events(kinds=("lookup.searched",))][-2]
    assert last.listed == (key,)


def test_the_roll_decides_as_it_is_when_enter_is_pressed(place: PollingDesk) -> None:
    look = place.look(place.open_voter("900001", Via.CARD))
    electors = place._roll
    people = electors.people                       # type: ignore[union-attr]
    electors.people = tuple(                       # type: ignore[union-attr]
        replace(p, roll_status=RollStatus.STRUCK) if p.addressee_no == "900001" else p for p in people)
    with pytest.raises(Refusal):
        place.receive(look, CARD)


def loaded(place: PollingDesk, **changes: str) -> None:
    text = setup.moved_to(set_up().encode(), place.clock().date()).decode()
    for old, new in changes.items():
        text = text.replace(old, new)
    election, problems = setup.read(text.encode())
    assert election is not None, problems
    place.election_loaded(election)


def test_a_set_up_under_another_id_does_not_forget_who_voted(place: PollingDesk) -> None:
    loaded(place, **{"2026-11-shugiin": "2026-11-other"})          # nobody has voted yet
    loaded(place)
    receive(place)
    with pytest.raises(RuleError, match="2026-11-shugiin"):
        loaded(place, **{"2026-11-shugiin": "2026-11-again"})
    loaded(place, 市役所="市役所本庁")                              # what does not touch who voted may change


def test_a_contest_whose_papers_went_out_keeps_its_code(place: PollingDesk) -> None:
    receive(place)
    with pytest.raises(RuleError, match="hirei"):
        loaded(place, hirei="pr")


def test_the_list_on_paper_offers_no_paper_that_the_desk_refuses(place: PollingDesk) -> None:
    decided = {"decided_by": "K01", "pin": PIN}
    place.refuse("900001", ["sho"], "本人と確認できない", "異議なし", **decided)
    place.provisional("900001", ["sho"], "本人の不服", "異議なし", "選挙人", **decided)
    rows: dict[str, Any] = {row.name: row for row in place.paper("extract").content.rows}
    assert rows["佐藤　太郎"].ticks[0] == "仮投票"
    assert rows["佐藤　太郎"].ticks[4] == "まだ"                    # its early voting begins later
    assert set(rows["若井　十七"].ticks[:4]) == {"まだ"}
    assert rows["鈴木　久"].to_presiding and set(rows["鈴木　久"].ticks) == {""}


def test_a_paper_that_came_back_is_no_longer_taken_away(place: PollingDesk) -> None:
    receive(place)
    place.take_away("900001", "sho", "持って出た")
    place.give_back("900001", "sho", in_hand=True)
    receive(place)
    assert not place.voter("900001").ballot("sho").taken_away        # type: ignore[union-attr]
    place.take_away("900001", "hirei")
    place.cast("900001", ["hirei"])                                  # it was in the box after all
    assert place.turnout()[1].taken_away("E1") == 0


def test_a_copy_that_came_back_receives_nobody_before_somebody_who_presides_has_opened_it(
        place: PollingDesk, tmp_path: Path) -> None:
    stations.write(place.desk.station)
    receive(place)
    copy = backup.back_up(place.desk.journal, place.desk.station, tmp_path)
    receive(place, "900005")                                       # only the lost laptop knows of it
    back = restore.restore(copy.file, tmp_path / "spare", "", LEDGERS, LOOSE_EVENTS)     # type: ignore[arg-type]
    spare = Desk.open(back.station, Vault.open(back.station.vault).unlock(""), "op")
    election = (place.desk.station.home / "elections" / "2026-11-shugiin.toml").read_bytes()
    elections.store(back.station.home, "2026-11-shugiin", election)
    other = spare.polling
    other._roll, other.clock = place._roll, place.clock
    assert other.readiness() == ""                                 # it still knows which place it is
    for key in ("900001", "900005"):
        stop = other.look(other.open_voter(key, Via.CARD)).examined.stop
        assert stop is not None and stop.code is Code.NOT_OPEN
        with pytest.raises(Refusal):
            receive(other, key)
    assert [item.name for item in other.gate(clock_confirmed=True) if not item.ok] == ["restored"]
    with pytest.raises(RuleError, match="控え"):
        other.open_place(clock_confirmed=True, zero_printed=True)
    other.open_place(clock_confirmed=True, zero_printed=True, on_paper="紙の記録と比べた", decided_by="K01", pin=PIN)
    assert all(item.name != "restored" for item in other.gate())
    stop = other.look(other.open_voter("900001", Via.CARD)).examined.stop
    assert stop is not None and stop.code is Code.VOTED
    spare.close()


def test_a_slip_that_is_printed_again_says_so_and_none_is_printed_for_what_was_taken_back(place: PollingDesk) -> None:
    number = receive(place).reception_no
    for form in ("slip", "declaration"):
        jobs = [place.print(form, reception_no=number) for _ in range(2)]
        known = {job.number: job for job in place.desk.printing.pending()}
        assert [(known[job].mark, known[job].form) for job in jobs] == [("再発行 1", form), ("再発行 2", form)]
        assert place.paper(form, reception_no=number).content.heading.reissue == 3
    place.take_back(number, "人違い", in_hand=True, verifier="J03", pin=PIN)
    for form in ("slip", "declaration"):
        with pytest.raises(PrintError, match="取り消されて"):
            place.paper(form, reception_no=number)


def test_two_laptops_of_one_place_do_not_double_its_papers(place: PollingDesk, tmp_path: Path) -> None:
    other = ground.set_election(desk(tmp_path / "other", receptions=("polling",), polling_place="E1", code="B1B2B3"))
    other.open_place(clock_confirmed=True, zero_printed=True)
    receive(place)
    receive(other, "900005")
    other.deliver("sho", PaperKind.PLAIN, 50, "追加")
    for file in exports.write(other.desk.journal, tmp_path / "usb"):
        take_in(place.desk, file.path, "")
    line = next(q for q in place.equations() if q.contest == "sho")
    assert (line.delivered, line.out, line.expected) == (550, 2, 548)
    assert place.deliver("sho", PaperKind.PLAIN, 10, "設定の枚数").delivered == 560      # typed by somebody
    other.desk.close()


def test_a_disaster_never_shares_the_key_of_an_election(place: PollingDesk) -> None:
    assert place.desk.shelter.open_shelter("2026-11-shugiin") is not None
    with place.desk.journal.view() as view:
        assert list(view.scopes(EPISODES)) == ["2026-11-shugiin-2"]
