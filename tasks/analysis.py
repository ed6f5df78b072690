"""How the cases of one process went: days by stage, trend, returns, limits kept, variants, what left the diagram.

Counted from the rows of `analysis_rows`, by spreads and never case by case, so that an answer is small at any size.
Who sees a part of the cases counts that part; of the province they are told medians alone, and none that would tell of
one other city.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row as Record, case, cast, func, select

from ground import parameters
from ground.database import Session
from ground.grants import ROLES
from ground.people import Person, role_key
from tasks import analysis_scope
from tasks.analysis_rows import AnalysedCase, AnalysedStep, Variant
from tasks.analysis_scope import Scope
from tasks.spreads import Spread, gathered, joined

VARIANTS = 12
# Of fewer cities, the province's median would tell one of them what another did.
LEAST = "analysis.least_cities"
HEADS = frozenset({"prov_division_head", "city_section_head", "city_leader"})
KINDS = ("text", "notice", "default")

_DAYS: ColumnElement[Any] = AnalysedStep.waited + AnalysedStep.worked
_N = func.count().label("n")


@dataclass(frozen=True)
class Stage:
    """One step: the days it was waited for and worked on, how often it sent back, its share of all days."""

    element: str
    waited: Spread
    worked: Spread
    whole: Spread
    returned: int
    share: float
    province: int | None = None


@dataclass(frozen=True)
class Limit:
    """Steps with a limit of one kind: how many were due, and how many of those late, sent or still open."""

    kind: str
    due: int
    late: int

    @property
    def kept(self) -> float:
        """The share that kept it."""
        return 1 - self.late / self.due


@dataclass(frozen=True)
class Way:
    """One variant: its steps in their order, how many cases went so, their share, the days of those that ended."""

    digest: str
    steps: Sequence[str]
    n: int
    share: float
    days: Spread


@dataclass(frozen=True)
class Analysis:
    """Everything of one page; `by_hand`, `unknown` and `late` are how many cases left their diagram or a limit."""

    stages: Sequence[Stage]
    trend: Mapping[str, Spread]
    whole: Spread
    limits: Sequence[Limit]
    ways: Sequence[Way]
    variants: int
    cases: int
    by_hand: int
    unknown: int
    late: int
    province: int | None = None
    least_cities: int = 0


def of(session: Session, scope: Scope) -> Analysis:
    """What the cases came to; eight statements at most, each of them grouped."""
    found, trend = stages(session, scope), _trend(session, scope)
    counted = session.execute(_VARIANTS.where(*scope.cases)).all()
    facts = counted[0] if counted else None
    part = not analysis_scope.counts_all(scope.by)
    least = int(parameters.value(session, LEAST, scope.today).value) if part else 0
    return Analysis(
        stages=_beside_the_province(session, found, scope, least) if part else found,
        trend=trend,
        whole=joined(trend.values()),
        limits=_limits(session, scope),
        ways=_ways(session, scope, counted),
        variants=facts.variants if facts else 0,
        cases=facts.cases if facts else 0,
        by_hand=facts.by_hand if facts else 0,
        unknown=facts.unknown if facts else 0,
        late=int(session.scalar(select(func.count(AnalysedStep.case_id.distinct())).where(*scope.late))),
        least_cities=least,
        province=_province(session, scope, least) if part else None,
    )


def workload(session: Session, scope: Scope) -> Sequence[tuple[Record[Any], Spread]]:
    """Who of the units that the reader heads sent how many steps, in how many working days; for nobody else (§7.4)."""
    organs = {held.organ_id for held in scope.by.held if held.role in HEADS}
    if not organs:
        return []
    keys = [role_key(role, organ) for organ in organs for role in ROLES]
    rows = session.execute(
        select(Person.id, Person.name, Person.name_en, _DAYS.label("days"), _N)
        .join(AnalysedStep, AnalysedStep.by_person == Person.id)
        .where(*scope.sent, AnalysedStep.queue.in_(keys))
        .group_by(Person.id, Person.name, Person.name_en, _DAYS)
    ).all()
    persons = {str(row.id): row for row in rows}
    spreads = gathered((str(row.id), row.days, row.n) for row in rows)
    return sorted(((persons[key], each) for key, each in spreads.items()), key=lambda pair: (-pair[1].n, pair[0].id))


def stages(session: Session, scope: Scope) -> list[Stage]:
    """The step on which the most working days went comes first."""
    columns = (AnalysedStep.element, AnalysedStep.waited, AnalysedStep.worked)
    back = func.sum(case((AnalysedStep.sent_back, 1), else_=0)).label("returned")
    rows = session.execute(select(*columns, _N, back).where(*scope.sent).group_by(*columns)).all()
    waited = gathered((row.element, row.waited, row.n) for row in rows)
    worked = gathered((row.element, row.worked, row.n) for row in rows)
    whole = gathered((row.element, row.waited + row.worked, row.n) for row in rows)
    returned: Counter[str] = Counter()
    for row in rows:
        returned[row.element] += int(row.returned)
    every = sum(each.total for each in whole.values()) or 1
    made = [Stage(at, waited[at], worked[at], each, returned[at], each.total / every) for at, each in whole.items()]
    return sorted(made, key=lambda stage: (-stage.whole.total, -stage.whole.n, stage.element))


def _trend(session: Session, scope: Scope) -> Mapping[str, Spread]:
    """By month, the days of the cases that ended in it; of one step, those of the steps that were sent in it."""
    if scope.filters.element:
        wanted = select(AnalysedStep.month, _DAYS.label("days"), _N).where(*scope.sent)
        rows = session.execute(wanted.group_by(AnalysedStep.month, _DAYS).order_by(AnalysedStep.month))
    else:
        ended = select(AnalysedCase.month, AnalysedCase.days, _N).where(*scope.cases, AnalysedCase.days.is_not(None))
        rows = session.execute(ended.group_by(AnalysedCase.month, AnalysedCase.days).order_by(AnalysedCase.month))
    return gathered((row.month, row.days, row.n) for row in rows)


def _limits(session: Session, scope: Scope) -> list[Limit]:
    late = func.sum(case((scope.overdue, 1), else_=0)).label("late")
    rows = session.execute(
        select(AnalysedStep.due_kind, _N, late).where(*scope.due).group_by(AnalysedStep.due_kind)
    ).all()
    found = {row.due_kind: Limit(row.due_kind, row.n, int(row.late)) for row in rows}
    return [found[kind] for kind in KINDS if kind in found]


def _ways(session: Session, scope: Scope, counted: Sequence[Record[Any]]) -> list[Way]:
    """The variants that most cases went, each with its steps and the days that it took."""
    shown = [row.variant for row in counted]
    ended = select(AnalysedCase.variant, AnalysedCase.days, _N).where(
        *scope.cases, AnalysedCase.variant.in_(shown), AnalysedCase.days.is_not(None)
    )
    rows = session.execute(ended.group_by(AnalysedCase.variant, AnalysedCase.days)).all()
    days = gathered((row.variant, row.days, row.n) for row in rows)
    told = steps_of(session, shown, scope)
    return [
        Way(row.variant, told.get(row.variant, ()), row.n, row.n / row.cases, days.get(row.variant, Spread()))
        for row in counted
    ]


def steps_of(session: Session, digests: Sequence[str], scope: Scope) -> Mapping[str, Sequence[str]]:
    """The steps of these variants, less those of which the reader may not know."""
    rows = session.execute(select(Variant.digest, Variant.steps).where(Variant.digest.in_(digests)))
    return {row.digest: [step for step in row.steps if step not in scope.hidden] for row in rows}


def _beside_the_province(session: Session, stages: Sequence[Stage], scope: Scope, least: int) -> list[Stage]:
    """The same stages, each with the province's median where enough cities are in it."""
    columns = (AnalysedStep.element, AnalysedStep.city, _DAYS)
    rows = session.execute(
        select(AnalysedStep.element, AnalysedStep.city, _DAYS.label("days"), _N)
        .where(*scope.whole.sent)
        .group_by(*columns)
    ).all()
    medians = {
        element: _if_enough([(row.city, row.days, row.n) for row in rows if row.element == element], least)
        for element in {row.element for row in rows}
    }
    return [replace(each, province=medians.get(each.element)) for each in stages]


def _province(session: Session, scope: Scope, least: int) -> int | None:
    """The province's median of whole cases, where enough cities are in it."""
    rows = session.execute(
        select(AnalysedCase.city, AnalysedCase.days, _N)
        .where(*scope.whole.cases, AnalysedCase.days.is_not(None))
        .group_by(AnalysedCase.city, AnalysedCase.days)
    ).all()
    return _if_enough([(row.city, row.days, row.n) for row in rows], least)


def _if_enough(rows: Sequence[tuple[str, int, int]], least: int) -> int | None:
    by_city = gathered(rows)
    return joined(by_city.values()).median if len(by_city) >= least else None


def _of_all(each: ColumnElement[Any]) -> ColumnElement[Any]:
    """What the cases of all variants come to, in each row; a whole number on both databases."""
    return cast(func.sum(each).over(), BigInteger)


def _where(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


# The variants that most cases went; in each row how many variants, cases, and cases off their diagram there are in all.
_VARIANTS = (
    select(
        AnalysedCase.variant,
        _N,
        func.count().over().label("variants"),
        _of_all(func.count()).label("cases"),
        _of_all(_where(AnalysedCase.by_hand > 0)).label("by_hand"),
        _of_all(_where(AnalysedCase.unknown > 0)).label("unknown"),
    )
    .group_by(AnalysedCase.variant)
    .order_by(func.count().desc(), AnalysedCase.variant)
    .limit(VARIANTS)
)
