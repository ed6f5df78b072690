"""Carrying letters: one job a letter and channel, after the commit that wrote it; a line that is down holds up nothing.

A crash between handing over and noting it repeats the message under the same key; nothing else ever does.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from ground import channels, clock, jobs
from ground.channels import Message, Undelivered
from ground.database import Session, reading, transaction
from ground.errors import Forbidden
from ground.ids import ref as new_ref
from ground.people import Actor
from tasks import dispatches, letters

HINTS = {
    "zh": "【基地管理】您有一条新通知，请登录系统查看。",
    "en": "[Jidi] There is a new letter for you. Please sign in to read it.",
}
TRIALS = {
    "zh": ("测试消息", "这是一条测试消息。收到它，说明这个渠道可用。"),
    "en": ("Test message", "This is a test. That it has arrived means that this channel works."),
}


@jobs.handler(dispatches.KIND)
def post(payload: Mapping[str, Any]) -> None:
    """Carry one letter by one channel, unless that was done, or its reader has left the channel, or this rests."""
    now = clock.now()
    with reading() as session:
        row = dispatches.waiting(session, payload["letter"], payload.get("channel", channels.OUTBOX))
        if row is None:
            return
        resting = dispatches.rests(session, row.channel, now)
        message = _written(session, row)
    if resting:
        with transaction() as session:
            dispatches.put_off(session, row, now)
    elif message is None:
        with transaction() as session:
            dispatches.dropped(session, row, now)
    else:
        _carry(row, message, now)


def try_out(session: Session, channel: str, by: Actor, language: str) -> str:
    """Send a test message to one's own address by this channel; where it went. Undelivered says what is wrong.

    Only an administrator tries the outbox, which is no line of anybody's.
    """
    if channel == channels.OUTBOX and not by.has(dispatches.SENDER):
        raise Forbidden(needs=dispatches.SENDER)
    to = by.ref if channel == channels.OUTBOX else channels.address_of(session, by.person or 0, channel)
    if to is None:
        raise channels.AddressWrong(channel=channel)
    subject, body = TRIALS[language]
    channels.named(channel).carry(
        Message(f"test-{new_ref()}", to, by.name, subject, body, f"{subject}：{body}", clock.now())
    )
    return to


def _carry(row: Record[Any], message: Message, now: datetime) -> None:
    """Outside of any transaction: nobody waits for a line that does not answer."""
    try:
        channels.named(row.channel).carry(message)
    except Undelivered as no:
        with transaction() as session:
            dispatches.failed(session, row, no, now)
    else:
        with transaction() as session:
            dispatches.sent(session, row, now)


def _written(session: Session, row: Record[Any]) -> Message | None:
    """The letter in its reader's language; None if the reader has taken the address back."""
    letter = letters.to_carry(session, row.letter_ref)
    to = letter.login if row.channel == channels.OUTBOX else channels.address_of(session, letter.person_id, row.channel)
    if to is None:
        return None
    folder = letters.folder_of(session, letter)
    words = letters.words(folder, letter.template, letter.facts, letter.language)
    return Message(letter.ref, to, letter.name, words.subject, words.body, HINTS[letter.language], letter.written_at)
