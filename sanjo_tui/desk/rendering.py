"""Whose form a print job is: the pages of a job, and who may print it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanjo_tui.desk import signing
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.documents.paper import Pdf
    from sanjo_tui.printing.jobs import PrintJob


def owner_of(form: str) -> str:
    """The reception whose form this is: `counter.sheet` is the counter's; the first two receptions' have no dot."""
    from sanjo_tui.desk import polling_papers

    reception, dot, _ = form.partition(".")
    return reception if dot else "polling" if form in polling_papers.FORMS else "shelter"


def may_print(desk: Desk, form: str) -> None:
    """Raises NotAllowed: a document is printed again, held or taken back by who may print it."""
    desk.permit(desk.room(owner_of(form)).needs(form))


def render(desk: Desk, job: PrintJob) -> Pdf:
    """The pages of a job, on the order of whoever asked for it."""
    room: Any = desk.room(owner_of(job.form))
    with signing.on_order_of(signing.who_ordered(desk.keys, job.asked_by)):
        pdf: Pdf = room.made(job.form, serial=job.number, reissue=job.reissue, **job.parameters).pdf()
        return pdf


def need_of(needs: dict[str, Permission], form: str) -> Permission:
    """What one must be allowed to see or print a form; LIST where a table does not say."""
    return needs.get(form, Permission.LIST)
