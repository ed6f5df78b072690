"""What is due at once moves together, in few commits, and a case that cannot move stops no other."""

import pytest
from sqlalchemy import func, select, update

from engine import history, incidents
from engine.cases import Case
from engine.waits import Timer, Wait
from ground import clock
from ground.database import Database, reading, transaction
from tasks import timers
from tests.engine import desk, flows
from tests.engine.counting import counted

LATE = flows.folder(
    "late",
    '<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="term"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("intake")</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    + flows.user("urge")
    + '<bpmn:endEvent id="done"/>'
    + flows.flow("begin", "term")
    + flows.flow("term", "urge")
    + flows.flow("urge", "done"),
)
CASES = 9


@pytest.fixture
def late(database: Database, stopped_clock) -> list[int]:
    """The numbers of nine cases whose term is over."""
    desk.publish(LATE)
    officer = desk.person("officer", "prov_officer")
    for number in range(CASES):
        desk.start("late", officer, key=str(number))
    with reading() as session:
        stopped_clock[0] = session.scalar(select(func.max(Timer.due_at)))
        return list(session.execute(select(Case.id).order_by(Case.id)).scalars())


def asked() -> list[int]:
    """The cases in which somebody is asked to urge."""
    with reading() as session:
        return list(
            session.execute(select(Wait.case_id).where(Wait.element == "urge").order_by(Wait.case_id)).scalars()
        )


def test_what_is_due_at_once_moves_in_one_commit(late, database):
    with counted(database) as count:
        assert timers.fire_due(clock.now()) == CASES
    assert count.commits == (
        1 if database.is_sqlite else 2
    )  # where nodes share them, a look for what is free comes first
    assert asked() == late
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Timer)) == 0
        for case in session.execute(select(Case)):
            assert history.verify(session, case.id, history.Head(case.seq, case.head)) is None


def test_a_case_that_cannot_move_has_an_incident_and_the_others_move(late):
    with transaction() as session:
        session.execute(update(Case).where(Case.id == late[4]).values(state=b"\x01nonsense"))
    assert timers.fire_due(clock.now()) == CASES - 1
    assert asked() == [number for number in late if number != late[4]]
    with reading() as session:
        assert [found.code for found in incidents.open_of(session, late[4])] == ["state.unreadable"]
    assert timers.fire_due(clock.now()) == 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has one writer: nobody else can be moving
def test_a_case_that_somebody_else_is_moving_is_left_for_the_next_look(late, database):
    with database.writer.connect() as other, other.begin():
        other.execute(select(Case.id).where(Case.id == late[0]).with_for_update())
        assert timers.fire_due(clock.now()) == CASES - 1
    assert timers.fire_due(clock.now()) == 1
    assert asked() == late
