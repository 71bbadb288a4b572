"""Operators, their roles, and what each role may do: the one table that screens and commands obey.

Roles of a screen are no cryptography: what nobody at a station may read must not be delivered to it (SECURITY.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at a station. The value stands in files, `label` on the screen."""

    VOLUNTEER = "volunteer"
    CLERK = "clerk"
    MANAGER = "manager"
    IT = "it"
    TERMINAL = "terminal"

    @property
    def label(self) -> str:
        """As the screen says it."""
        return {Role.VOLUNTEER: "協力者", Role.CLERK: "職員", Role.MANAGER: "責任者", Role.IT: "情報担当",
                Role.TERMINAL: "打刻端末"}[self]


class Permission(StrEnum):
    """One kind of act. The value is what the journal and the matrix of the tests call it."""

    TAP = "tap"
    """Open the household of a card, or a voter by card or ticket."""
    RECEIVE = "receive"
    """Record receptions and what belongs to them (入所, 退所, 外出, 補記, 受付確定, 引換)."""
    SEARCH_TWO = "search_two"
    """Search by two features: a name with a birth date or a town; or an exact number."""
    SEARCH_FREE = "search_free"
    """Search by anything, with a reason."""
    ADDRESS = "address"
    """See addresses (of people who are not protected)."""
    UNDO_OWN = "undo_own"
    """Take back what one recorded oneself within ten minutes."""
    UNDO_ANY = "undo_any"
    """Take back anything of this station."""
    FORM = "form"
    """Print what belongs to one reception: tag, card, 宣誓書, 交付票."""
    LIST = "list"
    """See and print lists with names."""
    ANSWER = "answer"
    """安否照会: answer somebody who asks."""
    EPISODE = "episode"
    """開設, 閉鎖, 開所, 閉所, 封緘, counts of paper, reports."""
    UNMASK = "unmask"
    """See a protected address for one minute, with a reason and a second operator."""
    RELEASE = "release"
    """Lift a stop of 支援措置 or 抑止 for one reception (支援措置責任者)."""
    CLEAR_FILE = "clear_file"
    """Write documents with names into readable files."""
    EXPORT = "export"
    """Write the journal out, archive, merge."""
    DATA = "data"
    """Load registers, rolls, elections."""
    ROLLBACK = "rollback"
    """Go back to an older register among those that are kept."""
    KEYS = "keys"
    """Operators, key slots, public keys."""
    AUDIT = "audit"
    """Ask who looked at whom."""
    PUNCH = "punch"
    """打刻 at the staff entrance: sees no resident."""
    PERSONNEL = "personnel"
    """人事: corrections, monthly reports, closing of a month."""
    JOURNAL = "journal"
    """Verify, list, rebuild, back up, restore."""


_VOLUNTEER = frozenset({Permission.TAP, Permission.RECEIVE, Permission.SEARCH_TWO, Permission.FORM})
_CLERK = _VOLUNTEER | {Permission.SEARCH_FREE, Permission.ADDRESS, Permission.UNDO_OWN, Permission.LIST,
                       Permission.ANSWER, Permission.PUNCH}
_MANAGER = _CLERK | {Permission.UNDO_ANY, Permission.EPISODE, Permission.UNMASK, Permission.RELEASE,
                     Permission.PERSONNEL, Permission.CLEAR_FILE, Permission.EXPORT, Permission.ROLLBACK,
                     Permission.AUDIT, Permission.JOURNAL}

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.VOLUNTEER: _VOLUNTEER, Role.CLERK: _CLERK, Role.MANAGER: _MANAGER,
    Role.IT: frozenset({Permission.DATA, Permission.KEYS, Permission.JOURNAL}),
    Role.TERMINAL: frozenset({Permission.PUNCH}),
}
"""Who may do what. IT sets the station up and sees no resident; a terminal on the wall knows staff alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody who works here. `id` stands in every event; `card` is the keyed hash of a card for the quick change.

    `pin_hash`: Argon2id in text form, of the short PIN for the quick change within an unlocked station; it stands
    sealed in the vault and is no way to unlock it.
    """

    id: str
    name: str
    role: Role
    pin_hash: str = ""
    card: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """At whose hands the desk is. `role` None: no operators were registered here, everybody may do everything."""

    id: str
    name: str = ""
    role: Role | None = None
    more: frozenset[Permission] = frozenset()
    """What this person may do beyond the role: whoever opened with the sealed recovery phrase mends the keys too."""

    def may(self, permission: Permission) -> bool:
        """Whether the table allows it."""
        return self.role is None or permission in ALLOWED[self.role] or permission in self.more

    @property
    def label(self) -> str:
        """For the header: `佐藤(職員)`, or the id."""
        return f"{self.name}({self.role.label})" if self.role else self.id

