"""What may be typed stands whole beside the search box at 80 columns."""

from __future__ import annotations

import pytest

from screens.kiosk import KioskScreen
from screens.widgets import pad

ROOM = 31
"""Columns beside the box at 80 columns; the picture of the kiosk's counter shows the same."""


@pytest.mark.parametrize("screen", [KioskScreen])
def test_the_search_words_fit(screen: type[KioskScreen]) -> None:
    assert pad(screen.SEARCHES, ROOM).rstrip() == screen.SEARCHES
