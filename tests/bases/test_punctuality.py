"""R-12.7: the score suggested for reporting comes from deadlines of the text and of notices alone."""

from datetime import UTC, date, datetime

import pytest

from bases.filing import duty
from bases.review import criteria
from bases.verdicts import assessment, campaign, dossier, punctuality
from bases.verdicts.punctuality import FALSE, LATE, MISSING, ON_TIME, Report
from ground.clock import local_day
from tests.bases import moves
from tests.conftest import MORNING


def reports(*kept: str, due_kind: str = "text") -> list[Report]:
    return [Report("annual_report", 2026, date(2026, 2, n), due_kind, each, "8") for n, each in enumerate(kept, 1)]


DUE = date(2026, 2, 15)
FIVE = reports(LATE, ON_TIME, ON_TIME, LATE, ON_TIME)


def test_r_12_7_two_late_of_five_give_the_same_suggestion_each_time():
    first = punctuality.suggest(FIVE, 10, 50)
    assert first == punctuality.suggest(list(reversed(FIVE)), 10, 50)
    assert first is not None
    assert (first.counted, first.on_time, first.late, first.halves) == (5, 3, 2, 16)


def test_r_12_7_a_passed_default_deadline_leaves_it_unchanged():
    more = [*FIVE, *reports(MISSING, LATE, due_kind="default")]
    assert punctuality.suggest(more, 10, 50) == punctuality.suggest(FIVE, 10, 50)
    noticed = [*FIVE, *reports(MISSING, due_kind="notice")]
    assert punctuality.suggest(noticed, 10, 50).halves < 16


@pytest.mark.parametrize(
    ("kept", "halves"),
    [((ON_TIME,), 20), ((LATE,), 10), ((MISSING,), 0), ((FALSE,), 0), ((ON_TIME, LATE, LATE), 13)],
)
def test_what_is_missing_or_false_is_worth_nothing_and_a_part_is_rounded_down_to_a_half_point(kept, halves):
    assert punctuality.suggest(reports(*kept), 10, 50).halves == halves


def test_where_nothing_was_due_nothing_is_suggested():
    assert punctuality.suggest([], 10, 50) is None
    assert punctuality.suggest(reports(LATE, due_kind="default"), 10, 50) is None


def test_the_seven_criteria_of_article_12_come_to_a_hundred():
    """The text names no weights: they are «文件未规定,系统默认»."""
    full = {each.clause: each.full for each in criteria.of(criteria.ARTICLE_12)}
    assert list(full.values()) == [10, 15, 15, 30, 10, 10, 10]
    assert sum(full.values()) == 100


@pytest.fixture
def known(monkeypatch):
    """What the reports of the base are known from, for this test."""
    monkeypatch.setattr(
        punctuality,
        "_readers",
        {
            "test": lambda _session, _base, since, until: [
                each for each in [*FIVE, *reports(MISSING, due_kind="default")] if since <= each.due_on <= until
            ]
        },
    )


def test_r_12_7_the_file_holds_the_facts_and_the_suggestion_that_follows(session, known):
    by = moves.actor(session, "chen.jing", MORNING).person
    number = campaign.prepare(session, by, MORNING)
    planned = campaign.Plan(2026, date(2026, 11, 1), date(2026, 11, 30), None, criteria.ARTICLE_12)
    campaign.plan(session, number, moves.open_case(session, "B041", MORNING).id, planned)
    assessment.open_all(session, campaign.by_id(session, number), local_day(MORNING))
    row = assessment.of_campaign(session, number)[0]
    file = dossier.gather(session, row, {}, local_day(MORNING))
    assert [each["due_kind"] for each in file["reports"]] == ["text"] * 5
    assert file["suggestion"]["halves"] == 16
    assert dossier.missed(file) == 2
    assert file == dossier.gather(session, row, {}, local_day(MORNING))


def test_r_12_7_the_register_of_duties_says_what_was_kept_late_and_missing(session, stopped_clock):
    base = moves.base(session, "B041")
    stopped_clock[0] = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    handed = {"2024": date(2026, 2, 10), "2025": date(2026, 2, 20), "2026": None, "Q3": None}
    for period, on in handed.items():
        due_kind = "default" if period == "Q3" else "text"
        owed = duty.Owed("annual_report", period, 2026, "base", base.id, base.organ_id, base.city, DUE, due_kind, "8")
        case = moves.open_case(session, "B041", MORNING).id
        duty.begin(session, owed, case)
        if on:
            duty.filed(session, case, datetime(on.year, on.month, on.day, 2, 0, tzinfo=UTC))
            duty.hand_over(session, case, datetime(on.year, on.month, on.day, 2, 0, tzinfo=UTC))
    found = punctuality.of_base(session, base.id, date(2026, 1, 1), date(2026, 12, 31))
    assert [each.kept for each in found] == [ON_TIME, LATE, MISSING]
