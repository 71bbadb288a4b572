"""The counter: the one door between a screen or a command and all rooms below. It holds no rule and no layout."""

from sanjo_tui.desk.counter import Desk, Header, Opened

__all__ = ["Desk", "Header", "Opened"]
