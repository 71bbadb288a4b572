"""The words of a polling desk: values are what screens and papers say, names what the code says."""

from __future__ import annotations

from enum import StrEnum

from sanjo_tui.receptions.base import Weight


class Level(StrEnum):
    """Whose election a contest is: decides what a move does to the right to vote."""

    NATION = "国政"
    PREFECTURE = "県"
    TOWN = "市"


class PlaceKind(StrEnum):
    """Kind of a polling place."""

    EARLY = "期日前"
    DAY = "当日"
    MOBILE = "移動"

    @property
    def is_early(self) -> bool:
        """移動期日前投票所 follow the rules of early voting."""
        return self is not PlaceKind.DAY


class Mode(StrEnum):
    """受付種別."""

    EARLY = "期日前"
    DAY = "当日"


class State(StrEnum):
    """Where one voter stands in one contest (docs/polling.md §3)."""

    NOT_YET = "未"
    ISSUED = "交付済"
    CAST = "投票済"
    ABSTAINED = "棄権"
    RETURNED = "返付"
    ABSENTEE_ISSUED = "不在者交付中"
    ABSENTEE_ACCEPTED = "不在者受理"
    NOT_ENTITLED = "対象外"

    @property
    def has_voted(self) -> bool:
        """A paper of this contest is out, cast, or was accepted by post: another one never (T9)."""
        return self in (State.ISSUED, State.CAST, State.ABSENTEE_ACCEPTED)


class Act(StrEnum):
    """What a reception does in one contest; every contest of the election has one."""

    ISSUE = "交付"
    ABSTAIN = "棄権"
    NOT_ENTITLED = "対象外"
    DONE = "済"
    NOT_NOW = "期間外"


class PaperKind(StrEnum):
    """用紙種別."""

    PLAIN = "普通"
    BRAILLE = "点字"


class IdMethod(StrEnum):
    """本人確認方法."""

    CARD = "カード"
    TICKET = "入場券"
    DOCUMENT = "免許証等"
    SPOKEN = "口頭(生年月日)"
    DECLARED = "宣言(法50条)"


class Oath(StrEnum):
    """宣誓書: how it was made."""

    PRINTED = "印刷"
    HANDWRITTEN = "手書き"
    ON_TICKET = "入場券裏面"


class SignaturePolicy(StrEnum):
    """Whether the printed 宣誓書 is signed; what Sanjo did in 2018 is not documented, so the town decides."""

    SIGNED = "署名"
    STAFF_CONFIRMS = "署名なし・職員確認"


class Spoiling(StrEnum):
    """Why a paper is exchanged (T6)."""

    MISWRITTEN = "書損"
    SOILED = "汚損"
    WRONG_PAPER = "誤交付"


class StaffRole(StrEnum):
    """Who somebody is at the polling place."""

    PRESIDING = "投票管理者"
    DEPUTY = "職務代理者"
    CLERK = "事務従事者"
    WITNESS = "立会人"

    @property
    def presides(self) -> bool:
        """May decide 拒否, 仮投票, 補正登録 and opening on paper."""
        return self in (StaffRole.PRESIDING, StaffRole.DEPUTY)


class Occasion(StrEnum):
    """Why the remainder was counted by hand."""

    REPORT_TIME = "定時"
    BUNDLE = "束"
    ANY_TIME = "随時"
    CLOSING = "閉所"


class PlaceState(StrEnum):
    """Where a polling place stands on one day (docs/polling.md §4)."""

    PREPARING = "準備"
    OPEN = "受付中"
    RECONCILING = "照合中"
    CLOSED = "閉所"
    SEALED = "封緘"


class Code(StrEnum):
    """Why the desk says what it says; the weight of each is fixed, everything not named stops."""

    VOTED = "E-VOTED"
    PARTIAL = "E-PARTIAL"
    WARD = "E-WARD"
    AGE17 = "E-AGE17"
    WINDOW = "E-WINDOW"
    MOVED = "E-MOVED"
    NOT_ENTITLED = "E-NOTENTITLED"
    STRUCK = "E-STRUCK"
    DEAD = "E-DEAD"
    SUSPENDED = "E-SUSPENDED"
    ABSENTEE = "E-ABSENTEE"
    SAMENAME = "E-SAMENAME"
    NOTFOUND = "E-NOTFOUND"
    NOPAPER = "E-NOPAPER"
    TAKEAWAY = "E-TAKEAWAY"
    STALE = "E-STALE"
    CLOCK = "E-CLOCK"
    PRINTER = "E-PRINTER"
    NOT_OPEN = "E-NOTOPEN"
    DUPLICATE = "E-DUPLICATE"
    REFUSED = "E-REFUSED"
    """The 投票管理者 refused this voter earlier (法50条③): only somebody who presides may let a paper go out."""
    INCOMPLETE = "E-INCOMPLETE"
    """Something that must be said is missing: reason, oath, second operator, decision ..."""

    @property
    def weight(self) -> Weight:
        """Weight of the code (docs/polling.md §3)."""
        return WEIGHTS.get(self, Weight.STOP)


WEIGHTS = {
    Code.MOVED: Weight.CAUTION, Code.SAMENAME: Weight.CAUTION, Code.REFUSED: Weight.CAUTION,
    Code.PARTIAL: Weight.READY, Code.WINDOW: Weight.READY,
    Code.PRINTER: Weight.NOTICE, Code.NOTFOUND: Weight.NOTICE, Code.TAKEAWAY: Weight.NOTICE,
}
"""CAUTION: to be confirmed before Enter works; READY: the remaining contests only. With no contest left it stops."""


class Feature(StrEnum):
    """第2の確認事項: what the clerk compared, besides the name, where somebody else has the same name."""

    BIRTH = "生年月日"
    ADDRESS = "住所"


class Objector(StrEnum):
    """Whose objection led to a 仮投票 (法50条④⑤)."""

    VOTER = "選挙人"
    WITNESS = "立会人"


class Via(StrEnum):
    """How a voter's record was opened."""

    CARD = "card"
    TICKET = "ticket"
    SEARCH = "search"
    ROLL_NO = "roll_no"

    @property
    def names_one(self) -> bool:
        """A card or a ticket stands for one elector; a name or a number that was typed may be a namesake's."""
        return self in (Via.CARD, Via.TICKET)
