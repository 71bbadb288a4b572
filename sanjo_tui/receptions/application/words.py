"""The words of カード申請代行 as they are recorded; `label` is what screen and paper say."""

from __future__ import annotations

from enum import StrEnum

SCOPE = "application"
"""Scope of all events of this reception."""


class State(StrEnum):
    """Where an application stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    PHOTOGRAPHED = "photographed"
    FORM_READY = "form_ready"
    SIGNED = "signed"
    SENT = "sent"
    RETURNED = "returned"
    NOTIFIED = "notified"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {State.BOOKED: "予約", State.ARRIVED: "来庁", State.PHOTOGRAPHED: "写真済",
                State.FORM_READY: "申請書作成", State.SIGNED: "署名済", State.SENT: "送付済",
                State.RETURNED: "不備返却", State.NOTIFIED: "通知済", State.DELIVERED: "交付済",
                State.CANCELLED: "取りやめ", State.NO_SHOW: "来庁なし"}[self]


class Act(StrEnum):
    """What may be done with an application."""

    ARRIVE = "arrive"
    MOVE = "move"
    PHOTOGRAPH = "photograph"
    FILL = "fill"
    SIGN = "sign"
    SEND = "send"
    RETURN = "return"
    NOTIFY = "notify"
    DELIVER = "deliver"
    CANCEL = "cancel"
    MISS = "miss"

    @property
    def label(self) -> str:
        """As a refusal names it."""
        return {Act.ARRIVE: "来庁の受付", Act.MOVE: "予約の変更", Act.PHOTOGRAPH: "写真の取込み",
                Act.FILL: "申請書の作成", Act.SIGN: "署名の確認", Act.SEND: "送付", Act.RETURN: "不備の返却",
                Act.NOTIFY: "通知の発送", Act.DELIVER: "交付", Act.CANCEL: "取りやめ", Act.MISS: "来庁なしの記録"}[self]


class Channel(StrEnum):
    """How a booking came."""

    PHONE = "phone"
    WEB = "web"
    COUNTER = "counter"
    WALK_IN = "walk_in"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Channel.PHONE: "電話", Channel.WEB: "ウェブ", Channel.COUNTER: "窓口",
                Channel.WALK_IN: "予約なし"}[self]


class Method(StrEnum):
    """交付時来庁: applied for, received at the hall. 申請時来庁: identified at application, the card comes by post."""

    ON_RECEIPT = "on_receipt"
    ON_APPLICATION = "on_application"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Method.ON_RECEIPT: "交付時来庁(窓口で受取)", Method.ON_APPLICATION: "申請時来庁(郵便で受取)"}[self]


class PlaceKind(StrEnum):
    """A counter with opening hours on weekdays, or an event on its days."""

    COUNTER = "counter"
    EVENT = "event"


class Ward(StrEnum):
    """Why somebody else applies."""

    NONE = "none"
    UNDER_AGE = "under_age"
    ADULT_WARD = "adult_ward"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Ward.NONE: "本人", Ward.UNDER_AGE: "15歳未満", Ward.ADULT_WARD: "成年被後見人"}[self]


class Point(StrEnum):
    """What a person makes sure of on a photo; no program judges a face."""

    FRONT = "front"
    NO_HAT = "no_hat"
    BACKGROUND = "background"
    SHADOW = "shadow"
    RECENT = "recent"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Point.FRONT: "正面を向いている", Point.NO_HAT: "帽子がない", Point.BACKGROUND: "背景が無地",
                Point.SHADOW: "影・ぼけがない", Point.RECENT: "撮影の時期"}[self]


class Identity(StrEnum):
    """本人確認書類 at application (申請時来庁)."""

    ONE_PHOTO = "one_photo"
    TWO = "two"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Identity.ONE_PHOTO: "顔写真付き1点", Identity.TWO: "書類2点"}[self]


class Defect(StrEnum):
    """Why an application came back."""

    PHOTO = "photo"
    FORM = "form"
    SIGNATURE = "signature"
    OTHER = "other"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Defect.PHOTO: "写真の不備", Defect.FORM: "申請書の不備", Defect.SIGNATURE: "署名がない",
                Defect.OTHER: "そのほか"}[self]
