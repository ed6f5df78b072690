"""Files going out: to keep, or, where our viewer shows the kind, to look at; either way sealed off from our pages."""

from typing import BinaryIO

from flask import Response, send_file

SEALED = "default-src 'none'; sandbox; frame-ancestors 'self'"
TO_KEEP = "application/octet-stream"


def file(
    body: BinaryIO, name: str, digest: str, media_type: str = TO_KEEP, *, shown: bool = False, kept: bool = True
) -> Response:
    """These bytes under this name, `digest` (SHA-256) as their ETag; `kept` False leaves none in the browser."""
    answer = send_file(body, mimetype=media_type, as_attachment=not shown, download_name=name, etag=digest)
    answer.headers["Content-Security-Policy"] = SEALED
    answer.headers["Cache-Control"] = "private, no-cache" if kept else "private, no-store"
    return answer
