"""A form counts only when it comes from a page of ours: the session's token in a hidden field, and what the browser
itself says of where the request began.
"""

import base64
import binascii
import hashlib
import secrets
from hmac import compare_digest
from urllib.parse import urlsplit

from flask import Request

from ground.errors import Refused

FIELD = "csrf"
HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD"})
BYTES = 32


class CrossSite(Refused):
    """The request did not begin on a page of ours."""

    code = "csrf.cross_site"
    status = 403


class WrongToken(Refused):
    """The form belongs to another session, or to one that has ended."""

    code = "csrf.token"
    status = 403


def token(cookie: str) -> str:
    """The hidden field's value: masked anew on each page, so compressed answers tell nothing about it."""
    mask = secrets.token_bytes(BYTES)
    return base64.urlsafe_b64encode(mask + _crossed(mask, _secret(cookie))).decode()


def check(request: Request, cookie: str) -> None:
    """Refuse what another site sent, then what does not carry this session's token."""
    if request.method in SAFE or request.routing_exception:
        return
    if not of_our_site(request):
        raise CrossSite
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not compare_digest(_unmasked(sent), _secret(cookie)):
        raise WrongToken


def of_our_site(request: Request) -> bool:
    """What the browser says; a browser too old to say so names the origin, a program neither."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _secret(cookie: str) -> bytes:
    """Only who holds the cookie can make it, and the cookie cannot be made from it."""
    return hashlib.sha256(b"csrf:" + cookie.encode()).digest()


def _unmasked(sent: str) -> bytes:
    try:
        both = base64.urlsafe_b64decode(sent.encode())
    except (binascii.Error, ValueError):
        return b""
    return _crossed(both[:BYTES], both[BYTES:]) if len(both) == 2 * BYTES else b""


def _crossed(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
