"""The tables of a register file and the one way to open it: SQLCipher, raw key, nothing temporary on the disk.

Models are made anew for every open file, so that two registers (the live one and the one being built) never share
a binding: a model class bound for one thread is bound for all.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from peewee import DatabaseError, DatabaseProxy, IntegerField, Model, TextField
from playhouse.sqlcipher_ext import SqlCipherDatabase  # type: ignore[import-untyped]
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

from sanjo_tui.errors import RegisterError
from sanjo_tui.register.content import REGISTER, Content

GONE = 1 << 26
"""Bit of `name_word.packed` that stands for a person who is not a resident any more; below it the row number."""

WORD = GONE << 1
"""`packed` = word number x WORD + person; person = (GONE) + row number of the resident."""

FORMAT = 1
"""Kept as user_version; raised with every change of the tables, so that an older file is loaded again, not misread."""

NAME_INDEX = (
    "CREATE TABLE word_key(kind TEXT, start INTEGER, key TEXT, word INTEGER, PRIMARY KEY(kind, start, key, word))"
    " WITHOUT ROWID",
    "CREATE TABLE name_word(packed INTEGER PRIMARY KEY)",
    "CREATE TABLE name_pair(first INTEGER, second INTEGER, person INTEGER, PRIMARY KEY(first, second, person))"
    " WITHOUT ROWID",
)
"""The tables that names.py fills and search.py asks, beside `word` and `resident`."""

_PLAIN = b"SQLite format 3\x00"


class RegisterDatabase(SqlCipherDatabase):  # type: ignore[misc]
    """A database with a 32-byte raw key. Every connection it opened, in whatever thread, is closed by `close_all`.

    An empty passphrase would silently make a plaintext file, so another length is refused; the driver's own messages
    are silenced before the key is set, or they would land on the screen.
    """

    def __init__(self, path: Path, key: bytes, *, read_only: bool) -> None:
        if len(key) != 32:
            raise RegisterError("住基データの鍵が正しくありません。", "この端末の鍵束（vault）を確かめてください。",
                                detail=f"key of {len(key)} bytes")
        self._hex = key.hex()
        self._opened: list[Any] = []
        self._opened_lock = threading.Lock()
        name = f"{path.absolute().as_uri()}?mode=ro&immutable=1" if read_only else str(path)
        super().__init__(name, pragmas=[("temp_store", "memory"), ("busy_timeout", 30000)], uri=read_only)

    def _connect(self) -> Any:
        connection = dbapi2.connect(self.database, isolation_level=None, check_same_thread=False, **self.connect_params)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{self._hex}'\"")
            self._add_conn_hooks(connection)
        except BaseException:
            connection.close()
            raise
        with self._opened_lock:
            self._opened.append(connection)
        return connection

    def close_all(self) -> None:
        """Closes the connections of all threads."""
        if not self.is_closed():
            self.close()
        with self._opened_lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()


class Tables:
    """Models of one open register file."""

    def __init__(self, database: RegisterDatabase) -> None:
        class Base(Model):
            class Meta:
                pass

        bound = DatabaseProxy()
        bound.initialize(database)
        Base._meta.database = bound

        class Info(Base):
            key = TextField(primary_key=True)
            value = TextField()

        class ResidentRow(Base):
            addressee_no = TextField()
            household_no = TextField()
            position = IntegerField()
            name = TextField()
            name_kana = TextField()
            common_name = TextField(column_name="alias")
            alias_kana = TextField()
            name_roman = TextField()
            name_hanzi = TextField()
            former_family = TextField()
            former_family_kana = TextField()
            birth_date = TextField()
            birth_unknown = TextField()
            birth_text = TextField()
            birth_era = TextField()
            birth_key = TextField(null=True)
            sex_code = TextField()
            relationship = TextField()
            relationship_label = TextField()
            resident_kind = TextField()
            resident_status = TextField()
            postal_code = TextField()
            town = TextField()
            lot_text = TextField()
            building = TextField()
            district_code = TextField()
            nationality = TextField()
            protected = IntegerField()
            head_name = TextField()
            history_no = IntegerField()
            branch = IntegerField()
            line = IntegerField()

            class Meta:
                table_name = "resident"

        class CardRow(Base):
            user_id = TextField()
            addressee_no = TextField()
            valid_until = TextField()
            status = TextField()
            line = IntegerField()

            class Meta:
                table_name = "card_link"

        class ShelterRow(Base):
            shelter_code = TextField(primary_key=True)
            name = TextField()
            address = TextField()
            district_code = TextField()
            capacity = IntegerField()
            phone = TextField()

            class Meta:
                table_name = "shelter"
                without_rowid = True

        class WordRow(Base):
            """One word of a name (kind n) or of a reading (kind k), as written."""

            kind = TextField()
            text = TextField()

            class Meta:
                table_name = "word"

        self.database, self.info, self.resident, self.card = database, Info, ResidentRow, CardRow
        self.shelter, self.word = ShelterRow, WordRow

    def create(self) -> None:
        """Makes all tables in a fresh file; the indexes come after the rows."""
        models = [self.info, self.resident, self.card, self.shelter, self.word]
        self.database.create_tables(models, safe=False)
        self.database.execute_sql(f"PRAGMA user_version = {FORMAT}")
        for sql in NAME_INDEX:
            self.database.execute_sql(sql)

    def create_indexes(self) -> None:
        """After the rows: five times faster than before them."""
        for sql in ("CREATE INDEX resident_addressee ON resident(addressee_no)",
                    "CREATE INDEX resident_household ON resident(household_no, position)",
                    "CREATE INDEX resident_birth ON resident(birth_key) WHERE birth_key IS NOT NULL",
                    "CREATE INDEX resident_protected ON resident(addressee_no) WHERE protected",
                    "CREATE INDEX card_user ON card_link(user_id)",
                    "CREATE INDEX card_addressee ON card_link(addressee_no)"):
            self.database.execute_sql(sql)


def is_plaintext(path: Path) -> bool:
    """Whether a file is an unencrypted database. Only while no connection is open: closing it drops POSIX locks."""
    with path.open("rb") as stream:
        return stream.read(16) == _PLAIN


def open_for_reading(path: Path, key: bytes, content: Content = REGISTER) -> RegisterDatabase:
    """Opens a finished file of a shelf. RegisterError if it is missing, damaged, or of another key."""
    if not path.is_file():
        raise RegisterError(f"{content.noun}のファイルがありません。", content.again, detail=path.name)
    database = RegisterDatabase(path, key, read_only=True)
    try:
        database.connect(reuse_if_open=True)
        database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()
    except (DatabaseError, dbapi2.DatabaseError) as error:
        database.close_all()
        raise RegisterError(f"{content.noun}のファイルを開けません。壊れているか、この端末のものではありません。",
                            content.again, detail=f"{path.name}: {type(error).__name__}") from error
    return database
