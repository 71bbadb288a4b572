"""The conditions of a certificate and the life of a number and of a seal, by the rules and the fold alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.kiosk import rules, setup
from sanjo_tui.receptions.kiosk.events import Issued, SealChanged
from sanjo_tui.receptions.kiosk.rules import Wish
from sanjo_tui.receptions.kiosk.state import Issue, Seal, apply_issue, apply_seal
from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel, Include, PinResult, SealStatus, State, Tender
from sanjo_tui.register.people import CardLink, Resident
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST, parse

NOW = dt.datetime(2026, 11, 25, 10, 0, tzinfo=JST)         # a Wednesday
NUMBERS = ("A1B2C3-0001-9", "A1B2C3-0002-7")
SCOPE = "kiosk"


def town() -> setup.Kiosk:
    found, problems = setup.read((fixtures() / "kiosk" / setup.FILE).read_bytes())
    assert found is not None and not problems
    return found


def person(no: str = "1", *, born: str = "19740305", **more: Any) -> Resident:
    values: dict[str, Any] = {"order": int(no), "name": "佐藤　太郎", "birth": parse(born), "town": "旭町",
                              "lot_text": "１番地２", "household_no": "77"}
    return Resident(addressee_no=no, **{**values, **more})


ME, WIFE = person("1"), person("2", name="佐藤　花子")
SEAL = Seal(holder="1", seal_registration_no="100", status=SealStatus.REGISTERED)


def wish(kind: CertificateKind = CertificateKind.RESIDENT_COPY, channel: Channel = Channel.COUNTER,
         **more: Any) -> Wish:
    at_kiosk = {"pin_result": PinResult.OK, "pin_retries_left": 3} if channel is Channel.KIOSK else {}
    year = {"fiscal_year": 2026} if kind.of_a_year else {}
    values: dict[str, Any] = {"certificate": kind, "channel": channel, "person": "1", "subjects": ("1",),
                              "verified_by": VerifiedBy.CARD_FACE, "card_seen": True, "domicile_confirmed": True,
                              **at_kiosk, **year}
    return Wish(**{**values, **more})


def issue(what: Wish, *, members: tuple[Resident, ...] = (ME, WIFE), seal: Seal | None = SEAL,
          now: dt.datetime = NOW, business: bool = True, **more: Any) -> Issued:
    return rules.issue(town(), what, members, seal, now, business, NUMBERS, SCOPE, **more)


def refused(said: str, what: Wish, **more: Any) -> None:
    with pytest.raises(RuleError, match=said) as told:
        issue(what, **more)
    assert told.value.message.endswith("。") and told.value.hint.endswith("。")


@pytest.mark.parametrize("kind", list(CertificateKind))
@pytest.mark.parametrize("channel", list(Channel))
def test_every_kind_can_be_had_in_both_ways_by_whoever_may(kind: CertificateKind, channel: Channel) -> None:
    made = issue(wish(kind, channel))
    assert (made.reception_no, made.issue_no) == NUMBERS and made.subject == made.issue_no
    assert {claim.subject for claim in made.claims} == set(NUMBERS)
    assert made.subjects == ("1",) and made.includes == () and made.channel is channel
    assert made.fiscal_year == (2026 if kind.of_a_year else 0)


# --- who, and for whom


@pytest.mark.parametrize("channel", list(Channel))
@given(day=st.dates(dt.date(2004, 1, 1), dt.date(2020, 12, 31)))
def test_from_the_fifteenth_birthday_on(channel: Channel, day: dt.date) -> None:
    young = person("1", born=f"{day:%Y%m%d}")
    turned = (NOW.year - day.year) - ((NOW.month, NOW.day) < (day.month, day.day))
    if turned >= 15:
        assert issue(wish(channel=channel), members=(young,)).person == "1"
    else:
        refused("15歳になるまで", wish(channel=channel), members=(young,))


def test_who_was_born_on_an_unknown_day_is_sent_to_a_person() -> None:
    refused("生年月日が分からない", wish(), members=(person("1", born="19740000"),))


@given(kind=st.sampled_from(CertificateKind), channel=st.sampled_from(Channel))
def test_only_the_resident_copy_is_given_for_the_household(kind: CertificateKind, channel: Channel) -> None:
    what = wish(kind, channel, subjects=("2",))
    if kind is CertificateKind.RESIDENT_COPY:
        assert issue(what).subjects == ("2",)
    else:
        refused("本人の分だけ", what)


@given(channel=st.sampled_from(Channel), subjects=st.lists(st.sampled_from("12349"), max_size=5))
def test_only_people_of_the_household_each_once_are_ever_issued(channel: Channel, subjects: list[str]) -> None:
    members = (ME, WIFE, person("3", resident_status="3"), person("4", protected=True))
    try:
        made = issue(wish(channel=channel, subjects=tuple(subjects)), members=members)
    except RuleError:
        assert not subjects or len(set(subjects)) < len(subjects) or set(subjects) - {"1", "2"}
    else:
        assert made.subjects and set(made.subjects) <= {"1", "2"} and len(set(made.subjects)) == len(made.subjects)


@pytest.mark.parametrize("more", [{"protected": True}, {"resident_status": "2"}, {"resident_status": "3"},
                                  {"resident_status": "9"}])
@pytest.mark.parametrize("channel", list(Channel))
def test_whoever_is_protected_or_gone_gets_nothing(channel: Channel, more: dict[str, Any]) -> None:
    stopped = person("1", **more)
    verdict = rules.stopped(stopped, channel=channel, card=None, today=NOW.date())
    assert verdict is not None and verdict.stops
    with pytest.raises(RuleError):
        issue(wish(channel=channel), members=(stopped,))


def test_the_kiosk_says_the_same_of_everybody_whom_it_sends_to_the_counter() -> None:
    cards = (None, CardLink("1234567890123", "1", status="revoked"), CardLink("1234567890123", "1", "2020-01-01"))
    said = {(v.message, v.notes) for who in (
        person("1", protected=True), person("1", resident_status="2"), person("1", resident_status="3"), person("1"))
        for card in cards if (v := rules.stopped(who, channel=Channel.KIOSK, card=card, today=NOW.date()))}
    assert len(said) == 1
    assert rules.stopped(ME, channel=Channel.KIOSK, card=None, today=NOW.date()) is None


def test_a_lifted_stop_is_for_the_counter_alone() -> None:
    hidden = person("1", protected=True)
    assert issue(wish(), members=(hidden,), released={"1"}).person == "1"
    with pytest.raises(RuleError):
        issue(wish(channel=Channel.KIOSK), members=(hidden,), released={"1"})
    assert rules.stopped(hidden, channel=Channel.KIOSK, card=None, today=NOW.date(), released=True) is not None


# --- when


@given(minute=st.integers(0, 24 * 60 - 1), channel=st.sampled_from(Channel))
def test_the_hours_bind_the_kiosk_alone(minute: int, channel: Channel) -> None:
    now = NOW.replace(hour=minute // 60, minute=minute % 60)
    if channel is Channel.COUNTER or 6 * 60 + 30 <= minute < 23 * 60:
        assert issue(wish(channel=channel), now=now).person == "1"
    else:
        refused("06:30から23:00まで", wish(channel=channel), now=now)


@given(day=st.dates(dt.date(2026, 12, 20), dt.date(2027, 1, 10)), kind=st.sampled_from(CertificateKind))
def test_the_turn_of_the_year_is_closed_at_the_kiosk(day: dt.date, kind: CertificateKind) -> None:
    now = dt.datetime.combine(day, dt.time(10, 0), JST)
    what = wish(kind, Channel.KIOSK)
    if dt.date(2026, 12, 29) <= day <= dt.date(2027, 1, 3):
        refused("年末年始", what, now=now)
    else:
        assert issue(what, now=now).certificate is kind


@pytest.mark.parametrize("kind", [CertificateKind.FAMILY_REGISTER, CertificateKind.FAMILY_APPENDIX])
def test_the_family_register_rests_on_holidays(kind: CertificateKind) -> None:
    refused("平日の09:00から17:00", wish(kind, Channel.KIOSK), business=False)
    refused("平日の09:00から17:00", wish(kind, Channel.KIOSK), now=NOW.replace(hour=17))
    assert issue(wish(kind), business=False).certificate is kind


# --- what


@given(kind=st.sampled_from([CertificateKind.INCOME, CertificateKind.TAX]), year=st.integers(2020, 2030))
def test_income_and_tax_are_of_the_current_year_only(kind: CertificateKind, year: int) -> None:
    if year == 2026:
        assert issue(wish(kind, fiscal_year=year)).fiscal_year == year
    else:
        refused("年度", wish(kind, fiscal_year=year))


@given(kind=st.sampled_from(CertificateKind), extra=st.lists(st.sampled_from(Include), unique=True))
def test_what_is_not_asked_for_is_left_out_and_what_is_not_offered_refused(kind: CertificateKind,
                                                                          extra: list[Include]) -> None:
    offer = town().offer(kind)
    assert offer is not None
    if set(extra) <= set(offer.includes):
        assert issue(wish(kind, includes=tuple(extra))).includes == tuple(extra)
    else:
        refused("載せられません", wish(kind, includes=tuple(extra)))


@pytest.mark.parametrize("copies", [0, -1, 11, 100])
def test_the_number_of_copies_has_a_limit(copies: int) -> None:
    refused("通数", wish(copies=copies))


def test_what_does_not_fit_is_sent_from_the_kiosk_to_the_counter() -> None:
    long = person("1", name="長" * 41)
    far = person("1", building="あ" * 80)
    for who in (long, far):
        refused("文字が多い", wish(channel=Channel.KIOSK), members=(who,))
        assert issue(wish(), members=(who,)).person == "1"
    assert issue(wish(channel=Channel.KIOSK), members=(person("1", name="長" * 40),)).person == "1"
    refused("文字が多い", wish(channel=Channel.KIOSK, subjects=("1", "2")), members=(ME, person("2", name="長" * 41)))


def test_the_domicile_elsewhere_needs_an_earlier_registration() -> None:
    refused("本籍", wish(CertificateKind.FAMILY_REGISTER, domicile_confirmed=False))
    refused("本籍", wish(CertificateKind.FAMILY_APPENDIX, Channel.KIOSK, domicile_confirmed=False))


# --- the card's own PIN


@pytest.mark.parametrize("result", [one for one in PinResult if one is not PinResult.OK])
def test_nothing_comes_out_of_the_kiosk_without_the_right_pin(result: PinResult) -> None:
    refused("暗証番号", wish(channel=Channel.KIOSK, pin_result=result))


@pytest.mark.parametrize("result", [one for one in PinResult if one is not PinResult.NOT_ASKED])
def test_no_pin_is_asked_at_the_counter(result: PinResult) -> None:
    refused("窓口では暗証番号を使いません", wish(pin_result=result))


def test_no_event_has_a_place_for_a_pin() -> None:
    assert {name for name in Issued.__dataclass_fields__ if "pin" in name} == {"pin_result", "pin_retries_left"}


# --- what it costs


@given(kind=st.sampled_from(CertificateKind), channel=st.sampled_from(Channel), copies=st.integers(1, 10),
       seen=st.booleans())
def test_the_fee_is_charged_per_copy_and_the_discount_needs_the_card(kind: CertificateKind, channel: Channel,
                                                                    copies: int, seen: bool) -> None:
    offer = town().offer(kind)
    assert offer is not None
    fee = town().fee(offer.fee_code, channel, NOW.date())
    assert fee is not None
    made = issue(wish(kind, channel, copies=copies, card_seen=seen))
    assert made.fee + made.discount == fee.yen * copies
    assert made.discount == (fee.discount * copies if seen else 0)


def test_an_exemption_is_one_of_the_towns_and_costs_nothing() -> None:
    made = issue(wish(exemption="公用", copies=3))
    assert (made.fee, made.discount, made.tender, made.exemption) == (0, 0, Tender.EXEMPT, "公用")
    refused("減免の事由", wish(exemption="友人"))


def test_a_day_without_a_fee_is_said_never_charged_as_nothing() -> None:
    refused("手数料が決まっていません", wish(), now=NOW.replace(year=2023))


# --- the life of a number


def recorded(event: Event, seq: int) -> Recorded:
    return Recorded(station="A1B2C3", seq=seq, batch=seq, hlc=seq << 16, at_ms=1_000 * seq, operator="op", event=event)


def folded() -> Issue:
    made = apply_issue(None, recorded(issue(wish()), 1))
    assert made is not None
    return made


ACTS = {"take": lambda one: rules.take(one, SCOPE), "forget": lambda one: rules.forget(one, SCOPE),
        "void": lambda one: rules.void(one, SCOPE, "書損", paper_back=False),
        "void back": lambda one: rules.void(one, SCOPE, "書損", paper_back=True)}
MAY = {State.ISSUED: {"take", "forget", "void", "void back"}, State.FORGOTTEN: {"take", "void", "void back"},
       State.TAKEN: {"void back"}, State.VOID: set()}


@given(acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=8))
def test_a_number_ends_taken_or_void_and_void_is_for_ever(acts: list[str]) -> None:
    now, seq = folded(), 1
    for act in acts:
        before = now.state
        try:
            event = ACTS[act](now)
        except RuleError:
            assert act not in MAY[before]
            continue
        assert act in MAY[before]
        seq += 1
        after = apply_issue(now, recorded(event, seq))
        assert after is not None and (after.issue_no, after.fee) == (now.issue_no, now.fee)
        now = after
    if now.state is State.VOID:
        assert now.void_reason == "書損" and not now.open


def test_a_void_needs_a_reason() -> None:
    with pytest.raises(RuleError, match="理由"):
        rules.void(folded(), SCOPE, "  ", paper_back=True)
    for act in ACTS.values():
        with pytest.raises(RuleError, match="その発行番号はありません"):
            act(None)


def test_what_was_left_behind_and_collected_says_so() -> None:
    left = apply_issue(folded(), recorded(rules.forget(folded(), SCOPE), 2))
    assert rules.take(left, SCOPE).later and not rules.take(folded(), SCOPE).later


# --- 印鑑登録


@pytest.mark.parametrize(("seal", "said"), [
    (None, "登録がありません"), (replace(SEAL, status=SealStatus.DELETED), "登録がありません"),
    (replace(SEAL, status=SealStatus.SUSPENDED), "停止されています"),
    (replace(SEAL, asked="氏名の変更"), "確かめていません")])
@pytest.mark.parametrize("channel", list(Channel))
def test_a_seal_certificate_needs_a_seal_that_holds(channel: Channel, seal: Seal | None, said: str) -> None:
    refused(said, wish(CertificateKind.SEAL, channel), seal=seal)
    assert issue(wish(channel=channel), seal=seal).certificate is CertificateKind.RESIDENT_COPY


def turned(seal: Seal | None, *events: Event) -> Seal:
    for n, event in enumerate(events, 1):
        seal = apply_seal(seal, recorded(event, n))
    assert seal is not None
    return seal


def change(seal: Seal | None, status: SealStatus, **more: Any) -> SealChanged:
    return rules.change_seal(seal, "1", status, SCOPE, **{"reason": "申請", **more})


def test_a_name_that_changed_is_a_question_and_only_a_person_answers() -> None:
    asked = turned(SEAL, rules.question_seal(SEAL, "氏名の変更", SCOPE))
    assert asked.status is SealStatus.REGISTERED and asked.asked == "氏名の変更"
    kept = turned(asked, *rules.answer_seal(asked, SCOPE, keep=True))
    gone = turned(asked, *rules.answer_seal(asked, SCOPE, keep=False))
    assert (kept.status, kept.asked) == (SealStatus.REGISTERED, "")
    assert (gone.status, gone.asked) == (SealStatus.DELETED, "")
    with pytest.raises(RuleError, match="確かめることはありません"):
        rules.answer_seal(kept, SCOPE, keep=True)


def test_an_open_question_outlives_a_suspension() -> None:
    asked = turned(SEAL, rules.question_seal(SEAL, "氏名の変更", SCOPE))
    back = turned(asked, change(asked, SealStatus.SUSPENDED))
    back = turned(back, change(back, SealStatus.REGISTERED))
    refused("確かめていません", wish(CertificateKind.SEAL), seal=back)


def test_a_deleted_seal_never_comes_back_and_nobody_has_two() -> None:
    gone = turned(SEAL, change(SEAL, SealStatus.DELETED))
    assert not gone.integrated
    with pytest.raises(RuleError, match="抹消された登録は戻せません"):
        change(gone, SealStatus.REGISTERED)
    assert turned(gone, change(gone, SealStatus.REGISTERED, number="101")).seal_registration_no == "101"
    with pytest.raises(RuleError, match="一つの印鑑だけ"):
        change(SEAL, SealStatus.REGISTERED, number="101")
    with pytest.raises(RuleError, match="登録はありません"):
        change(None, SealStatus.SUSPENDED)
    with pytest.raises(RuleError, match="理由"):
        change(SEAL, SealStatus.SUSPENDED, reason=" ")
