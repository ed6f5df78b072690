"""N-6: the vectors of the calendar that are not beside the calendar's own tests: a host on UTC, and 180 days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ground import seed
from ground.calendar import Calendar
from ground.clock import local_day


def test_sixteen_hours_in_utc_are_the_next_day_in_shanghai():
    assert local_day(datetime(2026, 2, 15, 15, 59, 59, tzinfo=UTC)) == date(2026, 2, 15)
    assert local_day(datetime(2026, 2, 15, 16, 0, tzinfo=UTC)) == date(2026, 2, 16)


@pytest.mark.parametrize(
    ("served", "half_a_year", "wrong"),
    [
        (date(2026, 8, 31), date(2027, 2, 28), date(2027, 2, 27)),
        (date(2025, 8, 29), date(2026, 2, 28), date(2026, 2, 25)),
        (date(2026, 12, 31), date(2027, 6, 30), date(2027, 6, 29)),
    ],
)
def test_half_a_year_is_six_calendar_months_and_not_180_days(served, half_a_year, wrong):
    """R-13.3."""
    assert Calendar(seed.days()).add_months(served, 6) == half_a_year
    assert served + timedelta(days=180) == wrong
