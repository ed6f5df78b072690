"""What the homes of officers, heads, leaders and panel leaders show beside their tiles, each only to whom it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bases.filing import comparison, goals
from bases.filing.goals import Higher, Improvement, Progress, Series
from bases.review import desk as panels
from bases.verdicts import assessment, board, risk
from bases.verdicts.board import Stage
from bases.verdicts.risk import Risk
from ground import clock
from ground.database import Session
from ground.people import Actor
from tasks import figures, stuck, stuck_filters, stuck_rule
from web.reviewer.assessed import GROUNDS, OUTCOMES, PROPOSALS
from web.words import stages
from web.words.goals import IMPROVEMENTS, VERDICTS

LONGEST = 8
STAGES: Mapping[str, str] = {**stages.APPLICATION, **stages.BESIDE}


@dataclass(frozen=True)
class Pipeline:
    """The batch under way: its stages that hold something, and «拟退出 n / 滚动数量 m»."""

    batch: Any
    stages: Sequence[Stage]
    leaving: int


@dataclass(frozen=True)
class Goals:
    """Goals 123 of the whole province in the year whose figures are owed now."""

    year: int
    progress: Progress
    series: Series
    higher: Higher
    improvements: Sequence[Improvement]


@dataclass(frozen=True)
class Stuck:
    """The cases that have stood for longest, and for how many working days each."""

    rows: Sequence[Any]
    days: Mapping[int, int]


@dataclass(frozen=True)
class Overview:
    """Each part as far as it is this person's; empty where it is not."""

    pipeline: Pipeline | None
    load: Sequence[Any]
    risks: Sequence[Risk]
    goals: Goals | None
    stuck: Stuck | None
    led: Sequence[Any]
    differing: Sequence[Any]
    stages: Mapping[str, str]
    grounds: Mapping[str, str]
    proposals: Mapping[str, tuple[str, str]]
    outcomes: Mapping[str, tuple[str, str]]
    verdicts: Mapping[str, tuple[str, str, str]]
    improvements: Mapping[str, str]


def of(store: Session, me: Actor) -> Overview:
    """The parts for this person's roles; one that is for none of them asks nothing."""
    return Overview(
        pipeline=_pipeline(store) if me.has("prov_officer") else None,
        load=figures.load(store, me) if me.has("prov_division_head") else [],
        risks=risk.listed(store, clock.today().year) if me.has("prov_leader") else [],
        goals=_goals(store, me) if me.has("prov_leader") else None,
        stuck=_stuck(store, me) if me.has("supervisor") else None,
        led=panels.led(store, me.person) if me.has("expert") or me.has("panel_leader") else [],
        differing=assessment.differing(store) if me.has("prov_checker") else [],
        proposals=PROPOSALS,
        outcomes=OUTCOMES,
        verdicts=VERDICTS,
        improvements=IMPROVEMENTS,
        stages=STAGES,
        grounds=GROUNDS,
    )


def _goals(store: Session, me: Actor) -> Goals:
    year = clock.today().year - 1
    sheet, series = comparison.of(store, me, year), goals.series(store, year)
    return Goals(
        year=year,
        progress=goals.progress(store, sheet),
        series=series,
        higher=goals.higher(sheet, series, sheet.bases),
        improvements=goals.improvements(sheet, sheet.bases),
    )


def _stuck(store: Session, me: Actor) -> Stuck:
    of = stuck_rule.at(store, clock.now())
    rows = stuck.page(store, me, stuck_filters.EVERYTHING, of, limit=LONGEST).items
    return Stuck(rows, {row.case_id: of.working_days(row.moved_at) for row in rows})


def _pipeline(store: Session) -> Pipeline | None:
    found = board.pipeline(store, clock.now())
    if found is None:
        return None
    running, stages, leaving = found
    return Pipeline(running, [stage for stage in stages if stage.count], leaving)
