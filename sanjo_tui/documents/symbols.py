"""Bar codes: QR and Code 128, drawn as vectors. They hold a number that a scanner types at the desk, never a name."""

from __future__ import annotations

from sanjo_tui.documents.sheet import MM, Sheet

QUIET = 10
"""Modules of white that Code 128 needs on either side (ISO/IEC 15417)."""


def qr(sheet: Sheet, x: float, y: float, size: float, data: str) -> None:
    """A QR code, error correction M, without its quiet zone (4 modules: leave 15 % around it)."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel  # type: ignore[import-untyped]

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(data)
    code.make()
    count = code.getModuleCount()
    module = size / count
    for row in range(count):
        column = 0
        while column < count:
            start = column
            while column < count and code.isDark(row, column):
                column += 1
            if column > start:                                  # one rectangle for each horizontal run
                sheet.canvas.rect(sheet.px(x + start * module), sheet.py(y + (row + 1) * module),
                                  (column - start) * module * MM, module * MM, stroke=0, fill=1)
            column += 1


def code128(sheet: Sheet, x: float, y: float, width: float, height: float, data: str) -> float:
    """Code 128 centred in `width`, quiet zones included. Returns the module's width in mm (0.25 is safe)."""
    from reportlab.graphics.barcode.code128 import Code128  # type: ignore[import-untyped]

    bars = Code128(data, barWidth=1, quiet=0)
    bars.validate()
    bars.encode()
    bars.decompose()
    # Letters stand for widths 1 to 4: bars in upper case, spaces in lower case.
    pattern = [(ord(c.lower()) - ord("a") + 1, c.isupper()) for c in bars.decomposed]
    modules = sum(wide for wide, _ in pattern)
    module = min(0.4, width / (modules + 2 * QUIET))
    at = x + (width - modules * module) / 2
    for wide, dark in pattern:
        if dark:
            sheet.canvas.rect(sheet.px(at), sheet.py(y + height), wide * module * MM, height * MM, stroke=0, fill=1)
        at += wide * module
    return module
