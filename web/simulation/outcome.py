"""What came of the years: cases, lives of bases and yearbooks as they are read, their digest, and what disagrees."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from bases import register
from bases.filing import goals
from bases.register import base as standing
from bases.verdicts import batch, batch_entry, lifeline, punctuality, yearbook
from ground import clock
from ground.clock import local_day
from ground.database import Session
from ground.people import Actor
from tasks import lists

PAGE = 500
YEAR = timedelta(days=365.25)
BASES, CITIES = 46, 21
PROVINCIAL = "provincial"
AFTER_ASSESSMENT = ("rectification", "revocation")
TABLES, MISSED = range(4), 2  # of a yearbook: figures, bases with their outcomes, what was missed, what was solved
DESIGNATED = ("designation-case", "designated")
REVOKED = ("revocation", "revoked")
# What years of a province are expected to hold: of each at least one.
EXPECTED = (
    DESIGNATED,
    ("assessment-case", "passed"),
    ("assessment-case", "to_be_rectified"),
    ("rectification", "kept"),
    ("rectification", "revocation_asked"),
    REVOKED,
    ("assessment-campaign", "closed"),
    ("designation_batch", "closed"),
)


@dataclass
class Outcome:
    """The moves, the seconds they took, what was refused, who was away, and the table of what stands now."""

    moves: int = 0
    seconds: float = 0.0
    case_years: float = 0.0
    objections: int = 0
    absences: int = 0
    given_back: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    late: int = 0
    bases: int = 0
    cities: int = 0
    holding: int = 0
    table: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of the table, the moves and the refusals: the same seed gives the same."""
        lines = [str(self.moves), *(f"{code}\t{times}" for code, times in sorted(self.refused.items())), *self.table]
        return sha256("\n".join(lines).encode()).hexdigest()

    @property
    def lacking(self) -> list[str]:
        """What years of a province hold, and these do not."""
        found = {f"{process}: {outcome}": self.ended[process, outcome] for process, outcome in EXPECTED}
        settled = sum(times for (process, _), times in self.ended.items() if process == "objection")
        found |= {
            "objections settled": settled,
            "late reports": self.late,
            "absences": self.absences,
            "tasks given back": self.given_back,
        }
        found |= {f"{BASES} bases": self.bases == BASES, f"{CITIES} cities": self.cities == CITIES}
        return [name for name, times in found.items() if not times]


def read(session: Session, by: Actor, first: date, last: date, found: Outcome) -> None:
    """Read what stands now, as this auditor may, and compare the figures of the pages with what happened."""
    cases, bases = list(_cases(session, by)), register.bases_of(session, by)
    books = [yearbook.report(session, year, None) for year in range(first.year, last.year + 1)]
    missed = [row for book in books for row in _rows(book, MISSED)]
    found.ended = Counter((case.process, case.outcome) for case in cases if case.status == "closed")
    found.case_years = sum((_length(case, clock.end_of(last)) for case in cases), timedelta()) / YEAR
    found.late, found.bases = len(missed), len(bases)
    found.cities = len({case.region[:4] for case in cases} & {each.city[:4] for each in bases})
    found.holding = goals.counts(session)["held"]
    found.table = [
        *sorted(_case_line(case) for case in cases),
        *(_line("life", each.name, each.status, *told) for each in bases for told in _life(session, each)),
        *(_line("book", book.title, *row) for book in books for place in TABLES for row in _rows(book, place)),
    ]
    found.wrong = [
        *_names(session, found, cases, bases, first),
        *_standings(bases, cases, session, last),
        *_batches(session, last),
        *_reports(session, bases, missed, (first, last)),
    ]


def _cases(session: Session, by: Actor) -> Iterator[Any]:
    page = lists.in_sight(session, by, limit=PAGE)
    yield from page.items
    while page.after:
        page = lists.in_sight(session, by, after=page.after, limit=PAGE)
        yield from page.items


def _rows(book: Any, place: int) -> Sequence[tuple[str, ...]]:
    """The rows of one table of a yearbook; one with nothing but its first cell says that there are none."""
    return [row for row in book.attachments[place].table.rows if any(row[1:])]


def _life(session: Session, each: Any) -> Iterator[tuple[Any, ...]]:
    for row in lifeline.of_base(session, each.id, inside=True):
        yield row.on, row.what, *(f"{name}={value}" for name, value in sorted(row.facts.items()))


def _names(session: Session, found: Outcome, cases: Sequence[Any], bases: Sequence[Any], first: date) -> Iterator[str]:
    """Names are given by designations and taken by revocations, and by nothing else.

    A revocation whose decision was issued has taken the name, though its plaque and supports may keep it open.
    """
    revoked = {each.name for each in bases if each.status == standing.REVOKED}
    issued = sum(case.process == REVOKED[0] and case.status != "closed" and case.title in revoked for case in cases)
    names = register.titles_of(session, [each.id for each in bases])
    held = sum(each.kind == PROVINCIAL and each.valid_from < first for base in names.values() for each in base)
    expected = held + found.ended[DESIGNATED] - found.ended[REVOKED] - issued
    if expected != found.holding:
        yield f"{found.holding} provincial names on the tile, and {expected} by what was decided"


def _standings(bases: Sequence[Any], cases: Sequence[Any], session: Session, last: date) -> Iterator[str]:
    """A draft holds no name, a revoked base no provincial one, and one that is rectifying has a case for it."""
    held = {row.id: kinds for row, kinds in register.holding(session, last)}
    under_way = {each.title for each in cases if each.process in AFTER_ASSESSMENT and each.status != "closed"}
    for each in bases:
        kinds = held.get(each.id, frozenset())
        agrees = {
            standing.DRAFT: not kinds,
            standing.DESIGNATED: bool(kinds),
            standing.RECTIFYING: PROVINCIAL in kinds and each.name in under_way,
            standing.REVOKED: PROVINCIAL not in kinds,
        }
        if not agrees[each.status]:
            yield f"{each.name} is {each.status}, and holds {sorted(kinds)}"


def _batches(session: Session, last: date) -> Iterator[str]:
    """No batch takes applications past its last day, none designates more than it was to, none forgets anybody."""
    for each in batch.every(session):
        entries = batch_entry.of_batch(session, each.id)
        named = sum(entry.outcome == batch_entry.DESIGNATE for entry in entries)
        if each.state == batch.ANNOUNCED and each.closes_on < last:
            yield f"the batch of {each.year} is open past {each.closes_on}"
        if each.state != batch.CLOSED and each.closes_on and last - each.closes_on > YEAR:
            yield f"the batch of {each.year} is not closed"
        if each.quota is not None and named > each.quota:
            yield f"the batch of {each.year} designated {named} of {each.quota}"
        if each.state == batch.CLOSED and batch_entry.undecided(session, each.id):
            yield f"the batch of {each.year} closed before all were decided"


def _reports(
    session: Session, bases: Sequence[Any], missed: Sequence[tuple[str, ...]], days: tuple[date, date]
) -> Iterator[str]:
    """The yearbooks list as missed what the bases' reports themselves say was late."""
    listed = Counter(row[0] for row in missed)
    for each in bases:
        kept = Counter(report.kept for report in punctuality.of_base(session, each.id, *days))
        late = kept[punctuality.LATE] + kept[punctuality.MISSING]
        if late != listed[each.name]:
            yield f"{each.name} was late {late} times, and {listed[each.name]} times by the yearbooks"


def _length(case: Any, until: datetime) -> timedelta:
    ended: datetime = case.ended_at or until
    started: datetime = case.started_at
    return ended - started


def _case_line(case: Any) -> str:
    moments = (case.started_at, case.moved_at, case.ended_at)
    return _line("case", case.number, case.process, case.title, case.status, case.outcome, *moments)


def _line(*parts: Any) -> str:
    return "\t".join(str(local_day(each) if isinstance(each, datetime) else each) for each in parts)
