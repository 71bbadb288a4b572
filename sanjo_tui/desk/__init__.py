"""The counter: the one door between a screen or a command and all rooms below. It holds no rule and no layout."""

from sanjo_tui.desk.desk import Desk
from sanjo_tui.desk.heading import Header
from sanjo_tui.desk.opened import Opened

__all__ = ["Desk", "Header", "Opened"]
