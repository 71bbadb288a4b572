"""Photographs: what is refused and why, turned upright, nothing told beside the picture, sealed on the disk."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from sanjo_tui.desk import Desk, photos
from sanjo_tui.errors import RuleError
from tests import desk as desks

RULES = photos.Rules()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = desks.desk(tmp_path / "home", receptions=("childcare",))
    yield one
    one.close()


def picture(width: int = 700, height: int = 900, kind: str = "JPEG", orientation: int = 0) -> bytes:
    """Left half red, right half blue, so that turning shows."""
    image = Image.new("RGB", (width, height), (20, 40, 220))
    image.paste((220, 30, 30), (0, 0, width // 2, height))
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif[0x9286] = "a comment of the photographer"
    if orientation:
        exif[0x0112] = orientation
    image.save(out, kind, exif=exif)
    return out.getvalue()


def saved(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "photo"
    path.write_bytes(data)
    return path


def kept(desk: Desk, path: Path) -> photos.Photo:
    photo = photos.check(path, RULES)
    photos.keep(desk, photo)
    return photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_is_kept_sealed_and_comes_back(desk: Desk, tmp_path: Path, kind: str) -> None:
    photo = kept(desk, saved(tmp_path, picture(kind=kind)))
    data = photos.read(desk, photo.sha256)
    assert hashlib.sha256(data).hexdigest() == photo.sha256 and photo.format == kind
    assert Image.open(io.BytesIO(data)).size == (photo.width, photo.height) == (700, 900)
    on_disk = (desk.station.home / "photos" / f"{photo.sha256}.sealed").read_bytes()
    assert b"JFIF" not in on_disk and data[:64] not in on_disk
    assert photos.kept(desk) == (photo.sha256,) and photos.has(desk, photo.sha256)
    assert photos.erase(desk, photo.sha256) and not photos.erase(desk, photo.sha256)
    with pytest.raises(RuleError, match="ありません"):
        photos.read(desk, photo.sha256)


def test_turned_upright_and_stripped() -> None:
    """EXIF 6: the camera was held upright, the sensor lay on its side."""
    photo = photos.upright(picture(900, 700, orientation=6), RULES)
    image = Image.open(io.BytesIO(photo.data))
    assert (photo.width, photo.height) == (700, 900)
    top, bottom = image.getpixel((350, 100)), image.getpixel((350, 800))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 150 > top[2] and bottom[2] > 150 > bottom[0]
    assert not dict(image.getexif()) and b"CameraMaker" not in photo.data and b"photographer" not in photo.data


def test_cut_to_the_shape_and_made_smaller() -> None:
    photo = photos.upright(picture(2000, 2500), RULES)
    assert photo.height == 1200 and abs(photo.width / photo.height - RULES.ratio) < 0.002


@pytest.mark.parametrize(("data", "words"), [
    (b"", "写真のファイルではありません"),
    (b"%PDF-1.7 not a picture", "写真のファイルではありません"),
    (picture(kind="GIF"), "写真のファイルではありません"),
    (picture()[:4000], "壊れています"),
    (picture(300, 386), "小さすぎます"),
    (picture(900, 900), "比が合いません"),
    (picture(900, 700), "比が合いません")])
def test_refused_in_words(data: bytes, words: str, desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=words) as told:
        kept(desk, saved(tmp_path, data))
    assert told.value.hint.endswith("。") and photos.kept(desk) == ()


def test_a_bomb_is_not_unpacked() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    bomb = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 1, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b""))
    with pytest.raises(RuleError, match="大きすぎます"):
        photos.upright(bomb, RULES)


def test_a_file_that_is_too_large_or_missing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="超えています"):
        kept(desk, saved(tmp_path, b"x" * (RULES.max_bytes + 1)))
    for path in (tmp_path / "none.jpg", tmp_path):
        with pytest.raises(RuleError, match="読めません"):
            kept(desk, path)


def test_another_photo_does_not_pass_for_this_one(desk: Desk, tmp_path: Path) -> None:
    one = kept(desk, saved(tmp_path, picture()))
    two = kept(desk, saved(tmp_path, picture(720, 900)))
    place = desk.station.home / "photos"
    (place / f"{one.sha256}.sealed").write_bytes((place / f"{two.sha256}.sealed").read_bytes())
    with pytest.raises(RuleError, match="壊れています"):
        photos.read(desk, one.sha256)
