"""Contents of 宣誓書, 交付票 and 名簿抄本, ordinary and extreme. All people are invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sanjo_tui.documents.declaration import Declaration
from sanjo_tui.documents.extract import Extract, ExtractRow, Tick
from sanjo_tui.documents.paper import Heading
from sanjo_tui.documents.slip import Slip, Square
from sanjo_tui.receptions.polling.election import Contest, Reason, ReasonLabels, Wording
from sanjo_tui.receptions.polling.words import Act, Level, PaperKind

HEADING = Heading(municipality="三条市", place="三条庁舎期日前投票所", at="令和8年11月25日 10:15", station="A1B2C3",
                  serial="A1B2C3-P12")
NUMBER = "A1B2C3-0123-4"

REASONS = ReasonLabels(version="2026-1", source="架空", reasons=(
    Reason(code=1, label="仕事、学業、地域行事、冠婚葬祭その他の用務に従事"),
    Reason(code=2, label="用事又は事故のため、投票所のある区域の外に外出・旅行・滞在"),
    Reason(code=3, label="疾病、負傷、出産、老衰、身体障害等のため歩行が困難又は刑事施設等に収容"),
    Reason(code=4, label="交通至難の島等に居住・滞在"),
    Reason(code=5, label="住所移転のため、本市以外の市区町村に居住"),
    Reason(code=6, label="天災又は悪天候により投票所に行くことが困難")))

OATH = Wording(text="私は、下記の選挙の当日、次の事由に該当する見込みです。"
                    "このことが真実であることを誓い、あわせて投票用紙を請求します。", source="架空")

CONTESTS = ("衆議院小選挙区選出議員選挙", "衆議院比例代表選出議員選挙", "最高裁判所裁判官国民審査", "新潟県知事選挙",
            "新潟県議会議員補欠選挙")
EIGHT = (*CONTESTS, "三条市長選挙", "三条市議会議員補欠選挙", "参議院新潟県選挙区選出議員補欠選挙")

DECLARATION = Declaration(
    heading=HEADING, committee="三条市選挙管理委員会委員長", election="第52回衆議院議員総選挙ほか",
    polling_day="令和8年11月29日", oath=OATH, reasons=REASONS, reason_code=2, contests=CONTESTS,
    written_on="令和8年11月25日", name="佐藤　太郎", name_kana="サトウ　タロウ", birth="昭和49年2月3日",
    address="新潟県三条市旭町二丁目３番１号", roll_no="012-01-003-15", reception_no=NUMBER)

TSUJI, NABE = "辻\U000E0100", "邉\U000E0110"
LONG_NAME = (f"{TSUJI}𠮷{NABE}　マリア・フェルナンダ・ドス・サントス・オリヴェイラ・シルヴァ・デ・アルブケルケ・"
             "ペレイラ髙﨑")
LONG_KANA = "ツジヨシナベ　マリア　フェルナンダ　ドス　サントス　オリヴェイラ　シルヴァ　デ　アルブケルケタカサキ"
LONG_ADDRESS = ("新潟県三条市大字荻堀字中道下乙１２３４番地５６　グランドメゾン下田リバーサイドヒルズ東館"
                "１２０３号室　髙﨑様方（通称下田の森）")

EXTREME = replace(
    DECLARATION,
    heading=replace(HEADING, place="三条市役所下田庁舎第二期日前投票所（コミュニティセンター多目的ホール）"),
    election="令和8年衆議院議員総選挙・最高裁判所裁判官国民審査・新潟県知事選挙・三条市長選挙（同日執行）",
    contests=EIGHT, name=LONG_NAME, name_kana=LONG_KANA, address=LONG_ADDRESS)

COLOURS = ("うすい水色", "うすい赤色", "うぐいす色", "クリーム色", "白色", "オレンジ色", "うすい紫色",
           "うすい黄緑色（格子模様）")
ACTS = (Act.ISSUE, Act.ISSUE, Act.NOT_NOW, Act.ABSTAIN, Act.NOT_ENTITLED, Act.DONE, Act.ISSUE, Act.ISSUE)


def squares(count: int = 5, paper: PaperKind = PaperKind.PLAIN) -> tuple[Square, ...]:
    return tuple(Square(contest=EIGHT[at], colour=COLOURS[at], box_no=at + 1, act=ACTS[at],
                        paper=paper if at == 1 else PaperKind.PLAIN) for at in range(count))


SLIP = Slip(heading=HEADING, reception_no=NUMBER, received_at="11/25 10:15", squares=squares())

PEOPLE = (("相沢　花子", "アイザワ　ハナコ", "女"), ("五十嵐　健一", "イガラシ　ケンイチ", "男"),
          ("佐藤　太郎", "サトウ　タロウ", "男"), ("髙橋　ミサヲ", "タカハシ　ミサヲ", "女"),
          ("渡邉　次郎", "ワタナベ　ジロウ", "男"),
          ("がんじい　トメ", "ガンジイ　トメ", "女"), ("NGUYEN VAN AN", "", "男"))
SIGNS = (Tick.OPEN, Tick.DONE, Tick.EARLY, Tick.OPEN, Tick.ABSENTEE, Tick.OPEN)


def contests(count: int = 5) -> tuple[Contest, ...]:
    return tuple(Contest(code=f"C{at}", name=EIGHT[at], level=Level.NATION, ballot_colour=COLOURS[at], box_no=at + 1,
                         order=at, early_from=dt.date(2026, 11, 18), early_to=dt.date(2026, 11, 28))
                 for at in range(count))


def elector(number: int, count: int = 5, **changed: object) -> ExtractRow:
    """Electors of two wards; every sixth voted early, and so on."""
    name, kana, sex = PEOPLE[number % len(PEOPLE)]
    sign = SIGNS[number % len(SIGNS)]
    row = ExtractRow(roll_no=f"{1 + number % 2:03d}-01-{1 + number // 40:03d}-{1 + number % 40:02d}", name=name,
                     ward_code=f"{1 + number % 2:03d}", name_kana=kana, birth="昭和49年2月3日", sex=sex,
                     address="旭町二丁目３番１号", ticks=(sign,) * count)
    return replace(row, **changed)  # type: ignore[arg-type]


RARE = (
    elector(200, name=LONG_NAME, name_kana=LONG_KANA, address=LONG_ADDRESS, note="同名あり"),
    elector(202, name="佐藤　一\ue000",
            ticks=(Tick.EARLY, Tick.EARLY, Tick.OPEN, Tick.NOT_ENTITLED, Tick.ABSENTEE_OUT)),
    elector(204, name="支援　措子", name_kana="シエン　ソコ", address=""),
    elector(206, name="失権　抹", name_kana="シッケン　マツ", to_presiding=True, ticks=(Tick.OPEN,) * 5))

EXTRACT = Extract(
    heading=HEADING, election="第52回衆議院議員総選挙ほか", polling_day="令和8年11月29日", contests=contests(),
    rows=(*(elector(number) for number in range(60)), *RARE), upto_time="13時45分", upto_no=NUMBER,
    others="下田庁舎 11月24日 20時まで", roll_as_of="令和8年11月21日")
