"""Letters and reminders: written with the case, posted after the commit, each once."""

from datetime import timedelta

import orjson
import pytest

from engine import cases, definitions, incidents
from engine.folders import Folder
from ground import channels, clock, jobs
from ground.channels import Outbox
from ground.database import reading, transaction
from tasks import letters, reminders, timers
from tasks.scheduler import Scheduler
from tests.engine import desk, flows

DUE = flows.folder(
    "due",
    flows.row(flows.user("ask", more='jidi:deadline="intake"')),
    more={
        "texts/letters/due_soon.json": orjson.dumps(
            {"subject": "{number}将于{due}到期", "body": "{title}\n{{ cycler.__init__ }} {nobody}"}
        ),
        "texts/en.json": orjson.dumps({"{number}将于{due}到期": "{number} is due on {due}"}),
    },
)


@pytest.fixture
def officer(database, tmp_path):
    desk.publish(DUE)
    channels.use([Outbox(tmp_path / "outbox")])
    yield desk.person("officer", "prov_officer")
    channels.use([])


def remind() -> int:
    with transaction() as session:
        return reminders.send_due(session, clock.now())


def inbox(by):
    with reading() as session:
        return letters.inbox(session, by)


def test_a_task_that_is_due_soon_is_reminded_of_once(officer, stopped_clock):
    wait = desk.waits(desk.start("due", officer))["ask"]
    assert remind() == 0
    stopped_clock[0] = wait.due_at - timedelta(days=1)
    assert remind() == 1
    assert remind() == 0
    assert [row.template for row in inbox(officer)] == ["due_soon"]


def test_a_task_whose_date_moved_on_with_a_suspension_is_reminded_of_again_and_not_while_it_stands(
    officer, stopped_clock
):
    head = desk.person("head", "prov_division_head")
    case = desk.start("due", officer)
    first = desk.waits(case)["ask"].due_at
    stopped_clock[0] = first - timedelta(days=1)
    assert remind() == 1
    cases.suspend(case, by=head, reason="等待补充材料", key="s")
    stopped_clock[0] += timedelta(days=30)
    assert remind() == 0
    cases.resume(case, by=head, reason="材料已补", key="r")
    later = desk.waits(case)["ask"].due_at
    assert later == first + timedelta(days=30)
    assert [remind(), remind()] == [1, 0]
    assert [row.template for row in inbox(officer)] == ["due_soon", "due_soon"]


def test_a_letter_is_posted_as_one_file_and_says_the_date_as_people_read_it(officer, stopped_clock, tmp_path):
    case = desk.start("due", officer)
    desk.claim(desk.waits(case)["ask"].ref, officer)
    stopped_clock[0] = desk.waits(case)["ask"].due_at - timedelta(days=1)
    remind()
    assert jobs.run_due(clock.now(), 100) == 1
    assert jobs.run_due(clock.now(), 100) == 0
    (file,) = (tmp_path / "outbox").glob("*.json")
    content = orjson.loads(file.read_bytes())
    assert content["to"] == "officer"
    assert content["subject"] == f"{desk.row(case).number}将于2026年11月30日到期"


def test_attack_031_what_looks_like_a_template_is_shown_as_it_is(officer, stopped_clock):
    stopped_clock[0] = desk.waits(desk.start("due", officer))["ask"].due_at - timedelta(days=1)
    remind()
    row = inbox(officer)[0]
    with reading() as session:
        folder: Folder = definitions.folder(session, row.version_id)
    assert letters.words(folder, row.template, row.facts, "zh").body == "示例\n{{ cycler.__init__ }} {nobody}"
    assert letters.words(folder, row.template, row.facts, "en").subject.endswith("is due on 30 Nov 2026")


def test_a_process_without_words_of_its_own_reminds_in_those_of_the_house(officer):
    desk.publish(flows.in_a_row("row", 1))
    with reading() as session:
        folder = definitions.folder(session, desk.row(desk.start("row", officer)).version_id)
    facts = {"number": "2026-测试-001", "title": "示例", "due": "2026-11-30"}
    said = {
        (template, language): letters.words(folder, template, facts, language).subject
        for template in ("due_soon", "overdue")
        for language in ("zh", "en")
    }
    assert list(said.values()) == [
        "即将到期：2026-测试-001 示例",
        "Due soon: 2026-测试-001 示例",
        "时限届满：2026-测试-001 示例",
        "Time limit over: 2026-测试-001 示例",
    ]


def test_a_letter_is_its_readers_own_and_is_read_once(officer, stopped_clock):
    stopped_clock[0] = desk.waits(desk.start("due", officer))["ask"].due_at - timedelta(days=1)
    remind()
    row = inbox(officer)[0]
    stranger = desk.person("stranger", "legal")
    assert not inbox(stranger)
    with transaction() as session:
        letters.opened(session, row.ref, stranger, clock.now())
        assert letters.unread(session, officer) == 1
        letters.opened(session, row.ref, officer, clock.now())
        assert letters.unread(session, officer) == 0


def test_the_alarm_fires_what_is_due_and_runs_the_jobs_that_wait(officer, database, stopped_clock, tmp_path):
    case = desk.start("due", officer)
    desk.claim(desk.waits(case)["ask"].ref, officer)
    stopped_clock[0] = desk.waits(case)["ask"].due_at - timedelta(days=1)
    remind()
    Scheduler().sweep()
    if not database.is_sqlite:
        assert jobs.run_due(clock.now()) == 1  # a node's own runner does it
    assert len(list((tmp_path / "outbox").glob("*.json"))) == 1


def test_a_task_that_nobody_could_do_goes_to_the_supervisor_with_an_incident(database):
    body = flows.row(flows.user("countersign", role="panel_leader"))
    desk.publish(flows.folder("nobody", body))
    case = desk.start("nobody", desk.person("officer", "prov_officer"))
    assert desk.waits(case)["countersign"].queue.startswith("supervisor@")
    with reading() as session:
        found = incidents.open_of(session, desk.row(case).id)
    assert [(each.code, each.element) for each in found] == [("role.without_holder", "countersign")]


def test_attack_111_a_house_off_for_days_catches_up_oldest_first_and_once(database, stopped_clock):
    timer = (
        '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("intake")'
        "</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )
    body = (
        f'<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="wait">{timer}</bpmn:intermediateCatchEvent>'
        '<bpmn:endEvent id="done"/>' + flows.flow("begin", "wait") + flows.flow("wait", "done")
    )
    desk.publish(flows.folder("sleeps", body))
    officer = desk.person("officer", "prov_officer")
    cases = [desk.start("sleeps", officer, key=str(number), subject=f"base:{number}") for number in range(40)]
    stopped_clock[0] += timedelta(days=30)
    assert timers.fire_due(clock.now()) == 40
    assert timers.fire_due(clock.now()) == 0
    assert {desk.row(case).status for case in cases} == {"closed"}
