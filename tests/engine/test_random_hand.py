"""Random cases under many hands: moved, suspended, resumed, corrected, cancelled, beside the oracle and the calendar.

The diagrams hold subprocesses, called processes, multi-instances, loops and timers at edges. After every act the rows
that wait are what the oracle says, with their dates, and the history says how the case stood before and after, and why.
"""

import os
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from engine import cases, definitions, history
from engine.spiff.instance import Instance, Token
from engine.steps import Move, step
from engine.waits import Timer, Wait
from ground import clock
from ground.database import reading
from tasks import timers
from tests.engine import desk, flows
from tests.engine.diagrams import flow, user
from tests.engine.spiff.oracle import Oracle
from tests.engine.spiff.play import Host
from tests.engine.spiff.random_hand import Caller, Hand, place, sources, targets

SEEDS = int(os.environ.get("JIDI_RANDOM_SEEDS", "50")) // 6
STEPS = 25
WHY = "按负责人意见"


@step("trials.note")
def _note(_move: Move) -> Mapping[str, Any]:
    return {}


def folder(body: bytes, asks: list[str]) -> dict[str, bytes]:
    """The diagram as a process; what its loops ask is answered once, in a task before everything, and by hand."""
    fields = [{"name": ask, "type": "flag", "label": ask} for ask in asks]
    answers = {"title": "问", "scalars": asks, "sections": [{"title": "问", "fields": fields}]}
    first = user("first", jidi_form="answers" if asks else "opinion") + flow("S", "first", id="f")
    drawn = body.decode().replace('"note"', '"trials.note"').replace('sourceRef="S"', 'sourceRef="first"')
    drawn = drawn.replace("</process>", f"{first}</process>", 1)
    more = {"forms/answers.json": orjson.dumps(answers)} if asks else {}
    return {**flows.folder("p", ""), "p.bpmn": drawn.encode(), **more}


class Desk:
    """One case of a random diagram, and what the oracle and the calendar say of it."""

    def __init__(self, seed: int, moment: list[datetime]) -> None:
        self.seed, self.moment = seed, moment
        self.chance = Random(seed)  # noqa: S311  orders, not secrets
        draughtsman = Caller(Random(seed))  # noqa: S311
        body, shape = draughtsman.diagram()
        self.asks = re.findall(r'<userTask id="(again[^"]*)"', body.decode())
        desk.publish(folder(body, self.asks))
        self.oracle, self.targets = Oracle(shape), targets(shape)
        self.officer = desk.person(f"officer{seed}", "prov_officer")
        self.head = desk.person(f"head{seed}", "prov_division_head")
        self.case = desk.start("p", self.officer, key=f"{seed}", data=draughtsman.lists)
        with reading() as session:
            self.diagram = definitions.pinned(session, desk.row(self.case).release_id).diagram
        desk.do(self.case, "first", self.officer, dict.fromkeys(self.asks, False) or desk.FORWARD)
        self.acts: Counter[str] = Counter()
        self.due: dict[str, datetime] = {}
        self.compare("begun")

    def run(self) -> Counter[str]:
        """Act at random until the case is over; it is ended by hand if it takes too long."""
        ways = [self.do, self.do, self.fire, self.move, self.move, self.rest, self.correct]
        for _ in range(STEPS):
            if not self.oracle.places():
                return self.acts
            # Every act fires first what is due; so that is compared by itself.
            late = any(row.due_at <= clock.now() for row in self._rows(Timer))
            (self.fire if late else self.chance.choice(ways))()
        self.cancel()
        return self.acts

    def do(self) -> None:
        tasks = self._rows(Wait)
        if not tasks:
            return
        row = self.chance.choice(tasks)
        token = self._token(row.token)
        at, again = place(token), bool(token.data.get(token.element.id))
        if row.held_by is None:
            desk.claim(row.ref, self.officer)
        cases.complete(row.ref, desk.FORWARD, by=self.officer, key=f"k{row.ref}")
        self.oracle.act(at, again=again)
        self.compare(f"did {at}")

    def fire(self) -> None:
        """The moment of the first timer comes, and with it that of all that were opened together with it."""
        rows = sorted(self._rows(Timer), key=lambda row: (row.due_at, row.id))
        if not rows:
            return
        self.moment[0] = max(rows[0].due_at, self.moment[0])
        due = [place(self._token(row.token)) for row in rows if row.due_at <= self.moment[0]]
        timers.fire_due(clock.now())
        for at in due:
            if at in self.oracle.places():
                self.oracle.act(at)
        self.compare(f"fired {due}")

    def move(self) -> None:
        from_ = sources(self.oracle.top)
        if not from_ or not self.targets:
            return
        at, to = self.chance.choice(from_), self.chance.choice(self.targets)
        token = next(token.id for token in self._tokens() if place(token) == at)
        before = self._standing()
        self._act("move", source=self._named(at[0]), target=self._named(to), token=token)
        Hand(at, to, []).moved(self.oracle.top)
        self.compare(f"moved {at} to {to}")
        self._told("case.moved", before)

    def rest(self) -> None:
        """Suspended for some days in which nobody can do anything; then all dates move on by as much."""
        before, rested = (
            self._standing(),
            timedelta(days=self.chance.randint(0, 9), minutes=self.chance.randint(1, 900)),
        )
        self._act("suspend")
        self._told("case.suspended", before)
        self.moment[0] += rested
        assert timers.fire_due(clock.now()) == 0
        for name in ("suspend", "move", "correct"):
            more = {"move": {"source": "S", "target": "E"}, "correct": {"scalar": "outcome", "value": "return"}}
            with pytest.raises(cases.Suspended):
                self._act(name, **more.get(name, {}))
        if tasks := self._rows(Wait):
            with pytest.raises(cases.Suspended):
                cases.complete(
                    self.chance.choice(tasks).ref, desk.FORWARD, by=self.officer, key=f"asleep{self.moment[0]}"
                )
        if self.chance.random() < 0.1:
            self.cancel()
            return
        self._act("resume")
        self._told("case.resumed", before)
        self.due = {token: due + rested for token, due in self.due.items()}
        self.compare(f"rested {rested}")

    def correct(self) -> None:
        """What a loop asks is answered otherwise, where it stands, and its gateway reads that."""
        asked = [token for token in self._tokens() if token.element.id in self.asks]
        if not asked:
            return
        before, token = self._standing(), self.chance.choice(asked)
        ask, old = token.element.id, token.data[token.element.id]
        self._act("correct", scalar=ask, value=not old, token=token.id)
        self.compare(f"corrected {ask}")
        line = self._told("case.corrected", before)
        assert (line.detail["name"], line.detail["old"], line.detail["new"]) == (ask, old, not old), self._at(ask)
        assert self._token(token.id).data[ask] is not old, self._at(f"corrected {ask}")

    def cancel(self) -> None:
        before = self._standing()
        self._act("cancel")
        self.oracle.top.all, self.oracle.top.done, self.due = [], True, {}
        self._told("case.cancelled", before)
        assert (desk.row(self.case).status, self._rows(Wait), self._rows(Timer)) == ("closed", [], [])

    def compare(self, what: str) -> None:
        """The rows that wait, the places of the oracle, and the dates; and the clock goes on a little."""
        places = sorted((id_, tuple(sorted(items))) for id_, items in self.oracle.places())
        assert sorted(map(place, self._tokens())) == places, self._at(what)
        assert (desk.row(self.case).status == "closed") == (not places), self._at(what)
        rows = [*self._rows(Wait), *self._rows(Timer)]
        assert sorted(row.token for row in rows) == sorted(token.id for token in self._tokens()), self._at(what)
        due = {row.token: row.due_at for row in self._rows(Timer)}
        fresh = clock.now() + timedelta(days=1)
        assert due == {token: self.due.get(token, fresh) for token in due}, self._at(what)
        self.due = due
        self.moment[0] += timedelta(minutes=7)

    def _act(self, name: str, **more: Any) -> None:
        self.acts[name] += 1
        getattr(cases, name)(self.case, by=self.head, reason=WHY, key=f"{name}{self.acts[name]}", **more)

    def _told(self, kind: str, before: list[str]) -> Any:
        """The line of the act: by whom, how it stood before and after, and why."""
        with reading() as session:
            row = desk.row(self.case)
            lines = history.read(session, row.id)
            assert history.verify(session, row.id, history.Head(row.seq, row.head)) is None, self._at(kind)
        line = [line for line in lines if line.kind == kind][-1]
        told = (line.by_person, line.detail["before"], line.detail["after"], line.detail["reason"])
        assert told == (self.head.person, before, self._standing(), WHY), self._at(kind)
        return line

    def _standing(self) -> list[str]:
        return sorted(id_ for id_, _ in self.oracle.places())

    def _tokens(self) -> list[Token]:
        return Instance.thaw(desk.row(self.case).state, self.diagram, Host()).tokens()

    def _token(self, id_: str) -> Token:
        return next(one for one in self._tokens() if one.id == id_)

    def _named(self, id_: str) -> str:
        """The element, with its process before it if that is a called one."""
        every = self.diagram.every.values()
        return self.diagram.place(next(each.elements[id_] for each in every if id_ in each.elements))

    def _rows(self, of: type[Wait] | type[Timer]) -> list[Any]:
        with reading() as session:
            return list(session.execute(select(of).where(of.case_id == desk.row(self.case).id).order_by(of.id)).all())

    def _at(self, what: str) -> str:
        return f"seed {self.seed}, {what}"


def test_after_every_act_by_hand_the_case_stands_as_the_oracle_says(database, stopped_clock):
    acts: Counter[str] = Counter()
    for seed in range(SEEDS):
        acts += Desk(seed, stopped_clock).run()
    assert set(acts) == {"move", "suspend", "resume", "correct", "cancel"}
