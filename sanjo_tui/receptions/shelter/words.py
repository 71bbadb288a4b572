"""The words of a shelter desk: code in the journal, label on screen and paper.

Sources of the sets: docs/shelter.md §1 (岐阜県 避難者カード, 福山市 登録票, 消防庁 安否情報 様式第1号) and §3.
"""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """A code with the Japanese label that screens and paper show."""

    label: str

    def __new__(cls, value: str, label: str) -> Labelled:
        """Members are written as `NAME = code, label`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class State(Labelled):
    """在所状態, per person and episode. 死亡 and 行方不明 belong to headquarters and are never set at the desk."""

    UNCONFIRMED = "unconfirmed", "未確認"
    ACCOUNTED = "accounted", "安否確認"
    INSIDE = "inside", "入所中"
    OUTSIDE = "outside", "所外滞在"
    ON_LEAVE = "on_leave", "一時外出"
    DEPARTED = "departed", "退所"
    MOVING = "moving", "転所移動中"
    MISTAKEN = "mistaken", "誤登録"


class Stay(Labelled):
    """滞在方法: where the person sleeps; all of them are counted and fed."""

    SHELTER = "shelter", "避難所"
    HOME = "home", "在宅"
    CAR = "car", "車中"
    TENT = "tent", "テント"
    OTHER = "other", "その他"


class Whereabouts(Labelled):
    """残員の消息: what the family says of a member who is not here (S3). 不明 leaves the member 未確認."""

    LATER = "later", "後から来る"
    OTHER_SHELTER = "other_shelter", "別の避難所"
    SAFE_ELSEWHERE = "safe_elsewhere", "市外などで無事"
    UNKNOWN = "unknown", "不明"


class Exit(Labelled):
    """退所先."""

    HOME = "home", "自宅"
    RELATIVES = "relatives", "親族など"
    OTHER_SHELTER = "other_shelter", "他の避難所"
    WELFARE_SHELTER = "welfare_shelter", "福祉避難所"
    HOSPITAL = "hospital", "病院"
    TEMPORARY_HOUSING = "temporary_housing", "仮設住宅"
    OTHER_PREFECTURE = "other_prefecture", "県外"
    UNKNOWN = "unknown", "不明"


class Need(Labelled):
    """要配慮の内容."""

    PREGNANT = "pregnant", "妊産婦"
    INFANT = "infant", "乳児"
    CARE = "care", "要介護"
    PHYSICAL = "physical", "身体障害"
    VISUAL = "visual", "視覚障害"
    HEARING = "hearing", "聴覚障害"
    MENTAL = "mental", "精神・知的・発達障害"
    ALLERGY = "allergy", "アレルギー"
    MEDICATION = "medication", "服薬"
    OTHER = "other", "その他"


class Category(Labelled):
    """種別."""

    RESIDENT = "resident", "住民"
    OUTSIDER = "outsider", "市外"
    STRANDED = "stranded", "帰宅困難者"
    FOREIGNER = "foreigner", "外国人"
    STAFF = "staff", "職員"


class Via(Labelled):
    """How the person was found: kept with every admission."""

    CARD = "card", "カード"
    SEARCH = "search", "検索"
    TOKEN = "token", "配布カード"
    PAPER = "paper", "紙の受付票"
    PROVISIONAL = "provisional", "仮登録"
