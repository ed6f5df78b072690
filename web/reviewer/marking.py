"""What a person notes for themselves: the day on which to look at a task again, and views of the queue under a name."""

from datetime import date
from urllib.parse import urlencode

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from ground import clock
from ground.database import transaction
from ground.types import clean
from tasks import followups, views
from web.door import said, session
from web.reviewer import listing
from web.reviewer.blueprint import desk


@desk.post("/tasks/<ref>/follow-up")
def follow(ref: str) -> Answer:
    """Look at this task again on that day; an empty one ends it."""
    on = _day(request.form.get("on", ""))
    with transaction() as store:
        followups.mark(store, ref, session.actor(), on, clock.today())
    answer: Answer = redirect(url_for("reviewer.task", ref=ref, back=request.form.get("back") or None), 303)
    said.tell(answer, "follow_up.set" if on else "follow_up.ended")
    return answer


@desk.post("/tasks/views")
def save_view() -> Answer:
    """Keep the filters of the list that this came from under a name."""
    back = listing.back_to(request.form.get("back"))
    query = urlencode(listing.query(listing.behind(back)))
    with transaction() as store:
        views.save(store, clean(request.form.get("name", "")), query, session.actor())
    return _told(back, "view.saved")


@desk.post("/tasks/views/removal")
def forget_view() -> Answer:
    """Keep it no longer."""
    with transaction() as store:
        views.forget(store, clean(request.form.get("name", "")), session.actor())
    return _told(listing.back_to(request.form.get("back")), "view.forgotten")


def _told(back: str, code: str) -> Answer:
    answer: Answer = redirect(back, 303)
    said.tell(answer, code)
    return answer


def _day(text: str) -> date | None:
    """A day as browsers send it; none for an empty field, and one that is no day lies long before today."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
