"""The certificate desk by its keys, on the real desk with the demo's register, houses and surveys."""

from __future__ import annotations

import shutil

import pytest
from rich.cells import cell_len

from sanjo_tui.receptions.certificate.words import Kind, State
from tests.screens.service_stage import PROTECTED_CARD, SATO_CARD, ServiceStage
from tests.screens.stage import Stage
from tests.screens.test_pictures import ambiguous


class HallStage(Stage):
    """A desk on a copy of a home that is loaded and open already."""

    def __init__(self, made, home):
        shutil.copytree(made, home)
        super().__init__(home, is_open=False, register=False, receptions=("certificate",))
        self.desk.refresh_register()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return tmp_path_factory.mktemp("hall") / "home"


@pytest.fixture
def hall(made, tmp_path):
    """Loaded once, on the day of the stage; `prepare` asks for a home of its own."""
    def make(**more):
        if more:
            return ServiceStage(tmp_path / "home", "certificate", **more)
        if not made.exists():
            ServiceStage(made, "certificate").desk.close()
        return HallStage(made, tmp_path / "home")

    return make


def applications(s):
    with s.desk.journal.view() as view:
        return s.desk.certificate.applications(view)


async def decided(s):
    """SATO's application, with a survey that is decided."""
    await s.tap(SATO_CARD)
    await s.press("enter", "1")
    await s.until("受付しました  Enter で罹災証明書を発行")


def without_survey(s) -> str:
    """宛名番号 of a head whose one sure house has no survey."""
    from tests.certificate_ground import unsurveyed

    return unsurveyed(s.desk, 1)[0]


async def waiting(s) -> str:
    """An application that waits for its survey; gives its number."""
    await s.burst(without_survey(s))
    await s.until("Enter で 1 の家屋を申請")
    await s.press("enter", "1")
    await s.until("調査を待っています")
    return applications(s)[-1].number


# --- the plain way, and how many keys it takes


async def test_tap_house_face_certificate_handed_over_in_four_keys(hall):
    async with hall().on() as s:
        keys = []

        async def press(key):
            keys.append(key)
            await s.press(key)

        await s.tap(SATO_CARD)
        await s.until("Enter で 1 の家屋を申請")
        await press("enter")                                      # the house
        await press("1")                                          # the face on the card
        await s.until("受付しました  Enter で罹災証明書を発行")
        assert len(keys) == 2 and applications(s)[0].state is State.DECIDED
        await press("enter")
        await s.until("Enter で交付")
        await press("enter")
        await s.until("交付済")
        assert len(keys) == 4 and applications(s)[0].state is State.HANDED


async def test_an_application_without_a_card_is_a_search_and_three_keys(hall):
    async with hall().on() as s:
        await waiting(s)
        assert "受付番号 A1B2C3-0001-9" in s.text() and "次の方どうぞ" in s.text()
        assert [job.form for job in s.desk.printing.jobs()] == ["certificate.ticket"]


async def test_the_next_card_is_taken_as_soon_as_the_application_waits(hall):
    async with hall().on() as s:
        await waiting(s)
        await s.tap(SATO_CARD)
        await s.until("Enter で 1 の家屋を申請")


async def test_a_card_waits_while_a_certificate_is_to_be_issued(hall):
    async with hall().on() as s:
        await decided(s)
        await s.tap(PROTECTED_CARD)
        await s.until("発行")
        assert s.screen.waiting and "家屋" in s.text()


async def test_whoever_applied_already_is_opened_by_a_digit(hall):
    async with hall().on() as s:
        await decided(s)
        await s.press("escape")
        await s.tap(SATO_CARD)
        await s.until("申請済みです(1件)" if "申請済みです(1件)" in s.text() else "申請済みです")
        await s.press("enter")
        assert "申請済みです" in s.text()                          # Enter does not apply twice
        await s.press("1")
        await s.until("Enter で罹災証明書を発行")
        assert len(applications(s)) == 1


async def test_the_same_house_again_opens_the_application_that_is_there(hall):
    async with hall().on() as s:
        await decided(s)
        await s.press("escape")
        await s.tap(SATO_CARD)
        await s.until("申請済みです")
        await s.press("2", "1")                                   # the house itself, not the application before it
        await s.until("もうあります")
        assert len(applications(s)) == 1 and "DRILL" not in s.text() and "判定確定" in s.text()


async def test_who_was_not_registered_there_brings_proof_and_a_second_operator(hall):
    class Before:
        def resident(self, number):
            return None

    async with hall().on() as s:
        s.desk.certificate.register_then = Before
        await s.tap(SATO_CARD)
        await s.until("災害の日の住基にいません。要確認")
        await s.press("enter", "f4")
        await s.burst("H000001")
        await s.until("どれでもない")
        await s.press("1")
        await s.until("住んでいた証明")
        await s.burst("領収書")
        await s.until("二人目の職員番号")
        await s.burst("J02")
        await s.until("本人確認")
        await s.press("1")
        await s.until("受付しました")
        (one,) = applications(s)
        assert (one.residence_proof, one.residence_confirmed_by) == ("領収書", "J02")


async def test_esc_records_nothing(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で 1 の家屋を申請")
        await s.press("enter", "escape")
        await s.until("カードをかざしてください")
        assert not applications(s)


async def test_a_face_that_is_not_theirs_ends_it(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.press("enter", "5")
        await s.until("受け付けません")
        assert not applications(s)


# --- the other ways


async def test_f2_photographs_and_a_person_who_looks_at_them(hall):
    async with hall().on() as s:
        await s.burst(without_survey(s))
        await s.until("Enter で 1 の家屋を申請")
        await s.press("f2", "2")
        await s.until("床上の深さ")
        await s.type("３")
        await s.press("enter")
        await s.type("60")
        await s.press("enter")
        await s.until("本人確認")
        await s.press("1")
        await s.until("Enter で写真の審査")
        await s.press("enter")
        await s.until("中規模半壊 と判定する")
        await s.press("1")
        await s.until("Enter で罹災証明書を発行")
        assert applications(s)[0].judged.stage == 0


async def test_f2_minor_damage_needs_the_consent(hall):
    async with hall().on() as s:
        await s.burst(without_survey(s))
        await s.until("Enter で 1 の家屋を申請")
        await s.press("f2", "3")
        await s.until("一部損壊に同意")
        await s.type("1")
        await s.press("enter", "2", "enter")
        await s.until("本人確認")
        await s.press("1")
        await s.until("同意が要ります")
        assert not applications(s)


async def test_f3_a_report_is_certified_the_same_minute(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で 1 の家屋を申請")
        await s.press("f3")
        await s.until("届け出る内容")
        await s.type("物置")
        await s.press("enter", "enter")
        await s.until("本人確認")
        await s.press("1")
        await s.until("Enter で被災届出証明書を発行")
        await s.press("enter")
        await s.until("Enter で交付")
        assert applications(s)[0].what is Kind.REPORT and applications(s)[0].damage_note == "物置"


async def test_f4_a_house_by_hand_asks_for_a_second_operator_before_it_is_issued(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で 1 の家屋を申請")
        await s.press("f4")
        await s.until("家屋番号、住所、地番、地図番号を打って")
        await s.burst("H000001")
        await s.until("もう一人の職員の確認が要ります")
        await s.press("1", "1")
        await s.until("もう一人の確認待ち")
        await s.press("enter")
        assert applications(s)[0].state is State.DECIDED and not applications(s)[0].certificates
        await s.press("f3", "1")
        await s.until("二人目の職員番号")
        await s.burst("J02")
        await s.until("Enter で罹災証明書を発行")
        assert applications(s)[0].binding.confirmed_by == "J02"


async def test_f4_a_place_that_no_data_know(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.press("f4")
        await s.burst("山の上の一軒家")
        await s.until("どれでもない")
        await s.press("1", "1")
        await s.until("調査を待っています")
        assert applications(s)[0].binding.address == "山の上の一軒家"


async def test_f6_agent_copies_and_consent(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で 1 の家屋を申請")
        await s.press("f6")
        await s.until("代理人の氏名")
        await s.press("3")
        await s.type("見本代理")
        await s.press("down")
        await s.burst("委任状")
        await s.until("本人確認")
        assert "カードの顔写真" not in s.text()                    # the card is not the agent's
        await s.press("1")
        await s.until("受付しました")
        assert (applications(s)[0].agent_name, applications(s)[0].applicant.value) == ("見本代理", "agent")


async def test_f7_words_only(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で 1 の家屋を申請")
        await s.press("f7", "1")
        await s.until("受付しました")
        assert applications(s)[0].state is State.CONSULTED


async def test_a_protected_person_stops_and_enter_does_nothing(hall):
    async with hall().on() as s:
        await s.tap(PROTECTED_CARD)
        await s.until("ここではできません")
        await s.press("enter", "1", "f4")
        assert "ここではできません" in s.text() and not applications(s)
        await s.press("f7")
        await s.until("責任者による解除")
        await s.press("1", "enter")
        await s.until("相談だけを記録できます")
        await s.press("f4", "enter")
        assert "相談だけを記録できます" in s.text()


# --- an application and its tasks


async def test_f3_void_and_again(hall):
    async with hall().on() as s:
        await decided(s)
        await s.press("enter")
        await s.until("Enter で交付")
        await s.press("f3")
        await s.until("書損にする")
        await s.press("1")
        await s.until("書損の理由")
        await s.burst("よごれ")
        await s.until("Enter で罹災証明書を発行")
        await s.press("enter")
        await s.until("00002")
        assert [c.standing.value for c in applications(s)[0].certificates] == ["void", "valid"]


async def test_f3_resurvey_same_again_withdraw_expect(hall):
    async with hall().on() as s:
        number = await waiting(s)
        await s.press("f3")
        await s.until("予定日を伝える")
        await s.press("2")
        await s.until("例: R8.12.1")
        await s.burst("R8.12.1")
        await s.until("予定 令和8年12月1日")
        await s.press("f3", "4")
        await s.until("取下の理由")
        await s.type("申出")
        await s.press("enter")
        await s.until("取下")
        assert applications(s)[0].number == number and applications(s)[0].state is State.WITHDRAWN


async def test_f3_after_handing_over(hall):
    async with hall().on() as s:
        await decided(s)
        await s.press("enter", "enter")
        await s.until("交付済")
        await s.press("f3")
        await s.until("再発行")
        await s.press("2")
        await s.until("再発行の理由")
        await s.type("紛失")
        await s.press("enter")
        await s.until("Enter で交付")
        assert [c.standing.value for c in applications(s)[0].certificates] == ["superseded", "valid"]


@pytest.mark.parametrize("what", ["reception", "certificate", "qr"])
async def test_a_number_that_is_scanned_opens_the_application(hall, what):
    async with hall().on() as s:
        await decided(s)
        await s.press("enter")
        await s.until("Enter で交付")
        (one,) = applications(s)
        await s.press("escape")
        text = {"reception": one.number, "certificate": one.standing.number,
                "qr": f"SANJO-RS1:{one.standing.number}:{one.standing.check}"}[what]
        await s.burst(text)
        await s.until("Enter で交付")


async def test_f5_papers_of_the_application_first(hall):
    async with hall().on() as s:
        await decided(s)
        await s.press("enter", "f5")
        await s.until("罹災証明書 2026-A1B2C3-00001-4")
        await s.press("3")
        await s.until("印刷に回しました")
        assert s.desk.printing.jobs()[0].form == "certificate.form"


async def test_f8_lists_and_the_forgery(hall):
    async with hall().on() as s:
        number = await waiting(s)
        await s.press("escape", "f8")
        await s.until("要再交付")
        await s.press("3")
        await s.until("調査待ち  1件")
        assert number in s.text()
        await s.press("escape", "f8", "5")
        await s.until("QR コードを読むか")
        await s.burst("2026-A1B2C3-00009-0")
        await s.until("偽造の疑い")


async def test_f8_finds_who_lived_here_on_the_day(hall):
    async with hall().on() as s:
        await s.press("f8", "1")
        await s.until("災害の日にいた方")
        await s.burst("サトウタロウ")
        await s.until("本人を番号で選んで")
        await s.press("1")
        await s.until("Enter で 1 の家屋を申請")


async def test_f9_takes_an_application_back(hall):
    async with hall().on() as s:
        await decided(s)
        await s.press("f9", "1", "1")
        await s.until("取り消しました")
        assert not applications(s)


async def test_f2_at_an_idle_desk_opens_and_closes(hall):
    def loaded(desk):
        from tests.certificate_ground import SAMPLE

        desk.certificate.load_setup((SAMPLE / "disaster.toml").read_bytes())
        desk.certificate.load_data(SAMPLE / "houses")

    async with hall(prepare=loaded).on() as s:
        await s.until("受付を始めていません")
        await s.tap(SATO_CARD)
        await s.until("受付を始めた災害がありません")
        await s.press("escape", "f2")
        await s.until("受付を始める")
        await s.press("1")
        await s.until("受付を始めました")
        await s.press("f2", "1")
        await s.until("受付を終えました")


async def test_f1_explains_every_panel(hall):
    async with hall().on() as s:
        await s.press("f1")
        await s.until("災害の日の世帯")
        await s.press("escape")
        await s.tap(SATO_CARD)
        await s.press("f1")
        await s.until("もう一人の職員の確認が要ります")
        await s.press("escape", "enter", "1", "f1")
        await s.until("この申請の仕事")


# --- pictures


@pytest.mark.parametrize("name", ["idle", "house", "waiting", "decided", "handed"])
def test_the_picture(hall, snap_compare, name):
    stage = hall()

    async def run(pilot):
        stage.pilot = pilot
        await stage.until("検索")
        await stage.settle()
        if name == "waiting":
            await waiting(stage)
        elif name != "idle":
            await stage.tap(SATO_CARD)
            await stage.until("Enter で 1 の家屋を申請")
        if name in ("decided", "handed"):
            await stage.press("enter", "1")
            await stage.until("受付しました")
        if name == "handed":
            await stage.press("enter", "enter")
            await stage.until("交付済")
        await stage.settle()
        lines = stage.text().split("\n")
        assert [cell_len(line) for line in lines] == [80] * 24
        assert not ambiguous("".join(lines) + stage.screen.panel.help)

    assert snap_compare(stage.app, run_before=run, terminal_size=(80, 24))
