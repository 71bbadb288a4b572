"""罹災証明受付: a card, the household of the day, the house by one key, the application, the certificate."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from typing_extensions import override

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.certificate.events import Binding
from sanjo_tui.receptions.certificate.words import Applicant
from sanjo_tui.receptions.identity import VerifiedBy
from screens import certificate_tasks as tasks
from screens.certificate_application import ApplicationPanel
from screens.certificate_forms import Typed
from screens.certificate_household import HouseholdPanel
from screens.messages import Scanned
from screens.panels import Panel
from screens.service import PaperChoice, ServiceScreen, Stopped, Task
from screens.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.certificate.desk import CertificateDesk
    from sanjo_tui.desk.certificate.look import Look
    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.receptions.certificate.matching import Candidate
    from sanjo_tui.receptions.certificate.rules import Asked
    from screens.panels import Hints

HELP = ("カードをかざすか、氏名や生年月日を打って Enter を押すと、災害の日の世帯と、家屋の候補が出ます。\n"
        "Enter(または番号)で家屋を選び、本人を確かめると、申請を受け付けます。判定が済んでいれば、もう一度 Enter で\n"
        "証明書を発行します。受付番号や証明書番号(QRコード)を読み取ると、その申請を開きます。")


class CertificateScreen(ServiceScreen):
    """The desk for disaster certificates."""

    RECEPTION = "certificate"
    READY = "カードをかざしてください"
    SEARCHES = "氏名 生年月日 受付番号 証明書番号"
    HELP = HELP
    STEPS = ("  1  カードをかざす (ない方は氏名や生年月日で探す)",
             "  2  家屋を Enter か番号で選び、本人を確かめる。申請を受け付け、受付票が出る",
             "  3  判定が済んでいれば Enter で証明書を発行し、渡して署名をもらう")
    OWN_KEYS: ClassVar[Hints] = (("F2", "開始・終了"), ("F5", "書類"))
    PAPERS: ClassVar[Sequence[PaperChoice]] = (
        ("委任状(白紙)", "certificate.proxy", {}), ("調査依頼票(地図番号ごと)", "certificate.request", {}),
        ("交付台帳", "certificate.ledger", {}), ("失効一覧", "certificate.voids", {}))
    TASKS: ClassVar[Sequence[tuple[str, Task]]] = tasks.TASKS

    @property
    def certificates(self) -> CertificateDesk:
        """The desk below."""
        return cast("CertificateDesk", self.service)

    # --- who came

    @override
    async def opened(self, opened: Opened) -> None:
        look: Look = await self.ask(self.certificates.look, opened)
        if look.verdict.stops:
            release = partial(tasks.release, self, opened) if look.verdict.code == "SUPPRESSED" else None
            self.show(Stopped(self, look.verdict, (look.title,), release))
            return
        self.show(HouseholdPanel(self, look, opened))

    @override
    async def find(self, text: str) -> None:
        number = await self.ask(self.certificates.find, text) if any(c.isdigit() for c in text) else ""
        if number:
            await self.open_application(number)
            return
        await super().find(text)

    @override
    async def number_scanned(self, reception_no: str) -> bool:
        number = await self.ask(self.certificates.find, reception_no)
        if number:
            await self.open_application(number)
        return bool(number)

    def on_scanned(self, message: Scanned) -> None:
        """A QR code where one is asked for; else Textual goes on to the base's own handler."""
        panel = self.panel
        if message.whole and isinstance(panel, Typed) and self.sanjo.recognise(message.text) is None:
            message.prevent_default()
            self.do(partial(panel.search, message.text))

    async def open_application(self, number: str, receipt: Receipt | None = None) -> None:
        """One application on the desk; `receipt`: what was just recorded of it."""
        application = await self.ask(self.certificates.application, number)
        self.show(ApplicationPanel(self, application, receipt))

    async def apply(self, look: Look, candidate: Candidate | None, asked: Asked, **more: Any) -> None:
        """After the house is chosen: who stands there, then the reception, then the application.

        What was applied for already is opened instead (E-DUP).
        """
        async def open_existing(error: RuleError) -> None:
            binding = candidate.binding() if candidate else Binding(address=more.get("address", "").strip())
            await self.open_application(await self.ask(self.certificates.existing, look.household.key, binding,
                                                       asked.what))
            self.warn(error.message.removesuffix("。"))

        async def known(way: VerifiedBy) -> None:
            try:
                receipt = await self.ask(partial(self.certificates.apply, look, candidate,
                                                 replace(asked, verified_by=way), **more))
            except RuleError as error:
                if error.detail != "E-DUP":
                    raise
                await open_existing(error)
                return
            await self.refresh_facts()
            number = receipt.reception_no
            if asked.consultation:
                await self.recorded(receipt)
            else:
                await self.open_application(number, receipt)

        verify(self, f"{look.title} の本人確認", known,
               by_card=look.by_card and asked.applicant is not Applicant.AGENT)

    # --- facts and keys

    @override
    def counted(self) -> str:
        return tasks.counts(self.certificates)

    @override
    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        return panel.papers() if isinstance(panel, ApplicationPanel) else ()

    @override
    async def own_key(self, key: str) -> bool:
        if key == "f2" and self.panel.idle:
            await tasks.opening(self)
            return True
        if isinstance(self.panel, HouseholdPanel | ApplicationPanel):
            return await self.panel.own_key(key)
        return False
