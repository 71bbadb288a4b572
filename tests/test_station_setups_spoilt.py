"""The file that names the set-up in use, spoilt by a power cut or a hand: no set-up, never a crash."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from sanjo_tui.desk.counter import store as counter
from sanjo_tui.desk.kiosk import store as kiosk

SPOILT = [b"", b"\0" * 13, b"\xff\xfe\x82\xa0", b"../../../etc", b"0123456789ab\n0123456789ab\n", "設定".encode()]


@pytest.mark.parametrize("store", [counter, kiosk], ids=["counter", "kiosk"])
@pytest.mark.parametrize("data", SPOILT)
def test_a_spoilt_name_of_the_set_up_is_no_set_up(store: ModuleType, data: bytes, tmp_path: Path) -> None:
    place = tmp_path / store.__name__.split(".")[-2]
    place.mkdir()
    (place / "current").write_bytes(data)
    assert store.in_use(tmp_path) == ""


@pytest.mark.parametrize("store", [counter, kiosk], ids=["counter", "kiosk"])
def test_a_folder_in_its_place_is_no_set_up(store: ModuleType, tmp_path: Path) -> None:
    (tmp_path / store.__name__.split(".")[-2] / "current").mkdir(parents=True)
    assert store.in_use(tmp_path) == ""


@pytest.mark.parametrize("store", [counter, kiosk], ids=["counter", "kiosk"])
def test_a_whole_name_is_the_set_up(store: ModuleType, tmp_path: Path) -> None:
    place = tmp_path / store.__name__.split(".")[-2]
    place.mkdir()
    (place / "current").write_bytes(b"0123456789ab\n")
    assert store.in_use(tmp_path) == "0123456789ab"
