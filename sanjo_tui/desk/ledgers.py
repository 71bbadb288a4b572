"""Every ledger of every reception, and the events that fold into nothing: what a station's journal is opened with."""

from __future__ import annotations

from sanjo_tui.journal.events import Event
from sanjo_tui.printing.jobs import JOBS
from sanjo_tui.receptions.application import state as application
from sanjo_tui.receptions.attendance import state as attendance
from sanjo_tui.receptions.certificate import state as certificate
from sanjo_tui.receptions.childcare import state as childcare
from sanjo_tui.receptions.counter import state as counter
from sanjo_tui.receptions.kiosk import state as kiosk
from sanjo_tui.receptions.library import state as library
from sanjo_tui.receptions.lookups import LOOSE
from sanjo_tui.receptions.polling.state import DAYS, LOADED, STOCK, VOTERS
from sanjo_tui.receptions.shelter.state import EPISODES, HOUSEHOLDS, INQUIRIES, PEOPLE
from sanjo_tui.receptions.tokens import TOKENS
from sanjo_tui.receptions.userid import state as userid

LEDGERS = (
    EPISODES, PEOPLE, HOUSEHOLDS, TOKENS, JOBS, LOADED, DAYS, STOCK, VOTERS,
    *application.LEDGERS,
    *attendance.LEDGERS,
    *certificate.LEDGERS,
    *childcare.LEDGERS,
    *counter.LEDGERS,
    *kiosk.LEDGERS,
    *library.LEDGERS,
    *userid.LEDGERS,
)
LOOSE_EVENTS: tuple[type[Event], ...] = (
    *LOOSE, *INQUIRIES,
    *application.LOOSE,
    *attendance.LOOSE,
    *certificate.LOOSE,
    *childcare.LOOSE,
    *counter.LOOSE,
    *kiosk.LOOSE,
    *library.LOOSE,
    *userid.LOOSE,
)
