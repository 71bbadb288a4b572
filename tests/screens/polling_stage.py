"""A polling place on a stage: the real desk, journal and election; electors in memory, cards and tickets played."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from sanjo_tui.receptions.polling import setup
from sanjo_tui.register.roll import elections
from sanjo_tui.register.roll.elector import (
    Absentee,
    Elector,
    ElectorHit,
    ElectorsFound,
    MovedScope,
    RollInfo,
    RollMark,
    RollStatus,
)
from sanjo_tui.text import is_kana, kana_keys
from sanjo_tui.wareki import parse, typed
from tests.screens.stage import NOW, Stage

EARLY, DAY, OTHER = "E1", "D1", "D2"
CONTESTS = ("sho", "hirei", "shinsa", "chiji", "shigi")


def elector(number: int, name: str, kana: str, birth: str = "19740305", **more: Any) -> Elector:
    values: dict[str, Any] = {"user_id": f"30000000000{number:02}", "roll_no": f"1-01-003-{number:02}",
                              "ward_code": "W1", "ticket_no": f"T{number:07}", "sex_code": "1" if number % 2 else "2",
                              "address_as_delivered": f"旭町{number}番地"}
    return Elector(addressee_no=f"9{number:05}", name=name, name_kana=kana, birth=parse(birth), **{**values, **more})


def voted(*contests: str, day: dt.date = dt.date(2026, 11, 20), site: str = "E2") -> tuple[RollMark, ...]:
    return tuple(RollMark(contest=code, early_date=day, early_site=site) for code in contests)


ELECTORS = (
    elector(1, "佐藤　太郎", "サトウ　タロウ", assist_hint=("車椅子",)),
    elector(2, "高橋　花子", "タカハシ　ハナコ", marks=voted(*CONTESTS)),
    elector(3, "田中　一郎", "タナカ　イチロウ", marks=voted("sho", "hirei", "chiji")),
    elector(4, "鈴木　久", "スズキ　ヒサシ", roll_status=RollStatus.DEAD),
    elector(5, "山本　健", "ヤマモト　ケン", "19500101"),
    elector(6, "山本　健", "ヤマモト　ケン", "19880808", user_id="", address_as_delivered="緑町6番地"),
    elector(7, "渡辺　移", "ワタナベ　ウツル", roll_status=RollStatus.MOVED, moved_on=dt.date(2026, 10, 1),
            moved_scope=MovedScope.SAME_PREFECTURE),
    elector(8, "隠田　守子", "オンダ　モリコ", protected=True),
    elector(9, "若井　十七", "ワカイ　トナ", "20081128"),
    elector(10, "不在　投子", "フザイ　トウコ",
            marks=tuple(RollMark(contest=code, absentee=Absentee.ISSUED) for code in CONTESTS)),
    elector(11, "遠井　区外", "トオイ　クガイ", ward_code="W2"),
    elector(12, "葛\U000e0100城　\ue000子", "カツラギ　ガイコ"),
)
PIN = "2468"
PIN_HASH = "$argon2id$v=19$m=64,t=1,p=1$IkJ3r0pDOFOWytzga+2svg$5VTDS1pPAgSnQ0lG8hyZHZTDTGL4vox8LCl7Fl8s4KE"
ELSEWHERE = {"3000000000099": "W2"}
"""Of this card only the ward is known here."""


class Electors:
    """The roll in memory: enough of its door for screens."""

    def __init__(self, *others: Elector) -> None:
        self.people = (*ELECTORS, *others)
        self.info = RollInfo(snapshot_id="roll-1", as_of=dt.date(2026, 11, 23), sequence=1, lg_code="999997",
                             roll_base="B1", tickets_base="B1", tickets=12, fictitious=True, electors=(6, 6, 0),
                             wards=("W1", "W2"), created_at="2026-11-24T06:00:00+09:00")
        self.searched: list[str] = []

    def refresh(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def tickets_agree(self) -> bool:
        return True

    def counts(self) -> dict[str, tuple[int, int, int]]:
        return {"W1": (6, 5, 0), "W2": (1, 0, 0)}

    def everyone(self, ward: str = "") -> Iterator[Elector]:
        return iter(p for p in self.people if ward in ("", p.ward_code))

    def by_user_id(self, user_id: str) -> Elector | None:
        return next((p for p in self.people if p.user_id == user_id), None)

    def by_ticket(self, ticket_no: str) -> Elector | None:
        return next((p for p in self.people if p.ticket_no == ticket_no), None)

    def elector(self, addressee_no: str) -> Elector | None:
        return next((p for p in self.people if p.addressee_no == addressee_no), None)

    def ward_of(self, value: str) -> str | None:
        return ELSEWHERE.get(value)

    def namesakes(self, who: Elector) -> tuple[Elector, ...]:
        return tuple(p for p in self.people if p.name_kana == who.name_kana and p is not who)

    def search(self, text: str, limit: int = 50) -> ElectorsFound:
        self.searched.append(text)
        born = typed(text)
        return ElectorsFound(readings=("kana",), hits=tuple(
            ElectorHit(elector=p, namesakes=len(self.namesakes(p))) for p in self.people
            if text in p.name or text == p.roll_no or begins(text, p.name_kana)
            or (born and born.sort_key == p.birth.sort_key)))


def begins(text: str, kana: str) -> bool:
    return is_kana(text) and any(whole.startswith(key) for key in kana_keys(text) for whole in kana_keys(kana))


class PollingStage(Stage):
    """A polling place under Pilot: early (`E1`) or of polling day (`D1`). `contests`: how many there are, 1 to 8."""

    def __init__(self, home: Path, *, place: str = EARLY, is_open: bool = True, roll: bool = True,
                 election: bool = True, cards: bool = False, toml: str = "", others: tuple[Elector, ...] = (),
                 **station: Any) -> None:
        super().__init__(home, is_open=False, register=False, receptions=("polling",), polling_place=place, **station)
        polling = self.desk.polling
        polling.clock = lambda: NOW
        if election:
            data = (toml or set_up(place)).encode()
            read, problems = setup.read(data)
            assert read is not None, problems
            elections.store(self.desk.station.home, read.id, data)
            polling.election_loaded(read)
        if roll:
            polling._roll = cast(Any, Electors(*others))
        if cards:
            self.parts.cards = tuple((p.user_id, f"練習 {n}") for n, p in enumerate(ELECTORS[:9], 1) if p.user_id)
        if is_open and roll and election:
            polling.open_place(clock_confirmed=True, zero_printed=True)

    async def card(self, number: int) -> None:
        await self.tap(f"30000000000{number:02}")

    def recorded(self) -> list[Any]:
        """All 受付確定, oldest first."""
        with self.desk.journal.view() as view:
            return [r.event for r in view.events() if r.event.kind == "polling.received"]


def set_up(place: str = EARLY) -> str:
    """An election of five contests. Today is a day of early voting, or polling day where the place is of that day."""
    polling_day, early = ("2026-11-29", "2026-11-18") if place == EARLY else ("2026-11-24", "2026-11-12")
    names = ("衆議院小選挙区選出議員選挙", "衆議院比例代表選出議員選挙", "最高裁判所裁判官国民審査", "県知事選挙",
             "市議会議員補欠選挙")
    levels, colours = ("国政", "国政", "国政", "県", "市"), ("うすもも色", "あさぎ色", "うぐいす色", "白", "クリーム")
    contests = "".join(f"""
[[contests]]
code = "{code}"
name = "{name}"
level = "{level}"
ballot_colour = "{colour}"
box_no = {n}
early_from = {"2026-11-26" if code == "shigi" and place == EARLY else early}
""" for n, (code, name, level, colour) in enumerate(zip(CONTESTS, names, levels, colours, strict=True), 1))
    hours = f'hours = [{{ from = {early}, to = {polling_day}, open = "08:30", close = "20:00" }}]'
    early_hours = hours.replace(f"to = {polling_day}", f"to = {'2026-11-28' if place == EARLY else '2026-11-23'}")
    day_hours = f'hours = [{{ day = {polling_day}, open = "07:00", close = "20:00" }}]'
    stations = "".join(f"""
[[stations]]
code = "{code}"
name = "{name}"
kind = "{kind}"
address = "{address}"
exit_check = true
{f'wards = {wards}' if kind == "当日" else ""}
{early_hours if kind == "期日前" else day_hours}
""" for code, name, kind, address, wards in (
        ("E1", "市役所", "期日前", "旭町2-3-1", ""), ("E2", "栄庁舎", "期日前", "新堀1311", ""),
        ("D1", "嵐南小学校", "当日", "南四日町1-1", '["W1"]'), ("D2", "一ノ木戸小学校", "当日", "東裏館2-1", '["W2"]')))
    staff = "".join(f"""
[[staff]]
id = "{code}"
name = "{name}"
role = "{role}"
pin_hash = "{PIN_HASH}"
""" for code, name, role in (("K01", "管理　太郎", "投票管理者"), ("S02", "代理　花子", "職務代理者"),
                             ("J03", "受付　一郎", "事務従事者"), ("J04", "交付　二郎", "事務従事者")))
    stock = "".join(f'[stock.{code}]\n' + "".join(
        f'{contest} = {{ "普通" = 500, "点字" = 5 }}\n' for contest in CONTESTS) for code in ("E1", "E2", "D1", "D2"))
    return f"""id = "2026-11-shugiin"
name = "衆議院議員総選挙ほか"
polling_day = {polling_day}
stale_after_hours = 24
reason_labels = "five"
committee = "サンプル市選挙管理委員会委員長"
fictitious = true
ticket = {{ pattern = 'T[0-9]{{7}}' }}
{contests}{stations}{staff}{stock}"""
