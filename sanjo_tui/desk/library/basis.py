"""What both sides of 図書館窓口 stand on: the set-up of this station, sealed in its home."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sanjo_tui.desk.library import sealed
from sanjo_tui.desk.service import ServiceDesk
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.numbers import is_my_number
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library import setup as setups
from sanjo_tui.receptions.library.numbers import remaining
from sanjo_tui.receptions.library.state import HOLDERS, STOCKS, Stock
from sanjo_tui.receptions.library.words import SCOPE, Mode
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View

SETUP = "setup.sealed"
SETUP_SUBJECT = "setup"


class Basis(ServiceDesk):
    """The set-up and the stock of numbers."""

    NAME = "library"
    VERBS: ClassVar[dict[str, str]] = {
        ev.NumberIssued.kind: "図書番号 発行", ev.NumberRenewed.kind: "図書番号 更新",
        ev.HolderChanged.kind: "登録変更", ev.CardBound.kind: "カード照合", ev.LoansCounted.kind: "貸出返却",
        # beside one of those, and taken back with it
        ev.BindingReleased.kind: "カード照合", ev.BindingSuspended.kind: "登録変更",
        ev.BindingResumed.kind: "図書番号 更新"}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._setup: setups.Setup | None = None
        self._seen = 0

    @property
    def papers(self) -> ModuleType:
        """Its papers, imported late."""
        from sanjo_tui.desk.library import papers

        return papers

    @property
    def setup(self) -> setups.Setup:
        """The set-up that is loaded; a command over SSH may change it meanwhile. RuleError where there is none."""
        path = self.desk.station.home / "library" / SETUP
        try:
            seen = path.stat().st_mtime_ns
        except OSError as error:
            raise RuleError("図書館の設定が読み込まれていません。",
                            "情報担当が sanjo-tui library load で読み込みます。") from error
        if self._setup is None or seen != self._seen:
            found, problems = setups.read(sealed.read(self.desk.keys, path))
            if found is None:
                raise RuleError("図書館の設定が、この版では読めません。",
                                "もう一度 library load で読み込んでください。", detail=problems[0])
            self._setup, self._seen = found, seen
        return self._setup

    @property
    def ready(self) -> bool:
        """Whether there is a set-up."""
        return (self.desk.station.home / "library" / SETUP).exists()

    @property
    def modes(self) -> tuple[Mode, ...]:
        """What is done at this desk, the first one first; nothing without a set-up."""
        return self.setup.modes if self.ready else ()

    def load(self, data: bytes, holders: Sequence[setups.OlderHolder] = ()) -> tuple[setups.Setup, int]:
        """Check and take over a set-up, and the numbers that people had before; gives how many of those are new.

        Raises NotAllowed, RuleError: then the present one stays.
        """
        self.desk.permit(Permission.DATA)
        setup, problems = setups.read(data)
        if setup is None:
            raise RuleError(f"設定に誤りが {len(problems)} 件あり、読み込みませんでした。最初の誤り: {problems[0]}",
                            "library check で全部の誤りを見られます。今の設定はそのままです。")
        if setup.plays and not self.desk.station.drill:
            raise RuleError("内蔵の図書館（host = \"play\"）は、練習だけで使えます。",
                            "[sip2] host に、図書館システムのアドレスを書いてください。")
        strange = sum(is_my_number(one.addressee_no) and not self._is_resident(one.addressee_no) for one in holders)
        if strange:
            raise RuleError(f"holders.csv に個人番号らしい番号が {strange} 件あり、読み込みませんでした。",
                            "宛名番号の列か確かめてください。宛名番号が12桁なら、先に住基を読み込みます。")
        added = 0

        def decide(view: View) -> Iterator[Event]:
            nonlocal added
            added = 0
            for one in holders:
                if view.record_of(HOLDERS, SCOPE, one.addressee_no) is None:
                    if view.holder(Claim(ev.NUMBER, one.number)):
                        raise RuleError("holders.csv の図書番号が、もうほかの人に発行されています。",
                                        f"図書番号 {one.number} を確かめてください。")
                    added += 1
                    yield ev.HolderKnown(subject=one.addressee_no, scope=SCOPE, number=one.number,
                                         valid_until=one.valid_until)
            yield ev.LibraryLoaded(subject=SETUP_SUBJECT, scope=SCOPE, sha256=setup.sha256,
                                   numbers=sum(each.size for each in setup.ranges), holders=added)

        self.desk.journal.record(self.desk.operator, lambda view: tuple(decide(view)))
        try:
            sealed.write(self.desk.keys, sealed.folder(self.desk.station.home) / SETUP, data)
        except OSError as error:
            raise RuleError("図書館の設定を書けません。", "空き容量と書込権限を確かめてください。",
                            detail=type(error).__name__) from error
        return setup, added

    def _is_resident(self, addressee_no: str) -> bool:
        """Whether it is a 宛名番号 of the register."""
        return self.desk.register is not None and self.desk.register.resident(addressee_no) is not None

    def begin_practice(self) -> None:
        """The sample set-up with the library inside the program."""
        if not self.ready:
            from sanjo_tui.station import fixtures

            place = fixtures() / "library"
            older, _ = setups.read_holders((place / "holders.csv").read_bytes())
            self.load((place / "library.toml").read_bytes(), older)

    def _stocks(self, view: View) -> dict[str, Stock]:
        return {one.first: one for one in view.records(STOCKS, SCOPE)}

    def remaining(self) -> int:
        """図書番号 that are left in all ranges."""
        with self.desk.journal.view() as view:
            return remaining(self.setup.ranges, self._stocks(view))
