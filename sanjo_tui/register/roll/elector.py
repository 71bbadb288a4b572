"""Electors as the roll delivers them: frozen values, code points untouched. Columns: docs/polling.md §2.

Who may vote in which contest is not delivered: it is derived by rules (receptions/polling/entitlement.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sanjo_tui.register.people import MASKED
from sanjo_tui.wareki import RegisterDate


class RollStatus(StrEnum):
    """登録状態."""

    VALID = "有効"
    MOVED = "転出表示"
    SUSPENDED = "失権"
    STRUCK = "抹消"
    DEAD = "死亡"
    ABROAD = "在外移転"


class MovedScope(StrEnum):
    """転出先区分: how far an elector with 転出表示 went."""

    NOWHERE = ""
    SAME_TOWN = "市内"
    SAME_PREFECTURE = "県内"
    OTHER_PREFECTURE = "県外"
    ABROAD = "国外"


class Absentee(StrEnum):
    """不在者投票 of one contest, as the roll says."""

    NONE = "none"
    ISSUED = "issued"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollMark:
    """What the roll says of one elector in one contest. `early_date`: 期日前投票済 (None: not), at `early_site`."""

    contest: str
    district: str = ""
    early_date: dt.date | None = None
    early_site: str = ""
    absentee: Absentee = Absentee.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Elector:
    """One elector of the roll. `sex_code` 1 男, 2 女, or blank; `roll_no` 名簿番号 (投票区-簿冊-頁-行)."""

    addressee_no: str
    user_id: str = ""
    roll_no: str = ""
    ward_code: str = ""
    ticket_no: str = ""
    name: str
    name_kana: str = ""
    birth: RegisterDate
    sex_code: str = ""
    address_as_delivered: str = ""
    household_no: str = ""
    protected: bool = False
    roll_status: RollStatus = RollStatus.VALID
    moved_on: dt.date | None = None
    moved_scope: MovedScope = MovedScope.NOWHERE
    assist_hint: tuple[str, ...] = ()
    """投票支援: 代理 点字 車椅子 and languages, as delivered."""
    marks: tuple[RollMark, ...] = ()
    enrolled_by: str = ""
    """判決書等 or 補正登録 by which somebody outside the roll votes (T12); "" for those on the roll."""

    @property
    def address(self) -> str:
        """住所; masked for the protected on every screen, and blank on paper by `address_on_paper`."""
        return MASKED if self.protected else self.address_as_delivered

    @property
    def address_on_paper(self) -> str:
        """住所 as it may be printed: blank for the protected, who are told apart by their birth date alone."""
        return "" if self.protected else self.address_as_delivered

    @property
    def birth_label(self) -> str:
        """生年月日 as it is written for people (和暦)."""
        return self.birth.wareki()

    def mark(self, contest: str) -> RollMark | None:
        """The roll's line for one contest."""
        return next((m for m in self.marks if m.contest == contest), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectorHit:
    """One line of a search. `match`: exact, folded (異体字) or vague; `namesakes`: others of the same kana."""

    elector: Elector
    match: str = "exact"
    namesakes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectorsFound:
    """What a search of the roll gave. `readings`: how the text was understood, never the text itself."""

    hits: tuple[ElectorHit, ...] = ()
    readings: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RollInfo:
    """The loaded roll. `roll_base` and `tickets_base` must be the same before a place opens (docs/polling.md §4).

    `sha256`: of the delivered manifest, which holds the hashes of all files; `electors` by sex as `(男, 女, その他)`.
    """

    snapshot_id: str
    as_of: dt.date
    sequence: int
    lg_code: str
    roll_base: str
    tickets_base: str = ""
    tickets: int = 0
    tickets_wrong: int = 0
    """Ticket numbers that mean another elector in the ticket file than in the roll, or nobody."""
    fictitious: bool = False
    loaded_at: str = ""
    sha256: str = ""
    electors: tuple[int, int, int] = (0, 0, 0)
    wards: tuple[str, ...] = ()
    """投票区 whose electors are here."""
    created_at: str = ""
    """When the town extracted the data, ISO 8601, or "": E-STALE counts from it, else from the end of `as_of`."""
    only_wards: tuple[str, ...] = ()
    """投票区 that were asked for when it was loaded; empty: all that came."""
    election: str = ""
    """Id of the election that was current when it was loaded; "" where none was known."""
    contests: tuple[str, ...] = ()
    """Contests of that election: marks of any other would have refused the roll."""
    tickets_id: str = ""
    """Snapshot id of tickets that came in a folder of their own, later than the roll."""
    tickets_sequence: int = 0
    """Sequence of that folder."""
    tickets_sha256: str = ""
    """Of that folder's manifest."""
    highest_sequence: int = 0
    """The greatest sequence of a roll that this station had ever loaded, this one included."""
    previous: str = ""
    """The file that was current before this one."""
    warnings: int = 0
    revision: int = 1
    """The same roll in another file: loaded for other wards, or with tickets that came later."""

    @property
    def file(self) -> str:
        """Name of its file without the ending."""
        return self.snapshot_id if self.revision == 1 else f"{self.snapshot_id}.{self.revision}"
