"""停滞办件 for whoever supervises or answers for others: tiles that open their lists, filters, reasons."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.cooperation import supervision
from bases.filing import ledger_file
from ground import clock, ids
from ground.database import Session, reading, transaction
from ground.errors import Missing
from ground.files import names as file_names
from tasks import asleep, board_views, reasons, stuck, stuck_filters, stuck_rule
from tasks.stuck_filters import Filters
from web.board import columns, holds, searching, tiles, trend
from web.board.why import LEVELS, Told, told
from web.door import outgoing, session
from web.door.language import _
from web.door.rights import Desk, Place, Route
from web.reviewer import awaited, naming
from web.words import dates
from web.words.catalogue import N_

READERS = frozenset(
    {
        "supervisor",
        "prov_division_head",
        "prov_leader",
        "process_owner",
        "auditor",
        "city_section_head",
        "city_leader",
    }
)
ROWS, MOST, LONGEST = 20, 2_000, 120
BOARD = "stuck"
KINDS = frozenset({"xlsx", "csv"})
ORDERINGS = {"": N_("停滞最久的在前"), stuck_filters.DUE: N_("先到期的在前"), stuck_filters.NUMBER: N_("按编号")}
desk = Blueprint("board", __name__)


@desk.get("/stuck")
def listed() -> str:
    """The stuck cases, each with its reasons and what helps; while one searches, no tiles."""
    me, filters, after = session.actor(), _filters(), request.args.get("after")
    with reading() as store:
        rule = stuck_rule.at(store, clock.now())
        page, count = (
            (stuck.page(store, me, filters, rule, after=after, limit=ROWS), stuck.count(store, me, rule, filters))
            if after
            else stuck.opened(store, me, filters, rule, limit=ROWS)
        )
        names, shown = naming.of_rows(store, page.items), columns.chosen(filters.columns)
        kept = _kept(filters)
        return render_template(
            "board/pages/listed.html",
            rule=rule,
            rows=page.items,
            names=names,
            why_stuck=_reasons(store, page.items, names, rule),
            orders=supervision.open_about(store, [row.case_id for row in page.items]),
            levels=LEVELS,
            key=ids.ref(),
            days={row.case_id: rule.working_days(row.moved_at) for row in page.items},
            count=count,
            counted=stuck.COUNTED,
            tiles=tiles.shown(store, me, rule) if not (filters.q or filters.value) else None,
            choices=tiles.choices(store, filters),
            searching=searching.offered(store, me, filters),
            shown=[(code, _(columns.NAMES[code])) for code in shown],
            columns=columns.choices(shown),
            held=columns.hands_of(store, page.items, me, shown),
            orderings=[(code, _(words)) for code, words in ORDERINGS.items()],
            filters=filters,
            trend=trend.of(store, me) if not (kept or after) else None,
            narrowed=bool(kept.keys() - {"columns", "order"}),
            kept=kept,
            saved=board_views.of(store, me, BOARD),
            first=url_for("board.listed", **kept) if after else None,
            following=url_for("board.listed", **kept, after=page.after) if page.after else None,
        )


@desk.get("/stuck/list.<kind>")
def taken_out(kind: str) -> Response:
    """The list as it is filtered and ordered, as a workbook or as CSV, with its reasons; at most MOST of it."""
    if kind not in KINDS:
        raise Missing(kind=kind)
    me, filters = session.actor(), _filters()
    with reading() as store:
        rule = stuck_rule.at(store, clock.now())
        rows = stuck.page(store, me, filters, rule, limit=MOST).items
        names = naming.of_rows(store, rows)
        why_stuck = _reasons(store, rows, names, rule)
        shown = columns.chosen(filters.columns, columns.IN_FILE)
        held = columns.hands_of(store, rows, me, shown)
    heads = columns.heads(shown)
    cells = [columns.cells(shown, row, names, why_stuck[row.case_id], rule, held) for row in rows]
    title = _("停滞办件")
    body = ledger_file.xlsx(title, heads, cells) if kind == "xlsx" else ledger_file.comma_separated(heads, cells)
    name = file_names.clean(f"{title}（{clock.today().isoformat()}）.{kind}")
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), kept=False)


@desk.post("/stuck/views")
def keep_view() -> Answer:
    """Keep the filters of the address under a name, for oneself or for all of one's role or unit."""
    said, me = request.form, session.actor()
    with transaction() as store:
        kept: Mapping[str, Any] = board_views.keep(
            store,
            me,
            board=BOARD,
            name=said.get("name", ""),
            query={name: said.get(name, "") for name in Filters.__dataclass_fields__},
            share=said.get("share", ""),
            now=clock.now(),
        )
    return redirect(url_for("board.listed", **kept), 303)


@desk.post("/stuck/views/<ref>/removal")
def drop_view(ref: str) -> Answer:
    """Whoever kept it lets it go."""
    with transaction() as store:
        board_views.drop(store, session.actor(), ref)
    return redirect(url_for("board.listed"), 303)


@desk.get("/stuck/waiting")
def waiting() -> str:
    """正常等待: what waits for a day or for another case, with that day; nothing here is late."""
    me, after = session.actor(), request.args.get("after")
    with reading() as store:
        found, more = asleep.page(store, me, after=after, limit=ROWS)
        rows = [each.case for each in found]
        return render_template(
            "board/pages/waiting.html",
            entries=found,
            others=awaited.of(store, rows, me),
            last_day=_last_day,
            names=naming.of_rows(store, rows),
            count=asleep.count(store, me),
            counted=stuck.COUNTED,
            first=url_for("board.waiting") if after else None,
            following=url_for("board.waiting", after=more) if more else None,
        )


def _last_day(end: datetime) -> date | None:
    """The last day of a period that runs to the end of a day; none where it ends within one."""
    last = clock.local_day(end - clock.DAY)
    return last if clock.start_of(clock.local_day(end)) == end else None


def _filters() -> Filters:
    said = {name: request.args.get(name, "").strip()[:LONGEST] for name in Filters.__dataclass_fields__}
    return searching.within(Filters(**said))


def _kept(filters: Filters) -> dict[str, Any]:
    return {name: value for name, value in asdict(filters).items() if value}


def _reasons(
    store: Session, rows: Sequence[Any], names: naming.Names, rule: stuck_rule.Rule
) -> Mapping[int, list[Told]]:
    found, more = reasons.of(store, rows, session.actor(), rule), holds.of(store, rows, session.actor())
    every = {row.case_id: [*found.get(row.case_id, ()), *more.get(row.case_id, ())] for row in rows}
    queues = {str(each.facts["queue"]) for all_ in every.values() for each in all_ if "queue" in each.facts}
    offices = naming.queues(store, sorted(queues))
    folders = {row.case_id: names.folders[row.release_id] for row in rows}
    return {
        case: [told(each, naming.step(folders[case], each.element), offices, _day) for each in all_]
        for case, all_ in every.items()
    }


def _day(text: str) -> str:
    return dates.day(date.fromisoformat(text), weekday=False)


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("board.listed", "GET", READERS),
        Route("board.waiting", "GET", READERS),
        Route("board.taken_out", "GET", READERS),
        Route("board.keep_view", "POST", READERS),
        Route("board.drop_view", "POST", READERS),
    ),
    codes={
        board_views.NoName.code: N_("请填写视图名称。"),
        board_views.TooMany.code: N_("每人最多保存50个视图，请先删除不用的。"),
    },
    places=(Place("board.listed", N_("停滞办件"), 38),),
)
