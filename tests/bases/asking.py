"""One consultation on the conditions of admission, begun by itself, and who does what in it."""

from sqlalchemy import select

from bases import register
from bases.review import eligibility, gate
from engine import cases, forms
from engine.cases import Case
from engine.forms import FormContext
from engine.waits import Wait
from ground import clock, people
from ground.database import reading, transaction
from tasks import queue
from tests.bases import moves
from tests.bases.panels import Review

LIAISONS = {
    "sc-market": "fan.yu",
    "sc-ecology": "jin.lu",
    "sc-emergency": "hu.peng",
    "sc-ip": "bai.xue",
    "cd-customs": "ren.jie",
    "sc-tax": "cui.hao",
    "sc-industry": "peng.cheng",
}
FOUR = {
    "policy": ["sc_industry"],
    "quality": ["sc_market"],
    "environment": ["sc_ecology"],
    "safety": ["sc_emergency"],
    "property": ["sc_market"],
    "competition": ["sc_market"],
    "law": ["sc_market"],
    "other": ["sc_market"],
}


class Asking:
    """One consultation about the base of 筠连, and who does what in it."""

    def __init__(self, round_: int = 1, **changed: object) -> None:
        with reading() as session:
            base = moves.base(session, "B042")
        facts = {"subject": register.subject(base.id), "region": base.county, "organ": base.organ_id}
        self.ref = cases.start(
            "consultation", **facts, title="筠连红茶", data={"round": round_}, by=people.SYSTEM, key=f"ask-{round_}"
        ).ref
        with reading() as session:
            self.case = session.execute(select(Case).where(Case.ref == self.ref)).one()
            begins = forms.prefilled("consultation_request", session, self.case)
        self.do("chen.jing", {**begins, **FOUR, **changed})

    def open(self) -> list:
        with reading() as session:
            return session.execute(select(Wait).where(Wait.case_id == self.case.id).order_by(Wait.id)).all()

    def of(self, login: str, item: str | None = None):
        with reading() as session:
            by = moves.actor(session, login, clock.now())
            found = queue.page(session, by, queue.Filters(q=self.case.number)).items
        return by, next((each for each in found if item in {None, each.item}), None)

    def do(self, login: str, answers: dict, item: str | None = None):
        by, wait = self.of(login, item)
        with transaction() as session:
            if wait.held_by is None:
                queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=wait.ref)

    def answer(self, organ: str, **said: str):
        """This organ answers 无 to all it is asked about, but what is said otherwise."""
        return self.do(LIAISONS[organ], {"answers": self.rows(organ, **said), "signer": "联络员"}, organ)

    def rows(self, organ: str, **said: str) -> list[dict]:
        with reading() as session:
            listed = forms.prefilled("consultation_opinion", session, self.case, organ)["answers"]
        return [{**row, "answer": said.get(row["item"], "none"), "evidence": "系统查询，2026-11-23"} for row in listed]

    def all_answer(self, **said: str):
        for organ in ("sc-industry", "sc-market", "sc-ecology", "sc-emergency"):
            moved = self.answer(organ, **said)
        return moved

    def admission(self) -> str:
        with reading() as session:
            return eligibility.total(eligibility.newest(session, self.case.id))

    def gate(self, **answers: object) -> list:
        with reading() as session:
            found = gate.at_intake({"outcome": "accept", **answers}, FormContext(session, self.case))
            assert gate.before_the_notice({"outcome": "return"}, FormContext(session, self.case)) == []
        return [(problem.path, problem.code) for problem in found]

    def change(self, login: str, answers: dict):
        with reading() as session:
            by = moves.actor(session, login, clock.now())
        return cases.send(self.ref, "consultation.change", answers, by=by, key=f"{answers}")


def requested(case_ref: str) -> dict:
    """The request as it begins, with one organ asked about everything."""
    with reading() as session:
        case = session.execute(select(Case).where(Case.ref == case_ref)).one()
        begins = forms.prefilled("consultation_request", session, case)
    return {**begins, **{check: ["sc_market"] for check in FOUR}}


def answered(case_ref: str, organ: str, **said: str) -> dict:
    """What this organ sends: 无 to all that it is asked about, but what is said otherwise."""
    with reading() as session:
        case = session.execute(select(Case).where(Case.ref == case_ref)).one()
        listed = forms.prefilled("consultation_opinion", session, case, organ)["answers"]
    rows = [{**row, "answer": said.get(row["item"], "none"), "evidence": "系统查询，2026-11-23"} for row in listed]
    return {"answers": rows, "signer": "联络员"}


def asked_of(case_ref: str, **said: str) -> cases.Moved:
    """Within a case that has called the consultation: one organ is asked about everything, and answers."""
    review = Review(case_ref)
    review.do("chen.jing", requested(case_ref))
    return review.do(LIAISONS["sc-market"], answered(case_ref, "sc-market", **said))
