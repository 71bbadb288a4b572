"""A virtual card in the field of a vpcd reader: connecting puts it there, closing takes it away.

Both directions: two bytes of length, then the message. One byte alone is a control: 0 power off, 1 power on, 2 reset,
4 send the ATR, the only one that is answered.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Protocol, Self


class Card(Protocol):
    """What can lie on a reader; cards/filecard.py is one."""

    atr: bytes

    def transmit(self, apdu: bytes) -> tuple[bytes, int]: ...

    def reset(self) -> None: ...


@dataclass
class Tap:
    """`with Tap(card, port):` the card lies on the reader inside the block, or until `remove`.

    `tear_after`: the card is pulled away when this many APDUs were answered. `delay`: seconds a card thinks over each.
    """

    card: Card
    port: int
    tear_after: int | None = None
    delay: float = 0.0
    apdus: list[bytes] = field(default_factory=list)
    since: float = 0.0
    gone: bool = False
    _link: socket.socket | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.since = time.monotonic()
        self._link = socket.create_connection(("127.0.0.1", self.port), 5)
        self._link.settimeout(None)
        self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Takes the card away."""
        self.gone = True
        if self._link is None:
            return
        with contextlib.suppress(OSError):          # the daemon was faster
            self._link.shutdown(socket.SHUT_RDWR)
        self._link.close()
        if self._thread is not threading.current_thread() and self._thread:
            self._thread.join(2)

    def _serve(self) -> None:
        try:
            while True:
                message = self._receive(*struct.unpack(">H", self._receive(2)))
                if len(message) == 1:
                    if message[0] == 4:
                        self._send(self.card.atr)
                    else:
                        self.card.reset()
                    continue
                if self.tear_after is not None and len(self.apdus) >= self.tear_after:
                    self.remove()
                    return
                self.apdus.append(message)
                if self.delay:
                    time.sleep(self.delay)
                data, status = self.card.transmit(message)
                self._send(data + status.to_bytes(2))
        except OSError:
            return                                  # taken away, or the daemon has ended

    def _send(self, message: bytes) -> None:
        assert self._link
        self._link.sendall(struct.pack(">H", len(message)) + message)

    def _receive(self, count: int) -> bytes:
        """The driver sends length and body apart without TCP_NODELAY: 44 ms each, unless acknowledged at once."""
        assert self._link
        data = b""
        while len(data) < count:
            self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            more = self._link.recv(count - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data
