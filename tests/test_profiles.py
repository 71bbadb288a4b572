"""Card profiles: what a file may say, and the sentence for everything it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.cards.profiles import Pin, Profile, load, load_all, parse
from sanjo_tui.errors import CardError

AID = "D3921000310001FF01"
CITY = 'id = "city"\nkind = "file"\naid = "D3921000310001FF01"\nef = "0001"\nlength = 13\n'
SIGNING = '''[[profile]]
id = "s"
kind = "signature"
style = "piv"
aid = "A000000308000010000100"
pin = { digits = 6 }
'''


def profile(text: str) -> Profile:
    return parse("[[profile]]\n" + text)[0]


def refused(text: str) -> str:
    with pytest.raises(CardError) as error:
        parse(text)
    assert error.value.hint
    return str(error.value)


def test_every_key_is_read() -> None:
    found = profile("""
        id = "city"
        label = "市カードAP"
        enabled = true
        kind = "file"
        token = "user_id"
        assurance = "possession"
        match.atr = ["3B88 8001*", "3b8f8001804f0ca0000003061100 3b 00 00 00 00 42"]
        aid = "D3921000310001FF01"
        ef = "0001"
        sfi = 1
        record = 2
        offset = 300
        length = 13
        head_bytes = 64
        decode = "bcd"
        pattern = '^\\d{13}$'
        check = "luhn"
        forbid_random = true
        pin = { ef = "0011", digits = 6, keep = 2 }
        prefix = "~"
    """)
    assert found == Profile(
        id="city", label="市カードAP", kind="file", assurance="possession",
        match_atr=("3B888001*", "3B8F8001804F0CA00000030611003B0000000042"), aid=bytes.fromhex("D3921000310001FF01"),
        ef=b"\x00\x01", sfi=1, record=2, offset=300, length=13, decode="bcd", pattern=r"^\d{13}$", check="luhn",
        forbid_random=True, pin=Pin(b"\x00\x11", 6, 2), prefix="~")


@pytest.mark.parametrize("match", ['match.atr = ["3B88*"]', 'match = { atr = ["3B88*"] }', '"match.atr" = ["3B88*"]',
                                   'match.atr = "3b88*"', '[profile.match]\natr = ["3B 88*"]'])
def test_match_may_be_written_in_every_way_of_toml(match: str) -> None:
    found = profile(CITY + match)
    assert found.fits(bytes.fromhex("3B8801")) and not found.fits(bytes.fromhex("3B8F01"))


def test_an_atr_without_a_star_is_the_whole_atr() -> None:
    found = profile(CITY + 'match.atr = "3B88"')
    assert found.fits(b"\x3b\x88") and not found.fits(b"\x3b\x88\x01")


def test_a_profile_without_match_fits_every_card() -> None:
    assert profile(CITY).fits(b"") and profile(CITY).fits(b"\x3b")


def test_only_enabled_profiles_are_used_but_all_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    idm = '[[profile]]\nid = "idm"\nkind = "uid"\n'
    path.write_text(f"version = 1\n[[profile]]\n{CITY}enabled = false\n{idm}", "utf-8")
    assert [one.id for one in load(path)] == ["idm"]
    assert [one.id for one in load_all(path)] == ["city", "idm"]
    path.write_text(f"[[profile]]\n{CITY}enabled = false\noffset = -1\n")
    with pytest.raises(CardError, match=r"profiles\.toml.*「city」.*offset"):
        load(path)


@pytest.mark.parametrize(("text", "said"), [
    ("", "プロファイルがありません"),
    ("profile = 3", "プロファイルがありません"),
    ("[[profiles]]\nid = 'x'", "profiles という項目はありません"),
    ("version = 2\n[[profile]]\n" + CITY, "version = 2"),
    ("[[profile]]\nkind = 'file'", "1 番目のプロファイル: id"),
    ("[[profile]]\n" + CITY + "[[profile]]\n" + CITY, "「city」: id が二つ"),
    ("[[profile]]\n" + CITY + "lenght = 3", "「city」: lenght という項目はありません"),
    ("[[profile]]\nid = 'x'", "「x」: kind がありません"),
    ("[[profile]]\nid = 'x'\nkind = 'nfc'", "「x」: kind = \"nfc\""),
    ("[[profile]]\nid = 'x'\nkind = 'cert_serial'", "この版では使えません"),
    ("[[profile]]\nid = 'x'\nkind = 'file'\nef = '0001'", "「x」: aid がありません"),
    ("[[profile]]\n" + CITY.replace(AID, "D39Z"), "「city」: aid が16進数"),
    ("[[profile]]\n" + CITY.replace(AID, "D3921000"), "「city」: aid は 5 から 16"),
    ("[[profile]]\n" + CITY.replace(AID, "D3" * 17), "「city」: aid は 5 から 16"),
    ("[[profile]]\n" + CITY.replace("length = 13", ""), "「city」: length がありません"),
    ("[[profile]]\n" + CITY.replace("length = 13", "length = '13'"), "「city」: length は"),
    ("[[profile]]\n" + CITY.replace("length = 13", "length = true"), "「city」: length は"),
    ("[[profile]]\n" + CITY.replace('ef = "0001"', ""), "「city」: ef も sfi も"),
    ("[[profile]]\n" + CITY.replace('ef = "0001"', 'ef = "01"'), "「city」: ef は 2 バイト"),
    ("[[profile]]\n" + CITY.replace('ef = "0001"', "ef = 1"), "「city」: ef は文字列"),
    ("[[profile]]\n" + CITY + "sfi = 31", "「city」: sfi は"),
    ("[[profile]]\n" + CITY + "offset = 32768", "「city」: offset は"),
    ("[[profile]]\n" + CITY + "pattern = '('", "「city」: pattern が正規表現"),
    ("[[profile]]\n" + CITY + "check = 'crc'", "「city」: check = \"crc\""),
    ("[[profile]]\n" + CITY + "decode = 'utf8'", "「city」: decode = \"utf8\""),
    ("[[profile]]\n" + CITY + "assurance = 'high'", "「city」: assurance = \"high\""),
    ("[[profile]]\n" + CITY + "enabled = 'yes'", "「city」: enabled は true か false"),
    ("[[profile]]\n" + CITY + "token = ' '", "「city」: token が空"),
    ("[[profile]]\n" + CITY + "match.atr = ['xyz']", "「city」: match.atr が16進数"),
    ("[[profile]]\n" + CITY + "match.atr = [1]", "「city」: match.atr は文字列"),
    ("[[profile]]\n" + CITY + "match.uid = ['00']", "「city」: match に書けるのは"),
    ("[[profile]]\n" + CITY + "pin = { digits = 4 }", "「city」: pin の形"),
    ("[[profile]]\n" + CITY + "pin = { ef = '0011', keep = 0 }", "「city」: keep は"),
    ("[[profile]]\nid = 'u'\nkind = 'uid'\ndecode = 'ascii'", "「u」: decode"),
    ("[[profile]]\nid = 'u'\nkind = 'uid'\nlength = 4\nforbid_random = true", "「u」: length = 4"),
    ("[[profile]]\nid = 'w'\nkind = 'wedge'", "「w」: pattern がありません"),
    ("[[profile]]\nid = 'x'\nlength = 0013", "3 行目"),
    ("[[profile]]\nid = 'x'\nkind = 'signature'", "「x」: aid がありません"),
    (SIGNING.replace('style = "piv"', ""), "「s」: style がありません"),
    (SIGNING.replace("piv", "pgp"), "「s」: style = \"pgp\""),
    (SIGNING.replace("pin = { digits = 6 }", ""), "「s」: pin がありません"),
    (SIGNING.replace("digits = 6", "digits = 4"), "「s」: pin.digits"),
    (SIGNING.replace("piv", "jpki"), "「s」: pin の形"),
    (SIGNING.replace("piv", "jpki").replace("digits", 'ef = "0018", digits'), "「s」: ef がありません"),
    (SIGNING + 'algorithm = "11"', "「s」: algorithm"),
    (SIGNING + 'key = "9A9A"', "「s」: key は 1 バイト"),
])
def test_a_wrong_file_names_profile_and_key(text: str, said: str) -> None:
    assert said in refused(text)


def test_a_kind_of_a_later_version_may_stand_there_switched_off() -> None:
    text = "[[profile]]\nid = 'j'\nkind = 'cert_serial'\nenabled = false\nhead_bytes = 64\n[[profile]]\n" + CITY
    assert [one.id for one in parse(text)] == ["city"]


def test_a_missing_or_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="がありません"):
        load(tmp_path / "none.toml")
    bad = tmp_path / "bad.toml"
    bad.write_bytes("id = '市'".encode("cp932"))
    with pytest.raises(CardError, match="UTF-8"):
        load(bad)


@pytest.mark.parametrize(("aid", "file"), [
    ("D3921000310001010408", 'ef = "0001"'), ("D3921000310001010408", 'ef = "0014"'),
    ("D3921000310001010408", "sfi = 1"),
    ("D3921000310001010408", "sfi = 20"), ("D3921000310001010402", 'ef = "0005"'),
    ("D3921000310001010402", 'ef = "0013"'),
    ("D3921000310001010402", "sfi = 5"), ("D3921000310001010402", "sfi = 19"),
    ("D39210003100010104", 'ef = "0001"'),                        # a shorter AID selects the same application
    ("D3921000310001010408", 'ef = "0002"\nsfi = 1'), ("D3921000310001010408", 'ef = "0002"\npin = { ef = "0014" }'),
])
@pytest.mark.parametrize("kind", ["file", "record"])
@pytest.mark.parametrize("enabled", ["true", "false"])
def test_files_with_my_number_are_refused_however_they_are_named(aid: str, file: str, kind: str, enabled: str) -> None:
    said = refused(f'[[profile]]\nid = "x"\nkind = "{kind}"\naid = "{aid}"\n{file}\nlength = 12\nenabled = {enabled}')
    assert "個人番号" in said and "「x」" in said


def test_such_a_profile_cannot_be_made_in_code_either() -> None:
    with pytest.raises(CardError, match="個人番号"):
        Profile(id="x", kind="file", aid=bytes.fromhex("D3921000310001010408"), ef=b"\x00\x14", length=12)


def test_other_files_of_the_same_applications_may_be_read() -> None:
    assert profile('id = "x"\nkind = "file"\naid = "D3921000310001010408"\nef = "0005"\nlength = 12').ef == b"\x00\x05"


def test_a_card_that_signs_is_described_in_two_styles() -> None:
    piv = parse(SIGNING)[0]
    assert (piv.style, piv.key, piv.algorithm, piv.pin) == ("piv", 0x9A, 0x07, Pin(b"", 6, 1))
    jpki = profile('id = "j"\nkind = "signature"\nstyle = "jpki"\naid = "D392F000260100000001"\nef = "0017"\n'
                   'pin = { ef = "0018", digits = 4, keep = 2 }')
    assert (jpki.style, jpki.ef, jpki.pin) == ("jpki", b"\x00\x17", Pin(b"\x00\x18", 4, 2))
