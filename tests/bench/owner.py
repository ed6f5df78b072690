"""The process owner's desk: what an owner waits for while drawing, trying, comparing and asking what would change.

The answers of the server to the pages' own requests, on the largest shipped process; the goals are those of the desk.
"""

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from flask.testing import FlaskClient

from bases import demo
from ground import clock
from ground.database import transaction
from tests.bench import floor, house
from tests.bench.figures import Figure
from tests.web import support
from web import shipped

KEY = "designation-case"
OWNER = "qin.lan"
ROUNDS = 9
STEPS = [{"complete": "fill"}, {"complete": "stamp", "data": {"outcome": "send"}}]


def measure() -> Iterator[Figure]:
    """Medians of wall time, in milliseconds; the first round is thrown away."""
    with house.laid("sqlite"), tempfile.TemporaryDirectory(prefix="jidi-bench-owner-") as folder:
        with transaction() as session:
            shipped.publish(session, clock.now())
            demo.lay(session, clock.now())
        client = support.browser(support.application(Path(folder)))
        support.sign_in(client, OWNER)
        token = support.token_of(client)
        client.post(f"/processes/{KEY}/draft", data={"csrf": token})
        least = floor.work() * 1e3
        for name, act in _acts(client, token):
            yield Figure(name, _median(act), least)


def _acts(client: FlaskClient, token: str) -> Iterator[tuple[str, Callable[[], object]]]:
    draft = f"/processes/{KEY}/draft"
    body = client.get(f"{draft}/diagram.bpmn").data
    revs = itertools.count(1)

    def save() -> None:
        rev = next(revs)
        headers = {"If-Match": f'"{rev}"', "X-CSRF-Token": token, "Accept": "application/json"}
        changed = body.replace("受理与准入条件核查".encode(), f"受理核查{rev}".encode())
        answer = client.put(f"{draft}/diagram.bpmn", data=changed, headers=headers, content_type="application/xml")
        assert answer.status_code == 200, answer.text

    def step() -> None:
        script = orjson.dumps({"steps": STEPS[:1]}).decode()
        assert client.post(f"{draft}/trial", data={"csrf": token, "script": script, "act": "day"}).status_code == 200

    yield "an owner's page with the editor", lambda: client.get(draft)
    yield "an owner's change kept, with what the check says", save
    yield "an owner's step of a trial, with its page", step
    yield (
        "an owner's comparison of two states, with its page",
        lambda: client.get(f"/processes/{KEY}/comparison?to=draft"),
    )


def _median(act: Callable[[], object]) -> float:
    act()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3
