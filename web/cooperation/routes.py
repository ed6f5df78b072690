"""Lists of difficulties and of joint meetings with their resolutions; a filler and a secretary begin one each."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.cooperation import issue, meeting, own_base
from bases.register import base
from ground import clock, ids
from ground.database import reading
from web.cooperation import changes, names
from web.cooperation.blueprint import KEY_LENGTH, REF_LENGTH, desk
from web.cooperation.told import TOLD
from web.door import begun, session
from web.door.rights import Desk, Place, Route
from web.words.catalogue import N_

FILLERS = frozenset({own_base.FILLER})
SECRETARIES = frozenset({meeting.SECRETARY})
# Imported, it has hung its routes on the desk.
HANGING = (changes,)
READERS = base.EVERYWHERE | base.IN_THE_CITY | FILLERS | {"base_authority"}


@desk.get("/issues")
def issues() -> str:
    """What is open first; with `base`, the file of one base with every answer."""
    me = session.actor()
    of_base = request.args.get("base", "")[:REF_LENGTH]
    with reading() as store:
        return render_template(
            "cooperation/pages/issues.html",
            found=issue.listed(store, me, of_base),
            my_bases=own_base.of(store, me),
            of_base=of_base,
            say=names,
            key=ids.ref(),
        )


@desk.post("/issues")
def begin_issue() -> Answer:
    """Begin one, and open its form at once, claimed: whoever begins means to fill it in."""
    me = session.actor()
    key = request.form.get("_key", "")[:KEY_LENGTH]
    started = issue.begin(request.form.get("base", "")[:REF_LENGTH], by=me, key=key, received_at=clock.now())
    return begun.opened(started)


@desk.get("/meetings")
def meetings() -> str:
    """S-1.2: the pool, every meeting, every resolution with its owner and its day."""
    with reading() as store:
        return render_template(
            "cooperation/pages/meetings.html",
            pool=issue.waiting_for_meeting(store),
            meetings=meeting.every(store),
            actions=meeting.actions(store),
            may_begin=session.actor().has(meeting.SECRETARY),
            say=names,
            key=ids.ref(),
        )


@desk.post("/meetings")
def begin_meeting() -> Answer:
    """Begin one; its first task is the agenda."""
    key = request.form.get("_key", "")[:KEY_LENGTH]
    started = meeting.begin(by=session.actor(), key=key, received_at=clock.now())
    return redirect(url_for("reviewer.case", ref=started.ref), 303)


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("cooperation.issues", "GET", READERS),
        Route("cooperation.begin_issue", "POST", FILLERS),
        Route("cooperation.meetings", "GET", base.EVERYWHERE),
        Route("cooperation.begin_meeting", "POST", SECRETARIES),
        Route("cooperation.changes", "GET", READERS),
        Route("cooperation.begin_change", "POST", FILLERS),
        Route("cooperation.values", "GET", READERS),
    ),
    places=(
        Place("cooperation.issues", N_("企业困难"), 66),
        Place("cooperation.meetings", N_("联席会议"), 67),
        Place("cooperation.changes", N_("变更备案"), 68),
    ),
    told=TOLD,
)
