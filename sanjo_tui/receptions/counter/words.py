"""The counter's own words: who asks, for whom, what is asked, where a ticket stands. Values stand in files."""

from __future__ import annotations

from enum import StrEnum


class Requester(StrEnum):
    """請求者区分."""

    SELF = "self"
    SAME_HOUSEHOLD = "same_household"
    PROXY = "proxy"
    THIRD_PARTY = "third_party"
    OFFICIAL = "official"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Requester.SELF: "本人", Requester.SAME_HOUSEHOLD: "同じ世帯の方", Requester.PROXY: "代理人",
                Requester.THIRD_PARTY: "第三者", Requester.OFFICIAL: "官公署・職務上"}[self]


class Scope(StrEnum):
    """Whose data a procedure is about."""

    SELF = "self"
    """Whoever is on the desk, alone."""
    ONE = "one"
    """One person of the household."""
    HOUSEHOLD = "household"
    """Any of the household, in the order in which they are chosen (記載順位)."""


class Asked(StrEnum):
    """What kind of answer a question takes."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes_no"


class Include(StrEnum):
    """What a certificate may carry beyond the usual, left out unless it is asked for (住民記録 標準仕様書)."""

    RELATIONSHIP = "relationship"
    DOMICILE = "domicile"
    HISTORY = "history"
    RESIDENT_CODE = "resident_code"

    @property
    def label(self) -> str:
        """As screen and paper say it. 個人番号 is not among them: it is never touched here."""
        return {Include.RELATIONSHIP: "世帯主・続柄", Include.DOMICILE: "本籍・筆頭者", Include.HISTORY: "住所の履歴",
                Include.RESIDENT_CODE: "住民票コード"}[self]


class Channel(StrEnum):
    """Where a fee is charged."""

    COUNTER = "counter"
    KIOSK = "kiosk"
    MAIL = "mail"


class Related(StrEnum):
    """関連手続き, as they stand on the guide."""

    NEEDED = "要"
    NOT_NEEDED = "不要"
    DONE = "済"


class Step(StrEnum):
    """Where a case stands."""

    ACCEPTED = "受付済"
    HANDED_OVER = "引継済"
    DONE = "完了"
    WITHDRAWN = "取下"


class Waiting(StrEnum):
    """Where a number ticket stands."""

    WAITING = "待ち"
    CALLED = "呼出"
    SERVING = "対応中"
    ABSENT = "不在"
    DONE = "完了"
    DELETED = "削除"


NEXT: dict[Waiting, tuple[Waiting, ...]] = {
    Waiting.WAITING: (Waiting.CALLED, Waiting.DELETED),
    Waiting.CALLED: (Waiting.SERVING, Waiting.ABSENT, Waiting.CALLED, Waiting.DELETED),
    Waiting.SERVING: (Waiting.DONE, Waiting.WAITING),
    Waiting.ABSENT: (Waiting.WAITING, Waiting.CALLED, Waiting.DELETED),
    Waiting.DONE: (),
    Waiting.DELETED: ()}
"""What may follow what; 不在 goes back to waiting, and somebody may be called again."""
