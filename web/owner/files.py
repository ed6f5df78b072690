"""The other files of a draft in the browser: tables as a grid, forms field by field beside a preview, texts as text."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import decided, decisions, forms
from engine.decided import Decision
from engine.decisions import editing
from engine.definitions import drafts
from engine.definitions.drafts import Outdated, Working
from ground import clock
from ground.database import reading, transaction
from ground.errors import Missing, Refused
from web.door import said, session
from web.door.language import within
from web.door.rights import Route
from web.fields.around import Around
from web.fields.sheet import Sheet
from web.owner import drafting, shaping, tables
from web.owner.blueprint import desk
from web.words.catalogue import N_

TABLE = ".dmn"
TITLES = ("title", "name", "subject")
PART_BYTES = 1_200_000
FRAMED = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; frame-ancestors 'self'"
KINDS = (
    (TABLE, N_("决策表")),
    ("forms/", N_("表单")),
    ("texts/letters/", N_("信函")),
    ("texts/", N_("英文")),
    ("tests/", N_("测试")),
)


class NotJson(Refused):
    """The text is no JSON; `line` and `column` say where it stops being one. What was typed is still on the page."""

    code = "part.not_json"
    status = 422


@desk.get("/processes/<key>/draft/parts")
def parts(key: str) -> str:
    """Every file of the draft, by kind."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
        found = drafting.checked(store, working)
    groups: dict[str, list[tuple[str, str]]] = {}
    words = drafting.read(working.parts.get("texts/en.json"))
    for path in sorted(working.parts):
        kind = next((said for mark, said in KINDS if mark in path), N_("其他"))
        groups.setdefault(kind, []).append((path, within(words, _title(path, working.parts[path]))))
    wrong = {each["part"] for each in found if each["severity"] == "error"}
    facts = drafting.facts_of(working)
    return render_template(
        "owner/pages/parts.html", key=key, facts=facts, groups=groups, wrong=wrong, rev=working.row.rev
    )


@desk.get("/processes/<key>/draft/parts/<path:path>")
def part(key: str, path: str) -> str:
    """One of them, to be changed."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
    if path not in working.parts:
        raise Missing(part=path)
    return _page(key, path, working, working.parts[path], None)


@desk.get("/processes/<key>/draft/preview/<path:path>")
def preview(key: str, path: str) -> Response:
    """A form alone, by the renderer of the tasks themselves, to be looked at in a frame of any width."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
    body = working.parts.get(path)
    if body is None or not path.startswith("forms/"):
        raise Missing(part=path)
    words = drafting.read(working.parts.get("texts/en.json"))
    sheet = Sheet(forms.load(body), {}, clock.today().year, around=Around(words=words))
    answer = make_response(render_template("owner/pages/preview.html", sheet=sheet))
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


@desk.post("/processes/<key>/draft/parts/<path:path>")
def save_part(key: str, path: str) -> Answer | str:
    """Keep it as it was typed, if nobody else has changed the draft meanwhile; else it stays on the page."""
    typed, by = request.form.to_dict(), session.actor()
    with reading() as store:
        working = drafts.look(store, key, by)
    before = working.parts.get(path)
    if before is None:
        raise Missing(part=path)
    try:
        body = _changed(path, before, typed)
        seen = typed.get("rev", "")
        with transaction() as store:
            drafts.save(store, key, {path: body}, seen=int(seen) if seen.isdigit() else 0, by=by, now=clock.now())
    except (Outdated, NotJson, decisions.refusals.TableRefused) as no:
        return _page(key, path, working, typed.get("text", "").encode() or before, no)
    answer = redirect(url_for("owner.part", key=key, path=path), 303)
    said.tell(answer, "draft.part_kept", path=path)
    return answer


def _changed(path: str, before: bytes, typed: Mapping[str, str]) -> bytes:
    """The file after what was asked: its text, or one act on a table or a form."""
    if "text" in typed:
        return _text(path, typed["text"])
    act, _sep, where = typed.get("act", "").partition(":")
    if path.endswith(TABLE):
        return _table(before, act, where, typed)
    if path.startswith("forms/"):
        whole = shaping.changed(orjson.loads(before), act, where, typed)
        return orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n"
    return before


def _table(before: bytes, act: str, rule: str, typed: Mapping[str, str]) -> bytes:
    policy = typed.get("policy", "")
    body = editing.written(
        editing.ruled(before, policy) if policy in tables.POLICIES else before,
        {name.removeprefix("c."): value for name, value in typed.items() if name[:2] == "c."},
    )
    if act == "add":
        return editing.added(body)
    if act == "remove":
        return editing.removed(body, rule)
    if act in {"up", "down"}:
        return editing.moved(body, rule, editing.UP if act == "up" else editing.DOWN)
    return body


def _text(path: str, text: str) -> bytes:
    body = text.replace("\r\n", "\n").encode()
    if path.endswith(".json"):
        try:
            orjson.loads(body)
        except orjson.JSONDecodeError as wrong:
            raise NotJson(line=wrong.lineno, column=wrong.colno) from None
    return body


def _page(key: str, path: str, working: Working, body: bytes, no: Refused | None) -> str:
    with reading() as store:
        found = [each for each in drafting.checked(store, working) if each["part"] == path]
    shown: dict[str, Any] = {
        "grid": None,
        "gaps": [],
        "table": None,
        "form": None,
        "sheet": None,
        "fault": None,
        "fired": None,
        "past": [],
    }
    try:
        if path.endswith(TABLE):
            shown["grid"] = editing.grid(body)
            shown["table"] = decisions.load(body)
            shown["gaps"] = tables.gaps(shown["table"])
            shown["fired"] = _fired(shown["table"])
            shown["past"] = _past(key, shown["table"])
        elif path.startswith("forms/"):
            shown["form"] = orjson.loads(body)
            words = drafting.read(working.parts.get("texts/en.json"))
            shown["sheet"] = Sheet(forms.load(body), {}, clock.today().year, around=Around(words=words))
    except (Refused, ValueError) as fault:
        shown["fault"] = fault if isinstance(fault, Refused) else None
    return render_template(
        "owner/pages/part.html",
        key=key,
        path=path,
        name=within(drafting.read(working.parts.get("texts/en.json")), _title(path, body)),
        rev=working.row.rev,
        facts=drafting.facts_of(working),
        text=body.decode("utf-8", "replace"),
        found=found,
        no=no,
        used=shaping.used(working.parts, path),
        types=shaping.TYPES,
        limits=shaping.LIMITS,
        option_lines=shaping.option_lines,
        policies=tables.POLICIES,
        asked_again=lambda asked: f"{url_for('owner.part', key=key, path=path)}?{urlencode(_typed(asked))}",
        **shown,
    )


def _title(path: str, body: bytes) -> str:
    """What people call a file: the title of its form, the name of its table or test, the subject of its letter."""
    if path.endswith(TABLE):
        with suppress(Refused):
            return editing.grid(body).name
    found = drafting.read(body) if path.endswith(".json") else {}
    title = next((found[name] for name in TITLES if isinstance(found.get(name), str)), "")
    return title if path != "texts/en.json" else ""


def _fired(table: decisions.Table) -> dict[str, Any] | None:
    """Which row answers for the values in the address, and what it gives."""
    given = {name.removeprefix("v."): value for name, value in request.args.items() if name.startswith("v.")}
    if not given:
        return None
    values = {name: shaping.value(text) for name, text in given.items()}
    try:
        decided = table.decide(values)
    except Refused as no:
        return {"given": given, "no": no, "rows": [], "result": {}}
    rows = [rule.number for rule in table.rules if rule.id in decided.rules]
    return {"given": given, "no": None, "rows": rows, "result": decided.result}


def _past(key: str, table: decisions.Table) -> list[tuple[Decision, list[int], list[int] | None]]:
    """What the table was asked of late, the rows that answered then, and those that would now; None if none can."""
    with reading() as store:
        found = decided.lately(store, key, table.key, session.actor())
    numbers = {rule.id: rule.number for rule in table.rules}
    return [
        (each, [numbers[rule] for rule in each.rules if rule in numbers], _now(table, numbers, each.asked))
        for each in found
    ]


def _typed(asked: Mapping[str, Any]) -> dict[str, str]:
    """The values of a case as the fields of the page take them."""
    return {f"v.{name}": orjson.dumps(value).decode().strip('"') for name, value in asked.items()}


def _now(table: decisions.Table, numbers: Mapping[str, int], asked: Mapping[str, Any]) -> list[int] | None:
    try:
        return [numbers[rule] for rule in table.decide(asked).rules]
    except Refused:
        return None


CODES = {
    "draft.part_kept": N_("“%(path)s”已保存到草稿。"),
    "part.not_json": N_("第%(line)s行第%(column)s列不合JSON写法，您写的还在本页，请改正后再保存。"),
}

ROUTES = (
    Route("owner.parts", "GET", drafting.OWNERS),
    Route("owner.part", "GET", drafting.OWNERS),
    Route("owner.preview", "GET", drafting.OWNERS),
    Route("owner.save_part", "POST", drafting.OWNERS, body=PART_BYTES),
)
