"""What can happen to a voter and to a polling place. Scope of every event: the id of the election.

Fields: docs/polling.md §3. Never here: for whom somebody votes, or anything by which a paper could be found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.polling.words import Act, IdMethod, Mode, Oath, Occasion, PaperKind, Spoiling, Via

NUMBER = "polling.number"
"""Claim scope of 受付番号 (`CODE-NNNN-C`)."""


def ordinary(election: str, contest: str, voter: str) -> Claim:
    """The one ordinary paper of a contest that a voter may have."""
    return Claim(f"polling/{election}/{contest}/ordinary", voter)


def provisional(election: str, contest: str, voter: str) -> Claim:
    """The one 仮投票 of a contest that a voter may have."""
    return Claim(f"polling/{election}/{contest}/provisional", voter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One contest of a reception. `ground`: why, for 対象外 and for 転出 contests; codes and words, never a name."""

    contest: str
    act: Act
    paper: PaperKind = PaperKind.PLAIN
    ground: str = ""


# --- a voter: subject is the 宛名番号, or the number of a 補正登録


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """受付確定 (T2): the papers of all ticked contests, and what becomes of the others. One event a visit.

    `place`: code of the polling place. `age` in years on polling day; with `sex_code` and `ward_code` it is kept for
    the counts. `confirmed`: codes that the clerk confirmed before Enter worked (E-MOVED, E-SAMENAME).
    """

    kind: ClassVar[str] = "polling.received"
    place: str
    mode: Mode
    reception_no: str
    handed: tuple[Handed, ...]
    id_method: IdMethod
    via: Via = Via.SEARCH
    assurance: str = ""
    reason_code: int = 0
    label_version: str = ""
    oath: Oath | None = None
    oath_sheet: str = ""
    sex_code: str = ""
    ward_code: str = ""
    age: int | None = None
    confirmed: tuple[str, ...] = ()
    proxy: bool = False
    """代理投票 (法48条); `assistants`: staff ids of the two."""
    assistants: tuple[str, ...] = ()
    decided_by: str = ""
    """Who presided, where an earlier refusal was lifted or the voter declared who he or she is (法50条)."""

    @property
    def issued(self) -> tuple[Handed, ...]:
        """The papers that are handed out."""
        return tuple(h for h in self.handed if h.act is Act.ISSUE)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One ordinary paper a contest, and the 受付番号."""
        papers = tuple(ordinary(self.scope, h.contest, self.subject) for h in self.issued)
        return (*papers, Claim(NUMBER, self.reception_no))


@dataclass(frozen=True, slots=True, kw_only=True)
class CastPapers(Event):
    """退出確認 (T3): the papers of these contests went into their boxes; also set for all at the closing of the day."""

    kind: ClassVar[str] = "polling.cast"
    place: str
    contests: tuple[str, ...]
    at_closing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstained(Event):
    """棄権 (T4), said aloud by the voter for these contests before a paper was handed out."""

    kind: ClassVar[str] = "polling.abstained"
    place: str
    contests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CameAgain(Event):
    """再来場 (T5): somebody who abstained came back while the poll is open; these contests are 未 again."""

    kind: ClassVar[str] = "polling.came_again"
    place: str
    contests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged(Event):
    """書損引換・再交付 (T6): the spoiled paper is in hand, another one of the contest goes out. No new claim.

    `spoiled_contest`: where the paper in hand is one of another contest, handed out by mistake (誤交付); "": the same.
    """

    kind: ClassVar[str] = "polling.exchanged"
    place: str
    contest: str
    why: Spoiling
    spoiled: PaperKind = PaperKind.PLAIN
    paper: PaperKind = PaperKind.PLAIN
    spoiled_contest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReturned(Event):
    """返付 (T7): the paper came back unused; the voter may vote in this contest again. `issued_by`: `STATION-SEQ`."""

    kind: ClassVar[str] = "polling.returned"
    place: str
    contest: str
    paper: PaperKind
    issued_by: str

    @property
    def releases(self) -> tuple[Claim, ...]:
        """What the paper stood for was taken back."""
        return (ordinary(self.scope, self.contest, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAway(Event):
    """持ち帰り (E-TAKEAWAY): a paper left the polling place. A record only; no second paper follows from it."""

    kind: ClassVar[str] = "polling.taken_away"
    place: str
    contest: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack(Event):
    """受付取消 (T8): the wrong person was received. All papers are back, a second operator agrees.

    `issued_by`: the reception, `STATION-SEQ`; `papers`: contest and kind of every paper that came back.
    """

    kind: ClassVar[str] = "polling.taken_back"
    place: str
    issued_by: str
    papers: tuple[Handed, ...]
    reason: str
    verifier: str

    @property
    def releases(self) -> tuple[Claim, ...]:
        """All papers of that reception."""
        return tuple(ordinary(self.scope, paper.contest, self.subject) for paper in self.papers)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenteeReturned(Event):
    """不在者投票の用紙返還 (T10): the unused papers of these contests were handed in at the desk."""

    kind: ClassVar[str] = "polling.absentee_returned"
    place: str
    contests: tuple[str, ...]
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """投票拒否 (法50条③), decided by the 投票管理者 after hearing the 立会人. `opinion`: what they said."""

    kind: ClassVar[str] = "polling.refused"
    place: str
    contests: tuple[str, ...]
    ground: str
    opinion: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionalVote(Event):
    """仮投票 (T11, 法50条④⑤): kept beside the ordinary state, with papers and a claim of its own.

    `objected_by`: voter or 立会人, whose objection it was.
    """

    kind: ClassVar[str] = "polling.provisional"
    place: str
    reception_no: str
    papers: tuple[Handed, ...]
    ground: str
    opinion: str
    objected_by: str
    decided_by: str
    sex_code: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One 仮投票 a contest."""
        papers = tuple(provisional(self.scope, paper.contest, self.subject) for paper in self.papers)
        return (*papers, Claim(NUMBER, self.reception_no))


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled(Event):
    """補正登録・判決書 (T12): somebody outside the roll may vote. Subject: `STATION-H1` and so on.

    `birth`: as typed, `YYYY-MM-DD`; `contests`: for which contests the document holds.
    """

    kind: ClassVar[str] = "polling.enrolled"
    place: str
    basis: str
    name: str
    name_kana: str = ""
    birth: str
    sex_code: str = ""
    address: str = ""
    ward_code: str = ""
    contests: tuple[str, ...]
    decided_by: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentNoted(Event):
    """事故: what cannot be undone any more (a paper in the box, two papers out) is written down, never repaired."""

    kind: ClassVar[str] = "polling.incident"
    place: str
    category: str
    text: str
    contests: tuple[str, ...] = ()
    verifier: str = ""


# --- paper: subject is the code of the polling place


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersDelivered(Event):
    """受領: sheets of one kind came to the place; at its first opening, and whenever more are brought."""

    kind: ClassVar[str] = "polling.delivered"
    contest: str
    paper: PaperKind
    sheets: int
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder(Event):
    """残: sheets counted by hand. `expected`: what they should be at this moment, reckoned in the same transaction."""

    kind: ClassVar[str] = "polling.remainder"
    contest: str
    paper: PaperKind
    counted: int
    expected: int
    occasion: Occasion = Occasion.ANY_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceSettled(Event):
    """差の処理: a difference that stays is written down and countersigned; from then on it is reckoned with."""

    kind: ClassVar[str] = "polling.difference_settled"
    contest: str
    paper: PaperKind
    difference: int
    """counted - expected, in sheets."""
    explanation: str
    verifier: str


# --- the polling place on one day: subject is `PLACE/YYYY-MM-DD`


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the zero report and the closing report state in hashes (hex) and counts."""

    election_sha256: str
    roll_sha256: str
    journal_hash: str
    journal_seq: int
    issued: int
    program: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOpened(Event):
    """開所: after the gate (docs/polling.md §4). `on_paper`: why it was opened although the gate did not hold.

    `witnessed_by`: who copied or countersigned the zero report where it could not be printed.
    """

    kind: ClassVar[str] = "polling.opened"
    place: str
    day: str
    kind_of_place: str
    roll: str
    roll_base: str
    proof: Proof
    clock_confirmed: bool
    zero_printed: bool
    witnessed_by: str = ""
    on_paper: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcilingBegan(Event):
    """照合中: papers are being counted; the desk goes on receiving."""

    kind: ClassVar[str] = "polling.reconciling"
    place: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcilingEnded(Event):
    """照合終わり: back to 受付中."""

    kind: ClassVar[str] = "polling.reconciled"
    place: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade(Event):
    """中間報告: the figures of one report time. `figures`: contest -> (男, 女, 計) of this place and day."""

    kind: ClassVar[str] = "polling.reported"
    place: str
    day: str
    time: str
    figures: dict[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyNoted(Event):
    """投票管理者・立会人など: who came, left, or took over, and when (`HH:MM`), for the 投票録."""

    kind: ClassVar[str] = "polling.duty"
    place: str
    day: str
    staff: str
    role: str
    name: str
    came: str = ""
    left: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkNoted(Event):
    """A remark for the 投票録 that concerns no single voter: 退出を命じた者, 投票箱の開閉, 停電 and so on."""

    kind: ClassVar[str] = "polling.remark"
    place: str
    day: str
    category: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceClosed(Event):
    """閉所: the equation holds for every paper, or each difference was settled. `oaths_counted`: 宣誓書 by hand."""

    kind: ClassVar[str] = "polling.closed"
    place: str
    day: str
    proof: Proof
    oaths_counted: int | None = None
    verifier: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSealed(Event):
    """封緘: the day's journal was exported; after this nothing is recorded for this day."""

    kind: ClassVar[str] = "polling.sealed"
    place: str
    day: str
    export: str
    export_sha256: str


# --- the election on this laptop: subject is the election id


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionLoaded(Event):
    """An election's set-up became the current one here."""

    kind: ClassVar[str] = "polling.election_loaded"
    name: str
    polling_day: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollLoaded(Event):
    """A roll became the current one here."""

    kind: ClassVar[str] = "polling.roll_loaded"
    snapshot_id: str
    roll_base: str
    sha256: str
    electors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalMerged(Event):
    """他会場データ: another place's journal was taken in, up to `seq` of `at` (local time)."""

    kind: ClassVar[str] = "polling.merged"
    station: str
    seq: int
    events: int
    at: str
