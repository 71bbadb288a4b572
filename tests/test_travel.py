"""What travels opens for its receivers alone; what was changed, cut, swapped or sent astray is refused by name."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import shutil
import tarfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_ground import PEOPLE, SATO, changed
from roll_ground import roll

from sanjo_tui import station as stations
from sanjo_tui.errors import BundleError, JournalError
from sanjo_tui.journal import exports
from sanjo_tui.journal.cipher import CipherDatabase
from sanjo_tui.register import shelf
from sanjo_tui.vault import parties, travel
from sanjo_tui.vault.parties import SENDERS
from sanjo_tui.vault.travel import File
from tests.test_commands_election import ELECTION
from tests.travel_ground import Ground, exchanged

NAMES = ("佐藤", "サトウ", "旭町", "addressee_no", "snapshot_id")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return exchanged(tmp_path_factory.mktemp("exchanged"))


@pytest.fixture
def ground(whole: Ground, tmp_path: Path) -> Ground:
    return whole.copy(tmp_path / "ground")


def inside(ground: Ground, path: Path, who: str = "a") -> dict[str, bytes]:
    """The files of a bundle, opened by the bare library."""
    mine = parties.own(ground.keys(who))
    assert mine is not None
    plain = pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(mine.age_secret)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        found = {}
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            found[member.name] = file.read()
        return found


def again(ground: Ground, path: Path, files: dict[str, bytes], who: str = "a") -> Path:
    """Somebody without the sender's key makes a bundle of these files: encrypting needs only what is public."""
    mine = parties.own(ground.keys(who))
    assert mine is not None
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    path.write_bytes(pyrage.encrypt(out.getvalue(), [pyrage.x25519.Recipient.from_str(mine.party.age)]))
    return path


def test_a_bundle_travels(ground: Ground) -> None:
    path = ground.packed(ground.snapshot("s1"), "a")
    data = path.read_bytes()
    assert not [word for word in NAMES if word.encode() in data]
    files = inside(ground, path)
    assert list(files) == ["seal.toml", "seal.sig", "manifest.toml", "residents.csv", "cards.csv"]
    done = ground.json("a", "register", "load", path)
    assert (done["snapshot_id"], done["people"]) == ("s1", 5)
    assert ground.acts("a")[-1] == ("register.load", {
        "snapshot_id": "s1", "people": "5", "yes": "False", "signed_by": ground.prints["town"]})
    assert ground.acts("town")[-1] == ("bundle.pack", {"snapshot_id": "s1", "content": "register", "to": "A1B2C3"})
    assert not list(ground.root.glob(".*"))


def test_a_bundle_can_be_checked_before(ground: Ground) -> None:
    wrong = ground.packed(ground.snapshot("s1", 1, [changed(SATO[0], birth_date="1974X"), *PEOPLE[1:]]), "a")
    assert ground.run("a", "register", "load", wrong) == 1 and "誤りが 1 件" in ground.err
    assert ground.run("a", "register", "check", wrong) == 1 and "residents.csv 2行目 birth_date" in ground.out
    assert ground.json("a", "register", "check", ground.packed(ground.snapshot("s2", 2), "a"))["people"] == 5
    assert ground.run("b", "register", "check", wrong) == 1 and "この端末に宛てた束ではありません" in ground.err
    assert shelf.live_id(ground.root / "a" / "register") is None


def test_one_bundle_for_two_stations(ground: Ground) -> None:
    ground.trust("b", "town")
    path = ground.packed(ground.snapshot("s1"), "a", "b")
    for who in ("a", "b"):
        assert ground.json(who, "register", "load", path)["snapshot_id"] == "s1"


# --- each refused by name

Attack = Callable[[Ground], tuple[tuple[str | Path, ...], str, str]]
"""Does the harm; gives the command that must refuse, its sentence, and the code in the journal (or "")."""


def _edited(ground: Ground, statement: str) -> None:
    keys = ground.keys("a")
    with CipherDatabase(ground.root / "a" / "journal.db", keys.file_key("journal"),
                        keys.file_salt("journal")) as database:
        for trigger in ("event_no_update", "event_no_delete"):
            database.execute_sql(f"DROP TRIGGER {trigger}")
        database.execute_sql(statement)


def edited_row(ground: Ground) -> Any:
    _edited(ground, "UPDATE event SET operator = 'x' WHERE seq = 2")
    return ("journal", "verify"), "A1B2C3-2 番から後ろが壊れています", ""


def _backed_up(ground: Ground) -> Path:
    usb = ground.root / "usb"
    usb.mkdir()
    toml = ground.root / "a" / "station.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(f'backup_dir = "{usb}"\n' + text.replace('backup_dir = ""\n', ""), encoding="utf-8")
    assert ground.run("a", "journal", "backup") == 0, ground.err
    return usb


def cut_tail(ground: Ground) -> Any:
    _backed_up(ground)
    _edited(ground, "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")
    return ("journal", "verify"), "番から後ろが壊れています", ""


def restored_copy(ground: Ground) -> Any:
    home, old = ground.root / "a", ground.root / "old"
    shutil.copytree(home, old)
    assert ground.run("a", "keys", "make", "--name", "later") == 0
    _backed_up(ground)
    for path in old.glob("journal*"):
        shutil.copy(path, home / path.name)
    return ("journal", "verify"), "番から後ろが壊れています", ""


def swapped_snapshot(ground: Ground) -> Any:
    """The files of another snapshot under the seal of the one that was announced."""
    one = inside(ground, ground.packed(ground.snapshot("s1"), "a"))
    two = inside(ground, ground.packed(ground.snapshot("s2", 2, PEOPLE[:3]), "a"))
    path = again(ground, ground.root / "x.sanjo-bundle", {**two, "seal.toml": one["seal.toml"],
                                                          "seal.sig": one["seal.sig"]})
    return ("register", "load", path), "署名されたものと違います", "sha256"


def swapped_register(ground: Ground) -> Any:
    """A register file in the home is replaced by another one."""
    for number in (1, 2):
        path = ground.packed(ground.snapshot(f"s{number}", number), "a")
        assert ground.run("a", "register", "load", path) == 0
    registers = ground.root / "a" / "register"
    shutil.copy(registers / "s1.db", registers / "s2.db")
    return ("register", "status"), "使用中の住基データを開けません", ""


def older_snapshot(ground: Ground) -> Any:
    old = ground.packed(ground.snapshot("s1"), "a")
    assert ground.run("a", "register", "load", ground.packed(ground.snapshot("s5", 5), "a")) == 0, ground.err
    return ("register", "load", old), "通番 1 の住基データは、前の通番 5 より新しくありません", ""


def forged_manifest(ground: Ground) -> Any:
    """The manifest is changed so that it fits other rows; the seal is changed to fit, but nobody can sign it."""
    files = inside(ground, ground.packed(ground.snapshot("s1"), "a"))
    folder = ground.snapshot("s1", 1, [changed(SATO[0], name="別人　太郎"), *PEOPLE[1:]])
    for name in ("manifest.toml", "residents.csv"):
        old, files[name] = files[name], (folder / name).read_bytes()
        sealed, was, now = files["seal.toml"], *(travel._measured(name, data) for data in (old, files[name]))
        files["seal.toml"] = sealed.replace(was.sha256.encode(), now.sha256.encode())
    return ("register", "load", again(ground, ground.root / "x.sanjo-bundle", files)), "署名が合いません", \
        "forged signature"


def another_station(ground: Ground) -> Any:
    return ("register", "load", ground.packed(ground.snapshot("s1"), "b")), "この端末に宛てた束ではありません", \
        "not encrypted to us"


def passed_on(ground: Ground) -> Any:
    """A receiver writes what it was given to somebody whom the sender never named."""
    files = inside(ground, ground.packed(ground.snapshot("s1"), "b"), "b")
    return ("register", "load", again(ground, ground.root / "x.sanjo-bundle", files)), \
        "この端末に宛てた束ではありません", "not named"


def stranger(ground: Ground) -> Any:
    ground.trust("b", "a")
    path = ground.packed(ground.snapshot("s1"), "a", by="b")
    return ("register", "load", path), "登録していない相手が作った束です", "unknown sender"


def a_station_is_no_town(ground: Ground) -> Any:
    ground.trust("a", "b")
    return stranger(ground)


def removed_sender(ground: Ground) -> Any:
    path = ground.packed(ground.snapshot("s1"), "a")
    assert ground.run("a", "keys", "remove", "town") == 0
    return ("register", "load", path), "登録していない相手が作った束です", "unknown sender"


def half_a_bundle(ground: Ground) -> Any:
    path = ground.packed(ground.snapshot("s1"), "a")
    path.write_bytes(path.read_bytes()[:-20])
    return ("register", "load", path), "途中で切れているか、壊れています", "age stream"


def one_more_file(ground: Ground) -> Any:
    files = inside(ground, ground.packed(ground.snapshot("s1"), "a"))
    path = again(ground, ground.root / "x.sanjo-bundle", {**files, "../more.csv": b"x"})
    return ("register", "load", path), "署名されたものと違います", "files"


def other_town(ground: Ground) -> Any:
    folder = ground.snapshot("s1")
    manifest = folder / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("152048", "152021"))
    path = ground.packed(folder, "a")
    return ("register", "load", path), "ほかの市区町村", ""


def plain_folder(ground: Ground) -> Any:
    return ("register", "load", ground.snapshot("s1")), "署名のないデータです。town の署名", "plain folder"


def no_bundle(ground: Ground) -> Any:
    path = ground.root / "x.sanjo-bundle"
    path.write_bytes(b"x" * 1000)
    return ("register", "load", path), "受付端末の束ではありません", "magic"


ATTACKS: tuple[Attack, ...] = (
    edited_row, cut_tail, restored_copy, swapped_snapshot, swapped_register, older_snapshot, forged_manifest,
    another_station, passed_on, stranger, a_station_is_no_town, removed_sender, half_a_bundle, one_more_file,
    other_town, plain_folder, no_bundle)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__.replace("_", " "))
def test_each_is_refused_by_name(attack: Attack, ground: Ground) -> None:
    line, sentence, code = attack(ground)
    registers = ground.root / "a" / "register"
    live, tries = shelf.live_id(registers), [act for act, _ in ground.acts("b")]
    assert ground.run("a", *line) == 1
    assert sentence in ground.err and not [word for word in ("佐藤", "渡邉", "別人") if word in ground.err + ground.out]
    assert shelf.live_id(registers) == live and [act for act, _ in ground.acts("b")] == tries
    if code:
        assert ground.acts("a")[-1] == ("bundle.refused", {"why": code})


def test_a_plain_folder_by_plain_alone_and_recorded(ground: Ground) -> None:
    folder = ground.snapshot("s1")
    assert ground.run("b", "register", "load", folder) == 0         # b trusts no town: as before
    assert "plain" not in ground.acts("b")[-1][1]
    assert ground.run("a", "register", "load", folder) == 1 and "--plain" in ground.err
    assert ground.run("a", "register", "load", folder, "--plain") == 0
    assert ground.acts("a")[-1][1]["plain"] == "True"


def test_packing_needs_a_whole_folder_and_a_known_receiver(ground: Ground) -> None:
    folder, out = ground.snapshot("s1"), ground.root / "x.sanjo-bundle"
    assert ground.run("town", "register", "pack", folder, "--to", "nobody", "--out", out) == 1
    assert "登録されていません" in ground.err
    (folder / "residents.csv").write_bytes(b"x")
    assert ground.run("town", "register", "pack", folder, "--to", "a", "--out", out) == 1
    assert "束にできません" in ground.err
    assert ground.run("town", "register", "pack", ground.snapshot("s2"), "--to", "a", "--out",
                      ground.root / "none" / "x") == 1 and "書けません" in ground.err
    assert not out.exists() and not list(ground.root.glob(".*"))


def test_a_station_without_keys_says_what_to_do(ground: Ground, tmp_path: Path) -> None:
    path = ground.packed(ground.snapshot("s1"), "a")
    from sanjo_tui.vault import Vault

    keys = Vault.create(tmp_path / "new.toml", "", drill=True)[0].unlock("")
    with pytest.raises(BundleError, match="keys make"), travel.unseal(path, keys, SENDERS):
        raise AssertionError


def test_an_election_and_its_roll_travel_too(ground: Ground) -> None:
    folder = roll(ground.root / "r1")
    (folder / "election.toml").write_text(ELECTION.replace('code = "E1"', 'code = "A1B2C3"'), encoding="utf-8")
    assert ground.run("a", "election", "load", folder / "election.toml") == 1 and "署名のないデータ" in ground.err
    path = ground.packed(folder, "a")
    done = ground.json("a", "election", "load", path)
    assert done["election"]["id"] == "2026-11-29-shi" and done["roll"]["snapshot_id"] == "r1"
    assert ground.acts("a")[-1] == ("election.load", {"signed_by": ground.prints["town"]})
    assert ground.run("a", "register", "load", path) == 1 and "register のデータではありません" in ground.err
    for name in ("manifest.toml", "roll.csv"):
        (folder / name).unlink()
    assert ground.json("a", "election", "load", ground.packed(folder, "a"))["id"] == "2026-11-29-shi"
    path = ground.packed(folder, "b")
    assert ground.run("a", "election", "load", path) == 1 and "この端末に宛てた束ではありません" in ground.err


# --- what leaves a station is for headquarters alone


@pytest.fixture(scope="module")
def whole_with_headquarters(whole: Ground, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    ground = whole.copy(tmp_path_factory.mktemp("headquarters") / "ground")
    ground.station("honbu")
    ground.trust("a", "honbu")
    ground.trust("honbu", "a")
    return ground


@pytest.fixture
def abroad(whole_with_headquarters: Ground, tmp_path: Path) -> Ground:
    return whole_with_headquarters.copy(tmp_path / "abroad")


def exported(ground: Ground) -> Path:
    done = ground.json("a", "journal", "export", ground.root / "usb")
    assert done["files"][0]["readers"] == ["honbu"]
    return Path(done["files"][0]["file"])


def test_an_export_opens_for_headquarters_alone(abroad: Ground) -> None:
    path = exported(abroad)
    manifest = tomllib.loads(path.with_suffix(".toml").read_text())
    assert manifest["readers"] == ["honbu"] and manifest["station"] == "A1B2C3"
    assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert abroad.acts("a")[-1][1]["readers"] == "honbu"
    assert abroad.json("honbu", "journal", "merge", path)["files"][0]["new"] == manifest["to_seq"]
    assert abroad.json("honbu", "journal", "merge", path)["files"][0]["new"] == 0
    assert abroad.json("honbu", "journal", "verify")["ok"]
    for who in ("town", "b", "a"):
        assert abroad.run(who, "journal", "merge", path) == 1 and "この端末に宛てた束ではありません" in abroad.err
    with pytest.raises(JournalError):
        exports.read(path, "")                  # no secret of the station opens it
    assert {one.name for one in path.parent.iterdir()} == {path.name, path.with_suffix(".toml").name}
    assert abroad.run("a", "journal", "export", abroad.root / "usb2") == 0 and "開けるのは honbu だけです" in abroad.out


def test_an_export_by_whom_headquarters_does_not_know_is_refused(abroad: Ground) -> None:
    path = exported(abroad)
    assert abroad.run("honbu", "keys", "remove", "a") == 0
    assert abroad.run("honbu", "journal", "merge", path) == 1 and "登録していない相手" in abroad.err


def test_one_station_s_journal_under_another_s_signature_is_refused(abroad: Ground) -> None:
    abroad.trust("honbu", "b")
    path, honbu, b = exported(abroad), parties.own(abroad.keys("honbu")), parties.own(abroad.keys("b"))
    assert honbu is not None and b is not None
    held = {name: data for name, data in inside(abroad, path, "honbu").items() if not name.startswith("seal.")}
    travel.pack(path, b, [honbu.party], dict(held), content="journal", lg_code="152048")
    assert abroad.run("honbu", "journal", "merge", path) == 1
    assert "A1B2C3 の記録に、別の拠点 b が署名しています" in abroad.err
    travel.pack(path, b, [honbu.party], dict(held), content="register", lg_code="152048")
    assert abroad.run("honbu", "journal", "merge", path) == 1 and "受付記録の束ではありません" in abroad.err


def test_a_cut_journal_in_a_true_bundle_is_named(abroad: Ground) -> None:
    path, honbu, mine = exported(abroad), parties.own(abroad.keys("honbu")), parties.own(abroad.keys("a"))
    assert honbu is not None and mine is not None
    held = inside(abroad, path, "honbu")
    held["rows.sanjo-export"] = held["rows.sanjo-export"][:-40]
    travel.pack(path, mine, [honbu.party], {name: held[name] for name in ("rows.sanjo-export", "keys.json")},
                content="journal", lg_code="152048")
    assert abroad.run("honbu", "journal", "merge", path) == 1 and "壊れている" in abroad.err


def test_the_set_up_may_name_headquarters_key(abroad: Ground) -> None:
    honbu, home = parties.own(abroad.keys("honbu")), abroad.root / "b"
    assert honbu is not None
    here = stations.read(home)
    exported_to = exports.readers_of(abroad.keys("b"), dataclasses.replace(here, headquarters_key=honbu.party.age))
    assert exported_to is not None and exported_to.key == honbu.party.age and exported_to.parties == ()
    toml = home / "station.toml"
    text = toml.read_text(encoding="utf-8")
    assert 'headquarters_key = ""' in text
    toml.write_text(text.replace('headquarters_key = ""', f'headquarters_key = "{honbu.party.age}"'), encoding="utf-8")
    abroad.trust("honbu", "b")
    done = abroad.json("b", "journal", "export", abroad.root / "usb")["files"][0]
    assert done["readers"] == ["headquarters_key"]
    assert abroad.json("honbu", "journal", "merge", done["file"])["files"][0]["station"] == "B1B2C3"
    toml.write_text(toml.read_text(encoding="utf-8").replace(honbu.party.age, "age1xx"), encoding="utf-8")
    assert abroad.run("b", "journal", "export", abroad.root / "usb3") == 1 and "age の公開鍵" in abroad.err
    assert not list((abroad.root / "usb3").glob("*")) and not list((abroad.root / "usb3").glob(".*"))


def test_places_exchange_their_journals_by_name(abroad: Ground) -> None:
    abroad.trust("a", "b")
    abroad.trust("b", "a")
    done = abroad.json("a", "journal", "export", abroad.root / "usb", "--to", "b")["files"][0]
    assert done["readers"] == ["honbu", "b"]
    for who in ("b", "honbu"):
        assert abroad.json(who, "journal", "merge", done["file"])["files"][0]["station"] == "A1B2C3"
    assert abroad.run("a", "journal", "export", abroad.root / "usb", "--to", "nobody") == 1
    assert "登録されていません" in abroad.err
    abroad.trust("b", "town")
    only = abroad.json("b", "journal", "export", abroad.root / "usb", "--to", "town")["files"][0]
    assert only["readers"] == ["town"]


def test_without_headquarters_an_export_is_as_before_and_says_so(ground: Ground) -> None:
    assert ground.run("a", "journal", "export", ground.root / "usb") == 0
    assert "本部の公開鍵が登録されていない" in ground.out
    path = next((ground.root / "usb").glob("*.sanjo-export"))
    assert not travel.is_bundle(path) and exports.read(path, "").station == "A1B2C3"


# --- the bundle itself


@given(sizes=st.lists(st.sampled_from([0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 200_000]), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sizes_come_back(sizes: list[int], ground: Ground) -> None:
    town, keys = parties.own(ground.keys("town")), ground.keys("a")
    mine = parties.own(keys)
    assert town is not None and mine is not None
    files = {f"住民{number}.csv": bytes([number]) * size for number, size in enumerate(sizes)}
    path = ground.root / "x.sanjo-bundle"
    sealed = travel.pack(path, town, [mine.party], dict(files), content="register", lg_code="152048")
    with travel.unseal(path, keys, SENDERS) as opened:
        assert opened.seal == sealed and opened.sender.name == "town"
        assert opened.seal.files == tuple(travel._measured(name, data) for name, data in files.items())
        for name, data in reversed(files.items()):
            assert (opened / name).read_bytes() == data
            with (opened / name).open("rb") as file:
                assert file.read(1) == data[:1]
        with pytest.raises(FileNotFoundError):
            (opened / "seal.toml").open("rb")


def test_no_changed_byte_is_taken(ground: Ground) -> None:
    path, keys = ground.packed(ground.snapshot("s1"), "a"), ground.keys("a")
    whole = path.read_bytes()
    for at in range(0, len(whole), 37):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        with pytest.raises(BundleError), travel.unseal(path, keys, SENDERS):
            raise AssertionError(at)


@given(changes=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_stranger_writes_to_us_is_refused_or_harmless(changes: list[tuple[int, int]], whole: Ground,
                                                             tmp_path: Path) -> None:
    """Bytes within the encryption: everybody who has our public key can choose them."""
    keys, town = whole.keys("a"), parties.own(whole.keys("town"))
    mine = parties.own(keys)
    assert mine is not None and town is not None
    files, path = {"manifest.toml": b"x = 1", "residents.csv": b"a,b" * 300}, tmp_path / "x.sanjo-bundle"
    travel.pack(path, town, [mine.party], dict(files), content="register", lg_code="152048")
    plain = bytearray(pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(mine.age_secret)]))
    for at, value in changes:
        plain[at % len(plain)] = value
    path.write_bytes(pyrage.encrypt(bytes(plain), [pyrage.x25519.Recipient.from_str(mine.party.age)]))
    try:
        with travel.unseal(path, keys, SENDERS) as opened:
            assert {name: (opened / name).read_bytes() for name in files} == files
    except BundleError:
        pass


def test_nothing_readable_touches_the_disk(ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a bundle is open, every file of this process and of the temporary folder is without a name."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    people = [changed(SATO[0], addressee_no=str(20_000_000 + number), household_no=str(number))
              for number in range(3000)]
    path = ground.packed(ground.snapshot("s1", 1, people), "a")
    looked = 0
    with travel.unseal(path, ground.keys("a"), SENDERS) as opened:
        assert "佐藤" in (opened / "residents.csv").read_bytes().decode()
        for link in [*Path("/proc/self/fd").glob("*"), *place.rglob("*")]:
            try:
                name = str(link.resolve())
                data = link.read_bytes() if str(place) in name or "(deleted)" in str(link.readlink()) else b""
            except OSError:
                continue
            looked += bool(data)
            assert not [word for word in NAMES if word.encode() in data], name
    assert looked and not list(place.iterdir())


def test_what_changes_while_it_is_packed_is_an_error(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ground.snapshot("s1")
    measured = travel._measured

    def then_changed(name: str, source: Path | bytes) -> File:
        found = measured(name, source)
        if name == "residents.csv":
            (folder / name).write_bytes((folder / name).read_bytes()[:-1] + b"x")
        return found

    monkeypatch.setattr(travel, "_measured", then_changed)
    assert ground.run("town", "register", "pack", folder, "--to", "a", "--out", ground.root / "x") == 1
    assert "作っている間に変わりました" in ground.err and not (ground.root / "x").exists()
    assert not list(ground.root.glob(".*"))
