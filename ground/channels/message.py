"""What a channel is given, and how it says that it could not carry it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ground.errors import Refused


@dataclass(frozen=True)
class Message:
    """One message to one address, in the reader's language.

    `hint` says only that there is something to read: what goes over lines that are not ours holds nothing of a case.
    """

    key: str
    to: str
    name: str
    subject: str
    body: str
    hint: str
    at: datetime


class Undelivered(Refused):
    """The message did not leave; `reason` is a word for the list, `lasting` that no later attempt would help."""

    code = "channel.undelivered"
    status = 502

    @property
    def reason(self) -> str:
        """Why, in a word or two: `answered 500`, `errcode 93000`, `ConnectTimeoutError`."""
        return str(self.detail["reason"])

    @property
    def lasting(self) -> bool:
        """Whether it is the address, and not the line, that is wrong."""
        return bool(self.detail.get("lasting"))


class Channel(Protocol):
    """One way out."""

    name: str

    def where(self) -> str:
        """Where it leads, as an administrator may read it: without a password or token."""

    def carry(self, message: Message) -> None:
        """Hand the message over; Undelivered if that failed."""
