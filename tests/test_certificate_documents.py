"""The papers of the certificate desk: what stands on them, their marks, the longest and rarest that can come."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from sanjo_tui.documents.certificate import (
    application,
    certificate,
    ledger,
    proxy,
    report,
    request,
    ticket,
    voids,
)
from sanjo_tui.documents.certificate.parts import Person
from sanjo_tui.documents.paper import Heading
from sanjo_tui.receptions.certificate.words import Grade

HEADING = Heading(municipality="サンプル市", place="嵐南小学校", at="令和8年11月24日 14:05", station="A1B2C3",
                  register_as_of="令和8年11月20日", disaster="令和8年11月サンプル大雨（見本）", serial="A1B2C3-P0001")
LONG = "グエン　ティ　ホア　アレクサンドラ　クリスティーナ　フォン・デア・ハイデ"
RARE = "葛\U000e0100城　\ue000子"
PEOPLE = (Person(name="佐藤　太郎", relationship="世帯主", birth="昭和49年5月12日"),
          Person(name=LONG, relationship="同居人（縁故者）", birth="1974年5月12日"),
          Person(name=RARE, relationship="妻の母", birth="大正15年12月25日"))
ADDRESS = "サンプル県サンプル市大字下田字前田一丁目１２３４番地５６　メゾン・ド・グランデュールみなみ東館 １０２３号室"


def paper(**more: object) -> certificate.Certificate:
    values: dict[str, object] = {
        "heading": HEADING, "number": "2026-A1B2C3-00001-4", "head_name": "佐藤　太郎",
        "head_address": "旭町１丁目２番３号",
        "members": PEOPLE, "cause": "令和8年11月20日の大雨による浸水", "house_address": "旭町1丁目2番3号",
        "parcel_no": "1101-19",
        "grades": tuple((g.on_paper, g is Grade.HALF) for g in Grade),
        "sentence": "上記のとおり、相違ないことを証明します。",
        "issued_on": "令和8年11月24日", "mayor": "サンプル市長　見本　太郎",
        "qr": "SANJO-RS1:2026-A1B2C3-00001-4:0123456789abcdef",
        "statute": "災害対策基本法第90条の2第1項の規定により、罹災の程度を証明するものです。",
        "unverified": ("法令の文言",)}
    return certificate.Certificate(**{**values, **more})  # type: ignore[arg-type]


def text(pdf, page: int = 0) -> str:
    return re.sub(r"\s", "", PdfReader(io.BytesIO(pdf.data)).pages[page].extract_text())


def test_the_certificate_has_every_field_of_the_form():
    said = text(certificate.render(paper()))
    for word in ("整理番号2026-A1B2C3-00001-4", "罹災証明書", "世帯主住所", "旭町１丁目２番３号", "佐藤太郎",
                 "世帯構成員",
                 "令和8年11月20日の大雨による浸水", "被災住家※の", "1101-19", "全壊", "中規模半壊",
                 "準半壊に至らない（一部損壊）", "浸水区分等",
                 "相違ないことを証明します", "令和8年11月24日", "サンプル市長見本太郎", "公印"):
        assert word.replace("　", "") in said, word


def test_until_the_layout_is_confirmed_every_form_says_so_and_then_no_more():
    said = text(certificate.render(paper()))
    assert "様式未確認" in said and "法令の文言は未確認" in said
    done = text(certificate.render(paper(confirmed=True, unverified=())))
    assert "様式未確認" not in done and "未確認" not in done


def test_a_reissue_is_marked_and_names_the_number_that_ended():
    said = text(certificate.render(paper(reissued=True, supersedes="2026-A1B2C3-00000-5")))
    assert "再交付" in said and "2026-A1B2C3-00000-5は失効しました" in said
    assert "再交付" not in text(certificate.render(paper()))


def test_copies_are_pages_with_the_one_number():
    pdf = certificate.render(paper(copies=3))
    assert pdf.pages == 3
    assert all("2026-A1B2C3-00001-4" in text(pdf, n) and f"3通のうち{n + 1}通目" in text(pdf, n) for n in range(3))


def test_the_longest_and_rarest_still_fit_and_twelve_members_too():
    members = tuple(replace(PEOPLE[n % 3], name=f"{PEOPLE[n % 3].name}") for n in range(12))
    pdf = certificate.render(paper(members=members, head_name=LONG, head_address=ADDRESS, house_address=ADDRESS,
                                   cause="令和8年11月20日から23日までの梅雨前線と台風第29号による大雨、洪水、土砂災害、突風および停電による被害",
                                   remark="床上浸水 180 cm、土砂の流入あり、応急危険度判定 要注意"))
    assert not [issue for issue in pdf.issues if "入りきら" in issue or "読め" in issue]
    assert "以下余白" not in text(pdf)


def test_the_same_content_gives_the_same_bytes():
    assert certificate.render(paper()).data == certificate.render(paper()).data


def test_a_report_certifies_no_grade_and_no_cause():
    said = text(report.render(report.Report(
        heading=HEADING, number="2026-A1B2C3-00002-2", applicant_name="佐藤　太郎", applicant_address=ADDRESS,
        head_name="佐藤　太郎", cause="大雨", place=ADDRESS, what="物置、自動車、家財の浸水", photos=4,
        reported_on="令和8年11月24日",
        issued_on="令和8年11月24日", mayor="サンプル市長　見本　太郎", qr="SANJO-RS1:x:y")))
    assert "被災届出証明書" in said and "因果関係を証明するものではありません" in said
    assert not any(grade.label in said for grade in Grade)


def test_the_ticket_says_what_is_next_and_names_nobody():
    pdf = ticket.render(ticket.Ticket(
        heading=replace(HEADING, drill=True), number="A1B2C3-0001-9", kind="罹災証明書", disaster=HEADING.disaster,
        received_on="令和8年11月24日", state="調査待", next_step="調査員がうかがいます", expected="令和8年12月8日"))
    said = text(pdf)
    assert all(word in said for word in ("A1B2C3-0001-9", "調査員がうかがいます", "令和8年12月8日", "訓練"))
    assert "佐藤" not in said
    page = PdfReader(io.BytesIO(pdf.data)).pages[0]
    assert round(float(page.mediabox.width) / 72 * 25.4) == 80


def form(**more: object) -> application.Form:
    from sanjo_tui.receptions.certificate.words import Applicant, Method, SelfRule, Tenure

    def boxes(kind, now):
        return tuple((one is now, one.label) for one in kind)

    values: dict[str, object] = {
        "heading": HEADING, "number": "A1B2C3-0001-9", "kind": "罹災証明書", "to": "サンプル市長　様",
        "applied_on": "令和8年11月24日",
        "applicant_name": "佐藤　花子", "applicant_relation": boxes(Applicant, Applicant.MEMBER), "head_name": LONG,
        "head_address": ADDRESS, "members": PEOPLE * 3, "cause": "大雨", "house_address": ADDRESS,
        "parcel_no": "1101-19",
        "house_key": "H000001/1023", "tenure": boxes(Tenure, Tenure.RENTED), "owner": "見本不動産",
        "damage": "一階の床から 60cm まで水につかり、壁紙、畳、台所、風呂が使えない。裏の物置は流された。",
        "flood_cm": "床上 60 cm",
        "method": boxes(Method, Method.SELF), "self_rules": boxes(SelfRule, SelfRule.FLOOD), "photos": 12, "copies": 3,
        "purpose": "保険、税の減免", "ledger": ((True, "同意する"), (False, "同意しない")),
        "identified": "カードの顔写真と照合",
        "received_by": "J01", "phone": "0256-00-0000", "present_place": "嵐南小学校に3人"}
    return application.Form(**{**values, **more})  # type: ignore[arg-type]


def test_the_form_is_filled_in_and_leaves_the_signature():
    pdf = application.render(form())
    said = text(pdf)
    for word in ("罹災証明書交付申請書", "世帯主氏名", "罹災原因", "被災住家の", "申請者署名",
                 "受付番号A1B2C3-0001-9", "床上60cm", "様式未確認"):
        assert word in said, word
    assert pdf.pages == 1 and not [issue for issue in pdf.issues if "入りきら" in issue]


def test_the_lists_count_and_the_requests_part_by_map_sheet():
    rows = tuple(request.Row(map_sheet=f"75-{1 + n // 20}", number=f"A1B2C3-{n:04}-0", applied_on="R8.11.24",
                             house_key="H000001", address=ADDRESS, parcel_no="1101-19", head_name=LONG,
                             phone="0256-00-0000",
                             tenure="持家", damage="床上", expected_on="R8.12.8") for n in range(40))
    pdf = request.render(request.Requests(heading=HEADING, disaster="見本", rows=rows))
    assert pdf.pages >= 4 and "75-1" in text(pdf, 0) and "75-2" in text(pdf, pdf.pages - 1)
    entries = tuple(ledger.Row(number=f"2026-A1B2C3-{n:05}-0", issued_on="R8.11.24", kind="罹災証明書", head_name=LONG,
                               address=ADDRESS, grade="準半壊に至らない", copies=1, standing="有効" if n else "書損",
                               handed_on="R8.11.24", received_by="世帯主", application="A1B2C3-0001-9")
                    for n in range(30))
    assert "有効29件" in text(ledger.render(ledger.Ledger(heading=HEADING, rows=entries)))
    gone = tuple(voids.Row(number=f"2026-A1B2C3-{n:05}-0", kind="被災届出証明書", issued_on="R8.11.24", standing="失効",
                           ended_on="R8.11.25", reason="再調査", replaced_by="2026-A1B2C3-00099-0") for n in range(5))
    said = text(voids.render(voids.Voids(heading=HEADING, rows=gone)))
    assert "失効・書損5件" in said and "2026-A1B2C3-00099-0" in said


def test_every_paper_says_that_its_layout_was_not_compared():
    for module, content in ((request, request.Requests(heading=HEADING, disaster="見本", rows=())),
                            (ledger, ledger.Ledger(heading=HEADING, rows=())),
                            (voids, voids.Voids(heading=HEADING, rows=())),
                            (proxy, proxy.Proxy(heading=HEADING, to="市長　様", disaster="見本")),
                            (ticket, ticket.Ticket(heading=HEADING, number="A1B2C3-0001-9", kind="罹災証明書",
                                                   disaster="見本", received_on="令和8年11月24日", state="調査待",
                                                   next_step="調査"))):
        assert "様式未確認" in text(module.render(content))
        assert "様式未確認" not in text(module.render(replace(content, confirmed=True)))


def test_the_proxy_form_is_blank_but_for_the_disaster():
    said = text(proxy.render(proxy.Proxy(heading=HEADING, to="サンプル市長　様", disaster=HEADING.disaster)))
    assert "委任状" in said and "サンプル大雨" in said and "再調査の申請" in said


@pytest.mark.parametrize("grade", list(Grade))
def test_exactly_one_box_is_black(grade):
    one = paper(grades=tuple((g.on_paper, g is grade) for g in Grade))
    assert sum(on for _, on in one.grades) == 1
    none = paper(grades=tuple((g.on_paper, False) for g in Grade))
    assert certificate.render(one).data != certificate.render(none).data
