"""What 子育て支援カード stands on: the town's set-up and the partner shops, sealed in this station's home."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from sanjo_tui.desk.photos import Rules
from sanjo_tui.desk.sealedfolder import SealedFolder
from sanjo_tui.desk.service import ServiceDesk
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.childcare import events as ev
from sanjo_tui.receptions.childcare import setup as setups
from sanjo_tui.receptions.childcare.state import CARDS, Holding
from sanjo_tui.receptions.childcare.words import SCOPE
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from types import ModuleType

    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View

SETUP, SHOPS = "setup", "shops"


class Basis(ServiceDesk):
    """The set-up, the shops, and who holds what."""

    NAME = SCOPE
    VERBS: ClassVar[dict[str, str]] = {
        ev.Applied.kind: "申請", ev.PhotoTaken.kind: "写真", ev.CardPrinted.kind: "カード作成",
        ev.CardHanded.kind: "交付", ev.CardLost.kind: "紛失", ev.CardReissued.kind: "再発行",
        ev.CardRenewed.kind: "更新", ev.CardReturned.kind: "返却", ev.CardExpired.kind: "期限切れ",
        ev.CardSettled.kind: "確認済"}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._files = SealedFolder(desk, SCOPE)
        self._setup: setups.Setup | None = None
        self._seen = 0

    @property
    def papers(self) -> ModuleType:
        """Its papers, imported late."""
        from sanjo_tui.desk.childcare import papers

        return papers

    @property
    def ready(self) -> bool:
        """Whether there is a set-up."""
        return SETUP in self._files

    @property
    def setup(self) -> setups.Setup:
        """The set-up that is loaded; a command over SSH may change it meanwhile. RuleError where there is none."""
        try:
            seen = self._files.path(SETUP).stat().st_mtime_ns
        except OSError as error:
            raise RuleError("子育て支援カードの設定が読み込まれていません。",
                            "情報担当が sanjo-tui childcare load で読み込みます。") from error
        if self._setup is None or seen != self._seen:
            found, problems = setups.read(self._files.read(SETUP))
            if found is None:
                raise RuleError("子育て支援カードの設定が、この版では読めません。",
                                "もう一度 childcare load で読み込んでください。", detail=problems[0])
            self._setup, self._seen = found, seen
        return self._setup

    @property
    def photo_rules(self) -> Rules:
        """What a photo must be, as the set-up says."""
        setup = self.setup
        return Rules(formats=setup.photo_formats, max_bytes=setup.photo_max_bytes, min_width=setup.photo_min_width,
                     min_height=setup.photo_min_height)

    def shops(self, day: dt.date | None = None) -> tuple[setups.Shop, ...]:
        """Partner shops by 町; `day`: only those that take part then."""
        if SHOPS not in self._files:
            return ()
        found, _ = setups.read_shops(self._files.read(SHOPS))
        return tuple(sorted((shop for shop in found if day is None or shop.takes_part_on(day)),
                            key=lambda shop: (shop.town, shop.category, shop.shop_id)))

    def load(self, data: bytes, shops: bytes | None = None) -> setups.Setup:
        """Check and take over a set-up, and the partner shops where they come with it; all of it or nothing.

        Raises NotAllowed, RuleError: then the present ones stay.
        """
        self.desk.permit(Permission.DATA)
        setup, problems = setups.read(data)
        listed, more = setups.read_shops(shops) if shops is not None else ((), ())
        wrong = (*problems, *more)
        if setup is None or wrong:
            raise RuleError(f"設定に誤りが {len(wrong)} 件あり、読み込みませんでした。最初の誤り: {wrong[0]}",
                            "childcare check で全部の誤りを見られます。今の設定はそのままです。")
        self.desk.journal.record(self.desk.operator, lambda view: (
            ev.SetupLoaded(subject=SETUP, scope=SCOPE, sha256=setup.sha256, shops=len(listed)),))
        if shops is not None:
            self._files.write(SHOPS, shops)
        self._files.write(SETUP, data)
        return setup

    def begin_practice(self) -> None:
        """The sample set-up and shops."""
        if not self.ready:
            from sanjo_tui.station import fixtures

            place = fixtures() / "childcare"
            self.load((place / "childcare.toml").read_bytes(), (place / "shops.csv").read_bytes())

    def holding(self, view: View, addressee_no: str) -> Holding | None:
        """Every card of one person."""
        found: Holding | None = view.record_of(CARDS, SCOPE, addressee_no)
        return found

    def holdings(self, view: View) -> tuple[Holding, ...]:
        """Everybody's cards, in the order of the present card's number."""
        return tuple(sorted(view.records(CARDS, SCOPE), key=lambda one: one.cards[-1].card_no))
