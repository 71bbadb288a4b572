"""Photographs of people (子育て支援カード, カード申請): taken in from a file, checked, stripped, kept sealed.

    photo = photos.check(path, Rules())             checked, turned upright, without EXIF; a person looks at the file
    photos.keep(desk, photo)                        sealed in home/photos/
    data = photos.read(desk, photo.sha256)          the JPEG, for the paper or the card printer
    photos.erase(desk, photo.sha256)                when its time is over

`service` keeps the photos of two services apart, so that one may erase its own copy of the same picture.

A photo is named by the SHA-256 of the JPEG that is kept; an event keeps that name alone, never the file's own name.
What it shows (front, no hat, plain background, taken lately) is judged by a person: no program guesses at faces.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import time
import warnings
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.desk.sealedfolder import SealedFolder
from sanjo_tui.errors import RuleError

if TYPE_CHECKING:
    from PIL import Image

    from sanjo_tui.desk.desk import Desk

FOLDER = "photos"
QUALITY = 92
"""Of the JPEG that is kept: above what a card of 35 x 45 mm can show."""
ON_ITS_WAY = 3600
"""Seconds in which a photo may still wait for the record that names it: another program at this station takes it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a photo must be. Sizes in pixels after turning it upright, `ratio` is width to height (3.5 x 4.5 cm).

    `tolerance`: by how much of `ratio` it may be off before it is refused; within it the edges are cut to the shape.
    """

    formats: tuple[str, ...] = ("JPEG", "PNG")
    max_bytes: int = 10_000_000
    max_pixels: int = 40_000_000
    min_width: int = 413
    min_height: int = 531
    ratio: float = 35 / 45
    tolerance: float = 0.04
    kept_height: int = 1200
    """A taller photo is made smaller to this height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo as it is kept: its name, its size in pixels, the format that it came in, and the JPEG itself."""

    sha256: str
    width: int
    height: int
    format: str
    data: bytes = field(repr=False)


def check(path: Path, rules: Rules) -> Photo:
    """What the file would be kept as; nothing is kept. RuleError says what is wrong with it."""
    return upright(_bytes(path, rules), rules)


def keep(desk: Desk, photo: Photo, *, service: str = "") -> None:
    """Keep it sealed; its file stays where it is. Durable when this returns: an event may name it."""
    _folder(desk).write(_file(photo.sha256, service), photo.data)


def somebody_elses(where: str) -> RuleError:
    """The refusal of a photo that another person's record (`where`) names already."""
    return RuleError(f"この写真は、別の方の{where}で使われています。",
                     "新しく撮った写真かどうか、写っている人を確かめてください。")


def read(desk: Desk, sha256: str, *, service: str = "") -> bytes:
    """The JPEG that is kept. RuleError: erased, broken, or not from this station."""
    data = _folder(desk).read(_file(sha256, service))
    if hashlib.sha256(data).hexdigest() != sha256:
        raise RuleError("写真の記録が壊れています。", "写真を取り込み直してください。", detail="photo hash")
    return data


def has(desk: Desk, sha256: str, *, service: str = "") -> bool:
    """Whether it is kept here (another station's photos stay there)."""
    return bool(sha256) and _file(sha256, service) in _folder(desk)


def erase(desk: Desk, sha256: str, *, service: str = "") -> bool:
    """Remove a photo for good; whether it was there. RuleError where the disk refuses."""
    return _folder(desk).erase(_file(sha256, service))


def kept(desk: Desk, *, service: str = "") -> tuple[str, ...]:
    """Names of a service's photos here."""
    start = _file("", service)
    return tuple(name.removeprefix(start) for name in _folder(desk).names()
                 if name.startswith(start) and "-" not in name.removeprefix(start))


def left_over(desk: Desk, named: Container[str], *, service: str = "") -> tuple[str, ...]:
    """Names of a service's photos here that no record names, the power went in between; none `ON_ITS_WAY`."""
    found, now = [], time.time()
    for name in kept(desk, service=service):
        with contextlib.suppress(OSError):                  # erased meanwhile
            age = now - _folder(desk).path(_file(name, service)).stat().st_mtime
            found += [name] if name not in named and not 0 <= age < ON_ITS_WAY else []
    return tuple(found)


def upright(data: bytes, rules: Rules) -> Photo:
    """The photo as it is kept: checked, turned as its EXIF says, cut to the shape, without any metadata. RuleError."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # only where photos are taken

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=rules.formats) as image:
                found = str(image.format)
                if image.width * image.height > rules.max_pixels:
                    raise _refused(f"写真が大きすぎます（{image.width}x{image.height}画素）。")
                image.load()
                whole = ImageOps.exif_transpose(image).convert("RGB")
    except UnidentifiedImageError as error:
        raise _refused("写真のファイルではありません。", f"{'か'.join(rules.formats)} を選んでください。") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused("写真が大きすぎます。") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise RuleError("写真のファイルが壊れています。", "撮り直すか、別のファイルを選んでください。",
                        detail=type(error).__name__) from error
    whole = _shaped(whole, rules)
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=QUALITY, optimize=True)
    jpeg = out.getvalue()
    return Photo(sha256=hashlib.sha256(jpeg).hexdigest(), width=whole.width, height=whole.height, format=found,
                 data=jpeg)


def _shaped(image: Image.Image, rules: Rules) -> Image.Image:
    """Cut to the shape and made smaller; RuleError where it is too small or of another shape."""
    width, height = image.size
    if width < rules.min_width or height < rules.min_height:
        raise _refused(f"写真が小さすぎます（{width}x{height}画素）。",
                       f"{rules.min_width}x{rules.min_height}画素より大きい写真を選んでください。")
    if abs(width / height / rules.ratio - 1) > rules.tolerance:
        raise _refused(f"写真の縦横の比が合いません（{width}x{height}画素）。",
                       f"縦4.5、横3.5の比に切り抜いた写真を選んでください（比 {rules.ratio:.3f}）。")
    wide, high = min(width, round(height * rules.ratio)), min(height, round(width / rules.ratio))
    left, top = (width - wide) // 2, (height - high) // 2
    image = image.crop((left, top, left + wide, top + high))
    if high > rules.kept_height:
        image = image.resize((round(wide * rules.kept_height / high), rules.kept_height))
    return image


def _bytes(path: Path, rules: Rules) -> bytes:
    try:
        with path.expanduser().open("rb") as file:
            data = file.read(rules.max_bytes + 1)
    except (OSError, ValueError, RuntimeError) as error:
        raise RuleError("写真のファイルを読めません。", "置き場所と名前を確かめてください。",
                        detail=type(error).__name__) from error
    if len(data) > rules.max_bytes:
        raise _refused(f"写真のファイルが{rules.max_bytes // 1_000_000}MBを超えています。")
    return data


def _refused(message: str, hint: str = "小さくした写真を選んでください。") -> RuleError:
    return RuleError(message, hint)


def _file(sha256: str, service: str) -> str:
    return f"{service}-{sha256}" if service else sha256


def _folder(desk: Desk) -> SealedFolder:
    return SealedFolder(desk, FOLDER)
