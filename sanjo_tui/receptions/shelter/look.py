"""What the desk shows of a household that was opened, and the verdict on it (docs/shelter.md §2, S1 to S5).

Pure: the people as the register has them, the presences as the journal has them, and the shelter we stand in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.shelter.events import Seen
from sanjo_tui.receptions.shelter.state import Episode, HouseholdSheet, Presence
from sanjo_tui.receptions.shelter.words import State, Via
from sanjo_tui.register.people import Resident
from sanjo_tui.wareki import JST, Precision, RegisterDate

SEXES = {"1": "男", "2": "女"}
PROTECTED_NOTE = "取扱注意: 画面を見せない、声に出さない"
"""The same words for every kind of protective measure, so that onlookers learn nothing (docs/register.md §3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One member on the screen. `state_label` and `note` are ready to show; `selectable`: a digit may pick them."""

    key: str
    name: str
    sex: str
    age: str
    relationship: str
    seen: Seen
    presence: Presence | None
    state_label: str
    tapped: bool = False
    selectable: bool = True
    note: str = ""

    @property
    def state(self) -> State:
        """在所状態; without a record 未確認."""
        return self.presence.state if self.presence else State.UNCONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A household on the desk. `enter` is what Enter does: "admit", "come_back" or nothing."""

    title: str
    town: str
    household_key: str
    who: str
    members: tuple[Line, ...]
    verdict: Verdict
    enter: str = ""
    via: Via = Via.SEARCH
    assurance: str = ""
    registration_no: str = ""
    sheet: HouseholdSheet | None = None
    protected: bool = False

    def line(self, key: str) -> Line | None:
        """The line of one member."""
        return next((line for line in self.members if line.key == key), None)


def sheet_key(resident: Resident) -> str:
    """The key of the household's sheet. A protected person has one of her own: nothing links her to a household."""
    return f"P{resident.addressee_no}" if resident.protected else resident.household_no


def guarded(presence: Presence, protected: frozenset[str]) -> Presence:
    """The presence as it may be shown now: whom the register has come to protect since is hidden from then on."""
    if presence.person not in protected:
        return presence
    seen, own = replace(presence.seen, protected=True, address="", town="", district_code=""), f"P{presence.person}"
    # The number that she was given with her family would lead to them, and them to her.
    number = presence.registration_no if presence.household == own else ""
    return replace(presence, seen=seen, household=own, registration_no=number)


SUPPORTED = "要支援者"
"""避難行動要支援者, as lists and the desk say it."""


def supported(presence: Presence, words: str) -> Presence:
    """The presence of somebody on the list of 避難行動要支援者; what was asked at the desk stands before it."""
    if not words or words in presence.evac_support:
        return presence
    return replace(presence, evac_support="・".join(part for part in (presence.evac_support, words) if part))


def seen_of(resident: Resident) -> Seen:
    """The resident as the desk sees them now. A protected person's address is never taken into an event."""
    hidden = resident.protected
    # Foreigners' dates are written in 西暦 only (docs/register.md §2).
    born = resident.birth.seireki() if resident.resident_kind == "2" else resident.birth.wareki()
    return Seen(name=resident.name, name_kana=resident.name_kana, birth=resident.birth.raw, birth_label=born,
                birth_sort=resident.birth.sort_key, birth_precision=resident.birth.precision.value,
                sex_code=resident.sex_code,
                address="" if hidden else resident.address, town="" if hidden else resident.town,
                district_code="" if hidden else resident.district_code, relationship=resident.relationship_label,
                nationality=resident.nationality, is_head=resident.is_head, protected=hidden, order=resident.order)


def age_text(seen: Seen, today: dt.date) -> str:
    """Full years, a range, 不詳, or what the person said."""
    if not seen.birth and not seen.birth_sort:
        return seen.age_text
    return RegisterDate(seen.birth, seen.birth_sort, Precision(seen.birth_precision)).age_text(today)


def clock(ms: int) -> str:
    """Wall-clock milliseconds as `14:02`, Japanese time."""
    return dt.datetime.fromtimestamp(ms / 1000, JST).strftime("%H:%M") if ms else ""


def day_and_clock(ms: int) -> str:
    """Wall-clock milliseconds as `11/24 14:02`, Japanese time."""
    return dt.datetime.fromtimestamp(ms / 1000, JST).strftime("%m/%d %H:%M") if ms else ""


def family_name(name: str) -> str:
    """What stands before the full-width blank; the whole name where there is none."""
    return name.replace(" ", "　").split("　")[0]


def clock_state(presence: Presence) -> str:
    """入所中, 一時外出, or how the person stays."""
    return presence.stay.label if presence.state is State.OUTSIDE else presence.state.label


def state_label(presence: Presence | None, here: str) -> str:
    """The state in one or two words; a place that is not ours is named."""
    if presence is None:
        return State.UNCONFIRMED.label
    if presence.state is State.OUTSIDE:
        label = presence.stay.label
    elif presence.state is State.ACCOUNTED and presence.whereabouts:
        label = presence.whereabouts.label
    else:
        label = presence.state.label
    return label if presence.shelter in ("", here) else f"{label}({presence.shelter})"


def line_of(key: str, seen: Seen, presence: Presence | None, here: str, today: dt.date, *, tapped: bool,
            support: str = "") -> Line:
    """One member's line."""
    note = ""
    if presence and presence.counted:
        note = f"{clock(presence.since_ms)}から"
    if presence and presence.with_needs:
        note = f"{note} 要配慮".strip()
    if support:
        note = f"{note.removesuffix('要配慮').strip()} {support}".strip()
    if presence and presence.merged_into:
        note = "統合済み"
    return Line(key=key, name=seen.name or "氏名不明", sex=SEXES.get(seen.sex_code, ""), age=age_text(seen, today),
                relationship=seen.relationship, seen=seen, presence=presence, tapped=tapped, note=note,
                state_label=state_label(presence, here), selectable=not (presence and presence.merged_into))


def waiting(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Those whom Enter admits (S1): the unconfirmed, and whoever stands at the desk and is not inside."""
    return tuple(line for line in lines if line.selectable and (
        line.state is State.UNCONFIRMED
        or (line.tapped and line.state in (State.ACCOUNTED, State.DEPARTED, State.MISTAKEN))))


def elsewhere(line: Line, here: str) -> bool:
    """Recorded at another shelter and not left it (S5): moved only when picked by digit."""
    return bool(line.presence and line.presence.counted and line.presence.shelter != here)


def examine(lines: Sequence[Line], episode: Episode | None, count_now: int, extra: Sequence[str] = ()) -> Look:
    """What the desk should say about this household, most urgent first. Shelters never turn anybody away."""
    protected = any(line.seen.protected for line in lines)
    notes = [*extra, *([PROTECTED_NOTE] if protected else [])]
    here = episode.shelter if episode else ""
    for line in lines:
        if elsewhere(line, here) and line.presence:
            notes.append(f"{line.name}さんは他所({line.presence.shelter})で{line.presence.state.label}。"
                         "ここに移るときは数字で選ぶ")
    head = next((line for line in lines if line.tapped), lines[0] if lines else None)
    look = Look(title=f"{head.name} さん" + ("の世帯" if len(lines) > 1 else "") if head else "",
                town=head.seen.town if head else "", household_key="", who=head.key if head else "",
                members=tuple(lines), verdict=Verdict(Weight.NOTICE, ""), protected=protected)
    if episode is None or not episode.is_open:
        return replace(look, verdict=Verdict(Weight.STOP, "まだ開設していません。Escで戻り、F2で開設します",
                                             notes=tuple(notes), code="S0"))
    ready = waiting(lines)
    if ready:
        if episode.capacity and count_now + len(ready) > episode.capacity:
            notes.insert(0, f"定員{episode.capacity}人を超えます(受け入れは続けます)")
        many = f"{len(ready)}人とも" if len(ready) == len(lines) > 1 else f"{len(ready)}人"
        return replace(look, enter="admit", verdict=Verdict(
            Weight.READY, f"Enter で{many}入所", tuple(line.key for line in ready), tuple(notes), "S2"))
    back = tuple(line for line in lines if line.tapped and line.state is State.ON_LEAVE and not elsewhere(line, here))
    if back:
        others = sum(line.state is State.ON_LEAVE for line in lines) - len(back)
        if others:
            notes.append(f"ほか{others}人が外出中。一緒に帰ったら数字で選ぶ")
        return replace(look, enter="come_back", verdict=Verdict(
            Weight.READY, f"Enter で{back[0].name}さん帰所", tuple(line.key for line in back), tuple(notes), "S6"))
    since = [line.presence.since_ms for line in lines if line.presence and line.presence.counted]
    said = f"({clock(min(since))}から)" if since else ""
    return replace(look, verdict=Verdict(Weight.NOTICE, f"全員確認済みです{said}", (), tuple(notes), "S4"))


def presence_lines(people: Sequence[tuple[str, Seen]], presences: Mapping[str, Presence], who: str, here: str,
                   today: dt.date, support: Mapping[str, str] | None = None) -> tuple[Line, ...]:
    """The lines of a household in the given order; a recorded person is shown as last seen by the register.

    `support`: words for those on the list of 避難行動要支援者, by key.
    """
    words = support or {}
    return tuple(line_of(key, seen, presences.get(key), here, today, tapped=key == who, support=words.get(key, ""))
                 for key, seen in people)
