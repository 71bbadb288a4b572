"""What can go wrong at a station, as sentences for the person at the desk.

    SanjoError                  message: what happened; hint: what to do next (both Japanese, whole sentences)
      UsageError                the command was called wrongly (exit code 2)
      StationError              station.toml is missing, wrong, or belongs to something else
      VaultError                passphrase wrong, vault unreadable
      RegisterError             a snapshot is refused, no register is loaded
      BundleError               a bundle or a public key from outside is refused
      JournalError              the journal cannot be written or read: reception stops
        DiskFull                no room: the paper procedure starts
        ClaimTaken              what may happen only once has happened already
        BrokenChain             a row was changed; carries its sequence number
      CardError                 profile file wrong, card refused
        UnknownToken            a readable card that belongs to nobody we know
      RuleError                 the rules of a reception say no
      NotAllowed                the operator's role does not allow it
      PrintError                a document cannot be made or sent; the reception stands

A library's exception is wrapped where it is met, at the edge, and never reaches a screen. `detail` is for the log:
codes and numbers, never a resident's name.
"""

from __future__ import annotations


class SanjoError(Exception):
    """Root of all errors that a person sees. `exit_code` is what a command ends with."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "", *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(SanjoError):
    """Wrong options or arguments."""

    exit_code = 2


class StationError(SanjoError):
    """The station's set-up is missing or wrong."""


class VaultError(SanjoError):
    """The vault does not open."""


class RegisterError(SanjoError):
    """No register, or a snapshot that must not be used."""


class BundleError(SanjoError):
    """A bundle or a public key from outside that must not be used; `detail` is the reason's code."""


class JournalError(SanjoError):
    """The journal cannot be written or read."""


class DiskFull(JournalError):
    """No room left for another reception."""


class ClaimTaken(JournalError):
    """A claim `(scope, subject)` is held already; `holder` is the station and sequence number that holds it."""

    def __init__(self, scope: str, subject: str, holder: tuple[str, int]) -> None:
        super().__init__("同じ内容がすでに記録されています。", "もう一度読み取って、今の状態を見てください。",
                         detail=f"claim {scope} held by {holder[0]}-{holder[1]}")
        self.scope, self.subject, self.holder = scope, subject, holder


class BrokenChain(JournalError):
    """The first row that does not follow from the one before it."""

    def __init__(self, station: str, seq: int) -> None:
        super().__init__(f"受付記録の {station}-{seq} 番から後ろが壊れています。",
                         "この端末での受付をやめ、紙の受付に切り替えて、本部に連絡してください。",
                         detail=f"broken chain at {station}-{seq}")
        self.station, self.seq = station, seq


class CardError(SanjoError):
    """A card or a profile that cannot be used."""


class UnknownToken(CardError):
    """The card was read, but neither the register nor a binding knows its number."""


class RuleError(SanjoError):
    """The rules do not allow what was asked."""


class NotAllowed(SanjoError):
    """The operator's role does not allow it; `permission` names the row of the table in vault/roles.py."""

    def __init__(self, message: str, hint: str, permission: str) -> None:
        super().__init__(message, hint, detail=permission)
        self.permission = permission


class PrintError(SanjoError):
    """A document cannot be rendered or sent."""
