"""本处室待办: what is free or in each colleague's hands, and giving it out with a reason; for the head of the unit."""

from collections.abc import Sequence
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.holding import Taken
from ground import clock, people
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from ground.people import Name
from tasks import distribution
from web.door import said, session
from web.door.language import pick
from web.reviewer import naming
from web.reviewer.blueprint import desk
from web.words import codes

ROWS = 50
MOST_AT_ONCE = 100
NOTHING = 422


@desk.get("/tasks/unit")
def unit() -> str:
    """What is free in the unit's queues, or in one colleague's hands."""
    return _page()


@desk.post("/tasks/unit/distributions")
def distribute() -> Answer:
    """Give the ticked tasks to a colleague, each by itself; what was refused is told task by task."""
    me, now = session.actor(), clock.now()
    to, reason = request.form.get("to", "")[:12], request.form.get("reason", "")
    with reading() as store:
        seen = _chosen(distribution.holders(store, me, now), request.form.get("holder", ""))
    refused: list[tuple[str, Refused]] = []
    wanted = list(dict.fromkeys(request.form.getlist("task")))[:MOST_AT_ONCE]
    for ref in wanted:
        try:
            with transaction() as store:
                distribution.give(store, ref, to, seen.id if seen else None, reason, me, now)
        except Refused as no:
            refused.append((ref, no))
    if refused or not wanted:
        status = 200 if len(refused) < len(wanted) else refused[0][1].status if refused else NOTHING
        return make_response(_page(refused, len(wanted) - len(refused), to, reason), status)
    answer: Answer = redirect(url_for("reviewer.unit", holder=request.form.get("holder") or None), 303)
    said.tell(answer, "distribution.all", n=len(wanted))
    return answer


def _page(refused: Sequence[tuple[str, Refused]] = (), did: int = 0, to: str = "", reason: str = "") -> str:
    me, now = session.actor(), clock.now()
    with reading() as store:
        free, loads = distribution.load(store, me, now)
        holder = _chosen([one.who for one in loads], request.values.get("holder", ""))
        page = distribution.page(store, me, holder.id if holder else None, after=request.args.get("after"), limit=ROWS)
        ref = holder.ref if holder else None
        return render_template(
            "reviewer/pages/unit.html",
            free=free,
            loads=loads,
            counted=distribution.COUNTED,
            holder=holder,
            page=page,
            names=naming.of_rows(store, page.items),
            refused=[(_number(page.items, each), _why(store, no)) for each, no in refused],
            did=did,
            nothing=request.method == "POST" and not did and not refused,
            to=to,
            reason=reason,
            following=url_for("reviewer.unit", holder=ref, after=page.after) if page.after else None,
            first=url_for("reviewer.unit", holder=ref) if request.args.get("after") else None,
        )


def _chosen(known: Sequence[Name], ref: str) -> Name | None:
    """Whose tasks are shown: nobody's for the free ones; Missing for whoever holds none of the unit's keys."""
    if not ref:
        return None
    found = next((one for one in known if one.ref == ref), None)
    if found is None:
        raise Missing(person=ref)
    return found


def _number(items: Sequence[Any], ref: str) -> str:
    return next((str(row.number) for row in items if row.ref == ref), ref)


def _why(store: Session, no: Refused) -> str:
    """In words; whoever took it meanwhile is named."""
    if isinstance(no, Taken) and no.detail.get("held_by"):
        who = people.name_of(store, [no.detail["held_by"]])[no.detail["held_by"]]
        return codes.sentence("distribution.taken", {"name": pick(who.name, who.name_en)})
    if no.code == "task.separate":
        return codes.sentence("distribution.separate")
    return codes.sentence(no.code, no.detail)
