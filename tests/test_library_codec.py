"""SIP2 frames byte for byte: the published vectors, text in three encodings, everything that is half or wrong."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.sip2 import messages
from sanjo_tui.sip2.codec import Form, Garbled, Message, Sip2Error, checksum, complete, decode, encode, verified
from sanjo_tui.wareki import JST

VECTORS = [
    ("09N20160419    12200820160419    122008APReading Room 1|AO830|AB830$28170815|AC|AY2AZ", "utf-8", "EB80"),
    ("9300CNlogin|COpassword|CPlocation|AY0AZ", "utf-8", "F1C0"),
    ("9900302.00AY1AZ", "utf-8", "FCA5"),
    ("97AZ", "utf-8", "FEF5"),
    ("96AZ", "utf-8", "FEF6"),
    ("9300CNsc|COpw|CP下田分館|AY0AZ", "utf-8", "F06E"),
    ("9300CNsc|COpw|CP下田分館|AY0AZ", "cp932", "F40D"),
]
AT = dt.datetime(2016, 4, 19, 12, 20, 8, tzinfo=JST)


@pytest.mark.parametrize(("text", "encoding", "digits"), VECTORS)
def test_checksums_as_published(text: str, encoding: str, digits: str) -> None:
    data = text.encode(encoding)
    assert checksum(data).decode() == digits
    assert verified(data + digits.encode()) and not verified(data + b"0000")


@pytest.mark.parametrize(("message", "sequence", "encoding", "frame"), [
    (Message("09", "N20160419    12200820160419    122008",
             (("AP", "Reading Room 1"), ("AO", "830"), ("AB", "830$28170815"), ("AC", ""))), 2, "utf-8",
     "09N20160419    12200820160419    122008APReading Room 1|AO830|AB830$28170815|AC|AY2AZEB80\r"),
    (messages.login("login", "password", messages.Who(institution="", location="location")), 0, "utf-8",
     "9300CNlogin|COpassword|CPlocation|AY0AZF1C0\r"),
    (messages.status(30), 1, "utf-8", "9900302.00AY1AZFCA5\r"),
    (Message("97"), 7, "utf-8", "97AZFEF5\r"),
    (Message("96"), 7, "utf-8", "96AZFEF6\r"),
    (messages.login("sc", "pw", messages.Who(institution="", location="下田分館")), 0, "utf-8",
     "9300CNsc|COpw|CP下田分館|AY0AZF06E\r"),
    (messages.login("sc", "pw", messages.Who(institution="", location="下田分館")), 0, "cp932",
     "9300CNsc|COpw|CP下田分館|AY0AZF40D\r")])
def test_frames_bit_for_bit(message: Message, sequence: int, encoding: str, frame: str) -> None:
    form = Form(encoding=encoding)
    data = encode(message, sequence, form)
    assert data == frame.encode(encoding)
    back, number = decode(data, form)
    assert back == message and number == (None if message.code in ("96", "97") else sequence)


def test_what_a_desk_asks_as_it_stands_on_the_line() -> None:
    who = messages.Who(institution="SANJO", location="中央館")
    asked = {
        "63": messages.patron(who, "1234567", AT),
        "63 items": messages.patron(who, "1234567", AT, items=True),
        "11": messages.checkout(who, "1234567", "B0004", AT, due=dt.datetime(2016, 5, 3, 23, 59, 59, tzinfo=JST)),
        "11 blank": messages.checkout(who, "1234567", "B0004", AT),
        "11 offline": messages.checkout(who, "1234567", "B0004", AT, due=AT, no_block=True),
        "09": messages.checkin(who, "B0004", AT),
        "17": messages.item_information(who, "B0004", AT),
        "35": messages.end_session(who, "1234567", AT)}
    lines = {name: encode(message, 0, Form(checksum=False)).decode() for name, message in asked.items()}
    assert lines == {
        "63": "6301420160419    122008          AOSANJO|AA1234567|AC|AD|\r",
        "63 items": "6301420160419    122008  Y       AOSANJO|AA1234567|AC|AD|BP1|BQ99|\r",
        "11": "11NN20160419    12200820160503    235959AOSANJO|AA1234567|ABB0004|AC|\r",
        "11 blank": f"11NN20160419    122008{' ' * 18}AOSANJO|AA1234567|ABB0004|AC|\r",
        "11 offline": "11NY20160419    12200820160419    122008AOSANJO|AA1234567|ABB0004|AC|\r",
        "09": "09N20160419    12200820160419    122008AP中央館|AOSANJO|ABB0004|AC|\r",
        "17": "1720160419    122008AOSANJO|ABB0004|AC|\r",
        "35": "3520160419    122008AOSANJO|AA1234567|AC|AD|\r"}


def test_optional_fields_are_off_until_they_are_wanted() -> None:
    plain = messages.Who(institution="A")
    more = messages.Who(institution="A", optional=True)
    assert {code for code, _ in messages.checkout(plain, "1", "2", AT).fields} == {"AO", "AA", "AB", "AC"}
    assert {code for code, _ in messages.checkout(more, "1", "2", AT).fields} == {"AO", "AA", "AB", "AC", "AD", "BO",
                                                                                 "BI"}


def test_the_sequence_is_one_digit() -> None:
    assert b"AY0AZ" in encode(messages.status(), 10, Form())


@pytest.mark.parametrize(("terminator", "end"), [("CR", b"\r"), ("CRLF", b"\r\n"), ("none", b"")])
def test_terminators(terminator: str, end: bytes) -> None:
    form = Form(terminator=terminator)
    frame = encode(messages.status(), 3, form)
    assert frame.endswith(b"AY3AZ" + frame[len(frame) - len(end) - 4:])
    assert complete(frame, form) is not None and frame.endswith(end)


@pytest.mark.parametrize("value", ["あ" * 86, "a|b", "a\rb", "a\nb", "a\0b"])
def test_values_that_cannot_be_carried(value: str) -> None:
    with pytest.raises(Sip2Error) as told:
        encode(Message("17", " " * 18, (("AB", value),)), 0, Form())
    assert value not in str(told.value) + told.value.detail


def test_255_bytes_are_carried_and_a_character_outside_the_encoding_is_not() -> None:
    encode(Message("17", " " * 18, (("AB", "あ" * 85),)), 0, Form())
    with pytest.raises(Sip2Error):
        encode(Message("17", " " * 18, (("AB", "\U00020bb7"),)), 0, Form(encoding="cp932"))


def test_cp932_text_that_holds_the_delimiter_as_a_byte() -> None:
    form = Form(encoding="cp932")
    message = Message("36", "Y" + " " * 18, (("AF", "ポスト表示ソ"), ("AG", "次")))
    data = encode(message, 0, form)
    assert "ポ".encode("cp932") == b"\x83|" and decode(data, form)[0] == message


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "cp850"])
def test_bytes_of_another_encoding_leave_flags_readable(encoding: str) -> None:
    other = Form(encoding="cp932" if encoding == "utf-8" else "utf-8")
    frame = encode(Message("12", "1NNY" + " " * 18, (("AB", "B1"), ("AF", "三条市史を"))), 4, other)
    message, number = decode(frame, Form(encoding=encoding))
    assert number == 4 and messages.answered(message).ok and message.first("AB") == "B1"


GOOD = encode(Message("12", "1NNY" + " " * 18, (("AB", "B1"), ("AJ", "三条市史"))), 4, Form())


@pytest.mark.parametrize("frame", [b"", b"\r", b"1", GOOD[:10], GOOD[:-6], GOOD[:-2], GOOD.replace(b"B1", b"B2"),
                                   b"ZZ" + GOOD[2:], encode(Message("12", "1N"), 0, Form()),
                                   GOOD[:-10] + b"\r"])
def test_half_and_changed_frames_are_garbled(frame: bytes) -> None:
    with pytest.raises(Garbled):
        decode(frame, Form())


@pytest.mark.parametrize("cut", range(1, len(GOOD) - 1))
def test_a_half_frame_is_not_complete(cut: int) -> None:
    assert complete(GOOD[:cut], Form()) is None


def test_without_checksum_frames_with_and_without_trailer_are_read() -> None:
    form = Form(checksum=False)
    bare = encode(messages.status(), 0, form)
    assert bare == b"9900802.00\r" and decode(bare, form) == (messages.status(), None)
    assert decode(encode(messages.status(), 5, Form()), form) == (messages.status(), 5)
    assert decode(b"9900802.00AY6\r", form) == (messages.status(), 6)


def test_a_missing_return_does_not_hold_up_a_right_frame() -> None:
    assert complete(GOOD[:-1], Form()) == (GOOD[:-1], b"")
    assert complete(b"\n" + GOOD + b"\n" + GOOD, Form()) == (GOOD[:-1], b"\n" + GOOD)


TEXT = st.text(st.characters(exclude_characters="|\r\n\0", exclude_categories=["Cs"]), max_size=60)


@given(st.lists(st.tuples(st.sampled_from(["AF", "AJ", "AB", "AO"]), TEXT), max_size=5), st.integers(0, 9))
def test_every_message_comes_back(fields: list[tuple[str, str]], sequence: int) -> None:
    message = Message("36", "Y" + " " * 18, tuple(fields))
    assert decode(encode(message, sequence, Form()), Form()) == (message, sequence)


@given(st.binary(max_size=120))
def test_noise_is_garbled_or_a_message_but_nothing_else(noise: bytes) -> None:
    for form in (Form(), Form(checksum=False), Form(encoding="cp932", checksum=False)):
        try:
            decode(noise, form)
        except Garbled as error:
            assert error.message


def test_what_64_says() -> None:
    flags = "Y" + " " * 12 + "Y"
    message = Message("64", f"{flags}01420261123    05070800000001   300000000    ",
                      (("AO", "SANJO"), ("AA", "1"), ("AE", "三条　太郎"), ("BL", "N"), ("AU", "B1"), ("AU", "B2"),
                       ("AF", "三条　太郎さん 延滞1冊"), ("AG", ""), ("AF", "延滞中: 三条市史"), ("AJ", "三条市史")))
    standing = messages.standing(message)
    assert standing.flags[0] and standing.flags[13] and sum(standing.flags) == 2
    assert standing.charged == 3 and standing.overdue == 1 and not standing.valid
    assert standing.items == {"B1", "B2"}
    assert standing.messages == ("…さん 延滞1冊", "延滞中: …")
    blank = messages.standing(Message("64", f"{' ' * 14}01420261123    050708{' ' * 24}"))
    assert blank.charged is None and blank.valid and not any(blank.flags)


@pytest.mark.parametrize(("text", "day"), [("20261207    235959", dt.date(2026, 12, 7)),
                                           ("2026-12-07 23:59", dt.date(2026, 12, 7)),
                                           ("2026/12/07", dt.date(2026, 12, 7)), ("", None), ("来週", None)])
def test_due_dates_as_systems_write_them(text: str, day: dt.date | None) -> None:
    assert messages.due_date(text) == day
