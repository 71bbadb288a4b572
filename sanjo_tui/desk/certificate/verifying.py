"""Is this certificate ours? By number and keyed check, against this station's key and every journal it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanjo_tui.receptions.certificate import issuing
from sanjo_tui.receptions.certificate.disaster import QR, read_certificate_no
from sanjo_tui.receptions.certificate.records import Application, Certificate
from sanjo_tui.receptions.certificate.state import APPLICATIONS, DISASTERS, NUMBERS
from sanjo_tui.receptions.certificate.words import Standing

if TYPE_CHECKING:
    from sanjo_tui.desk.certificate.desk import CertificateDesk

FORGED = "偽造の疑いがあります"


def verify(desk: CertificateDesk, text: str) -> tuple[bool, str]:
    """Whether it is valid, and the sentence to say. Text: that of the QR code, or a number alone."""
    plain = text.strip()
    parts = plain.split(":")
    if len(parts) == 3 and parts[0] == QR:
        number, check = parts[1].upper(), parts[2].upper()
    elif len(parts) == 1:
        number, check = plain.upper(), ""
    else:
        return False, f"証明書の QR コードではありません。{FORGED}。"
    read = read_certificate_no(number)
    if read is None:
        return False, f"証明書番号の検査数字が合いません。{FORGED}。"
    found = _issued(desk, number)
    if found is None:
        if read[1] in desk.desk.journal.codes():
            return False, f"この端末は {number} を発行していません。{FORGED}。"
        return False, f"{number} は、この端末の記録にありません。発行した端末か本部で確かめてください。"
    application, certificate = found
    if check and check != certificate.check:
        return False, f"{number} の検査符号が記録と違います。{FORGED}。"
    own = read[1] in desk.desk.journal.codes()
    disaster = desk.disaster
    if own and disaster is not None:
        content = issuing.content_text(disaster, number, application, certificate.grade, certificate.issued_on)
        if not desk.check_of(content, certificate.check):
            return False, f"{number} の内容が、発行したときの検査符号と合いません。責任者に知らせてください。"
    what = f"{certificate.what.label} {certificate.grade.label if certificate.grade else ''}".strip()
    match certificate.standing:
        case Standing.VOID:
            return False, f"{number} は書損で、効力がありません。"
        case Standing.SUPERSEDED:
            return False, f"{number} は失効しています（{certificate.reason}）。新しい証明書があります。"
    if not check:
        return True, f"{number} は有効な番号です（{what}）。紙の QR コードでも確かめてください。"
    return True, f"{number} は、当市が発行した有効な証明書です（{what}）。"


def _issued(desk: CertificateDesk, number: str) -> tuple[Application, Certificate] | None:
    with desk.desk.journal.view() as view:
        for scope in view.scopes(DISASTERS):
            given = view.record_of(NUMBERS, scope, number)
            application: Application | None = (
                view.record_of(APPLICATIONS, scope, given.application) if given else None)
            if application is not None:
                for certificate in application.certificates:
                    if certificate.number == number:
                        return application, certificate
    return None
