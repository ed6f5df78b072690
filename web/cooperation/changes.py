"""Changes of bases: what each was called and how large it was on any day, and the button that begins a change."""

from datetime import date

from flask import render_template, request
from sqlalchemy import Row as Record
from werkzeug.wrappers import Response as Answer

from bases import register
from bases.cooperation import base_change, own_base
from ground import clock, ids
from ground.database import Session, reading
from ground.errors import Missing
from ground.people import Actor
from web.cooperation import names
from web.cooperation.blueprint import KEY_LENGTH, REF_LENGTH, desk
from web.door import begun, session


@desk.get("/changes")
def changes() -> str:
    """The bases that one has to do with, each leading to its values."""
    me = session.actor()
    with reading() as store:
        return render_template(
            "cooperation/pages/changes.html",
            bases=[one for one in register.bases_of(store, me) if one.status != "draft"],
            my_bases={one.id for one in own_base.of(store, me)},
            key=ids.ref(),
        )


@desk.post("/changes")
def begin_change() -> Answer:
    """Begin one, and open its form at once, claimed."""
    me = session.actor()
    key = request.form.get("_key", "")[:KEY_LENGTH]
    started = base_change.begin(request.form.get("base", "")[:REF_LENGTH], by=me, key=key, received_at=clock.now())
    return begun.opened(started)


@desk.get("/changes/<ref>")
def values(ref: str) -> str:
    """N-9: every value on a day, today unless another is asked for, and each recorded before and after."""
    on = _day(request.args.get("on", ""))
    with reading() as store:
        found = _mine(store, ref, session.actor())
        return render_template(
            "cooperation/pages/values.html",
            base=found,
            on=on,
            values=base_change.values_at(store, found, on),
            lines=base_change.lines_of(store, found.id),
            say=names,
        )


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return clock.today()


def _mine(store: Session, ref: str, me: Actor) -> Record[object]:
    found = next((one for one in register.bases_of(store, me) if one.ref == ref), None)
    if found is None:
        raise Missing(base=ref)
    return found
