"""What is to be said of a folder before it is published: why it would not run, and where it might stop on its way."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from engine import checker, decisions, forms, steps
from engine.decisions import editing
from engine.definitions.releases import closure, folder, processes, with_calls
from engine.folders import FACTS, TERMS, Folder, digest_of
from engine.spiff import diagrams, lint
from ground import grants, parameters
from ground.clock import local_day
from ground.database import Session
from ground.errors import Refused

DOUBT = "soundness."
TABLE, FORMS, JSON = ".dmn", "forms/", ".json"
MOST_DAYS = 1_000
UNITS = ("working_days", "days", "months")


class NotRunnable(Refused):
    """The folder cannot be run right; `findings` name element, line, reason and a way out. What was published stays."""

    code = "process.not_runnable"
    status = 422


class NotAcknowledged(Refused):
    """It may run right, or stop on the way: `findings` show where, and whoever publishes is to have read them."""

    code = "process.not_acknowledged"


def check(
    session: Session, parts: Mapping[str, bytes], now: datetime, acknowledged: Collection[str] | None = None
) -> Folder:
    """The folder as it would run; NotRunnable lists every reason why it would not, NotAcknowledged every doubt."""
    draft = Folder(0, digest_of(parts), dict(parts))
    found = _findings(session, draft, now)
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise NotRunnable(process=draft.facts["key"], findings=errors)
    doubts = [finding for finding in found if finding.code.startswith(DOUBT)]
    if acknowledged is not None and {f"{doubt.code}@{doubt.element}" for doubt in doubts} - set(acknowledged):
        raise NotAcknowledged(process=draft.facts["key"], findings=doubts)
    return draft


def findings(session: Session, parts: Mapping[str, bytes], now: datetime) -> list[lint.Finding]:
    """Everything to say about a folder, errors first; a warning is to be read before it is published."""
    return _findings(session, Folder(0, digest_of(parts), dict(parts)), now)


def _findings(session: Session, draft: Folder, now: datetime) -> list[lint.Finding]:
    """The diagram by itself first, in the checker's process; then, known to be harmless, beside what it names."""
    list(draft.texts())  # a folder past reading is refused before anything else is said of it
    diagram = draft.facts["diagram"]
    calls = {row.key: tuple(row.calls) for row in processes(session)}
    alone = checker.check(diagram, draft.parts[diagram], calls)
    tables, unread = _tables(draft)
    sheets, badly = _sheets(draft)
    beside = [
        *_linted(
            diagram,
            draft.parts[diagram],
            draft.facts["key"],
            frozenset((name, step.parameters, step.returns) for name, step in steps.registered().items()),
            frozenset({*sheets, *(path.removeprefix(FORMS).removesuffix(JSON) for path in badly)}),
            tuple(sorted(tables.items())),
            frozenset(parameters.deadline_keys(session, now)),
            frozenset(_names(draft, sheets)),
            tuple(sorted(calls.items())),
        )
    ]
    said = {(finding.code, finding.element, finding.line) for finding in beside}
    beside += [finding for finding in alone if (finding.code, finding.element, finding.line) not in said]
    beside += [*unread, *badly.values()]
    beside += [fault for key, form in sheets.items() for fault in _faults_of(key, form)]
    beside += _number_taken(session, draft)
    beside += _unknown_beginners(draft)
    beside += _wrong_terms(session, draft, now)
    if not any(finding.severity == "error" for finding in beside):
        beside += _long_places(session, draft)
    return sorted(beside, key=lambda finding: finding.severity != "error")


@lru_cache(maxsize=32)
def _linted(
    diagram: str,
    body: bytes,
    key: str,
    known_steps: frozenset[Any],  # noqa: ARG001  what is registered, as a part of the question
    known_forms: frozenset[str],
    tables: tuple[tuple[str, tuple[str, ...]], ...],
    deadlines: frozenset[str],
    names: frozenset[str],
    calls: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[lint.Finding, ...]:
    """What is to be said of a diagram beside what it names; asked again, as by each step of a trial, it is known."""
    found = lint.check(
        {diagram: body},
        steps=steps.registered(),
        forms=known_forms,
        tables=dict(tables),
        deadlines=deadlines,
        roles=set(grants.ROLES),
        names=names,
        processes=dict(calls),
        key=key,
        beside=True,
    )
    return tuple(found)


def _tables(draft: Folder) -> tuple[dict[str, tuple[str, ...]], list[lint.Finding]]:
    """The outputs of each table by its key, and why some of them cannot be decided; these hide nothing else."""
    outputs: dict[str, tuple[str, ...]] = {}
    found = []
    for path, body in draft.parts.items():
        if not path.endswith(TABLE):
            continue
        try:
            outputs[path.removesuffix(TABLE)] = tuple(each.name for each in decisions.load(body).outputs)
        except Refused as no:
            outputs[path.removesuffix(TABLE)], facts = _unread(body, no)
            element = str(no.detail.get("element", ""))
            found.append(lint.Finding(no.code, "error", path, element or None, int(no.detail.get("line") or 0), facts))
    return outputs, found


def _unread(body: bytes, no: Refused) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The names of the outputs as far as they can be seen, and the refusal with its place as people count it."""
    try:
        row, column = editing.where(body, str(no.detail.get("element", "")))
        return editing.grid(body).names, {**no.detail, "row": row, "column": column}
    except Refused:
        return (), dict(no.detail)


def _sheets(draft: Folder) -> tuple[dict[str, forms.Form], dict[str, lint.Finding]]:
    """Its forms by their key, and by its path why one of them cannot be read."""
    found: dict[str, forms.Form] = {}
    badly: dict[str, lint.Finding] = {}
    for path, body in sorted(draft.parts.items()):
        if not (path.startswith(FORMS) and path.endswith(JSON)):
            continue
        try:
            found[path.removeprefix(FORMS).removesuffix(JSON)] = forms.load(body)
        except Refused as no:
            facts = {**no.detail, "field": _labelled(body, str(no.detail.get("path", "")))}
            badly[path] = lint.Finding(no.code, "error", path, None, 1, facts)
    return found, badly


def _labelled(body: bytes, path: str) -> str:
    """What the innermost field or section on this path is called, in the file as it is."""
    try:
        here: Any = orjson.loads(body)
    except ValueError:
        return ""
    label = ""
    for step in path.split("."):
        if isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        elif isinstance(here, dict):
            here = here.get(step)
        if isinstance(here, dict):
            label = str(here.get("label") or here.get("title") or here.get("name") or label)
    return label or path.partition(".")[0]


def _long_places(session: Session, draft: Folder) -> list[lint.Finding]:
    """Elements of called processes of which rows could not hold the name, since their process stands before it."""
    whole = with_calls(session, draft, closure(session, draft)).diagram
    elements = [each for diagram in whole.every.values() for each in diagram.elements.values()]
    called = any(draft.facts["key"] in row.calls for row in processes(session))
    places = [f"{each.process}{diagrams.AT}{each.id}" if called else whole.place(each) for each in elements]
    part, limit = draft.facts["diagram"], lint.LONGEST
    return [
        lint.Finding("bpmn.id_too_long", "error", part, place, 0, {"limit": limit})
        for place in places
        if len(place) > limit
    ]


def _number_taken(session: Session, draft: Folder) -> list[lint.Finding]:
    """Another process whose cases would bear the same numbers (`2026-认定-007`)."""
    key, number = draft.facts["key"], draft.facts["number"]
    others = [row for row in processes(session) if row.key != key]
    same = [row.key for row in others if folder(session, row.version_id).facts["number"] == number]
    facts = {"number": number, "by": same, "way_out": "another_number"}
    return [lint.Finding("process.number_taken", "error", FACTS, None, 1, facts)] if same else []


def _unknown_beginners(draft: Folder) -> list[lint.Finding]:
    """A role of `begun_by` that nobody can hold: the process would be offered to nobody."""
    return [
        lint.Finding("role.unknown", "error", FACTS, None, 1, {"role": role})
        for role in draft.facts.get("begun_by", [])
        if role not in grants.ROLES
    ]


def _wrong_terms(session: Session, draft: Folder, now: datetime) -> list[lint.Finding]:
    """A deadline that nobody knows, that the text or a notice fixes, or that gives no number of days or months."""
    known = {one.key: one for one in parameters.listed(session, local_day(now))}
    found = []
    for key, value in draft.terms.items():
        term = known.get(key)
        if term is None or not key.startswith(parameters.DEADLINE):
            found.append(("terms.unknown", key))
        elif term.kind != "default":
            found.append(("terms.fixed", key))
        elif not _gives_days(value):
            found.append(("terms.wrong", key))
    return [lint.Finding(code, "error", TERMS, None, 1, {"name": key}) for code, key in found]


def _gives_days(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"n", "unit"}
        and value["unit"] in UNITS
        and type(value["n"]) is int
        and 0 < value["n"] <= MOST_DAYS
    )


def _names(draft: Folder, sheets: Mapping[str, forms.Form]) -> set[str]:
    """The scalars that its forms declare and those it says it is started with."""
    declared = {name for form in sheets.values() for name in form.scalars}
    return declared | set(draft.facts.get("starts_with", ()))


def _faults_of(key: str, form: forms.Form) -> list[lint.Finding]:
    """What a form names that is not there: a role among its readers, a check, first values, remarks, choices."""
    checks, prefills, remarks = forms.registered(), forms.registered_prefills(), forms.registered_remarks()
    unknown = [("form.unknown_role", role) for role in (*form.readers, *form.admits) if role not in grants.ROLES]
    unknown += [("form.unknown_check", name) for name in form.checks if name not in checks]
    unknown += [("form.unknown_prefill", form.prefill)] if form.prefill and form.prefill not in prefills else []
    unknown += [("form.unknown_remarks", form.remarks)] if form.remarks and form.remarks not in remarks else []
    named = [each.choices_from for each in form.fields.values() for each in (each, *each.columns) if each.choices_from]
    unknown += [("form.unknown_choices", name) for name in named if name not in forms.registered_choices()]
    return [lint.Finding(code, "error", f"forms/{key}.json", None, 1, {"name": name}) for code, name in unknown]
