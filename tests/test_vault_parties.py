"""Own keys are made once and stand sealed; others' keys are believed by fingerprint, one name for one pair."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.errors import BundleError, VaultError
from sanjo_tui.vault import Keys, Vault, parties
from sanjo_tui.vault.parties import Identity, Kind, Party


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return fresh(tmp_path / "vault.toml")


def fresh(path: Path) -> Keys:
    vault, _ = Vault.create(path, "", drill=True)
    return vault.unlock("")


def made(keys: Keys, name: str = "A1B2C3", kind: Kind = Kind.STATION) -> Identity:
    return parties.make(keys, name=name, kind=kind, lg_code="152048", station="A1B2C3")


def other(path: Path, name: str, kind: Kind = Kind.TOWN) -> Party:
    return made(fresh(path / f"{name}.toml"), name, kind).party


def test_keys_are_made_once_and_stand_sealed(keys: Keys, tmp_path: Path) -> None:
    assert parties.own(keys) is None and parties.trusted(keys) == ()
    first = made(keys)
    again = Vault.open(tmp_path / "vault.toml").unlock("")
    mine = parties.own(again)
    assert mine is not None and mine.party == first.party
    assert (mine.age_secret, mine.seed) == (first.age_secret, first.seed)
    text = (tmp_path / "vault.toml").read_text()
    for secret in (first.age_secret, first.party.age, first.seed.hex(), first.party.ed25519):
        assert secret not in text and secret not in repr(first).replace(first.party.age, "")
    assert "travel" not in keys.openers()


def test_the_same_keys_under_another_name(keys: Keys) -> None:
    first, later = made(keys), made(keys, "third-shelter", Kind.HEADQUARTERS)
    assert (later.party.name, later.party.kind) == ("third-shelter", Kind.HEADQUARTERS)
    assert (later.age_secret, later.seed) == (first.age_secret, first.seed)
    assert later.party.fingerprint == first.party.fingerprint
    with pytest.raises(BundleError, match="32 字"):
        made(keys, "with space")


def test_a_changed_vault_is_refused(keys: Keys, tmp_path: Path) -> None:
    made(keys)
    path = tmp_path / "vault.toml"
    head, _, tail = path.read_text().rpartition('sealed = "')
    path.write_text(f'{head}sealed = "{"0" if tail[0] != "0" else "1"}{tail[1:]}')
    with pytest.raises(VaultError, match="公開鍵の一覧"):
        parties.own(Vault.open(path).unlock(""))


def test_two_changes_at_once_are_no_silent_loss(keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(keys)
    town = other(tmp_path, "town")
    read = parties._read_all

    def meanwhile(data: bytes) -> dict[str, object]:
        found = read(data)
        monkeypatch.setattr(parties, "_read_all", read)
        parties.trust(Vault.open(tmp_path / "vault.toml").unlock(""), town)
        return found

    monkeypatch.setattr(parties, "_read_all", meanwhile)
    with pytest.raises(VaultError, match="同時に"):
        parties.make(keys, name="other", kind=Kind.STATION, lg_code="152048", station="A1B2C3")
    assert parties.trusted(keys) == (town,)


def test_a_file_of_keys_gives_the_party_and_no_secret(keys: Keys) -> None:
    mine = made(keys)
    text = mine.party.text()
    assert parties.read(text.encode()) == mine.party
    assert mine.age_secret not in text and mine.seed.hex() not in text and mine.party.fingerprint not in text


@pytest.mark.parametrize(("old", "new"), [
    ("sanjo keys 1", "sanjo keys 2"), ("age1", "age2"), ('kind = "station"', 'kind = "king"'), ("152048", "15204"),
    ('name = "A1B2C3"', 'name = "a b"'), ("ed25519 = ", "other = "), ('name = "A1B2C3"', "name = 1"),
    ("format", "[format"), ("format", "#" * 20_000 + "\nformat")])
def test_a_wrong_file_of_keys_is_refused(keys: Keys, old: str, new: str) -> None:
    text = made(keys).party.text()
    assert old in text
    with pytest.raises(BundleError, match="公開鍵のファイル"):
        parties.read(text.replace(old, new).encode())


def test_a_key_with_one_wrong_letter_is_refused(keys: Keys) -> None:
    mine = made(keys).party
    wrong = mine.age[:-1] + ("q" if mine.age[-1] != "q" else "p")
    with pytest.raises(BundleError, match="age の公開鍵"):
        parties.read(mine.text().replace(mine.age, wrong).encode())
    with pytest.raises(pyrage.RecipientError):
        pyrage.x25519.Recipient.from_str(wrong)


def test_the_fingerprint_is_five_groups_and_follows_from_both_keys(keys: Keys, tmp_path: Path) -> None:
    mine, town = made(keys).party, other(tmp_path, "town")
    groups = mine.fingerprint.split(" ")
    assert len(groups) == 5 and all(len(group) == 4 and group.isdecimal() for group in groups)
    mixed = {dataclasses.replace(mine, age=town.age).fingerprint,
             dataclasses.replace(mine, ed25519=town.ed25519).fingerprint}
    assert len({mine.fingerprint, town.fingerprint, *mixed}) == 4
    assert dataclasses.replace(mine, name="x", kind=Kind.TOWN).fingerprint == mine.fingerprint


def test_one_name_is_one_pair_of_keys(keys: Keys, tmp_path: Path) -> None:
    mine = made(keys)
    town, liar = other(tmp_path, "town"), dataclasses.replace(other(tmp_path, "liar"), name="town")
    parties.trust(keys, town)
    parties.trust(keys, dataclasses.replace(town, kind=Kind.HEADQUARTERS))
    assert [one.kind for one in parties.trusted(keys)] == [Kind.HEADQUARTERS]
    with pytest.raises(BundleError, match="別の鍵"):
        parties.trust(keys, liar)
    with pytest.raises(BundleError, match="town として"):
        parties.trust(keys, dataclasses.replace(town, name="village"))
    with pytest.raises(BundleError, match="この端末の公開鍵"):
        parties.trust(keys, mine.party)
    assert parties.trusted(keys, Kind.TOWN) == () and len(parties.trusted(keys, Kind.HEADQUARTERS)) == 1
    parties.remove(keys, "town")
    parties.trust(keys, liar)
    assert parties.trusted(keys) == (liar,)
    with pytest.raises(BundleError, match="登録されていません"):
        parties.remove(keys, "nobody")
    assert parties.own(keys) == mine


@given(data=st.binary(max_size=200), change=st.integers(min_value=0, max_value=511))
def test_a_signature_fits_its_bytes_alone(data: bytes, change: int) -> None:
    mine = _SIGNER
    signature = mine.sign(data)
    assert mine.party.signed(data, signature)
    assert not mine.party.signed(data + b"x", signature)
    wrong = bytearray(signature)
    wrong[change // 8] ^= 1 << change % 8
    assert not mine.party.signed(data, bytes(wrong)) and not mine.party.signed(data, signature[:-1])


def _signer() -> Identity:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = bytes(range(32))
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()
    party = Party(name="x", kind=Kind.TOWN, lg_code="152048", station="A1", age="", ed25519=public)
    return Identity(party=party, age_secret="", seed=seed)


_SIGNER = _signer()
