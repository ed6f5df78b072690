"""The years of a province, day by day: what falls due happens, then whoever works that day does what they have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bases import demo
from ground import almanac, calendar, clock, jobs, people
from ground.database import reading, transaction
from tasks import demo_clock, queue
from web.simulation import choosing, outcome, person, public
from web.simulation.outcome import Outcome
from web.simulation.person import Worker

OFFICE_OPENS = time(9)
ENGAGED = (1, 1, 1, 2, 3)  # most people look every working day, some every second or third
STEADY = "expert"  # who does not answer an invitation within two days has no seat, and there are few of them
AUDITOR = "auditor"
QUARTERS = (1, 4, 7, 10)


@dataclass(frozen=True)
class Span:
    """From the first day to the last, both included, and the seed of every chance."""

    first: date
    last: date
    seed: int

    @property
    def slackens(self) -> date | None:
        """From when on some leave their work lying; years have an end of their own, a few weeks have not."""
        return self.last - person.LAST_WEEKS if self.last.year > self.first.year else None


class Sky:
    """The virtual clock; jobs that are kept by another clock come nearer as it goes on."""

    def __init__(self, begins: datetime) -> None:
        self.now = self._known = begins

    def go_to(self, moment: datetime) -> None:
        """It is this moment now."""
        with transaction() as session:
            jobs.bring_forward(session, moment - self._known)
        self.now = self._known = moment


def live(span: Span, told: Callable[[date], None] = lambda _day: None) -> Outcome:
    """Let the province live through this span, in a house that is laid; the clock is put back afterwards.

    `told` hears of the first day of each quarter.
    """
    sky = Sky(clock.start_of(span.first))
    before, began = clock.use(lambda: sky.now), clock.wall()
    try:
        found = _lived(span, sky, told)
    finally:
        clock.use(before)
    found.seconds = (clock.wall() - began).total_seconds()
    return found


def _lived(span: Span, sky: Sky, told: Callable[[date], None]) -> Outcome:
    found, cards = Outcome(), _cards()
    workers = _workers(cards, span.seed)
    for number, (day, works) in enumerate(_days(span)):
        sky.go_to(clock.start_of(day))
        if day.day == 1 and day.month in QUARTERS:
            told(day)
        _fall_due(day, sky.now)
        if day == span.slackens:
            for worker in workers:
                worker.slacken()
        sky.go_to(datetime.combine(day, OFFICE_OPENS, clock.SHANGHAI).astimezone(UTC))
        objected = public.object_(day, span.seed)
        found.objections += objected
        if (works and _work(workers, day, number, sky)) or objected:
            demo_clock.catch_up(sky.now)
    _sum_up(found, workers)
    with reading() as session:
        auditor = next(card.person for card in cards if card.role == AUDITOR)
        outcome.read(session, people.actor(session, auditor, span.last), span.first, span.last, found)
    return found


def _work(workers: list[Worker], day: date, number: int, sky: Sky) -> bool:
    """One after another, a minute apart; what one of them sends on, the next may find. Whether anything moved."""
    waiting, moved = _waiting(), False
    for worker in workers:
        sky.now += timedelta(minutes=1)
        if worker.is_in(day, number):
            moves = worker.moves
            worker.work(day, waiting)
            if worker.moves != moves:
                waiting, moved = _waiting(), True
    return moved


def _waiting() -> frozenset[str]:
    with reading() as session:
        return queue.open_keys(session)


def _sum_up(found: Outcome, workers: list[Worker]) -> None:
    for worker in workers:
        found.moves += worker.moves
        found.absences += worker.absences
        found.given_back += worker.given_back
        found.refused += worker.refused


def _fall_due(day: date, moment: datetime) -> None:
    """What the clock and the calendar bring at midnight."""
    demo_clock.catch_up(moment)
    begun = 0
    for work in almanac.works().values():
        with transaction() as session:
            begun += work(session, day)
    if begun:
        demo_clock.catch_up(moment)


def _days(span: Span) -> Iterator[tuple[date, bool]]:
    """Every day of the span, and whether offices work on it."""
    with reading() as session:
        known = calendar.load(session)
    day = span.first
    while day <= span.last:
        yield day, known.is_workday(day)
        day += clock.DAY


def _cards() -> list[demo.Card]:
    with reading() as session:
        return sorted({card.person: card for card in demo.cards(session)}.values(), key=lambda card: card.login)


def _workers(cards: list[demo.Card], seed: int) -> list[Worker]:
    """Everybody with a card, each with a temperament and a chance of their own."""
    office = [card.login for card in cards if card.role == choosing.OFFICE]
    return [
        Worker(
            card=card,
            slow=1 if card.role == STEADY else Random(f"{seed}-{card.login}-slow").choice(ENGAGED),  # noqa: S311  a story
            seed=seed,
            chance=Random(f"{seed}-{card.login}"),  # noqa: S311
            steady=card.role == STEADY,
            colleagues=office if card.login in office else (),
        )
        for card in cards
    ]
