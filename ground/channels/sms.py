"""SMS by an office's gateway: only that there is something to read, never what.

Gateways differ; this one asks for the plainest: a POST of `{"id", "to", "text"}`, a bearer token, `Idempotency-Key`,
and a 2xx once it has taken the message over. What speaks otherwise stands behind a small relay of the office's own.
"""

from urllib.parse import urlsplit

from ground.channels import http
from ground.channels.message import Message


class Sms:
    """A gateway that takes short messages."""

    name = "sms"

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    def where(self) -> str:
        """The gateway's host."""
        return urlsplit(self._url).hostname or ""

    def carry(self, message: Message) -> None:
        """Hand the hint over, once per key."""
        headers = {"Idempotency-Key": message.key}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        http.post(self.name, self._url, {"id": message.key, "to": message.to, "text": message.hint}, headers)
