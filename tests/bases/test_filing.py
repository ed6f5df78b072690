"""What a filed form leaves: values in versions, first values for the next, and the checks that look back (F-3.0)."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from bases import register
from bases.demo import answers, lay_papers, rows
from bases.filing import checks, enterprise, information, steps, values
from bases.filing.values import Filing, StatValue, Value
from engine import cases, forms
from engine.forms import FormContext
from ground import clock, files
from tests.bases import moves
from tests.bases.moves import Sent

ROOT = Path(__file__).parents[2]


def context(session, key="B042"):
    case = moves.open_case(session, key, clock.now())
    return FormContext(session, case, cases.reporting_year(case))


def found(given, where):
    return [(problem.code, problem.path, problem.severity) for problem in checks.information(given, where)]


def test_f_3_0_the_first_values_are_the_last_filing_and_pass_every_check(session):
    where = context(session)

    first = information.first_values(session, where.case)

    assert where.year == 2025
    assert first == answers("B042", "刘敏")
    assert found(first, where) == []


@pytest.mark.parametrize("key", ["B041", "B042", "B043", "B044", "B045", "B046"])
def test_every_applicant_of_the_demo_can_send_its_first_values_as_they_are(session, key):
    where = context(session, key)

    assert found(information.first_values(session, where.case), where) == []


def test_v22_a_figure_that_differs_from_the_last_filing_wants_its_reason(session):
    where = context(session)
    given = answers("B042")
    given["sales"]["y2"] = str(Decimal(given["sales"]["y2"]) + 1)

    assert found(given, where) == [("V22", "sales.y2", "warn")]


def test_v22_a_correction_within_the_same_case_is_no_difference_to_the_last_filing(session):
    where = context(session)
    given = answers("B042")
    given["patents"]["y2"] += 1
    base = moves.base(session, "B042")
    information.file(session, base.id, 2025, given, Filing(clock.now(), where.case.id))

    assert found(answers("B042"), where) == []
    assert found(given, where) == [("V22", "patents.y2", "warn")]


def test_v23_speaks_only_where_a_customs_series_has_been_loaded(session):
    where = context(session)
    base = moves.base(session, "B042")
    exports = values.latest(session, base.id)["I03a", 2025].amount
    assert found(answers("B042"), where) == []

    session.execute(
        insert(StatValue).values(
            base_id=base.id,
            year=2025,
            indicator=values.CUSTOMS_EXPORT,
            version=1,
            amount=exports * 2,
            unit="yi_yuan",
            filed_at=clock.now(),
        )
    )

    assert found(answers("B042"), where) == [("V23", "internationalization_core.y1", "warn")]


def test_v24_investment_is_investment_per_mu_times_the_area(session):
    where = context(session)
    table = register.Base.__table__
    base = moves.base(session, "B042")
    session.execute(update(table).where(table.c.id == base.id).values(area_mu=base.area_mu * 2))

    assert {(code, severity) for code, _path, severity in found(answers("B042"), where)} == {("V24", "warn")}


def test_v25_f_2_1_a_name_that_another_base_has_is_refused_and_a_twin_explained(session):
    """F-2.1."""
    where = context(session)
    taken = answers("B042") | {"base_name": "眉山市东坡区"}
    twin = moves.base(session, "B011")
    table = register.Base.__table__
    session.execute(update(table).where(table.c.id == twin.id).values(feature="红茶", city="511500", county="511527"))

    assert ("V25", "base_name", "error") in found(taken, where)
    assert found(answers("B042"), where) == [("V25", "feature", "warn")]


@pytest.mark.parametrize(
    ("key", "city", "county", "reason"),
    [
        ("B042", "511500", "510107", "other_city"),
        ("B042", "511500", "", "county_missing"),
        ("B042", "511500", "511526", "not_in_register"),
        ("B042", "511400", "511403", "not_in_register"),
        ("B043", "511700", "511722", "whole_city"),
    ],
)
def test_v19_f_2_2_the_place_is_that_of_the_register_and_a_whole_city_has_no_county(session, key, city, county, reason):
    """F-2.2."""
    where = context(session, key)
    given = answers(key) | {"city": city, "county": county}

    problems = [problem for problem in checks.information(given, where) if problem.code == "V19"]

    assert [problem.params["reason"] for problem in problems] == [reason]


def test_v19_f_2_2_a_whole_city_base_with_an_empty_county_is_right(session):
    """F-2.2."""
    assert found(answers("B043"), context(session, "B043")) == []


def test_s_3_3_a_filing_keeps_earlier_versions_and_adds_only_what_differs(session):
    given = answers("B042")
    given["patents"]["y1"] += 5
    sent = Sent(given | {"explanations": {"V22": {"patents.y1": "更正"}}}, None, clock.now())
    move = moves.moving(session, "B042", clock.now(), fill=[sent])
    base = moves.base(session, "B042")
    count = select(func.count()).select_from(StatValue).where(StatValue.base_id == base.id)
    before = session.scalar(count)

    result = steps.file(move)

    versions = session.execute(
        select(StatValue.version, StatValue.amount, StatValue.case_id, StatValue.reason)
        .where(StatValue.base_id == base.id, StatValue.indicator == "I19", StatValue.year == 2025)
        .order_by(StatValue.version)
    ).all()
    assert result == {"first_application": True, "warnings": 0}
    assert session.scalar(count) == before + 1
    assert [row.version for row in versions] == [1, 2]
    assert versions[1].amount == versions[0].amount + 5
    assert (versions[1].case_id, versions[1].reason) == (move.case.id, "更正")
    assert move.lines[0][0] == "information.filed"
    assert move.lines[0][1]["values"] == 1


def test_filing_counts_the_warnings_that_were_explained(session):
    given = answers("B042")
    given["sales"]["y2"] = str(Decimal(given["sales"]["y2"]) + 1)
    move = moves.moving(session, "B042", clock.now(), fill=[Sent(given, None, clock.now())])

    assert steps.file(move)["warnings"] == 1


def test_the_newest_form_of_a_returned_application_is_the_one_that_is_filed(session):
    first, second = answers("B042"), answers("B042")
    second["leading_enterprises"] = second["leading_enterprises"][:1]
    later = clock.now() + timedelta(days=1)
    sent = [Sent(first, None, clock.now()), Sent(second, None, later, seq=2)]
    move = moves.moving(session, "B042", later, fill=sent)

    steps.file(move)

    assert len(enterprise.named(session, moves.base(session, "B042").id, 2025)) == 1


def test_not_applicable_is_kept_as_such(session):
    base = moves.base(session, "B042")

    assert values.latest(session, base.id)["I21", 2025] == Value(None, "n/a")


@pytest.fixture
def papers(session, tmp_path):
    files.keep_in(tmp_path)
    lay_papers(session, clock.now())


@pytest.mark.usefixtures("papers")
def test_the_demo_lays_four_papers_so_that_an_application_can_be_sent_as_it_stands(session):
    form = forms.load((ROOT / "workflows/designation-case/forms/information.json").read_bytes())
    case = moves.open_case(session, "B042", clock.now(), "liu.min")

    first = information.first_values(session, case)
    read = forms.read(form, first, FormContext(session, case, 2025))

    assert read.errors == []
    files.check_usable(session, form.files_of(read.answers), case.started_by)
    assert len(form.files_of(read.answers)) == 4


@pytest.mark.usefixtures("papers")
def test_papers_that_somebody_else_uploaded_are_not_among_the_first_values(session):
    first = information.first_values(session, moves.open_case(session, "B042", clock.now(), "tang.hao"))

    assert not information.PAPERS & set(first)


@pytest.mark.usefixtures("papers")
def test_f_1_1_a_stamp_is_not_carried_over_to_the_next_filing(session):
    case = moves.open_case(session, "B042", clock.now(), "liu.min")
    given = information.first_values(session, case)
    move = moves.moving(session, "B042", clock.now(), fill=[Sent(given, case.started_by, clock.now())])
    steps.file(move)

    first = information.first_values(session, case)

    assert first["plan"] == given["plan"]


def test_laying_the_papers_again_stores_none(session, tmp_path):
    files.keep_in(tmp_path)
    count = select(func.count()).select_from(files.File)
    lay_papers(session, clock.now())
    before = session.scalar(count)

    lay_papers(session, clock.now())

    assert session.scalar(count) == before == 4 * sum(one.role == "base_filler" for one in rows.characters())
