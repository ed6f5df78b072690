"""A form as its file describes it, read strictly: what the reference does not name is refused with its path."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from marshmallow import Schema

from engine.forms import schema
from engine.forms.fields import YEARS, Field, Option, Section, columns_of, has_parts, walk
from engine.forms.keys import FORM, OPTION, SECTION, BadForm, field_keys, take

BYTES = 256 * 1024
FIELDS = 500
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLAIN = frozenset(
    {"text", "prose", "integer", "decimal", "half", "date", "flag", "choice", "choices", "region"}
    | {"hs_codes", "phone", "email", "computed"}
)
OF_YEARS = frozenset(
    {"text", "prose", "integer", "decimal", "half", "date", "flag", "choice", "choices", "computed", "list"}
)
WITH_ROWS = frozenset({"rows", "list"})
# A cell of a row holds one input: it can neither take a file nor show a group of boxes.
# What nobody types is shown as one text or as rows of texts.
CAN_BE_FIXED = PLAIN - {"choices", "hs_codes", "computed"} | {"rows"}
NO_COLUMN = WITH_ROWS | {"years", "note", "file", "files", "choices"}
HEAD = ("title", "help", "clause")
STEPS = frozenset({"rows", "count", *YEARS})


@dataclass(frozen=True)
class Form:
    """A form: immutable, shared by its digest. `fields` are all of its own fields by name, in the order shown.

    `bulk` are those that may be given to many tasks at once; a form without any is filled in case by case.
    """

    digest: str
    title: str
    help: str
    clause: str
    readers: tuple[str, ...]
    sealed: bool
    admits: Mapping[str, str]
    checks: tuple[str, ...]
    prefill: str | None
    remarks: str | None
    locks: bool
    bulk: tuple[str, ...]
    scalars: tuple[str, ...]
    sections: tuple[Section, ...]
    fields: Mapping[str, Field]
    order: tuple[str, ...]
    sections_of: Mapping[str, Section] = field(repr=False)
    schema: Schema = field(repr=False)

    def labels(self) -> list[str]:
        """Every Chinese text that the form shows, once each: what an English file has to translate."""
        shown = [self.title, self.help, *(text for each in self.sections for text in (each.title, each.help))]
        for each in walk(self.fields.values()):
            shown += [each.label, each.help, each.unit]
            shown += [text for option in each.options for text in (option.label, option.help)]
        return [text for text in dict.fromkeys(shown) if CHINESE.search(text)]

    def field_at(self, path: str) -> Field | None:
        """The field that a problem's path leads to: `enterprises.0.name` is the column, `sales.y1` the row of years."""
        found: Field | None = None
        beside: Mapping[str, Field] = self.fields
        for step in path.split("."):
            if found is None or not (step.isdigit() or (step in STEPS and has_parts(found))):
                found = beside.get(step)
                beside = {each.name: each for each in columns_of(found)} if found else {}
        return found

    def scalars_of(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The only answers that a diagram may read; what was not answered is null, so a condition can ask for it."""
        return {name: answers.get(name) for name in self.scalars}

    def in_bulk(self) -> "Form":
        """The form as it is filled in for many at once: with what may be given to all of them, and no more."""
        sections = tuple(
            replace(each, fields=kept)
            for each in self.sections
            if (kept := tuple(one for one in each.fields if one.name in self.bulk))
        )
        fields = {name: each for name, each in self.fields.items() if name in self.bulk}
        return replace(
            self,
            checks=(),
            prefill=None,
            scalars=(),
            sections=sections,
            fields=fields,
            order=tuple(name for name in self.order if name in fields),
            sections_of={name: each for each in sections for name in (one.name for one in each.fields)},
            schema=schema.of(fields.values()),
        )

    def files_of(self, answers: Mapping[str, Any]) -> list[str]:
        """The refs of all files in these answers, once each."""
        return list(dict.fromkeys(_files(self.fields.values(), answers)))


def load(body: bytes) -> Form:
    """The form in this file; BadForm names the place and the reason. The same bytes give the same form."""
    if len(body) > BYTES:
        raise BadForm(path="", reason="too_large", most=BYTES)
    return _loaded(body)


@lru_cache(maxsize=512)
def _loaded(body: bytes) -> Form:
    facts = take(_parsed(body), FORM, "")
    sections = tuple(_section(each, f"sections.{place}") for place, each in enumerate(facts["sections"]))
    fields, sections_of = _gathered(sections)
    _check_references(fields)
    _check_scalars(facts["scalars"], fields)
    _check_fixed(facts["prefill"], fields)
    _check_bulk(facts, fields)
    return Form(
        digest=hashlib.sha256(body).hexdigest(),
        **{
            name: facts[name]
            for name in (
                *HEAD,
                "readers",
                "sealed",
                "admits",
                "checks",
                "prefill",
                "remarks",
                "locks",
                "bulk",
                "scalars",
            )
        },
        sections=sections,
        fields=fields,
        order=_order(fields, sections_of),
        sections_of=sections_of,
        schema=schema.of(fields.values()),
    )


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise BadForm(path="", reason="not_json", line=getattr(error, "lineno", None)) from None


def _no_number(text: str) -> Any:
    raise BadForm(path="", reason="not_json", value=text)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise BadForm(path="", reason="twice", value=sorted(name for name, _ in pairs))
    return record


def _section(given: Any, path: str) -> Section:
    facts = take(given, SECTION, path)
    fields = [_field(each, f"{path}.fields.{place}") for place, each in enumerate(facts.pop("fields"))]
    return Section(**facts, fields=tuple(fields))


def _field(given: Any, path: str, *, inside: str = "") -> Field:
    """A field; `inside` says what it stands in: rows, years or nothing."""
    facts = take(given, field_keys(given, path, inside), path)
    kind = facts["type"]
    if kind == "note" and not facts["name"]:
        facts["name"] = "note" + "".join(f"_{step}" for step in path.split(".") if step.isdigit())
    if inside == "years" and kind not in OF_YEARS:
        raise BadForm(path=path, reason="type_inside_years", value=kind)
    if inside == "rows" and kind in NO_COLUMN:
        raise BadForm(path=path, reason="type_inside_rows", value=kind)
    if "columns" in facts:
        columns = [
            _field(each, f"{path}.columns.{place}", inside="rows") for place, each in enumerate(facts["columns"])
        ]
        facts["columns"] = tuple(columns)
        facts["order"] = _columns_order(columns, path)
    if kind == "choice" and bool(facts["options"]) == bool(facts["choices_from"]):
        raise BadForm(path=path, reason="twice" if facts["options"] else "missing_key", value="options")
    if facts.get("options"):
        options = [Option(**take(each, OPTION, f"{path}.options.{at}")) for at, each in enumerate(facts["options"])]
        if len({option.code for option in options}) < len(options):
            raise BadForm(path=f"{path}.options", reason="twice")
        facts["options"] = tuple(options)
    if "of" in facts:
        facts["of"] = _field({"name": "of", **facts["of"]}, f"{path}.of", inside="years")
    high_and_low = facts.pop("comment_at", None) or {}
    facts.update({f"comment_{end}": value for end, value in high_and_low.items()})
    return Field(**facts)


def _columns_order(columns: list[Field], path: str) -> tuple[str, ...]:
    named = {each.name: each for each in columns}
    if len(named) < len(columns):
        raise BadForm(path=f"{path}.columns", reason="twice")
    _check_references(named)
    return _order(named, {})


def _gathered(sections: Iterable[Section]) -> tuple[dict[str, Field], dict[str, Section]]:
    """All fields by name, none of them twice and not too many, and the section that each stands in."""
    fields: dict[str, Field] = {}
    sections_of: dict[str, Section] = {}
    for section in sections:
        for each in section.fields:
            if each.name in fields:
                raise BadForm(path=each.name, reason="twice")
            fields[each.name] = each
            sections_of[each.name] = section
    if sum(1 for _ in walk(fields.values())) > FIELDS:
        raise BadForm(path="sections", reason="too_many", most=FIELDS)
    return fields, sections_of


def _check_references(fields: Mapping[str, Field]) -> None:
    """Every name that a field leans on is a field beside it, of a fitting type."""
    known = {name for name, each in fields.items() if each.type != "note"}
    for name, each in fields.items():
        unknown = each.reads - known - {"year"} - ({"before"} if each.of else set())
        if unknown:
            raise BadForm(path=name, reason="unknown_name", value=sorted(unknown))
        if each.count_of and (each.count_of not in fields or fields[each.count_of].type != "rows"):
            raise BadForm(path=name, reason="count_of", value=each.count_of)
        comment = fields.get(each.comment_field)
        if each.comment_field and (comment is None or comment.type not in {"text", "prose"}):
            raise BadForm(path=name, reason="comment_field", value=each.comment_field)


def _check_scalars(scalars: tuple[str, ...], fields: Mapping[str, Field]) -> None:
    for name in scalars:
        if name not in fields or fields[name].type not in PLAIN:
            raise BadForm(path="scalars", reason="unknown_name", value=name)


def _check_fixed(prefill: str | None, fields: Mapping[str, Field]) -> None:
    """What is fixed comes from first values; rows that are fixed have a column that says which row each is."""
    for name, each in fields.items():
        concerned = [one for one in walk([each]) if one.fixed]
        if concerned and prefill is None:
            raise BadForm(path=name, reason="fixed_without_prefill")
        if any(one.type not in CAN_BE_FIXED for one in concerned):
            raise BadForm(path=name, reason="type_fixed", value=[one.type for one in concerned])
        if each.type == "rows" and each.fixed and not each.fixed_columns:
            raise BadForm(path=name, reason="fixed_without_column")


def _check_bulk(facts: Mapping[str, Any], fields: Mapping[str, Field]) -> None:
    """What is given to many leans on nothing else, is typed by hand, and is no mark that stays sealed."""
    named = set(facts["bulk"])
    if named and facts["sealed"]:
        raise BadForm(path="bulk", reason="sealed")
    for name in facts["bulk"]:
        if name not in fields or fields[name].type not in PLAIN - {"computed"} or fields[name].fixed:
            raise BadForm(path="bulk", reason="unknown_name", value=name)
        if not fields[name].reads <= named:
            raise BadForm(path="bulk", reason="unknown_name", value=sorted(fields[name].reads - named))


def _order(fields: Mapping[str, Field], sections_of: Mapping[str, Section]) -> tuple[str, ...]:
    """The order in which fields can be settled: each after those that it leans on."""
    leans: dict[str, set[str]] = {}
    for name, each in fields.items():
        section = sections_of.get(name)
        shown = section.show_when.names if section and section.show_when else frozenset()
        leans[name] = set((each.reads | shown) & fields.keys())
    for name, section in sections_of.items():
        outside = section.show_when.names - fields.keys() - {"year"} if section.show_when else None
        if outside:
            raise BadForm(path=name, reason="unknown_name", value=sorted(outside))
    try:
        return tuple(TopologicalSorter(leans).static_order())
    except CycleError as error:
        raise BadForm(path=str(error.args[1][0]), reason="cycle", value=list(error.args[1])) from None


def _files(fields: Any, answers: Mapping[str, Any]) -> Iterator[str]:
    for each in fields:
        value = answers.get(each.name)
        if each.type == "file" and isinstance(value, str):
            yield value
        elif each.type == "files" and isinstance(value, list):
            yield from value
