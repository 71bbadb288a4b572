"""The station: one frozen value, read once from `station.toml`, and the places of its files.

Keys of the file are the fields below, by the same names; each is explained under its field. An unknown key, a value of
the wrong kind or out of range is an error that names file and key: a station never starts on a guess.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sanjo_tui.errors import StationError
from sanjo_tui.numbers import is_my_number, lg_code

FILE = "station.toml"

RECEPTIONS = {"shelter": "避難所受付", "polling": "投票所受付", "counter": "窓口受付", "kiosk": "証明書交付",
              "library": "図書館窓口", "userid": "利用者ID発行", "application": "カード申請代行",
              "childcare": "子育て支援カード", "attendance": "出退勤受付", "certificate": "罹災証明受付"}
"""Every reception type by its name in station.toml, and what the header calls it."""

CODE_ALPHABET = "234679ACDEFGHJKMNPQRTUVWXY"
"""Letters of a made-up station code: none that is mistaken for another on paper, over the telephone or by FAX."""

_CODE = re.compile(r"[A-Z0-9]{1,12}")
_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "str": (str, "文字列"), "int": (int, "整数"), "float": ((int, float), "数"), "bool": (bool, "true か false"),
    "tuple[str, ...]": (list, "文字列の並び")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One station. Everything but `home` stands in `station.toml`."""

    home: Path
    """Folder of all the station's files; not a key of the file."""

    lg_code: str
    """全国地方公共団体コード: six digits in quotes, the last one a check digit."""

    municipality: str
    """Name of the municipality, as it stands in the header and on paper."""

    code: str
    """Station code, capital letters and digits: the first part of every registration and sequence number."""

    place: str
    """Name of the place, as it stands in the header and on paper."""

    receptions: tuple[str, ...] = ("shelter",)
    """Reception types offered here, names of `RECEPTIONS`; the first one is opened by Enter on the home screen."""

    shelter_code: str = ""
    """Code of this shelter in the municipality's list (`shelters.csv`). Empty: the station code stands for it."""

    capacity: int = 0
    """定員 in people; 0: not known, no capacity warning."""

    printer: str = ""
    """`ipp://HOST/PATH`, or `folder:DIR` (PDF files into a folder outside the home). Empty: documents wait.

    A wrong setting never keeps the desk from opening: the print queue says what is wrong and the documents wait."""

    drill: bool = False
    """A drill on fictitious residents: 訓練 stands on every screen and page. Set when the home is made, never after."""

    operator: str = ""
    """Operator code recorded with every event. Empty: the station code."""

    backup_dir: str = ""
    """Folder on a second medium, outside the home, for the encrypted copy of the journal. Empty: no copy."""

    backup_minutes: int = 5
    """Minutes between two copies."""

    stale_days: int = 7
    """Days after which the register's age is shown as 古い (amber)."""

    very_stale_days: int = 30
    """Days after which it is shown as とても古い (red)."""

    loss_percent: float = 1.0
    """A new register that loses more than this share of people or households is refused without --yes."""

    bell: bool = True
    """Ring the terminal's bell on a stop."""

    ascii_borders: bool = False
    """Draw borders with + - | for terminals that show box drawing two cells wide."""

    built_in_reader: bool = False
    """Use the built-in card reader (cards from a file) instead of PC/SC. Only in a drill."""

    card_stay_seconds: float = 2.0
    """A keyboard-interface reader or bar code giving the same value within this time is one scan."""

    neighbours: tuple[str, ...] = ()
    """Names of neighbouring shelters, told when this one is full."""

    polling_place: str = ""
    """Code of this polling place in the election's set-up (`[[stations]]`). Empty: the station code stands for it."""

    polling_slip: bool = True
    """Print a 交付票 for every voter; without it the papers stand on the screen alone."""

    lock_minutes: int = 0
    """Minutes without a key or a card after which the station locks itself (施錠). 0: never."""

    lock_on_card_removal: bool = False
    """Lock when the operator's card that signed on leaves the reader. Needs a second reader for the residents."""

    village: bool = False
    """Few staff: where no second operator is there, an act that needs two may be approved later, and says so."""

    alarm_lookups: int = 30
    """So many look-ups without a reception within `alarm_minutes` raise an alarm. 0: no alarm."""

    alarm_minutes: int = 10
    """Minutes over which those look-ups are counted."""

    headquarters_key: str = ""
    """Public age key of headquarters (`age1...`), which alone opens what is exported. Empty: none is known."""

    @property
    def toml(self) -> Path:
        """The set-up itself."""
        return self.home / FILE

    @property
    def vault(self) -> Path:
        """Key slots."""
        return self.home / "vault.toml"

    @property
    def register_dir(self) -> Path:
        """Registers, encrypted, and `current`, the name of the live one."""
        return self.home / "register"

    @property
    def roll_dir(self) -> Path:
        """Rolls of electors, encrypted, and `current`."""
        return self.home / "roll"

    @property
    def journal(self) -> Path:
        """The receptions, encrypted."""
        return self.home / "journal.db"

    @property
    def profiles(self) -> Path:
        """Card profiles, checked and copied by `init`."""
        return self.home / "profiles.toml"

    @property
    def log_dir(self) -> Path:
        """The log: numbers and codes."""
        return self.home / "log"

    @property
    def inbox(self) -> Path:
        """Where `sanjo-tui tap` leaves a card for the built-in reader."""
        return self.home / "tap"

    @property
    def cards(self) -> Path:
        """Cards of the built-in reader: the station's own `cards.toml`, else those that travel with the program."""
        own = self.home / "cards.toml"
        return own if own.exists() else fixtures() / "cards" / "demo.toml"

    @property
    def reporter(self) -> str:
        """Who stands beside an event: the operator code, or the station's own until operators have keys."""
        return self.operator or self.code

    @property
    def shelter(self) -> str:
        """Code of this shelter."""
        return self.shelter_code or self.code


def read(home: Path) -> Station:
    """The station of this home. Raises StationError naming file and key."""
    path = home / FILE
    try:
        text = path.read_bytes().decode("utf-8")
        table = tomllib.loads(text)
    except FileNotFoundError as error:
        raise StationError(f"{home} に拠点の設定（{FILE}）がありません。",
                           "sanjo-tui init で作ってください。練習なら sanjo-tui demo です。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StationError(f"{path}: {_where(error)}", "TOML の書き方と文字コード（UTF-8）を直してください。",
                           detail=str(error)) from error
    except OSError as error:
        raise StationError(f"{path} を開けません。", "置き場所と読取権限を確かめてください。",
                           detail=str(error)) from error
    return build(home, table)


def build(home: Path, table: dict[str, Any]) -> Station:
    """A station of checked values, from a table such as station.toml. Raises StationError naming file and key."""
    path = home / FILE
    known = {f.name: f for f in fields(Station) if f.name != "home"}
    for key in table:
        if key not in known:
            raise StationError(f"{path}: {key} という項目はありません。", "つづりを直すか、その行を消してください。")
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name not in table:
            if field.default is field.default_factory:     # both MISSING: a required key
                raise StationError(f"{path}: {name} がありません。", f"{name} = \"...\" の行を足してください。")
            continue
        values[name] = _typed(path, name, str(field.type), table[name])
    station = Station(home=home, **values)
    check(station)
    return station


def check(station: Station) -> None:
    """Raises StationError naming file and key of the first value that cannot be."""
    for name, problem in _problems(station):
        raise StationError(f"{station.toml}: {name} {problem}", "この値を直してください。")


def write(station: Station) -> None:
    """Makes `station.toml`, whole or not at all. Raises StationError if one is there or it cannot be written."""
    import tomli_w

    check(station)
    try:
        station.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = station.home / f".{FILE}.{os.getpid()}"
        try:
            with draft.open("wb") as file:
                tomli_w.dump(_table(station), file)
                file.flush()
                os.fsync(file.fileno())
            _publish(draft, station.toml)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError as error:
        raise StationError(f"{station.toml} はすでにあります。",
                           "上書きはしません。別の場所を --home で指定してください。") from error
    except OSError as error:
        raise StationError(f"{station.home} に書けません。", "置き場所、空き容量、書込権限を確かめてください。",
                           detail=str(error)) from error


def make_code() -> str:
    """A station code of six random characters."""
    import secrets

    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(6))


def find_home(given: str | None, drill: bool) -> Path:
    """The folder to work in: `given` (--home), else SANJO_HOME, else the user's data folder.

    A drill never shares a folder with live data: beside a live home it takes `<home>-drill`, and without any home its
    own data folder.
    """
    named = named_home(given)
    if named:
        home = Path(named).expanduser().absolute()
        return home.with_name(home.name + "-drill") if drill and is_live(home) else home
    import platformdirs  # 20 ms: only when nobody said where

    return Path(platformdirs.user_data_dir("sanjo-tui-drill" if drill else "sanjo-tui", appauthor=False))


def named_home(given: str | None) -> str:
    """The home that somebody named, by --home or SANJO_HOME; "" if nobody did."""
    return given or os.environ.get("SANJO_HOME", "")


def is_live(home: Path) -> bool:
    """The folder holds a station that is no drill. A station.toml that cannot be read counts as live."""
    try:
        return tomllib.loads((home / FILE).read_text(encoding="utf-8")).get("drill") is not True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True


def fixtures() -> Path:
    """Sample data that travels with the program: beside the packages in a checkout, inside `sanjo_tui` in a wheel."""
    package = Path(__file__).parent
    installed = package / "fixtures"
    return installed if installed.is_dir() else package.parent / "fixtures"


def _typed(path: Path, name: str, kind: str, value: Any) -> Any:
    form, label = _KINDS[kind]
    wrong = not isinstance(value, form) or (isinstance(value, bool) and kind != "bool")   # True is an int, not a number
    if wrong or (kind == "tuple[str, ...]" and not all(isinstance(one, str) for one in value)):
        quoted = "（引用符で囲みます）" if kind == "str" else ""
        raise StationError(f"{path}: {name} は{label}で書きます{quoted}。", "この行を直してください。")
    return tuple(value) if isinstance(value, list) else value


def _problems(station: Station) -> list[tuple[str, str]]:
    """Keys whose values cannot be, each with the rest of a sentence that begins with the key."""
    found: list[tuple[str, str]] = []
    if not station.lg_code or lg_code(station.lg_code) != station.lg_code:
        found.append(("lg_code", "は検査数字の合う半角数字 6 桁で書きます。"))
    if not _CODE.fullmatch(station.code):
        found.append(("code", "は英大文字と数字で 12 字までです。"))
    for name in ("municipality", "place"):
        if not getattr(station, name).strip():
            found.append((name, "が空です。"))
    for name in ("municipality", "place", "shelter_code", "operator", "polling_place"):
        if not getattr(station, name).isprintable():
            found.append((name, "に使えない文字（改行など）があります。"))
        if is_my_number(getattr(station, name)):
            found.append((name, "に個人番号は書けません。"))
    if not station.receptions:
        found.append(("receptions", "に受付の種類を一つは書きます。"))
    for one in station.receptions:
        if one not in RECEPTIONS:
            found.append(("receptions", f"の {one} という受付はありません（{'、'.join(RECEPTIONS)}）。"))
    if len(set(station.receptions)) < len(station.receptions):
        found.append(("receptions", "に同じ受付が二度あります。"))
    least = {"capacity": 0, "backup_minutes": 1, "stale_days": 1, "very_stale_days": station.stale_days,
             "loss_percent": 0, "card_stay_seconds": 0, "lock_minutes": 0, "alarm_lookups": 0, "alarm_minutes": 1}
    found += [(name, f"は {low} 以上です。") for name, low in least.items() if not getattr(station, name) >= low]
    if station.loss_percent > 100:
        found.append(("loss_percent", "は 100 以下です。"))
    if station.built_in_reader and not station.drill:
        found.append(("built_in_reader", "は訓練（drill = true）でだけ使えます。"))
    return found


def _table(station: Station) -> dict[str, Any]:
    table = {f.name: getattr(station, f.name) for f in fields(Station) if f.name != "home"}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}


def _publish(draft: Path, path: Path) -> None:
    """The draft under its name, unless that is taken; FileExistsError then."""
    try:
        os.link(draft, path)                # the one call that is both atomic and never overwrites
    except FileExistsError:
        raise
    except OSError as error:                # a medium without hard links (FAT)
        if path.exists():
            raise FileExistsError(path) from error
        draft.replace(path)


def _where(error: Exception) -> str:
    """`3 行目` out of a TOML error."""
    line = re.search(r"line (\d+)", str(error))
    return f"{line[1]} 行目の書き方が正しくありません。" if line else "書き方が正しくありません。"
