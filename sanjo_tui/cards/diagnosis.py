"""Why a reader that is plugged in does not show up: what the system itself says about known devices (cards.md §4).

Library, daemon, permission and readers are asked by the watcher itself (reader.py); this looks one floor below, at the
USB devices of Linux. Other systems bring their drivers along: nothing is found there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

READERS = {
    ("054c", "0dc8"): "Sony RC-S300", ("054c", "0dc9"): "Sony RC-S300", ("054c", "06c1"): "Sony RC-S380",
    ("054c", "06c3"): "Sony RC-S380", ("072f", "2200"): "ACS ACR122U", ("072f", "221b"): "ACS ACR1251",
    ("072f", "223b"): "ACS ACR1252", ("072f", "b100"): "ACS ACR39U", ("04e6", "5116"): "SCR3310",
    ("04e6", "511a"): "NTTCom SCR3310",
}
"""Readers seen at counters, by USB vendor and product."""

SEIZED_BY = {"ACS ACR122U": ("pn533_usb", "pn533")}
"""Kernel modules that take a reader away from the daemon (LIBUSB_ERROR_BUSY)."""

NO_CCID = {"Sony RC-S380"}
"""Not CCID: no driver of the daemon on Linux."""

OWN_DRIVER = {"ACS ACR1251": ("ifd-acsccid.bundle", "libacsccid1")}
"""Not known to libccid: the driver's folder and the package that brings it."""

CCID = "ifd-ccid.bundle"


@dataclass(frozen=True, slots=True)
class Finding:
    """One device or driver. `cure` is empty when it is in order."""

    ok: bool
    name: str
    sentence: str
    cure: str = ""


def diagnose(system: Path = Path("/sys"), drivers: Path = Path("/usr/lib/pcsc/drivers")) -> tuple[Finding, ...]:
    """Every known reader that is plugged in, with what keeps it from being used; () when none is.

    `system` is the kernel's view (sysfs), `drivers` where the daemon looks for its drivers.
    """
    return tuple(_look(name, system, drivers) for name in _plugged(system))


def _plugged(system: Path) -> list[str]:
    found = []
    for folder in sorted((system / "bus" / "usb" / "devices").glob("*")):
        try:
            identity = tuple((folder / part).read_text(encoding="ascii").strip().lower()
                             for part in ("idVendor", "idProduct"))
        except OSError:
            continue                        # an interface or a hub's port, not a device; or unplugged just now
        if identity in READERS:
            found.append(READERS[identity])
    return found


def _look(name: str, system: Path, drivers: Path) -> Finding:
    for module in SEIZED_BY.get(name, ()):
        if (system / "module" / module).exists():
            return Finding(False, name, f"{name} をカーネルの {module} が使っています。",
                           f"/etc/modprobe.d/sanjo-tui.conf に blacklist {module} と書き、再起動してください。")
    if name in NO_CCID:
        return Finding(False, name, f"{name} は Linux の読取サービスでは使えません。",
                       "RC-S300 などの CCID 対応の読取装置につなぎ替えてください。")
    bundle, package = OWN_DRIVER.get(name, (CCID, "libccid"))
    if not (drivers / bundle).exists():
        return Finding(False, name, f"{name} のドライバー（{package}）がありません。",
                       f"sudo apt install {package} で入れて、読取装置を差し直してください。")
    return Finding(True, name, f"{name} がつながっています。")
