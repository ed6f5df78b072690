"""Every refusal becomes a page in words that keeps what was typed, or problem+json for programs; never a trace."""

import logging
from collections.abc import Sequence

import orjson
from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from ground import security
from ground.errors import Refused
from web.door import csrf
from web.words import codes

log = logging.getLogger("jidi.web")

PROBLEM = "application/problem+json"
WATCHED = frozenset({401, 403})
RETRY_SECONDS = "2"
UNAVAILABLE = 503
TOO_LARGE = 413
BARE = "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>500</title><p>系统出错 / Error · {}"
NOT_KEPT = frozenset({csrf.FIELD, "password"})


def catch(app: Flask) -> None:
    """Answer refusals, what Flask itself refuses, and everything that nobody foresaw."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, turned_away)
    app.register_error_handler(Exception, unforeseen)


def refused(refusal: Refused) -> Response:
    """The house said no, by name."""
    watch(refusal)
    return answer(refusal.status, refusal.code, codes.sentence(refusal.code, refusal.detail))


def turned_away(error: HTTPException) -> Response:
    """Flask said no: no such page, wrong method, too large. Its redirects pass."""
    status = error.code or 500
    if error.response is not None or status < 400:  # noqa: PLR2004
        return make_response(error.get_response())
    code = f"http.{status}" if codes.known(f"http.{status}") else "http.400"
    made = answer(status, code, codes.sentence(code))
    made.headers.extend([(name, value) for name, value in error.get_headers() if name == "Allow"])
    return made


def unforeseen(error: Exception) -> Response:
    """The last handler: the log has the trace, the person has a number to name."""
    log.error("request %s failed", g.get("request_id", "?"), exc_info=error)
    try:
        return answer(500, "http.500", codes.sentence("http.500"))
    except Exception:  # what broke the page may break the page that says so
        log.exception("request %s failed twice", g.get("request_id", "?"))
        return make_response((BARE.format(g.get("request_id", "")), 500))


def answer(status: int, code: str, sentence: str) -> Response:
    """The same refusal for a person or for a program."""
    if wants_json():
        made = make_response(
            orjson.dumps({"status": status, "title": sentence, "code": code, "request_id": g.get("request_id", "")}),
            status,
        )
        made.content_type = PROBLEM
    else:
        typed = () if status == TOO_LARGE else kept()  # what was too large cannot be read a second time either
        page = render_template(
            "pages/refusal.html", status=status, code=code, sentence=sentence, kept=typed, path=request.full_path
        )
        made = make_response(page, status)
    if status == UNAVAILABLE:
        made.headers["Retry-After"] = RETRY_SECONDS
    return made


def wants_json() -> bool:
    """Programs say that they want JSON, browsers that they want a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", PROBLEM], default="text/html")
    return best != "text/html"


def kept() -> Sequence[tuple[str, str]]:
    """What was typed, to be sent again; not a password, and nothing that another site filled in."""
    if request.method in csrf.SAFE or not csrf.of_our_site(request):
        return ()
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]


def watch(refusal: Refused) -> None:
    """Who was refused what stands in the security log; input errors do not."""
    if refusal.status not in WATCHED and not refusal.detail.get("rights"):
        return
    who = g.visit.actor if "visit" in g else None
    security.note(
        "security.refused",
        person_id=who.person if who else None,
        ip=request.remote_addr or "",
        object=f"{request.method} {request.path}",
        reason=refusal.code,
    )
