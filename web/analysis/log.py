"""The event log as a file that tools outside open: CSV and XES, sent as it is written and never whole in memory."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

from flask import Response, stream_with_context

from bases.filing import ledger_file
from bases.filing.ledger_file import Cell
from ground import clock
from ground.database import reading
from ground.errors import Missing
from ground.files import names
from tasks import analysis_scope, event_log
from tasks.event_log import Trace
from web.analysis import asked as addresses
from web.analysis.blueprint import desk
from web.door import session
from web.door.language import _
from web.words import told

MEDIA = {"csv": "text/csv; charset=utf-8", "xes": "application/xml; charset=utf-8"}
HEADS = (
    "case",
    "title",
    "process",
    "version",
    "city",
    "outcome",
    "activity",
    "transition",
    "timestamp",
    "resource",
    "group",
    "element",
    "kind",
)


@desk.get("/analysis/log.<kind>")
def log(kind: str) -> Response:
    """What happened in the cases of one process, by right."""
    if kind not in MEDIA:
        raise Missing(kind=kind)
    me = session.actor()
    with reading() as store:
        asked = addresses.read(analysis_scope.processes(store, me))
    found = event_log.traces(me, asked.filters, _say())
    name = names.clean(f"{_('事件日志')} {asked.filters.process}（{clock.today().isoformat()}）.{kind}")
    body = event_log.xes(found, asked.filters.process) if kind == "xes" else _csv(found)
    answer = Response(stream_with_context(body), content_type=MEDIA[kind])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _say() -> Callable[[str], str]:
    """What a kind of line is called where it names no step: its sentence without the facts."""

    def say(kind: str) -> str:
        known = told.of(kind)
        return _(known.text).partition("%(")[0].strip("“”：:，, ") or kind if known else kind

    return say


def _csv(found: Iterator[Trace]) -> Iterator[bytes]:
    """A handful of lines at a time; what a spreadsheet would take for a formula stands behind an apostrophe."""
    yield ledger_file.comma_separated(HEADS, [])
    for trace in found:
        rows: list[list[Cell]] = [
            [
                trace.number,
                trace.title,
                trace.process,
                trace.version,
                trace.city,
                trace.outcome,
                event.name,
                event.transition,
                event_log.stamped(event.at),
                event.resource,
                event.group,
                event.element,
                event.kind,
            ]
            for event in trace.events
        ]
        yield ledger_file.comma_separated([str(cell) for cell in rows[0]], rows[1:]).removeprefix(
            ledger_file.BOM.encode()
        )
