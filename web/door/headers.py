"""What every answer says about itself: what its pages may load, how it is packed; and which host names are ours."""

import gzip
from collections.abc import Callable, Collection

import brotli  # type: ignore[import-untyped]
from flask import Flask, Response, g, request

from ground import ids
from ground.errors import Refused

WORTH_PACKING = 1_000
LONGEST_ADDRESS = 8_000
LONGEST_HEADER = 8_000
PACKABLE = ("text/", "application/json", "application/problem+json", "application/xml", "image/svg+xml")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SECURE = "max-age=31536000"


class UnknownHost(Refused):
    """The request names a host that is not ours, so no link made from it could be trusted."""

    code = "host.unknown"
    status = 400


class AddressTooLong(Refused):
    """No page of ours has an address of this length."""

    code = "http.414"
    status = 414


class HeaderTooLong(Refused):
    """No browser sends a header of this length to us."""

    code = "http.431"
    status = 431


def number_request() -> None:
    """Give the request the number that an error page, the log and the answer share."""
    g.request_id = ids.ref()


def length_check() -> None:
    """Refuse what no page of ours makes, before anything reads it."""
    if len(request.query_string) + len(request.path) > LONGEST_ADDRESS:
        raise AddressTooLong
    if any(len(value) > LONGEST_HEADER for __, value in request.headers):
        raise HeaderTooLong


def host_check(hosts: Collection[str]) -> Callable[[], None]:
    """Admit only requests that name one of our hosts."""

    def check() -> None:
        if request.environ.get("HTTP_HOST", "") not in hosts:
            raise UnknownHost

    return check


def seal(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer, whatever made it."""

    @app.after_request
    def say(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        for name, value in ALWAYS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers["X-Request-Id"] = g.get("request_id", "")
        if secure:
            answer.headers["Strict-Transport-Security"] = SECURE
        return _packed(answer)


def _packed(answer: Response) -> Response:
    """Pack pages of more than a kilobyte; bundles lie packed on disk, files and streams go as they are."""
    if (
        answer.is_streamed
        or answer.direct_passthrough
        or "Content-Encoding" in answer.headers
        or not (answer.mimetype or "").startswith(PACKABLE)
    ):
        return answer
    answer.vary.add("Accept-Encoding")
    body = answer.get_data()
    if len(body) <= WORTH_PACKING:
        return answer
    if request.accept_encodings["br"]:
        answer.set_data(brotli.compress(body, quality=4))
        answer.headers["Content-Encoding"] = "br"
    elif request.accept_encodings["gzip"]:
        answer.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
