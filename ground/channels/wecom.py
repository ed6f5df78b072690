"""政务微信 by the webhook of a group: it names the person and says that there is something to read, never what.

The interface is that of 企业微信 群机器人 (消息推送), which 政务微信 keeps: `msgtype: text`, `mentioned_list` with the
member's account, and an answer whose `errcode` is 0. A group has more readers than one, so no case is named in it.
"""

from urllib.parse import urlsplit

import orjson

from ground.channels import http
from ground.channels.message import Message, Undelivered


class WeCom:
    """A group's webhook; its address holds the key."""

    name = "wecom"

    def __init__(self, url: str) -> None:
        self._url = url

    def where(self) -> str:
        """The host, without the key."""
        return urlsplit(self._url).hostname or ""

    def carry(self, message: Message) -> None:
        """Mention the person in the group."""
        text = {"content": message.hint, "mentioned_list": [message.to]}
        headers = {"Idempotency-Key": message.key}
        answer = http.post(self.name, self._url, {"msgtype": "text", "text": text}, headers)
        if (code := _code(answer)) != 0:
            raise Undelivered(channel=self.name, reason=f"errcode {code}")


def _code(answer: bytes) -> int | str:
    try:
        said = orjson.loads(answer)
        return int(said["errcode"])
    except (ValueError, KeyError, TypeError):
        return "missing"
