"""来庁, 写真, 申請書, 署名: what happens while the applicant stands at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.desk import photos
from sanjo_tui.desk.application.basis import moment, person_of
from sanjo_tui.desk.application.booking import Booking, said
from sanjo_tui.errors import RuleError, SanjoError
from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.application import events as ev
from sanjo_tui.receptions.application import rules
from sanjo_tui.receptions.application.words import SCOPE, Act, Channel, Point
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Collection

    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.application.state import Application
    from sanjo_tui.register.people import CardLink, Resident

SHEET = "application.sheet"
FORM_TOKEN = "application_form_id"


class Applying(Booking):
    """The applicant is here; see Desk for threads and errors."""

    def arrive(self, number: str, *, verified_by: VerifiedBy, link: CardLink | None = None) -> Receipt:
        """来庁: a booking's person is here and was made sure of. Raises RuleError, RegisterError, NotAllowed."""
        person = self.application(number).applicant_no
        self._may(person, link)
        _same(person, link)

        def decide(view: View) -> Iterator[Event]:
            now = rules.must(self._known(view, number), Act.ARRIVE)
            today = self.desk.today().isoformat()
            if now.slot[:10] != today:
                raise RuleError(f"予約は {said(now.slot)} です。今日ではありません。",
                                "予約を変えるか、取りやめて、予約なしで受け付けてください。")
            yield self._arrived(number, verified_by, link)

        return self.receipt(self.record(decide), detail=f"{number} 来庁")

    def walk_in(self, addressee_no: str, place: str, *, verified_by: VerifiedBy,
                link: CardLink | None = None) -> Receipt:
        """予約なしの来庁: takes no seat. Raises RuleError, RegisterError, NotAllowed."""
        resident, known = self._may(addressee_no, link), self._place(place)
        _same(addressee_no, link)
        if not known.walk_in:
            raise RuleError(f"{known.name}は、予約のない方を受け付けません。", "予約を取ってください。")
        number = ""

        def decide(view: View) -> Iterator[Event]:
            nonlocal number
            self._must_be_free(view, addressee_no)
            number = self.next_number(view)
            yield self._given(number)
            yield ev.Booked(subject=number, scope=SCOPE, reception_no=number, applicant_no=addressee_no,
                            person=person_of(resident), place=place,
                            slot=f"{self.desk.today().isoformat()}T{moment():%H:%M}", seat=0, channel=Channel.WALK_IN,
                            snapshot_id=self.snapshot_id)
            yield self._arrived(number, verified_by, link)

        recorded = self.record(decide)
        return self.receipt(recorded, detail=f"{number} 来庁（予約なし）")

    def _arrived(self, number: str, verified_by: VerifiedBy, link: CardLink | None) -> ev.Arrived:
        return ev.Arrived(subject=number, scope=SCOPE, verified_by=verified_by, snapshot_id=self.snapshot_id,
                          identified_by=IdentifiedBy.CARD if link else IdentifiedBy.SEARCH,
                          user_id=link.user_id if link else "")

    # --- the photo

    def check_photo(self, number: str, path: Path) -> photos.Photo:
        """A file before a person looks at it: its shape, and that it is not somebody else's photo. RuleError."""
        now = rules.must(self.application(number), Act.PHOTOGRAPH)
        self._may(now.applicant_no)
        photo = photos.check(path, self.photo_rules)
        with self.desk.journal.view() as view:
            others = {one.number for one in self.applications(view) if one.applicant_no != now.applicant_no}
            other = min((of for sha, of in self._pictures(view) if sha == photo.sha256 and of in others), default="")
        if other:
            raise photos.somebody_elses(f"申請（{other}）")
        return photo

    def photograph(self, number: str, path: Path, points: Collection[Point]) -> Receipt:
        """写真 from a file, checked here and by a person (`points`); kept sealed. Raises RuleError, NotAllowed."""
        photo = self.check_photo(number, path)
        rules.must_be_checked(points)
        photos.keep(self.desk, photo, service=SCOPE)
        try:
            recorded = self.record(lambda view: (self._photographed(view, number, ev.Photographed(
                subject=number, scope=SCOPE, photo_sha256=photo.sha256, width=photo.width, height=photo.height,
                points=tuple(point for point in Point if point in points))),))
        except SanjoError:
            with self.desk.journal.view() as view:
                if photo.sha256 not in {sha for sha, _ in self._pictures(view)}:
                    photos.erase(self.desk, photo.sha256, service=SCOPE)      # nothing names it
            raise
        return self.receipt(recorded, detail=f"写真 {photo.width}x{photo.height}画素")

    def no_photo(self, number: str) -> Receipt:
        """写真なし: a child so young that none is needed. Raises RuleError, NotAllowed."""
        now = self.application(number)
        self._may(now.applicant_no)
        if not self.needs_no_photo(now):
            raise RuleError("この方の申請には、写真が要ります。", "写真のファイルを選んでください。")
        recorded = self.record(lambda view: (self._photographed(view, number, ev.Photographed(
            subject=number, scope=SCOPE, none_needed=True)),))
        return self.receipt(recorded, detail="写真なし")

    def needs_no_photo(self, application: Application) -> bool:
        """Whether a child is under the age of the set-up today."""
        return rules.needs_no_photo(application.person.birth, self.desk.today(), self.setup.photo)

    def _photographed(self, view: View, number: str, event: ev.Photographed) -> Event:
        rules.must(self._known(view, number), Act.PHOTOGRAPH)
        return event

    def _pictures(self, view: View) -> Iterator[tuple[str, str]]:
        """Every picture that an event names, with the number of its application."""
        for one in view.events(scope=SCOPE, kinds=(ev.Photographed.kind,)):
            if isinstance(one.event, ev.Photographed) and one.event.photo_sha256:
                yield one.event.photo_sha256, one.event.subject

    # --- the form

    def fill(self, number: str, asked: rules.Asked) -> Receipt:
        """申請書: what was answered; the sheet with the photo is due with it. Raises RuleError, NotAllowed."""
        resident = self._may(self.application(number).applicant_no)
        person, setup = person_of(resident), self.setup
        form, ward = rules.must_be_complete(asked, person.birth, self.desk.today(), setup.card)
        key = self.desk.keys.token_key(FORM_TOKEN, form)

        def decide(view: View) -> Iterator[Event]:
            now = rules.must(self._known(view, number), Act.FILL)
            self._must_have_photo(now)
            if now.reissue and key == now.form_key:
                raise RuleError("この申請書は、氏名か住所が変わる前のものです（要再発行）。",
                                "新しい申請書を出し、その申請書IDを入れてください。")
            if key != now.form_key and view.holder(Claim(ev.FORM, key)):
                raise RuleError("この申請書IDは、別の申請で使われています。", "申請書の番号を確かめてください。")
            yield ev.FormFilled(
                subject=number, scope=SCOPE, person=person, application_form_id=form, form_key=key, left=now.form_key,
                method=asked.method, id_documents=asked.id_documents, ward=ward,
                representative=asked.representative.strip(), relation=asked.relation.strip(), sign=asked.sign,
                auth=asked.auth, braille_name=asked.braille_name, leaving=asked.leaving, snapshot_id=self.snapshot_id)
            if self.desk.may(Permission.ADDRESS) and not self._hidden(now):
                yield self.due(view, SHEET, number=number)

        return self.receipt(self.record(decide), detail=f"{number} 申請書")

    def _must_have_photo(self, now: Application) -> None:
        if not now.photo_none and not photos.has(self.desk, now.photo_sha256, service=SCOPE):
            raise RuleError("この申請の写真が、この端末にありません。", "写真を取り込み直してください。")

    def sign(self, number: str) -> Receipt:
        """署名: somebody saw that the sheet is signed. Raises RuleError, NotAllowed."""
        self._may(self.application(number).applicant_no)

        def decide(view: View) -> Iterator[Event]:
            now = rules.must(self._known(view, number), Act.SIGN)
            if now.reissue:
                raise RuleError("申請書が、氏名か住所の変わる前のものです（要再発行）。",
                                "新しい申請書IDで、申請書を作り直してください。")
            yield ev.Signed(subject=number, scope=SCOPE)

        return self.receipt(self.record(decide), detail=f"{number} 署名済")

    def resident_of(self, application: Application) -> Resident | None:
        """The applicant in the live register."""
        self.desk.permit(Permission.TAP)
        return self.desk.register.resident(application.applicant_no) if self.desk.register else None


def _same(person: str, link: CardLink | None) -> None:
    """A card that is on the reader is the applicant's own."""
    if link is not None and link.addressee_no != person:
        raise RuleError("かざしたカードは、この申請の方のものではありません。", "カードを確かめてください。")
