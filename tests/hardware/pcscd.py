"""A PC/SC daemon of one's own, with virtual readers, that tests may kill and restart.

    with PrivateDaemon() as daemon:                       # or the fixture `daemon` of tests/hardware/conftest.py
        run("sanjo-tui card read --json", env=daemon.environment)
        with daemon.tap(card): ...                        # the card lies on the first reader inside the block
        daemon.stop(signal.SIGKILL); daemon.start()

pcscd always listens at /run/pcscd, so it runs in a mount namespace in which a folder of ours is mounted there. From
outside, the socket is a file in that folder, and libpcsclite takes its path from PCSCLITE_CSOCK_NAME: any process with
`daemon.environment` talks to this daemon, in this test process too; the system's own daemon is not touched. libpcsclite
keeps the first path it saw for the whole life of a process, so every daemon of a test run uses the same one.

From a shell: python -m tests.hardware.pcscd COMMAND...    runs the command beside a daemon; $SANJO_VPCD is the port.
Needs Debian's pcscd and vsmartcard-vpcd, and Linux; root, or a user who may make user namespaces.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.hardware.vpcd import Tap

DRIVERS = [Path(folder) / "libifdvpcd.so" for folder in
           ("/usr/lib/pcsc/drivers/serial", "/usr/lib/x86_64-linux-gnu/pcsc/drivers/serial",
            "/usr/local/lib/pcsc/drivers/serial")]

INSIDE = 'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd && shift && exec "$@"'
"""In the namespace: only /run changes, and only for the daemon."""

_folder: Path | None = None


def why_not() -> str:
    """Why no daemon can be started here; "" if it can."""
    if not sys.platform.startswith("linux"):
        return "a private pcscd needs Linux (mount namespaces)"
    if not _pcscd():
        return "pcscd is not installed"
    if not _driver():
        return "the virtual reader of vsmartcard-vpcd is not installed"
    probe = subprocess.run([*_unshare(), "mount", "-t", "tmpfs", "none", "/run"], capture_output=True, text=True)
    if probe.returncode:
        return f"this account may not make a mount namespace: {probe.stderr.strip()}"
    return ""


class PrivateDaemon:
    """One pcscd with two virtual readers, on `port` and `port + 1`. `environment` leads a process to it.

    `readers` may be changed between `stop` and `start`: without, the daemon runs and has no reader at all.
    """

    def __init__(self, readers: bool = True) -> None:
        global _folder
        if _folder is None:
            _folder = Path(tempfile.mkdtemp(prefix="sanjo-pcscd-"))
            atexit.register(shutil.rmtree, _folder, ignore_errors=True)
        self.folder = _folder
        self.run = self.folder / "run"
        self.socket = self.run / "pcscd.comm"
        self.environment = {**os.environ, "PCSCLITE_CSOCK_NAME": str(self.socket)}
        self.port = _free_pair()
        self.readers = readers
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PrivateDaemon:
        """Starts it, and leads this process to it."""
        os.environ["PCSCLITE_CSOCK_NAME"] = str(self.socket)
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Ends it. The folder stays until the test process ends: libpcsclite has its path by heart."""
        self.stop()

    def start(self) -> None:
        """Starts the daemon and waits until it answers."""
        shutil.rmtree(self.run, ignore_errors=True)      # a killed daemon leaves socket and pid; a new one refuses them
        self.run.mkdir(parents=True)
        config = self.folder / "config"
        config.mkdir(exist_ok=True)
        (config / "vpcd").write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{self.port:X}\n'
            f"LIBPATH {_driver()}\nCHANNELID 0x{self.port:X}\n" if self.readers else "")
        with (self.folder / "log").open("ab") as out:
            self._process = subprocess.Popen(
                [*_unshare(), "sh", "-c", INSIDE, "sh", str(self.run), str(_pcscd()), "--foreground",
                 "--config", str(config)], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        until(self._answers, "pcscd did not start", 10)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Ends the daemon: SIGTERM as a service manager does, SIGKILL as a crash does. Nothing if it has ended."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(10)
            self._process = None

    def restart(self, how: int = signal.SIGTERM) -> None:
        """Ends it and starts it again."""
        self.stop(how)
        self.start()

    def tap(self, card: Any, slot: int = 0, **faults: Any) -> Tap:
        """A card for a `with` block, on the first reader or, with slot=1, on the second."""
        return Tap(card, self.port + slot, **faults)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError("pcscd ended: " + (self.folder / "log").read_text(errors="replace")[-2000:])
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.socket))
        except OSError:
            return False
        return not self.readers or all(_listens(self.port + slot) for slot in (0, 1))


def until(true: Callable[[], object], otherwise: str, seconds: float = 10) -> None:
    """Waits until something holds; fails with `otherwise` after a bound that only a fault reaches."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(otherwise)
        time.sleep(0.01)


def _unshare() -> list[str]:
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", "--mount", "--propagation", "private", *user]


def _pcscd() -> str | None:
    return shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _driver() -> Path | None:
    return next((one for one in DRIVERS if one.exists()), None)


def _listens(port: int) -> bool:
    """Somebody listens there (asked without connecting: a connection would be a card)."""
    wanted = f":{port:04X}"
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return any(row.split()[1].endswith(wanted) and row.split()[3] == "0A" for row in rows)


def _free_pair() -> int:
    """Two neighbouring free ports, below those that the system gives to outgoing connections."""
    for port in range(24000 + os.getpid() % 4000 * 2, 32000, 2):
        try:
            for one in (port, port + 1):
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("0.0.0.0", one))
            return port
        except OSError:
            continue
    raise RuntimeError("no two free ports")


def main() -> int:
    """Runs a command beside a daemon of its own."""
    reason = why_not()
    if reason:
        print(reason, file=sys.stderr)
        return 1
    with PrivateDaemon() as daemon:
        return subprocess.run(sys.argv[1:], env={**daemon.environment, "SANJO_VPCD": str(daemon.port)}).returncode


if __name__ == "__main__":
    sys.exit(main())
