"""The case row, who may see it, and what its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Row as Record,
    bindparam,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine import definitions, history, incidents, submissions
from engine.folders import Folder
from engine.waits import Subscription, Wait
from ground import clock, people
from ground.database import Row, Session, table
from ground.errors import Missing, Stale
from ground.ids import ref as new_ref
from ground.people import Actor
from ground.types import Bytes, Code, Id, Instant, Ref, Text, Whole

# Whoever works at the province sees every case; a city its own region, a county its own, a base its own.
PROVINCE_SEES = frozenset(
    {
        "prov_officer",
        "prov_checker",
        "prov_division_head",
        "prov_office",
        "prov_leader",
        "legal",
        "visit_team",
        "meeting_secretary",
        "supervisor",
        "auditor",
    }
)
# What these lines hold could tell an applicant, or one expert, who judged and how.
FOR_INSIDERS = frozenset({"panel.drawn", "scores.closed", "table.decided", "case.corrected", "case.moved"})
CITY_SEES = frozenset({"city_officer", "city_section_head", "city_leader"})


class Case(Row):
    """One case: what it is about, the release it is pinned to, and the state that moves it along."""

    __tablename__ = "cases"  # `case` is a word of SQL
    __table_args__ = (
        Index("ix_cases_region", "region", "id"),
        Index("ix_cases_organ", "organ_id", "id"),
        Index("ix_cases_subject", "subject", "process_id"),
        Index("ix_cases_starter", "started_by", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    number: Mapped[str] = mapped_column(Text(60), unique=True)
    title: Mapped[str] = mapped_column(Text(200))
    process_id: Mapped[int] = mapped_column(Id, ForeignKey("process.id"))
    release_id: Mapped[int] = mapped_column(Id, ForeignKey("release.id"))
    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"))
    subject: Mapped[str] = mapped_column(Code(120))
    alone: Mapped[str | None] = mapped_column(Code(200), unique=True)
    region: Mapped[str] = mapped_column(Code(6), ForeignKey("region.code"))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    status: Mapped[str] = mapped_column(Code())
    outcome: Mapped[str | None] = mapped_column(Code(120))
    started_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    moved_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    rev: Mapped[int] = mapped_column(Whole)
    seq: Mapped[int] = mapped_column(Whole)
    head: Mapped[str] = mapped_column(Text(64))
    state: Mapped[bytes] = mapped_column(Bytes)


class CaseNumber(Row):
    """The last number given out for a process in a year."""

    __tablename__ = "case_number"

    process_id: Mapped[int] = mapped_column(Id, ForeignKey("process.id"), primary_key=True)
    year: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Whole)


class Party(Row):
    """A person who was asked by name, and so may see this one case."""

    __tablename__ = "party"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)


@dataclass(frozen=True)
class Act:
    """Something that this person may do to the case at any time: a message the diagram listens for."""

    message: str
    element: str
    form: str


@dataclass(frozen=True)
class CaseView:
    """What the case's page shows: the row, what it waits for, what this person may do, what went wrong."""

    case: Record[Any]
    folder: Folder
    waits: Sequence[Record[Any]]
    acts: Sequence[Act]
    incidents: Sequence[Record[Any]]
    submissions: Sequence[Record[Any]]


@dataclass(frozen=True)
class Line:
    """One line of a case's story; `by_name` is empty where the reader may not know who it was."""

    seq: int
    at: datetime
    kind: str
    by: int | None
    by_name: str
    by_name_en: str
    withheld: bool
    element: str | None
    version_id: int
    detail: Mapping[str, Any]


def visible(by: Actor) -> ColumnElement[bool]:
    """The cases that this person may know of; lists, counts, search and completions all start here."""
    if by.person is None:
        return true()
    ways: list[ColumnElement[bool]] = [
        exists().where(Party.case_id == Case.id, Party.person_id == by.person).correlate(Case)
    ]
    for held in by.held:
        if held.role in PROVINCE_SEES and held.organ_kind == "province":
            return true()
        if held.role in CITY_SEES:
            ways.append(Case.region.startswith(held.region[:4], autoescape=True))
        elif held.role == "base_authority":
            ways.append(Case.region == held.region)
        elif held.role == "base_filler":
            ways.append(Case.organ_id == held.organ_id)
    return or_(false(), *ways)


def find(session: Session, case_ref: str, by: Actor) -> Record[Any]:
    """The case of this ref, if this person may know of it; else Missing, as if it were not there."""
    row = session.execute(_FACTS.where(Case.ref == case_ref, visible(by))).one_or_none()
    if row is None:
        raise Missing(case=case_ref)
    return row


def look(session: Session, case_ref: str, by: Actor) -> CaseView:
    """Everything that this person may see of a case."""
    case = find(session, case_ref, by)
    folder = definitions.pinned(session, case.release_id)
    return CaseView(
        case=case,
        folder=folder,
        waits=_waits(session, case.id, by, folder),
        acts=[] if case.status == "suspended" else _acts(session, case.id, by),
        incidents=incidents.open_of(session, case.id),
        submissions=submissions.of_case(session, case.id, by, definitions.written_under(session, folder)),
    )


def story(session: Session, case_ref: str, by: Actor) -> list[Line]:
    """What happened, oldest first; who wrote under a form with named readers stays withheld from all others.

    Each line is read by the version that the case stood on then.
    """
    case = find(session, case_ref, by)
    under = definitions.written_under(session, definitions.pinned(session, case.release_id))
    lines = history.read(session, case.id)
    names = people.name_of(session, {line.by_person for line in lines if line.by_person is not None})
    told = []
    for line, version in _versions(lines, case.version_id):
        folder = under(version)
        told.append(_line(line, names, version, _shown(line, by, folder), inside=_insider(by, folder)))
    return told


def _versions(lines: Sequence[Record[Any]], now: int) -> list[tuple[Record[Any], int]]:
    """Each line with the version on which it was written; a migration itself names elements of its target."""
    found = []
    for line in reversed(lines):
        found.append((line, now))
        if line.kind == "case.migrated":
            now = line.detail["source"]
    return list(reversed(found))


def reporting_year(case: Any) -> int:
    """上年: the year before the one in which the case began."""
    return clock.local_day(case.started_at).year - 1


def may_open(session: Session, file_ref: str, by: Actor) -> bool:
    """Whether this file stands in a paper that this person may read, of a case that they may know of."""
    for case_id in {row.case_id for row in submissions.cases_with(session, file_ref)}:
        release = session.scalar(select(Case.release_id).where(Case.id == case_id, visible(by)))
        if release is None:
            continue
        under = definitions.written_under(session, definitions.pinned(session, release))
        for paper in submissions.of_case(session, case_id, by, under):
            form = under(paper.version_id).form(paper.element, paper.form)
            if form is not None and file_ref in form.files_of(paper.answers):
                return True
    return False


def lock(session: Session, case_id: int) -> Record[Any]:
    """Take the case's row before any other row of the case, as every move does; the head of its chain, its status."""
    return session.execute(_LOCK, {"case": case_id}).one()


def lock_free(session: Session, case_id: int) -> Record[Any] | None:
    """The same if nobody else has it; None, at once, if somebody has."""
    return session.execute(_LOCK_FREE, {"case": case_id}).one_or_none()


def note(session: Session, case_id: int, fact: history.Fact) -> None:
    """Add a line to a case's history for an act that does not move it (a claim, a remark)."""
    head = lock(session, case_id)
    after = history.write(session, case_id, history.Head(head.seq, head.head), [fact])
    session.later(_NOTE, [{"case": case_id, "to_seq": after.seq, "to_head": after.hash}])


def next_number(session: Session, process_id: int, year: int, word: str) -> str:
    """The number people read: `2026-认定-007`."""
    session.put_once(CaseNumber, {"process_id": process_id, "year": year, "last": 0})
    last = session.scalar(
        update(CaseNumber)
        .where(CaseNumber.process_id == process_id, CaseNumber.year == year)
        .values(last=CaseNumber.last + 1)
        .returning(CaseNumber.last)
    )
    return f"{year}-{word}-{last:03d}"


def on_release(session: Session, release: Record[Any], word: str, now: datetime) -> dict[str, Any]:
    """What a new case on this release is called, and what it is pinned to."""
    return {
        "ref": new_ref(),
        "number": next_number(session, release.process_id, clock.local_day(now).year, word),
        "process_id": release.process_id,
        "release_id": release.release_id,
        "version_id": release.version_id,
    }


def running(session: Session) -> Mapping[int, int]:
    """How many cases that are not closed stand on each version."""
    rows = session.execute(
        select(Case.version_id, func.count().label("cases")).where(Case.status != "closed").group_by(Case.version_id)
    )
    return {row.version_id: row.cases for row in rows}


def join(session: Session, case_id: int, person_id: int) -> None:
    """This person was asked by name: from now on they may see the case."""
    session.later_once(Party, {"case_id": case_id, "person_id": person_id})


def create(session: Session, values: Mapping[str, Any]) -> int:
    """Write the row of a new case."""
    return int(session.scalar(insert(Case).values(**values).returning(Case.id)))


def store(session: Session, values: Mapping[str, Any], number: str, *, ended: bool) -> None:
    """Write what a move made of a case, with its commit; Stale then, if another move was quicker (`rev`)."""
    session.later(_CLOSE if ended else _GO_ON, [values], lambda: Stale(case=number))


def _waits(session: Session, case_id: int, by: Actor, folder: Folder) -> list[Record[Any]]:
    """Who is asked now; a task with named readers is shown to others without its holder."""
    rows = session.execute(select(Wait).where(Wait.case_id == case_id).order_by(Wait.due_at, Wait.id)).all()
    return [row for row in rows if row.held_by == by.person or not _withheld(row.element, row.held_by, by, folder)]


def _acts(session: Session, case_id: int, by: Actor) -> list[Act]:
    rows = session.execute(
        select(Subscription).where(
            Subscription.case_id == case_id, Subscription.sender.in_(list(by.keys)), Subscription.form.is_not(None)
        )
    ).all()
    return [Act(row.message, row.element, row.form) for row in rows if row.message is not None]


def _withheld(element: str | None, person: int | None, by: Actor, folder: Folder) -> bool:
    """Blind both ways: who fills a form with named readers is known to those readers and to nobody else."""
    known = folder.element(element)
    form = folder.form(element, known.form) if known else None
    if form is None or not form.readers or (person is not None and person == by.person):
        return False
    return not any(by.has(role) for role in form.readers)


def _insider(by: Actor, folder: Folder) -> bool:
    """Whether this person may read what sealed forms came to: panels, totals, what tables made of them."""
    sealed = [form for each in (folder, *folder.calls.values()) for form in each.forms.values() if form.sealed]
    return not sealed or any(by.has(role) for form in sealed for role in form.readers)


def _shown(line: Record[Any], by: Actor, folder: Folder) -> bool:
    return not _withheld(line.element, line.by_person, by, folder)


def _line(line: Record[Any], names: Mapping[int, Any], version: int, shown: bool, *, inside: bool) -> Line:  # noqa: FBT001
    person = names.get(line.by_person) if shown and line.by_person is not None else None
    return Line(
        seq=line.seq,
        at=line.at,
        kind=line.kind,
        by=line.by_person if shown else None,
        by_name=person.name if person else "",
        by_name_en=person.name_en if person else "",
        withheld=not shown and line.by_person is not None,
        element=line.element,
        version_id=version,
        detail=line.detail if shown and (inside or line.kind not in FOR_INSIDERS) else {},
    )


_FACTS = select(
    Case.id,
    Case.ref,
    Case.number,
    Case.title,
    Case.process_id,
    Case.release_id,
    Case.version_id,
    Case.subject,
    Case.region,
    Case.organ_id.label("organ"),
    Case.status,
    Case.outcome,
    Case.started_by,
    Case.started_at,
    Case.moved_at,
    Case.ended_at,
    Case.seq,
    Case.head,
    definitions.Process.key.label("process"),
).join(definitions.Process, definitions.Process.id == Case.process_id)
_LOCK = select(Case.seq, Case.head, Case.status).where(Case.id == bindparam("case")).with_for_update()
_LOCK_FREE = _LOCK.with_for_update(skip_locked=True)
_NOTE = (
    update(table(Case)).where(Case.id == bindparam("case")).values(seq=bindparam("to_seq"), head=bindparam("to_head"))
)
_GO_ON = (
    update(table(Case))
    .where(Case.id == bindparam("case"), Case.rev == bindparam("from_rev"))
    .values(
        rev=bindparam("to_rev"),
        seq=bindparam("to_seq"),
        head=bindparam("to_head"),
        state=bindparam("to_state"),
        moved_at=bindparam("now"),
    )
)
_CLOSE = _GO_ON.values(status="closed", outcome=bindparam("to_outcome"), ended_at=bindparam("now"), alone=None)
