"""The two ways that are walked under fire: the designation up to the register, and a loop that timers drive."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import orjson
from sqlalchemy import select

from bases.demo.papers import pdf
from bases.filing import information, stamped_form
from bases.review.panel import MEMBER, Seat
from bases.verdicts import application
from engine import cases, definitions
from engine.cases import Case
from engine.steps import Move, step
from engine.waits import Wait
from ground import clock, files, grants, ids, organs, people
from ground.database import Database, reading, transaction
from ground.people import Actor
from tasks import queue, timers
from tests import databases
from tests.bases import moves
from tests.bases.asking import answered, requested
from tests.bases.panels import ACCEPTED, CONFIRMED, DRAWN, GOOD, REPORT
from tests.conftest import MORNING
from tests.engine import flows
from tests.stories.test_designation import AGREED, INTAKE, LETTER, OPINION, RECHECK, REVIEW
from tests.trust.crash import Act, Client
from tests.trust.stores import Say, Stores, begun, ended, lay_with_papers
from tests.trust.work import work

NOTICE_OVER = clock.end_of(date(2026, 11, 30))
DECISION = {"reason": "公示无异议。", "signer": "高远", "decided_on": "2026-12-01"}
FORWARD = {"outcome": "forward", "opinion": "同意"}
ROUNDS = 3
SEATS = 5


def designation() -> Sequence[Act]:
    """From the application to the name in the register, and every letter posted."""
    steps = [
        Act("begin", MORNING, _begin),
        Act("fill", MORNING, lambda client: _do(client, "liu.min", "fill", _first_values(client))),
        Act("stamped", MORNING, lambda client: client.once("stamped", lambda: _paper("liu.min"))),
        Act("stamp", MORNING, _stamp),
        Act("authority", MORNING, lambda client: _do(client, "yang.li", "authority_review", REVIEW)),
        Act("paper", MORNING, lambda client: client.once("paper", _paper)),
        Act("city", MORNING, lambda client: _do(client, "zhou.ping", "city_review", OPINION)),
        Act("section", MORNING, lambda client: _do(client, "tan.bin", "section_review", AGREED)),
        Act("sign", MORNING, lambda client: _do(client, "cao.yun", "leader_sign", AGREED)),
        Act("report", MORNING, lambda c: _do(c, "zhou.ping", "report", {**LETTER, "scan": c.heard["paper"]})),
        *_asking("first"),
        Act("intake", MORNING, lambda client: _do(client, "chen.jing", "intake", INTAKE)),
        Act("drawn", MORNING, lambda client: _do(client, "chen.jing", "expert_review:recusals", DRAWN), draws=True),
        Act("witnessed", MORNING, lambda client: _do(client, "xu.hong", "expert_review:witness", CONFIRMED)),
        *_everybody("invite", ACCEPTED),
        *_everybody("score", GOOD),
        *(Act(f"elect {nth}", MORNING, lambda client, nth=nth: _elect(client, nth)) for nth in range(SEATS)),
        Act("report", MORNING, lambda client: _do(client, _seated(0), "expert_review:report", REPORT)),
        Act("scans", MORNING, lambda client: client.once("scans", lambda: _paper("chen.jing"))),
        Act("signed", MORNING, lambda c: _do(c, "chen.jing", "expert_review:signed_papers", _signed(c))),
        Act(
            "visit", MORNING, lambda c: _do(c, "chen.jing", "visit_decision", {"outcome": "skip", "reason": "已清楚。"})
        ),
        Act("recheck", MORNING, lambda client: _do(client, "xu.hong", "recheck", RECHECK)),
        *_asking("second"),
        Act("notice over", NOTICE_OVER, lambda _client: timers.fire_due(clock.now())),
        Act("decide", NOTICE_OVER, lambda c: _do(c, "gao.yuan", "decide", {"outcome": "designate", **DECISION})),
    ]
    return [part for step in steps for part in (step, Act(f"letters after {step.name}", step.at, _letters))]


def loop() -> Sequence[Act]:
    """Three rounds that a timer turns, with a reminder that fires again and again beside each and opens a task."""
    acts = [Act("start", MORNING, _start)]
    for hour in range(1, 25):
        at = MORNING + timedelta(hours=2 * hour)
        acts.append(Act(f"hour {2 * hour}", at, lambda _client: timers.fire_due(clock.now())))
        if hour % 6 == 0:
            acts.append(Act(f"urged {2 * hour}", at, _urge))
    return [part for act in acts for part in (act, Act(f"letters after {act.name}", act.at, _letters))]


def forgetful() -> Sequence[Act]:
    """As it must not be done: whoever asks again asks under another key."""
    return [Act("start", MORNING, lambda client: _start(client, ids.ref()))]


def lay(empty: Database) -> None:
    """The house with papers, and the loop's process published in it with an officer who does it."""
    lay_with_papers(empty)
    before = clock.use(lambda: MORNING)
    with databases.using(empty), transaction() as session:
        definitions.publish(session, LOOP, origin="owner", by=None, now=MORNING)
        number = people.add_person(session, "looper", "圈", "Looper")
        grants.give(session, number, "prov_officer", organs.body(session, "sc-mofcom").id, clock.today())
    clock.use(before)


def person(login: str) -> Actor:
    """Somebody as they are at this moment."""
    with reading() as session:
        return moves.actor(session, login, clock.now())


def _begin(client: Client) -> None:
    with reading() as session:
        base = moves.base(session, "B042").ref
    client.once("begin", lambda: application.begin(base, by=person("liu.min"), key="begin").ref)


def _do(client: Client, login: str, element: str, answers: Mapping[str, Any]) -> None:
    """Find the task, claim it, send it: what was answered already is not asked again."""
    by, name = person(login), f"{login} {element}"
    wait = client.once(f"see {name}", lambda: _wait(client.heard["begin"], element, by))
    client.once(f"claim {name}", lambda: claim(wait, by))
    client.once(f"send {name}", lambda: cases.complete(wait, answers, by=by, key=name).outcome)


def _wait(case_ref: str, element: str, by: Actor) -> str:
    with reading() as session:
        items = queue.page(session, by, queue.Filters(element=element)).items
    return next(item.ref for item in items if item.case_ref == case_ref)


def _only(case_ref: str, by: Actor) -> str:
    """What this person has to do in the case, whatever process it stands in."""
    with reading() as session:
        return next(item.ref for item in queue.page(session, by, queue.Filters()).items if item.case_ref == case_ref)


def claim(wait: str, by: Actor) -> None:
    with transaction() as session:
        queue.claim(session, wait, by, clock.now())


def _first_values(client: Client) -> Mapping[str, Any]:
    with reading() as session:
        row = session.execute(select(Case).where(Case.ref == client.heard["begin"])).one()
        return information.first_values(session, row)


def _paper(login: str = "zhou.ping") -> str:
    with transaction() as session:
        return files.store(session, BytesIO(pdf(["signed"])), "来文.pdf", person(login), clock.now()).ref


def _stamp(client: Client) -> None:
    with reading() as session:
        case = session.scalar(select(Case.id).where(Case.ref == client.heard["begin"]))
        code = stamped_form.printed(session, case).code
    _do(client, "liu.min", "stamp", {"outcome": "stamp", "check_code": code, "scan": client.heard["stamped"]})


def _asking(name: str) -> Sequence[Act]:
    """One organ is asked about every condition of admission, and answers 无."""
    return [
        Act(f"{name} asking", MORNING, lambda client: _consult(client, name, "chen.jing", "request")),
        Act(f"{name} answer", MORNING, lambda client: _consult(client, name, "fan.yu", "opinion")),
    ]


def _consult(client: Client, name: str, login: str, task: str) -> None:
    """The same task comes twice on the way, so each asking goes by its own name."""
    by, known = person(login), f"{name} {task}"
    wait = client.once(f"see {known}", lambda: _only(client.heard["begin"], by))
    client.once(f"claim {known}", lambda: claim(wait, by))
    answers = requested(client.heard["begin"]) if task == "request" else answered(client.heard["begin"], "sc-market")
    client.once(f"send {known}", lambda: cases.complete(wait, answers, by=by, key=known).outcome)


def _everybody(task: str, answers: Mapping[str, Any]) -> Sequence[Act]:
    """Each seat of the panel in turn."""
    element = f"expert_review:{task}"
    return [
        Act(f"{task} {nth}", MORNING, lambda client, nth=nth: _do(client, _seated(nth), element, answers))
        for nth in range(SEATS)
    ]


def _elect(client: Client, nth: int) -> None:
    _do(client, _seated(nth), "expert_review:elect", {"leader": person(_seated(0)).ref})


def _signed(client: Client) -> Mapping[str, Any]:
    return {"sheets": [client.heard["scans"]], "report": client.heard["scans"]}


def _seated(nth: int) -> str:
    with reading() as session:
        seats = session.execute(
            select(people.Person.login)
            .join(Seat, Seat.person_id == people.Person.id)
            .where(Seat.standing == MEMBER)
            .order_by(Seat.position)
        )
        return [row.login for row in seats][nth]


def _letters(_client: Client) -> None:
    work()


def _start(client: Client, key: str = "begin") -> None:
    by = person("looper")
    organ = by.held[0].organ_id
    given = {"subject": "base:1", "region": "510703", "organ": organ, "title": "整改", "key": key, "by": by}
    client.once("begin", lambda: cases.start("rounds", data={"round": 0}, **given).ref)


def _urge(client: Client) -> None:
    """Do the oldest of the tasks that the reminders opened, if there is one."""
    moment = f"{clock.now():%d %H}"
    wait = client.once(f"see urge {moment}", _oldest_urge)
    if wait != "None":
        by = person("looper")
        client.once(f"claim urge {moment}", lambda: claim(wait, by))
        client.once(f"send urge {moment}", lambda: cases.complete(wait, FORWARD, by=by, key=moment).outcome)


def _oldest_urge() -> str | None:
    with reading() as session:
        return session.scalar(select(Wait.ref).where(Wait.element == "urge").order_by(Wait.id).limit(1))


def _timed(host: str, name: str, kind: str, text: str, *, interrupting: bool) -> str:
    return (
        f'<bpmn:boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">'
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{text}</bpmn:{kind}>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def _service(name: str, called: str, **parameters: str) -> str:
    given = "".join(f'<jidi:parameter name="{key}" value="{value}"/>' for key, value in parameters.items())
    inner = f"<bpmn:extensionElements>{given}</bpmn:extensionElements>" if given else ""
    return f'<bpmn:serviceTask id="{name}" jidi:step="{called}">{inner}</bpmn:serviceTask>'


@step("trials.count", returns=("round",))
def _count(move: Move) -> Mapping[str, Any]:
    return {"round": move.data["round"] + 1}


def folder(key: str, body: str, more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """A process folder whose cases are numbered apart from those of the others."""
    parts = flows.folder(key, body, more=more)
    return {**parts, "process.json": orjson.dumps({**orjson.loads(parts["process.json"]), "number": key})}


LOOP = folder(
    "rounds",
    '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="again"/>'
    + flows.user("rectify")
    + _timed("rectify", "remind", "timeCycle", "R2/PT5H", interrupting=False)
    + flows.user("urge")
    + '<bpmn:endEvent id="urged"/><bpmn:endEvent id="done"/>'
    + _timed("rectify", "late", "timeDuration", "PT13H", interrupting=True)
    + _service("tell", "letters.tell", template="'late'", role="'prov_officer'", scope="'province'")
    + _service("count", "trials.count")
    + '<bpmn:exclusiveGateway id="enough" default="enough_over"/><bpmn:endEvent id="over"/>'
    + flows.flow("begin", "again")
    + flows.flow("again", "rectify")
    + flows.flow("rectify", "done")
    + flows.flow("remind", "urge")
    + flows.flow("urge", "urged")
    + flows.flow("late", "tell")
    + flows.flow("tell", "count")
    + flows.flow("count", "enough")
    + flows.flow("enough", "again", f"round &lt; {ROUNDS}")
    + flows.flow("enough", "over"),
    more={"texts/letters/late.json": orjson.dumps({"subject": "逾期 {number}", "body": "{title}"})},
)


def begun_sweeping(made: Stores, house: str, now: datetime) -> tuple[int, int]:
    """A process that looks for what is due again and again."""

    def sweep(_say: Say) -> None:
        clock.use(lambda: now)
        with made.open(house):
            while True:
                timers.fire_due(now)
                time.sleep(0.05)

    return begun(sweep)


def end_sweeping(sweeper: tuple[int, int]) -> None:
    """It is killed as by kill -9."""
    os.kill(sweeper[0], signal.SIGKILL)
    ended(*sweeper)
