"""A ground of Article 14 stands with a named person and evidence, or not at all."""

from datetime import date
from types import SimpleNamespace

import pytest

from bases.verdicts import assessing, assessment, campaign, decision, grounds
from ground.clock import local_day
from tests.bases import moves
from tests.conftest import MORNING


@pytest.fixture
def case(session):
    """An assessment of B011 that scored 95, and who handles it."""
    by = moves.actor(session, "chen.jing", MORNING)
    number = campaign.prepare(session, by.person, MORNING)
    planned = campaign.Plan(2026, date(2026, 11, 1), date(2026, 11, 30), None, "article12")
    facts = moves.open_case(session, "B011", MORNING)
    campaign.plan(session, number, facts.id, planned)
    assessment.open_all(session, campaign.by_id(session, number), local_day(MORNING))
    base = moves.base(session, "B011")
    assessment.enter(session, number, facts.id, base.id)
    row = assessment.of_case(session, facts.id)
    assessment.amend(session, row.id, total=9500, proposal="pass")
    place = {"id": facts.id, "ref": facts.ref, "subject": facts.subject, "region": facts.region}
    return SimpleNamespace(**place, organ=base.organ_id, title=base.name, base=base.id, by=by.person)


def confirm(session, case, code: str = "14a", **changes: object) -> None:
    facts = {"evidence": "机构已撤销。", "by": case.by, "at": MORNING, **changes}
    grounds.confirm(session, case_id=case.id, base_id=case.base, code=code, **facts)


def signature(outcome: str, person: int) -> decision.Signature:
    return decision.Signature(person, MORNING, local_day(MORNING), outcome, "同意。")


@pytest.mark.parametrize("changes", [{"by": None}, {"evidence": " "}])
def test_without_a_person_or_without_evidence_there_is_no_ground(session, case, changes):
    with pytest.raises(grounds.Unconfirmed):
        confirm(session, case, **changes)
    assert grounds.confirmed(session, case.id) == []


def test_the_text_knows_no_other_ground(session, case):
    with pytest.raises(grounds.UnknownGround):
        confirm(session, case, "score")


@pytest.mark.parametrize("code", grounds.ARTICLE_14)
def test_r_14_4_the_service_refuses_pass_with_any_of_the_three_grounds(session, case, code):
    """Whoever signs, and whatever the score."""
    confirm(session, case, code)
    with pytest.raises(assessing.PassShut):
        assessing.decide(session, case, signature("pass", case.by), "评分很高。")
    assert assessment.of_case(session, case.id).outcome is None


def test_r_11_4_no_score_alone_leads_to_a_revocation(session, case):
    row = assessment.of_case(session, case.id)
    assessment.amend(session, row.id, total=0, proposal="rectify")
    with pytest.raises(assessing.NoGround):
        assessing.decide(session, case, signature("revoke", case.by), "评分为零。")
    with pytest.raises(assessing.UnknownOutcome):
        assessing.decide(session, case, signature("designate", case.by))


def test_a_ground_of_article_13_2_shuts_no_pass_of_an_assessment(session, case):
    confirm(session, case, "13.2a")
    assert grounds.of_article_14(session, case.id) == []
    assert assessing.decide(session, case, signature("pass", case.by)) is False


def test_what_was_confirmed_anew_stands_once(session, case):
    confirm(session, case)
    confirm(session, case, evidence="机构无人员、无活动。")
    (standing,) = grounds.confirmed(session, case.id)
    assert standing.evidence == "机构无人员、无活动。"
