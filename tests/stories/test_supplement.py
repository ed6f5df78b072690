"""A notice to supplement from its draft to its service, begun by itself (R-9.2, N-7)."""

import pytest
from sqlalchemy import select

from bases import register
from bases.filing import supplement
from engine import cases, forms
from engine.cases import Case
from engine.waits import Wait
from ground import clock, people
from ground.database import reading, transaction
from tasks import letters, queue
from tests.bases import moves

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ITEMS = [
    {"field": "tax", "missing": "缺上年数据。"},
    {"field": "email", "missing": "格式有误。"},
    {"field": "plan", "missing": "规划未盖章。"},
]


class Supplement:
    """One case of the process about the base of 筠连."""

    def __init__(self) -> None:
        with reading() as session:
            base = moves.base(session, "B042")
        facts = {"subject": register.subject(base.id), "region": base.county, "organ": base.organ_id}
        self.ref = cases.start("supplement", **facts, title="筠连红茶", by=people.SYSTEM, key="supplement").ref
        with reading() as session:
            self.case = session.execute(select(Case).where(Case.ref == self.ref)).one()

    def do(self, login: str, answers: dict):
        with transaction() as session:
            by = moves.actor(session, login, clock.now())
            wait = queue.page(session, by, queue.Filters(q=self.case.number)).items[0]
            queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=wait.ref)

    def draft(self):
        with reading() as session:
            begins = forms.prefilled("supplement_notice", session, self.case)
        return self.do("chen.jing", {**begins, "items": ITEMS})

    def waiting(self) -> list[str]:
        with reading() as session:
            return [row.element for row in session.execute(select(Wait).where(Wait.case_id == self.case.id))]

    def earlier(self) -> None:
        """A first notice was served, and the base has filed again."""
        with transaction() as session:
            today = clock.today()
            notice = {"items": ITEMS[:1], "hand_in": "在线", "due_on": today, "reason": ""}
            supplement.serve(session, self.case.id, notice, today)
            supplement.answer(session, self.case.id, today)


def test_r_9_2_two_fields_and_one_file_missing_are_one_notice_told_to_base_and_city(database):
    case = Supplement()
    assert case.draft().outcome == "notice_served"
    with reading() as session:
        (notice,) = supplement.of_case(session, case.case.id)
        assert len(notice.items) == 3
        assert str(notice.due_on) == "2026-12-07"
        for login in ("liu.min", "zhou.ping"):
            told = letters.inbox(session, moves.actor(session, login, clock.now()))
            assert [letter.template for letter in told] == ["supplement_notice"]
        view = cases.look(session, case.ref, moves.actor(session, "liu.min", clock.now()))
    assert [sent.answers["items"] for sent in view.submissions] == [ITEMS]


@ONE
def test_r_9_2_a_second_round_asks_the_head_and_goes_nowhere_without_approval(database):
    case = Supplement()
    case.earlier()
    assert case.draft().outcome is None
    assert case.waiting() == ["approve"]

    assert case.do("ma.jun", {"outcome": "refuse", "reason": "应当一次性告知。"}).outcome == "not_supplemented"

    with reading() as session:
        assert len(supplement.of_case(session, case.case.id)) == 1
        view = cases.look(session, case.ref, moves.actor(session, "liu.min", clock.now()))
    assert "approve" not in {sent.element for sent in view.submissions}


@ONE
def test_r_9_2_a_second_round_that_the_head_approves_is_served(database):
    case = Supplement()
    case.earlier()
    case.draft()
    with pytest.raises(cases.Invalid):
        case.do("ma.jun", {"outcome": "approve"})
    with reading() as session:
        actor = moves.actor(session, "ma.jun", clock.now())
        ref = queue.page(session, actor, queue.Filters(q=case.case.number)).items[0].ref
    moved = cases.complete(ref, {"outcome": "approve", "reason": "新发现材料缺页。"}, by=actor, key="again")
    assert moved.outcome == "notice_served"
    with reading() as session:
        second = supplement.of_case(session, case.case.id)[-1]
    assert (second.round, second.approved_by, second.reason) == (2, actor.person, "新发现材料缺页。")
