"""A process that is new: from a template, or from a diagram drawn elsewhere with a report of what was changed in it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import definitions
from engine.definitions import comparing, drafts
from engine.spiff.normalise import Mend, normalise
from ground import clock
from ground.database import reading, transaction
from ground.errors import Refused
from web import shipped
from web.door import session
from web.door.language import _
from web.door.rights import Route
from web.owner import drafting
from web.owner.blueprint import desk
from web.words import findings
from web.words.catalogue import N_
from web.words.mends import MENDED

TEMPLATES = shipped.FOLDER / "templates"
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+){0,5}")
LONGEST_NAME, LONGEST_SERIES = 60, 12
FILE_BYTES = 1_200_000


class WrongFounding(Refused):
    """A new process wants a key of small letters that is free, a name, and a series for the numbers of its cases."""

    code = "founding.wrong"
    status = 422


@desk.get("/processes/new")
def new_process() -> str:
    """The templates, and the way in for a diagram drawn elsewhere."""
    return _form({}, None)


@desk.post("/processes")
def found() -> Answer | str:
    """Lay the draft of a new process."""
    typed = request.form.to_dict()
    file = request.files.get("file")
    by = session.actor()
    try:
        facts = _facts(typed)
        if file is not None and file.filename:
            parts, mended = imported(file.read(), facts)
        else:
            parts, mended = from_template(typed.get("template", ""), facts), ()
        with transaction() as store:
            if any(row.key == facts["key"] for row in definitions.processes(store)):
                raise WrongFounding(field="key")
            drafts.lay(store, facts["key"], parts, by=by, now=clock.now())
    except Refused as no:
        drafts.may(by)
        return _form(typed, no)
    if file is not None and file.filename:
        return _report(facts["key"], mended)
    return redirect(url_for("owner.draft", key=facts["key"]), 303)


def from_template(name: str, facts: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of a template under the names of the new process."""
    folder = next((each for each in _templates() if each.name == name), None)
    if folder is None:
        raise WrongFounding(field="template")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in shipped.SUFFIXES)
    parts = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    known = orjson.loads(parts["process.json"])
    body = parts.pop(known["diagram"]).replace(f"{name}_process".encode(), facts["key"].replace("-", "_").encode())
    whole = {**known, **facts, "diagram": f"{facts['key']}.bpmn"}
    return {**parts, whole["diagram"]: body, "process.json": _written(whole)}


def imported(body: bytes, facts: Mapping[str, Any]) -> tuple[dict[str, bytes], tuple[Mend, ...]]:
    """The files of a process around a diagram drawn elsewhere, made ours, and what was changed in it."""
    made = normalise(body)
    diagram = f"{facts['key']}.bpmn"
    whole = {**facts, "diagram": diagram, "subject": "matter", "begun_by": ["prov_officer"], "clauses": []}
    form = TEMPLATES / "plain" / "forms" / "review.json"
    parts = {"process.json": _written(whole), diagram: made.body, "forms/review.json": form.read_bytes()}
    return parts, made.mended


def _form(typed: Mapping[str, str], no: Refused | None) -> str:
    offered = [(each.name, orjson.loads((each / "process.json").read_bytes()), _english(each)) for each in _templates()]
    return render_template("owner/pages/new.html", offered=offered, typed=typed, no=no)


def _report(key: str, mended: tuple[Mend, ...]) -> str:
    with reading() as store:
        working = drafts.look(store, key, session.actor())
        said = drafting.checked(store, working)
    names = comparing.names(working.parts)
    told = [(names.get(each.element or "", each.element or ""), _told(each)) for each in mended]
    said = [{**each, "element": names.get(each["element"] or "", each["element"])} for each in said]
    return render_template("owner/pages/imported.html", key=key, mended=told, checked=said)


def _told(mend: Mend) -> str:
    text = MENDED.get(mend.code)
    return _(text) % findings.in_words(mend.params) if text else mend.code


def _facts(typed: Mapping[str, str]) -> dict[str, str]:
    facts = {name: typed.get(name, "").strip() for name in ("key", "name", "number")}
    if not KEY.fullmatch(facts["key"]) or len(facts["key"]) > LONGEST_NAME:
        raise WrongFounding(field="key")
    for name, longest in (("name", LONGEST_NAME), ("number", LONGEST_SERIES)):
        if not 0 < len(facts[name]) <= longest:
            raise WrongFounding(field=name)
    return facts


def _templates() -> list[Path]:
    return sorted(path.parent for path in TEMPLATES.glob("*/process.json"))


def _english(folder: Path) -> Mapping[str, str]:
    return dict(orjson.loads((folder / "texts" / "en.json").read_bytes()))


def _written(whole: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(whole), option=orjson.OPT_INDENT_2) + b"\n"


CODES = {
    "founding.wrong": N_(
        "请填写：编号用小写字母、数字和短横，且没有用过；名称；办件编号里的简称（不超过12个字）；以及模板或者文件。"
    ),
}

ROUTES = (
    Route("owner.new_process", "GET", drafting.OWNERS),
    Route("owner.found", "POST", drafting.OWNERS, body=FILE_BYTES),
)
