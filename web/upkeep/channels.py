"""Channels of letters and jobs that were given up: what is open, what is stuck, trying a line, sending again."""

from dataclasses import dataclass

from flask import render_template
from werkzeug.wrappers import Response as Answer

from ground import administration, channels, clock
from ground.database import reading, transaction
from ground.errors import Missing
from tasks import dispatches, posting
from web.door import language, session
from web.door.noting import note
from web.upkeep.blueprint import desk, done
from web.words.catalogue import N_

NAMES = {
    "outbox": N_("文件发件箱"),
    "mail": N_("电子邮件"),
    "sms": N_("短信"),
    "wecom": N_("政务微信"),
}
# What each kind of job is for, in words; one that is not named here is shown by its code.
JOBS = {
    dispatches.KIND: N_("发送通知"),
}


@dataclass(frozen=True)
class Line:
    """One channel: where it leads if it is open, and how its letters stand."""

    name: str
    where: str | None
    waiting: int
    sent: int
    failed: int


@desk.get("/upkeep/channels")
def lines() -> str:
    """Every channel, and what did not leave."""
    with reading() as store:
        counted = dispatches.standing(store)
        return render_template(
            "upkeep/pages/channels.html",
            lines=[_line(name, counted) for name in NAMES],
            names=NAMES,
            given_up=dispatches.given_up(store),
            mine=channels.addresses_of(store, session.actor().person or 0),
            failed=administration.failed_jobs(store, session.actor()),
            jobs=JOBS,
        )


@desk.post("/upkeep/channels/<name>/trial")
def try_out(name: str) -> Answer:
    """Send a test message to one's own address, now, and say what came of it."""
    _known(name)
    with reading() as store:
        posting.try_out(store, name, session.actor(), language.chosen())
    note("channel.tried", name)
    return done("upkeep.lines", "channel.tried")


@desk.post("/upkeep/channels/<name>/again")
def send_again(name: str) -> Answer:
    """Let what was given up leave anew."""
    _known(name)
    with transaction() as store:
        sent = dispatches.send_again(store, name, session.actor(), clock.now())
    note("dispatch.again", name)
    return done("upkeep.lines", "dispatch.again", n=sent)


@desk.post("/upkeep/jobs/<int:number>/again")
def run_again(number: int) -> Answer:
    """Let a job that was given up begin anew."""
    with transaction() as store:
        administration.run_again(store, session.actor(), number, clock.now())
    note("job.again", str(number))
    return done("upkeep.lines", "job.again")


def _line(name: str, counted: dict[tuple[str, str], int]) -> Line:
    channel = channels.open_ones().get(name)
    waiting, sent, failed = (
        counted.get((name, state), 0) for state in (dispatches.WAITING, dispatches.SENT, dispatches.FAILED)
    )
    return Line(name, channel.where() if channel else None, waiting, sent, failed)


def _known(name: str) -> None:
    if name not in NAMES:
        raise Missing(channel=name)
