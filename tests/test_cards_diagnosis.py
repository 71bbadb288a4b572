"""What is said about readers that are plugged in and do not show up."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.cards.diagnosis import CCID, Finding, diagnose


class Machine:
    """A laptop's sysfs and driver folder."""

    def __init__(self, folder: Path) -> None:
        self.system, self.drivers = folder / "sys", folder / "drivers"
        self.plug("1d6b", "0002")                                        # a hub
        (self.system / "bus/usb/devices/1-0:1.0").mkdir()                # an interface: no identity of its own
        self.driver(CCID)

    def plug(self, vendor: str, product: str) -> None:
        device = self.system / "bus/usb/devices" / f"1-{vendor}{product}"
        device.mkdir(parents=True)
        (device / "idVendor").write_text(vendor + "\n")
        (device / "idProduct").write_text(product + "\n")

    def driver(self, name: str) -> None:
        (self.drivers / name).mkdir(parents=True)

    def module(self, name: str) -> None:
        (self.system / "module" / name).mkdir(parents=True)

    def look(self) -> tuple[Finding, ...]:
        return diagnose(self.system, self.drivers)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_machine_without_readers_has_nothing_to_say(machine: Machine, tmp_path: Path) -> None:
    assert machine.look() == () and diagnose(tmp_path / "none", tmp_path) == ()


def test_a_reader_in_order(machine: Machine) -> None:
    machine.plug("054c", "0dc9")
    assert machine.look() == (Finding(True, "Sony RC-S300", "Sony RC-S300 がつながっています。"),)


def test_a_reader_that_the_kernel_took(machine: Machine) -> None:
    machine.plug("072f", "2200")
    assert machine.look()[0].ok
    machine.module("pn533_usb")
    found = machine.look()[0]
    assert not found.ok and "blacklist pn533_usb" in found.cure


def test_a_reader_with_a_driver_of_its_own(machine: Machine) -> None:
    machine.plug("072f", "221b")
    assert "libacsccid1" in machine.look()[0].cure
    machine.driver("ifd-acsccid.bundle")
    assert machine.look()[0].ok


def test_a_reader_that_linux_cannot_use(machine: Machine) -> None:
    machine.plug("054c", "06c1")
    assert "RC-S380" in machine.look()[0].sentence and "RC-S300" in machine.look()[0].cure


def test_no_driver_at_all(machine: Machine, tmp_path: Path) -> None:
    machine.plug("072f", "223b")
    (machine.drivers / CCID).rmdir()
    assert "libccid" in machine.look()[0].cure
