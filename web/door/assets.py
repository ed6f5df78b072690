"""The bundles under their hashed names: kept by browsers for ever, sent compressed, and none without the manifest."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
from flask import Blueprint, Flask, Response, request, url_for

from ground.errors import Missing
from web.door.rights import PUBLIC, Desk, Route

FOLDER = Path(__file__).resolve().parents[1] / "assets"
FOREVER = "public, max-age=31536000, immutable"
PACKED = (("br", ".br"), ("gzip", ".gz"))
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}


class NotBuilt(Exception):  # noqa: N818  said at start, to whoever starts the server
    """The bundles are missing; the sentence names the command that makes them."""


@dataclass(frozen=True)
class Bundles:
    """Logical name → hashed file name, as the build wrote it down."""

    folder: Path
    names: dict[str, str]

    def address(self, name: str) -> str:
        """Where a browser finds this bundle."""
        return url_for("assets.bundle", name=self.names[name])


def load(folder: Path = FOLDER) -> Bundles:
    """Read the manifest; without it there is no application."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        message = "The pages have no bundles yet: run `make build` (or `python run.py build`) and start again."
        raise NotBuilt(message)
    entries = orjson.loads(manifest.read_bytes())
    return Bundles(folder, {name: entry["file"] for name, entry in entries.items()})


def desk(bundles: Bundles) -> Desk:
    """The one route that serves them."""
    blueprint = Blueprint("assets", __name__)
    served = set(bundles.names.values())

    @blueprint.get("/assets/<path:name>")
    def bundle(name: str) -> Response:
        if name not in served:
            raise Missing
        return _sent(bundles.folder / name)

    return Desk(blueprint, (Route("assets.bundle", "GET", PUBLIC),))


def is_asset() -> bool:
    """Whether this request asks for a bundle: nobody needs to be known for it."""
    return request.endpoint == "assets.bundle"


def place(app: Flask, bundles: Bundles) -> None:
    """Let templates name bundles: `asset("theme.css")`."""
    app.jinja_env.globals["asset"] = bundles.address
    app.jinja_env.globals["has_asset"] = bundles.names.__contains__


def _sent(path: Path) -> Response:
    coding, packed = next(
        ((coding, packed) for coding, packed in _packed(path) if request.accept_encodings[coding]), ("", path)
    )
    answer = Response(packed.read_bytes(), content_type=TYPES.get(path.suffix, "application/octet-stream"))
    answer.headers["Cache-Control"] = FOREVER
    answer.headers["Vary"] = "Accept-Encoding"
    if coding:
        answer.headers["Content-Encoding"] = coding
    answer.set_etag(packed.name)
    answer.make_conditional(request)
    return answer


def _packed(path: Path) -> Iterator[tuple[str, Path]]:
    for coding, suffix in PACKED:
        packed = path.with_name(path.name + suffix)
        if packed.is_file():
            yield coding, packed
