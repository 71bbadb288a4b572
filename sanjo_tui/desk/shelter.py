"""ShelterDesk: the shelter's acts through the one door. Rules are in receptions/shelter, papers in desk/papers.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk import numbers, sight, undoing
from sanjo_tui.desk.questions import VERBS, Questions
from sanjo_tui.desk.rendering import need_of
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.printing.jobs import JobState, PrintDue, due
from sanjo_tui.receptions.shelter import counts, rules
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.look import Line, Look, examine, family_name, presence_lines, seen_of
from sanjo_tui.receptions.shelter.state import HOUSEHOLDS, PEOPLE, Episode
from sanjo_tui.receptions.shelter.words import Exit, State, Stay, Via, Whereabouts
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    import datetime as dt

    from sanjo_tui.desk.heading import Heading
    from sanjo_tui.desk.opened import Opened
    from sanjo_tui.desk.paper import Paper
    from sanjo_tui.journal.view import View


UNSENT = (JobState.WAITING, JobState.HELD)
"""A document in one of these states has not left for the printer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was recorded, durably: only now may the screen say so. `remaining`: names still unconfirmed."""

    message: str
    detail: str = ""
    registration_no: str = ""
    recorded: tuple[Recorded, ...] = ()
    remaining: tuple[str, ...] = ()
    note: str = ""
    job: str = ""


class ShelterDesk(Questions):
    """The shelter reception of a desk; see Desk for threads and errors."""

    # --- the household on the desk

    def look(self, opened: Opened) -> Look:
        """What the desk shows of those who were opened, with the verdict; towns alone to who may see no address."""
        self.desk.permit(Permission.TAP)
        who = self.desk.who
        with self.desk.journal.view() as view:
            scope, episode = self._current(view)
            presences = self._people(view, scope)
            sheet = view.record_of(HOUSEHOLDS, scope, opened.household_key)
        presences = {key: sight.presence(who, p) for key, p in presences.items()}
        people = [(m.addressee_no, sight.seen(who, seen_of(m)))
                  for m in opened.household.members] if opened.household else []
        known = {key for key, _ in people}
        people += [(p.person, p.seen) for p in presences.values()
                   if p.household == opened.household_key and p.person not in known
                   and not p.merged_into and (not p.seen.protected or p.person == opened.who)]
        lines = presence_lines(people, presences, opened.who, self.here, self.desk.today(), self.support_words())
        now = counts.count(tuple(presences.values()), self.here, 0)
        look = examine(lines, episode, now.inside + now.on_leave, opened.notes)
        number = next((p.registration_no for key, _ in people if (p := presences.get(key)) and p.registration_no
                       and p.shelter == self.here), "")
        return replace(look, household_key=opened.household_key, who=opened.who, registration_no=number, sheet=sheet,
                       via=opened.via, assurance=opened.assurance)

    def _fresh(self, view: View, scope: str, look: Look, chosen: Sequence[str]) -> list[Line]:
        """The chosen members with their presence as it is inside this transaction."""
        lines = [line for line in look.members if line.key in chosen]
        if not lines:
            raise RuleError("だれも選ばれていません。", "数字で人を選んでください。")
        return [replace(line, seen=self._seen(line), presence=view.record_of(PEOPLE, scope, line.key))
                for line in lines]

    def _seen(self, line: Line) -> ev.Seen:
        """The member as an event keeps them: whole, also where whoever is at the desk sees the town alone."""
        register = self.desk.register
        if sight.whole(self.desk.who) or register is None:
            return line.seen
        resident = register.resident(line.key)
        return seen_of(resident) if resident else line.seen

    # --- receptions

    def admit(self, look: Look, chosen: Sequence[str], stay: Stay = Stay.SHELTER, place: str = "",
              paper_number: str = "", paper_at: str = "") -> Receipt:
        """入所 of the chosen members (S2, S5, S8); a number from a blank form may be given."""
        self.desk.permit(Permission.RECEIVE)

        def decide(view: View, scope: str, episode: Episode) -> Iterable[Event]:
            lines = self._fresh(view, scope, look, chosen)
            family = [p for line in look.members if (p := view.record_of(PEOPLE, scope, line.key))]
            number = (numbers.from_paper(view, self.desk.station.code, paper_number) if paper_number else
                      numbers.of_household(view, self.desk.station.code, family, episode.shelter,
                                           look.household_key))
            admitted = tuple(rules.admit(
                scope, lines, episode, number, household=look.household_key, stay=stay, place=place, paper_at=paper_at,
                via=Via.PAPER if paper_number else look.via, assurance=look.assurance))
            if any(isinstance(event, ev.Admitted) for event in admitted):
                yield from rules.issue(scope, episode, number)
            yield from admitted

        return self._receipt(self._record(decide), look, chosen)

    def account(self, look: Look, chosen: Sequence[str], whereabouts: Whereabouts, place: str = "") -> Receipt:
        """What the family says of those who are not here (S3)."""
        return self._act(look, chosen, lambda scope, lines, episode: rules.account(
            scope, lines, episode, look.household_key, whereabouts, place))

    def go_out(self, look: Look, chosen: Sequence[str], destination: str = "", until: str = "") -> Receipt:
        """一時外出 (S6)."""
        return self._act(look, chosen, lambda scope, lines, episode: rules.go_out(
            scope, lines, episode, destination, until))

    def come_back(self, look: Look, chosen: Sequence[str]) -> Receipt:
        """帰所 (S6)."""
        return self._act(look, chosen, rules.come_back)

    def change_stay(self, look: Look, chosen: Sequence[str], stay: Stay, place: str = "") -> Receipt:
        """滞在方法 (S8)."""
        return self._act(look, chosen, lambda scope, lines, episode: rules.change_stay(
            scope, lines, episode, stay, place))

    def depart(self, look: Look, chosen: Sequence[str], exit_to: Exit = Exit.UNKNOWN, address: str = "",
               phone: str = "") -> Receipt:
        """退所 (S7)."""
        return self._act(look, chosen, lambda scope, lines, episode: rules.depart(
            scope, lines, episode, exit_to, address, phone))

    def _act(self, look: Look, chosen: Sequence[str],
             rule: Callable[[str, list[Line], Episode], Iterable[Event]]) -> Receipt:
        self.desk.permit(Permission.RECEIVE)

        def decide(view: View, scope: str, episode: Episode) -> Iterable[Event]:
            return rule(scope, self._fresh(view, scope, look, chosen), episode)

        return self._receipt(self._record(decide), look, chosen)

    def supplement(self, key: str, noted: dict[str, Any]) -> Receipt:
        """補記 of one person: the fields of `Supplemented` that were asked."""
        self.desk.permit(Permission.RECEIVE)

        def decide(view: View, scope: str, _: Episode) -> Iterable[Event]:
            if view.record_of(PEOPLE, scope, key) is None:
                raise RuleError("まだ受付していない人です。", "先に受付してください。")
            yield ev.Supplemented(subject=key, scope=scope, **noted)

        return Receipt(message="受付しました", detail="補記", recorded=self._record(decide))

    def note_household(self, look: Look, noted: dict[str, Any]) -> Receipt:
        """聞き取り of the household: the fields of `HouseholdNoted` that were asked."""
        self.desk.permit(Permission.RECEIVE)
        return Receipt(message="受付しました", detail="世帯の聞き取り", recorded=self._record(
            lambda _, scope, __: (ev.HouseholdNoted(subject=look.household_key, scope=scope, **noted),)))

    def admit_unknown(self, form: rules.UnknownPerson, paper_number: str = "", paper_at: str = "") -> Receipt:
        """仮登録 (S9): the record and, in the same transaction, the tag that is due from the printer."""
        self.desk.permit(Permission.RECEIVE)
        code = self.desk.station.code

        def decide(view: View, scope: str, episode: Episode) -> Iterable[Event]:
            number = (numbers.from_paper(view, code, paper_number) if paper_number else
                      rules.Number(text=numbers.following(view, code)[0], new=True))
            family = form.household
            if family:
                earlier = view.record_of(PEOPLE, scope, family)
                if earlier is None:
                    raise RuleError(f"{family} の記録がありません。", "家族の受付票の番号を確かめてください。")
                family = earlier.household
            yield from rules.issue(scope, episode, number)
            yield rules.admit_unknown(scope, replace(form, household=family), episode, number, paper_at=paper_at)
            if not paper_number:
                yield due(view, code, "tag", {"scope": scope, "registration_no": number.text})

        recorded = self._record(decide)
        number = next(r.event.subject for r in recorded if isinstance(r.event, ev.Admitted))
        job = next((r.event.subject for r in recorded if isinstance(r.event, PrintDue)), "")
        if job:
            self.desk.printing.wake()
        return Receipt(message="受付しました", detail=f"仮登録 {number}", registration_no=number, recorded=recorded,
                       job=job)

    def merge(self, provisional: str, resident: str, approval: str) -> Receipt:
        """名寄せ (S10) of a provisional record with a resident of the register."""
        self.desk.permit(Permission.RECEIVE)
        opened, register = self.desk.open_resident(resident), self.desk.register
        member = register.resident(resident) if register else None
        assert member is not None

        def decide(view: View, scope: str, _: Episode) -> Iterable[Event]:
            return rules.merge(scope, view.record_of(PEOPLE, scope, provisional), seen_of(member), resident,
                               view.record_of(PEOPLE, scope, resident), opened.household_key, approval,
                               self.desk.operator)

        return Receipt(message="受付しました", detail=f"統合 {provisional}(承認待ち)", recorded=self._record(decide))

    def _receipt(self, recorded: tuple[Recorded, ...], look: Look, chosen: Sequence[str]) -> Receipt:
        """What to say after the commit: how many, who is still missing, and whether it gets full."""
        with self.desk.journal.view() as view:
            scope, episode = self._current(view)
            presences = self._people(view, scope)
        recorded = tuple(r for r in recorded if r.event.kind in VERBS)
        touched = {r.event.subject for r in recorded}
        lines = [line for line in look.members if line.key in touched]
        verbs = dict.fromkeys(VERBS[r.event.kind] for r in recorded)
        remaining = tuple(line.name for line in look.members if line.key not in chosen and (
            (p := presences.get(line.key)) is None or p.state is State.UNCONFIRMED))
        now = counts.count(tuple(presences.values()), self.here, episode.capacity if episode else 0)
        note = ""
        if now.full and any(isinstance(r.event, ev.Admitted) for r in recorded):
            near = "、".join(self.desk.station.neighbours)
            note = f"定員{now.capacity}人に達しています(今{now.inside + now.on_leave}人)"
            note += f" 近く: {near}" if near else ""
        number = next((p.registration_no for line in lines if (p := presences.get(line.key))), look.registration_no)
        said = f"{family_name(lines[0].name)} {len(lines)}人{'・'.join(verbs)}" if lines else ""
        return Receipt(message="受付しました" if recorded else "変わりはありません",
                       detail=said or "もう記録されています", registration_no=number, recorded=recorded,
                       remaining=remaining, note=note)

    def undo(self, number: str, reason: str) -> Receipt:
        """取消 (S11): everything that the reception with this number recorded.

        Own receptions within ten minutes, or any, by permission. Raises NotAllowed, RuleError.
        """
        self.desk.permit(Permission.UNDO_OWN)
        codes = self.desk.journal.codes()

        def decide(view: View, scope: str, _: Episode) -> Iterable[Event]:
            group = next((g for g in self._groups(view, scope, limit=500) if any(r.number == number for r in g)), None)
            if group is None:
                raise RuleError("その記録は見つかりません。", "F9 の一覧から選んでください。")
            undoing.may_take_back(self.desk, group[0].operator, group[0].at_ms)
            last = {r.event.subject: (p.last_station, p.last_seq) for r in group
                    if (p := view.record_of(PEOPLE, scope, r.event.subject))}
            return rules.undo(group, last, codes, reason)

        recorded = self._record(decide)
        taken_back = {r.event.subject for r in recorded}
        for job in self.desk.printing.pending():
            if job.form == "tag" and job.parameters.get("registration_no") in taken_back and job.state in UNSENT:
                self.desk.printing.cancel(job.number, "reception undone")
        return Receipt(message="取り消しました", detail=f"{len(taken_back)}人", recorded=recorded)

    def reserve_numbers(self, how_many: int) -> tuple[str, ...]:
        """Numbers for blank forms, held from now on."""
        self.desk.permit(Permission.FORM)

        def decide(view: View, scope: str, episode: Episode) -> Iterable[Event]:
            yield ev.NumbersIssued(subject=episode.shelter, scope=scope, on_blanks=True,
                                   numbers=numbers.following(view, self.desk.station.code, how_many))

        recorded = self._record(decide)
        return tuple(getattr(recorded[0].event, "numbers", ()))

    # --- what the desk asks of every reception

    def heading_of(self, today: dt.date) -> Heading | None:
        """A shelter stands on the register."""
        return None

    def notices(self) -> tuple[str, ...]:
        """Nothing of its own for the header."""
        return ()

    def close(self) -> None:
        """It has nothing open."""

    # --- papers

    def needs(self, form: str) -> Permission:
        """What one must be allowed to see or print a form."""
        from sanjo_tui.desk.papers import NEEDS

        return need_of(NEEDS, form)

    def made(self, form: str, **parameters: Any) -> Paper:
        """The form of a print job: what it needed was recorded when it became due."""
        from sanjo_tui.desk.papers import make

        return make(self, form, **parameters)

    def form_name(self, form: str) -> str:
        """What a form is called."""
        from sanjo_tui.desk.papers import FORM_NAMES

        return FORM_NAMES.get(form, form)

    def paper(self, form: str, **parameters: Any) -> Paper:
        """The form, filled in now. A report and blank forms are recorded first: they carry numbers."""
        from sanjo_tui.desk.papers import make

        parameters = self._numbered(form, parameters)
        return make(self, form, **parameters)

    def print(self, form: str, **parameters: Any) -> str:
        """Record that the form is due; the worker makes and prints it. Gives the number of the job."""
        parameters = self._numbered(form, parameters)
        code = self.desk.station.code
        recorded = self.desk.journal.record(self.desk.operator, lambda view: (due(view, code, form, parameters),),
                                            reserve=form == "roster")
        self.desk.printing.wake()
        return recorded[0].event.subject

    def _numbered(self, form: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """What must be recorded before it stands on paper: the report's figures, the numbers of blank forms."""
        from sanjo_tui.desk.papers import NEEDS

        self.desk.permit(NEEDS.get(form, Permission.LIST))
        self.refuse_before_opening()
        self.desk.refuse_my_number(str(parameters.get("handed_to", "")), *map(str, parameters.get("items", ())))
        if form == "report" and not parameters.get("number"):
            return {"number": self.report()}
        if form == "blanks" and not parameters.get("numbers"):
            how_many = int(parameters.get("count", 10))
            kept = {name: value for name, value in parameters.items() if name != "count"}
            return {**kept, "numbers": list(self.reserve_numbers(how_many))}
        return parameters

    def report(self) -> int:
        """Record the figures as they are now; gives the number of the report (第n報)."""
        self.desk.permit(Permission.EPISODE)
        figures, scope = self.figures(), self.scope
        self.desk.journal.record(self.desk.operator, lambda _: (
            ev.ShelterReported(subject=self.here, scope=scope, figures=figures),), reserve=True)
        with self.desk.journal.view() as view:
            return sum(r.event.subject == self.here
                       for r in view.events(scope=scope, kinds=(ev.ShelterReported.kind,)))
