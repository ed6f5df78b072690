"""One clock: aware UTC inside, Asia/Shanghai at the edges.

Nothing else reads the time. Tests and the demo put their own source in its place with `use`, a trial with `within`.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # what sorts after every date

Source = Callable[[], datetime]


def wall() -> datetime:
    """The machine's time, aware UTC."""
    return datetime.now(UTC)


_source: list[Source] = [wall]
_own: ContextVar[Source | None] = ContextVar("clock", default=None)


def use(source: Source) -> Source:
    """Put another source in place and return the one it replaces."""
    before = _source[0]
    _source[0] = source
    return before


@contextlib.contextmanager
def within(source: Source) -> Iterator[None]:
    """Let this thread alone read another clock: a trial moves its own while the house goes on."""
    token = _own.set(source)
    try:
        yield
    finally:
        _own.reset(token)


def now() -> datetime:
    """This instant, aware UTC, to the microsecond."""
    return (_own.get() or _source[0])()


def today() -> date:
    """Today's date in Shanghai."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The date in Shanghai at this instant; 2026-02-15T16:00Z is already the 16th."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first instant of a Shanghai day, in UTC."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The instant at which a due date is over: the first of the next day in Shanghai, in UTC."""
    return start_of(day + DAY)
