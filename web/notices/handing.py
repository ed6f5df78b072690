"""Who handles an objection: the head of the division gives it to another officer, and a clue to whoever reads it."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases import register
from bases.verdicts import handling, objection, reassigning
from ground import clock, people, security
from ground.database import reading
from web.door import said, session
from web.notices.blueprint import desk

LONGEST = reassigning.LONGEST


@desk.get("/office/objections/<ref>/handler")
def handler(ref: str) -> str:
    """Who handles it, and who may; nothing of who objected."""
    with reading() as store:
        found = objection.by_ref(store, ref)
        base = register.by_id(store, found.base_id)
        now = people.name_of(store, [found.handler_id]) if found.handler_id else {}
        others = [each for each in handling.eligible(store, found.base_id, clock.today()) if each.id not in now]
    return render_template(
        "notices/pages/handler.html",
        objection=found,
        base=base,
        handler=now.get(found.handler_id),
        others=others if reassigning.may_be(found) else [],
        longest=LONGEST,
    )


@desk.post("/office/objections/<ref>/handler")
def hand_over(ref: str) -> Answer:
    """Give it to the officer who was chosen; the security log keeps who did it."""
    me = session.actor()
    name, reason = request.form.get("handler", "")[:60], request.form.get("reason", "")[:LONGEST]
    reassigning.reassign(ref, name, by=me, reason=reason, now=clock.now())
    security.note(
        "objection.reassigned", person_id=me.person, ip=request.remote_addr or "", object=f"{request.method} {ref}"
    )
    answer: Answer = redirect(url_for("notices.listed"), 303)
    said.tell(answer, "objection.reassigned", name=name)
    return answer
