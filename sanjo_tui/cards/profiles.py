r"""Card profiles: which number a card, a chip or a bar code carries, and where (TOML -> frozen values).

    [[profile]]
    id = "city"                        # name of the profile, unique in the file
    label = "市カードAP 利用者ID"
    enabled = true
    kind = "file"                      # file | record | uid | wedge | signature | pin
    token = "user_id"                  # name space of the number: user_id is looked up in the register's cards
    assurance = "possession"           # number < possession < possession+pin, kept with every reception
    match.atr = ["3B888001*"]          # only cards of these ATRs (hex, trailing * allowed); none: every card
    aid = "D3921000310001FF01"         # application identifier, 5 to 16 bytes in hex
    ef = "0001"                        # file, two bytes in hex; or sfi = 1 (1 to 30), the short one
    record = 1                         # kind record: number of the record
    offset = 0                         # first byte of the number in the file or record, 0 to 32767
    length = 13                        # bytes (wedge: characters)
    decode = "ascii"                   # ascii | bcd (length in bytes, trailing F is padding) | hex
    pattern = '^\d{13}$'               # must match the whole number; a named group in it is the number
    check = "none"                     # a check digit by name: none | luhn | jan | mod11-2to7
    forbid_random = true               # kind uid: refuse 4-byte numbers, which many cards make up at every tap
    pin = { ef = "0011", digits = 4, keep = 1 }    # ask for a PIN, never when only `keep` tries are left
    prefix = "~"                       # kind wedge: what the scanner sends first

An operator's card that opens the station by a signature (kind signature) needs aid, style and pin:

    style = "jpki"                     # jpki: ef is the file of the key, pin.ef the file of its PIN
    style = "piv"                      # piv: key = "9A" and algorithm = "07" (RSA 2048; "05": RSA 3072); pin without ef
    pin = { digits = 6, keep = 1 }     # piv: 6 to 8 digits; never when only `keep` tries are left

The card's own PIN of one kind of certificate (kind pin), which the kiosk asks for:

    certificate = "resident_copy"      # kind of certificate
    aid = "..."  ef = "0021"           # application and file of the PIN
    digits = 4  keep = 1               # number of digits; never shown when only `keep` tries are left

How a number is written (kind file with ef, without pin), step by step, after the application was selected:

    write = [
      { do = "verify", ef = "0012", key_file = "/media/issuer/transport.key" },  # hex; without key_file it is typed
      { do = "update", chunk = 64 },   # UPDATE BINARY of the number, so many bytes a command; then it is read back
    ]                                  # also: { do = "select", ef = "..." }; verify takes reference = "80", keep = 1

AID and layout of a municipality's card application are not public, so nothing of them stands in the code. What stands
in the code is what must never be read: the files that hold 個人番号, whatever a profile says (docs/cards.md §1).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sanjo_tui.cards.checks import CHECKS
from sanjo_tui.errors import CardError

KINDS = ("file", "record", "uid", "wedge", "signature", "pin")
SILENT = ("wedge", "signature", "pin")
"""Kinds that give no number when a card is tapped."""

NOT_YET = {"cert_serial": "証明書の発行番号"}
"""Kinds that profile files may carry, but this version does not offer."""

ASSURANCES = ("number", "possession", "possession+pin")
"""How much a token proves, least first."""

STYLES = ("jpki", "piv")
"""Command styles of cards that sign."""

KEY_SIZES = {0x07: 256, 0x05: 384}
"""PIV's algorithms that can be used (SP 800-78-5, RSA 2048 and 3072) and the bytes of their modulus."""

DECODES = ("ascii", "bcd", "hex")

MAX_OFFSET = 0x7FFF
"""READ BINARY has 15 bits for the offset (ISO 7816-4)."""

SUPPORT_AP, FACE_AP = bytes.fromhex("D3921000310001010408"), bytes.fromhex("D3921000310001010402")
MY_NUMBER_FILES = {(SUPPORT_AP, 0x01), (SUPPORT_AP, 0x14), (FACE_AP, 0x05), (FACE_AP, 0x13)}
"""入力補助AP: 個人番号, 照合番号A (the same 12 digits). 確認AP: its image, 照合番号A."""

JPKI_AP, PIV_AP = bytes.fromhex("D392F000260100000001"), bytes.fromhex("A000000308000010000100")
FOREIGN = {JPKI_AP: "公的個人認証", PIV_AP: "職員カード（PIV）", SUPPORT_AP: "券面事項入力補助",
           FACE_AP: "券面事項確認"}
"""Applications whose PINs are the holder's own affair: no PIN of theirs is asked for, nothing is written to them."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A service PIN: file of the PIN, number of digits, and how many tries must be left over for the card's holder."""

    ef: bytes
    digits: int = 4
    keep: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteStep:
    """One step of writing. `do`: select | verify | update."""

    do: str
    ef: bytes = b""
    chunk: int = 0
    key_file: str = ""
    reference: int = 0x80
    keep: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One way to get a number; the keys are explained at the top of this module. Bytes where the file has hex."""

    id: str
    kind: str
    token: str = "user_id"
    label: str = ""
    enabled: bool = True
    assurance: str = "number"
    match_atr: tuple[str, ...] = ()
    aid: bytes = b""
    ef: bytes = b""
    sfi: int = 0
    record: int = 1
    offset: int = 0
    length: int = 0
    head_bytes: int = 64
    decode: str = "ascii"
    pattern: str = ""
    check: str = "none"
    forbid_random: bool = False
    pin: Pin | None = None
    prefix: str = ""
    style: str = ""
    key: int = 0x9A
    algorithm: int = 0x07
    certificate: str = ""
    write: tuple[WriteStep, ...] = ()

    def __post_init__(self) -> None:
        """No profile can exist, however it was made, that points at a file with 個人番号. CardError."""
        targets = {int.from_bytes(self.ef), self.sfi, int.from_bytes(self.pin.ef) if self.pin else 0}
        targets |= {int.from_bytes(step.ef) for step in self.write}
        for aid, ef in MY_NUMBER_FILES:
            # A shorter AID selects the first application that begins with it, so it counts as the application itself.
            if self.aid and (aid.startswith(self.aid) or self.aid.startswith(aid)) and ef in targets:
                raise CardError(f"プロファイル「{self.id}」: 個人番号が入ったファイルは読めません。",
                                "個人番号は使えません。別のファイルを指定してください。")
        for aid, name in FOREIGN.items():
            if (self.kind == "pin" or self.write) and (aid.startswith(self.aid) or self.aid.startswith(aid)):
                raise CardError(f"プロファイル「{self.id}」: aid が{name}のアプリケーションを指しています。",
                                "その暗証番号は本人のものです。市のカードアプリケーションの AID を書いてください。")

    def fits(self, atr: bytes) -> bool:
        """A card with this ATR may be tried."""
        text = atr.hex().upper()
        return not self.match_atr or any(
            text.startswith(one[:-1]) if one.endswith("*") else text == one for one in self.match_atr)


def load(path: Path) -> tuple[Profile, ...]:
    """The enabled profiles of a file, in its order. CardError names the profile and the key that is wrong."""
    return tuple(one for one in load_all(path) if one.enabled)


def load_all(path: Path) -> tuple[Profile, ...]:
    """Also the disabled ones (those of a kind that this version does not offer are left out)."""
    try:
        return parse(path.read_bytes().decode("utf-8-sig"))
    except CardError as error:
        raise CardError(f"{path}: {error.message}", error.hint, detail=error.detail) from error
    except FileNotFoundError as error:
        raise CardError(f"カードのプロファイル {path} がありません。",
                        "sanjo-tui init --profiles で指定したファイルを置いてください。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CardError(f"カードのプロファイル {path} を読めません。",
                        "読取権限と文字コード（UTF-8）を確かめてください。", detail=type(error).__name__) from error


def parse(text: str) -> tuple[Profile, ...]:
    """Every profile of a TOML document, the disabled ones too. CardError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise CardError(f"{line[1]} 行目の書き方が正しくありません。" if line else "書き方が正しくありません。",
                        "TOML の書き方を直してください（16進数と文字は引用符で囲みます）。",
                        detail=str(error)) from error
    for key in table:
        if key not in ("version", "profile"):
            raise CardError(f"{key} という項目はありません。", "[[profile]] の中に書くか、つづりを直してください。")
    if table.get("version", 1) != 1:
        raise CardError(f"version = {table['version']} には対応していません。", "version = 1 の形で書いてください。")
    rows = table.get("profile")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise CardError("プロファイルがありません。", "[[profile]] で始まる項目を一つは書いてください。")
    found: list[Profile] = []
    names: set[str] = set()
    for place, row in enumerate(rows, 1):
        entry = _Entry(row, place)
        if entry.name in names:
            raise entry.wrong("id", "が二つあります。", "id はファイルの中で一つだけにしてください。")
        names.add(entry.name)
        profile = _profile(entry)
        if profile:
            found.append(profile)
    return tuple(found)


@dataclass(slots=True)
class _Entry:
    """One `[[profile]]` table while it is being read; `place` is its number in the file, from 1."""

    row: dict[str, Any]
    place: int
    name: str = field(init=False, default="")

    def __post_init__(self) -> None:
        if isinstance(self.row.get("id"), str) and self.row["id"].strip():
            self.name = self.row["id"]
        else:
            raise CardError(f"{self.place} 番目のプロファイル: id がありません。",
                            "id = \"city\" のように書いてください。")

    def wrong(self, key: str, problem: str, hint: str = "") -> CardError:
        return CardError(f"プロファイル「{self.name}」: {key} {problem}", hint or f"{key} の行を直してください。",
                         detail=f"profile {self.place} key {key}")

    def text(self, key: str, default: str = "") -> str:
        value = self.row.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "は文字列で書きます。", f"{key} = \"...\" のように引用符で囲んでください。")
        return value

    def number(self, key: str, default: int, least: int, most: int) -> int:
        if key not in self.row:
            return default
        value = self.row[key]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, f"は {least} から {most} までの整数で書きます。")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.row.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "は true か false で書きます。")
        return value

    def one_of(self, key: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.wrong(key, f"= \"{value}\" は使えません。", f"使えるのは {'、'.join(allowed)} です。")
        return value

    def hex(self, key: str) -> bytes:
        try:
            return bytes.fromhex(self.text(key))
        except ValueError as error:
            raise self.wrong(key, "が16進数ではありません。",
                             f"{key} には 0 から 9 と A から F を二桁ずつ書いてください。") from error

    def byte(self, key: str, default: int) -> int:
        given = self.hex(key)
        if key in self.row and len(given) != 1:
            raise self.wrong(key, "は 1 バイトです。",
                             f"{key} = \"{default:02X}\" のように2桁の16進数で書いてください。")
        return given[0] if given else default


def _profile(entry: _Entry) -> Profile | None:
    """The checked profile; None for a disabled one of a kind that this version does not offer."""
    known = {one.name for one in fields(Profile)} - {"match_atr"} | {"match", "match.atr"}
    known |= {"digits", "keep"} if entry.row.get("kind") == "pin" else set()
    for key in entry.row:
        if key not in known:
            raise entry.wrong(key, "という項目はありません。", "つづりを直すか、その行を消してください。")
    if "kind" not in entry.row:
        raise entry.wrong("kind", "がありません。", f"使えるのは {'、'.join(KINDS)} です。")
    kind, enabled = entry.text("kind"), entry.flag("enabled", True)
    if kind in NOT_YET:
        if enabled:
            raise entry.wrong("kind", f"= \"{kind}\"（{NOT_YET[kind]}）は、この版では使えません。",
                              "enabled = false にするか、file、record、uid、wedge を使ってください。")
        return None
    aid, check = entry.hex("aid"), entry.one_of("check", "none", ("none", *CHECKS))
    if aid and not 5 <= len(aid) <= 16:
        raise entry.wrong("aid", "は 5 から 16 バイトです。", "AIDを16進数（10 から 32 桁）で書いてください。")
    style = entry.one_of("style", "", STYLES) if "style" in entry.row else ""
    if kind == "signature" and aid and not style:
        raise entry.wrong("style", "がありません。", f"使えるのは {'、'.join(STYLES)} です。")
    if kind == "pin" and not aid:
        raise entry.wrong("aid", "がありません。", "カードアプリケーションのAIDを16進数で書いてください。")
    profile = Profile(
        id=entry.name, kind=entry.one_of("kind", "", KINDS), enabled=enabled, label=entry.text("label") or entry.name,
        token=entry.text("token", "uid" if kind == "uid" else "user_id"),
        assurance=entry.one_of("assurance", "number", ASSURANCES),
        match_atr=_atrs(entry), aid=aid, ef=entry.hex("ef"), sfi=entry.number("sfi", 0, 0, 30),
        record=entry.number("record", 1, 1, 254), offset=entry.number("offset", 0, 0, MAX_OFFSET),
        length=entry.number("length", 0, 0, 4096), head_bytes=entry.number("head_bytes", 64, 1, 256),
        decode=entry.one_of("decode", "hex" if kind == "uid" else "ascii", DECODES), pattern=_pattern(entry),
        check=check, forbid_random=entry.flag("forbid_random", False),
        pin=_own_pin(entry) if kind == "pin" else _pin(entry, style == "piv"), prefix=entry.text("prefix"),
        style=style, key=entry.byte("key", 0x9A),
        algorithm=entry.byte("algorithm", 0x07), certificate=entry.text("certificate"), write=_write(entry))
    _complete(entry, profile)
    return profile


def _complete(entry: _Entry, profile: Profile) -> None:
    """What each kind needs beside `id` and `kind`."""
    if not profile.token.strip():
        raise entry.wrong("token", "が空です。", "番号の種類の名前（user_id など）を書いてください。")
    if profile.kind in ("file", "record", "signature") and not profile.aid:
        raise entry.wrong("aid", "がありません。", "カードアプリケーションのAIDを16進数で書いてください。")
    if "ef" in entry.row and len(profile.ef) != 2:
        raise entry.wrong("ef", "は 2 バイトです。", "\"0001\" のように4桁の16進数で書いてください。")
    if profile.kind in ("file", "record") and not profile.ef and not profile.sfi:
        raise entry.wrong("ef", "も sfi もありません。", "番号が入っているファイルを ef か sfi で書いてください。")
    if profile.kind == "signature":
        _complete_signature(entry, profile)
    if profile.kind == "pin" and not profile.certificate.strip():
        raise entry.wrong("certificate", "がありません。", "証明書の種類（resident_copy など）を書いてください。")
    if profile.certificate and profile.kind != "pin":
        raise entry.wrong("certificate", "は kind = \"pin\" だけに書きます。")
    if profile.write and (profile.kind != "file" or not profile.ef or profile.pin or profile.decode == "hex"):
        raise entry.wrong("write", "は使えません。",
                          "kind = \"file\" で ef があり、pin がなく、decode が ascii か bcd のときだけ書けます。")
    if profile.kind == "file" and not profile.length:
        raise entry.wrong("length", "がありません。", "番号の長さをバイト数で書いてください。")
    if profile.kind == "uid" and profile.decode != "hex":
        raise entry.wrong("decode", "は uid では hex だけです。")
    if profile.kind == "uid" and profile.forbid_random and profile.length == 4:
        raise entry.wrong("length", "= 4 と forbid_random は一緒に使えません。", "どちらかの行を消してください。")
    if profile.kind == "wedge" and not profile.pattern and not profile.length:
        raise entry.wrong("pattern", "がありません。", "読み取る番号の形を pattern か length で書いてください。")


def _complete_signature(entry: _Entry, profile: Profile) -> None:
    if profile.pin is None:
        raise entry.wrong("pin", "がありません。", "暗証番号なしで署名するカードは、鍵に使えません。")
    if profile.style == "jpki" and not profile.ef:
        raise entry.wrong("ef", "がありません。", "署名する鍵のファイルを4桁の16進数で書いてください。")
    if profile.style == "piv" and profile.algorithm not in KEY_SIZES:
        raise entry.wrong("algorithm", "は使えません。", "07（RSA 2048）か 05（RSA 3072）を書いてください。")
    if profile.style == "piv" and not 6 <= profile.pin.digits <= 8:
        raise entry.wrong("pin.digits", "は 6 から 8 までです。")


def _atrs(entry: _Entry) -> tuple[str, ...]:
    """`match.atr` however it is written: dotted, as a table, in quotes; one text or several."""
    match = entry.row.get("match", {})
    if not isinstance(match, dict) or set(match) - {"atr"}:
        raise entry.wrong("match", "に書けるのは atr だけです。", "match.atr = [\"3B88*\"] のように書いてください。")
    given = match.get("atr", entry.row.get("match.atr", []))
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise entry.wrong("match.atr", "は文字列の並びで書きます。")
    found = tuple(re.sub(r"\s", "", one).upper() for one in texts)
    for one in found:
        if not re.fullmatch(r"([0-9A-F]{2})+|[0-9A-F]*\*", one):
            raise entry.wrong("match.atr", "が16進数ではありません。", "16進数で、終わりを * にできます。")
    return found


def _pattern(entry: _Entry) -> str:
    text = entry.text("pattern")
    try:
        re.compile(text)
    except re.error as error:
        raise entry.wrong("pattern", "が正規表現として正しくありません。",
                          "'^\\d{13}$' のように書いてください。") from error
    return text


def _pin(entry: _Entry, without_file: bool) -> Pin | None:
    if "pin" not in entry.row:
        return None
    row = entry.row["pin"]
    if without_file and isinstance(row, dict) and not set(row) - {"digits", "keep"}:
        inner = _Entry({"id": entry.name, **row}, entry.place)
        return Pin(b"", inner.number("digits", 6, 4, 16), inner.number("keep", 1, 1, 15))
    if not isinstance(row, dict) or set(row) - {"ef", "digits", "keep"} or "ef" not in row:
        raise entry.wrong("pin", "の形が違います。",
                          "pin = { ef = \"0011\", digits = 4, keep = 1 } のように書いてください。")
    inner = _Entry({"id": entry.name, **row}, entry.place)
    ef = inner.hex("ef")
    if len(ef) != 2:
        raise entry.wrong("pin.ef", "は 2 バイトです。", "\"0011\" のように4桁の16進数で書いてください。")
    return Pin(ef, inner.number("digits", 4, 4, 16), inner.number("keep", 1, 1, 15))


def _own_pin(entry: _Entry) -> Pin:
    """Kind pin: the keys stand in the profile itself."""
    ef = entry.hex("ef")
    if len(ef) != 2:
        raise entry.wrong("ef", "は 2 バイトです。", "ef = \"0021\" のように4桁の16進数で書いてください。")
    return Pin(ef, entry.number("digits", 4, 4, 16), entry.number("keep", 1, 1, 15))


_STEP_KEYS = {"select": {"ef"}, "verify": {"ef", "key_file", "reference", "keep"}, "update": {"chunk"}}


def _write(entry: _Entry) -> tuple[WriteStep, ...]:
    """The steps of writing, in their order; exactly one of them is the update."""
    rows = entry.row.get("write", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise entry.wrong("write", "は手順の並びで書きます。", "write = [{ do = \"update\" }] のように書いてください。")
    steps = tuple(_step(entry, row) for row in rows)
    if steps and [step.do for step in steps].count("update") != 1:
        raise entry.wrong("write", "の update は一つだけです。")
    return steps


def _step(entry: _Entry, row: dict[str, Any]) -> WriteStep:
    inner = _Entry({"id": entry.name, **row}, entry.place)
    do = inner.one_of("do", "", tuple(_STEP_KEYS))
    if unknown := set(row) - {"do"} - _STEP_KEYS[do]:
        raise entry.wrong("write", f"の {do} に {sorted(unknown)[0]} という項目はありません。")
    ef = inner.hex("ef")
    if (do == "select" or ef) and len(ef) != 2:
        raise entry.wrong("write", "の ef は 2 バイトです。", "\"0001\" のように4桁の16進数で書いてください。")
    return WriteStep(do=do, ef=ef, chunk=inner.number("chunk", 64, 1, 255) if do == "update" else 0,
                     key_file=inner.text("key_file"), reference=inner.byte("reference", 0x80),
                     keep=inner.number("keep", 1, 1, 15))
