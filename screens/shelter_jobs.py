"""Print jobs: what waits, what failed and why, and what a person may do about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content

from screens import shelter_papers
from screens.panels import Pick
from screens.widgets import row

if TYPE_CHECKING:
    from sanjo_tui.printing.jobs import PrintJob
    from screens.desk import DeskScreen


def form_name(form: str) -> str:
    """What a document is called, whichever reception made it; the queue is one."""
    from screens import polling_papers

    name = shelter_papers.form_name(form)
    return name if name != form else polling_papers.form_name(form)


async def jobs(screen: DeskScreen) -> None:
    """The latest documents, newest first; picking one offers what its state allows."""
    queue = screen.desk.printing
    found = await screen.ask(queue.jobs, 50)
    screen.show(Pick(screen, "印刷の状態", [(_line(job, screen.size.width - 5), job) for job in found],
                     partial(_act, screen), prompt="番号を押すと、再発行や取消ができます",
                     empty="印刷した書類はありません"))


def _line(job: PrintJob, width: int) -> Content:
    from sanjo_tui.printing.faults import fault

    why = job.sentence or (fault(job.reason).sentence if job.reason else "")
    return row([(job.number, 12), (form_name(job.form), 16), (job.mark, 9), (job.state.value, 6), (why, 60)],
               width, emphasis=3)


async def _act(screen: DeskScreen, job: PrintJob) -> None:
    from sanjo_tui.printing.jobs import JobState

    queue = screen.desk.printing
    offers: dict[JobState, list[tuple[str, Any]]] = {
        JobState.DONE: [("再発行する (再発行の印が付きます)", queue.reprint)],
        JobState.UNCERTAIN: [("紙は出ていた", partial(queue.resolve, printed=True)),
                             ("紙は出ていない。もう一度送る", partial(queue.resolve, printed=False)),
                             ("取り消す", queue.cancel)],
        JobState.WAITING: [("保留にする", queue.hold), ("取り消す", queue.cancel)],
        JobState.HELD: [("もう一度送る", queue.release), ("取り消す", queue.cancel)],
        JobState.PRINTING: [("紙は出ていた", partial(queue.resolve, printed=True))]}

    async def done(call: Any) -> None:
        await screen.ask(call, job.number)
        await screen.refresh_facts()
        await jobs(screen)

    screen.show(Pick(screen, f"{job.number} {form_name(job.form)}  {job.state.value}",
                     offers.get(job.state, []), done, enter=False, empty="今できることはありません",
                     back=partial(jobs, screen)))
