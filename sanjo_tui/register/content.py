"""What a shelf of snapshots holds, and what its sentences call it: the register of residents, the roll of electors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One kind of data that is loaded. `name`: in manifests and key names; `noun`: in sentences."""

    name: str
    noun: str
    load: str
    """The command that loads it, as it stands in a hint."""

    again: str
    """What to do when the loaded file cannot be used any more."""


REGISTER = Content(name="register", noun="住基データ", load="register load",
                   again="register load で読み込み直すか、register rollback で前に戻してください。")
ROLL = Content(name="roll", noun="選挙人名簿", load="election load",
               again="名簿のフォルダーを election load で読み込み直してください。")
