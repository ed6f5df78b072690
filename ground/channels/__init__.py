"""How words leave the house: one interface, and an adapter each for the outbox, mail, SMS and 政务微信.

An adapter carries one message once it is told to, or says by `Undelivered` why not; it keeps nothing and tries nothing
again. Each message has a key of its own, which goes along, so that a receiver can tell a second attempt from a second
message.
"""

from collections.abc import Mapping, Sequence

from ground.channels.addresses import Address, AddressWrong, address_of, addresses_of, keep_address
from ground.channels.mail import Mail
from ground.channels.message import Channel, Message, Undelivered
from ground.channels.outbox import Outbox
from ground.channels.sms import Sms
from ground.channels.wecom import WeCom
from ground.settings import Settings

__all__ = [
    "OUTBOX",
    "Address",
    "AddressWrong",
    "Channel",
    "Mail",
    "Message",
    "Outbox",
    "Sms",
    "Undelivered",
    "WeCom",
    "address_of",
    "addresses_of",
    "keep_address",
    "named",
    "of",
    "open_ones",
    "use",
]

OUTBOX = Outbox.name

_open: dict[str, Channel] = {}


def of(settings: Settings) -> list[Channel]:
    """The channels that these settings open: the outbox always, the others where they are named."""
    found: list[Channel] = [Outbox(settings.data / "outbox")]
    if settings.mail:
        found.append(Mail(settings.mail, settings.mail_from))
    if settings.sms:
        found.append(Sms(settings.sms, settings.sms_token))
    if settings.wecom:
        found.append(WeCom(settings.wecom))
    return found


def use(channels: Sequence[Channel]) -> None:
    """Let letters leave by these from now on, and by no other."""
    _open.clear()
    _open.update((channel.name, channel) for channel in channels)


def open_ones() -> Mapping[str, Channel]:
    """The channels that are open, by name."""
    return _open


def named(name: str) -> Channel:
    """The channel of this name; Undelivered if it is closed (any more), to be tried when it is open again."""
    if name not in _open:
        raise Undelivered(channel=name, reason="closed")
    return _open[name]
