"""Words of 子育て支援カード: roles, states and which follows which, the age rule's two forms."""

from __future__ import annotations

from enum import StrEnum

SCOPE = "childcare"


class Until(StrEnum):
    """Until when a child counts (docs/childcare.md §2)."""

    FISCAL = "fiscal"
    BIRTHDAY = "birthday"

    @property
    def label(self) -> str:
        """As the paper says it; `{age}` is the rule's age."""
        return {Until.FISCAL: "{age}歳になった日から最初の3月31日まで",
                Until.BIRTHDAY: "{age}歳の誕生日の前日まで"}[self]


class Role(StrEnum):
    """What the holder is to the children."""

    GUARDIAN = "guardian"
    GRANDPARENT = "grandparent"
    CHILD = "child"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Role.GUARDIAN: "保護者", Role.GRANDPARENT: "祖父母", Role.CHILD: "子ども"}[self]


class Place(StrEnum):
    """Where a holder lives, seen from the children's household."""

    HOUSEHOLD = "household"
    PREMISES = "premises"
    ELSEWHERE = "elsewhere"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Place.HOUSEHOLD: "同じ世帯", Place.PREMISES: "同じ敷地の別世帯", Place.ELSEWHERE: "別の場所"}[self]


class Status(StrEnum):
    """Where a card stands."""

    APPLIED = "applied"
    PHOTOGRAPHED = "photographed"
    PRINTED = "printed"
    HANDED = "handed"
    LOST = "lost"
    REISSUED = "reissued"
    RETURNED = "returned"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Status.APPLIED: "申請", Status.PHOTOGRAPHED: "写真あり", Status.PRINTED: "カード作成済",
                Status.HANDED: "交付済", Status.LOST: "紛失", Status.REISSUED: "再発行済(旧番号)",
                Status.RETURNED: "返却", Status.EXPIRED: "期限切れ"}[self]


FOLLOWING: dict[Status, frozenset[Status]] = {
    Status.APPLIED: frozenset({Status.PHOTOGRAPHED, Status.RETURNED, Status.EXPIRED}),
    Status.PHOTOGRAPHED: frozenset({Status.PHOTOGRAPHED, Status.PRINTED, Status.RETURNED, Status.EXPIRED}),
    Status.PRINTED: frozenset({Status.PHOTOGRAPHED, Status.PRINTED, Status.HANDED, Status.RETURNED, Status.EXPIRED}),
    Status.HANDED: frozenset({Status.PHOTOGRAPHED, Status.LOST, Status.RETURNED, Status.EXPIRED}),
    Status.LOST: frozenset({Status.REISSUED, Status.RETURNED, Status.EXPIRED}),
    Status.REISSUED: frozenset(), Status.RETURNED: frozenset(), Status.EXPIRED: frozenset()}
"""The transition table. HANDED to PHOTOGRAPHED: a renewal that needs a new card of the same number."""

ENDED = frozenset({Status.REISSUED, Status.RETURNED, Status.EXPIRED})
"""Nothing follows: the number is void for good."""
