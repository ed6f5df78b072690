"""The figures of a period by city and by base, the series of one base with its corrections, and the templates."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases import register
from bases.filing import reported, series, template
from bases.filing.series import Where
from bases.filing.template import Drawn
from ground import clock, regions
from ground.database import Session, reading, transaction
from ground.errors import Missing
from ground.numerals import whole
from web.door import said, session
from web.door.language import pick
from web.reports.blueprint import desk
from web.words import reporting

LONGEST = 500


@desk.get("/statistics")
def figures() -> str:
    """The sums of a period: by city for the province, by base for a city and below."""
    me, now = session.actor(), clock.now()
    with reading() as store:
        known = template.names(store)
        chosen = request.args.get("template", "")
        code = chosen if chosen in known else next(iter(known), "")
        found = template.of(store, code, clock.today()) if code else None
        period = _period(found.period) if found else ""
        shown = reported.rolled_up(store, me, Where(code, period), now) if found else None
        cities = regions.named(store, {line.city for line in shown.lines}) if shown and shown.lines else {}
    tabs = [(url_for("reports.figures", template=one), pick(*name), one == code, None) for one, name in known.items()]
    return render_template(
        "reports/pages/statistics.html",
        tabs=tabs,
        found=found,
        period=period,
        earlier=template.before(period) if found else "",
        shown=shown,
        cities=cities,
        items=template.items(),
        say=series,
        may_draw=me.has("prov_officer"),
    )


@desk.get("/statistics/bases/<ref>")
def of_base(ref: str) -> str:
    """One base's figures over time; of each period every version with its reason, and the form of a correction."""
    me = session.actor()
    with reading() as store:
        base = _seen(store, ref)
        known = template.names(store)
        code = request.args.get("template", "")
        if code not in known:
            raise Missing(template=code)
        found = template.of(store, code, clock.today())
        over_time = series.trend(store, base.id, code)
        period = request.args.get("period") or next(reversed(over_time), "")
        versions = series.versions(store, Where(code, period), base.id) if period else []
    return render_template(
        "reports/pages/series.html",
        base=base,
        name=known[code],
        found=found,
        over_time=over_time,
        period=period,
        versions=versions,
        newest=over_time.get(period, {}),
        items=template.items(),
        say=series,
        stages=reporting.STAGES,
        may_correct=me.has("prov_officer"),
    )


@desk.post("/statistics/bases/<ref>/corrections")
def correct(ref: str) -> Answer:
    """更正: another version of an approved figure, with its reason."""
    me, given = session.actor(), request.form
    where = Where(given.get("template", "")[:60], given.get("period", "")[:10])
    with transaction() as store:
        base = _seen(store, ref)
        item, reason = given.get("item", ""), given.get("reason", "")[:LONGEST]
        series.correct(store, base.id, where, item, given.get("value", "")[:40], reason, me, clock.now())
    back = url_for("reports.of_base", ref=ref, template=where.template, period=where.period)
    answer: Answer = redirect(back, 303)
    said.tell(answer, "statistics.corrected")
    return answer


@desk.get("/statistics/templates")
def templates() -> str:
    """The templates as they hold today, and the form that draws up a new one or fixes a day by a notice."""
    with reading() as store:
        found = template.on_day(store, clock.today())
    return render_template(
        "reports/pages/templates.html", found=found, items=template.items(), periods=reporting.PERIODS
    )


@desk.post("/statistics/templates")
def draw() -> Answer:
    """A new template, which holds from today on."""
    given = request.form
    drawn = Drawn(
        name=given.get("name", "")[:60],
        name_en=given.get("name_en", "")[:120],
        period=given.get("period", ""),
        items=tuple(dict.fromkeys(given.getlist("items"))),
        due_day=_day(given.get("due_day", "")),
        notice=given.get("notice", "")[:60],
    )
    with transaction() as store:
        template.add(store, drawn, clock.today(), session.actor())
    return _told("template.drawn")


@desk.post("/statistics/templates/<code>/notice")
def fix(code: str) -> Answer:
    """A served notice fixes the day of a template from today on."""
    given = request.form
    day, notice = _day(given.get("due_day", "")) or 0, given.get("notice", "")[:60]
    with transaction() as store:
        template.fix(store, code, notice, day, clock.today(), session.actor())
    return _told("template.fixed")


def _told(code: str) -> Answer:
    answer: Answer = redirect(url_for("reports.templates"), 303)
    said.tell(answer, code)
    return answer


def _seen(store: Session, ref: str) -> Any:
    """A base that this person has to do with; Missing for all others."""
    found = next((row for row in register.bases_of(store, session.actor()) if row.ref == ref), None)
    if found is None:
        raise Missing(base=ref)
    return found


def _period(kind: str) -> str:
    """The period that is asked for, if it is one; else the one that ended last."""
    asked = request.args.get("period", "")
    return asked if template.is_period(asked, kind) else template.ended_before(kind, clock.today())[0]


def _day(text: str) -> int | None:
    return whole(text, len("28"))
