"""A draft in the browser: opened, drawn, saved as one draws, checked by the check of publication, given up."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import definitions
from engine.definitions import drafts
from engine.definitions.drafts import OWNER, Outdated, Working
from engine.folders import TERMS
from engine.spiff import expressions
from engine.spiff.lint import Finding
from ground import clock, parameters
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from ground.numerals import whole
from ground.parameters import DEADLINE
from web.door import session
from web.door.language import _, within
from web.door.rights import Route
from web.owner import choices, form_faults, holders, table_faults
from web.owner.blueprint import desk
from web.words import codes, findings
from web.words.catalogue import N_

DIAGRAM = "application/xml"
MEGABYTE = 1_000_000
LONGEST_CONDITION = 2_000
OWNERS = frozenset({OWNER})
STYLED = (  # the canvas of bpmn-js places its labels and handles by style attributes
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@desk.post("/processes/<key>/draft")
def begin_draft(key: str) -> Answer:
    """Open the draft of this process, from the version named or from the one in force."""
    number = whole(request.form.get("version", ""))
    with transaction() as store:
        wanted = _version_id(store, key, number) if number is not None else None
        drafts.begin(store, key, by=session.actor(), now=clock.now(), version_id=wanted)
    return redirect(url_for("owner.draft", key=key), 303)


@desk.get("/processes/<key>/draft")
def draft(key: str) -> Answer:
    """The editor."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
        offered, said = choices.offered(store, working), checked(store, working)
        empty = holders.of_draft(store, working, said)
    page = render_template(
        "owner/pages/draft.html",
        key=key,
        draft=working.row,
        facts=facts_of(working),
        offered=offered,
        found=said,
        vacancies=empty,
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = STYLED
    return answer


@desk.get("/processes/<key>/draft/diagram.bpmn")
def draft_diagram(key: str) -> Response:
    """The diagram as it is being drawn, with the state of the draft as its ETag."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
    answer = make_response(working.parts[_diagram(working)])
    answer.content_type = DIAGRAM
    answer.set_etag(str(working.row.rev))
    return answer


@desk.get("/processes/<key>/draft/words.json")
def draft_words(key: str) -> Response:
    """The English of the diagram's names, as far as the draft brings it."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
    return jsonify(read(working.parts.get("texts/en.json")))


@desk.put("/processes/<key>/draft/diagram.bpmn")
def save_diagram(key: str) -> Response:
    """Keep what was drawn, if nobody else has changed the draft since; what the check says of it comes back."""
    body = request.get_data()
    with transaction() as store:
        by = session.actor()
        working = drafts.look(store, key, by)
        rev = drafts.save(store, key, {_diagram(working): body}, seen=seen(), by=by, now=clock.now())
    with reading() as store:
        said = checked(store, drafts.look(store, key, by))
    return jsonify(rev=rev, saved_at=clock.now().isoformat(), findings=said)


@desk.put("/processes/<key>/draft/deadlines/<term>")
def save_deadline(key: str, term: str) -> Response:
    """Let a deadline give another number of days or months from when this draft comes into force."""
    typed, by = request.get_json(silent=True) or {}, session.actor()
    name = f"{DEADLINE}{term}"
    with transaction() as store:
        working = drafts.look(store, key, by)
        present = parameters.value(store, name, clock.today()).value
        own = {**read(working.parts.get(TERMS)), name: {"n": typed.get("n"), "unit": present.get("unit")}}
        if own[name] == present:
            own.pop(name)
        body = orjson.dumps(own, option=orjson.OPT_INDENT_2) + b"\n" if own else None
        rev = drafts.save(store, key, {TERMS: body}, seen=seen(), by=by, now=clock.now())
    with reading() as store:
        working = drafts.look(store, key, by)
        said, offered = checked(store, working), choices.offered(store, working)
    return jsonify(rev=rev, findings=said, deadlines=offered["deadlines"])


@desk.put("/processes/<key>/draft/condition")
def try_condition(key: str) -> Response:
    """Whether a condition is true on the values of a sample, in words; what cannot be reckoned says why."""
    typed = request.get_json(silent=True) or {}
    condition, values = str(typed.get("condition", ""))[:LONGEST_CONDITION], typed.get("values")
    with reading() as store:
        drafts.look(store, key, session.actor())
    known = {str(name): _plain(value) for name, value in values.items()} if isinstance(values, dict) else {}
    try:
        said = _("成立") if expressions.compile_expression(condition).holds(known) else _("不成立")
    except Refused as no:
        said = codes.sentence(no.code, no.detail)
    return jsonify(said=said)


@desk.post("/processes/<key>/draft/removal")
def drop_draft(key: str) -> Answer:
    """Give the draft up, as it was last seen."""
    with transaction() as store:
        drafts.drop(store, key, seen=rev_in(request.form), by=session.actor(), now=clock.now())
    return redirect(url_for("owner.process", key=key), 303)


def _plain(value: Any) -> Any:
    """A value as it is typed: a number, true or false where it reads as one, else text."""
    try:
        found = orjson.loads(str(value)[:LONGEST_CONDITION])
    except ValueError:
        found = str(value)
    return found


def checked(store: Session, working: Working) -> list[dict[str, Any]]:
    """What is to be said of a draft before it could be proposed, in words; a folder past reading is one finding."""
    try:
        return [_said(each) for each in definitions.findings(store, working.parts, clock.now())]
    except Refused as no:
        return [_said(Finding(no.code, "error", str(no.detail.get("part", "")), None, 0, dict(no.detail)))]


def _said(finding: Finding) -> dict[str, Any]:
    facts = {name: value for name, value in finding.params.items() if name != "way_out"}
    return {
        "code": finding.code,
        "severity": finding.severity,
        "element": finding.element,
        "part": finding.part,
        "line": finding.line,
        "words": _words(finding),
        "help": findings.way_out(finding),
        "way_out": finding.params.get("way_out"),
        "facts": {name: str(value) for name, value in facts.items()},
    }


def _words(finding: Finding) -> str:
    if finding.part.endswith(table_faults.TABLE):
        return table_faults.sentence(finding)
    if finding.code == form_faults.CODE:
        return form_faults.sentence(finding)
    return findings.sentence(finding)


def seen() -> int:
    """The state that the writer saw, as If-Match says it."""
    rev = whole(request.headers.get("If-Match", "").strip('" '))
    if rev is None:
        raise Outdated(rev=0, who="", at=None)
    return rev


def rev_in(typed: Mapping[str, str]) -> int:
    """The state that the writer of a form saw, as its hidden field says; 0, which no draft has, where it does not."""
    return whole(typed.get("rev", "")) or 0


def facts_of(working: Working) -> dict[str, Any]:
    """What process.json says, as far as it can be read; the name in the reader's language."""
    found = read(working.parts.get("process.json"))
    name = found.get("name")
    return {**found, "name": within(read(working.parts.get("texts/en.json")), name)} if isinstance(name, str) else found


def read(body: bytes | None) -> dict[str, Any]:
    """A JSON object of a draft; one that cannot be read is an empty one."""
    try:
        found = orjson.loads(body or b"{}")
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}


def _diagram(working: Working) -> str:
    """The file of the diagram, as process.json names it, or the only one there is."""
    named = facts_of(working).get("diagram")
    if isinstance(named, str) and named in working.parts:
        return named
    drawn = [path for path in sorted(working.parts) if path.endswith(".bpmn")]
    if not drawn:
        raise Missing(diagram=working.row.key)
    return drawn[0]


def _version_id(store: Session, key: str, number: int) -> int:
    found = next((each.id for each in definitions.versions(store, key) if each.number == number), None)
    if found is None:
        raise Missing(process=key, version=number)
    return int(found)


CODES = {
    "draft.outdated": N_("%(who)s刚刚改过这份草稿，您画的还在本页，没有覆盖对方的修改。请先下载您画的，再重新打开。"),
    "draft.wrong_path": N_("流程文件夹里不能有这个文件：%(path)s。"),
    "draft.too_large": N_("文件过大或者过多。"),
    "draft.being_written": N_("%(who)s正在修改这个流程，请先发布或者放弃那份草稿。"),
}

ROUTES = (
    Route("owner.begin_draft", "POST", OWNERS),
    Route("owner.draft", "GET", OWNERS),
    Route("owner.draft_diagram", "GET", OWNERS),
    Route("owner.draft_words", "GET", OWNERS),
    Route("owner.save_diagram", "PUT", OWNERS, body=MEGABYTE),
    Route("owner.save_deadline", "PUT", OWNERS),
    Route("owner.try_condition", "PUT", OWNERS),
    Route("owner.drop_draft", "POST", OWNERS),
)
