"""The words of certificates and seals. Values stand in files and in the journal, labels on screens and paper."""

from __future__ import annotations

from enum import StrEnum


class CertificateKind(StrEnum):
    """証明書種別."""

    RESIDENT_COPY = "resident_copy"
    SEAL = "seal"
    FAMILY_REGISTER = "family_register"
    FAMILY_APPENDIX = "family_appendix"
    INCOME = "income"
    TAX = "tax"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {CertificateKind.RESIDENT_COPY: "住民票の写し", CertificateKind.SEAL: "印鑑登録証明書",
                CertificateKind.FAMILY_REGISTER: "戸籍証明書", CertificateKind.FAMILY_APPENDIX: "戸籍の附票の写し",
                CertificateKind.INCOME: "所得証明書", CertificateKind.TAX: "課税証明書"}[self]

    @property
    def of_a_year(self) -> bool:
        """Belongs to a 年度."""
        return self in (CertificateKind.INCOME, CertificateKind.TAX)


class Channel(StrEnum):
    """Where it is asked for."""

    COUNTER = "counter"
    KIOSK = "kiosk"

    @property
    def label(self) -> str:
        """As lists say it."""
        return "窓口" if self is Channel.COUNTER else "端末"


class Whom(StrEnum):
    """For whom it may be asked."""

    SELF = "self"
    HOUSEHOLD = "household"


class Include(StrEnum):
    """What may stand on it beyond the usual; left out unless it is asked for."""

    RELATIONSHIP = "relationship"
    DOMICILE = "domicile"
    HISTORY = "history"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Include.RELATIONSHIP: "世帯主・続柄", Include.DOMICILE: "本籍・筆頭者",
                Include.HISTORY: "住所の履歴"}[self]


class Tender(StrEnum):
    """支払方法."""

    CASH = "cash"
    CARD = "card"
    EXEMPT = "exempt"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Tender.CASH: "現金", Tender.CARD: "キャッシュレス", Tender.EXEMPT: "免除"}[self]


class PinResult(StrEnum):
    """What the card said of its own PIN. The PIN itself is kept nowhere."""

    NOT_ASKED = "not_asked"
    OK = "ok"
    WRONG = "wrong"
    BLOCKED = "blocked"
    LAST_TRY = "last_try"
    TORN = "torn"


class State(StrEnum):
    """Where an issue number stands."""

    ISSUED = "発行済"
    TAKEN = "交付済"
    FORGOTTEN = "取忘れ"
    VOID = "廃止"


class SealStatus(StrEnum):
    """印鑑登録の状態."""

    REGISTERED = "registered"
    SUSPENDED = "suspended"
    DELETED = "deleted"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {SealStatus.REGISTERED: "登録", SealStatus.SUSPENDED: "停止", SealStatus.DELETED: "抹消"}[self]
