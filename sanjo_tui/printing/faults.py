"""What keeps paper from coming out, told apart by what may be done next.

    NotSent       the printer does not have the document: wait, try again
    Refused       the printer said no to this document: a person decides
    AnswerLost    sent whole, no answer: it may be on paper; a person looks, nothing is sent again by itself

A fault's code stands in the journal and in the log; its sentence and cure are for people.
"""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.errors import PrintError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: code for journal and log, sentence and cure for the person at the desk."""

    code: str
    sentence: str
    cure: str


_SETTING = "station.toml の printer を確かめてください。書類は待っています。"
_PANEL = "プリンターの画面を確かめてください。"
_LOOK = "紙が出ていれば印刷済み、出ていなければ印刷し直しを選んでください。"
_CHOOSE = "再開か取消を選んでください。"

FAULTS = {entry.code: entry for entry in (
    # the set-up
    Fault("no-printer", "プリンターが決められていません。", _SETTING),
    Fault("setting", "プリンターの設定が正しくありません。", _SETTING),
    # a printer in the network
    Fault("unreachable", "プリンターにつながりません。", "電源とケーブルを確かめてください。自動でやり直します。"),
    Fault("reset", "送信の途中で接続が切れました。", "ケーブルを確かめてください。自動でやり直します。"),
    Fault("certificate", "プリンターの証明書を確かめられません。", "証明書を登録するか、ipp:// を使います。"),
    Fault("not-ipp", "相手の返事がプリンターのものではありません。", _SETTING),
    Fault("no-such-printer", "その名前のプリンターがありません。", _SETTING),
    Fault("not-allowed", "プリンターが受け付けを許していません。", "プリンターの利用制限を確かめてください。"),
    Fault("not-pdf", "このプリンターはPDFを受け取れません。", "印刷サーバー(CUPS)を通すか、別のプリンターにします。"),
    Fault("busy", "プリンターがほかの印刷をしています。", "終わりしだい自動で印刷します。"),
    Fault("not-accepting", "プリンターが受け付けを止めています。", _PANEL),
    Fault("stopped", "プリンターが止まっています。", _PANEL),
    Fault("media-empty", "用紙切れです。", "用紙を入れてください。続きは自動で印刷します。"),
    Fault("media-jam", "紙づまりです。", "つまった紙を取り除いてください。"),
    Fault("cover-open", "プリンターのカバーが開いています。", "カバーを閉じてください。"),
    Fault("marker-empty", "トナーまたはインクがありません。", "交換してください。"),
    Fault("output-full", "印刷された紙の受け皿がいっぱいです。", "印刷された紙を取ってください。"),
    Fault("held-at-printer", "プリンターの側で保留になっています。", _PANEL),
    # a folder
    Fault("inside-home", "印刷先が端末データの中にあります。", "端末データの外のフォルダーを指定してください。"),
    Fault("no-folder", "印刷先のフォルダーがありません。", "フォルダーを作るか、USBメモリーをさしてください。"),
    Fault("not-writable", "印刷先のフォルダーに書けません。", "書き込みできるフォルダーか確かめてください。"),
    Fault("disk-full", "印刷先のディスクがいっぱいです。", "空きを作ってください。自動でやり直します。"),
    # one document
    Fault("render", "書類を作れませんでした。", "原因を直すと自動で印刷します。"),
    Fault("broken", "書類を作る途中で異常がありました。", _CHOOSE),
    Fault("refused", "プリンターがこの書類を断りました。", _CHOOSE),
    Fault("aborted", "プリンターが印刷を中止しました。", _CHOOSE),
    Fault("by-operator", "保留にしました。", _CHOOSE),
    # nobody knows
    Fault("answer-lost", "送ったあと返事がありません。", _LOOK),
    Fault("restarted", "送信中に端末が止まりました。", _LOOK),
    Fault("restored", "前の端末で印刷したかもしれません。", _LOOK),
    Fault("other-printer", "印刷中にプリンターの設定が変わりました。", _LOOK),
    Fault("job-unknown", "プリンターがこの書類を覚えていません。", _LOOK),
    Fault("with-errors", "プリンターが印刷の異常を知らせました。", _LOOK),
    # the station itself
    Fault("journal", "受付記録に書けないため印刷を止めています。", "受付の画面の指示に従ってください。"),
    Fault("second-desk", "この端末の別の画面が印刷しています。", "そのままで印刷されます。"),
)}


def fault(code: str) -> Fault:
    """The fault of a code; one that this version does not know is shown as it is."""
    return FAULTS.get(code) or Fault(code, f"プリンターの知らせ: {code}", _PANEL)


class PrinterFault(PrintError):
    """Something between us and the paper; `fault` says what."""

    def __init__(self, code: str, *, detail: str = "") -> None:
        self.fault = fault(code)
        super().__init__(self.fault.sentence, self.fault.cure, detail=detail or code)


class NotSent(PrinterFault):
    """The printer does not have the document."""


class Refused(PrinterFault):
    """The printer has read the document and said no."""


class AnswerLost(PrinterFault):
    """The document left whole; what became of it is unknown."""
