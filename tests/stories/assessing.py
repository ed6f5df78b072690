"""A yearly assessment walked through: the campaign's own case, and the cases of its bases."""

from io import BytesIO
from typing import Any

from sqlalchemy import select

from bases import demo
from bases.demo.papers import pdf
from bases.register.base import Base
from bases.review import panel
from bases.verdicts import assessment, assessment_steps, campaign, campaign_steps
from engine import cases
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files, grants, organs, people
from ground.database import reading, transaction
from ground.people import Person
from tasks import queue
from tests.bases import issuing, moves
from tests.bases.panels import REPORT, Review
from tests.stories.test_batch import Office, work

PLAN = {
    "campaign_year": 2027,
    "opens_on": "2026-11-23",
    "closes_on": "2026-12-18",
    "rolling": 3,
    "criteria": "article12",
    "outcome": "open",
}
MATERIAL = {
    **{f"a{n}": f"第{n}项情况。" for n in range(1, 8)},
    "funds_planned": "500",
    "funds_used": "450",
    "platforms": [{"platform": "检测平台", "users": 12, "uses": 80, "cost": "30"}],
    "signer": "王强",
}
OPINION = {
    "complete": True,
    **{f"a{n}": "met" for n in range(1, 8)},
    "opinion": "拟同意上报。",
    "outcome": "forward",
}
AGREED = {"opinion": "同意。", "outcome": "agree"}
CHECKED = {"verified": ["material", "letter"], "opinion": "材料齐全。", "outcome": "accept"}
NONE = {f"g{code}": "none" for code in ("14a", "14b", "14c")}
RECHECKED = {"verified": ["scores", "file", "grounds"], "opinion": "程序合规。", "outcome": "confirm"}
MEETING = {"minutes_number": "〔2026〕9号", "topic": "年度考核结果", "outcome": "agree"}
FULL = {"a1": 10, "a2": 15, "a3": 15, "a4": 30, "a5": 10, "a6": 10, "a7": 10}


def sheet(total: str) -> dict[str, Any]:
    """A sheet that comes to this total, with a comment at each score."""
    left = int(float(total) * 2)
    answers: dict[str, Any] = {"pledge": ["agreed"], "opinion": "见各项说明。"}
    for code, full in FULL.items():
        halves = min(left, full * 2)
        left -= halves
        answers |= {code: f"{halves / 2:.1f}", f"{code}_comment": "见材料。"}
    return answers


class Year(Office):
    """The campaign's own case."""

    def __init__(self) -> None:
        self.case = campaign.begin(by=self.person("chen.jing"), key="campaign").ref

    def open_all(self, **changes: object) -> None:
        self.do("chen.jing", "plan", {**PLAN, **changes})
        work()

    def entries(self) -> dict[str, Any]:
        """The campaign's bases by the demo's name for them."""
        with reading() as session:
            found = assessment.of_campaign(session, self.row().id)
            organ_of = dict(tuple(row) for row in session.execute(select(Base.id, Base.organ_id)))
            bodies = organs.bodies(session, set(organ_of.values()))
            return {bodies[organ_of[each.base_id]].code.removeprefix("base-"): each for each in found}

    def row(self) -> Any:
        with reading() as session:
            return campaign.of_subject(session, session.scalar(select(Case.subject).where(Case.ref == self.case)))

    def first_list(self) -> dict[str, Any]:
        with reading() as session:
            case = session.execute(select(Case).where(Case.ref == self.case)).one()
            return campaign_steps.list_of_results(session, case)

    def hear(self, **changes: object) -> None:
        """List what is decided, and let the meeting hear of it."""
        self.do("chen.jing", "results", self.first_list())
        scan = {"minutes_scan": self.paper("gao.yuan"), "met_on": clock.today().isoformat()}
        self.do("gao.yuan", "meeting", {**MEETING, **scan, **changes})


class Assessed:
    """The case of one base, from its self-assessment to the decision."""

    def __init__(self, year: Year, key: str) -> None:
        self.key = key
        self.case = year.entries()[key].case_ref

    def person(self, login: str) -> people.Actor:
        with reading() as session:
            return moves.actor(session, login, clock.now())

    def row(self) -> Any:
        with reading() as session:
            return session.execute(select(Case).where(Case.ref == self.case)).one()

    def open(self) -> list[str]:
        with reading() as session:
            rows = session.execute(select(Wait.element).where(Wait.case_id == self.row().id).order_by(Wait.id))
            return [row.element for row in rows]

    def do(self, login: str, element: str, answers: dict[str, Any]) -> cases.Moved:
        by = self.person(login)
        with transaction() as session:
            items = queue.page(session, by, queue.Filters(element=element, q=self.row().number)).items
            wait = next(item for item in items if item.case_ref == self.case)
            if wait.held_by is None:
                queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=f"{wait.ref}{answers.get('outcome')}")

    def paper(self, login: str) -> str:
        with transaction() as session:
            return files.store(session, BytesIO(pdf(["signed"])), "扫描件.pdf", self.person(login), clock.now()).ref

    def send(self, **changes: object) -> None:
        filler = f"filler.{self.key}"
        self.do(filler, "self", {**MATERIAL, "stamped": self.paper(filler), **changes})

    def up(self) -> None:
        """From the base over the county and the chain of its city to the department."""
        self.send()
        if "authority_review" in self.open():
            answers = {"verified": ["bodies"], "opinion": "属实。", "outcome": "forward", "signer": "杨丽"}
            self.do(f"county.{self.key}", "authority_review", {**answers, "signed_on": clock.today().isoformat()})
        city = f"city.{self.key}"
        self.do(city, "city_review", OPINION)
        letter = {
            "incoming_number": f"考商〔2026〕{self.key[2:].lstrip('0')}号",
            "signer": "曹云",
            "outcome": "forward",
        }
        self.do(city, "report", {**letter, "dated_on": clock.today().isoformat(), "scan": self.paper(city)})

    def scored(self, total: str) -> None:
        self.do("chen.jing", "check", CHECKED)
        review = Review(self.case)
        review.to_the_scores()
        review.score(lambda _place: sheet(total))
        review.do(review.elect(), REPORT)
        review.do("chen.jing", review.scans())

    def to_the_grounds(self, total: str) -> None:
        self.up()
        self.scored(total)
        self.do("chen.jing", "visit_decision", {"outcome": "skip", "reason": "材料已能说明情况。"})

    def to_the_decision(self, total: str, **grounds: object) -> None:
        self.to_the_grounds(total)
        self.do("chen.jing", "grounds", {**NONE, **grounds})
        self.do("xu.hong", "recheck", RECHECKED)

    def confirmed(self, code: str = "14c") -> dict[str, object]:
        """The answers that confirm a ground, with its facts and evidence."""
        evidence = [self.paper("chen.jing")]
        return {f"g{code}": "confirmed", f"g{code}_facts": "安全生产事故一起。", f"g{code}_evidence": evidence}

    def decide(self, outcome: str, **changes: object) -> cases.Moved:
        signed = {"outcome": outcome, "reason": "同意。", "signer": "高远", "decided_on": clock.today().isoformat()}
        return self.do("gao.yuan", "decide", {**signed, **changes})

    def assessment(self) -> Any:
        with reading() as session:
            return assessment.of_case(session, self.row().id)

    def first_values(self) -> dict[str, Any]:
        with reading() as session:
            return assessment_steps.last_years(session, self.row())

    def experts(self) -> list[str]:
        with reading() as session:
            seats = panel.seats(session, panel.newest(session, self.row().id).id)
            return [row.login for row in session.execute(select(Person.login).where(Person.id.in_(seats)))]


def lay(tmp_path: Any, keys: tuple[str, ...]) -> None:
    """The papers, the staff of the department, and for these bases a filler, a county and a city officer."""
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    issuing.staff()
    with transaction() as session:
        for key in keys:
            base = moves.base(session, key)
            held = [("filler", "base_filler", f"base-{key}"), ("city", "city_officer", f"city-{base.city}")]
            held += [("county", "base_authority", f"county-{base.county}")] if base.county else []
            for who, role, organ in held:
                person = people.add_person(session, f"{who}.{key}", f"{who}{key}", f"{who} {key}")
                grants.give(session, person, role, organs.body(session, organ).id, clock.today())
