"""An expert review walked through by the people of the demo, whichever case calls it."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from sqlalchemy import select

from bases.review import panel
from engine import cases
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files, people
from ground.database import reading, transaction
from ground.people import Person
from tasks import queue
from tests.bases import moves
from tests.ground.papers import png

DRAWN = {"confirmed": ["checked"]}
CONFIRMED = {"outcome": "confirm", "verified": ["seed", "excluded", "replay"]}
ACCEPTED = {"outcome": "accept", "pledge": ["signed"]}
DECLINED = {"outcome": "decline", "reason": "busy"}
GOOD = {"c1": "20", "c2": "12", "c3": "20", "c4": "12", "c5": "16", "opinion": "材料翔实。", "pledge": ["agreed"]}
REPORT = {"strengths": "产业集聚明显。", "problems": "品牌不强。", "advice": "建议实地考察。"}


class Review:
    """The review within one case: who sits, and what each of them does."""

    def __init__(self, case_ref: str) -> None:
        self.ref = case_ref

    def row(self) -> Any:
        with reading() as session:
            return session.execute(select(Case).where(Case.ref == self.ref)).one()

    def panel(self) -> Any:
        with reading() as session:
            return panel.newest(session, self.row().id)

    def seats(self) -> list[str]:
        """The logins of who sits now."""
        with reading() as session:
            return self._logins(session, panel.seats(session, self.panel().id))

    def invited(self) -> list[str]:
        """The logins of who is asked now."""
        with reading() as session:
            rows = panel.drawn_seats(session, self.panel().id)
            return self._logins(session, [row.person_id for row in rows if row.answer == panel.INVITED])

    def open(self) -> list[str]:
        """The elements that wait, without the processes they stand in."""
        with reading() as session:
            rows = session.execute(select(Wait.element).where(Wait.case_id == self.row().id).order_by(Wait.id))
            return [row.element.rpartition(":")[2] for row in rows]

    def actor(self, login: str) -> people.Actor:
        with reading() as session:
            return moves.actor(session, login, clock.now())

    def do(self, login: str, answers: Mapping[str, Any]) -> cases.Moved:
        """This person's task of the case, claimed if need be, and done."""
        by = self.actor(login)
        with transaction() as session:
            wait = queue.page(session, by, queue.Filters(q=self.row().number)).items[0]
            queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=wait.ref)

    def to_the_invitations(self, conflicts: list[dict[str, str]] | None = None) -> "Review":
        self.do("chen.jing", {**DRAWN, "conflicts": conflicts or []})
        self.do("xu.hong", CONFIRMED)
        return self

    def to_the_scores(self) -> "Review":
        self.to_the_invitations()
        for login in self.invited():
            self.do(login, ACCEPTED)
        return self

    def score(self, sheet: Callable[[int], Mapping[str, Any]] = lambda _place: GOOD) -> "Review":
        for place, login in enumerate(self.seats()):
            self.do(login, sheet(place))
        return self

    def elect(self, leader: int = 0, **more: str) -> str:
        """Everybody votes for the same member; gives the leader's login."""
        members = self.seats()
        code = self.actor(members[leader]).ref
        for login in members:
            self.do(login, {"leader": code, **({"dissent": more[login]} if login in more else {})})
        return members[leader]

    def scans(self, login: str = "chen.jing") -> dict[str, Any]:
        with transaction() as session:
            by = moves.actor(session, login, clock.now())
            kept = [files.store(session, BytesIO(png()), f"签字{n}.png", by, clock.now()).ref for n in (1, 2)]
        return {"sheets": [kept[0]], "report": kept[1]}

    def to_the_end(self) -> cases.Moved:
        """From the draw to the signed scans, with nothing out of the ordinary."""
        self.to_the_scores().score()
        self.do(self.elect(), REPORT)
        return self.do("chen.jing", self.scans())

    @staticmethod
    def _logins(session: Any, persons: list[int]) -> list[str]:
        known = dict(tuple(row) for row in session.execute(select(Person.id, Person.login)))
        return [known[person] for person in persons]
