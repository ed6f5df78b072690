"""Bases that passed are praised by circular: D12 proposes, a leader selects, the register holds it (P12)."""

from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bases.register import breach
from bases.verdicts import assessment, commendation, commendation_steps, lifeline, year_facts
from bases.verdicts.commendation import Commendation
from engine import cases
from engine.cases import Case
from ground import clock, parameters
from ground.database import reading, transaction
from ground.errors import Forbidden
from tests.bases import moves
from tests.stories import assessing
from tests.stories.assessing import Year
from tests.stories.test_batch import Office

# What the statements are is proved on both databases by the first story here.
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CIRCULAR = "川商贸发〔2026〕38号"
YEAR = 2027


class Praise(Office):
    """The case of one circular."""

    def __init__(self) -> None:
        self.case = commendation.start(YEAR, by=self.person("chen.jing"), key="praise").ref

    def list(self, *praised: str, **changes: Any) -> dict[str, Any]:
        """The list as it begins, with these bases praised and no other."""
        with reading() as session:
            case = session.execute(select(Case).where(Case.ref == self.case)).one()
            rows = commendation_steps.first_list(session, case)["bases"]
        for row in rows:
            row["praise"] = "yes" if row["number"] in praised else "no"
            row.pop("reason", None)
            if row["praise"] == "yes":
                row["reason"] = "出口增长居全省前列。"
        return {"bases": rows, **changes}


@pytest.fixture
def year(database, tmp_path):
    """Thirty assessments of 2027: nine bases passed with 99, 98 … points, one is to rectify, the others wait."""
    assert database
    assessing.lay(tmp_path, ("B011",))
    begun = Year()
    begun.open_all()
    with transaction() as session:
        for place, each in enumerate(begun.entries().values()):
            if place < 10:
                outcome = "pass" if place < 9 else "rectify"
                total = 9900 - 100 * place
                assessment.amend(session, each.id, outcome=outcome, total=total, decided_at=clock.now())
    return begun


def entries(year: Year) -> list[Any]:
    return [each for each in year.entries().values() if each.total is not None]


def test_s_2_4_a_leader_selects_among_those_that_passed_and_the_circular_puts_them_in_the_register(year):
    """S-2.4, R-13.2: proposal, review, selection, circular; the base's time line says 表扬 and so does the paper."""
    first, second, *_rest = entries(year)
    praise = Praise()
    proposed = {row["number"]: row["proposed"] for row in praise.list()["bases"]}
    assert len(proposed) == 9
    assert [number for number, said in proposed.items() if said == "yes"] == [first.number]
    praise.do("chen.jing", "propose", praise.list(first.number, second.number, outcome="submit"))
    praise.do("head", "review", {"outcome": "agree"})
    praise.do("gao.yuan", "select", praise.list(second.number, outcome="agree"))
    praise.issue(CIRCULAR)
    with reading() as session:
        (row,) = commendation.every(session)
        assert (row.base_id, row.year, row.reason, row.document) == (
            second.base_id,
            YEAR,
            "出口增长居全省前列。",
            CIRCULAR,
        )
        assert "commended" in {line.what for line in lifeline.of_base(session, second.base_id, inside=False)}
        assert commendation.of_base(session, first.base_id) == []
        said = year_facts.became(session, year_facts.of(session, row.issued_on.year, None))
        assert f"受到通报表扬（{CIRCULAR}）" in said[second.base_id]
        case = session.execute(select(Case).where(Case.ref == praise.case)).one()
        assert case.outcome == "praised"


def test_s_2_4_the_table_holds_no_base_that_did_not_pass(year):
    failed = entries(year)[-1]
    facts = {"base_id": failed.base_id, "year": YEAR, "assessment_id": failed.id, "reason": "出口增长。"}
    facts |= {"document": CIRCULAR, "issued_on": clock.today(), "case_id": failed.case_id}
    for outcome in ("rectify", "pass"):
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(insert(Commendation).values(**facts, outcome=outcome))
    with pytest.raises(commendation.NotPassed), transaction() as session:
        commendation.enter(session, failed.case_id, [(failed, "出口增长。")], CIRCULAR, clock.today())


@ONE
def test_s_2_4_the_form_takes_only_a_base_that_passed_and_at_least_one(year):
    failed = entries(year)[-1]
    with reading() as session, pytest.raises(commendation.NotPassed):
        commendation.chosen(session, YEAR, {"bases": [{"number": failed.number, "praise": "yes", "reason": "无。"}]})
    praise = Praise()
    with pytest.raises(cases.Invalid) as refused:
        praise.do("chen.jing", "propose", praise.list(outcome="submit"))
    assert [each.code for each in refused.value.detail["problems"]] == ["commendation.nobody"]


@ONE
def test_a_breach_or_a_lower_rank_is_no_candidate_and_the_share_is_a_parameter(year):
    first, second, third, *_rest = entries(year)
    with transaction() as session:
        parameters.change(session, commendation.SHARE, 23, clock.today())
        breach.record(
            session,
            base_id=first.base_id,
            organ_id=moves.base(session, "B011").organ_id,
            city=first.city,
            kind=breach.MISSING,
            duty="annual_report",
            year=YEAR,
            due_on=clock.today().replace(year=YEAR, month=2, day=15),
            due_kind="text",
            clause="8",
            case_id=None,
            evidence="未报送",
            at=clock.now(),
        )
    proposed = {row["number"]: row["proposed"] for row in Praise().list()["bases"]}
    assert [proposed[each.number] for each in (first, second, third)] == ["no", "yes", "no"]


@ONE
def test_nobody_but_an_officer_begins_and_a_year_without_results_has_nobody_to_praise(year):
    with pytest.raises(Forbidden):
        commendation.start(YEAR, by=year.person("gao.yuan"), key="other")
    with pytest.raises(commendation.NothingPassed):
        commendation.start(YEAR - 1, by=year.person("chen.jing"), key="before")
