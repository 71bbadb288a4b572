"""The rules of certificates at counter and kiosk, and of 印鑑登録. Pure (docs/kiosk.md §2).

The kiosk's conditions follow what towns publish for コンビニ交付 (age, 転出者, 支援措置, lengths of fields, hours);
each is a setting and marked unverified there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy, stop_of
from sanjo_tui.receptions.kiosk.events import (
    Forgotten,
    Issued,
    SealChanged,
    SealQuestioned,
    Taken,
    Voided,
)
from sanjo_tui.receptions.kiosk.setup import Kiosk, Offer
from sanjo_tui.receptions.kiosk.state import Issue, Seal
from sanjo_tui.receptions.kiosk.words import (
    CertificateKind,
    Channel,
    Include,
    PinResult,
    SealStatus,
    State,
    Tender,
    Whom,
)
from sanjo_tui.register.people import CardLink, Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for, before it is issued."""

    certificate: CertificateKind
    channel: Channel
    person: str
    subjects: tuple[str, ...]
    verified_by: VerifiedBy
    identified_by: IdentifiedBy = IdentifiedBy.CARD
    user_id: str = ""
    includes: tuple[Include, ...] = ()
    fiscal_year: int = 0
    copies: int = 1
    tender: Tender = Tender.CASH
    exemption: str = ""
    card_seen: bool = False
    domicile_confirmed: bool = False
    """戸籍: 本籍 is here, or the 利用登録 was confirmed."""
    moved_in_today: bool = False
    pin_result: PinResult = PinResult.NOT_ASKED
    pin_retries_left: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Yen for all copies."""

    total: int = 0
    discount: int = 0


def stopped(resident: Resident, *, channel: Channel, card: CardLink | None, today: dt.date,
            released: bool = False) -> Verdict | None:
    """Why nothing may be begun. The kiosk says less than the counter: whoever stands behind learns nothing."""
    stop = stop_of(resident, card=card, today=today, released=released and channel is Channel.COUNTER)
    if stop is None or channel is Channel.COUNTER:
        return stop
    return Verdict(Weight.STOP, "この端末では発行できません", code=stop.code, notes=("窓口へお越しください",))


def available(setup: Kiosk, offer: Offer, channel: Channel, now: dt.datetime, business_day: bool) -> str:
    """Why a kind cannot be had now, in a sentence; "" where it can. Hours bind the kiosk alone."""
    if channel not in offer.channels:
        return f"{offer.kind.label}は{channel.label}では出していません"
    if channel is Channel.KIOSK and setup.closed_on(now.date()):
        return "年末年始は発行していません"
    if channel is Channel.KIOSK and not offer.hours.open_at(now, business_day):
        days = "平日の" if offer.hours.weekdays_only else ""
        return f"{offer.kind.label}は{days}{offer.hours.opens:%H:%M}から{offer.hours.closes:%H:%M}までです"
    return ""


def age_on(resident: Resident, day: dt.date) -> int | None:
    """Full years; None where the birth date is not known."""
    text = resident.birth.age_text(day)
    return int(text) if text.isdigit() else None


def barred(offer: Offer, who: str, members: Sequence[Resident], day: dt.date,
           released: Collection[str] = ()) -> dict[str, str]:
    """Members whose certificate cannot be asked for, and why."""
    found = {}
    for one in members:
        if offer.whom is Whom.SELF and one.addressee_no != who:
            found[one.addressee_no] = "本人の分だけです"
        elif stop_of(one, today=day, released=one.addressee_no in released) is not None:
            found[one.addressee_no] = "発行できません"
    return found


def charge(setup: Kiosk, offer: Offer, wish: Wish, day: dt.date) -> Charge:
    """The fee of this day and channel; the discount where the card was seen. Raises RuleError without a fee."""
    fee = setup.fee(offer.fee_code, wish.channel, day)
    if fee is None:
        raise RuleError(f"{offer.kind.label}の手数料が決まっていません。",
                        "設定(kiosk.toml)に今日の額を足してもらってください。")
    if wish.exemption and wish.exemption not in setup.exemptions:
        raise RuleError("その減免の事由はありません。", f"{'、'.join(setup.exemptions)} から選んでください。")
    if wish.exemption:
        return Charge()
    discount = fee.discount if wish.card_seen else 0
    return Charge(total=(fee.yen - discount) * wish.copies, discount=discount * wish.copies)


def issue(setup: Kiosk, wish: Wish, members: Sequence[Resident], seal: Seal | None, now: dt.datetime,
          business_day: bool, numbers: tuple[str, str], scope: str, *, released: Collection[str] = (),
          snapshot_id: str = "") -> Issued:
    """発行. `numbers`: 受付番号 and 発行番号. Raises RuleError: the first thing in the way, and what to do."""
    offer, day = setup.offer(wish.certificate), now.date()
    if offer is None:
        raise RuleError("その証明書は、ここでは出していません。", "担当課へ案内してください。")
    if why := available(setup, offer, wish.channel, now, business_day):
        raise RuleError(f"{why}。", "窓口か、時間内にお越しください。")
    people = {one.addressee_no: one for one in members}
    who = people.get(wish.person)
    if who is None or any(key not in people for key in wish.subjects):
        raise RuleError("この世帯の人ではありません。", "もう一度カードをかざしてください。")
    if not wish.subjects or len(set(wish.subjects)) < len(wish.subjects):
        raise RuleError("だれの証明書か、一人ずつ選ばれていません。", "数字で選んでください。")
    _person(offer, wish, who, day)
    lifted = released if wish.channel is Channel.COUNTER else ()
    blocked = barred(offer, wish.person, members, day, lifted)
    for key in wish.subjects:
        if key in blocked:
            raise RuleError(f"選ばれた方の{offer.kind.label}は出せません({blocked[key]})。", "選び直してください。")
    _contents(setup, offer, wish, [people[key] for key in wish.subjects], day)
    if wish.certificate is CertificateKind.SEAL:
        _seal(seal, wish.person)
    if wish.channel is Channel.KIOSK and wish.pin_result is not PinResult.OK:
        raise RuleError("暗証番号が確かめられていません。", "もう一度、始めからやり直してください。")
    cost = charge(setup, offer, wish, day)
    return Issued(
        subject=numbers[1], scope=scope, reception_no=numbers[0], issue_no=numbers[1], user_id=wish.user_id,
        identified_by=wish.identified_by, verified_by=wish.verified_by, snapshot_id=snapshot_id,
        certificate=wish.certificate, channel=wish.channel, person=wish.person, subjects=wish.subjects,
        includes=wish.includes, fiscal_year=wish.fiscal_year, copies=wish.copies, fee=cost.total,
        discount=cost.discount, tender=Tender.EXEMPT if wish.exemption else wish.tender, exemption=wish.exemption,
        pin_result=wish.pin_result, pin_retries_left=wish.pin_retries_left, version=setup.version)


def _person(offer: Offer, wish: Wish, who: Resident, day: dt.date) -> None:
    age = age_on(who, day)
    if age is None:
        raise RuleError("生年月日が分からないので、発行できません。", "担当課へ案内してください。")
    if age < offer.age_min:
        raise RuleError(f"{offer.age_min}歳になるまで、ご自分では発行できません。",
                        "窓口で、保護者の方が請求してください。")
    if wish.channel is Channel.KIOSK and wish.moved_in_today:
        raise RuleError("転入した日は、この端末では発行できません。", "窓口へお越しください。")
    if wish.channel is Channel.COUNTER and wish.pin_result is not PinResult.NOT_ASKED:
        raise RuleError("窓口では暗証番号を使いません。", "顔写真で本人を確かめてください。")


def _contents(setup: Kiosk, offer: Offer, wish: Wish, subjects: Sequence[Resident], day: dt.date) -> None:
    if extra := [one for one in wish.includes if one not in offer.includes]:
        raise RuleError(f"{extra[0].label}は載せられません。", "記載する事項を選び直してください。")
    if not 1 <= wish.copies <= setup.most_copies:
        raise RuleError(f"通数は 1 から {setup.most_copies} までです。", "通数を入れ直してください。")
    current = setup.fiscal_year(day)
    if wish.fiscal_year and not offer.kind.of_a_year:
        raise RuleError(f"{offer.kind.label}に年度はありません。", "始めからやり直してください。")
    if offer.kind.of_a_year and not wish.fiscal_year:
        raise RuleError("年度を選んでください。", f"今の年度は {current}年度です。")
    if offer.kind.of_a_year and wish.fiscal_year > current:
        raise RuleError("その年度の証明書はまだ出せません。", f"今の年度は {current}年度です。")
    if offer.kind.of_a_year and offer.current_year_only and wish.fiscal_year != current:
        raise RuleError("今の年度の証明書だけを出せます。", f"{current}年度を選ぶか、担当課へ案内してください。")
    if offer.needs_registration and not wish.domicile_confirmed:
        raise RuleError("本籍がここにあるか、利用登録が済んでいるかを確かめてください。",
                        "ほかの市区町村に本籍があり、利用登録がない方には出せません。")
    if wish.channel is Channel.KIOSK:
        for one in subjects:
            if len(one.name) > setup.longest_name or len(one.address) > setup.longest_address:
                raise RuleError("文字が多いので、この端末では発行できません。", "窓口へお越しください。")


def _seal(seal: Seal | None, holder: str) -> None:
    if seal is None or seal.holder != holder or seal.status is SealStatus.DELETED:
        raise RuleError("印鑑の登録がありません。", "印鑑登録の手続へ案内してください。")
    if seal.status is SealStatus.SUSPENDED:
        raise RuleError("印鑑の登録が停止されています。", "担当課で確かめてください。")
    if seal.asked:
        raise RuleError("氏名が変わったので、印鑑が今も使えるか確かめていません。",
                        "担当課で確かめてから発行してください。")


def take(issue: Issue | None, scope: str) -> Taken:
    """交付. Raises RuleError."""
    known = _known(issue)
    if not known.open:
        raise RuleError(f"{known.issue_no} は{known.state.value}です。", "番号を確かめてください。")
    return Taken(subject=known.issue_no, scope=scope, later=known.state is State.FORGOTTEN)


def forget(issue: Issue | None, scope: str) -> Forgotten:
    """取忘れ. Raises RuleError."""
    known = _known(issue)
    if known.state is not State.ISSUED:
        raise RuleError(f"{known.issue_no} は{known.state.value}です。", "番号を確かめてください。")
    return Forgotten(subject=known.issue_no, scope=scope)


def void(issue: Issue | None, scope: str, reason: str, *, paper_back: bool) -> Voided:
    """廃止, with a reason; a paper that was handed out comes back first. Raises RuleError."""
    known = _known(issue)
    if known.state is State.VOID:
        raise RuleError(f"{known.issue_no} はもう廃止されています。", "番号を確かめてください。")
    if not reason.strip():
        raise RuleError("廃止の理由を入れてください。", "書損、取忘れ、など。")
    if known.state is State.TAKEN and not paper_back:
        raise RuleError("渡した紙が戻っていません。", "紙を受け取ってから廃止してください。")
    return Voided(subject=known.issue_no, scope=scope, reason=reason.strip(), paper_back=paper_back)


def _known(issue: Issue | None) -> Issue:
    if issue is None:
        raise RuleError("その発行番号はありません。", "番号を、最後の1文字まで確かめてください。")
    return issue


# --- 印鑑登録


def change_seal(seal: Seal | None, holder: str, status: SealStatus, scope: str, *, number: str = "", reason: str,
                integrated: bool | None = None, by_register: bool = False) -> SealChanged:
    """登録, 停止, 再開, 抹消, カード統合. Raises RuleError for what cannot follow."""
    if not reason.strip():
        raise RuleError("理由を入れてください。", "本人の申請、死亡、など。")
    if seal is None and (status is not SealStatus.REGISTERED or not number.strip()):
        raise RuleError("その方の印鑑の登録はありません。", "登録番号を入れて登録してください。")
    if seal is not None and seal.status is SealStatus.DELETED and (
            status is not SealStatus.REGISTERED or number.strip() in ("", seal.seal_registration_no)):
        raise RuleError("抹消された登録は戻せません。", "新しい登録番号で登録してください。")
    if seal is not None and number.strip() and seal.status is not SealStatus.DELETED \
            and number.strip() != seal.seal_registration_no:
        raise RuleError("一人に一つの印鑑だけを登録できます。", "今の登録を抹消してから登録してください。")
    keeps = seal.integrated if seal is not None and integrated is None else bool(integrated)
    return SealChanged(subject=holder, scope=scope, status=status, reason=reason.strip(), by_register=by_register,
                       seal_registration_no=number.strip() or (seal.seal_registration_no if seal else ""),
                       integrated=keeps and status is not SealStatus.DELETED)


def question_seal(seal: Seal, what: str, scope: str) -> SealQuestioned:
    """A change of name: a question to a person, never an answer."""
    return SealQuestioned(subject=seal.holder, scope=scope, seal_registration_no=seal.seal_registration_no, what=what)


def answer_seal(seal: Seal | None, scope: str, *, keep: bool) -> tuple[SealQuestioned | SealChanged, ...]:
    """What a person said of it. Raises RuleError where nothing was asked."""
    if seal is None or not seal.asked:
        raise RuleError("この方の印鑑について、確かめることはありません。", "一覧を見直してください。")
    answered = SealQuestioned(subject=seal.holder, scope=scope, seal_registration_no=seal.seal_registration_no,
                              what=seal.asked, answer="keep" if keep else "delete")
    if keep:
        return (answered,)
    return answered, change_seal(seal, seal.holder, SealStatus.DELETED, scope, reason=f"{seal.asked}のため抹消")
