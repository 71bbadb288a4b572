"""What all of カード申請代行 stands on: the set-up, sealed in the home, and finding applications."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from sanjo_tui.desk import photos
from sanjo_tui.desk.sealedfolder import SealedFolder
from sanjo_tui.desk.service import ServiceDesk
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.journal.events import Claim
from sanjo_tui.receptions.application import events as ev
from sanjo_tui.receptions.application import setup as setups
from sanjo_tui.receptions.application.state import APPLICATIONS, Application
from sanjo_tui.receptions.application.words import SCOPE
from sanjo_tui.receptions.identity import stop_of
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from types import ModuleType

    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.people import CardLink, Resident

SETUP = "setup"


def moment() -> dt.datetime:
    """Now in Japan."""
    return dt.datetime.now(JST)


class Basis(ServiceDesk):
    """The set-up and the applications."""

    NAME = "application"
    VERBS: ClassVar[dict[str, str]] = {
        ev.Booked.kind: "予約", ev.Moved.kind: "予約変更", ev.Arrived.kind: "来庁", ev.Photographed.kind: "写真",
        ev.FormFilled.kind: "申請書", ev.Signed.kind: "署名", ev.BatchClosed.kind: "送付", ev.Sent.kind: "送付",
        ev.Returned.kind: "不備返却", ev.Notified.kind: "通知", ev.Delivered.kind: "交付", ev.Ended.kind: "取りやめ",
        ev.ChangeSettled.kind: "変更の確認"}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._setup: setups.Setup | None = None
        self._seen = 0

    @property
    def papers(self) -> ModuleType:
        """Its papers, imported late."""
        from sanjo_tui.desk.application import papers

        return papers

    @property
    def _folder(self) -> SealedFolder:
        return SealedFolder(self.desk, SCOPE)

    @property
    def ready(self) -> bool:
        """Whether there is a set-up."""
        return SETUP in self._folder

    @property
    def setup(self) -> setups.Setup:
        """The set-up that is loaded; a command over SSH may change it meanwhile. RuleError where there is none."""
        if not self.ready:
            raise RuleError("カード申請代行の設定が読み込まれていません。",
                            "情報担当が sanjo-tui application load で読み込みます。")
        seen = self._folder.path(SETUP).stat().st_mtime_ns
        if self._setup is None or seen != self._seen:
            found, problems = setups.read(self._folder.read(SETUP))
            if found is None:
                raise RuleError("カード申請代行の設定が、この版では読めません。",
                                "もう一度 application load で読み込んでください。", detail=problems[0])
            self._setup, self._seen = found, seen
        return self._setup

    def load(self, data: bytes) -> setups.Setup:
        """Check and take over a set-up. Raises NotAllowed, RuleError: then the present one stays."""
        self.desk.permit(Permission.DATA)
        setup, problems = setups.read(data)
        if setup is None:
            raise RuleError(f"設定に誤りが {len(problems)} 件あり、読み込みませんでした。最初の誤り: {problems[0]}",
                            "application check で全部の誤りを見られます。今の設定はそのままです。")
        self.desk.log(ev.SetupLoaded(subject=self.desk.station.code, scope=SCOPE, sha256=setup.sha256,
                                     places=len(setup.places)))
        self._folder.write(SETUP, data)
        return setup

    @property
    def photo_rules(self) -> photos.Rules:
        """The set-up's rules as the taking in of photos knows them."""
        rules = self.setup.photo
        return photos.Rules(formats=rules.formats, max_bytes=rules.max_bytes, min_width=rules.min_width,
                            min_height=rules.min_height, ratio=rules.width_mm / rules.height_mm,
                            tolerance=rules.tolerance)

    # --- applications

    def application(self, number: str) -> Application:
        """One application, logged nowhere: its person was opened before. RuleError where there is none."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            return self._known(view, number)

    def _known(self, view: View, number: str) -> Application:
        found: Application | None = view.record_of(APPLICATIONS, SCOPE, number)
        if found is None:
            raise RuleError("その受付番号の申請はありません。", "番号を確かめてください。", detail=number)
        return found

    def applications(self, view: View) -> tuple[Application, ...]:
        """Every application, in the order of slot and number."""
        return tuple(sorted(view.records(APPLICATIONS, SCOPE), key=lambda one: (one.slot, one.place, one.number)))

    def open_of(self, view: View, addressee_no: str) -> Application | None:
        """The application of this person that is still open."""
        held = view.holder(Claim(ev.PERSON, addressee_no))
        event = view.event(*held) if held else None
        return view.record_of(APPLICATIONS, SCOPE, event.event.subject) if event else None

    def find(self, number: str) -> str:
        """宛名番号 of the application with this number, or ""."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            found = view.record_of(APPLICATIONS, SCOPE, number)
        return found.applicant_no if found else ""

    # --- people

    def _may(self, addressee_no: str, link: CardLink | None = None) -> Resident:
        """The resident, if nothing stands in the way. Raises NotAllowed, RegisterError, RuleError."""
        self.desk.permit(Permission.RECEIVE)
        resident = self.desk.register.resident(addressee_no) if self.desk.register else None
        if resident is None:
            raise RegisterError("その番号の住民はいません。", "番号を確かめてください。")
        stop = stop_of(resident, card=link, today=self.desk.today(), released=self.desk.released(addressee_no))
        if stop is not None:
            raise RuleError(f"{stop.message}。", "。".join(stop.notes) + "。")
        return resident

    def _hidden(self, application: Application) -> bool:
        """支援措置・抑止, then or now."""
        return application.person.protected or application.applicant_no in self.desk.protected()


def person_of(resident: Resident) -> ev.Person:
    """The applicant as the register has them; nothing of where a protected person lives."""
    hidden = resident.protected
    day = resident.birth.calendar_day
    return ev.Person(
        name=resident.name, kana=resident.name_kana, alias=resident.alias, birth=day.isoformat() if day else "",
        birth_label=resident.birth_label, sex_code=resident.sex_code,
        postal_code="" if hidden else resident.postal_code, address="" if hidden else resident.address,
        protected=hidden)
