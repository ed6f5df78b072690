"""The outbox: a folder of files, one a message, which another system may carry further."""

from pathlib import Path

import orjson

from ground.channels.message import Message, Undelivered


class Outbox:
    """Writes each message as a file named by its key, so that carrying it twice leaves one."""

    name = "outbox"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def where(self) -> str:
        """The folder's name; its place on the disk is nobody's business."""
        return f"{self._folder.name}/"

    def carry(self, message: Message) -> None:
        """Write the file beside its place, then put it there in one step."""
        content = {
            "to": message.to,
            "name": message.name,
            "subject": message.subject,
            "body": message.body,
            "at": message.at,
        }
        under_way = self._folder / f".{message.key}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            under_way.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
            under_way.replace(self._folder / f"{message.key}.json")
        except OSError as failure:
            raise Undelivered(channel=self.name, reason=type(failure).__name__) from failure
