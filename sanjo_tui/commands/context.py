"""What a command is given: station, keys and desk, each opened when first asked for and closed at the end."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui import log, station
from sanjo_tui.commands.usage import Options
from sanjo_tui.errors import NotAllowed, StationError, VaultError

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk
    from sanjo_tui.journal import Journal
    from sanjo_tui.station import Station
    from sanjo_tui.vault import Keys, Vault
    from sanjo_tui.vault.roles import Permission


class Context:
    """One run of one command. `json`: the result goes out as one JSON document and nothing else."""

    def __init__(self, options: Options, open_screens: Callable[[Station, str | None], int]) -> None:
        self.options = options
        self.open_screens = open_screens    # given by __main__, the only place that knows the screens
        self.json = options.json
        self._station: Station | None = None
        self._keys: Keys | None = None
        self._desk: Desk | None = None

    @cached_property
    def home(self) -> Path:
        """The folder to work in (it need not exist)."""
        return station.find_home(self.options.home, self.options.drill)

    @cached_property
    def drill_home(self) -> Path:
        """The folder of a drill (it need not exist); the user's own if none is named. StationError for a live one."""
        options = self.options
        home = station.find_home(options.home, options.drill or not station.named_home(options.home))
        if station.is_live(home):
            raise StationError(f"{home} は本番の拠点です。ここでは練習できません。",
                               "--drill を付けると、となりの練習用の場所を使います。")
        return home

    def station(self) -> Station:
        """The station of the home; its log begins here. StationError."""
        if self._station is None:
            self._station = station.read(self.home)
            log.start(self._station.log_dir)
        return self._station

    def given_passphrase(self) -> str | None:
        """First line of --passphrase-file; None without the option. VaultError if it cannot be read or is empty."""
        if self.options.passphrase_file is None:
            return None
        return read_passphrase(Path(self.options.passphrase_file))

    def vault(self) -> Vault:
        """The station's key slots. VaultError."""
        from sanjo_tui.vault import Vault

        return Vault.open(self.station().vault)

    def keys(self) -> Keys:
        """The unlocked keys: by --passphrase-file, else asked for at a terminal. A drill opens without a secret."""
        if self._keys is None:
            vault = self.vault()
            self._keys = vault.unlock("") if vault.drill else self._tried(vault)
        return self._keys

    def _tried(self, vault: Vault) -> Keys:
        """Wrong passphrases count together with those at the screen, and are recorded when that opens next."""
        from sanjo_tui.desk.locking import Door

        door = Door(self.home)
        door.knock()
        secret = self.given_passphrase() or ask_passphrase("パスフレーズ: ")
        try:
            return vault.unlock(secret)
        except VaultError as error:
            if not error.detail:            # a detail says what is broken; a wrong secret has none
                door.refused()
            raise

    def desk(self) -> Desk:
        """The one door to everything that is recorded or looked up."""
        if self._desk is None:
            from sanjo_tui.desk import Desk

            self._desk = Desk.open(self.station(), self.keys())
            self._sign_on(self._desk)
        return self._desk

    def _sign_on(self, desk: Desk) -> None:
        """Whoever gives the command: named by --operator, else the owner of the slot that opened. RuleError."""
        from sanjo_tui.desk.signing import NO_ONE

        wanted, pin_file = self.options.operator, self.options.operator_pin_file
        if wanted is not None:
            desk.sign_on(wanted, read_passphrase(Path(pin_file)) if pin_file else ask_passphrase("暗証番号: "))
        elif desk.who is NO_ONE:
            raise NotAllowed("操作者が決まっていません。",
                             "--operator と --operator-pin-file を付けるか、自分のパスフレーズで開いてください。",
                             "sign_on")

    def permit(self, permission: Permission) -> None:
        """Raises NotAllowed unless whoever gives the command may do it; opens no desk where nobody is registered."""
        if self._desk is not None or self.options.operator is not None or self.keys().operators():
            self.desk().permit(permission)

    def journal(self) -> Journal:
        """The journal under the desk, for commands about the journal itself."""
        return self.desk().journal

    def log_act(self, kind: str, details: dict[str, Any]) -> None:
        """Records an act of the operator in the journal: `kind` such as `register.rollback`; numbers and codes only."""
        self.desk().log_act(kind, details)

    def emit(self, data: Any) -> None:
        """The one JSON document of --json, on standard output; nothing without --json."""
        if self.json:
            print(as_json(data))

    def say(self, text: str) -> None:
        """A line for people on standard output; nothing with --json."""
        if not self.json:
            print(text)

    def warn(self, text: str) -> None:
        """A line for people on standard error, always."""
        print(text, file=sys.stderr)

    def close(self) -> None:
        """Closes what was opened."""
        if self._desk is not None:
            self._desk.close()
            self._desk = None
        log.stop()


def as_json(data: Any, wide: bool | None = None) -> str:
    """Data as a JSON document: dataclasses, dates, enums and paths included.

    `wide`: with characters beyond ASCII; None asks the standard output what it can say.
    """
    if wide is None:
        wide = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(data, ensure_ascii=not wide, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date() | datetime():
            return value.isoformat()
        case Path():
            return str(value)
        case set() | frozenset():
            return sorted(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    raise TypeError(f"not JSON: {type(value).__name__}")


def read_passphrase(path: Path) -> str:
    """The first line of a file, without its end; the rest of the file may explain it. VaultError."""
    from sanjo_tui.vault.passphrase import read_file

    return read_file(path)


def ask_passphrase(prompt: str) -> str:
    """Asks at the terminal without showing what is typed. VaultError where there is none to ask at."""
    if not sys.stdin.isatty():
        raise VaultError("パスフレーズがありません。", "--passphrase-file でファイルを指定してください。")
    from getpass import getpass

    return getpass(prompt)
