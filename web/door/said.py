"""One sentence carried over a redirect: a code and its parameters in a cookie of its own, shown once."""

from typing import Any

import orjson
from flask import Request
from werkzeug.wrappers import Response

from ground.types import clean

COOKIE = "jidi-said"
LONGEST = 1_000
SECONDS = 60


def tell(response: Response, code: str, **parameters: Any) -> None:
    """Have the next page say this, e.g. `tell(response, "task.completed", number="2026-认定-007")`."""
    said = orjson.dumps({"code": code, "with": parameters}).hex()
    response.set_cookie(COOKIE, said, max_age=SECONDS, httponly=True, samesite="Lax")


def heard(request: Request) -> tuple[str, dict[str, str]] | None:
    """What the page before wished to say; nothing if the cookie is not one of ours."""
    raw = request.cookies.get(COOKIE, "")[:LONGEST]
    try:
        said = orjson.loads(bytes.fromhex(raw)) if raw else None
    except ValueError:
        return None
    match said:
        case {"code": str(code), "with": dict(parameters)}:
            return code, {str(name): clean(str(value)) for name, value in parameters.items()}
    return None


def forget(response: Response) -> None:
    """It has been shown."""
    response.delete_cookie(COOKIE)
