"""P1. A step you saw confirmed is never lost or doubled by a crash: kill -9 at every point, asked again, compared."""

from collections.abc import Callable, Sequence
from random import Random

from tests.trust import acts, bulk, pushing
from tests.trust.crash import Act, Flow
from tests.trust.stores import Stores, stores

PROMISE = "a step you saw confirmed is never lost or doubled by a crash"
Way = tuple[str, Callable[[], Sequence[Act]], float]
# Each point on SQLite; every fourth on PostgreSQL, where a copy of the house takes longer than the act.
WAYS: Sequence[Way] = (
    ("sqlite", acts.designation, 1),
    ("sqlite", acts.loop, 1),
    ("postgresql", acts.loop, 0.25),
    ("postgresql", acts.designation, 0.25),
)
ACTS_AT_LEAST = 4
QUICK = 0.02


def trials(scale: float) -> tuple[int, list[str]]:
    """Points drawn by a fixed seed; a third of them is killed again while it is asked for the second time.

    On each database a client that forgets its key is planted, and what it doubles must be found.
    """
    chance, tried, violations = Random(1), 0, []  # noqa: S311  drawn, so that it can be drawn again
    for kind, way, share in WAYS[:: 1 if scale > QUICK else 2]:
        with stores(kind) as made:
            flow = Flow(made, way()[: max(ACTS_AT_LEAST, round(100 * scale))])
            flow.rehearse(made.first(acts.lay))
            points = list(flow.points())
            for number, point in chance.sample(points, max(3, round(len(points) * min(1, scale) * share))):
                violations += flow.trial(number, point, chance if chance.random() < 1 / 3 else None)
                tried += 1
            violations += _planted(made)
    if scale > QUICK:
        for jobs in (bulk, pushing):
            more, found = jobs.trials(scale)
            tried, violations = tried + more, violations + found
    return tried, violations


def _planted(made: Stores) -> list[str]:
    flow = Flow(made, acts.forgetful())
    flow.rehearse(made.first(acts.lay))
    last = flow.lengths[0]
    return [] if flow.trial(0, last) else [f"{made.kind}: what was doubled under another key was not found out"]


def test_a_few_points_of_each_way_leave_the_house_as_if_nobody_had_been_killed(apart):
    assert apart.trials("test_p01_crash", QUICK) == (6, [])


def test_a_bulk_migration_whose_runner_is_killed_does_each_case_once(apart):
    assert apart.trials("bulk", QUICK) == (2 * bulk.AT_LEAST, [])


def test_an_act_on_many_cases_whose_runner_is_killed_does_each_case_once(apart):
    assert apart.trials("pushing", QUICK) == (2 * pushing.AT_LEAST, [])
