"""Reading a town's counter: `counter.toml`, `fees.toml` and one file a procedure. Pure: names and bytes in.

Unknown names are refused and all problems are told at once, with file, line and reason (docs/counter.md §3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sanjo_tui.receptions.counter.procedure import (
    SOURCES,
    Box,
    Category,
    Department,
    Fee,
    Link,
    Procedure,
    Question,
    Template,
)
from sanjo_tui.receptions.counter.procedure import Setup as Counter
from sanjo_tui.receptions.counter.words import Asked, Channel, Include, Requester, Scope
from sanjo_tui.receptions.lines import Problem, Setup

MAIN, FEES, FOLDER = "counter.toml", "fees.toml", "procedures/"
_CODE = r"[a-z0-9][a-z0-9_-]{0,31}"
_PROCEDURE = {"code", "title", "kana", "dept", "requester_kinds", "subject_scope", "age_min", "age_max", "gone",
              "asks", "template", "fee_code", "copies", "includes", "related", "bring", "guide", "handwritten",
              "mandate"}
_ASK = {"key", "label", "kind", "required", "options", "hint", "longest"}
_LINK = {"code", "ask", "answer", "age_min", "age_max"}


def read(files: Mapping[str, bytes]) -> tuple[Counter | None, tuple[Problem, ...]]:
    """The set-up, or None and every problem. `files`: name below the folder (`procedures/juminhyo.toml`) -> bytes."""
    problems: list[Problem] = []
    for name in (MAIN, FEES):
        if name not in files:
            problems.append(Problem(name, 0, "", "ファイルがありません"))
    main = Setup(MAIN, files.get(MAIN, b""), problems)
    departments, templates, categories = _departments(main), _templates(main), _categories(main)
    main.known({"departments", "templates", "categories", "exemptions", "sample"})
    exemptions = main.texts(main.top, "exemptions")
    fees_file = Setup(FEES, files.get(FEES, b""), problems)
    fees = _fees(fees_file)
    listed = {name: Setup(name, data, problems) for name, data in sorted(files.items()) if name.startswith(FOLDER)}
    if not listed:
        problems.append(Problem(FOLDER, 0, "", "手続のファイルが一つもありません"))
    read_ones = {name: _procedure(file) for name, file in listed.items() if file.top}
    known = {one.code for one in read_ones.values()}
    codes: dict[str, str] = {}
    for name, one in read_ones.items():
        _refer(listed[name], one, known, {d.code for d in departments}, {f.code for f in fees},
               {t.code: t for t in templates})
        if one.code and one.code in codes:
            listed[name].say("", 0, "code", f"{one.code} は {codes[one.code]} でも使われています")
        codes.setdefault(one.code, name)
    problems.sort()
    if problems:
        return None, tuple(problems)
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(name.encode() + b"\0" + len(data).to_bytes(8) + data)
    return Counter(procedures=tuple(sorted(read_ones.values(), key=lambda one: one.kana)),
                   departments=tuple(departments), fees=tuple(fees), templates=tuple(templates),
                   categories=tuple(categories), exemptions=exemptions, version=digest.hexdigest()[:12],
                   sample=main.flag(main.top, "sample")), ()


def _departments(file: Setup) -> list[Department]:
    found = []
    for index, one in enumerate(file.tables("departments")):
        file.known({"code", "name", "window", "floor", "phone"}, "departments", index, one)
        found.append(Department(
            code=file.text(one, "code", "departments", index, pattern=_CODE),
            name=file.text(one, "name", "departments", index, longest=30),
            **{key: file.text(one, key, "departments", index, required=False, longest=30)
               for key in ("window", "floor", "phone")}))
    file.twice("departments", "code", [one.code for one in found])
    return found


def _templates(file: Setup) -> list[Template]:
    found = []
    for index, one in enumerate(file.tables("templates")):
        file.known({"code", "title", "addressed_to", "sentence", "boxes"}, "templates", index, one)
        boxes = one.get("boxes", [])
        if not isinstance(boxes, list) or not boxes or not all(isinstance(box, dict) for box in boxes):
            file.say("templates", index, "boxes", "{ label = \"...\", source = \"...\" } を並べて書いてください")
            boxes = []
        found.append(Template(
            code=file.text(one, "code", "templates", index, pattern=_CODE),
            title=file.text(one, "title", "templates", index, longest=40),
            addressed_to=file.text(one, "addressed_to", "templates", index, longest=40),
            sentence=file.text(one, "sentence", "templates", index, required=False, longest=300),
            boxes=tuple(_box(file, index, box) for box in boxes)))
    file.twice("templates", "code", [one.code for one in found])
    return found


def _box(file: Setup, index: int, box: dict[str, Any]) -> Box:
    for name in set(box) - {"label", "source", "lines"}:
        file.say("templates", index, "boxes", f"欄の {name} は知らない名前です")
    label, source, lines = box.get("label"), box.get("source", ""), box.get("lines", 1)
    if not isinstance(label, str) or not label:
        file.say("templates", index, "boxes", "欄に label がありません")
    if not isinstance(source, str) or (source and source not in SOURCES and not source.startswith("ask.")):
        file.say("templates", index, "boxes", f"欄「{label}」の source {source} は使えません")
    if not isinstance(lines, int) or isinstance(lines, bool) or not 1 <= lines <= 12:
        file.say("templates", index, "boxes", f"欄「{label}」の lines は 1 から 12 の整数です")
        lines = 1
    return Box(label=str(label or ""), source=str(source), lines=lines)


def _categories(file: Setup) -> list[Category]:
    found: list[Category] = []
    for index, one in enumerate(file.tables("categories", required=False)):
        file.known({"code", "name", "first", "last"}, "categories", index, one)
        made = Category(code=file.text(one, "code", "categories", index, pattern="[A-Z]"),
                        name=file.text(one, "name", "categories", index, longest=20),
                        first=file.number(one, "first", "categories", index, least=1, most=9999),
                        last=file.number(one, "last", "categories", index, least=1, most=9999))
        if made.last < made.first:
            file.say("categories", index, "last", "last が first より小さいです")
        found.append(made)
    file.twice("categories", "code", [one.code for one in found])
    return found


def _fees(file: Setup) -> list[Fee]:
    found: list[Fee] = []
    file.known({"fees", "sample"})
    for index, one in enumerate(file.tables("fees")):
        file.known({"code", "channel", "valid_from", "yen", "card_discount", "name"}, "fees", index, one)
        made = Fee(code=file.text(one, "code", "fees", index, pattern=_CODE),
                   channel=Channel(file.text(one, "channel", "fees", index, choices=tuple(Channel)) or "counter"),
                   valid_from=file.day(one, "valid_from", "fees", index),
                   yen=file.number(one, "yen", "fees", index, most=1_000_000),
                   discount=file.number(one, "card_discount", "fees", index, most=1_000_000, default=0))
        if made.discount > made.yen:
            file.say("fees", index, "card_discount", "割引が手数料より大きいです")
        if any((made.code, made.channel, made.valid_from) == (o.code, o.channel, o.valid_from) for o in found):
            file.say("fees", index, "code", f"{made.code} の同じ窓口・同じ日からの手数料が2回あります")
        found.append(made)
    return found


def _procedure(file: Setup) -> Procedure:
    top = file.top
    file.known(_PROCEDURE)
    low = file.number(top, "age_min", most=150, default=0)
    high = file.number(top, "age_max", most=200, default=200)
    if high < low:
        file.say("", 0, "age_max", "age_max が age_min より小さいです")
    kinds = file.texts(top, "requester_kinds", required=True, choices=tuple(Requester))
    scope = file.text(top, "subject_scope", choices=tuple(Scope))
    return Procedure(
        code=file.text(top, "code", pattern=_CODE), title=file.text(top, "title", longest=40),
        kana=file.text(top, "kana", longest=60, pattern="[ぁ-んー・ 0-9]+"), dept=file.text(top, "dept", pattern=_CODE),
        requester_kinds=tuple(Requester(kind) for kind in kinds if kind in tuple(Requester)),
        subject_scope=Scope(scope or "self"), age_min=low, age_max=high, gone=file.flag(top, "gone"),
        asks=_questions(file), template=file.text(top, "template", required=False, pattern=_CODE),
        fee_code=file.text(top, "fee_code", required=False, pattern=_CODE), copies=file.flag(top, "copies"),
        includes=tuple(Include(one) for one in file.texts(top, "includes", choices=tuple(Include))
                       if one in tuple(Include)),
        related=_links(file), bring=file.texts(top, "bring"),
        guide=file.text(top, "guide", required=False, longest=200), handwritten=file.texts(top, "handwritten"),
        mandate=file.flag(top, "mandate", default=True))


def _questions(file: Setup) -> tuple[Question, ...]:
    found = []
    for index, one in enumerate(file.tables("asks", required=False)):
        file.known(_ASK, "asks", index, one)
        kind = Asked(file.text(one, "kind", "asks", index, choices=tuple(Asked)) or "text")
        options = file.texts(one, "options", "asks", index, required=kind is Asked.CHOICE)
        if options and kind is not Asked.CHOICE:
            file.say("asks", index, "options", "options は kind = \"choice\" だけに書けます")
        if len(options) > 9:
            file.say("asks", index, "options", "数字で選べるのは 9 個までです")
        found.append(Question(
            key=file.text(one, "key", "asks", index, pattern="[a-z][a-z0-9_]{0,23}"),
            label=file.text(one, "label", "asks", index, longest=24), kind=kind, options=options,
            required=file.flag(one, "required", "asks", index, default=True),
            hint=file.text(one, "hint", "asks", index, required=False, longest=30),
            longest=file.number(one, "longest", "asks", index, least=1, most=200, default=60)))
    file.twice("asks", "key", [one.key for one in found])
    return tuple(found)


def _links(file: Setup) -> tuple[Link, ...]:
    found = []
    for index, one in enumerate(file.tables("related", required=False)):
        file.known(_LINK, "related", index, one)
        found.append(Link(code=file.text(one, "code", "related", index, pattern=_CODE),
                          ask=file.text(one, "ask", "related", index, required=False),
                          answer=file.text(one, "answer", "related", index, required=False),
                          age_min=file.number(one, "age_min", "related", index, most=150, default=0),
                          age_max=file.number(one, "age_max", "related", index, most=200, default=200)))
    file.twice("related", "code", [one.code for one in found])
    return tuple(found)


def _refer(file: Setup, one: Procedure, procedures: set[str], departments: set[str], fees: set[str],
           templates: Mapping[str, Template]) -> None:
    """What a procedure names must be there."""
    asks = {ask.key: ask for ask in one.asks}
    for key, value, known, what in (("dept", one.dept, departments, "窓口"), ("fee_code", one.fee_code, fees, "手数料"),
                                    ("template", one.template, set(templates), "様式")):
        if value and value not in known:
            file.say("", 0, key, f"{value} という{what}はありません")
    for index, link in enumerate(one.related):
        if link.code and link.code not in procedures:
            file.say("related", index, "code", f"{link.code} という手続はありません")
        if link.code and link.code == one.code:
            file.say("related", index, "code", "自分の手続は関連手続にできません")
        if link.ask and link.ask not in asks:
            file.say("related", index, "ask", f"{link.ask} という質問はありません")
        elif link.ask and link.answer and (options := _answers(asks[link.ask])) and link.answer not in options:
            file.say("related", index, "answer", f"{link.answer} は {asks[link.ask].label} の答えにありません")
        elif bool(link.ask) != bool(link.answer):
            file.say("related", index, "ask", "ask と answer は一緒に書いてください")
    for box in templates[one.template].boxes if one.template in templates else ():
        if box.source.startswith("ask.") and box.source[4:] not in asks:
            file.say("", 0, "template", f"様式の欄「{box.label}」の質問 {box.source[4:]} がこの手続にありません")


def _answers(ask: Question) -> tuple[str, ...]:
    return ask.options if ask.kind is Asked.CHOICE else ("はい", "いいえ") if ask.kind is Asked.YES_NO else ()
