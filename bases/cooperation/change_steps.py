"""What a diagram may call of a change of a base: look what stands and who signs, and record it from its day on."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bases import register
from bases.cooperation import base_change
from bases.register.change import Source
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock
from ground.database import Session

AGREED = "agree"
AREA, AREA_WRONG = re.compile(r"[1-9][0-9]{0,8}"), "change.no_area"


@prefill("base_change", anew=True)
def standing(session: Session, case: Any) -> Mapping[str, Any]:
    """What stands in the register today, item by item."""
    found = register.of_subject(session, case.subject)
    values = base_change.values_at(session, found, clock.today())
    return {"changes": [{"what": what, "was": value} for what, value in values.items()]}


@check("base_change")
def says_something(answers: Mapping[str, Any], _context: FormContext) -> Sequence[Problem]:
    """At least one item changes, an area is a number of mu, and nothing is changed into itself."""
    items = base_change.wanted(answers)
    if not items:
        return [Problem("changes", "change.nothing")]
    rows = {row["what"]: place for place, row in enumerate(answers.get("changes") or [])}
    return [
        Problem(f"changes.{rows[one.what]}.becomes", AREA_WRONG if one.what == base_change.AREA else "change.same")
        for one in items
        if one.after == one.before or (one.what == base_change.AREA and not AREA.fullmatch(one.after))
    ]


@step("change.prepare", returns=("leader_signs",), again=True)
def prepare(move: Move) -> Mapping[str, Any]:
    """Whether a leader signs: name and area do not change without."""
    items = base_change.wanted(move.submissions("fill")[-1].answers)
    return {"leader_signs": any(one.what in base_change.SIGNED for one in items)}


@step("change.record")
def record(move: Move) -> None:
    """N-9: before and after of each item, from the day that the base gave, by whoever signed or checked it."""
    filled = move.submissions("fill")[-1]
    items = base_change.wanted(filled.answers)
    signs = any(one.what in base_change.SIGNED for one in items)
    agreed = [row for row in move.submissions("sign" if signs else "prov_review") if row.seq > filled.seq]
    if not agreed or agreed[-1].by is None or agreed[-1].answers.get("outcome") != AGREED:
        raise base_change.Unsigned(case=move.case.ref)
    found = register.of_subject(move.session, move.case.subject)
    holds_from = date.fromisoformat(filled.answers["holds_from"])
    base_change.record(move.session, found, items, Source(move.now, holds_from, move.case.id, agreed[-1].by))
    move.record("change.recorded", items=len(items), holds_from=holds_from.isoformat())
