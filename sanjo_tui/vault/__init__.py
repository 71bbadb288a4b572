"""Keys of a station: slots that a passphrase opens, and the keys derived from what they hold."""

from sanjo_tui.vault.keys import Keys
from sanjo_tui.vault.store import Vault

__all__ = ["Keys", "Vault"]
