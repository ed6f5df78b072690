"""待办: what waits for a person, narrowed by its address; claiming and giving back, one or many."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ground import clock
from ground.database import reading, transaction
from ground.errors import Refused
from tasks import bulk, cosigning, distribution, followups, lending, letters, queue, views
from web.door import said, session
from web.reviewer import listing, naming, sent_back
from web.reviewer.blueprint import desk

ROWS = 20
MOST_AT_ONCE = 100


@desk.get("/tasks")
def tasks() -> str:
    """待办: the most urgent first; the filters stand in the address."""
    me, filters, after = session.actor(), listing.asked(request.args), request.args.get("after")
    view = listing.FOLLOWED if request.args.get("view") == listing.FOLLOWED else ""
    with reading() as store:
        if view:
            page = followups.page(store, me, after=after, limit=ROWS)
        else:
            page = queue.page(store, me, filters, after=after, limit=ROWS)
        counts = queue.counts(store, me, ahead=True)
        asked = cosigning.asked_of(store, me.person or 0, MOST_AT_ONCE) if counts.asked else []
        lent = lending.lent_by(store, me.person or 0, MOST_AT_ONCE) if counts.lent else []
        return render_template(
            "reviewer/pages/queue.html",
            filters=filters,
            page=page,
            counts=counts,
            unread=letters.unread(store, me),
            choices=listing.choices(store, me),
            names=naming.of_rows(store, page.items),
            followed=bool(view),
            follow_on=followups.of(store, me, [item.ref for item in page.items]),
            saved=views.of(store, me),
            heads=bool(distribution.keys(me)),
            in_bulk=bulk.offers(store, page.items),
            returned=sent_back.of_rows(store, page.items, me),
            asked=asked,
            lent=lent,
            of_asides=naming.of_rows(store, [*asked, *lent]),
            here=listing.address(filters, after=after or "", view=view),
            first=listing.address(filters, view=view) if after else None,
            following=listing.address(filters, after=page.after, view=view) if page.after else None,
        )


@desk.get("/tasks/count")
def count() -> dict[str, int]:
    """How much is open now: the page asks once a minute and only offers to look again."""
    with reading() as store:
        found = queue.counts(store, session.actor())
    return {"open": found.free + found.mine, "mine": found.mine, "overdue": found.overdue}


@desk.post("/tasks/claims")
def claim_many() -> Answer:
    """Claim the selected tasks, or (`next`) the most urgent free one and open it."""
    back = listing.back_to(request.form.get("back"))
    me = session.actor()
    if "next" in request.form:
        with transaction() as store:
            ref = queue.claim_next(store, me, listing.behind(back), clock.now())
        return redirect(url_for("reviewer.task", ref=ref, back=back), 303)
    return _each(back, "claim")


@desk.post("/tasks/releases")
def release_many() -> Answer:
    """Give the selected tasks back to their queues."""
    return _each(listing.back_to(request.form.get("back")), "release")


def _each(back: str, act: str) -> Answer:
    """Each in a transaction of its own, so that one that is gone stops no other."""
    me, did = session.actor(), 0
    refused: list[Refused] = []
    wanted = request.form.getlist("task")[:MOST_AT_ONCE]
    for ref in wanted:
        try:
            with transaction() as store:
                (queue.claim if act == "claim" else queue.release)(store, ref, me, clock.now())
            did += 1
        except Refused as refusal:
            refused.append(refusal)
    answer: Answer = redirect(back, 303)
    said.tell(answer, f"queue.{act}.{'some' if refused else 'all'}", n=did, refused=len(refused))
    return answer
