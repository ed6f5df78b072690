"""Working days in China; the date vectors are those of the domain's handbook, §8."""

from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday

from ground import calendar, seed
from ground.calendar import Calendar, Gap, KnownDay, UnknownDay


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture(scope="module")
def known() -> Calendar:
    return Calendar(seed.days())


def test_every_official_day_is_what_the_library_says():
    official = [one for one in seed.days() if one.source == "official"]
    assert (official[0].day, official[-1].day) == (day("2019-01-01"), day("2026-12-31"))
    for one in official:
        assert one.is_workday == is_workday(one.day), one


def test_2026_has_33_free_days_by_notice_and_six_make_up_days(known):
    named = [one for one in known.days.values() if one.day.year == 2026 and one.name]
    assert len([one for one in named if not one.is_workday]) == 33
    make_up = [one.day.isoformat()[5:] for one in named if one.is_workday]
    assert make_up == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    assert known.days[day("2026-10-06")].name == "国庆节"
    assert known.days[day("2026-10-10")].note == "调休上班日"


def test_2027_is_weekends_and_thirteen_statutory_days_and_says_that_it_is_provisional(known):
    free = [one.day.isoformat()[5:] for one in known.days.values() if one.day.year == 2027 and one.name]
    assert " ".join(free) == "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"
    assert known.is_provisional(day("2027-03-03"))
    assert known.is_provisional(day("2028-12-31"))
    assert not known.is_provisional(day("2026-12-31"))
    assert not known.is_workday(day("2027-02-06"))
    assert known.is_workday(day("2027-02-09"))


def test_15_february_2026_is_a_holiday_sunday_and_the_last_working_day_before_it_a_make_up_saturday(known):
    assert day("2026-02-15").weekday() == 6
    assert known.days[day("2026-02-15")].name == "春节"
    assert not known.is_workday(day("2026-02-15"))
    assert known.previous_workday(day("2026-02-15")) == day("2026-02-14")
    assert known.is_workday(day("2026-02-14"))


def test_1_march_2026_is_a_sunday_and_the_last_working_day_before_it_a_make_up_saturday(known):
    assert not known.is_workday(day("2026-03-01"))
    assert known.previous_workday(day("2026-03-01")) == day("2026-02-28")


def test_since_the_measures_15_february_was_free_in_2021_2024_2025_and_2026(known):
    free = [year for year in range(2021, 2027) if not known.is_workday(date(year, 2, 15))]
    assert free == [2021, 2024, 2025, 2026]


@pytest.mark.parametrize(
    ("start", "number", "excluding", "including"),
    [
        ("2026-06-09", 20, "2026-07-08", None),
        ("2026-02-10", 5, "2026-02-24", "2026-02-14"),
        ("2026-04-29", 5, "2026-05-09", "2026-05-08"),
        ("2026-09-28", 5, "2026-10-10", "2026-10-09"),
        ("2021-09-01", 5, None, "2021-09-07"),
    ],
)
def test_working_days_are_counted_without_or_with_the_start_day(known, start, number, excluding, including):
    if excluding:
        assert known.add_working_days(day(start), number) == day(excluding)
    if including:
        assert known.add_working_days(day(start), number, count_start=True) == day(including)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-08-31", "2027-02-28"),
        ("2025-08-29", "2026-02-28"),
        ("2026-12-31", "2027-06-30"),
        ("2023-08-31", "2024-02-29"),
    ],
)
def test_a_sixth_month_ends_at_most_on_the_last_day_of_its_month(known, start, end):
    assert known.add_months(day(start), 6) == day(end)
    assert day(start) + timedelta(days=180) != day(end)


def test_the_end_of_a_half_year_on_a_sunday_lets_material_come_until_monday(known):
    assert not known.is_workday(day("2027-02-28"))
    assert known.rolled(day("2027-02-28")) == day("2027-03-01")
    assert known.rolled(day("2027-03-01")) == day("2027-03-01")


def test_counting_and_adding_agree_for_every_day_and_length(known):
    start = day("2026-01-01")
    for offset in range(300):
        from_day = start + timedelta(days=offset)
        for number in (1, 5, 20):
            end = known.add_working_days(from_day, number)
            assert known.is_workday(end)
            assert known.working_days_between(from_day, end) == number
            assert known.working_days_between(end, from_day) == -number


def test_backwards_the_days_before_a_day_are_counted(known):
    assert known.add_working_days(day("2026-02-15"), -1) == day("2026-02-14")
    assert known.add_working_days(day("2026-03-01"), -6) == day("2026-02-14")
    assert known.add_working_days(day("2026-02-14"), -1, count_start=True) == day("2026-02-14")
    assert known.add_working_days(day("2026-02-15"), 0) == day("2026-02-15")
    assert known.next_workday(day("2026-02-14")) == day("2026-02-24")


def test_a_span_tells_whether_it_touches_provisional_days(known):
    assert not known.touches_provisional(day("2026-12-01"), day("2026-12-31"))
    assert known.touches_provisional(day("2026-12-31"), day("2027-01-01"))
    assert not known.touches_provisional(day("2028-12-31"), day("2029-01-01"))


@pytest.mark.parametrize("text", ["2018-12-31", "2029-01-01"])
def test_a_day_beyond_the_table_is_refused_by_name_and_never_guessed(known, text):
    for ask in (
        known.is_workday,
        known.is_provisional,
        known.rolled,
        known.next_workday,
        known.previous_workday,
        lambda unknown: known.add_working_days(unknown, 1),
        lambda unknown: known.working_days_between(unknown, unknown),
    ):
        with pytest.raises(UnknownDay) as refusal:
            ask(day(text))
        assert refusal.value.code == "calendar.unknown_day"
        assert refusal.value.detail["day"] == day(text)


def test_a_count_that_runs_out_of_the_table_is_refused(known):
    with pytest.raises(UnknownDay):
        known.add_working_days(day("2028-12-20"), 20)
    with pytest.raises(UnknownDay):
        known.add_working_days(day("2019-01-04"), -20)


def test_an_empty_calendar_knows_no_day():
    with pytest.raises(UnknownDay):
        Calendar([]).is_workday(day("2026-01-05"))


def test_the_calendar_is_read_once_until_it_changes(session):
    first = calendar.load(session)
    assert calendar.load(session) is first
    calendar.put(session, [KnownDay(day("2027-02-09"), is_workday=False, name="春节")])
    second = calendar.load(session)
    assert second is not first
    assert not second.is_workday(day("2027-02-09"))
    assert not second.is_provisional(day("2027-02-09"))


def test_putting_what_is_already_known_changes_nothing(session):
    before = calendar.load(session)
    calendar.put(session, [before.days[day("2026-10-10")]])
    assert calendar.load(session) is before


def test_the_calendar_of_a_change_that_was_taken_back_is_not_kept(session):
    before = calendar.load(session)
    savepoint = session.connection.begin_nested()
    calendar.put(session, [KnownDay(day("2027-02-09"), is_workday=False, name="春节")])
    assert not calendar.load(session).is_workday(day("2027-02-09"))
    savepoint.rollback()
    assert calendar.load(session).is_workday(day("2027-02-09"))
    assert calendar.load(session).days == before.days


def test_a_year_that_leaves_a_hole_is_refused(session):
    with pytest.raises(Gap) as refusal:
        calendar.put(session, [KnownDay(day("2030-01-01"), is_workday=False)])
    assert refusal.value.detail == {"after": day("2028-12-31"), "before": day("2030-01-01")}
