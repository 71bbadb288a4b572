"""The folder that takes PDF files: whole files, outside the home, by whatever path it was named."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from sanjo_tui.errors import PrintError
from sanjo_tui.printing.faults import NotSent
from sanjo_tui.printing.folder import FolderPrinter
from sanjo_tui.printing.jobs import PrintJob
from sanjo_tui.printing.printers import NoPrinter, printer_for, settle
from sanjo_tui.station import Station

JOB = PrintJob(number="RANAN1-P0007", form="roster", copies=3)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def station_with(home: Path, printer: str) -> Station:
    return Station(home=home, lg_code="152048", municipality="三条市", code="RANAN1", place="嵐南小学校",
                   printer=printer)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_named_by_number_only_and_is_private(tmp_path: Path, home: Path) -> None:
    printer = FolderPrinter(tmp_path / "out", home)
    assert printer.state().ready
    assert printer.send(b"%PDF", JOB).ref == ""
    assert names(tmp_path / "out") == ["RANAN1-P0007.pdf"]
    file = tmp_path / "out" / "RANAN1-P0007.pdf"
    assert file.read_bytes() == b"%PDF" and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_file_is_overwritten(tmp_path: Path, home: Path) -> None:
    printer = FolderPrinter(tmp_path / "out", home)
    for text in (b"one", b"two", b"three"):
        printer.send(text, JOB)
    assert names(tmp_path / "out") == ["RANAN1-P0007-2.pdf", "RANAN1-P0007-3.pdf", "RANAN1-P0007.pdf"]
    assert (tmp_path / "out" / "RANAN1-P0007.pdf").read_bytes() == b"one"


@pytest.mark.parametrize("where", [".", "out", "deep/in/it", "../home/out", "../link", "../link/out", "../out/../home"])
def test_inside_the_home_is_refused_by_whatever_path(home: Path, where: str) -> None:
    (home.parent / "link").symlink_to(home)
    (home.parent / "out").mkdir()
    given = f"folder:{home}/{where}"
    with pytest.raises(PrintError, match="端末データの中"):
        settle(given, home)
    printer = printer_for(station_with(home, given))
    assert isinstance(printer, NoPrinter) and "端末データの中" in printer.state().sentence and printer.state().cure


def test_a_home_behind_a_link_is_the_same_home(tmp_path: Path, home: Path) -> None:
    (tmp_path / "alias").symlink_to(home)
    with pytest.raises(PrintError):
        settle(f"folder:{home}/out", tmp_path / "alias")


def test_a_link_that_is_turned_into_the_home_later_is_refused_when_printing(tmp_path: Path, home: Path) -> None:
    link = tmp_path / "link"
    (tmp_path / "out").mkdir()
    link.symlink_to(tmp_path / "out")
    printer = FolderPrinter(link, home)
    printer.send(b"%PDF", JOB)
    link.unlink()
    link.symlink_to(home)
    with pytest.raises(NotSent) as caught:
        printer.send(b"%PDF", JOB)
    assert caught.value.fault.code == "inside-home" and names(home) == []
    assert not printer.state().ready


def test_the_last_folder_is_made_but_not_the_place_of_a_missing_stick(tmp_path: Path, home: Path) -> None:
    FolderPrinter(tmp_path / "new", home).send(b"%PDF", JOB)
    with pytest.raises(NotSent) as caught:
        FolderPrinter(tmp_path / "usb" / "new", home).send(b"%PDF", JOB)
    assert caught.value.fault.code == "no-folder" and not (tmp_path / "usb").exists()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path, home: Path) -> None:
    (tmp_path / "out").write_text("")
    assert FolderPrinter(tmp_path / "out", home).state().fault


@pytest.mark.parametrize("place", ["/proc", "/dev/full"])
def test_a_place_that_cannot_be_written(home: Path, place: str) -> None:
    with pytest.raises(NotSent) as caught:
        FolderPrinter(Path(place), home).send(b"%PDF", JOB)
    assert caught.value.fault.code in ("not-writable", "no-folder") and caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(tmp_path: Path, home: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    printer = FolderPrinter(tmp_path / "out", home)
    state = printer.state()
    assert not state.ready and state.fault and state.fault.code == "not-writable"


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EROFS, "not-writable"),
                                              (errno.EIO, "not-writable")])
def test_a_full_or_dying_disk_leaves_no_half_page(
        tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str) -> None:
    def failing(_: int) -> None:
        raise OSError(number, "injected")

    monkeypatch.setattr(os, "fsync", failing)
    printer = FolderPrinter(tmp_path / "out", home)
    with pytest.raises(NotSent) as caught:
        printer.send(b"%PDF" * 1000, JOB)
    assert caught.value.fault.code == code and names(tmp_path / "out") == []
    monkeypatch.undo()
    printer.send(b"%PDF", JOB)
    assert names(tmp_path / "out") == ["RANAN1-P0007.pdf"]


def test_what_a_killed_process_left_half_written_goes(tmp_path: Path, home: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".RANAN1-P0001.sanjo-part").write_bytes(b"half a page")
    FolderPrinter(tmp_path / "out", home).send(b"%PDF", JOB)
    assert names(tmp_path / "out") == ["RANAN1-P0007.pdf"]


# --- the setting


def test_no_printer_waits_and_says_why(home: Path) -> None:
    state = printer_for(station_with(home, "")).state()
    assert not state.ready and "プリンター" in state.sentence and state.cure


@pytest.mark.parametrize("wrong", [
    "lp", "ipp://", "ipp:///x", "http://host/ipp", "ipp://host:99999/", "ipp://host:x/", "ipp://ho st/", "folder:",
    "ipp://user:secret@host/", "ipp://受付/ipp", "ipp://[::1/", "file:///tmp"])
def test_a_wrong_setting_is_refused_in_words_and_keeps_no_desk_shut(home: Path, wrong: str) -> None:
    with pytest.raises(PrintError) as caught:
        settle(wrong, home)
    assert caught.value.hint and "secret" not in str(caught.value)
    printer = printer_for(station_with(home, wrong))
    assert printer.state().fault and not printer.state().ready


@pytest.mark.parametrize("right", ["ipp://192.168.0.5/ipp/print", "ipps://printer.example:8631/printers/a", "ipp://[::1]/",
                                   ""])
def test_a_right_setting_stays_as_it_is(home: Path, right: str) -> None:
    assert settle(f" {right} ", home) == right


def test_a_folder_setting_becomes_absolute(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert settle("folder:out", home) == f"folder:{tmp_path}/out"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settle("folder:~/out", home) == f"folder:{tmp_path}/out"
    assert isinstance(printer_for(station_with(home, f"folder:{tmp_path}/out")), FolderPrinter)
