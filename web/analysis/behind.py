"""What is behind a figure: its steps or cases as a list, and the same list as a file."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, render_template, url_for

from ground import clock, regions
from ground.database import Session, reading
from ground.errors import Missing
from tasks import analysis, analysis_lists, analysis_scope, heat
from tasks.analysis_scope import Scope
from web.analysis import asked as addresses, naming, taken_out
from web.analysis.asked import Asked
from web.analysis.blueprint import desk
from web.analysis.page import around
from web.door import session
from web.door.language import _, pick
from web.words import dates
from web.words.catalogue import N_

ROWS = 50
HEADINGS = {
    "cases": N_("办件"),
    "ended": N_("已办结的办件"),
    "variant": N_("走这条路径的办件"),
    "by_hand": N_("经流程处置的办件"),
    "unknown": N_("与流程图不符的办件"),
    "overrun": N_("超过时限的办件"),
    "sent": N_("已办出的环节"),
    "returned": N_("退回的环节"),
    "due": N_("到期的环节"),
    "late": N_("超过时限的环节"),
    "standing": N_("停在这一环节的办件"),
}


@desk.get("/analysis/cases")
def behind() -> str:
    """The rows behind one figure."""
    me = session.actor()
    with reading() as store:
        counted = analysis_scope.processes(store, me)
        asked = addresses.read(counted)
        scope = _scope(store, asked)
        found, following = _rows(store, scope, asked, ROWS)
        names = naming.Names(store, asked.filters.process)
        cells = _cells(store, asked, names)
        kept = {**asked.arguments, "what": asked.what, "of": asked.of or None}
        return render_template(
            "analysis/pages/behind.html",
            heading=_(HEADINGS[asked.what]),
            heads=_heads(asked),
            rows=[(row, cells(row)) for row in found],
            first=url_for("analysis.behind", **kept) if asked.after else None,
            following=url_for("analysis.behind", **kept, after=following) if following else None,
            **around(store, scope, asked, counted),
        )


@desk.get("/analysis/cases.<kind>")
def behind_file(kind: str) -> Response:
    """The same as a file, as many as one file takes."""
    asked = _filed(kind)
    with reading() as store:
        found, _more = _rows(store, _scope(store, asked), asked, analysis_lists.MOST)
        cells = _cells(store, asked, naming.Names(store, asked.filters.process))
        lines = [cells(row) for row in found]
    return taken_out.file(_(HEADINGS[asked.what]), _heads(asked), lines, kind)


@desk.get("/analysis/stages.<kind>")
def stages_file(kind: str) -> Response:
    """The steps of the page with their days."""
    if kind not in taken_out.KINDS:
        raise Missing(kind=kind)
    with reading() as store:
        asked = addresses.read(analysis_scope.processes(store, session.actor()))
        names = naming.Names(store, asked.filters.process)
        scope = analysis_scope.of(store, session.actor(), asked.filters, clock.today())
        lines = [
            [
                names.step(each.element),
                each.whole.n,
                each.waited.median,
                each.worked.median,
                each.whole.median,
                each.whole.ninety,
                f"{each.share:.1%}",
                each.returned,
            ]
            for each in analysis.stages(store, scope)
        ]
    heads = [
        _("环节"),
        _("办理次数"),
        _("待领取（工作日中位数）"),
        _("办理（工作日中位数）"),
        _("中位数"),
        _("九成位数"),
        _("占全部用时"),
        _("退回"),
    ]
    return taken_out.file(_("各环节用时"), heads, lines, kind)


def _filed(kind: str) -> Asked:
    if kind not in taken_out.KINDS:
        raise Missing(kind=kind)
    with reading() as store:
        return addresses.read(analysis_scope.processes(store, session.actor()))


def _scope(store: Session, asked: Asked) -> Scope:
    if asked.what not in HEADINGS:
        raise Missing(what=asked.what)
    return analysis_scope.of(store, session.actor(), asked.filters, clock.today())


def _rows(store: Session, scope: Scope, asked: Asked, limit: int) -> tuple[Sequence[Any], int | None]:
    if asked.what != "standing":
        return analysis_lists.listed(store, scope, asked.what, asked.of, after=asked.after, limit=limit)
    running = heat.versions(store, asked.filters.process, session.actor())
    version = int(asked.filters.version or 0)
    if version not in running:
        raise Missing(version=version)
    return heat.listed(store, scope, running[version][0], after=asked.after, limit=limit)


def _heads(asked: Asked) -> list[str]:
    first = [_("编号"), _("事项"), _("所在地")]
    if asked.what == "standing":
        return [*first, _("环节"), _("到达时间"), _("截止")]
    if asked.what in analysis_lists.OF_STEPS:
        return [*first, _("环节"), _("待领取（工作日）"), _("办理（工作日）"), _("截止"), _("时限种类"), _("办出月份")]
    return [*first, _("用时（工作日）"), _("不计入（工作日）"), _("退回次数"), _("流程处置"), _("图外环节")]


def _cells(store: Session, asked: Asked, names: naming.Names) -> Callable[[Any], list[Any]]:
    """What is told of one row, in the order of the heads."""
    places = {place.code[:4]: pick(place.name, place.name_en) for place in regions.listed(store, "city")}

    def of(row: Any) -> list[Any]:
        first = [row.number, row.title, places.get(row.region[:4], "")]
        if asked.what == "standing":
            return [*first, names.step(row.element), dates.moment(row.opened_at), _day(row.due_on)]
        if asked.what in analysis_lists.OF_STEPS:
            kind = _(dates.KINDS[row.due_kind]) if row.due_kind else None
            return [*first, names.step(row.element), row.waited, row.worked, _day(row.due_on), kind, row.month]
        return [*first, row.days, row.left_out, row.returns, row.by_hand, row.unknown]

    return of


def _day(on: Any) -> str | None:
    return on.isoformat() if on else None
