"""One document on its way through the shipped process, with the people who act on it; the demo has not all of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bases.documents import document
from engine import cases
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files, grants, jobs, organs, people
from ground.database import reading, transaction
from tasks import queue
from tests.bases import moves
from tests.web.reviewing import PDF

TODAY = "2026-11-23"
STAFF = {
    "head": ("prov_division_head", "sc-mofcom"),
    "clerk": ("prov_office", "sc-mofcom"),
    "clerk2": ("prov_office", "sc-mofcom"),
    "finance": ("dept_liaison", "sc-finance"),
    "industry": ("dept_liaison", "sc-industry"),
    "customs": ("dept_liaison", "cd-customs"),
}
DRAFT = {
    "title": "四川省商务厅关于组织申报2026年度四川省外贸转型升级基地的通知",
    "main": ["cities_commerce"],
    "main_text": "各市（州）商务主管部门",
    "body": "现就有关事项通知如下：\n一、申报范围\n按第二条办理。",
    "disclosure": "open",
    "secrecy": "none",
    "urgency": "none",
    "cosigners": [],
    "cosign_mode": "all",
    "outcome": "submit",
}
REVIEWED = {"verified": ["facts", "wording", "disclosure"], "outcome": "approve"}
CHECKED = {"verified": ["kind", "words", "addressees", "disclosure"], "outcome": "approve"}
SIGNED = {"outcome": "approve", "signer": "高远"}
PROOFREAD = {"verified": ["procedure", "attachments", "format", "unchanged"], "outcome": "approve"}
SEALED = {"outcome": "approve", "sealed_on": TODAY, "copies": 30}
ISSUED = {"issued_on": TODAY, "publish": True}
CONFIRMED = {"verified": ["scan", "words", "signer", "day"], "outcome": "confirm"}


def staff() -> None:
    """Add whom the demo does not have."""
    with transaction() as session:
        for login, (role, organ) in STAFF.items():
            person = people.add_person(session, login, f"{login}某", login)
            grants.give(session, person, role, organs.body(session, organ).id, clock.today())


def person(login: str) -> people.Actor:
    """Somebody who acts."""
    with reading() as session:
        return moves.actor(session, login, clock.now())


class Issuing:
    """A case of document-issue, begun by itself."""

    def __init__(self, kind: str = "designation_call", key: str = "begin") -> None:
        with reading() as session:
            organ = organs.body(session, "sc-mofcom").id
        self.case = cases.start(
            "document_issue",
            subject=f"document:{key}",
            region="510000",
            organ=organ,
            title="公文",
            data={"kind": kind},
            by=person("chen.jing"),
            key=key,
        ).ref

    def row(self) -> Any:
        """The document as it stands."""
        with reading() as session:
            case_id = session.scalar(select(Case.id).where(Case.ref == self.case))
            return document.of_case(session, case_id)[-1]

    def open(self) -> list[str]:
        """The elements that wait."""
        with reading() as session:
            case_id = session.scalar(select(Case.id).where(Case.ref == self.case))
            rows = session.execute(select(Wait.element).where(Wait.case_id == case_id).order_by(Wait.id))
            return [row.element for row in rows]

    def outcome(self) -> str | None:
        """The end that the case reached."""
        with reading() as session:
            return session.scalar(select(Case.outcome).where(Case.ref == self.case))

    def do(self, login: str, element: str, answers: Mapping[str, Any]) -> cases.Moved:
        """Claim a task and send its form."""
        by = person(login)
        with transaction() as session:
            items = queue.page(session, by, queue.Filters(element=element)).items
            wait = next(item for item in items if item.case_ref == self.case)
            if wait.held_by is None:
                queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=wait.ref)

    def to_the_office(self, **changes: Any) -> "Issuing":
        """Drafted, and checked by the division."""
        self.do("chen.jing", "draft", {**DRAFT, **changes})
        self.do("head", "division_review", REVIEWED)
        return self

    def signed(self, **changes: Any) -> "Issuing":
        """Signed by the leader here, and proofread."""
        self.to_the_office(**changes)
        self.do("clerk", "office_check", CHECKED)
        self.do("gao.yuan", "sign", SIGNED)
        self.do("clerk", "proofread", PROOFREAD)
        return self

    def numbered(self, number: str = "川商贸发〔2026〕15号", **changes: Any) -> "Issuing":
        """With number, date and final PDF from the office's own system."""
        self.signed(**changes)
        self.do("clerk", "number_oa", {"number": number, "dated_on": TODAY, "final": scan("clerk")})
        return self

    def issued(self, number: str = "川商贸发〔2026〕15号", *, publish: bool = True, **changes: Any) -> "Issuing":
        """Sealed and sent out."""
        self.numbered(number, **changes)
        self.do("clerk", "seal", SEALED)
        self.do("clerk", "issue", {**ISSUED, "publish": publish})
        return self


def scan(login: str, name: str = "定稿.pdf") -> str:
    """A PDF that this person uploaded."""
    with transaction() as session:
        return files.store(session, _Bytes(PDF), name, moves.actor(session, login, clock.now()), clock.now()).ref


def run_jobs() -> None:
    """What was asked for after the commits."""
    jobs.run_due(clock.now())


class _Bytes:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, size: int, /) -> bytes:
        part, self._body = self._body[:size], self._body[size:]
        return part
