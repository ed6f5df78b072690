"""Drawing a panel for a case and closing its scores (R-9.2, N-1, N-2, N-4)."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from bases.demo import rows
from bases.review import conflict, draw, experts, panel, scores, steps
from bases.review.draw import Snapshot
from ground import clock, grants, parameters
from ground.errors import Missing
from ground.people import Person
from tests.bases import moves
from tests.bases.moves import Sent

GOOD = {"c1": "20.0", "c2": "12.0", "c3": "20.0", "c4": "12.0", "c5": "16.0"}
LOW = {"c1": "15.0", "c2": "9.0", "c3": "15.0", "c4": "9.0", "c5": "12.0", "c1_comment": ""}


def names(session, persons):
    return {session.scalar(select(Person.login).where(Person.id == person)) for person in persons}


def test_n_2_five_experts_are_drawn_and_the_record_repeats_the_draw(session):
    move = moves.moving(session, "B042", clock.now())

    experts = steps.draw(move)["experts"]

    record = panel.of_case(session, move.case.id)[0]
    assert len(set(experts)) == 5
    assert panel.holds(session, record)
    drawn = draw.replay(record.seed, Snapshot.of_document(record.snapshot))
    assert (drawn[:5], len(drawn)) == (experts, 7)
    assert record.drawn_by == move.by.person


def test_the_history_of_a_draw_holds_the_hash_and_no_expert(session):
    move = moves.moving(session, "B042", clock.now())

    experts = steps.draw(move)["experts"]

    kind, detail = move.lines[0]
    assert kind == "panel.drawn"
    assert detail["hash"] == panel.of_case(session, move.case.id)[0].hash
    assert (detail["size"], detail["pool"], detail["excluded"]) == (5, 12, 0)
    assert not {"experts", "seed", "snapshot"} & set(detail)
    assert set(experts).isdisjoint(detail.values())


def test_n_1_an_expert_from_the_city_of_the_base_is_never_drawn(session):
    base = moves.base(session, "B041")
    drawn = set()
    for _ in range(40):
        drawn |= set(
            panel.draw_for(session, base, moves.open_case(session, "B041", clock.now()).id, None, clock.now()).experts
        )

    assert "tian.chunmei" not in names(session, drawn)
    assert len(drawn) == 11


def test_n_1_an_expert_who_holds_office_in_the_body_of_the_base_is_left_out(session):
    base = moves.base(session, "B042")
    expert = moves.actor(session, "li.guohua", clock.now()).person
    grants.give(session, expert, "base_filler", base.organ_id, clock.today())

    pool = panel.pool_for(session, base, clock.today())

    assert {each.person: each.excluded for each in pool}[expert] == draw.SAME_ORGAN


def test_a_pool_that_is_too_small_is_refused_by_name(session):
    move = moves.moving(session, "B042", clock.now())
    few = [login for login in rows.experts() if login not in {"tian.chunmei", "hu.jing"}]
    session.execute(update(Person).where(Person.login.in_(few)).values(active=False))

    with pytest.raises(panel.TooFewExperts) as refused:
        steps.draw(move)

    assert (refused.value.detail["wanted"], refused.value.detail["eligible"]) == (5, 2)


def test_a_second_draw_is_another_round_and_keeps_the_first(session):
    move = moves.moving(session, "B042", clock.now())
    steps.draw(move)
    steps.draw(move)

    assert [row.round for row in panel.of_case(session, move.case.id)] == [1, 2]


def test_closing_the_scores_keeps_each_sheet_in_half_points_and_gives_mean_and_spread(session):
    move = moves.moving(session, "B042", clock.now())
    experts = steps.draw(move)["experts"]
    move.sent["score"] = [Sent(GOOD if n else LOW, person, clock.now(), n) for n, person in enumerate(experts)]

    result = steps.close(move)

    sheets = scores.of_panel(session, panel.of_case(session, move.case.id)[0].id)
    assert result == {
        "average": 76.0,
        "spread": 20.0,
        "valid": 5,
        "discuss": True,
        "experts": experts,
    }
    assert sorted(sheet.total for sheet in sheets) == [120, 160, 160, 160, 160]
    assert move.lines[-1][0] == "scores.closed"
    assert session.scalar(select(func.count()).select_from(scores.Score)) == 25


@pytest.mark.parametrize(("points", "discuss"), [("15", False), ("15.5", True)])
def test_d05_only_a_spread_beyond_the_limit_is_discussed(session, points, discuss):
    """D05: more than 15 points between the highest and the lowest total."""
    move = moves.moving(session, "B042", clock.now())
    experts = steps.draw(move)["experts"]
    low = dict.fromkeys(("c1", "c2", "c3", "c4", "c5"), "0")
    move.sent["score"] = [Sent(low, person, clock.now()) for person in experts[1:]]
    move.sent["score"].append(Sent({**low, "c1": points}, experts[0], clock.now()))

    assert steps.close(move)["discuss"] is discuss


def test_fewer_valid_sheets_than_the_least_number_are_not_added_up(session):
    move = moves.moving(session, "B042", clock.now())
    experts = steps.draw(move)["experts"]
    move.sent["score"] = [Sent(GOOD, person, clock.now()) for person in experts[:2]]

    with pytest.raises(steps.TooFewSheets):
        steps.close(move)


def test_a_sheet_of_somebody_who_was_not_drawn_does_not_count(session):
    move = moves.moving(session, "B042", clock.now())
    experts = steps.draw(move)["experts"]
    stranger = moves.actor(session, "chen.jing", clock.now()).person
    move.sent["score"] = [Sent(GOOD, person, clock.now()) for person in (*experts, stranger)]

    assert steps.close(move)["valid"] == 5


def test_scores_cannot_be_closed_before_a_panel_was_drawn(session):
    with pytest.raises(Missing):
        steps.close(moves.moving(session, "B042", clock.now()))


@pytest.mark.parametrize(
    ("kind", "until", "excluded"),
    [
        ("past_employer", date(2024, 1, 1), "past_employer"),
        ("past_employer", date(2023, 11, 22), None),
        ("past_employer", None, "past_employer"),
        ("adviser", None, "adviser"),
        ("kin", None, "kin"),
    ],
)
def test_n_1_a_tie_on_file_keeps_an_expert_out_and_an_employment_for_three_years(session, kind, until, excluded):
    """N-1: past employer < 3 years, kin declared, adviser of the base."""
    base, on = moves.base(session, "B042"), date(2026, 11, 23)
    expert = moves.actor(session, "li.guohua", clock.now()).person
    conflict.record(session, expert, kind, "file", clock.now(), organ_id=base.organ_id, until=until)

    pool = {each.person: each.excluded for each in panel.pool_for(session, base, on)}

    assert pool[expert] == excluded
    assert sum(why is not None for why in pool.values()) == (1 if excluded else 0)


def test_n_1_a_refused_application_for_recusal_keeps_nobody_out(session):
    base = moves.base(session, "B042")
    expert = moves.actor(session, "li.guohua", clock.now()).person
    conflict.record(session, expert, "kin", "reported", clock.now(), base_id=base.id, decision=conflict.REFUSED)

    assert {each.person: each.excluded for each in panel.pool_for(session, base, clock.today())}[expert] is None


def test_d03_a_city_is_let_in_up_to_the_parameter(session):
    """D03: one of the base's city where the parameter allows it; none while it is 0."""
    base = moves.base(session, "B041")
    parameters.change(session, "panel.same_city_max", 1, clock.today())

    snapshot = panel.snapshot_for(session, base, clock.today())

    assert not [each for each in snapshot.pool if each.excluded]
    assert snapshot.rule.same_city == 1


def test_a_field_that_nobody_knows_is_refused(session):
    with pytest.raises(experts.FieldUnknown):
        experts.describe(session, moves.actor(session, "li.guohua", clock.now()).person, ["poetry"])
