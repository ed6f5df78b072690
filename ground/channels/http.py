"""A request to somebody else's server that cannot hold us up: seconds to answer in, a small answer, no redirect."""

from collections.abc import Mapping
from typing import Any

import orjson
import urllib3

from ground.channels.message import Undelivered

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
# A receipt is a line or two; each piece may take its seconds, so they are counted.
PIECE = 4 << 10
MOST_PIECES = 16
# The sender's fault and not the line's: the same request would be refused again.
LASTING = (400, 404, 410, 422)
SUCCESS = range(200, 300)

_pool = urllib3.PoolManager(
    num_pools=4,
    maxsize=2,
    retries=False,
    timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
)


def post(channel: str, url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> bytes:
    """Send JSON and give the answer's body; Undelivered for anything but a success."""
    sent = {"Content-Type": "application/json", **headers}
    try:
        answer = _pool.request(
            "POST", url, body=orjson.dumps(body), headers=sent, redirect=False, preload_content=False
        )
        try:
            content = _read(answer)
        finally:
            answer.close()
    except urllib3.exceptions.HTTPError as failure:
        # Its class alone: the words of the failure would name the address with its key.
        raise Undelivered(channel=channel, reason=type(failure).__name__) from None
    if answer.status not in SUCCESS:
        raise Undelivered(channel=channel, reason=f"answered {answer.status}", lasting=answer.status in LASTING)
    if content is None:
        raise Undelivered(channel=channel, reason="answer_too_long")
    return content


def _read(answer: urllib3.BaseHTTPResponse) -> bytes | None:
    """The body, or None if it is longer, or comes in more pieces, than any that means something."""
    content = b""
    for _ in range(MOST_PIECES):
        piece = answer.read1(PIECE)
        if not piece:
            return content
        content += piece
    return None
