"""A node without pages, as a process of its own."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

from sqlalchemy import select, update

from engine.history import History
from engine.waits import Timer
from ground import database as stores
from ground.database import reading, transaction
from tests import databases
from tests.conftest import lay_house
from tests.engine import desk, flows
from web import commands

HOUR = (
    '<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="hour" name="hour"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    + flows.user("ask")
    + '<bpmn:endEvent id="done"/>'
    + flows.flow("begin", "hour")
    + flows.flow("hour", "ask")
    + flows.flow("ask", "done")
)
MAIN = "from web.commands import main; raise SystemExit(main(['worker']))"


def fired():
    with reading() as session:
        return session.execute(select(History.case_id).where(History.kind == "timer.fired")).scalars().all()


@databases.on("postgresql")  # a house on SQLite is one process
def test_a_worker_fires_what_others_open_and_ends_when_it_is_asked_to(database, tmp_path):
    desk.publish(flows.folder("soon", HOUR))
    officer = desk.person("officer", "prov_officer")
    settings = {
        "JIDI_MODE": "test",
        "JIDI_DATA": str(tmp_path),
        "JIDI_URL": database.url.render_as_string(hide_password=False),
    }
    command = [sys.executable, "-c", MAIN]
    with subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE) as worker:
        try:
            assert b"Working" in worker.stdout.readline()
            case = desk.row(desk.start("soon", officer)).id
            with transaction() as session:
                session.execute(update(Timer).values(due_at=datetime(2020, 1, 1, tzinfo=UTC)))
            for _ in range(200):
                if fired():
                    break
                threading.Event().wait(0.1)
            assert fired() == [case]
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        finally:
            worker.kill()


def test_an_embedded_house_has_no_worker_of_its_own(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("JIDI_MODE", "test")
    monkeypatch.setenv("JIDI_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stores, "_current", [])
    databases.sqlite_database(tmp_path, lay_house).close()
    assert commands.main(["worker"]) == 2
    assert "house.embedded" in capsys.readouterr().err
    stores.current().close()
