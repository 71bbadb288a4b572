"""SQLCipher files: opened with a raw key or not at all.

Traps of the libraries that are closed here: an empty passphrase makes a plaintext file, `timeout=` is ignored, the
library talks to standard error over the screen, and a wrong key looks like a broken file. The file's first 16 bytes are
its salt; ours follow from the key, so they tell a foreign file from a broken one.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playhouse.sqlcipher_ext import SqlCipherDatabase  # type: ignore[import-untyped]
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

MAGIC = b"SQLite format 3\x00"
BUSY_MS = 10_000
"""How long a statement waits for another process. Queues at one file are unfair: 1.2 s was seen with six writers."""


class CipherDatabase(SqlCipherDatabase):  # type: ignore[misc]  # the library has no types
    """One encrypted file. `key` 32 bytes, `salt` 16 bytes; anything else is refused."""

    def __init__(self, path: Path | str, key: bytes, salt: bytes, *, pragmas: Sequence[tuple[str, Any]] = (),
                 **options: Any) -> None:
        if len(key) != 32 or len(salt) != 16:
            raise ValueError("a raw key has 32 bytes and a salt 16")
        self._cipher_key = f"x'{key.hex()}{salt.hex()}'"
        super().__init__(str(path), pragmas=[("busy_timeout", BUSY_MS), *pragmas], **options)

    def _connect(self) -> Any:
        connection = dbapi2.connect(self.database, isolation_level=None, **self.connect_params)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")  # before the key: a wrong one would be told on stderr
            connection.execute(f'PRAGMA key = "{self._cipher_key}"')
            self._add_conn_hooks(connection)
        except BaseException:
            connection.close()
            raise
        return connection


_open_files: Counter[tuple[int, int]] = Counter()
_open_lock = threading.Lock()


class OpenFile:
    """Counts that this process has `path` open, and looks at its first bytes only while nobody has.

    Closing any descriptor of a file drops all POSIX locks that the process holds on it (sqlite.org/howtocorrupt): a
    look at the head beside an open connection would let two writers in.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError. `head` is None where a connection was open already."""
        status = path.stat()
        self._identity = (status.st_dev, status.st_ino)
        with _open_lock:
            self.head: bytes | None = None
            if not _open_files[self._identity]:
                with path.open("rb") as file:
                    self.head = file.read(16)
            _open_files[self._identity] += 1

    def release(self) -> None:
        """The connections are closed."""
        with _open_lock:
            _open_files[self._identity] -= 1
