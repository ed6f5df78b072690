"""Where a person wishes to be reached: one address a channel, entered by the person, of a kind the channel can use."""

import re
from collections.abc import Mapping

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Id, Text

LONGEST = 120
# What each channel can use, and nothing that could be taken for a second address or a header.
FITS: Mapping[str, re.Pattern[str]] = {
    "mail": re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"),
    "sms": re.compile(r"1[3-9]\d{9}"),
    "wecom": re.compile(r"[A-Za-z0-9._@-]{1,64}"),
}


class Address(Row):
    """A person is told by this channel at this address."""

    __tablename__ = "address"

    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(Code(10), primary_key=True)
    address: Mapped[str] = mapped_column(Text(LONGEST))


class AddressWrong(Refused):
    """The channel cannot use this address."""

    code = "channel.address_wrong"
    status = 422


def keep_address(session: Session, person_id: int, channel: str, address: str) -> None:
    """From now on here; empty, no more by this channel. AddressWrong if it is no address of that kind."""
    written = address.strip()
    if written and not (channel in FITS and len(written) <= LONGEST and FITS[channel].fullmatch(written)):
        raise AddressWrong(channel=channel)
    session.execute(delete(Address).where(Address.person_id == person_id, Address.channel == channel))
    if written:
        session.put_once(Address, {"person_id": person_id, "channel": channel, "address": written})


def addresses_of(session: Session, person_id: int) -> dict[str, str]:
    """Where this person is reached, by channel."""
    rows = session.execute(select(Address.channel, Address.address).where(Address.person_id == person_id))
    return {row.channel: row.address for row in rows}


def address_of(session: Session, person_id: int, channel: str) -> str | None:
    """Where this person is reached by this channel."""
    return addresses_of(session, person_id).get(channel)
