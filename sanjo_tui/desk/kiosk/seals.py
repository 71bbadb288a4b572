"""印鑑登録 through the one door: the town's data, and what changed here since; what a new register suspends or asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sanjo_tui.desk.following import Changes, Due
from sanjo_tui.desk.service import Receipt, ServiceDesk
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.changes import GONE, Change
from sanjo_tui.receptions.kiosk import rules
from sanjo_tui.receptions.kiosk.state import SEALS, Seal
from sanjo_tui.receptions.kiosk.words import SealStatus
from sanjo_tui.register import seals as delivered
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.seals import SealRow


class SealDesk(ServiceDesk):
    """The part of the kiosk's desk that knows the seals."""

    _delivered: tuple[str | None, dict[str, SealRow]] = None, {}

    def delivered(self) -> dict[str, SealRow]:
        """The town's data in use; read once a delivery."""
        live = delivered.SEALS.live_id(self.desk.station.home)
        if live != self._delivered[0]:
            self._delivered = live, delivered.read(self.desk.station.home, self.desk.keys)[0]
        return self._delivered[1]

    def _seal(self, view: View, holder: str) -> Seal | None:
        """The registration as it holds now: what was recorded here, else the delivered data."""
        known = view.record_of(SEALS, self.scope, holder)
        if isinstance(known, Seal):
            return known
        row = self.delivered().get(holder)
        return None if row is None else Seal(holder=holder, seal_registration_no=row.seal_registration_no,
                            status=SealStatus(row.status), integrated=row.integrated)

    def seal(self, holder: str) -> Seal | None:
        """The registration of somebody who is on the desk."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            return self._seal(view, holder)

    def every_seal(self) -> tuple[Seal, ...]:
        """Every registration that was changed, suspended or asked about here, by holder's number: for lists."""
        self.desk.permit(Permission.LIST)
        with self.desk.journal.view() as view:
            return tuple(view.records(SEALS, self.scope))

    def change_seal(self, holder: str, status: SealStatus, *, number: str = "", reason: str,
                    integrated: bool | None = None) -> Receipt:
        """登録, 停止, 再開, 抹消, カード統合. Raises RuleError."""

        def decide(view: View) -> Iterable[Event]:
            taken = {one.seal_registration_no for one in self.delivered().values()} | {
                one.seal_registration_no for one in view.records(SEALS, self.scope)}
            seal = self._seal(view, holder)
            if number and number in taken and (seal is None or seal.seal_registration_no != number):
                raise RuleError("その登録番号は使われています。", "番号を確かめてください。")
            yield rules.change_seal(seal, holder, status, self.scope, number=number, reason=reason,
                                    integrated=integrated)

        return self.receipt(self.record(decide), f"印鑑登録 {status.label}")

    def answer_seal(self, holder: str, *, keep: bool) -> Receipt:
        """What a person says after a change of name: 継続 or 抹消."""
        recorded = self.record(lambda view: rules.answer_seal(self._seal(view, holder), self.scope, keep=keep))
        return self.receipt(recorded, "印鑑登録 継続" if keep else "印鑑登録 抹消")

    # --- a new register

    def follow(self, changes: Changes, view: View) -> Iterator[Event]:
        """Death and departure suspend by themselves; a change of name is asked. Nothing is deleted by itself."""
        holders = {**dict.fromkeys(self.delivered()), **{one.holder: None for one in view.records(SEALS, self.scope)}}
        for holder in holders:
            seal = self._seal(view, holder)
            if seal is None or seal.status is SealStatus.DELETED:
                continue
            what = changes.of(holder)
            if what.changes & GONE and seal.status is SealStatus.REGISTERED:
                yield rules.change_seal(seal, holder, SealStatus.SUSPENDED, self.scope, by_register=True,
                                        reason=f"住基: {what.words}")
            elif Change.RENAMED in what and not seal.asked:
                yield rules.question_seal(seal, Change.RENAMED.value, self.scope)

    def dues(self, view: View) -> tuple[Due, ...]:
        """Suspended by a register, or asked and not answered yet."""
        found = []
        for seal in view.records(SEALS, self.scope):
            if seal.asked:
                found.append(Due(subject=seal.holder, number=seal.seal_registration_no, what=seal.asked,
                                 todo="印影が今の氏名に合うか確かめ、継続か抹消を決める"))
            elif seal.status is SealStatus.SUSPENDED and seal.reason.startswith("住基: "):
                found.append(Due(subject=seal.holder, number=seal.seal_registration_no,
                                 what=seal.reason.removeprefix("住基: "),
                                 todo="印鑑登録を停止した。抹消を担当課で決める"))
        return tuple(found)
