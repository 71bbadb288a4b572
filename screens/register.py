"""The register snapshot in use, for those who must judge whether it is fresh enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Static

from screens.widgets import pad

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk, Header

LEVELS = {"ok": "新しい", "amber": "古い: 最近の転入・転出・出生は載っていません",
          "red": "とても古い: 担当課に新しい写しを頼んでください", "none": "写しがありません: 仮登録で受け付けます"}


def lines_of(desk: Desk, header: Header | None) -> list[str]:
    """Status of the register, line by line."""
    lines = [pad("状態", 12) + LEVELS.get(header.register_level if header else "none", "")]
    if desk.register is None:
        return [*lines, "", "sanjo-tui register load フォルダー で読み込みます(担当者)。"]
    info = desk.register.info
    lines += [pad("基準日", 12) + info.as_of.isoformat(), pad("写しの番号", 12) + info.snapshot_id,
              pad("人数", 12) + f"{info.people:,}人  {info.households:,}世帯"]
    if info.source_system:
        lines.append(pad("元のシステム", 12) + info.source_system)
    if info.fictitious:
        lines.append("架空データです。実在の人ではありません。")
    return [*lines, "", "新しい写しは sanjo-tui register load で読み込みます。受付中でも切り替わります。"]


class RegisterScreen(Screen[None]):
    """The same page, from the home screen."""

    def __init__(self, desk: Desk, header: Header | None) -> None:
        super().__init__()
        self._lines = lines_of(desk, header)

    def compose(self) -> ComposeResult:
        """A heading and the lines."""
        with Vertical(classes="page"):
            yield Static("住基の写しの状態", classes="page-title", markup=False)
            yield Static("\n".join(self._lines), markup=False)
        yield Static("Esc 戻る", classes="window-keys", markup=False)

    def on_key(self, event: Key) -> None:
        """Esc goes back; F1 explains."""
        if event.key in ("escape", "enter"):
            event.stop()
            self.dismiss(None)
        elif event.key == "f1":
            from screens.help import HelpScreen

            event.stop()
            self.app.push_screen(HelpScreen("住基の写し", "住基の写しがいつのものかを示します。古い写しには、"
                                                     "最近の転入・転出・出生・死亡が載っていません。"))
