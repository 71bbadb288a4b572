"""What is asked in writing: where the photo is and what it shows, the sheet's answers, a telephone number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.application import rules
from sanjo_tui.receptions.application.rules import Asked
from sanjo_tui.receptions.application.words import Identity, Method, Point
from sanjo_tui.receptions.base import Verdict, Weight
from screens.form import Field, FormScreen
from screens.panels import Hints, Panel
from screens.questions import Question, Typed
from screens.widgets import pad

if TYPE_CHECKING:
    from screens.application import ApplicationScreen
    from screens.application_case import CasePanel

YES_NO = ((True, "はい"), (False, "いいえ"))
PICTURES = (".jpg", ".jpeg", ".png")


def newest(folder: Path | None) -> Path | None:
    """The newest picture of a folder, which the camera has just written; None where there is none."""
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() in PICTURES] if folder else []
        return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)
    except OSError:
        return None                                     # the camera was pulled out: a path is typed


async def photo(case: CasePanel) -> None:
    """Asks for the file: a path, a name in the folder of the last one, or Enter for the newest there."""
    screen = case.desk
    offered = await screen.ask(newest, screen.photo_folder)

    async def back() -> None:
        screen.show(case)

    async def given(text: str) -> None:
        path = Path(text).expanduser() if text else offered
        if path is None:
            screen.warn("写真のファイルの場所を打ってください")
            return
        if not path.is_absolute() and screen.photo_folder is not None:
            path = screen.photo_folder / path
        await screen.ask(screen.applications.check_photo, case.case.number, path)
        screen.photo_folder = path.parent
        setup = await screen.ask(lambda: screen.applications.setup)
        screen.show(Points(case, path, setup.photo.max_age_months))

    done = [f"  そのまま Enter: {offered.name}  (いちばん新しい写真)"] if offered else [
        "  例: /media/camera/IMG_0001.JPG  一度入れると、次からは名前だけか Enter だけ"]
    screen.show(Typed(screen, case.title(), Question(key="path", label="写真のファイル", required=offered is None,
                                                     hint="ファイルの場所"), given, back, done))


class Points(Panel):
    """What a person makes sure of on the photo, one digit each; Enter when all are sure."""

    help = ("写真を見て、一つずつ番号を押して確かめます。合わないものがあれば Esc で戻り、撮り直します。\n"
            "顔の向きや背景を、機械は判断しません。確かめた人が記録に残ります。")

    def __init__(self, case: CasePanel, path: Path, months: int) -> None:
        super().__init__(case.desk)
        self.case, self.path, self.months, self.sure = case, path, months, set[Point]()

    @override
    def verdict(self) -> Verdict:
        left = len(Point) - len(self.sure)
        return Verdict(Weight.READY, f"写真を見て確かめます  あと{left}" if left else "Enter で写真を取り込みます",
                       notes=("カメラか別の画面で写真を見て、一つずつ番号を押します",) if left else ())

    @override
    def title(self) -> str:
        return f"{self.case.title()}  {self.path.name}"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        lines = []
        for number, point in enumerate(Point, 1):
            mark = "[確認]" if point in self.sure else "[    ]"
            line = Content(pad(f"  {number} {mark} {self._words(point)}", width))
            lines.append(line.stylize("$chosen") if point in self.sure else line)
        return lines

    def _words(self, point: Point) -> str:
        return f"{self.months}か月以内に撮った" if point is Point.RECENT else point.label

    @override
    def hints(self) -> Hints:
        return (("数字", "確かめる"), ("Enter", "取り込む"), ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        screen = self.case.desk
        if key == "escape":
            await photo(self.case)
        elif character in ("1", "2", "3", "4", "5"):
            self.sure ^= {list(Point)[int(character) - 1]}
        elif key == "enter":
            receipt = await screen.ask(screen.applications.photograph, self.case.case.number, self.path,
                                       tuple(self.sure))
            await self.case.again(receipt)


async def sheet(case: CasePanel) -> Asked | None:
    """The answers for the sheet, or None when it was left with Esc."""
    one = case.case
    card = (await case.desk.ask(lambda: case.desk.applications.setup)).card
    born = rules.birth_of(one.person.birth)
    young = born is not None and rules.age_of(born, case.desk.desk.today()) < card.sign_from_age
    fields = [
        Field(key="application_form_id", label="申請書ID", required=True, hint="QRコードを読み取るか23桁を打つ",
              value="" if one.reissue else one.application_form_id),
        Field(key="matches", label="氏名・住所", required=True, options=(
            (True, "今の住基と同じ"), (False, "変わる前のもの"))),
        Field(key="method", label="申請の方法", required=True, value=one.method,
              options=tuple((each, each.label) for each in Method)),
        Field(key="id_documents", label="本人確認書類", value=one.id_documents or "",
              options=(*((each, each.label) for each in Identity), ("", "確かめていない"))),
        Field(key="certificates", label="電子証明書", several=True, value=tuple(
            word for word, on in (("sign", one.sign and not young), ("auth", one.auth)) if on),
            options=(("sign", f"署名用({card.sign_from_age}歳から)"), ("auth", "利用者証明用"))),
        Field(key="braille_name", label="点字の氏名", value=one.braille_name, options=YES_NO),
        Field(key="adult_ward", label="成年被後見人", value=one.ward.value == "adult_ward", options=YES_NO),
        Field(key="representative", label="法定代理人氏名", value=one.representative),
        Field(key="relation", label="代理人の続柄", value=one.relation),
        Field(key="leaving", label="転出の予定", value=one.leaving, options=YES_NO),
        Field(key="leaving_known", label="受取の注意を説明", value=one.leaving, options=YES_NO),
    ]
    fields = [replace(field, value=case.draft.get(field.key, field.value)) for field in fields]
    answers = await case.desk.sanjo.push_screen_wait(FormScreen(
        f"申請書: {case.title()}", fields, enter="作成",
        note="暗証番号は聞きません。本人が専用の端末か用紙に入れます。",
        help="申請書のQRコードを読み取り、番号で選びます。Enter で申請書の台紙が印刷に回ります。"))
    if answers is None:
        return None
    case.draft = dict(answers)
    certificates = answers.pop("certificates")
    return Asked(**{**answers, "id_documents": answers["id_documents"] or None, "sign": "sign" in certificates,
                    "auth": "auth" in certificates})


async def phone(screen: ApplicationScreen) -> dict[str, Any] | None:
    """A telephone number to reach somebody at."""
    answers: dict[str, Any] | None = await screen.sanjo.push_screen_wait(FormScreen(
        "予約の連絡先", [Field(key="phone", label="電話番号", asked=True)], enter="予約"))
    return answers


async def note(screen: ApplicationScreen) -> str | None:
    """What was wrong, in words."""
    answers = await screen.sanjo.push_screen_wait(FormScreen(
        "不備の内容", [Field(key="note", label="内容", required=True)], enter="記録"))
    return str(answers["note"]) if answers is not None else None
