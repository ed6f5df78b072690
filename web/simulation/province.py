"""The years of a province, day by day: what falls due happens, then whoever works that day does what they have."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from random import Random

from bases import demo, register
from ground import almanac, calendar, clock
from ground.database import reading, transaction
from tasks import demo_clock
from web.simulation.person import Worker

OFFICE_OPENS = time(9)
ENGAGED = (1, 1, 1, 2, 3)  # most people look every working day, some every second or third


@dataclass(frozen=True)
class Span:
    """From the first day of one year to the last of the one before `to`, and the seed of every chance."""

    first: date
    last: date
    seed: int


@dataclass
class Outcome:
    """What came of it: the moves, the seconds they took, the bases by their standing, what was refused and why."""

    moves: int = 0
    seconds: float = 0.0
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def digest(self) -> str:
        """Of the table of bases: the same seed gives the same."""
        table = "\n".join(f"{name}\t{','.join(kinds)}" for name, kinds in sorted(self.bases.items()))
        return sha256(f"{self.moves}\n{table}".encode()).hexdigest()


def live(span: Span) -> Outcome:
    """Let the province live through this span, in a house that is laid; the clock is put back afterwards."""
    at = [clock.start_of(span.first)]
    before, began = clock.use(lambda: at[0]), clock.wall()
    try:
        found = _lived(span, at)
    finally:
        clock.use(before)
    found.seconds = (clock.wall() - began).total_seconds()
    return found


def _lived(span: Span, at: list[datetime]) -> Outcome:
    found, workers = Outcome(), _workers(span.seed)
    for number, (day, works) in enumerate(_days(span)):
        at[0] = clock.start_of(day)
        _fall_due(day, at[0])
        if not works:
            continue
        at[0] = datetime.combine(day, OFFICE_OPENS, clock.SHANGHAI).astimezone(UTC)
        for worker in workers:
            at[0] += timedelta(minutes=1)
            found.moves += worker.work(day, number)
        demo_clock.catch_up(at[0])
    for worker in workers:
        found.refused += worker.refused
    with reading() as session:
        for row, kinds in register.holding(session, span.last):
            found.bases[row.name] = tuple(sorted(kinds))
    return found


def _fall_due(day: date, moment: datetime) -> None:
    """What the clock and the calendar bring at midnight."""
    demo_clock.catch_up(moment)
    for work in almanac.works().values():
        with transaction() as session:
            work(session, day)
    demo_clock.catch_up(moment)


def _days(span: Span) -> Iterator[tuple[date, bool]]:
    """Every day of the span, and whether offices work on it."""
    with reading() as session:
        known = calendar.load(session)
    day = span.first
    while day <= span.last:
        yield day, known.is_workday(day)
        day += clock.DAY


def _workers(seed: int) -> list[Worker]:
    """Everybody with a card, each with a temperament and a chance of their own."""
    with reading() as session:
        cards = sorted({card.person: card for card in demo.cards(session)}.values(), key=lambda card: card.login)
    chance = Random(seed)  # noqa: S311  a story, not a secret
    return [Worker(card, chance.choice(ENGAGED), Random(f"{seed}-{card.login}")) for card in cards]  # noqa: S311
