"""利用者ID from reservation to a tap that opens its holder, by a real PC/SC daemon, torn anywhere and finished."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.cards.errands import WriteId, WriteOutcome
from sanjo_tui.cards.facts import CardGone, CardRefused, CardSeen
from sanjo_tui.errors import UnknownToken
from tests.hardware.pcscd import PrivateDaemon, until
from tests.hardware.test_errands import watching, whole
from tests.test_cards_errands import KEY, PROFILE
from tests.userid_ground import holder, nobody_yet, reserve, userid


@pytest.mark.parametrize("answered", range(13))
def test_an_id_is_issued_though_the_card_was_pulled_anywhere(daemon: PrivateDaemon, tmp_path: Path,
                                                             answered: int) -> None:
    desk = userid(tmp_path / "A")
    who = nobody_yet(desk).addressee_no
    number, card = reserve(desk, who, "library"), whole(bytes(13))
    errand = WriteId(PROFILE, number, secret=KEY)
    with watching() as watch:
        with daemon.tap(card, tear_after=3 + answered):
            watch.next(CardRefused)                             # blank: nothing to read yet
            torn = watch.reader.errand(errand)
            desk.userid.written(who, torn)
        assert torn.outcome is WriteOutcome.TORN and not holder(desk, who).in_use
        assert [one.addressee_no for one in desk.userid.unfinished()] == [who]
        watch.next(CardGone)
        with daemon.tap(card):
            tried = []
            until(lambda: tried.append(watch.reader.errand(errand)) or tried[-1].outcome is not WriteOutcome.GONE,
                  "the card is back", 20)
            desk.userid.written(who, tried[-1])
        assert holder(desk, who).in_use and not desk.userid.unfinished()
    with watching() as watch, daemon.tap(card):
        seen = watch.next(CardSeen)
        assert isinstance(seen, CardSeen) and desk.open_card(seen, "library").who == who
        desk.userid.suspend(who, "紛失")
        with pytest.raises(UnknownToken, match="停止中"):
            desk.open_card(seen, "library")
