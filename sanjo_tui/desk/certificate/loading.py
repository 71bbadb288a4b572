"""What a certificate desk stands on: the set-up of the disaster, the pinned register, the houses, the surveys."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.desk.certificate.kept import Applications
from sanjo_tui.desk.heading import Heading
from sanjo_tui.desk.service import ServiceDesk
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import rules, setup
from sanjo_tui.receptions.certificate.disaster import Disaster
from sanjo_tui.receptions.certificate.records import Application, Opening
from sanjo_tui.receptions.certificate.state import DISASTERS
from sanjo_tui.register import shelf
from sanjo_tui.register.houses import disasters
from sanjo_tui.register.houses import snapshot as deliveries
from sanjo_tui.register.houses.lookup import Houses, Surveys
from sanjo_tui.register.houses.values import DataInfo
from sanjo_tui.register.lookup import Register
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import short

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.reading import Folder

log = logging.getLogger(__name__)


class LoadedDesk(ServiceDesk):
    """The part of a certificate desk that knows the disaster and what is loaded for it."""

    NAME = "certificate"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._setup: tuple[str, bytes, Disaster] | None = None
        self._register: Register | None = None
        self._houses: Houses | None = None
        self._surveys: Surveys | None = None
        self._kept = Applications()

    def close(self) -> None:
        """Closes the files."""
        for kept in (self._register, self._houses, self._surveys):
            if kept is not None:
                kept.close()
        self._register = self._houses = self._surveys = None

    def today(self) -> dt.date:
        """The day on which everything is recorded."""
        return self.desk.today()

    # --- the set-up

    @property
    def disaster(self) -> Disaster | None:
        """The current disaster; None where none was loaded. RuleError when its file is broken."""
        home = self.desk.station.home
        code = disasters.current(home)
        data = disasters.of_code(home, code) if code else None
        if data is None:
            return None
        if self._setup is None or self._setup[:2] != (code, data):
            disaster, problems = setup.read(data)
            if disaster is None:
                raise RuleError("災害の設定を読めません。", "certificate load で読み込み直してください。",
                                detail=str(problems[0]))
            self._setup = (code, data, disaster)
        return self._setup[2]

    def known(self) -> Disaster:
        """The current disaster. RuleError where none was loaded."""
        disaster = self.disaster
        if disaster is None:
            raise RuleError("災害の設定が読み込まれていません。",
                            "情報担当が sanjo-tui certificate load で読み込みます。")
        return disaster

    def load_setup(self, data: bytes) -> Disaster:
        """Keeps a set-up and makes it the current one. RuleError with the first of its faults."""
        self.desk.permit(Permission.DATA)
        disaster, problems = setup.read(data)
        if disaster is None:
            raise RuleError(f"災害の設定に誤りが {len(problems)} 件あります。最初の誤り: {problems[0]}",
                            "certificate check で全部の誤りを見られます。今の設定はそのままです。")
        disasters.store(self.desk.station.home, disaster.code, data)
        self.desk.log_act("certificate.setup", {"disaster": disaster.code,
                                                "sha256": hashlib.sha256(data).hexdigest()[:16]})
        return disaster

    def load_data(self, folder: Folder, *, yes: bool = False) -> tuple[DataInfo, int]:
        """Houses or surveys; surveys are taken in at once. Gives what was loaded, and how many applications changed.

        Raises RegisterError, Refused.
        """
        self.desk.permit(Permission.DATA)
        station = self.desk.station
        info = deliveries.load(folder, station.home, self.desk.keys, lg_code=station.lg_code, yes=yes,
                               pinned=self.pinned_houses(), loss_percent=station.loss_percent)
        self.desk.log_act("certificate.load", {"content": info.content, "snapshot_id": info.snapshot_id,
                                               "records": info.records})
        changed = self.take_in() if info.content == "surveys" and self.disaster is not None else 0
        return info, changed

    def take_in(self) -> int:
        """判定取込 (R5): what the loaded surveys say of the applications that were received. Gives how many changed."""
        raise NotImplementedError

    # --- the reception of a disaster

    @property
    def scope(self) -> str:
        """Scope of the events of the current disaster; the reception's name before the first."""
        disaster = self.disaster
        return disaster.scope if disaster else self.NAME

    def opening(self, view: View | None = None) -> Opening | None:
        """The current disaster's opening; None before it."""
        disaster = self.disaster
        if disaster is None:
            return None
        if view is not None:
            found: Opening | None = view.record_of(DISASTERS, disaster.scope, disaster.code)
            return found
        with self.desk.journal.view() as mine:
            return self.opening(mine)

    def open_disaster(self) -> Opening:
        """受付開始: pins the newest register as of the day of the disaster, and the houses (R1). Again changes nothing.

        Raises NotAllowed, RuleError, RegisterError.
        """
        self.desk.permit(Permission.EPISODE)
        disaster, now = self.known(), self.opening()
        if now is not None and now.is_open:
            return now
        if now is None:
            register = self._as_of(disaster.day)
            houses = disaster.houses or shelf.live_id(self._home("houses"), deliveries.HOUSES) or ""
            if not houses:
                raise RegisterError("家屋データが読み込まれていません。",
                                    "certificate load で家屋のフォルダーを読み込んでください。")
            with_houses = Houses.open_at(self.desk.station.home, self.desk.keys, houses)
            with_houses.close()
            pins = (register.info.snapshot_id, register.info.as_of.isoformat(), houses)
            register.close()
        else:                                              # 受付の再開: the pins stay
            pins = (now.snapshot_id, now.snapshot_as_of, now.houses_id)
        data = disasters.of_code(self.desk.station.home, disaster.code) or b""
        event = ev.DisasterOpened(
            subject=disaster.code, scope=disaster.scope, name=disaster.name, date=disaster.day.isoformat(),
            snapshot_id=pins[0], snapshot_as_of=pins[1], houses_id=pins[2],
            setup_sha256=hashlib.sha256(data).hexdigest()[:10])

        def decide(view: View) -> Iterable[Event]:
            there = self.opening(view)
            return () if there is not None and there.is_open else (event,)

        self.record(decide, permission=Permission.EPISODE)
        opened = self.opening()
        assert opened is not None
        return opened

    def close_disaster(self, reason: str = "") -> Opening:
        """受付終了: no more applications."""
        self.desk.permit(Permission.EPISODE)
        disaster = self.known()

        def decide(view: View) -> Iterable[Event]:
            rules.must_be_open(self.opening(view))
            yield ev.DisasterClosed(subject=disaster.code, scope=disaster.scope, reason=reason)

        self.record(decide, permission=Permission.EPISODE)
        closed = self.opening()
        assert closed is not None
        return closed

    def _home(self, name: str) -> Path:
        return self.desk.station.home / name

    def _as_of(self, day: dt.date) -> Register:
        """The newest register of those kept whose date is not after the day; else the oldest that is."""
        directory, keys = self.desk.station.register_dir, self.desk.keys
        infos = shelf.stored(directory, keys)
        before = [info for info in infos if info.as_of <= day]
        if not infos:
            raise RegisterError("住基の写しがありません。", "情報担当が register load で読み込みます。")
        chosen = (max(before, key=lambda i: (i.as_of, i.sequence)) if before
                  else min(infos, key=lambda i: (i.as_of, i.sequence)))
        return Register.open_at(directory, keys, chosen.snapshot_id)

    def pinned(self) -> tuple[str, ...]:
        """Registers that a disaster stands on: they are kept, also after its reception is closed (再交付)."""
        return tuple(sorted({one.snapshot_id for one in self._openings()}))

    def pinned_houses(self) -> tuple[str, ...]:
        """Houses that a disaster stands on."""
        return tuple(sorted({one.houses_id for one in self._openings()}))

    def _openings(self) -> tuple[Opening, ...]:
        with self.desk.journal.view() as view:
            return tuple(one for scope in view.scopes(DISASTERS) for one in view.records(DISASTERS, scope))

    # --- what it stands on

    def register_then(self) -> Register:
        """The register of the day of the disaster."""
        opening = rules.must_be_begun(self.opening())
        if self._register is None or self._register.info.snapshot_id != opening.snapshot_id:
            self._register = Register.open_at(self.desk.station.register_dir, self.desk.keys, opening.snapshot_id)
        return self._register

    def houses(self) -> Houses:
        """The pinned houses."""
        opening = rules.must_be_begun(self.opening())
        if self._houses is None or self._houses.info.snapshot_id != opening.houses_id:
            self._houses = Houses.open_at(self.desk.station.home, self.desk.keys, opening.houses_id)
        return self._houses

    def surveys(self) -> Surveys | None:
        """The surveys that were loaded last; None where none were."""
        live = shelf.live_id(self._home("surveys"), deliveries.SURVEYS)
        if live is None:
            return None
        if self._surveys is None or self._surveys.info.snapshot_id != live:
            self._surveys = Surveys.open_at(self.desk.station.home, self.desk.keys, live)
        return self._surveys

    def heading_of(self, today: dt.date) -> Heading | None:
        """Which disaster, and the date of the register it stands on."""
        opening = self.opening()
        if opening is None:
            return None
        fictitious = bool(self.desk.register and self.desk.register.info.fictitious)
        as_of = dt.date.fromisoformat(opening.snapshot_as_of)
        day = dt.date.fromisoformat(opening.date)
        warning = ("住基が災害の日より後です",) if as_of > day else ()
        return Heading(data=f"災害{short(day)} 住基{short(as_of)}", level="amber" if warning else "ok",
                       fictitious=fictitious, warnings=warning)

    def notices(self) -> tuple[str, ...]:
        """What is unverified as long as it is."""
        disaster = self.disaster
        return ("様式未確認",) if disaster is not None and disaster.layout_confirmed_on is None else ()

    def applications(self, view: View) -> list[Application]:
        """All of the current disaster, by number."""
        return list(self._kept.of(view, self.scope).values())

    def applications_of(self, view: View, household: str) -> tuple[Application, ...]:
        """Those of one household."""
        return self._kept.of_household(view, self.scope, household)
