"""Forms as this desk shows them: to fill with what was typed last, and to read as they were sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row as Record

from bases.documents import desk
from bases.documents.templates import PROCESS
from bases.filing import contacts
from engine import cases, definitions, forms
from engine.folders import Folder
from engine.forms import Form, FormContext, Problem, Remark
from engine.spiff.diagrams import AT
from ground import files, people, regions
from ground.database import Session
from ground.people import Actor, Name
from ground.regions import Place
from web.door import session
from web.door.language import pick
from web.fields.around import Around, Group, Option, StoredFile
from web.fields.sheet import Sheet
from web.reviewer import naming

CITY, COUNTY = "city", "county"
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Typed:
    """What stands in a form now, what is wrong with it, and which saving of the draft it is."""

    answers: Mapping[str, Any]
    rev: int = 0
    saved_at: datetime | None = None
    found: Sequence[Problem] = field(default_factory=tuple)
    totals: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """One form as it was sent: at which step, by whom, under which key they acted, with which result."""

    seq: int
    element: str
    step: str
    by: str
    acting: str
    at: datetime
    result: str
    returned: bool
    sheet: Sheet


@dataclass(frozen=True)
class Enclosed:
    """A file of the case, with the paper and the field it belongs to."""

    file: StoredFile
    step: str
    label: str


def context(store: Session, case: Any) -> FormContext:
    """What the forms of a case are read in."""
    return FormContext(store, case, cases.reporting_year(case))


def to_fill(
    store: Session,
    folder: Folder,
    form: Form,
    case: Any,
    typed: Typed,
    *,
    remarked: Sequence[Remark] = (),
    offices: Mapping[str, str] = NOBODY,
) -> Sheet:
    """A form with what stands in it; what it works out is worked out afresh. `offices` are those of its remarks."""
    totals = typed.totals or forms.read(form, typed.answers, context(store, case)).totals
    surroundings = replace(around(store, folder, [form], [typed.answers]), offices=offices)
    form = forms.offered(form, store, case)
    return Sheet(
        form,
        typed.answers,
        cases.reporting_year(case),
        around=surroundings,
        found=typed.found,
        totals=totals,
        remarked=remarked,
    )


def sent(store: Session, folder: Folder, case: Any, rows: Sequence[Record[Any]]) -> list[Paper]:
    """The papers of a case that a person may read, oldest first; what differs from an earlier sending is marked.

    Each is shown in the form of the version that it was sent under; `folder` is the one that the case is on now.
    """
    under = definitions.written_under(store, folder)
    of = {row.version_id: under(row.version_id) for row in rows}
    filled = [(row, of[row.version_id].form(row.element, row.form)) for row in rows]
    given = [(row, forms.offered(form, store, case, ever=True)) for row, form in filled if form is not None]
    known = [row for row, _ in given]
    read = {row.seq: contacts.disclosed(form, row.answers, session.actor()) for row, form in given}
    surroundings = around(store, folder, [form for _, form in given], [row.answers for row in known])
    names = people.name_of(store, {who for row in known for who in (row.by, row.behalf_of)} - {None})
    earlier: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    papers = []
    for row, form in given:
        same = series(row)
        sheet = Sheet(form, read[row.seq], cases.reporting_year(case), around=surroundings, before=earlier.get(same))
        papers.append(_paper(row, sheet, naming.step(of[row.version_id], row.element), names))
        earlier[same] = read[row.seq]
    return papers


def as_typed(store: Session, folder: Folder, task: Any, case: Any, answers: Mapping[str, Any]) -> Sheet:
    """What somebody has sent at a task and what has not been taken yet, as a form to read."""
    form = folder.forms[task.form]
    read = forms.read(form, answers, context(store, case))
    surroundings = around(store, folder, [form], [read.answers])
    return Sheet(form, read.answers, cases.reporting_year(case), around=surroundings, totals=read.totals)


def series(row: Any) -> tuple[str, str, str]:
    """What a sending is a later one of: the same form about the same item in the same process, at whichever step."""
    return row.element.rpartition(AT)[0], row.form, str(row.item)


def enclosed(papers: Iterable[Paper]) -> list[Enclosed]:
    """Every file in these papers, the newest paper first, each file once."""
    found: dict[str, Enclosed] = {}
    for paper in reversed(list(papers)):
        for path, ref in files_in(paper.sheet.form, paper.sheet.answers):
            stored = paper.sheet.around.files.get(ref)
            if stored and ref not in found:
                found[ref] = Enclosed(stored, paper.step, paper.sheet.label_at(path))
    return list(found.values())


def documents(store: Session, folder: Folder, case: Any, by: Actor) -> list[Record[Any]]:
    """The documents (公文) of a case whose process can issue any, as far as this person may see them."""
    if PROCESS not in {case.process, *folder.calls}:
        return []
    return desk.of_case(store, case.id, by)


def files_in(form: Form, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The path of each field with files, and their refs."""
    found = []
    for name, known in form.fields.items():
        value = answers.get(name)
        if known.type in {"file", "files"} and value:
            found += [(name, ref) for ref in (value if isinstance(value, list) else [value]) if isinstance(ref, str)]
    return found


def around(store: Session, folder: Folder, listed: Sequence[Form], answers: Sequence[Mapping[str, Any]]) -> Around:
    """What these forms need from outside: words, regions if any asks for them, names of files."""
    levels = {known.level for form in listed for known in form.fields.values() if known.type == "region"}
    refs = {ref for form, given in zip(listed, answers, strict=True) for _path, ref in files_in(form, given)}
    stored = files.named(store, refs) if refs else {}
    return Around(
        words={text: english for each in (*folder.calls.values(), folder) for text, english in each.words.items()},
        regions={level: _regions(store, level) for level in levels},
        files={ref: StoredFile(row.ref, row.name, row.size, row.media_type) for ref, row in stored.items()},
    )


def _paper(row: Record[Any], sheet: Sheet, step: str, names: Mapping[int, Name]) -> Paper:
    who = names.get(row.by)
    outcome = sheet.form.fields.get("outcome")
    return Paper(
        seq=row.seq,
        element=row.element,
        step=step,
        by=_sender(who, names.get(row.behalf_of)),
        acting=row.acting,
        at=row.received_at,
        result=sheet.words_at("outcome", outcome) if outcome else "",
        returned=row.answers.get("outcome") == "return",
        sheet=sheet,
    )


def _sender(who: Name | None, principal: Name | None) -> str:
    name = pick(who.name, who.name_en) if who else ""
    return naming.on_behalf(name, pick(principal.name, principal.name_en)) if principal else name


def _regions(store: Session, level: str) -> list[Group]:
    cities = regions.listed(store, CITY, regions.PROVINCE)
    if level == CITY:
        return [Group("", tuple(map(_option, cities)))]
    counties: dict[str, list[Option]] = {}
    for place in regions.listed(store, COUNTY):
        counties.setdefault(place.parent or "", []).append(_option(place))
    return [Group(pick(city.name, city.name_en), tuple(counties.get(city.code, ()))) for city in cities]


def _option(place: Place) -> Option:
    return Option(place.code, pick(place.name, place.name_en))
