"""Due dates and the parameters they come from."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from ground import clock, deadlines, parameters
from ground.calendar import UnknownDay
from ground.parameters import Parameter


def noon(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), clock.SHANGHAI).replace(hour=12)


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("fill", 20),
        ("authority", 5),
        ("city_review", 15),
        ("intake", 5),
        ("scoring", 10),
        ("visit", 10),
        ("recheck", 5),
        ("notice", 5),
        ("decision", 10),
    ],
)
def test_each_step_of_the_thread_has_a_default_time_limit_without_a_clause(session, key, days):
    term = parameters.value(session, f"deadline.{key}", date(2026, 11, 23))
    assert term.value == {"n": days, "unit": "working_days"}
    assert (term.kind, term.clause, term.unit) == ("default", None, "工作日")
    assert deadlines.due(session, key, noon("2026-11-23")).kind == "default"


def test_a_notice_of_five_working_days_ends_with_the_fifth_day_after_its_start(session):
    due = deadlines.due(session, "notice", noon("2026-02-10"))
    assert due.on == date(2026, 2, 24)
    assert due.at == datetime(2026, 2, 24, 16, 0, tzinfo=UTC)
    assert not due.provisional


def test_the_day_that_counts_is_the_day_in_shanghai(session):
    late = datetime(2026, 2, 15, 16, 0, tzinfo=UTC)
    assert clock.local_day(late) == date(2026, 2, 16)
    assert deadlines.due(session, "notice", late).on == deadlines.due(session, "notice", noon("2026-02-16")).on


def test_a_half_year_is_six_calendar_months_and_cites_its_article(session):
    due = deadlines.due(session, "rectification", noon("2026-08-31"))
    assert (due.on, due.kind, due.clause) == (date(2027, 2, 28), "text", "13(2)")
    assert not due.provisional


def test_a_span_of_working_days_over_provisional_days_says_so(session):
    assert deadlines.due(session, "city_review", noon("2026-12-24")).provisional
    assert not deadlines.due(session, "notice", noon("2026-12-24")).provisional


def test_an_office_may_count_the_start_day(session):
    parameters.change(session, "wd.count_start_day", True, date(2026, 1, 1))
    assert deadlines.due(session, "notice", noon("2026-02-10")).on == date(2026, 2, 14)


def test_days_are_plain_days():
    term = Parameter("deadline.x", {"n": 30, "unit": "days"}, "日", None, "notice", date(2020, 1, 1), None)
    due = deadlines.reckon(None, term, "x", date(2026, 2, 1), count_start=False)
    assert (due.on, due.kind) == (date(2026, 3, 3), "notice")


def test_a_day_of_the_year_is_that_of_the_year_asked_for_and_does_not_roll(session):
    """N-6: 15 February 2026 is a Sunday of the holidays, and stays the day; it is over at 16:00 UTC of the day."""
    due = deadlines.due(session, "summary", noon("2026-01-10"), 2026)
    assert (due.on, due.kind, due.clause) == (date(2026, 2, 15), "text", "8")
    assert due.at == datetime(2026, 2, 15, 16, 0, tzinfo=UTC)
    assert deadlines.due(session, "city_report", noon("2026-01-10"), 2026).on == date(2026, 3, 1)


def test_what_begins_after_the_day_has_a_default_of_ours(session):
    due = deadlines.due(session, "summary", noon("2026-02-24"), 2026)
    assert (due.on, due.kind, due.clause) == (date(2026, 3, 2), "default", None)


def test_only_the_text_fixes_days_of_the_year(session):
    assert deadlines.fixed_by_the_text(session, date(2026, 1, 10)) == {"summary", "city_report"}


def test_an_unknown_unit_is_refused():
    term = Parameter("deadline.x", {"n": 3, "unit": "moons"}, "", None, "default", date(2020, 1, 1), None)
    with pytest.raises(deadlines.UnitUnknown):
        deadlines.reckon(None, term, "x", date(2026, 2, 1), count_start=False)


def test_an_unknown_deadline_is_refused_by_name(session):
    with pytest.raises(parameters.Unknown) as refusal:
        deadlines.due(session, "moonrise", noon("2026-02-10"))
    assert refusal.value.detail["key"] == "deadline.moonrise"


def test_a_deadline_beyond_the_calendar_is_refused_and_not_guessed(session):
    with pytest.raises(UnknownDay):
        deadlines.due(session, "fill", noon("2028-12-20"))


def test_a_due_date_costs_one_statement(session):
    deadlines.due(session, "notice", noon("2026-02-10"))
    seen = []
    event.listen(session.connection, "before_cursor_execute", lambda *_: seen.append(1))
    deadlines.due(session, "city_review", noon("2026-02-10"))
    assert len(seen) == 1


def test_a_parameter_keeps_its_history_through_a_change(session):
    parameters.change(session, "assess.pass_mark", 75, date(2027, 1, 1))
    assert parameters.value(session, "assess.pass_mark", date(2026, 12, 31)).value == 70
    assert parameters.value(session, "assess.pass_mark", date(2027, 1, 1)).value == 75
    first, second = parameters.history(session, "assess.pass_mark")
    assert (first.valid_from, first.valid_to) == (date(2020, 6, 9), date(2026, 12, 31))
    assert (second.valid_from, second.valid_to, second.unit) == (date(2027, 1, 1), None, "分")


def test_a_change_that_would_rewrite_the_past_is_refused(session):
    with pytest.raises(parameters.TooEarly):
        parameters.change(session, "assess.pass_mark", 75, date(2020, 6, 9))
    with pytest.raises(parameters.Unknown):
        parameters.change(session, "moon.phase", 1, date(2027, 1, 1))


def test_before_the_rules_were_issued_no_parameter_holds(session):
    with pytest.raises(parameters.Unknown):
        parameters.value(session, "notice.days", date(2020, 6, 8))


def test_several_parameters_are_read_at_once_and_a_missing_one_is_named(session):
    found = parameters.values(session, ["panel.size", "panel.minimum", "score.spread_limit"], date(2026, 11, 23))
    values = {key: one.value for key, one in found.items()}
    assert values == {"panel.size": 5, "panel.minimum": 3, "score.spread_limit": 15}
    with pytest.raises(parameters.Unknown) as refusal:
        parameters.values(session, ["panel.size", "moon.phase"], date(2026, 11, 23))
    assert refusal.value.detail["key"] == "moon.phase"


def test_a_value_may_be_none_of_its_own_right(session):
    assert parameters.value(session, "batch.quota", date(2026, 11, 23)).value is None


def test_only_what_the_text_fixes_carries_a_clause_and_everything_else_is_ours(session):
    for one in parameters.listed(session, date(2026, 11, 23)):
        assert (one.kind == "text") == (one.clause is not None), one
        assert one.kind in parameters.KINDS


def test_a_diagram_may_name_the_deadlines_that_have_a_value(session):
    keys = parameters.deadline_keys(session, noon("2026-11-23"))
    assert {"fill", "authority", "notice", "rectification"} <= keys
    assert "notice.days" not in keys
