"""The words of the certificate desk: code in the journal, label on screen and paper (docs/disaster-certificates.md)."""

from __future__ import annotations

from sanjo_tui.receptions.shelter.words import Labelled


class Kind(Labelled):
    """証明種別: 罹災 certifies the damage grade of a 住家, 被災 that damage was reported."""

    GRADE = "grade", "罹災証明書"
    REPORT = "report", "被災届出証明書"


class Grade(Labelled):
    """被害の程度, the worst first."""

    TOTAL = "total", "全壊"
    LARGE = "large", "大規模半壊"
    MEDIUM = "medium", "中規模半壊"
    HALF = "half", "半壊"
    SEMI = "semi", "準半壊"
    PARTIAL = "partial", "準半壊に至らない"

    @property
    def on_paper(self) -> str:
        """As the certificate prints it."""
        return "準半壊に至らない（一部損壊）" if self is Grade.PARTIAL else self.label


class Method(Labelled):
    """判定方式."""

    SURVEY = "survey", "調査"
    SELF = "self", "自己判定"


class SelfRule(Labelled):
    """自己判定方式: when photographs are enough."""

    QUAKE = "a", "ア 地震で明らかに全壊"
    FLOOD = "b", "イ 浸水の深さが写真で分かる"
    MINOR = "c", "ウ 準半壊に至らない(一部損壊)に同意"


class State(Labelled):
    """Where an application stands."""

    CONSULTED = "consulted", "相談"
    APPLIED = "applied", "申請受付"
    SELF_REVIEW = "self_review", "自己判定審査"
    WAITING = "waiting", "調査待"
    SURVEYED = "surveyed", "調査済"
    DECIDED = "decided", "判定確定"
    PREPARED = "prepared", "交付準備"
    HANDED = "handed", "交付済"
    REFUSED = "refused", "不交付"
    WITHDRAWN = "withdrawn", "取下"
    RESURVEY = "resurvey", "再調査申請"
    REDECIDED = "redecided", "再判定"


class Act(Labelled):
    """What can be done with an application."""

    APPLY = "apply", "申請受付"
    REBIND = "rebind", "家屋の結付け"
    CONFIRM = "confirm", "結付けの確認"
    EXPECT = "expect", "予定日"
    SELF_ACCEPT = "self_accept", "自己判定の承認"
    SELF_REJECT = "self_reject", "自己判定をやめて調査"
    SURVEY = "survey", "調査済の取込"
    DECIDE = "decide", "判定の取込"
    ISSUE = "issue", "証明書の発行"
    VOID = "void", "書損"
    HAND_OVER = "hand_over", "交付"
    REISSUE = "reissue", "再交付"
    SAME_AGAIN = "same_again", "再発行(同内容)"
    ASK_RESURVEY = "ask_resurvey", "再調査の申請"
    DROP_RESURVEY = "drop_resurvey", "再調査の取下"
    WITHDRAW = "withdraw", "取下"
    REFUSE = "refuse", "不交付"


class Standing(Labelled):
    """What a certificate number stands for now."""

    VALID = "valid", "有効"
    VOID = "void", "書損"
    SUPERSEDED = "superseded", "失効"


class Tenure(Labelled):
    """居住関係."""

    OWNED = "owned", "持家"
    RENTED = "rented", "借家"
    OTHER = "other", "その他"


class Applicant(Labelled):
    """申請者と世帯主との関係."""

    HEAD = "head", "世帯主"
    MEMBER = "member", "世帯員"
    AGENT = "agent", "代理人"
