"""What a shelter asks in writing: 仮登録, 補記 of a person, 聞き取り of a household, the time of a return."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from sanjo_tui.receptions.shelter.words import Category, Need, Stay
from screens.form import Field, FormScreen
from screens.panels import Pick
from screens.widgets import shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.desk import Opened
    from sanjo_tui.receptions.shelter.look import Line, Look
    from sanjo_tui.receptions.shelter.state import HouseholdSheet, Presence
    from screens.shelter import ShelterScreen

NO_YES = ((False, "不可"), (True, "可"))
WITHOUT_WITH = ((False, "なし"), (True, "あり"))
DAMAGE = tuple((word, word) for word in ("全壊", "半壊", "一部損壊", "床上", "床下", "断水", "停電", "ガス停止"))

HIDDEN_FIELDS = {"phone": "電話", "other_contact": "他の連絡先", "neighbourhood": "自治会"}
"""What a protected person's form does not show again once it was said."""

HELP_UNKNOWN = """\
だれか分からない方、市外の方、住基にいない方を受け付けます。分かることだけで構いません。
何か一つ(名前、年齢、性別、特徴)があれば登録できます。
登録すると番号が付き、受付票が印刷されます。身元は後で名寄せ(F8)で合わせます。
家族が先に仮登録しているときは、その受付票の番号を「家族の番号」に入れます。"""

HELP_NOTES = """\
聞いたことだけを入れます。数字を押すと印が付き、もう一度押すと外れます。
親族への回答と公表は、本人に聞いて「可」と言われたときだけ可にします(初めは不可)。"""


async def unknown_person(screen: ShelterScreen, binding: CardSeen | None = None, *, paper: bool = False) -> None:
    """仮登録 in one form; with `paper` a blank form that was filled in by hand is keyed in."""
    from sanjo_tui.receptions.shelter.rules import UnknownPerson

    fields = [
        Field(key="name_kana", label="氏名かな", asked=True, hint="分かるところまで"),
        Field(key="name", label="氏名漢字", hint="分かれば"),
        Field(key="age_text", label="年齢", asked=True, hint="45、60代、2か月 など"),
        Field(key="sex_code", label="性別", asked=True, options=(("1", "男"), ("2", "女"), ("9", "不明"))),
        Field(key="category", label="種別", value=Category.RESIDENT, options=tuple((c, c.label) for c in Category)),
        Field(key="stay", label="滞在", value=Stay.SHELTER, options=tuple((s, s.label) for s in Stay)),
        Field(key="address", label="住所・町名"),
        Field(key="other_ident", label="特徴・持ち物", hint="名前が分からない方"),
        Field(key="household", label="家族の番号", hint="家族の受付票の番号")]
    if paper:
        fields = [Field(key="paper_number", label="紙の番号", required=True, hint="用紙の右上の番号"),
                  Field(key="paper_at", label="紙の日時", hint="用紙に書かれた日時 例 11/24 9:30"), *fields]
    answers = await screen.sanjo.push_screen_wait(FormScreen(
        "紙の受付票を入力" if paper else "仮登録", fields, enter="登録" if paper else "登録して受付票を印刷",
        help=HELP_UNKNOWN))
    if answers is None:
        return
    number, paper_at = answers.pop("paper_number", ""), answers.pop("paper_at", "")
    answers["age_text"] = unicodedata.normalize("NFKC", answers["age_text"])
    if answers["sex_code"] == "9":
        answers["sex_code"] = ""
    receipt = await screen.ask(screen.shelter.admit_unknown, UnknownPerson(**answers), number, paper_at)
    if binding is not None:
        await screen.ask(screen.desk.bind, binding, receipt.registration_no)
    await screen.recorded(receipt)


async def supplement(screen: ShelterScreen, opened: Opened, look: Look) -> None:
    """補記: of a member who has a record here, or of the household."""
    members = [m for m in look.members if m.presence is not None]
    if not members:
        screen.warn("補記は、受付した後に F7 を押します")
        return
    before = screen.panel

    async def picked(member: Line | None) -> None:
        screen.show(before)
        if member is None:
            receipt = await _household(screen, look)
        else:
            receipt = await _person(screen, member)
        if receipt is not None:
            await screen.recorded(receipt, opened)

    async def back() -> None:
        screen.show(before)

    options: list[Any] = [(f"{shown_name(m.name)}  {m.age}  {m.state_label}", m) for m in members]
    options.append(("世帯のこと(電話、ペット、車、家の被害)", None))
    screen.show(Pick(screen, f"{shown(look.title)}  補記", options, picked, prompt="だれのことですか", back=back))


def _changes(answers: dict[str, Any], before: Presence | HouseholdSheet | None) -> dict[str, Any]:
    """Only what was answered differently from what stands there: the rest was not asked."""
    blank: dict[str, Any] = {"needs": (), "injured": None, "disclose_kin": False, "disclose_public": False,
                             "home_damage": (), "home_livable": None}
    return {key: value for key, value in answers.items()
            if value != (getattr(before, key) if before is not None else blank.get(key, "")) and value is not None}


async def _person(screen: ShelterScreen, member: Line) -> Any:
    now = member.presence
    assert now is not None
    answers = await screen.sanjo.push_screen_wait(FormScreen(f"補記: {shown_name(member.name)}", [
        Field(key="needs", label="配慮", value=now.needs, several=True, options=tuple((n, n.label) for n in Need)),
        Field(key="needs_note", label="配慮の内容", value=now.needs_note, hint="ミルク、車いす、たまご除去 など"),
        Field(key="injured", label="けが・病気", value=now.injured, options=WITHOUT_WITH),
        Field(key="injury_note", label="けがの内容", value=now.injury_note),
        Field(key="disclose_kin", label="親族へ回答", value=now.disclose_kin, options=NO_YES),
        Field(key="disclose_public", label="掲示・公表", value=now.disclose_public, options=NO_YES),
        Field(key="area", label="班・区画", value=now.area),
        Field(key="language", label="使う言語", value=now.language),
        Field(key="current_place", label="今の居場所", value=now.current_place),
        Field(key="note", label="備考", value=now.note)], help=HELP_NOTES))
    noted = _changes(answers, now) if answers is not None else {}
    return await screen.ask(screen.shelter.supplement, member.key, noted) if noted else None


async def _household(screen: ShelterScreen, look: Look) -> Any:
    now = look.sheet
    kept = HIDDEN_FIELDS if look.protected and now is not None else ()

    def value(key: str, blank: Any = "") -> Any:
        return getattr(now, key) if now is not None and key not in kept else blank

    def hint(key: str) -> str:
        return "聞いてあります。直すときだけ入れます" if key in kept and getattr(now, key) else ""

    answers = await screen.sanjo.push_screen_wait(FormScreen(f"聞き取り: {shown(look.title)}", [
        *(Field(key=key, label=label, value=value(key), hint=hint(key)) for key, label in HIDDEN_FIELDS.items()),
        Field(key="pets", label="ペット", value=value("pets"), hint="犬1、猫2 など"),
        Field(key="car", label="車", value=value("car"), hint="車種、番号、色、場所"),
        Field(key="home_damage", label="家の被害", value=value("home_damage", ()), several=True, options=DAMAGE),
        Field(key="home_livable", label="家に住めるか", value=value("home_livable", None),
              options=((True, "住める"), (False, "住めない"))),
        Field(key="note", label="備考・引継ぎ", value=value("note"))], help=HELP_NOTES))
    noted = _changes(answers, now) if answers is not None else {}
    noted = {key: answer for key, answer in noted.items() if answer or key not in kept}
    return await screen.ask(screen.shelter.note_household, look, noted) if noted else None


def leave_times(screen: ShelterScreen) -> list[tuple[str, str | None]]:
    """When people usually say they will be back; None: to be written, "" : they did not say."""
    now = screen.sanjo.clock()
    times: list[tuple[str, str | None]] = []
    for days, hour, label in ((0, 12, "今日の昼 12時"), (0, 18, "今日の夕方 18時"), (0, 21, "今日の夜 21時"),
                              (1, 9, "あすの朝 9時"), (1, 18, "あすの夕方 18時")):
        at = (now + dt.timedelta(days=days)).replace(hour=hour, minute=0)
        if at > now:
            times.append((label, at.strftime("%Y-%m-%dT%H:%M")))
    return [("決めない", ""), *times, ("行き先や時刻を書く", None)]


async def leave_form(screen: ShelterScreen) -> tuple[str, str] | None:
    """外泊届: destination and time in writing."""
    answers = await screen.sanjo.push_screen_wait(FormScreen("外出・外泊", [
        Field(key="destination", label="行き先", asked=True, hint="自宅の片付け、病院 など"),
        Field(key="until", label="戻る日時", asked=True, hint="18:00 または 11/25 9:00")]))
    if answers is None:
        return None
    until = moment(answers["until"], screen.sanjo.clock())
    if answers["until"] and not until:
        screen.warn("戻る日時が読めません", "18:00 または 11/25 9:00 のように入れてください")
        return None
    return answers["destination"], until


def moment(text: str, now: dt.datetime) -> str:
    """`18:00`, `11/25 9:00` or `18時` as `YYYY-MM-DDTHH:MM`, the next such time after now; "" if it is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = re.fullmatch(r"(?:(\d{1,2})[/月](\d{1,2})日? *)?(\d{1,2})[:時](\d{1,2})?分?", plain)
    if not found:
        return ""
    month, day, hour, minute = found.groups()
    try:
        at = now.replace(hour=int(hour), minute=int(minute or 0), second=0)
        if month:
            at = at.replace(month=int(month), day=int(day))
            at = at if at > now - dt.timedelta(days=180) else at.replace(year=at.year + 1)
        elif at <= now:
            at += dt.timedelta(days=1)
    except ValueError:
        return ""
    return at.strftime("%Y-%m-%dT%H:%M")
