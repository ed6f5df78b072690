"""Drawing experts and adding up what they score (R-10.1 to R-10.5, N-1, N-2)."""

from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from bases.measures import clauses, tables
from bases.review import criteria, draw, scores
from bases.review.draw import Candidate, Rule, Snapshot

CRITERIA = {criterion.code: criterion for criterion in criteria.of(criteria.ARTICLE_10)}
ROOT = Path(__file__).parents[2]


def pool(size: int = 3, people: int = 12) -> Snapshot:
    return draw.frozen(
        size,
        [
            Candidate(
                person=number,
                ref=f"expert{number:06d}",
                organ=number % 4,
                city="510100",
                excluded=draw.SAME_CITY if number % 5 == 0 else None,
            )
            for number in range(1, people + 1)
        ],
    )


def sheet(person: int, c1: str, c2: str, c3: str, c4: str, c5: str) -> scores.Sheet:
    return scores.sheet(person, {"c1": c1, "c2": c2, "c3": c3, "c4": c4, "c5": c5})


@pytest.mark.performs("N-2")
def test_n_2_a_draw_replayed_from_its_stored_record_gives_the_same_panel():
    snapshot = pool()
    drawn = draw.replay("seed", snapshot)

    stored = orjson.loads(orjson.dumps(snapshot.as_document()))

    assert draw.replay("seed", Snapshot.of_document(stored)) == drawn
    assert draw.commitment("seed", Snapshot.of_document(stored)) == draw.commitment("seed", snapshot)


def test_n_2_the_order_in_which_the_database_gives_the_pool_does_not_matter():
    snapshot = pool()

    assert draw.frozen(3, snapshot.pool[::-1]) == snapshot


def test_n_2_another_seed_or_another_pool_is_found_out_by_the_hash():
    hashes = {draw.commitment("a", pool()), draw.commitment("b", pool()), draw.commitment("a", pool(people=13))}

    assert len(hashes) == 3


def test_n_1_an_excluded_expert_is_never_drawn_in_1000_draws():
    snapshot = pool()
    excluded = {candidate.person for candidate in snapshot.pool if candidate.excluded}

    drawn = {person for number in range(1000) for person in draw.replay(str(number), snapshot)}

    assert excluded
    assert drawn == {candidate.person for candidate in snapshot.eligible()}


RULE = Rule(substitutes=2, per_unit=2, same_city=1, city="511500", industry=1, finance=1)


def ruled(rule: Rule = RULE, people: int = 16) -> Snapshot:
    """A pool in which few stand for finance, many come from one unit, and some from the city of the base."""
    fields = {1: ("finance",), 2: ("trade",), 3: ("industry",), 4: ("industry", "technology")}
    return draw.frozen(
        5,
        [
            Candidate(
                person=number,
                ref=f"expert{number:06d}",
                organ=1 if number > 8 else number,
                city="511500" if number in {5, 6, 7} else "510100",
                excluded=draw.SAME_ORGAN if number == 8 else None,
                fields=fields.get(number, ()),
            )
            for number in range(1, people + 1)
        ],
        rule,
    )


def test_d03_every_draw_keeps_the_rule_of_composition():
    """D03, N-2: size, one of industry, one of finance or trade, two of a unit, one of the base's city at most."""
    snapshot = ruled()
    for number in range(1000):
        lots = draw.lots(str(number), snapshot)
        assert (len(lots.members), len(lots.substitutes)) == (5, 2)
        assert draw.lacking(lots.members, RULE) == 0
        units = [each.organ for each in lots.members]
        assert max(units.count(unit) for unit in units) <= 2
        assert sum(each.city == RULE.city for each in lots.members) <= 1
        assert not {each.person for each in lots.members} & {each.person for each in lots.substitutes}


def test_n_2_the_substitutes_hold_one_of_each_kind_so_that_anybody_can_be_replaced():
    """N-2: the only expert of finance declines, and another of finance or trade moves up; found by a lost seat."""
    for number in range(1000):
        lots = draw.lots(str(number), ruled(people=14))
        kinds = [each.fields for each in lots.members]
        if sum(bool({"finance", "trade"} & set(each)) for each in kinds) == 1:
            assert any({"finance", "trade"} & set(each.fields) for each in lots.substitutes)


@pytest.mark.performs("N-1")
def test_n_1_an_expert_of_the_same_unit_is_never_drawn_in_1000_draws():
    """N-1: neither as a member nor as a substitute."""
    drawn = {person for number in range(1000) for person in draw.replay(str(number), ruled())}

    assert 8 not in drawn
    assert len(drawn) == 15


def test_n_2_a_record_without_a_rule_reads_and_hashes_as_it_was_written():
    """Panels that were drawn before there was a rule keep their hash."""
    document = pool().as_document()

    assert set(document) == {"size", "pool"}
    assert "fields" not in document["pool"][0]
    assert Snapshot.of_document(document) == pool()
    assert len(draw.replay("seed", pool())) == 3


def test_n_2_the_rule_is_part_of_what_the_hash_covers():
    other = Rule(2, 2, 1, "511500", 0, 1)

    assert draw.commitment("seed", ruled()) != draw.commitment("seed", ruled(other))


def test_n_2_every_expert_has_about_the_same_chance():
    snapshot = pool()
    times = dict.fromkeys([candidate.person for candidate in snapshot.eligible()], 0)
    for number in range(3000):
        for person in draw.replay(str(number), snapshot):
            times[person] += 1

    assert all(780 < count < 1020 for count in times.values())


def test_the_five_criteria_of_article_10_sum_to_100_and_stand_as_the_parameter_says():
    seeded = next(
        row["value"]
        for row in tables.read(str(ROOT / "ground/seed/__init__.py"), "parameters.csv")
        if row["key"] == "score.designation"
    )

    assert sum(criterion.full for criterion in CRITERIA.values()) == 100
    assert orjson.loads(seeded) == {criterion.clause: criterion.full for criterion in CRITERIA.values()}
    assert all(clauses.clause(criterion.clause) for criterion in CRITERIA.values())


@pytest.mark.parametrize(
    ("code", "points", "wanted"),
    [
        ("c1", "22.5", True),  # 90 %
        ("c1", "22", False),
        ("c1", "14.5", True),  # below 60 %
        ("c1", "15", False),
        ("c2", "13.5", True),
        ("c2", "8.5", True),
        ("c2", "9", False),
        ("c3", "22.5", True),
        ("c3", "14.5", True),
        ("c3", "15", False),
        ("c4", "13.5", True),
        ("c4", "8.5", True),
        ("c4", "9", False),
        ("c5", "18", True),
        ("c5", "11.5", True),
        ("c5", "12", False),
    ],
)
def test_a_very_high_or_low_score_wants_a_comment(code, points, wanted):
    criterion = CRITERIA[code]

    assert criterion.wants_comment(criterion.halves(points)) is wanted


@pytest.mark.parametrize("points", ["20.3", "25.5", "-0.5", "x", "NaN", True])
def test_r_10_1_what_is_no_half_point_within_the_full_mark_is_refused(points):
    with pytest.raises(criteria.NotAHalfPoint):
        CRITERIA["c1"].halves(points)


def test_the_outcome_is_the_plain_mean_of_the_totals_and_their_spread():
    found = scores.outcome(
        [
            sheet(1, "20", "12", "20", "12", "16"),  # 80
            sheet(2, "18.5", "10", "19", "11", "15.5"),  # 74
            sheet(3, "21", "12.5", "20", "12", "17"),  # 82.5
        ]
    )

    assert found == scores.Outcome(Decimal("78.83"), Decimal("8.5"), 3)


def test_a_mean_is_rounded_half_up_and_a_single_sheet_has_no_spread():
    one = scores.outcome([sheet(1, "12.5", "7.5", "12.5", "7.5", "10")])
    three = scores.outcome([sheet(n, c1, "0", "0", "0", "0") for n, c1 in ((1, "1"), (2, "1.5"), (3, "1.5"))])

    assert (one.average, one.spread) == (Decimal("50.00"), Decimal(0))
    assert three.average == Decimal("1.33")


def test_nothing_is_added_up_where_no_sheet_came_in():
    with pytest.raises(scores.NoScores):
        scores.outcome([])
