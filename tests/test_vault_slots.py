"""Ways into a station: each can be made anew or taken away, none opens another station, no card is locked by trying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjo_tui.cards import signature
from sanjo_tui.cards.profiles import parse
from sanjo_tui.errors import CardError, VaultError
from sanjo_tui.vault import Keys, Vault, cost, passphrase, slots
from sanjo_tui.vault.slots import Cost
from tests.hardware.rsacard import JPKI, PIV, PROFILES, RsaCard, key

QUICK = Cost(memory_kib=64, passes=1, lanes=1)
SECRET, OTHER = "五月の鯉の吹き流し", "六月の雨の紫陽花"
SIGNING = parse(PROFILES)
PIN = {JPKI: "2468", PIV: "246810"}


def made(folder: Path, secret: str = SECRET) -> Vault:
    folder.mkdir(exist_ok=True)
    return Vault.create(folder / "vault.toml", secret, cost=QUICK)[0]


def card(number: int = 1, aid: bytes = JPKI, tries: int = 3, most: int = 3) -> RsaCard:
    return RsaCard(key(number), PIN[aid], aid, tries=tries, most=most)


def by(one: RsaCard, pin: str = "") -> slots.Sign:
    one.reset()
    return signature.ready(signature.select(SIGNING, one.transmit, one.atr), one.transmit, pin or one.pin)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return made(tmp_path / "A").unlock(SECRET)


def here(keys: Keys) -> Vault:
    return Vault.open(keys._vault.path)


# Cards

@pytest.mark.parametrize("aid", [JPKI, PIV])
def test_the_signature_is_the_one_that_its_public_key_verifies(aid: bytes) -> None:
    one = card(aid=aid)
    made_of = by(one)(b"message")
    key(1).public_key().verify(made_of, b"message", PKCS1v15(), SHA256())
    assert len(made_of) == 256


@pytest.mark.parametrize("aid", [JPKI, PIV])
def test_a_card_opens_and_the_data_stays_what_it_was(keys: Keys, aid: bytes) -> None:
    keys.add_card(by(card(aid=aid)), "K01")
    opened = here(keys).unlock_card(by(card(aid=aid)))
    assert opened.chain_key == keys.chain_key and opened.opened_by == ("card", "K01")
    assert here(keys).unlock(SECRET).chain_key == keys.chain_key


def test_each_of_several_cards_opens_its_own_slot(keys: Keys) -> None:
    for number, name in ((1, "K01"), (2, "I01")):
        keys.add_card(by(card(number)), name)
    assert here(keys).unlock_card(by(card(1))).opened_by == ("card", "K01")
    assert here(keys).unlock_card(by(card(2)), "I01").opened_by == ("card", "I01")
    with pytest.raises(VaultError, match="このカードでは開きません"):
        here(keys).unlock_card(by(card(2)), "K01")


def test_another_card_and_no_card_slot_do_not_open(keys: Keys) -> None:
    with pytest.raises(VaultError, match="カードで開けるようになっていません"):
        here(keys).unlock_card(by(card()))
    keys.add_card(by(card()))
    with pytest.raises(VaultError, match="このカードでは開きません"):
        here(keys).unlock_card(by(card(2)))


def test_a_card_made_anew_signs_something_else(keys: Keys) -> None:
    keys.add_card(by(card()))
    first = here(keys).slots
    keys.add_card(by(card()))
    assert first[0].message != here(keys).slots[0].message and len(here(keys).slots) == 3
    assert here(keys).unlock_card(by(card())).chain_key == keys.chain_key


def test_a_key_that_signs_differently_each_time_or_is_short_is_refused(keys: Keys) -> None:
    odd = card()
    odd.salted = True
    with pytest.raises(VaultError, match="毎回違う"):
        keys.add_card(by(odd))
    with pytest.raises(VaultError, match="短すぎます"):
        keys.add_card(lambda _: b"x" * 128)
    assert len(here(keys).slots) == 2


@pytest.mark.parametrize("way", ["card", "passphrase", "recovery"])
def test_a_slot_copied_from_another_station_does_not_open(tmp_path: Path, keys: Keys, way: str) -> None:
    theirs = made(tmp_path / "B", OTHER)
    other = theirs.unlock(OTHER)
    other.add_card(by(card()))
    phrase = other.new_recovery()
    opening: dict[str, Callable[[Vault], Keys]] = {
        "card": lambda v: v.unlock_card(by(card())), "passphrase": lambda v: v.unlock(OTHER),
        "recovery": lambda v: v.unlock(phrase)}
    assert opening[way](here(other))
    mine = here(keys)
    mine.slots = (*mine.slots, *here(other).slots)
    mine._write()
    assert here(keys).unlock(SECRET).chain_key == keys.chain_key
    with pytest.raises(VaultError):
        opening[way](here(keys))


def test_a_slot_of_the_first_version_opens_and_does_not_when_it_was_copied(tmp_path: Path, keys: Keys) -> None:
    old = replace(here(keys).slots[0], vault=b"")
    old = old._around(keys._master, slots._from_phrase(SECRET, old.salt, QUICK))
    path = keys._vault.path
    vault = here(keys)
    vault.slots, vault.id = (old,), b""
    vault._write()
    assert "\nid = " not in path.read_text()
    opened = here(keys).unlock(SECRET)
    opened.add_passphrase(OTHER, "K01")
    assert here(keys).id and here(keys).unlock(SECRET).chain_key == here(keys).unlock(OTHER).chain_key

    theirs = made(tmp_path / "B", OTHER)
    theirs.slots = (*theirs.slots, old)
    theirs._write()
    with pytest.raises(VaultError, match="違います"):
        Vault.open(theirs.path).unlock(SECRET)


@pytest.mark.parametrize(("old", "new"), [('role = "card"', 'role = "passphrase"'), ('name = "K01"', 'name = "K02"'),
                                          ('challenge = "', 'challenge = "00'), ("bound = true", "bound = false")])
def test_an_edited_card_slot_does_not_open(keys: Keys, old: str, new: str) -> None:
    keys.add_card(by(card()), "K01")
    path = keys._vault.path
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(VaultError):
        here(keys).unlock_card(by(card()))


# PINs

@pytest.mark.parametrize("aid", [JPKI, PIV])
def test_a_wrong_pin_says_how_many_are_left_and_the_last_one_is_never_tried(aid: bytes) -> None:
    one, wrong = card(aid=aid, tries=4, most=4), PIN[aid][::-1]
    for left in (3, 2):
        with pytest.raises(CardError, match=f"暗証番号が違います。残りは {left} 回です"):
            by(one, wrong)
    with pytest.raises(CardError, match="暗証番号が違います。暗証番号の残りが 1 回なので"):
        by(one, wrong)
    for pin in (wrong, PIN[aid]):
        with pytest.raises(CardError, match="残りが 1 回なので、ここではもう試しません"):
            by(one, pin)
    assert one.tries == 1 and not one.signatures


def test_a_locked_card_and_one_that_does_not_count_are_left_alone() -> None:
    with pytest.raises(CardError, match="ロックされています"):
        by(card(tries=0))
    one = card()
    by(one)
    with pytest.raises(CardError, match="残り回数が分からない"):
        signature.ready(SIGNING[0], one.transmit, "0000")
    assert one.tries == one.most


@pytest.mark.parametrize(("aid", "pin"), [(JPKI, ""), (JPKI, "123"), (JPKI, "12345"), (JPKI, "abcd"), (PIV, "12345"),
                                          (PIV, "123456789"), (JPKI, "１２３")])
def test_what_is_no_pin_never_reaches_the_card(aid: bytes, pin: str) -> None:
    one = card(aid=aid)
    one.reset()
    with pytest.raises(CardError, match="カードの暗証番号は数字"):
        signature.ready(signature.select(SIGNING, one.transmit, one.atr), one.transmit, pin)
    assert one.tries == one.most


@settings(max_examples=30)
@given(st.text("0123456789", min_size=4, max_size=4))
def test_no_error_holds_the_pin(pin: str) -> None:
    one = card()
    if pin == one.pin:
        return
    with pytest.raises(CardError) as error:
        by(one, pin)
    assert pin not in f"{error.value} {error.value.detail}"


def test_a_card_without_the_application_and_a_station_without_a_profile_say_so() -> None:
    with pytest.raises(CardError, match="署名に使えるカードではありません"):
        by(RsaCard(key(1), "2468", b"\xa0" * 6))
    with pytest.raises(CardError, match="プロファイルがありません"):
        signature.select((), card().transmit, b"")


# Passphrases, the phrase, taking away

@pytest.mark.parametrize("weak", ["1234", "123456", "12345678901", "１２３４５６７８", "1234-5678-90", "himitsu",
                                  "鯉のぼ", "a1!"])
def test_a_short_pin_alone_is_no_new_passphrase(keys: Keys, weak: str) -> None:
    assert passphrase.weakness(weak)
    with pytest.raises(VaultError, match="短いパスフレーズ"):
        keys.add_passphrase(weak, "K01")
    assert len(here(keys).slots) == 2


@pytest.mark.parametrize("fit", ["123456789012", "himitsu7", "correct horse", "鯉のぼり"])
def test_a_long_one_is(keys: Keys, fit: str) -> None:
    keys.add_passphrase(fit, "K01")
    assert here(keys).unlock(fit).opened_by == ("passphrase", "K01")
    assert here(keys).unlock(fit, "K01") and here(keys).unlock(SECRET, "")
    with pytest.raises(VaultError, match="違います"):
        here(keys).unlock(fit, "")


def test_a_station_that_was_made_with_a_short_one_goes_on_opening(tmp_path: Path) -> None:
    assert made(tmp_path / "C", "1234").unlock("1234")


def test_a_new_phrase_opens_and_the_old_one_is_dead(tmp_path: Path) -> None:
    vault, old = Vault.create(tmp_path / "vault.toml", SECRET, cost=QUICK)
    keys = vault.unlock(SECRET)
    new = keys.new_recovery()
    assert here(keys).unlock(new).opened_by == ("recovery", "")
    with pytest.raises(VaultError, match="違います"):
        here(keys).unlock(old)
    assert new not in vault.path.read_text()


def test_the_last_way_in_and_the_phrase_cannot_be_taken_away(keys: Keys) -> None:
    for kind, name, said in (("passphrase", "", "封筒の合言葉でしか"), ("recovery", "", "復旧用の合言葉は外せません"),
                             ("card", "", "登録されていません"), ("passphrase", "K01", "登録されていません")):
        with pytest.raises(VaultError, match=said):
            keys.removable(kind, name)
        with pytest.raises(VaultError, match=said):
            keys.remove_slot(kind, name)
    keys.add_card(by(card()), "K01")
    keys.remove_slot("passphrase")
    with pytest.raises(VaultError, match="違います"):
        here(keys).unlock(SECRET)
    with pytest.raises(VaultError, match="封筒の合言葉でしか"):
        keys.remove_slot("card", "K01")
    assert here(keys).unlock_card(by(card())).chain_key == keys.chain_key


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["add", "remove"]), st.sampled_from(slots.KINDS),
                          st.sampled_from(["", "K01"])), max_size=8))
def test_whatever_is_added_and_removed_there_is_a_phrase_and_a_way_in(
        tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, str, str]]) -> None:
    keys = made(tmp_path_factory.mktemp("v")).unlock(SECRET)
    for act, kind, name in acts:
        try:
            match act, kind:
                case "remove", _:
                    keys.remove_slot(kind, name)
                case _, "card":
                    keys.add_card(lambda message: sha256(message).digest() * 8, name)
                case _, "recovery":
                    keys.new_recovery()
                case _:
                    keys.add_passphrase(f"{OTHER}{name}", name)
        except VaultError:
            pass
        kinds = [slot.role for slot in here(keys).slots]
        assert "recovery" in kinds and len(kinds) > 1
        assert len({(slot.role, slot.name) for slot in here(keys).slots}) == len(kinds)


def test_a_drill_takes_no_slot_and_stays_whole(tmp_path: Path) -> None:
    keys = Vault.create(tmp_path / "vault.toml", "", drill=True)[0].unlock("")
    with pytest.raises(VaultError, match="訓練"):
        keys.add_passphrase(OTHER)
    assert here(keys).unlock("").chain_key == keys.chain_key


def test_a_vault_that_was_swapped_while_it_was_open_takes_no_slot(tmp_path: Path, keys: Keys) -> None:
    theirs = made(tmp_path / "B", OTHER)
    keys._vault.path.write_bytes(theirs.path.read_bytes())
    with pytest.raises(VaultError, match="取り替えられています"):
        keys.add_passphrase(SECRET)


# The price of a try

@pytest.mark.parametrize(("floor_takes", "passes"), [(0.5, 3), (2.0, 3), (0.25, 6), (0.1, 15), (0.001, 32), (0.0, 3)])
def test_a_try_costs_half_a_second_within_bounds(floor_takes: float, passes: int) -> None:
    assert cost.measured(seconds_of=lambda _: floor_takes) == Cost(65536, passes, 4)


def test_it_is_measured_for_real_and_a_new_slot_costs_what_the_station_does(tmp_path: Path) -> None:
    real = cost.measured()
    assert real.memory_kib == 65536 and 3 <= real.passes <= slots.MOST_PASSES
    keys = made(tmp_path).unlock(SECRET)
    keys.add_passphrase(OTHER, "K01")
    assert {slot.cost for slot in keys.slots()} == {QUICK}
