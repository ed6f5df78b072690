"""The calendar: the days of a year, the yearly notice read and seen before it is saved, and the dates that moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.measures import rulers, workdays
from engine.cases import recounting, sight
from ground import clock, people
from ground.calendar import ONE_DAY, Calendar, KnownDay
from ground.database import Session, reading, transaction
from ground.errors import Forbidden, Refused
from web.door import said, session
from web.door.rights import Route
from web.measures import changes, names
from web.measures.blueprint import desk, note, typed

SHOWN = 200
LARGEST = 200_000


@dataclass(frozen=True)
class Moved:
    """One date in words: the case, the task, before and after, and why it stayed if it did."""

    number: str
    ref: str | None
    step: str
    before_on: date
    after_on: date
    kept: str


@dataclass(frozen=True)
class Festival:
    """The free days of one name as spans, how many they are, and the days that are worked for them."""

    name: str
    free: list[tuple[date, date]]
    number: int
    make_up: list[date]


@dataclass(frozen=True)
class Month:
    """The working days of one month."""

    month: int
    worked: list[date]


@desk.get("/rules/calendar")
def calendar() -> Answer:
    """A year's days, how sure they are, and what has been changed."""
    return _page("")


@desk.post("/rules/calendar/preview")
def preview() -> Answer:
    """What this notice would change; nothing is written."""
    return _page(_text(), looked_at=True)


@desk.post("/rules/calendar")
def take() -> Answer:
    """Write the year and have the open dates reckoned again."""
    text = _text()
    try:
        with transaction() as store:
            ref = workdays.take(store, text, by=session.actor(), now=clock.now())
            year = recounting.one(store, ref).year
    except Forbidden:
        raise
    except Refused as no:
        return _page(text, refusal=no)
    note("calendar.taken", str(year))
    answer: Answer = redirect(url_for("measures.recount", ref=ref), 303)
    said.tell(answer, "calendar.taken", year=year)
    return answer


@desk.get("/rules/calendar/changes/<ref>")
def recount(ref: str) -> str:
    """What one change of the calendar moved: case, task, before, after; and what stayed though it differs."""
    with reading() as store:
        found = recounting.one(store, ref)
        rows = recounting.results(store, found.id, SHOWN)
        seen = _seen(store, [row.case_id for row in rows])
        moved = [
            Moved(
                row.number,
                row.ref if row.case_id in seen else None,
                names.step(store, row.version_id, row.element),
                row.before_on,
                row.after_on,
                row.kept,
            )
            for row in rows
        ]
        return render_template(
            "measures/pages/recount.html",
            change=found,
            moved=moved,
            counts=recounting.counts(store, found.id),
            by=people.name_of(store, {found.by_person}).get(found.by_person),
            limit=SHOWN,
        )


def _text() -> str:
    """What was pasted, or the file that was handed in."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return sent.stream.read(LARGEST).decode("utf-8", "replace")
    return typed().get("notice", "")[:LARGEST]


def _page(text: str, *, looked_at: bool = False, refusal: Refused | None = None) -> Answer:
    today = clock.today()
    known = session.visit().calendar
    with reading() as store:
        seen = None
        if looked_at:
            try:
                seen = workdays.preview(store, text, today)
            except Refused as no:
                refusal = no
        year = seen.notice.year if seen else _year(known, today)
        page = render_template(
            "measures/pages/calendar.html",
            year=year,
            years=range(known.first.year, known.last.year + 1),
            months=_months(known, year),
            named=_festivals(one for one in known.days.values() if one.day.year == year),
            listed=_festivals(seen.notice.listed) if seen else [],
            provisional=_is_provisional(known, year),
            missing=workdays.missing(store, known, today),
            text=text,
            seen=seen,
            shifts=_shifts(store, seen) if seen else [],
            refusal=refusal,
            why=changes.WHY,
            recounts=recounting.every(store),
            limit=SHOWN,
        )
    return make_response(page, refusal.status if refusal else 200)


def _year(known: Calendar, today: date) -> int:
    text = request.args.get("year", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == len("2026") else today.year
    return min(max(asked, known.first.year), known.last.year)


def _months(known: Calendar, year: int) -> list[Month]:
    worked = [one.day for one in known.days.values() if one.day.year == year and one.is_workday]
    return [Month(month, [day for day in worked if day.month == month]) for month in range(1, 13)]


def _festivals(days: Iterable[KnownDay]) -> list[Festival]:
    """By name, in the order of the year; two festivals that share their days stand together."""
    named: dict[str, list[KnownDay]] = {}
    for one in days:
        if one.name:
            named.setdefault(one.name, []).append(one)
    return [
        Festival(
            name,
            _spans([one.day for one in listed if not one.is_workday]),
            sum(not one.is_workday for one in listed),
            [one.day for one in listed if one.is_workday],
        )
        for name, listed in named.items()
    ]


def _spans(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days that follow one another, as first and last."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == ONE_DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _is_provisional(known: Calendar, year: int) -> bool:
    first = known.days.get(date(year, 1, 1))
    return first is not None and first.source != "official"


def _shifts(store: Session, seen: workdays.Preview) -> list[Moved]:
    ordered = sorted(seen.shifts, key=lambda one: (one.kept, one.before_on, one.case_id))[:SHOWN]
    cases = sight.numbers(store, [one.case_id for one in ordered])
    mine = _seen(store, list(cases))
    return [
        Moved(
            cases[one.case_id].number,
            cases[one.case_id].ref if one.case_id in mine else None,
            names.step(store, cases[one.case_id].version_id, one.element),
            one.before_on,
            one.after_on,
            one.kept,
        )
        for one in ordered
    ]


def _seen(store: Session, case_ids: list[int]) -> set[int]:
    """Of these cases, those that the reader may open: only they are links."""
    return sight.among(store, case_ids, session.actor())


ROUTES = (
    Route("measures.calendar", "GET", rulers.RULERS),
    Route("measures.preview", "POST", rulers.RULERS),
    Route("measures.take", "POST", rulers.RULERS),
    Route("measures.recount", "GET", rulers.RULERS),
)
