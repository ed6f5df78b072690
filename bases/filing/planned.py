"""The check on the development plan (发展规划), P-3: its years include the one in which the base applies.

That a plan, its approval and the three bodies of Article 7 are there at all, the form itself demands, field by field.
"""

from collections.abc import Iterator

from bases.filing.figures import Figures, exact
from engine.forms import Problem

FROM, TO = "plan_from", "plan_to"


def problems(figures: Figures) -> Iterator[Problem]:
    """A period that runs backwards, is over, or has not begun; a form without a period passes.

    Applied for in 2026, so reporting 2025: 2021 to 2025 is over, 2027 to 2030 has not begun, 2026 to 2026 will do.
    """
    begins, ends = exact(figures.answers.get(FROM)), exact(figures.answers.get(TO))
    if begins is None or ends is None:
        return
    applied = figures.year + 1
    facts = {"from": f"{begins:f}", "to": f"{ends:f}", "year": applied}
    if begins > ends:
        yield Problem(TO, "plan.reversed", facts)
    elif ends < applied:
        yield Problem(TO, "plan.over", facts)
    elif begins > applied:
        yield Problem(FROM, "plan.not_begun", facts)
