"""What 利用者ID発行 stands on: the set-up, sealed in the station's home, and what is left of its ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanjo_tui.desk.sealedfolder import SealedFolder
from sanjo_tui.desk.service import ServiceDesk
from sanjo_tui.desk.userid import way
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.userid import events as ev
from sanjo_tui.receptions.userid import setup as setups
from sanjo_tui.receptions.userid.rules import ANY, own, remaining
from sanjo_tui.receptions.userid.state import HOLDERS, STOCKS, Holder, Stock
from sanjo_tui.receptions.userid.words import SCOPE
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from types import ModuleType

    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View

SETUP = "setup"


class Basis(ServiceDesk):
    """The set-up and the stock of numbers."""

    NAME = "userid"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.folder = SealedFolder(desk, "userid")
        self._setup: setups.Setup | None = None
        self._seen = 0
        way.watch(desk)

    @property
    def papers(self) -> ModuleType:
        """Its papers, imported late."""
        from sanjo_tui.desk.userid import papers

        return papers

    @property
    def ready(self) -> bool:
        """Whether there is a set-up."""
        return SETUP in self.folder

    @property
    def setup(self) -> setups.Setup:
        """The set-up that is loaded, however it came. RuleError where there is none: then nothing is issued."""
        if not self.ready:
            raise RuleError("利用者ID発行の設定がありません。条例の設定がなければ発行できません。",
                            "情報担当が sanjo-tui userid load で読み込みます。")
        seen = self.folder.path(SETUP).stat().st_mtime_ns
        if self._setup is None or seen != self._seen:
            found, problems = setups.read(self.folder.read(SETUP))
            if found is None:
                raise RuleError("利用者ID発行の設定が、この版では読めません。",
                                "もう一度 userid load で読み込んでください。", detail=problems[0])
            self._setup, self._seen = found, seen
        return self._setup

    def load(self, data: bytes) -> setups.Setup:
        """Check and take over a set-up. Raises NotAllowed, RuleError: then the present one stays."""
        self.desk.permit(Permission.DATA)
        setup, problems = setups.read(data)
        if setup is None:
            raise RuleError(f"設定に誤りが {len(problems)} 件あり、読み込みませんでした。最初の誤り: {problems[0]}",
                            "userid check で全部の誤りを見られます。今の設定はそのままです。")
        if not self.desk.station.drill and any(one.station == ANY for one in setup.ranges):
            raise RuleError("station = \"*\" の範囲は、練習だけで使えます。",
                            "端末ごとに、重ならない範囲を書いてください。")
        if not own(setup.ranges, self.desk.station.code):
            raise RuleError(f"端末 {self.desk.station.code} に割り当てられた範囲がありません。",
                            "[[ranges]] に、この端末の station を書いてください。")
        self.folder.write(SETUP, data)
        self.desk.journal.record(self.desk.operator, lambda view: (
            ev.UserIdLoaded(subject=self.desk.station.code, scope=SCOPE, sha256=setup.sha256),))
        return setup

    def begin_practice(self) -> None:
        """The sample set-up."""
        if not self.ready:
            from sanjo_tui.station import fixtures

            self.load((fixtures() / "userid" / "userid.toml").read_bytes())

    def in_force(self) -> setups.Setup:
        """The set-up, where its ordinance is in force today. RuleError."""
        setup = self.setup
        if setup.ordinance.in_force > self.desk.today():
            raise RuleError("条例がまだ施行されていないので、発行できません。", "施行日を確かめてください。")
        return setup

    def _stocks(self, view: View) -> dict[str, Stock]:
        return {one.first: one for one in view.records(STOCKS, SCOPE)}

    def remaining(self) -> int:
        """Numbers that are left for this station."""
        with self.desk.journal.view() as view:
            return remaining(own(self.setup.ranges, self.desk.station.code), self._stocks(view))

    def notices(self) -> tuple[str, ...]:
        """No set-up, few numbers, issues that are not finished."""
        if not self.ready:
            return ("利用者ID発行の設定なし",)
        left, open_ = self.remaining(), len(self._open())
        return (*((f"利用者ID 残り{left}",) if left <= self.setup.alarm else ()),
                *((f"発行の途中 {open_}件",) if open_ else ()))

    def _holders(self) -> tuple[Holder, ...]:
        with self.desk.journal.view() as view:
            return tuple(view.records(HOLDERS, SCOPE))

    def _open(self) -> tuple[Holder, ...]:
        return tuple(one for one in self._holders() if one.pending)
