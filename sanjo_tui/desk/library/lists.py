"""申請データ一覧 of each business day: written once, covering what no earlier one held, and made again at will.

A list's rows are named in the journal when it is first written (`covers`), so that a past day gives the same bytes
again. What somebody protects since then is left out of it: safety goes before sameness, and the answer says so.
"""

from __future__ import annotations

import codecs
import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.desk.library.basis import Basis
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents import table
from sanjo_tui.documents.library import daily_list
from sanjo_tui.errors import ClaimTaken, PrintError, RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.rows import KINDS, day_of, row_of, uncovered
from sanjo_tui.receptions.library.state import LISTS, DayList
from sanjo_tui.receptions.library.words import SCOPE, Mode
from sanjo_tui.vault.durable import replace_file
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, wareki
from sanjo_tui.workdays import business_days, is_business_day, next_business_day

if TYPE_CHECKING:
    from sanjo_tui.documents.paper import Heading
    from sanjo_tui.journal.view import View

FORM = "library.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One list in its folder. `again`: it had been written before; `changed`: not the same bytes as then."""

    day: dt.date
    list_seq: int
    rows: int
    output_at: str
    files: tuple[Path, ...]
    again: bool = False
    changed: bool = False


def moment() -> dt.datetime:
    """Now, in Japan."""
    return dt.datetime.now(JST)


class Lists(Basis):
    """The lists; see Desk for threads and errors."""

    _whole_upto: dt.date | None = None
    """Before this day every business day has its list."""

    def missing(self, upto: dt.date) -> tuple[dt.date, ...]:
        """Business days up to `upto` whose list was never written, the oldest first."""
        with self.desk.journal.view() as view:
            first = self._whole_upto or self._first_day(view)
            found = tuple(day for day in business_days(first, upto)
                          if view.record_of(LISTS, SCOPE, day.isoformat()) is None) if first else ()
        if first is not None:           # a list never goes: the header need not ask for years of them every minute
            self._whole_upto = found[0] if found else max(first, upto)
        return found

    def late(self, now: dt.datetime) -> tuple[dt.date, ...]:
        """Lists that should be there: of every business day before today, from `list_time` of the day after it."""
        at, setup = now.astimezone(JST), self.setup
        if Mode.HALL not in setup.modes:
            return ()
        found = self.missing(at.date() - dt.timedelta(days=1))
        return tuple(day for day in found
                     if (next_business_day(day).isoformat(), setup.list_time) <= (at.date().isoformat(), f"{at:%H:%M}"))

    def write_lists(self, out: Path, *, day: dt.date | None = None) -> tuple[Written, ...]:
        """Write the list of `day`, and of every business day before it that was missed; without a day: to yesterday.

        Files are made beside, brought to the disk and renamed; a folder that holds them already gets the same bytes.
        Raises NotAllowed, RuleError (no business day, a day to come), PrintError (the folder).
        """
        self.desk.permit(Permission.CLEAR_FILE)
        today = self.desk.today()
        if day is not None and (day > today or not is_business_day(day)):
            raise RuleError(f"{day} は、一覧を作る日ではありません。", "今日か、過ぎた開庁日を指定してください。")
        with self.desk.journal.view() as view:
            first = self._first_day(view)
        if first is None or (day is not None and day < first):
            raise RuleError("その日は、まだ図書館の設定がありませんでした。",
                            "設定を読み込んだ日から後を指定してください。")
        self._check(out)
        last = day or today - dt.timedelta(days=1)
        days = self.missing(last)
        if day is not None and day not in days:
            days = (*days, day)
        if day is None and not days:                    # nothing is missed: the last one stands in the folder again
            with self.desk.journal.view() as view:
                done = sorted(one.day for one in view.records(LISTS, SCOPE))
            days = (dt.date.fromisoformat(done[-1]),) if done else ()
        return tuple(self._written(each, out) for each in days)

    def lists(self) -> tuple[DayList, ...]:
        """Every list that was written, the newest first."""
        self.desk.permit(Permission.LIST)
        with self.desk.journal.view() as view:
            return tuple(sorted(view.records(LISTS, SCOPE), key=lambda one: one.day, reverse=True))

    # --- one day

    def _written(self, day: dt.date, out: Path) -> Written:
        kept = self._record_of(day)
        again = kept is not None
        if kept is None:
            kept = self._first_time(day)
        pdf, sheet, rows = self._bytes(kept)
        changed = (_sha(pdf), _sha(sheet)) != (kept.pdf_sha256, kept.csv_sha256)
        name = f"library-list-{day.isoformat()}"
        files = {f"{name}.pdf": pdf, f"{name}.csv": sheet}
        sums = "".join(f"{_sha(data)}  {file}\n" for file, data in files.items())
        files[f"{name}.sha256"] = sums.encode()             # last: who finds it finds the others whole
        paths = []
        for file, data in files.items():
            path = out / file
            try:
                if not path.exists() or path.read_bytes() != data:
                    replace_file(path, data)
            except OSError as error:
                raise PrintError(f"{path} に書けません。", "共有フォルダーの空き容量と書込権限を確かめてください。",
                                 detail=type(error).__name__) from error
            paths.append(path)
        self.desk.log_act("library.list", {"day": day.isoformat(), "rows": rows, "again": int(again)})
        return Written(day=day, list_seq=kept.list_seq, rows=rows, output_at=kept.output_at, files=tuple(paths),
                       again=again, changed=changed)

    def _first_time(self, day: dt.date) -> DayList:
        """Decide what the list of this day holds and record it; another process that was first is followed."""
        register = self.desk.register
        now = moment()
        draft = DayList(day=day.isoformat(), list_seq=0, output_at=f"{wareki(now.date())} {now:%H:%M}", covers=(),
                        pdf_sha256="", csv_sha256="",
                        register_as_of=wareki(register.info.as_of) if register else "",
                        fictitious=bool(register and register.info.fictitious))

        def decide(view: View) -> Iterator[Event]:
            done = tuple(view.records(LISTS, SCOPE))
            covered = {number for one in done for number in one.covers}
            events = [one for one in view.events(scope=SCOPE, kinds=KINDS)
                      if not view.is_reversed(one.station, one.seq)]
            draft_now = replace(draft, list_seq=max((one.list_seq for one in done), default=0) + 1,
                                covers=tuple(one.number for one in uncovered(events, covered, day)))
            pdf, sheet, _ = self._bytes(draft_now, view)
            yield ev.ListWritten(subject=draft.day, scope=SCOPE, list_seq=draft_now.list_seq,
                                 output_at=draft.output_at, covers=draft_now.covers, pdf_sha256=_sha(pdf),
                                 csv_sha256=_sha(sheet), register_as_of=draft.register_as_of,
                                 fictitious=draft.fictitious)

        with contextlib.suppress(ClaimTaken):       # the timer and a person at the same moment: theirs is the list
            self.desk.journal.record(self.desk.operator, lambda view: tuple(decide(view)))
        kept = self._record_of(day)
        assert kept is not None
        return kept

    def _bytes(self, kept: DayList, view: View | None = None) -> tuple[bytes, bytes, int]:
        """PDF, CSV and how many rows."""
        content = self._content(kept, view)
        sheet = table.csv_text(daily_list.COLUMNS, content.rows)
        return (daily_list.render(content).data, sheet.encode(self.setup.csv_encoding, errors="_geta"),
                len(content.rows))

    def _content(self, kept: DayList, view: View | None = None, heading: Heading | None = None) -> daily_list.DailyList:
        if view is None:
            with self.desk.journal.view() as now:
                return self._content(kept, now, heading)
        protected, how = self.desk.protected(), self.setup.protected_row
        rows = [row for number in kept.covers if (found := _event(view, number)) is not None
                and (row := row_of(found, protected, how)) is not None]
        heading = heading or replace(self.heading(), at=kept.output_at, register_as_of=kept.register_as_of,
                                     fictitious=kept.fictitious)
        return daily_list.DailyList(heading=heading, day=dt.date.fromisoformat(kept.day), list_seq=kept.list_seq,
                                    rows=tuple(rows))

    def list_paper(self, day: str, serial: str = "", reissue: int = 0) -> Paper:
        """A list that was written, for the screen, the printer or a command; logged before it is shown. RuleError."""
        self.desk.permit(Permission.LIST)
        try:
            kept = self._record_of(dt.date.fromisoformat(day))
        except ValueError:
            kept = None
        if kept is None:
            raise RuleError("その日の申請データ一覧は、まだ出ていません。", "library list で作ってください。")
        heading = replace(self.heading(serial=serial, reissue=reissue), at=kept.output_at,
                          register_as_of=kept.register_as_of, fictitious=kept.fictitious)
        content = self._content(kept, heading=heading)
        self.list_made(FORM, len(content.rows))
        return Paper(document=daily_list, content=content, columns=daily_list.COLUMNS, rows=content.rows)

    def _record_of(self, day: dt.date) -> DayList | None:
        with self.desk.journal.view() as view:
            found: DayList | None = view.record_of(LISTS, SCOPE, day.isoformat())
        return found

    def _first_day(self, view: View) -> dt.date | None:
        """The day of the first set-up: from then on every business day has a list."""
        loaded: Recorded | None = next(view.events(scope=SCOPE, kinds=(ev.LibraryLoaded.kind,), limit=1), None)
        return day_of(loaded) if loaded else None

    def _check(self, out: Path) -> None:
        if out.resolve().is_relative_to(self.desk.station.home.resolve()):
            raise PrintError("拠点の中には書き出せません。", "図書館と共有するフォルダーを --out で指定してください。")
        if not out.is_dir():
            raise PrintError(f"{out} というフォルダーはありません。",
                             "図書館と共有するフォルダーを --out で指定してください。")


def _event(view: View, number: str) -> Recorded | None:
    station, _, seq = number.rpartition("-")
    return view.event(station, int(seq))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _geta(error: UnicodeError) -> tuple[str | bytes, int]:
    """〓 for a character that the library's encoding has not."""
    assert isinstance(error, UnicodeEncodeError)
    return "〓" * (error.end - error.start), error.end


def days_text(days: Sequence[dt.date]) -> str:
    """11/24, 11/25 for a line."""
    return "、".join(f"{day.month}/{day.day}" for day in days)


codecs.register_error("_geta", _geta)
