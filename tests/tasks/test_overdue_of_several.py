"""Of several tasks at one element each is said to be late for its own date, once (R-8.5)."""

from datetime import timedelta

from engine import history
from ground import clock, jobs
from ground.database import reading
from tasks import reminders, timers
from tests.engine import desk, flows

assert reminders


def passed(case: str) -> list[str]:
    with reading() as session:
        lines = history.read(session, desk.row(case).id)
    return [line.detail["due_on"] for line in lines if line.kind == "deadline.passed"]


def test_a_task_whose_time_still_runs_is_not_said_to_be_late_with_its_neighbour(database, stopped_clock):
    body = (
        '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="both"/>'
        + flows.user("ask", more='jidi:deadline="intake"')
        + flows.user("again")
        + '<bpmn:boundaryEvent id="late" cancelActivity="false" attachedToRef="ask"><bpmn:timerEventDefinition>'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("intake")</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:serviceTask id="remind" jidi:step="reminders.overdue"><bpmn:extensionElements>'
        '<jidi:parameter name="task" value="\'ask\'"/></bpmn:extensionElements></bpmn:serviceTask>'
        '<bpmn:endEvent id="late_reminded"/><bpmn:endEvent id="done"/>'
        + flows.flow("late", "remind")
        + flows.flow("remind", "late_reminded")
        + flows.flow("begin", "both")
        + flows.flow("both", "ask")
        + flows.flow("both", "again")
        + flows.flow("again", "ask")
        + flows.flow("ask", "done")
    )
    desk.publish(flows.folder("several", body))
    officer = desk.person("officer", "prov_officer")
    case = desk.start("several", officer)
    stopped_clock[0] += timedelta(days=2)
    desk.do(case, "again", officer)  # a second task of the same element, due two days later
    stopped_clock[0] += timedelta(days=6)
    timers.fire_due(clock.now())
    jobs.run_due(clock.now())
    assert passed(case) == ["2026-11-30"]
    stopped_clock[0] += timedelta(days=4)
    timers.fire_due(clock.now())
    assert passed(case) == ["2026-11-30", "2026-12-02"]
