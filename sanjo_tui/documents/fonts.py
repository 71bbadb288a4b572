"""The font chain: every character of a name reaches the paper, or the document says which one did not.

A cluster (a character with its variation selector) is looked for in each face in turn, the exact sequence first: BIZ UD
knows the selectors of Adobe-Japan1, IPAmj Mincho those of Moji_Joho, and the two differ for the same kanji. What no
face has is printed as 〓 with its code and reported as an `Issue`. Fonts come from the system, never from this package.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sanjo_tui.documents.faces import Face
from sanjo_tui.errors import PrintError

GETA = "〓"
CODE_SCALE = 0.5
"""Size of the code printed after 〓, relative to the text."""

_INVISIBLE = frozenset((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF))
"""Characters without a shape of their own; they are dropped and reported as control characters are."""


class NoFont(PrintError):
    """No Japanese TrueType font on this computer; documents wait in the queue until there is one."""

    def __init__(self) -> None:
        super().__init__("印刷に使う日本語フォントがありません。受付はこのまま続けられます。",
                         "BIZ UD フォントを入れてください（Debian: apt install fonts-morisawa-bizud-mincho "
                         "fonts-morisawa-bizud-gothic）。入れると、待っている文書が印刷されます。",
                         detail="no TrueType face found in " + " ".join(str(folder) for folder in folders()))


@dataclass(frozen=True, slots=True)
class Issue:
    """What the paper does not show as typed. `kind`: missing (〓 printed), variant (base shape), control, overflow."""

    kind: str
    text: str = ""

    @property
    def sentence(self) -> str:
        """One sentence for screen and queue: codes, never the whole text."""
        codes = code_of(self.text)
        return {"missing": f"印字できない文字を〓にしました（{codes}）",
                "variant": f"異体字の字形がないため標準の字形で印字しました（{codes}）",
                "control": f"印字できない制御文字を除きました（{codes}）",
                "overflow": "枠に収まらないため小さく印字しました。内容を確かめてください"}[self.kind]


def code_of(text: str) -> str:
    """`U+E000`; several code points are separated by a blank."""
    return " ".join(f"U+{ord(c):04X}" for c in text)


def is_selector(code: int) -> bool:
    """Variation selectors: U+FE00 to FE0F and U+E0100 to E01EF."""
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def clusters(text: str) -> Iterator[str]:
    """Each character together with the variation selector that follows it."""
    at, end = 0, len(text)
    while at < end:
        after = at + 2 if at + 1 < end and is_selector(ord(text[at + 1])) else at + 1
        yield text[at:after]
        at = after


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face; `text` may hold private codes. `scale` is relative to the line's size."""

    face: Face
    text: str
    scale: float = 1.0


class FontChain:
    """Faces in the order in which they are asked. A face that cannot be read is left out."""

    def __init__(self, faces: list[Face]) -> None:
        self.faces = faces
        self._first: Face | None = None
        self._cached = lru_cache(maxsize=8192)(self._runs)

    @property
    def first(self) -> Face:
        """The face of nearly all text. Raises NoFont."""
        if self._first is None:
            self._first = next(self._usable(), None)
            if self._first is None:
                raise NoFont
        return self._first

    def _usable(self) -> Iterator[Face]:
        from reportlab.pdfbase.ttfonts import TTFError  # type: ignore[import-untyped]

        for face in tuple(self.faces):
            try:
                face.load()
            except (TTFError, OSError):
                self.faces.remove(face)
                continue
            yield face

    def runs(self, text: str) -> tuple[tuple[Run, ...], tuple[Issue, ...]]:
        """The text as stretches of one face each, and what is not printed as typed."""
        return self._cached(text)

    def _runs(self, text: str) -> tuple[tuple[Run, ...], tuple[Issue, ...]]:
        codes = self.first.codes
        if all(ord(c) in codes and ord(c) >= 32 and not is_selector(ord(c)) and ord(c) not in _INVISIBLE for c in text):
            return (Run(self.first, text),), ()
        runs: list[Run] = []
        issues: list[Issue] = []
        for cluster in clusters(text):
            code = ord(cluster[0])
            if code < 32 or 0x7F <= code < 0xA0 or code in _INVISIBLE or is_selector(code):
                issues.append(Issue("control", cluster))
                continue
            found, issue = self._find(cluster)
            if issue:
                issues.append(issue)
            for run in found:
                if runs and runs[-1].face is run.face and runs[-1].scale == run.scale:
                    runs[-1] = Run(run.face, runs[-1].text + run.text, run.scale)
                else:
                    runs.append(run)
        return tuple(runs), tuple(issues)

    def _find(self, cluster: str) -> tuple[tuple[Run, ...], Issue | None]:
        base = ord(cluster[0])
        issue = None
        if len(cluster) > 1:
            for face in self._usable():
                code = face.variant(base, ord(cluster[1]))
                if code is not None:
                    return (Run(face, chr(code)),), None
            issue = Issue("variant", cluster)
        for face in self._usable():
            if base in face.codes:
                return (Run(face, cluster[0]),), issue
        geta = next((f for f in self._usable() if ord(GETA) in f.codes), self.first)
        code_after = Run(self.first, code_of(cluster), CODE_SCALE)
        return (Run(geta, GETA), code_after), Issue("missing", cluster)

    def width(self, text: str, size: float) -> float:
        """Width in points."""
        return sum(run.face.width(run.text) * run.scale for run in self.runs(text)[0]) * size * 0.001


@dataclass(frozen=True, slots=True)
class Source:
    """A font known by its file names. `role`: mincho, gothic, or rare (names that the first two cannot write)."""

    name: str
    title: str
    role: str
    files: tuple[str, ...]


SOURCES = (
    Source("BIZUDMincho", "BIZ UD明朝", "mincho", ("BIZUDMincho-Regular.ttf", "BIZ-UDMinchoM.ttc")),
    Source("BIZUDGothic", "BIZ UDゴシック", "gothic", ("BIZUDGothic-Regular.ttf", "BIZ-UDGothicR.ttc")),
    Source("IPAexMincho", "IPAex明朝", "mincho", ("ipaexm.ttf",)),
    Source("IPAexGothic", "IPAexゴシック", "gothic", ("ipaexg.ttf",)),
    Source("MSMincho", "MS 明朝", "mincho", ("msmincho.ttc",)),
    Source("MSGothic", "MS ゴシック", "gothic", ("msgothic.ttc",)),
    Source("IPAmjMincho", "IPAmj明朝", "rare", ("ipamjm.ttf",)),
    Source("HanaMinA", "花園明朝A", "rare", ("HanaMinA.ttf",)),
)
"""In the order of preference. Debian: fonts-morisawa-bizud-mincho, -gothic, fonts-ipamj-mincho, fonts-hanazono."""


def folders() -> tuple[Path, ...]:
    """Where fonts are looked for: the user's own folder of this program first, then the system's."""
    from platformdirs import user_data_path

    home = Path.home()
    places = [user_data_path("sanjo-tui", appauthor=False) / "fonts"]
    if os.name == "nt":
        places += [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
                   Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"]
    else:
        places += [home / ".local/share/fonts", home / ".fonts", Path("/usr/local/share/fonts"),
                   Path("/usr/share/fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    return tuple(places)


def found() -> dict[str, Path]:
    """The fonts of `SOURCES` on this computer, by name; nothing is loaded."""
    wanted = {file.lower(): source.name for source in SOURCES for file in source.files}
    here: dict[str, Path] = {}
    for folder in folders():
        for where, _, files in os.walk(folder):
            for file in files:
                name = wanted.get(file.lower())
                if name and name not in here:
                    here[name] = Path(where) / file
    return here


@dataclass(frozen=True, slots=True)
class FontState:
    """For the doctor: titles of the fonts in use, and one sentence on what is missing ("" if nothing is)."""

    mincho: str
    gothic: str
    rare: tuple[str, ...]
    advice: str


def state() -> FontState:
    """What this computer can print with. Reads folders, loads no font."""
    here = found()
    have = {role: tuple(s.title for s in SOURCES if s.role == role and s.name in here)
            for role in ("mincho", "gothic", "rare")}
    advice = ""
    if not here:
        error = NoFont()
        advice = f"{error.message}{error.hint}"
    elif not have["mincho"] or not have["gothic"]:
        advice = "明朝とゴシックの一方がありません。BIZ UD明朝とBIZ UDゴシックを入れると、書類が整います。"
    elif not have["rare"]:
        advice = "珍しい漢字の氏名が〓になることがあります。IPAmj明朝（Debian: fonts-ipamj-mincho）を入れてください。"
    return FontState("".join(have["mincho"][:1]), "".join(have["gothic"][:1]), have["rare"], advice)


@lru_cache(maxsize=1)
def chains() -> tuple[FontChain, FontChain]:
    """(mincho, gothic); each steps in for the other, rare-name fonts load only when a name needs them. NoFont."""
    here = found()
    faces = {source.name: Face(source.name, here[source.name]) for source in SOURCES if source.name in here}
    if not faces:
        raise NoFont
    by_role = {role: [faces[s.name] for s in SOURCES if s.role == role and s.name in faces]
               for role in ("mincho", "gothic", "rare")}
    mincho, gothic = by_role["mincho"][:1], by_role["gothic"][:1]
    return FontChain([*mincho, *gothic, *by_role["rare"]]), FontChain([*gothic, *mincho, *by_role["rare"]])
