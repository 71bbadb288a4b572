"""After the desk: batches to send, defects, notices, hand-over, pictures erased; what a new register changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sanjo_tui.desk import numbers, photos
from sanjo_tui.desk.application.applying import Applying
from sanjo_tui.desk.application.booking import said
from sanjo_tui.desk.following import Due
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.application import events as ev
from sanjo_tui.receptions.application import rules
from sanjo_tui.receptions.application.state import APPLICATIONS, BATCHES, Application, Batch, Noted
from sanjo_tui.receptions.application.words import SCOPE, Act, Defect, Method, State
from sanjo_tui.receptions.changes import Change
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.following import Changes
    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.journal.view import View

BATCH_LIST = "application.batch"

TOLD = (Change.DIED, Change.MOVED_OUT, Change.STRUCK_OFF, Change.MISSING, Change.RENAMED, Change.MOVED,
        Change.PROTECTED)
"""Changes that matter to an application that is open."""

STALE_FORM = frozenset({Change.RENAMED, Change.MOVED})
"""Changes that make a form old: 要再発行."""


class Sending(Applying):
    """送付 to 交付; see Desk for threads and errors."""

    def batches(self) -> tuple[Batch, ...]:
        """Every batch that was closed, the latest first; numbers only."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            return tuple(sorted(view.records(BATCHES, SCOPE), key=lambda one: one.number, reverse=True))

    def to_send(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """(numbers that a batch would take now, numbers that it would not with the reason)."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            return self._to_send(view)

    def _to_send(self, view: View) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        fit, barred = [], []
        for one in self.applications(view):
            if one.state is not State.SIGNED:
                continue
            why = self._why_not(one)
            if why:
                barred.append((one.number, why))
            else:
                fit.append(one.number)
        return tuple(fit), tuple(barred)

    def _why_not(self, one: Application) -> str:
        if one.reissue:
            return "申請書が要再発行"
        if one.changes:
            return "住基の変更を確かめていない"
        if not one.photo_none and not photos.has(self.desk, one.photo_sha256, service=SCOPE):
            return "写真がこの端末にない"
        return ""

    def send_batch(self) -> Receipt:
        """送付: everything that is signed goes into one batch, which is closed with it; the 送付書 is due.

        Raises RuleError where nothing can be sent, NotAllowed.
        """
        number = ""
        count = 0

        def decide(view: View) -> Iterator[Event]:
            nonlocal number, count
            fit, barred = self._to_send(view)
            if not fit:
                raise RuleError("送付できる申請がありません。", f"署名済みで止まっているもの {len(barred)}件。"
                                if barred else "申請書に署名をもらうと、送付できます。")
            number = numbers.following(view, self.desk.station.code, scope=ev.BATCH)[0]
            count, today = len(fit), self.desk.today().isoformat()
            yield ev.BatchClosed(subject=number, scope=SCOPE, sent_on=today, numbers=fit)
            for each in fit:
                rules.must(self._known(view, each), Act.SEND)
                yield ev.Sent(subject=each, scope=SCOPE, batch=number, sent_on=today)
            yield self.due(view, BATCH_LIST, batch=number)

        recorded = self.record(decide, permission=Permission.LIST)
        return self.receipt(recorded, detail=f"送付 {number} {count}通")

    def may_undo(self, view: View, group: Iterable[Recorded]) -> None:
        """A closed batch stays closed: what comes back is recorded as 不備."""
        if any(isinstance(one.event, ev.BatchClosed | ev.Sent) for one in group):
            raise RuleError("締め切った送付書は取り消せません。", "戻った申請は、不備返却で記録してください。")

    def give_back(self, number: str, defect: Defect, note: str = "") -> Receipt:
        """不備返却: it came back from the issuing office. Raises RuleError, NotAllowed."""
        if defect is Defect.OTHER and not note.strip():
            raise RuleError("そのほかの不備は、内容を入れてください。", "例: 申請書の汚れ")

        def decide(view: View) -> Iterator[Event]:
            rules.must(self._known(view, number), Act.RETURN)
            yield ev.Returned(subject=number, scope=SCOPE, defect=defect, note=note.strip(),
                              returned_on=self.desk.today().isoformat())

        return self.receipt(self.record(decide), detail=f"{number} {defect.label}")

    def notify(self, number: str) -> Receipt:
        """交付通知書 sent. Raises RuleError (also where the card comes by post), NotAllowed."""
        self._may(self.application(number).applicant_no)

        def decide(view: View) -> Iterator[Event]:
            now = rules.must(self._known(view, number), Act.NOTIFY)
            if now.method is Method.ON_APPLICATION:
                raise RuleError("申請時来庁方式では、交付通知書を出しません。",
                                "本人限定郵便（転送不可）で送ったら、「交付」を記録してください。")
            yield ev.Notified(subject=number, scope=SCOPE, notice_sent_on=self.desk.today().isoformat())

        return self.receipt(self.record(decide), detail=f"{number} 通知")

    def deliver(self, number: str, verified_by: VerifiedBy | None = None) -> Receipt:
        """交付: handed over after 本人確認, or sent by post (申請時来庁). The photo is erased when its days are over.

        Raises RuleError, NotAllowed.
        """
        one = self.application(number)
        self._may(one.applicant_no)

        def decide(view: View) -> Iterator[Event]:
            now = rules.must(self._known(view, number), Act.DELIVER)
            if now.method is Method.ON_RECEIPT and now.state is not State.NOTIFIED:
                raise RuleError("交付通知書をまだ出していません。", "先に通知を記録してください。")
            if now.method is Method.ON_RECEIPT and verified_by is None:
                raise RuleError("窓口で渡すときは、本人確認が要ります。", "確かめた方法を選んでください。")
            yield ev.Delivered(subject=number, scope=SCOPE, applicant_no=now.applicant_no, verified_by=verified_by,
                               delivered_on=self.desk.today().isoformat())

        recorded = self.record(decide)
        return self.receipt(recorded, detail=f"{number} 交付済",
                            note="写真は、この端末から消しました" if one.photo_sha256 in self._erase() else "")

    # --- pictures whose time is over

    def erase_photos(self) -> int:
        """Erase the pictures of applications that ended long enough ago or were taken back, and those that no event
        names (the power went between picture and record); how many there were.
        """
        self.desk.permit(Permission.RECEIVE)
        return len(self._erase(nameless=True))

    def _erase(self, *, nameless: bool = False) -> list[str]:
        with self.desk.journal.view() as view:
            named = list(self._pictures(view))
            known = {one.number: one for one in self.applications(view)}
        shas = {sha for sha, _ in named}
        gone = shas - {sha for sha, number in named if not self._over(known.get(number))}
        if nameless:
            gone.update(photos.left_over(self.desk, shas, service=SCOPE))
        erased = [sha for sha in sorted(gone) if photos.erase(self.desk, sha, service=SCOPE)]
        if erased:
            self.desk.log(*(ev.PhotoErased(subject=sha, scope=SCOPE) for sha in erased))
        return erased

    def _over(self, one: Application | None) -> bool:
        if one is None:
            return True
        if one.is_open:
            return False
        return (self.desk.today() - dt.date.fromisoformat(one.ended_on)).days >= self.setup.photo_days

    # --- a new register

    def follow(self, changes: Changes, view: View) -> Iterable[Event]:
        """One note for each applicant whose application is open; a new name or address makes the form old."""
        for one in view.records(APPLICATIONS, SCOPE):
            if not one.is_open:
                continue
            found = changes.of(one.applicant_no)
            for change in (each for each in TOLD if each in found):
                note = Noted(what=change.value, since=changes.as_of.isoformat())
                if note not in one.changes:
                    yield ev.PersonChanged(subject=one.number, scope=SCOPE, what=note.what, since=note.since,
                                           reissue=change in STALE_FORM and bool(one.application_form_id))

    def dues(self, view: View) -> tuple[Due, ...]:
        """Changes nobody saw to, forms to be issued again, bookings of past days whose people did not come."""
        found: list[Due] = []
        today = self.desk.today().isoformat()
        here = [one for one in self.applications(view) if one.is_open]
        found += _doubles(here)
        for one in here:
            found += [Due(subject=one.applicant_no, number=one.number, what=note.what, since=note.since,
                          todo=_todo(one, note.what)) for note in one.changes]
            if one.reissue and not one.changes:
                found.append(Due(subject=one.applicant_no, number=one.number, what="要再発行",
                                 todo="新しい申請書IDで申請書を作り直す"))
            if one.state is State.BOOKED and one.slot[:10] < today:
                found.append(Due(subject=one.applicant_no, number=one.number, what="来庁の記録がない",
                                 todo=f"{said(one.slot)} の予約: 来庁なしにするか、取り直す"))
        return tuple(found)

    def settle(self, number: str) -> Receipt:
        """Somebody saw to the changes that the register brought; 要再発行 stays until the form is made anew."""
        def decide(view: View) -> Iterator[Event]:
            if not self._known(view, number).changes:
                raise RuleError("確かめる変更はありません。", "一覧を開き直してください。")
            yield ev.ChangeSettled(subject=number, scope=SCOPE)

        return self.receipt(self.record(decide), detail=f"{number} 変更を確認")


def _doubles(here: Sequence[Application]) -> list[Due]:
    """What two stations did without knowing of each other: one person, seat or form twice. Nothing is undone."""
    kinds: tuple[tuple[str, Callable[[Application], str], str], ...] = (
        ("二重の申請", lambda one: one.applicant_no, "と合わせ、一方を取りやめにする"),
        ("二重の予約", lambda one: one.seat_key if one.state is State.BOOKED else "", "と同じ席。一方を変更する"),
        ("同じ申請書ID", lambda one: one.application_form_id, "と申請書を見くらべる"))
    found = []
    for what, key, todo in kinds:
        first: dict[str, str] = {}
        for one in sorted(here, key=lambda one: (one.booked_ms, one.number)):
            value = key(one)
            if value and first.setdefault(value, one.number) != one.number:
                found.append(Due(subject=one.applicant_no, number=one.number, what=what, todo=f"{first[value]} {todo}"))
    return found


def _todo(one: Application, what: str) -> str:
    change = Change(what)
    if change is Change.PROTECTED:
        return "書類を出さず、責任者に知らせる"
    if change in STALE_FORM:
        if not one.application_form_id:
            return "新しい氏名・住所の申請書を使う"
        return "不備で戻らないか発行元に確かめる" if one.batch else "要再発行: 新しい申請書IDで作り直す"
    return "取りやめにする" if one.may(Act.CANCEL) else "発行元に知らせる"
