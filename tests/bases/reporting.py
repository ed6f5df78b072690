"""The yearly reports of the demo's bases on a set clock, and the people who act on them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bases import demo
from bases.demo.papers import pdf
from bases.filing import annual, consolidated, duty, yearly
from bases.register import breach
from engine import cases, history
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files, grants, jobs, organs, people
from ground.database import Session, reading, transaction
from tasks import queue, timers
from tests.bases import moves

# login: role, organ. 绵阳市 is a whole city's base; 安州区 lies in it, 三江新区 in 宜宾市.
STAFF = {
    "fill.mianyang": ("base_filler", "base-B007"),
    "fill.anzhou": ("base_filler", "base-B035"),
    "fill.sanjiang": ("base_filler", "base-B014"),
    "sign.anzhou": ("base_authority", "county-510705"),
    "sign.sanjiang": ("base_authority", "county-511502"),
    "head.mianyang": ("city_section_head", "city-510700"),
    "leader.mianyang": ("city_leader", "city-510700"),
}


def staff() -> None:
    """Add them, from the first day of the calendar of the tests on."""
    with transaction() as session:
        for login in STAFF:
            _add(session, login)


def _add(session: Session, login: str) -> None:
    role, organ = STAFF[login]
    person = people.add_person(session, login, login, login)
    grants.give(session, person, role, organs.body(session, organ).id, clock.today())


TENTH = datetime(2026, 1, 10, 1, 0, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
SIGNED = {
    "verified": ["summary", "plan", "figures"],
    "opinion": "情况属实。",
    "outcome": "forward",
    "signer": "张三",
    "signed_on": "2026-01-10",
}
RETURNED = {"verified": ["summary"], "opinion": "需要修改。", "outcome": "return", "reason": "总结缺第三方面。"}
ACCEPTED = {"outcome": "accept"}
AGREED = {"opinion": "同意。", "outcome": "agree"}
LETTER = {"incoming_number": "绵商〔2026〕3号", "signer": "leader.mianyang", "outcome": "forward"}


def at(day: str, hour: int = 9, minute: int = 0) -> datetime:
    """This day and hour in Shanghai."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:{minute:02d}:00+08:00").astimezone(UTC)


def person(login: str):
    with reading() as session:
        return moves.actor(session, login, clock.now())


class Way:
    """One case of a report, and the people of the demo who act on it."""

    def __init__(self, kind: str, whose: str) -> None:
        with reading() as session:
            found = duty.of_period(session, kind, "2025")[whose]
            self.case = session.execute(select(Case).where(Case.id == found.case_id)).one()

    def duty(self) -> Any:
        with reading() as session:
            return duty.of_case(session, self.case.id)

    def standing(self) -> str:
        row = self.duty()
        with reading() as session:
            stood = duty.stood(session, [row], clock.now()).get(row.case_id, 0)
        return duty.standing(row, clock.now(), stood)

    def open(self) -> dict[str, Any]:
        with reading() as session:
            rows = session.execute(select(Wait).where(Wait.case_id == self.case.id)).all()
            return {row.element: row for row in rows}

    def do(self, login: str, element: str, answers: Mapping[str, Any]) -> cases.Moved:
        by = person(login)
        with transaction() as session:
            items = queue.page(session, by, queue.Filters(element=element)).items
            wait = next(each for each in items if each.case_ref == self.case.ref)
            queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=f"{wait.ref}-{clock.now()}")

    def lines(self) -> list[str]:
        with reading() as session:
            return [line.kind for line in history.read(session, self.case.id)]


class Report(Way):
    """The report of one base."""

    def __init__(self, key: str) -> None:
        with reading() as session:
            self.base = moves.base(session, key)
        super().__init__(duty.ANNUAL, yearly.subject(self.base.id))

    def breaches(self) -> list[tuple[str, str]]:
        with reading() as session:
            return [(row.kind, row.due_kind) for row in breach.of_base(session, self.base.id, *YEAR)]

    def fill(self, login: str, **changes: Any) -> cases.Moved:
        with reading() as session:
            first = annual.first_values(session, self.case)
        papers = {"summary_file": paper(login, "summary"), "plan_file": paper(login, "plan")}
        return self.do(login, "fill", {**first, **WORDS, **papers, **changes})


class City(Way):
    """The report of 绵阳市, with its own officer and the two signers."""

    def __init__(self) -> None:
        super().__init__(duty.CITY, yearly.city_subject("510700"))

    def consolidate(self, **changes: Any) -> cases.Moved:
        with reading() as session:
            first = consolidated.of_the_city(session, self.case)
        papers = {"summary_file": paper("lin.chao", "summary"), "plan_file": paper("lin.chao", "plan")}
        words = {"summary": "全市基地出口增长。", "plan": "继续推进。"}
        return self.do("lin.chao", "consolidate", {**first, **words, **papers, **changes})

    def sign(self) -> None:
        self.do("head.mianyang", "section_review", AGREED)
        self.do("leader.mianyang", "leader_sign", AGREED)

    def report(self, **changes: Any) -> cases.Moved:
        scan = paper("lin.chao", "letter")
        letter = {**LETTER, "dated_on": clock.today().isoformat(), "scan": scan}
        return self.do("lin.chao", "report", {**letter, **changes})

    def breaches(self) -> list[tuple[bool, str]]:
        """Of each breach in the city: whether it is a base's, and its kind."""
        with reading() as session:
            return [(row.base_id is not None, row.kind) for row in breach.of_city(session, "510700", *YEAR)]


WORDS = {
    **{f"summary_{number}": "按要求开展工作。" for number in range(1, 8)},
    "plan_goals": "出口增长10%。",
    "plan_tasks": [{"item": "a3", "what": "建成检测平台", "until": "2026年10月"}],
}


def paper(login: str, words: str) -> str:
    with transaction() as session:
        return files.store(session, BytesIO(pdf([words, login])), f"{words}.pdf", person(login), clock.now()).ref


def let_pass(stopped_clock, moment: datetime) -> None:
    """The clock goes to this moment, and the house does what was due on the way, each at its own time."""
    stopped_clock[0] = moment
    timers.fire_due(moment)


def begin() -> int:
    """What the calendar asks for today, begun."""
    with transaction() as session:
        asked = yearly.when_due(session, clock.today())
    while jobs.run_due(clock.now(), 100):
        pass
    return asked


def half_reported(stopped_clock, folder: Path) -> None:
    """24 February 2026: 绵阳市 has reported in time, 安州区 not at all."""
    files.keep_in(folder)
    stopped_clock[0] = TENTH
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    staff()
    begin()
    Report("B007").fill("fill.mianyang")
    let_pass(stopped_clock, at("2026-02-16", 0, 1))
    stopped_clock[0] = at("2026-02-24")
