"""Contents of the counting and record papers of a polling place, ordinary and extreme. All people are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sanjo_tui.documents import balance, incident, interim, one_line_records, proof_sheet, voting_record
from sanjo_tui.documents.balance import BalanceLine, CountLine, Explanation
from sanjo_tui.documents.incident import ChainLine, DoubleRow
from sanjo_tui.documents.one_line_records import Record, RecordKind
from sanjo_tui.documents.paper import Heading, Pdf
from sanjo_tui.documents.voting_record import BallotBox, Case, ContestFigures, Duty

HEADING = Heading(municipality="三条市", place="第12投票所（嵐南小学校体育館）", at="令和8年11月29日 11:05",
                  station="A1B2C3", serial="A1B2C3-P12")
ELECTION = "令和8年11月29日執行 衆議院議員総選挙 ほか"
DAY = "令和8年11月29日（日）"
CONTESTS = ("衆議院小選挙区選出議員選挙", "衆議院比例代表選出議員選挙", "最高裁判所裁判官国民審査", "新潟県知事選挙",
            "三条市議会議員補欠選挙")
LONG_PLACE = "第108投票所（下田地区高齢者生活支援センター併設コミュニティ交流館多目的ホール東側入口）"
LONG_CONTEST = "新潟県議会議員補欠選挙（三条市・南蒲原郡田上町・加茂市選挙区選出議員の欠員二名に係るもの）"
LONG_TEXT = "束を数え直したところ1枚足りず、用紙が2枚重なって渡った可能性があるため、交付係と立会人で確かめた。" * 4
TSUJI = "辻\U000E0100　邉\U000E0110蔵"

INTERIM = interim.Interim(
    heading=HEADING, election=ELECTION, number=2, day=DAY, time="11:00", previous_time="9:00", reporter="山田",
    contests=tuple(interim.InterimLine(contest=name, voters=(612 + at, 640, 1252 + at), electors=(1450, 1532, 2982),
                                       previous=(320, 331, 651)) for at, name in enumerate(CONTESTS)))

LINES = tuple(
    BalanceLine(contest=name, paper=paper, delivered=3000 if plain else 20, issued=1252 if plain else 1,
                provisional=1 if plain else 0, spoiled=2 if plain else 0, returned=1 if plain else 0,
                accepted=-1 if plain and not at else 0, counted=1745 - (at in (0, 2)) if plain else None,
                expected_then=1745 - (not at), counted_at="11:02")
    for at, name in enumerate(CONTESTS) for paper, plain in (("普通", True), ("点字", False)))

BALANCE = balance.Balance(
    heading=HEADING, election=ELECTION, day=DAY, lines=LINES,
    counts=tuple(CountLine(at=f"11/29 {9 + at // 5 * 2:02d}:02", contest=CONTESTS[at % 5], paper="普通",
                           expected=2349 - at, counted=2349 - at - (at == 7), occasion="定時", operator="山田")
                 for at in range(10)),
    explanations=(Explanation(at="11/29 09:20", contest=CONTESTS[0], paper="普通", difference=-1,
                              text="受領の時から1枚少なかったことを、選挙管理委員会に電話で確かめた。", operator="山田",
                              verifier="佐藤"),),
    oaths_counted=None, oaths_recorded=None)

RECORD = Record(at="11/29 10:02", place="第12投票所", reception_no="A1B2C3-0012-7", roll_no="12-03-041-07",
                name="五十嵐　トメ", name_kana="イガラシ　トメ", birth="昭和8年3月9日", sex="女", contests=CONTESTS[:1],
                action="用紙返還", ground="入院の予定がなくなったため", opinion="異議なし", objected_by="本人",
                decided_by="佐藤", verifier="佐藤", assistants=("山田", "鈴木"), operator="山田")

RECORDS = {kind: one_line_records.Records(heading=HEADING, kind=kind, election=ELECTION, rows=(
    RECORD, replace(RECORD, at="11/29 10:40", reception_no="A1B2C3-0031-5", name="佐藤　太郎",
                    name_kana="サトウ　タロウ", contests=CONTESTS[:3]))) for kind in RecordKind}

CHAIN = (
    ChainLine(number="A1B2C3-103", at="11/20 10:05:12", place="三条庁舎期日前投票所", what="受付・交付",
              contests=CONTESTS[:2], operator="山田", short_hash="9f3a21bc"),
    ChainLine(number="A1B2C3-104", at="11/20 10:09:40", place="三条庁舎期日前投票所", what="退出確認",
              contests=CONTESTS[:2], operator="鈴木", short_hash="07be55d0"),
    ChainLine(number="D4E5F6-88", at="11/20 15:31:02", place="栄庁舎期日前投票所", what="受付・交付",
              contests=CONTESTS[:1], operator="高橋", verifier="佐藤", short_hash="51c0aa19"),
    ChainLine(number="A1B2C3-240", at="11/21 08:12:55", place="三条庁舎期日前投票所", what="事故の記録",
              operator="山田", verifier="佐藤", short_hash="e0017f4c"),
)

INCIDENT = incident.Incident(
    heading=HEADING, election=ELECTION, roll_no="12-03-041-07", name="佐藤　太郎", name_kana="サトウ　タロウ",
    birth="昭和49年2月3日", sex="男", ward="第12投票区", reception_nos=("A1B2C3-0012-7", "D4E5F6-0040-2"),
    doubled=((CONTESTS[0], 2),), chain=CHAIN, category="二重交付",
    remark="他会場データの取込みで分かった。本人に電話で確かめた。")

DOUBLES = incident.Doubles(heading=HEADING, election=ELECTION, rows=tuple(
    DoubleRow(case=case, kind="二重交付", contest=CONTESTS[case - 1], number=f"{station}-{80 + case}",
              at="11/20 10:05", place=place, roll_no=f"12-03-041-0{case}", name=name, birth="昭和49年2月3日",
              mode="期日前", paper="普通", reception_no=f"{station}-0012-7", operator="山田")
    for case, name in ((1, "佐藤　太郎"), (2, "五十嵐　トメ"))
    for station, place in (("A1B2C3", "三条庁舎期日前投票所"), ("D4E5F6", "栄庁舎期日前投票所"))))

ZERO = proof_sheet.ProofSheet(
    heading=HEADING, proof=proof_sheet.Proof.ZERO, election=ELECTION, election_id="2026-11-shuin", day=DAY, at="06:52",
    scheduled="07:00 から 20:00", roll_id="ROLL-20261120", roll_base="B-20261119-01", roll_as_of="令和8年11月20日",
    program="1.2.0",
    hashes=(("選挙の設定", "0123456789abcdef" * 4), ("名簿", "89abcdef01234567" * 4), ("記録", "fedcba9876543210" * 4)),
    counts=(("交付した用紙", "0 枚"), ("記録の件数", "12 件"), ("選挙人 男", "1,450 人"), ("選挙人 女", "1,532 人"),
            ("選挙人 計", "2,982 人")))
CLOSING = replace(ZERO, proof=proof_sheet.Proof.CLOSING, at="20:00", counts=(
    ("交付した用紙", "9,012 枚"), ("記録の件数", "2,417 件"), ("投票者 計", "1,803 人"), ("宣誓書", "0 枚")))

FIGURES = tuple(ContestFigures(contest=name, electors=(1450, 1532, 2982), voters=(612 + at, 640, 1252 + at), proxy=3,
                               braille=1, refused=1, provisional=1, exchanged=2, returned=1, taken_away=0,
                               by_judgement=0) for at, name in enumerate(CONTESTS))

VOTING_RECORD = voting_record.VotingRecord(
    heading=HEADING, election=ELECTION, early=False, day=DAY, address="三条市旭町二丁目３番１号",
    scheduled="午前7時 から 午後8時", opened="07:00", closed="20:00", roll="ROLL-20261120（令和8年11月20日現在）",
    duties=(Duty(role="投票管理者", name="佐藤　一郎", came="06:30"),
            Duty(role="職務代理者", name="山田　花子", came="06:30"),
            Duty(role="投票立会人", name="高橋　次郎", came="06:40", left="13:00", remark="午後は補充"),
            Duty(role="投票立会人", name="鈴木　三郎", came="13:00", remark="補充")),
    contests=FIGURES, proxies=(Case(at="10:02", who="A1B2C3-0012-7", contests=CONTESTS[:2], text="手が不自由なため",
                                    by="山田、鈴木"),),
    refusals=(Case(at="11:20", who="12-03-041-07", contests=CONTESTS[:1], text="本人と認められない。立会人も同じ意見。",
                   by="佐藤　一郎"),),
    provisionals=(Case(at="11:25", who="A1B2C3-0031-5", contests=CONTESTS[:1], text="拒否に異議があったため",
                       by="佐藤　一郎"),),
    papers=LINES, boxes=tuple(BallotBox(name=f"第{at}箱　{name}", empty_at="06:58")
                              for at, name in enumerate(CONTESTS, 1)),
    remarks=(Case(at="15:10", text="停電5分。紙で受け付け、あとで入力した。", by="山田"),))

Render = Callable[[Heading], Pdf]

CONTENTS: dict[str, Render] = {
    "interim": lambda h: interim.render(replace(INTERIM, heading=h)),
    "balance": lambda h: balance.render(replace(BALANCE, heading=h)),
    "voting-record": lambda h: voting_record.render(replace(VOTING_RECORD, heading=h)),
    "early-record": lambda h: voting_record.render(replace(VOTING_RECORD, heading=h, early=True, oaths=1803)),
    "incident": lambda h: incident.render(replace(INCIDENT, heading=h)),
    "doubles": lambda h: incident.render(replace(DOUBLES, heading=h)),
    "zero": lambda h: proof_sheet.render(replace(ZERO, heading=h)),
    "closing": lambda h: proof_sheet.render(replace(CLOSING, heading=h)),
    **{f"record-{kind}": (lambda h, kind=kind: one_line_records.render(  # type: ignore[misc]
        replace(RECORDS[kind], heading=h))) for kind in RecordKind},
}
"""Every paper, as a function of its heading."""
