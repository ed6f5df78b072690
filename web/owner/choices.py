"""What the editor offers: roles with who holds them today, forms, deadlines with the day they would give, steps, names.

All of it is made of what the draft holds and of what the house knows, so that nothing offered can be refused later.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from bases.measures import terms
from engine import definitions, forms, steps
from engine.definitions.drafts import Working
from engine.folders import TERMS
from engine.forms.fields import Field
from ground import calendar, clock, deadlines, parameters, people
from ground.database import Session
from ground.errors import Refused
from ground.parameters import DEADLINE, Parameter
from web.door.language import _, chosen, pick, within
from web.owner.steps import SCOPES, limit
from web.words import dates
from web.words.roles import ROLES

SHOWN_HOLDERS = 6
# `letters.tell` 告知（…）, as the READMEs list the steps of their process.
STEP_IN_WORDS = re.compile(r"`([a-z_]+\.[a-z_]+)` ([^`·（\n]+)")
WITH_ARGUMENT = frozenset({"organ", "person"})


def offered(session: Session, working: Working) -> dict[str, Any]:
    """Everything that the properties of a shape are chosen from."""
    parts, today = working.parts, clock.today()
    fields = dict(_fields(parts))
    own = _read(parts.get(TERMS))
    said = _steps_in_words(session, parts)
    known = [replace(one, value=own.get(one.key, one.value)) for one in parameters.listed(session, today)]
    return {
        "roles": [_role(session, code, today) for code in ROLES],
        "scopes": [
            {"code": code, "label": _(label), "argument": code in WITH_ARGUMENT} for code, label in SCOPES.items()
        ],
        "forms": list(_forms(parts)),
        "tables": [path.removesuffix(".dmn") for path in sorted(parts) if path.endswith(".dmn")],
        "deadlines": [_deadline(session, term) for term in known if _counts(term)],
        "steps": [_step(name, said) for name in sorted(steps.registered())],
        "processes": [{"code": row.key, "label": row.key} for row in definitions.processes(session)],
        "names": _names(parts, fields),
        "fields": fields,
    }


def _role(session: Session, code: str, today: date) -> dict[str, Any]:
    held = people.in_office(session, code, today)
    return {
        "code": code,
        "label": _(ROLES[code]),
        "holders": [within({one.name: one.name_en}, one.name) for one in held[:SHOWN_HOLDERS]],
        "count": len(held),
    }


def _forms(parts: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    """The forms of the draft; one that cannot be read is offered by its name."""
    words = _read(parts.get("texts/en.json"))
    for path in sorted(parts):
        if path.startswith("forms/"):
            key = path.removeprefix("forms/").removesuffix(".json")
            title = _read(parts[path]).get("title")
            yield {"code": key, "label": within(words, title) if isinstance(title, str) else key}


def _counts(term: Parameter) -> bool:
    return term.key.startswith(DEADLINE)


def _deadline(session: Session, term: Parameter) -> dict[str, Any]:
    """A deadline with what it would come to if it began now; only a default of ours is the owner's to change."""
    key = term.key.removeprefix(DEADLINE)
    name = terms.name(term.key)
    count_start = parameters.value(session, deadlines.COUNT_START, clock.today()).value is True
    due = deadlines.reckon(calendar.load(session), term, key, clock.today(), count_start=count_start)
    return {
        "code": key,
        "label": f"{pick(name.zh, name.en)}（{limit(term)}）",
        "due": dates.day(due.on),
        "ground": dates.ground(due.kind, due.clause),
        "n": term.value.get("n") if term.kind == "default" else None,
    }


def _steps_in_words(session: Session, parts: Mapping[str, bytes]) -> dict[str, str]:
    """What each step is called in Chinese, as the READMEs of the processes say it; of several the most general."""
    every = [definitions.folder(session, row.version_id).parts for row in definitions.processes(session)]
    found: dict[str, str] = {}
    for one in (*every, parts):
        for name, words in STEP_IN_WORDS.findall(one.get("README.md", b"").decode(errors="replace")):
            found[name] = min(found.get(name, words), words, key=len)
    return found


def _step(name: str, said: Mapping[str, str]) -> dict[str, Any]:
    found = steps.find(name)
    taken = found.parameters() if found.parameters else None
    fields = taken.fields.items() if taken else ()
    return {
        "code": name,
        "label": said.get(name, name) if chosen() == "zh" else name,
        "help": said.get(name, "") if chosen() == "zh" else (found.run.__doc__ or "").split("\n")[0],
        "parameters": [{"name": key, "required": field.required} for key, field in fields],
        "returns": list(found.returns),
    }


def _names(parts: Mapping[str, bytes], fields: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """The values that conditions may read: what forms declare and what the process is started with."""
    declared = {each["name"] for asked in fields.values() for each in asked}
    given = _read(parts.get("process.json")).get("starts_with")
    started = given if isinstance(given, list) else []
    return sorted(declared | {each for each in started if isinstance(each, str)})


def _fields(parts: Mapping[str, bytes]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """By form, the fields that its diagram may go by, as people call them; a form that cannot be read has none."""
    words = _read(parts.get("texts/en.json"))
    for path, body in sorted(parts.items()):
        if path.startswith("forms/"):
            with suppress(Refused, ValueError):
                form = forms.load(body)
                asked = [_field(words, form.fields[name]) for name in form.scalars]
                yield path.removeprefix("forms/").removesuffix(".json"), asked


def _field(words: Mapping[str, Any], field: Field) -> dict[str, Any]:
    options = [{"code": one.code, "label": within(words, one.label)} for one in field.options]
    return {"name": field.name, "label": within(words, field.label), "type": field.type, "options": options}


def _read(body: bytes | None) -> Mapping[str, Any]:
    """A file of the draft as far as it can be read: it may be wrong in any way."""
    with suppress(ValueError):
        found = orjson.loads(body or b"{}")
        return found if isinstance(found, dict) else {}
    return {}
