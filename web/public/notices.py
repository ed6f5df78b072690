"""The notices as everybody may read them: what runs, one as printed, and the bytes that its digest is of."""

from flask import Response, make_response, render_template, request

from bases.verdicts import notice
from ground import clock
from ground.database import reading
from web.public.blueprint import desk

MOST_ENDED = 20


@desk.get("/notices")
def notices() -> str:
    """The notices that run today, with the end that was printed, and those that are over."""
    with reading() as store:
        running, over = notice.running(store, clock.today()), notice.ended(store, MOST_ENDED)
        listed = notice.bases_of(store, [one.id for one in (*running, *over)])
    return render_template("public/pages/notices.html", running=running, over=over, listed=listed)


@desk.get("/notices/<ref>")
def one_notice(ref: str) -> str:
    """One notice in the words in which it was published; `?print` shows the paper by itself."""
    with reading() as store:
        found = notice.by_ref(store, ref)
        listed = notice.bases_of(store, [found.id])[found.id]
    page = "notice_print.html" if "print" in request.args else "notice.html"
    running = found.state == notice.RUNNING and clock.today() <= found.closes_on
    return render_template(f"public/pages/{page}", notice=found, listed=listed, running=running)


@desk.get("/notices/<ref>/snapshot.json")
def snapshot(ref: str) -> Response:
    """The bytes whose SHA-256 the page prints, for whoever wants to check it."""
    with reading() as store:
        found = notice.by_ref(store, ref)
    answer = make_response(notice.canonical(found.body))
    answer.content_type = "application/json"
    return answer
