"""The page of an analysis: every figure with what it counts, and each opens the cases behind it."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

from ground import clock
from ground.database import Session, reading
from tasks import analysis, analysis_kept, analysis_lists, analysis_scope
from tasks.analysis import Analysis
from tasks.analysis_scope import Scope
from web.analysis import asked as addresses, charts, naming
from web.analysis.asked import Asked
from web.analysis.blueprint import desk
from web.door import session
from web.door.language import _
from web.words import dates


@desk.get("/analysis")
def page() -> str:
    """One process: how its cases went."""
    me = session.actor()
    with reading() as store:
        counted = analysis_scope.processes(store, me)
        asked = addresses.read(counted)
        scope = analysis_scope.of(store, me, asked.filters, clock.today())
        found = analysis_kept.of(store, scope) if counted else None
        return render_template(
            "analysis/pages/analysis.html",
            found=found,
            kinds=dates.KINDS,
            workload=analysis.workload(store, scope),
            **around(store, scope, asked, counted),
            **(_charts(found, asked) if found else {}),
        )


def around(store: Session, scope: Scope, asked: Asked, counted: Mapping[str, int]) -> dict[str, Any]:
    """What every page of this desk stands in: its choices and its names."""
    names = naming.Names(store, asked.filters.process)
    return {
        "asked": asked,
        "names": names,
        "version_choices": [(str(row.number), _("第%(n)s版", n=row.number)) for row in names.versions],
        "called": naming.processes(store, counted),
        "cities": naming.cities(store) if analysis_scope.counts_all(scope.by) else [],
        "all_cities": analysis_scope.counts_all(scope.by),
        # Who owns the rules and sees no case gets figures that open nothing.
        "listed": analysis_scope.sees_all(scope.by) or not analysis_scope.counts_all(scope.by),
        "most_listed": analysis_lists.MOST,
        "as_of": analysis_scope.as_of(store),
    }


def _charts(found: Analysis, asked: Asked) -> dict[str, Any]:
    columns = charts.columns(found.trend, asked.span)
    return {
        "columns": columns,
        "highest": max((each.spread.ninety or 0 for each in columns), default=0),
        "widest": max(((each.whole.ninety or 0) for each in found.stages), default=0),
    }
