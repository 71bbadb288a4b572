"""CSV as towns deliver it: every encoding and line end, code points kept, line numbers right."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.register.reading import CsvFile, Unreadable

PLAIN = '氏名,住所\r\n"佐藤　太郎","旭町\r\n２号室"\r\n髙﨑濵德,①番地\r\n'


def rows(path: Path, encoding: str = "utf-8") -> list[tuple[int, list[str]]]:
    with CsvFile(path, encoding) as file:
        assert file.header == ("氏名", "住所")
        return list(file.rows())


@pytest.mark.parametrize(("codec", "encoding", "mark"), [
    ("utf-8", "utf-8", b""), ("utf-8", "utf-8", b"\xef\xbb\xbf"), ("cp932", "cp932", b""),
    ("utf-16-le", "utf-16le", b""), ("utf-16-le", "utf-16le", b"\xff\xfe")])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("tail", ["", "\x1a", "cut"])
def test_every_encoding_and_line_end(tmp_path: Path, codec: str, encoding: str, mark: bytes, end: str,
                                     tail: str) -> None:
    text = PLAIN.replace("\r\n", end)
    text = text.removesuffix(end) if tail == "cut" else text + tail
    path = tmp_path / "a.csv"
    path.write_bytes(mark + text.encode(codec))
    assert rows(path, encoding) == [(2, ["佐藤　太郎", f"旭町{end}２号室"]), (4, ["髙﨑濵德", "①番地"])]


def test_outside_characters_keep_their_code_points(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("氏名,住所\n".encode("cp932") + b"\xf0\x40\xf9\xfc,\x81\x60\n")
    assert rows(path, "cp932") == [(2, ["\ue000\ue757", "～"])]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=8), min_size=2, max_size=2)))
def test_any_value_comes_back_code_point_for_code_point(values: list[list[str]]) -> None:
    import tempfile

    values = [row for row in values if not row[-1].endswith("\x1a")]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["氏名", "住所"], *values])
    for codec, encoding in (("utf-8", "utf-8"), ("utf-16-le", "utf-16le")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.csv"
            path.write_bytes(out.getvalue().encode(codec))
            assert [row for _, row in rows(path, encoding)] == values


@pytest.mark.parametrize(("data", "encoding", "line", "rule"), [
    ("氏名,住所\n佐藤,旭町\n髙橋,元町\n".encode("cp932"), "utf-8", 1, "encoding"),
    (b"\xe6\xb0\x8f\xe5\x90\x8d,a\n" * 3 + b"\x82\xa0\n", "utf-8", 4, "encoding"),
    (("氏名,住所\n" + "佐藤,旭町\n" * 200_000).encode() + b"\xff\n", "utf-8", 200_002, "encoding"),
    ("氏名,住所\n佐藤,旭町\n".encode("utf-16-le") + b"\x00", "utf-16le", 3, "encoding"),
    ('氏名,住所\n佐藤,"旭町\n高橋,元町\n'.encode(), "utf-8", 2, "csv"),
    ('氏名,住所\n佐藤,"旭"町\n'.encode(), "utf-8", 2, "csv"),
])
def test_what_cannot_be_read_names_its_line(tmp_path: Path, data: bytes, encoding: str, line: int, rule: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught, CsvFile(path, encoding) as file:
        list(file.rows())
    assert (caught.value.line, caught.value.rule) == (line, rule)


def test_an_empty_file_has_no_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    with CsvFile(tmp_path / "a.csv", "utf-8") as file:
        assert file.header == () and list(file.rows()) == []
