"""Every line fits its terminal exactly, whatever its size and whatever the register delivers."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from screens.widgets import apart, folded, pad, shown, shown_name


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (60, 20)])
async def test_other_sizes_fit_too(stage, size):
    async with stage(ascii_borders=True).on(size=size) as s:
        await s.tap("2000000000004")
        lines = s.text().split("\n")
        assert {cell_len(line) for line in lines} == {size[0]} and len(lines) == size[1]
        assert "─" not in s.text() and "-" * size[0] in s.text()


async def test_a_larger_terminal_shows_more_rows(stage):
    async with stage().on(size=(120, 36)) as s:
        await s.tap("2000000000004")
        assert s.text().count("大家") == 13                      # twelve members and the title


async def test_the_screen_follows_the_terminal(stage):
    async with stage().on() as s:
        await s.tap("2000000000004")
        await s.pilot.resize_terminal(120, 36)
        await s.settle()
        assert s.text().count("大家") == 13


@pytest.mark.parametrize(("text", "cells", "result"), [
    ("佐藤", 6, "佐藤  "), ("佐藤太郎", 7, "佐藤.. "), ("abc", 2, "ab"), ("佐", 1, " ")])
def test_text_is_cut_at_a_characters_edge(text, cells, result):
    assert pad(text, cells) == result and cell_len(pad(text, cells)) == cells


def test_what_a_terminal_cannot_show_is_replaced():
    assert shown("葛\U000e0100\ue000\u200b\n") == "葛〓 " and shown_name("葛\U000e0100") == "葛*"
    assert shown_name("𠮷野﨑塚") == "𠮷野﨑塚" and shown("が") == "が"


def test_lines_are_folded_and_set_apart_by_cells():
    assert folded("佐藤太郎a", 4) == ["佐藤", "太郎", "a"]
    assert apart("佐藤太郎", "待", 9) == "佐藤.. 待" and cell_len(apart("佐藤", "待", 9)) == 9
