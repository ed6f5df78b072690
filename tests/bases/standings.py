"""A named base of the demo, a signed decision of its assessment, and whoever acts in what follows from it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import insert, select, update

from bases import register
from bases.demo.papers import pdf
from bases.register import change, title
from bases.verdicts.decision import Decision
from engine import cases
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files, jobs
from ground.database import Session, reading, transaction
from ground.ids import ref as new_ref
from ground.people import Actor
from tasks import queue, timers
from tests.bases import moves
from tests.bases.issuing import CHECKED, DRAFT, PROOFREAD, REVIEWED, SIGNED
from tests.bases.panels import Review

KEY = "B042"
OFFICER, CHECKER, LEADER, LEGAL = "chen.jing", "xu.hong", "gao.yuan", "zhong.lv"
FILLER, AUTHORITY, CITY = "liu.min", "yang.li", "zhou.ping"


def named(session: Session, key: str = KEY, *, national: bool = False) -> Any:
    """The base with a provincial name that was given by a signed decision; perhaps a national one as well."""
    case = moves.open_case(session, key, clock.now())
    leader = moves.actor(session, LEADER, clock.now()).person
    found = moves.base(session, key)
    signed = title.Signed(change.Source(clock.now(), date(2024, 6, 3), case.id, leader), "川商贸发〔2024〕9号")
    register.designate(session, found.id, signed)
    session.execute(update(Case).where(Case.id == case.id).values(status="closed"))
    if national:
        title.grant(session, found.id, title.NATIONAL, replace(signed, document_on=date(2024, 6, 3)))
    return register.by_id(session, found.id)


def assessed(session: Session, outcome: str = "rectify", key: str = KEY) -> int:
    """A signed decision of an assessment; returns the number of its case."""
    case = moves.open_case(session, key, clock.now())
    values = {
        "ref": new_ref(),
        "case_id": case.id,
        "base_id": moves.base(session, key).id,
        "kind": "assessment",
        "outcome": outcome,
        "clause": "13(2)",
        "reason": "出口额连续两年下降，公共服务平台没有运行。",
        "signed_by": moves.actor(session, LEADER, clock.now()).person,
        "signed_on": clock.today(),
        "signed_at": clock.now(),
        "document": None,
        "paper": None,
    }
    session.execute(insert(Decision).values(**values))
    return case.id


class Following(Review):
    """One case that follows from a decision on a name, and what its people do in it."""

    @classmethod
    def of_process(cls, process: str) -> "Following":
        """The newest case of this process."""
        with reading() as session:
            rows = session.execute(select(Case.ref, Case.number).order_by(Case.id.desc())).all()
            return cls(next(row.ref for row in rows if row.number.split("-")[1] == process))

    def act(self, login: str, element: str, answers: Mapping[str, Any], nth: int = 0) -> cases.Moved:
        """Claim one task at this element and send its form."""
        by = self.actor(login)
        with transaction() as session:
            items = queue.page(session, by, queue.Filters(q=self.row().number)).items
            found = [item for item in items if item.element.rpartition(":")[2] == element]
            assert found, f"{login} has no {element}; open: {self.open()}"
            if found[nth].held_by is None:
                queue.claim(session, found[nth].ref, by, clock.now())
        return cases.complete(found[nth].ref, answers, by=by, key=found[nth].ref)

    def kept(self, login: str, name: str) -> str:
        """A file that this person has uploaded."""
        with transaction() as session:
            return files.store(session, BytesIO(pdf(["scan"])), f"{name}.pdf", self.actor(login), clock.now()).ref

    def issue(self, number: str, **changes: Any) -> None:
        """Draft, check, sign, number, seal and issue the document that the case waits for."""
        on = clock.today().isoformat()
        words = {
            **DRAFT,
            "title": "公文",
            "main": ["applicant"],
            "main_text": "基地",
            "disclosure": "closed",
            **changes,
        }
        self.act(OFFICER, "draft", {**words, "disclosure_reason": "涉及单个基地"})
        self.act("ma.jun", "division_review", REVIEWED)
        self.act("luo.wen", "office_check", CHECKED)
        self.act(LEADER, "sign", SIGNED)
        self.act("luo.wen", "proofread", PROOFREAD)
        numbered = {"number": number, "dated_on": on, "final": self.kept("luo.wen", "定稿")}
        self.act("luo.wen", "number_oa", numbered)
        self.act("luo.wen", "seal", {"outcome": "approve", "sealed_on": on, "copies": 3})
        self.act("luo.wen", "issue", {"issued_on": on})

    def serve(self, **changes: Any) -> None:
        """Served on this day, with the scan of the proof."""
        proof = {
            "addressee": "筠连县红茶基地管理办公室",
            "way": "direct",
            "served_on": clock.today().isoformat(),
            "scan": self.kept(OFFICER, "送达回证"),
            "outcome": "served",
        }
        self.act(OFFICER, "serve", {**proof, **changes})

    def due(self, element: str) -> Any:
        """The wait at this element."""
        with reading() as session:
            wanted = select(Wait.due_on, Wait.due_kind).where(Wait.case_id == self.row().id, Wait.element == element)
            return session.execute(wanted).one()


def rectifying(*, national: bool = False) -> Following:
    """The case that a signed 限期整改 has asked for, begun after the commit."""
    with transaction() as session:
        found = named(session, national=national)
        assessment = assessed(session)
        facts = {"region": found.county, "organ": found.organ_id, "title": found.name}
        asked = cases.Beginning(
            "rectification", register.subject(found.id), key="assessment", data={"assessment": assessment}, **facts
        )
        assert cases.ask(session, asked)
    jobs.run_due(clock.now())
    return Following.of_process("整改")


def pass_days(stopped_clock: list[Any], day: date) -> None:
    """Go on to the morning of this day, with what falls due on the way."""
    stopped_clock[0] = clock.start_of(day) + timedelta(hours=1)
    for _ in range(4):
        timers.fire_due(clock.now())
    jobs.run_due(clock.now())


def base(key: str = KEY) -> Any:
    """The base as it stands."""
    with reading() as session:
        return moves.base(session, key)


def person(login: str) -> Actor:
    """Somebody who acts."""
    with reading() as session:
        return moves.actor(session, login, clock.now())
