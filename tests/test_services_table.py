"""The table of docs/services.md: every service, every column, each cell with a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COLUMNS = ("受付", "カード", "検索", "決まり", "書類", "取消", "通信なし", "書き出し", "保護された方")


def table() -> list[list[str]]:
    text = (ROOT / "docs" / "services.md").read_text(encoding="utf-8").partition("## 6.")[2]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]


def services() -> list[str]:
    text = (ROOT / "docs" / "services.md").read_text(encoding="utf-8").partition("## 1.")[0]
    return re.findall(r"\| `(\w+)` \|", text)


def test_every_service_has_a_row_and_every_row_all_columns() -> None:
    head, *rows = table()
    assert tuple(head) == COLUMNS
    assert [re.findall(r"`(\w+)`", row[0])[0] for row in rows] == services()
    assert {len(row) for row in rows} == {len(COLUMNS)}


@pytest.mark.parametrize("service", services())
def test_each_cell_names_a_test_that_exists(service: str) -> None:
    row = next(row for row in table()[1:] if f"`{service}`" in row[0])
    for column, cell in zip(COLUMNS[1:], row[1:], strict=True):
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", cell)
        assert named, (service, column)
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), (service, column, file, test)
