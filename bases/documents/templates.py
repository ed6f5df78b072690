"""Templates of documents: data in the folder of document-issue, `templates/<kind>.json`, editable by owners.

A template names its fields and where each comes from; it is filled by putting texts into slots, once, and nothing that
a person typed is read as a template again. What has no value yet stands as 【its label】 for the drafter to write.

    {"name": "申报通知", "name_en": "…",
     "clause": "9",                       what it rests on; "silent": true where the measures name no such letter
     "series": "川商贸发",                 the 机关代字 of its number
     "signer": "prov_leader",             who signs it (D14)
     "layout": "letter",                  document (文件格式), letter (信函格式) or form (a sheet without a red head)
     "disclosure": "open",                open, request or closed: what the drafter is offered first
     "main": ["cities_commerce"], "main_text": "各市（州）商务主管部门",
     "copy": [], "copy_text": "",         groups of addressees, and how the document calls them
     "fields": [{"name": "year", "label": "年度", "from": "batch.year"}],    without `from`: the drafter writes it;
                                          with "optional": true it may be empty, where the source knows that
     "title": "…{year}…", "body": ["…{year}…"],
     "lists": [{"title": "…", "from": "batch.proposed", "columns": [{"name": "base", "label": "基地"}]}]}

`from` is `case.`, `organ.`, `base.` and a fact, `data.` and a scalar of the diagram, `answer.<element>.<field>` (only
of forms that everybody who sees the case may read), `today`, or a source that another part has registered.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from bases.documents import content
from bases.documents.content import Attachment, Content, Table
from bases.measures import clauses
from engine.folders import Folder
from ground import grants
from ground.errors import Refused

FOLDER = "templates/"
PROCESS = "document_issue"
SLOT = re.compile(r"\{([a-z_]{1,40})\}")
BLANK = re.compile(r"【[^【】]{1,80}】")
REQUIRED = frozenset({"name", "name_en", "clause", "series", "signer", "disclosure", "title", "body"})
OPTIONAL: Mapping[str, Any] = {
    "silent": False,
    "layout": content.DOCUMENT,
    "main": [],
    "main_text": "",
    "copy": [],
    "copy_text": "",
    "fields": [],
    "lists": [],
}
DISCLOSURES = ("open", "request", "closed")
GROUPS = (
    "cities_commerce",
    "cities_industry",
    "cities_finance",
    "cities_agriculture",
    "departments",
    "applicant",
    "authority",
    "city",
)


class UnknownKind(Refused):
    """There is no template of this kind in this version."""

    code = "document.unknown_kind"
    status = 422


class BadTemplate(Refused):
    """A template cannot be used: `path` says where, `reason` why."""

    code = "document.bad_template"
    status = 422


@dataclass(frozen=True)
class Slot:
    """A field of a template: what the drafter reads in its place, and where its value comes from."""

    name: str
    label: str
    source: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Listing:
    """A list that is printed as an attachment: its title, where its rows come from, name and label of each column."""

    title: str
    source: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Template:
    """One letter as its owners wrote it."""

    kind: str
    name: str
    name_en: str
    clause: str
    silent: bool
    layout: str
    series: str
    signer: str
    disclosure: str
    main: tuple[str, ...]
    main_text: str
    copy: tuple[str, ...]
    copy_text: str
    fields: tuple[Slot, ...]
    title: str
    body: tuple[str, ...]
    lists: tuple[Listing, ...]


def every(folder: Folder) -> list[Template]:
    """The templates of this version, by kind."""
    kinds = sorted(
        path.removeprefix(FOLDER).removesuffix(".json")
        for path in folder.parts
        if path.startswith(FOLDER) and path.endswith(".json")
    )
    return [of(folder, kind) for kind in kinds]


def of(folder: Folder, kind: str) -> Template:
    """The template of this kind; UnknownKind if the version has none, BadTemplate if it cannot be used."""
    body = folder.parts.get(f"{FOLDER}{kind}.json")
    if body is None:
        raise UnknownKind(kind=kind)
    return load(kind, body)


def load(kind: str, body: bytes) -> Template:
    """Read a template strictly: every slot is declared, every clause, role and group exists."""
    try:
        facts = orjson.loads(body)
    except ValueError:
        raise BadTemplate(kind=kind, path="", reason="not_json") from None
    if not isinstance(facts, dict):
        raise BadTemplate(kind=kind, path="", reason="not_json")
    for reason, names in (
        ("missing", REQUIRED - set(facts)),
        ("unknown", set(facts) - REQUIRED - set(OPTIONAL)),
    ):
        if names:
            raise BadTemplate(kind=kind, path=min(names), reason=reason)
    try:
        made = _made(kind, {**OPTIONAL, **facts})
    except (KeyError, TypeError, AttributeError) as error:
        raise BadTemplate(kind=kind, path=str(error), reason="wrong_shape") from None
    _check(made)
    return made


def filled(template: Template, values: Mapping[str, Any], lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> Content:
    """The first words of a document. `values` by field, `lists` by source; a missing value stands as 【label】."""
    spoken = {slot.name: _spoken(values.get(slot.name), slot) for slot in template.fields}
    paragraphs = [line for text in template.body for line in content.paragraphs(_put(text, spoken))]
    tables = [
        Attachment(_put(each.title, spoken), (), _table(each, rows))
        for each in template.lists
        if (rows := lists.get(each.source))
    ]
    return Content(
        organ="四川省商务厅",
        title=_put(template.title, spoken),
        paragraphs=tuple(paragraphs),
        main=_put(template.main_text, spoken),
        copy=_put(template.copy_text, spoken),
        attachments=tuple(tables),
        signed_by="四川省商务厅",
        layout=template.layout,
    )


def _made(kind: str, facts: Mapping[str, Any]) -> Template:
    lists = tuple(
        Listing(each["title"], each["from"], tuple((column["name"], column["label"]) for column in each["columns"]))
        for each in facts["lists"]
    )
    fields = tuple(_slot(each) for each in facts["fields"])
    tuples = {name: tuple(facts[name]) for name in ("main", "copy", "body")}
    return Template(**{**facts, **tuples, "kind": kind, "fields": fields, "lists": lists})


def _slot(facts: Mapping[str, Any]) -> Slot:
    return Slot(facts["name"], facts["label"], facts.get("from", ""), bool(facts.get("optional", False)))


def _check(template: Template) -> None:
    texts = (template.title, template.main_text, template.copy_text, *template.body)
    slots = {name for text in (*texts, *(each.title for each in template.lists)) for name in SLOT.findall(text)}
    known = {slot.name for slot in template.fields}
    for path, reason, wrong in (
        ("fields", "undeclared", slots - known),
        ("fields", "unused", known - slots),
        ("clause", "unknown", {template.clause} - set(clauses.every())),
        ("signer", "unknown", {template.signer} - set(grants.ROLES)),
        ("disclosure", "unknown", {template.disclosure} - set(DISCLOSURES)),
        ("layout", "unknown", {template.layout} - set(content.LAYOUTS)),
        ("main", "unknown", {*template.main, *template.copy} - set(GROUPS)),
    ):
        if wrong:
            raise BadTemplate(kind=template.kind, path=path, reason=reason, value=sorted(wrong))


def _put(text: str, values: Mapping[str, str]) -> str:
    return SLOT.sub(lambda slot: values[slot[1]], text)


def _spoken(value: Any, slot: Slot) -> str:
    """A value as the document says it. Braces that a person typed stay what they are: slots are filled once."""
    if value == "" and slot.optional:
        return ""
    return f"【{slot.label}】" if value is None or value == "" else str(value)


def _table(listing: Listing, rows: Sequence[Mapping[str, Any]]) -> Table:
    cells = (
        (str(place), *(str(row.get(name) or "") for name, _ in listing.columns))
        for place, row in enumerate(rows, start=1)
    )
    return Table(("序号", *(label for _, label in listing.columns)), tuple(cells))
