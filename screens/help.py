"""F1: what this screen is for and which keys work here. Any card closes it and is worked on."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import Key
from textual.widgets import Static

from screens.modal import DeskModal

ALWAYS = """\
いつも同じ意味のキー
  Enter  ふつうの次の一歩       Esc  記録せずに戻る      数字  行を選ぶ
  F1  この説明    F9  取消(理由を添えて)    Ctrl+Q  終了
  Ctrl+L  施錠(席を離れるとき。受付中の方は開けると戻ります)
  Ctrl+O  操作者交替(職員番号か職員カード。登録があるとき)

迷ったら Esc を押してください。Esc で記録されることはありません。"""


class HelpScreen(DeskModal[None]):
    """One page of text; Esc, Enter or F1 closes it."""

    closes_on_tap = True

    def __init__(self, heading: str, text: str) -> None:
        super().__init__()
        self._heading, self._text = heading, text

    def compose(self) -> ComposeResult:
        """Heading, the screen's own text, and what is the same everywhere."""
        yield Static(" 説明: " + self._heading, classes="window-title", markup=False)
        with VerticalScroll(id="window", classes="window"):
            yield Static(self._text + "\n\n" + ALWAYS, markup=False)
        yield Static("Esc で閉じます", classes="window-keys", markup=False)

    def on_key(self, event: Key) -> None:
        """Every closing key closes; arrows scroll."""
        if event.key in ("escape", "enter", "f1", "q", "ctrl+j"):
            event.stop()
            self.dismiss(None)
