"""The other files of a draft in the browser: tables as a grid, forms field by field beside a preview, texts as text."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import decisions, forms
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
from web.owner import answering, drafting, shaping, tables
from web.owner.blueprint import desk
from web.owner.form_editor import editor_of
from web.owner.shaping import NotShaped
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


class LastRow(Refused):
    """A table keeps at least one row; what was typed is still on the page."""

    code = "table.last_row"
    status = 422


@desk.get("/processes/<key>/draft/parts")
def parts(key: str) -> str:
    """Every file of the draft, by kind."""
    return listed(key, {}, None)


def listed(key: str, typed: Mapping[str, str], no: Refused | None) -> str:
    """The page of all files, with what was typed for a new form if it was refused."""
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
        "owner/pages/parts.html",
        key=key,
        facts=facts,
        groups=groups,
        wrong=wrong,
        rev=working.row.rev,
        typed=typed,
        no=no,
    )


@desk.get("/processes/<key>/draft/parts/<path:path>")
def part(key: str, path: str) -> str:
    """One of them, to be changed."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
    if path not in working.parts:
        raise Missing(part=path)
    return _page(key, path, working, working.parts[path], None, {})


@desk.get("/processes/<key>/draft/preview/<path:path>")
def preview(key: str, path: str) -> Response:
    """A form alone, by the renderer of the tasks themselves, to be looked at in a frame of any width."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
    body = working.parts.get(path)
    if body is None or not path.startswith("forms/"):
        raise Missing(part=path)
    answer = make_response(render_template("owner/pages/preview.html", sheet=_sheet(working, body)))
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
        body, at = _changed(path, before, typed)
        with transaction() as store:
            drafts.save(store, key, {path: body}, seen=drafting.rev_in(typed), by=by, now=clock.now())
    except (Outdated, NotJson, NotShaped, LastRow, decisions.refusals.TableRefused) as no:
        return _page(key, path, working, _as_typed(path, before, typed), no, typed)
    answer = redirect(_where_next(key, path, typed, at), 303)
    said.tell(answer, "draft.part_kept", path=path)
    return answer


def _changed(path: str, before: bytes, typed: Mapping[str, str]) -> tuple[bytes, str]:
    """The file after what was asked, its text or one act on a table or a form; and which part of it to look at."""
    if "text" in typed:
        return _text(path, typed["text"]), ""
    act, _sep, where = typed.get("act", "").partition(":")
    if path.endswith(TABLE):
        return _table(before, act, where, typed), ""
    whole = shaping.readable(before) if path.startswith("forms/") else None
    if whole is None:
        return before, ""
    at = shaping.changed(whole, act, where, typed)
    return _written(whole), at


def _as_typed(path: str, before: bytes, typed: Mapping[str, str]) -> bytes:
    """The file with what was typed and nothing else done to it, to be shown to whoever typed it."""
    if "text" in typed:
        return typed["text"].encode()
    whole = shaping.readable(before) if path.startswith("forms/") else None
    if whole is not None:
        shaping.kept(whole, typed)
        return _written(whole)
    with suppress(Refused):
        return _table(before, "", "", typed) if path.endswith(TABLE) else before
    return before


def _where_next(key: str, path: str, typed: Mapping[str, str], at: str) -> str:
    """The page again, with the part that was changed open; after more than a saving also in sight."""
    seen = f"at-{at}" if at and typed.get("act") != "save" else None
    return url_for("owner.part", key=key, path=path, at=at or None, _anchor=seen)


def _written(whole: Mapping[str, Any]) -> bytes:
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n"


def _table(before: bytes, act: str, rule: str, typed: Mapping[str, str]) -> bytes:
    policy = typed.get("policy", "")
    body = editing.written(
        editing.ruled(before, policy) if policy in tables.POLICIES else before,
        {name.removeprefix("c."): value for name, value in typed.items() if name[:2] == "c."},
    )
    if act == "add":
        return editing.added(body)
    if act == "remove":
        if len(editing.grid(body).rows) == 1:
            raise LastRow
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


def _page(key: str, path: str, working: Working, body: bytes, no: Refused | None, typed: Mapping[str, str]) -> str:
    with reading() as store:
        found = [each for each in drafting.checked(store, working) if each["part"] == path]
    shown: dict[str, Any] = {
        "grid": None,
        "gaps": [],
        "table": None,
        "form": None,
        "editor": None,
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
            shown["fired"] = answering.fired(shown["table"])
            shown["past"] = answering.past(key, shown["table"])
        elif path.startswith("forms/"):
            shown |= editor_of(working.parts[path], body, typed, no)
            shown["sheet"] = _sheet(working, working.parts[path])
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
        policies=tables.POLICIES,
        asked_again=lambda asked: f"{url_for('owner.part', key=key, path=path)}?{urlencode(answering.typed(asked))}",
        **shown,
    )


def _sheet(working: Working, body: bytes) -> Sheet:
    """The form as whoever fills it in sees it; sections that have no field yet are left out."""
    whole = shaping.readable(body)
    words = drafting.read(working.parts.get("texts/en.json"))
    shown = shaping.filled(whole) if whole else None
    return Sheet(
        forms.load(_written(shown) if shown and shown != whole else body),
        {},
        clock.today().year,
        around=Around(words=words),
    )


def _title(path: str, body: bytes) -> str:
    """What people call a file: the title of its form, the name of its table or test, the subject of its letter."""
    if path.endswith(TABLE):
        with suppress(Refused):
            return editing.grid(body).name
    found = drafting.read(body) if path.endswith(".json") else {}
    title = next((found[name] for name in TITLES if isinstance(found.get(name), str)), "")
    return title if path != "texts/en.json" else ""


CODES = {
    "draft.part_kept": N_("“%(path)s”已保存到草稿。"),
    "form.not_shaped": N_("没有保存，您填的都还在本页。请看标出的地方。"),
    "part.not_json": N_("第%(line)s行第%(column)s列不合JSON写法，您写的还在本页，请改正后再保存。"),
}

ROUTES = (
    Route("owner.parts", "GET", drafting.OWNERS),
    Route("owner.part", "GET", drafting.OWNERS),
    Route("owner.preview", "GET", drafting.OWNERS),
    Route("owner.save_part", "POST", drafting.OWNERS, body=PART_BYTES),
)
