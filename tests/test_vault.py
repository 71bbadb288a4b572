"""The vault: what opens it, what does not, and what a destroyed key leaves behind."""

from __future__ import annotations

import pickle
import resource
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.errors import VaultError
from sanjo_tui.vault import Keys, Vault, passphrase, recovery
from sanjo_tui.vault.slots import Cost

QUICK = Cost(memory_kib=64, passes=1, lanes=1)


def made(tmp_path: Path, secret: str = "五月の鯉の吹き流し") -> tuple[Vault, str]:
    return Vault.create(tmp_path / "vault.toml", secret, cost=QUICK)


def test_the_passphrase_opens_the_vault_again(tmp_path: Path) -> None:
    vault, _ = made(tmp_path)
    first = vault.unlock("五月の鯉の吹き流し")
    again = Vault.open(tmp_path / "vault.toml").unlock("五月の鯉の吹き流し")
    assert first.file_key("journal") == again.file_key("journal")
    assert len({first.file_key("journal"), first.file_key("register/a"), first.chain_key}) == 3
    assert len(first.file_key("journal")) == 32


def test_the_full_price_is_the_default(tmp_path: Path) -> None:
    vault, _ = Vault.create(tmp_path / "vault.toml", "x")
    assert {slot.cost for slot in vault.slots} == {Cost(65536, 3, 4)}
    assert vault.unlock("x").chain_key


def test_two_keyboards_type_the_same_passphrase(tmp_path: Path) -> None:
    vault, _ = made(tmp_path, "か\u3099")
    assert vault.unlock("が")


@pytest.mark.parametrize("wrong", ["五月の鯉", "五月の鯉の吹き流し ", "x" * 1000])
def test_a_wrong_passphrase_is_refused_in_words(tmp_path: Path, wrong: str) -> None:
    vault, _ = made(tmp_path)
    with pytest.raises(VaultError, match="パスフレーズが違います"):
        vault.unlock(wrong)


@pytest.mark.parametrize("empty", ["", "  ", "\t", "　"])
def test_an_empty_passphrase_is_refused_at_both_doors(tmp_path: Path, empty: str) -> None:
    with pytest.raises(VaultError, match="空"):
        made(tmp_path, empty)
    assert not (tmp_path / "vault.toml").exists()
    vault, _ = made(tmp_path)
    with pytest.raises(VaultError, match="空"):
        vault.unlock(empty)


def test_the_recovery_phrase_opens_it_however_it_is_typed(tmp_path: Path) -> None:
    vault, phrase = made(tmp_path)
    want = vault.unlock("五月の鯉の吹き流し").chain_key
    wide = "".join(chr(ord(c) + 0xFEE0) if c != "-" else "ー" for c in phrase)
    for typed in (phrase, phrase.lower(), phrase.replace("-", ""), phrase.replace("-", "  "), f" {phrase}\n", wide,
                  phrase.replace("0", "o").replace("1", "l")):
        assert vault.unlock(typed).chain_key == want
    assert phrase not in (tmp_path / "vault.toml").read_text()


def test_a_slip_in_the_recovery_phrase_is_called_a_slip(tmp_path: Path) -> None:
    vault, phrase = made(tmp_path)
    slip = ("2" if phrase[0] != "2" else "3") + phrase[1:]
    if recovery.is_whole(recovery.letters_of(slip) or ""):
        slip = ("4" if phrase[0] != "4" else "5") + phrase[1:]
    with pytest.raises(VaultError, match="書きまちがい"):
        vault.unlock(slip)


def test_another_stations_recovery_phrase_does_not_open(tmp_path: Path) -> None:
    vault, _ = made(tmp_path)
    with pytest.raises(VaultError, match="違います"):
        vault.unlock(recovery.new_phrase())


def test_phrases_carry_128_bits_and_never_repeat() -> None:
    phrases = {recovery.new_phrase() for _ in range(200)}
    assert len(phrases) == 200
    for phrase in phrases:
        groups = phrase.split("-")
        assert len(groups) == 8 and all(len(g) == 4 for g in groups)
    assert recovery.RANDOM * 5 >= 128


@given(st.integers(0, 31), st.sampled_from(recovery.ALPHABET))
def test_the_check_catches_nearly_every_slip(at: int, letter: str) -> None:
    letters = recovery.letters_of("7K3M-0000-1111-2222-3333-4444-5555-66" + recovery._check(
        "7K3M00001111222233334444555566")) or ""
    assert recovery.is_whole(letters)
    slip = letters[:at] + letter + letters[at + 1:]
    assert slip == letters or not recovery.is_whole(slip) or at < recovery.RANDOM


@pytest.mark.parametrize(("old", "new"), [('role = "passphrase"', 'role = "recovery"'),
                                          ('name = ""', 'name = "別の人"'), ("passes = 1", "passes = 2")])
def test_an_edited_slot_does_not_open(tmp_path: Path, old: str, new: str) -> None:
    vault, _ = made(tmp_path)
    path = vault.path
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(VaultError):
        Vault.open(path).unlock("五月の鯉の吹き流し")


@pytest.mark.parametrize("damage", [
    lambda t: "", lambda t: t[: len(t) // 2], lambda t: t.replace("salt", "pepper"), lambda t: "\x00" * 100,
    lambda t: t.replace("memory_kib = 64", "memory_kib = 999999999"), lambda t: t.replace('sealed = "', 'sealed = "zz'),
    lambda t: t.replace("format = 1", "format = 99"), lambda t: t.replace("drill = false", "drill = true")])
def test_a_broken_vault_says_so(tmp_path: Path, damage: object) -> None:
    vault, _ = made(tmp_path)
    vault.path.write_text(damage(vault.path.read_text()))  # type: ignore[operator]
    with pytest.raises(VaultError, match=r"壊れて|新しい版"):
        Vault.open(vault.path)


def test_a_missing_vault_says_so(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="ありません"):
        Vault.open(tmp_path / "vault.toml")


def test_a_vault_is_never_overwritten_and_is_the_owners_alone(tmp_path: Path) -> None:
    vault, _ = made(tmp_path)
    before = vault.path.read_bytes()
    with pytest.raises(VaultError, match="すでに"):
        made(tmp_path)
    assert vault.path.read_bytes() == before
    assert stat.S_IMODE(vault.path.stat().st_mode) == 0o600


def test_a_drill_opens_without_a_secret_and_says_so_in_the_file(tmp_path: Path) -> None:
    vault, phrase = Vault.create(tmp_path / "vault.toml", "", drill=True)
    again = Vault.open(vault.path)
    assert phrase == "" and again.drill
    assert again.unlock("").chain_key == again.unlock("anything").chain_key == vault.unlock("").chain_key
    assert "訓練用の鍵" in vault.path.read_text()


def test_a_live_vault_cannot_be_turned_into_a_drill(tmp_path: Path) -> None:
    vault, _ = made(tmp_path)
    text = vault.path.read_text().replace("drill = false", f'drill = true\ndrill_key = "{"00" * 32}"')
    vault.path.write_text(text)
    with pytest.raises(VaultError, match="壊れて"):
        Vault.open(vault.path)


def test_keys_of_episodes_are_kept_and_destroyed(tmp_path: Path) -> None:
    vault, _ = made(tmp_path)
    keys = vault.unlock("五月の鯉の吹き流し")
    assert keys.scope_key("E1") is None and not keys.is_destroyed("E1")
    made_key = keys.make_scope_key("E1")
    assert keys.make_scope_key("E1") == made_key != keys.make_scope_key("E2")
    other = Vault.open(vault.path).unlock("五月の鯉の吹き流し")
    assert other.scope_key("E1") == made_key and other.scopes() == ("E1", "E2")
    assert made_key.hex() not in vault.path.read_text()

    keys.destroy_scope_key("E1")
    assert keys.scope_key("E1") is None and keys.is_destroyed("E1")
    assert other.scope_key("E1") is None, "another process notices at once"
    assert other.scope_key("E2") == keys.scope_key("E2")
    with pytest.raises(VaultError, match="廃棄"):
        other.make_scope_key("E1")
    with pytest.raises(VaultError):
        keys.destroy_scope_key("no such")
    keys.destroy_scope_key("E1")


def test_two_processes_do_not_lose_each_others_episode_keys(tmp_path: Path) -> None:
    vault, _ = Vault.create(tmp_path / "vault.toml", "", drill=True)
    one, two = vault.unlock(""), Vault.open(vault.path).unlock("")
    one.make_scope_key("A")
    two.make_scope_key("B")
    one.destroy_scope_key("A")
    assert one.scopes() == two.scopes() == ("B",)


def test_a_swapped_episode_key_is_noticed(tmp_path: Path) -> None:
    vault, _ = Vault.create(tmp_path / "vault.toml", "", drill=True)
    keys = vault.unlock("")
    keys.make_scope_key("A")
    vault.path.write_text(vault.path.read_text().replace("[scopes.A]", "[scopes.B]"))
    with pytest.raises(VaultError, match="壊れて"):
        Vault.open(vault.path).unlock("").scope_key("B")


def test_a_new_passphrase_replaces_the_old_one_and_the_phrase_stays(tmp_path: Path) -> None:
    vault, phrase = made(tmp_path)
    keys = vault.unlock(phrase)
    keys.add_passphrase("新しいもの")
    again = Vault.open(vault.path)
    assert again.unlock("新しいもの").chain_key == again.unlock(phrase).chain_key == keys.chain_key
    with pytest.raises(VaultError):
        again.unlock("五月の鯉の吹き流し")


def test_tokens_are_hashed_by_name_space(tmp_path: Path) -> None:
    keys = Vault.create(tmp_path / "vault.toml", "", drill=True)[0].unlock("")
    hashed = keys.token_key("user_id", "1234567890123")
    assert hashed == keys.token_key("user_id", "1234567890123")
    assert hashed not in (keys.token_key("idm", "1234567890123"), keys.token_key("user_id1", "234567890123"))
    assert "1234567890123" not in hashed and int(hashed, 16)


def test_keys_show_and_send_nothing(tmp_path: Path) -> None:
    keys = Vault.create(tmp_path / "vault.toml", "", drill=True)[0].unlock("")
    assert repr(keys) == "Keys(...)"
    with pytest.raises(TypeError):
        pickle.dumps(keys)
    with pytest.raises(VaultError):
        Keys(b"", Vault(tmp_path / "vault.toml"))


def test_unlocking_switches_core_dumps_off(tmp_path: Path) -> None:
    Vault.create(tmp_path / "vault.toml", "", drill=True)[0].unlock("")
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


@pytest.mark.parametrize(("data", "want"), [
    (b"secret\n", "secret"), (b"secret", "secret"), (b"secret\r\nsecond\n", "secret"), (b" sp ace \n", " sp ace "),
    ("\ufeff合言葉\n".encode(), "合言葉")])
def test_the_passphrase_file_is_its_first_line(tmp_path: Path, data: bytes, want: str) -> None:
    (tmp_path / "p").write_bytes(data)
    assert passphrase.read_file(tmp_path / "p") == want


@pytest.mark.parametrize("data", [b"", b"\nsecond line\n", b"\xff\xfe\n"])
def test_a_useless_passphrase_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "p").write_bytes(data)
    with pytest.raises(VaultError):
        passphrase.read_file(tmp_path / "p")
    with pytest.raises(VaultError, match="読めません"):
        passphrase.read_file(tmp_path / "none")


def test_a_vault_on_a_missing_folder_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="書けません"):
        Vault.create(tmp_path / "none" / "vault.toml", "", drill=True)
