"""What a move by hand would change, found by doing it: the very move, on the real engine, and all of it rolled back.

What comes out are codes and numbers that can be kept and shown later: the elements before and after, tasks closed and
opened with whom and until when, what is typed there and would be lost, the dates, and what would run and be sent.
"""

from collections.abc import Callable
from typing import Any

import orjson
from sqlalchemy import Row as Record, func, select

from engine.cases.hand import standing, within
from engine.cases.moving import Rehearsed
from engine.cases.under_way import Moving
from engine.submissions import Draft
from engine.waits import Timer, Wait
from ground.people import Actor

# What a line of the history would say that is more than the going on of a token.
TOLD = {"step.ran": "step", "message.told": "name", "letter.written": "template", "table.decided": "table"}


def foreseen(case_ref: str, deed: Callable[[Moving], None], by: Actor, *, asleep: bool = False) -> dict[str, Any]:
    """What this deed would do to the case as it stands: its `rev` and `seq`, and what is told above.

    Whatever would refuse the deed refuses here. Nothing is kept, nobody is told, no incident is written.
    """
    seen: dict[str, Any] = {}

    def watch(move: Moving) -> None:
        move.session.flush()
        seen["after"] = [] if move.instance.is_completed else standing(move)
        seen["outcome"] = move.instance.outcome if move.instance.is_completed else None
        seen["runs"] = _runs(move)
        tasks = _tasks(move)
        seen["opened"] = [_told(row) for ref, row in tasks.items() if ref not in rows]
        seen["closed"] = [_told(row, typed=drafts.get(ref, 0)) for ref, row in rows.items() if ref not in tasks]
        left = {row.id for row in _dated(move)}
        seen["timers_off"] = [_timer(row) for row in timers if row.id not in left]
        known = {row.id for row in timers}
        seen["timers_on"] = [_timer(row) for row in _dated(move) if row.id not in known]

    try:
        with within(case_ref, by, None, None, asleep=asleep, watch=watch) as move:
            seen |= {"rev": move.rev, "seq": move.seq, "before": standing(move)}
            rows, timers = _tasks(move), _dated(move)
            drafts = _drafts(move)
            deed(move)
    except Rehearsed:
        pass
    plain: dict[str, Any] = orjson.loads(orjson.dumps(seen))
    return plain


def _tasks(move: Moving) -> dict[str, Record[Any]]:
    rows = move.session.execute(select(Wait).where(Wait.case_id == move.case.id).order_by(Wait.id))
    return {row.ref: row for row in rows}


def _dated(move: Moving) -> list[Record[Any]]:
    return list(move.session.execute(select(Timer).where(Timer.case_id == move.case.id).order_by(Timer.id)))


def _drafts(move: Moving) -> dict[str, int]:
    """How many persons have typed something into each open task and not sent it."""
    rows = move.session.execute(
        select(Draft.wait_ref, func.count().label("n")).where(Draft.case_id == move.case.id).group_by(Draft.wait_ref)
    )
    return {row.wait_ref: row.n for row in rows}


def _told(row: Record[Any], typed: int = 0) -> dict[str, Any]:
    return {
        "element": row.element,
        "queue": row.queue,
        "held_by": row.held_by,
        "due_on": row.due_on,
        "due_kind": row.due_kind,
        "clause": row.clause,
        "typed": typed,
    }


def _timer(row: Record[Any]) -> dict[str, Any]:
    return {"element": row.element, "due_on": row.due_on, "due_at": row.due_at}


def _runs(move: Moving) -> list[dict[str, Any]]:
    """What would run of itself and what would be sent, in order: the kind of line, its element, and its name."""
    return [
        {"kind": fact.kind, "element": fact.element, "name": str(fact.detail.get(TOLD[fact.kind], ""))}
        for fact in move.written
        if fact.kind in TOLD
    ]
