"""The certificate desk by its keys, on the real desk with the demo's register, houses and surveys."""

from __future__ import annotations

import pytest

from sanjo_tui.receptions.certificate.words import State
from tests.screens.service_stage import SATO_CARD, ServiceStage


@pytest.fixture
def hall(tmp_path):
    return lambda **more: ServiceStage(tmp_path / "home", "certificate", **more)


def applications(s):
    with s.desk.journal.view() as view:
        return s.desk.certificate.applications(view)


async def test_tap_house_face_certificate_handed_over_in_four_keys(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で 1 の家屋を申請")
        keys = ["enter", "1", "enter", "enter"]
        await s.press(*keys[:2])
        await s.until("受付しました  Enter で罹災証明書を発行")
        await s.press(keys[2])
        await s.until("Enter で交付")
        await s.press(keys[3])
        await s.until("交付済")
        (found,) = applications(s)
        assert found.state is State.HANDED and found.standing is not None
        assert len(keys) == 4
