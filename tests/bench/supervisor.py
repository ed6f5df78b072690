"""The supervisor's board at size: 100,000 open cases with 2,000,000 lines of history, every tile, list and page.

The cases are copies of those that the demo's play leaves open: a fifth of them stuck, three tenths asleep for a day or
for another case, the others moving. They are written by bulk insert and seeded; what is timed goes through the pages.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, text

from bases import demo
from engine.cases import Case
from engine.history import History
from engine.submissions import Submission
from engine.waits import Timer, Wait
from ground import clock, database, seed
from ground.database import Row, Session, table, transaction
from ground.ids import ref as new_ref
from ground.regions import Region
from tasks import demo_clock
from tests.bench import bulk, floor, house
from tests.bench.figures import Figure
from tests.web import support
from web import house as opened, shipped, staging

CASES, LINES = 100_000, 20
STUCK, ASLEEP = 0.2, 0.3
STILL = 240  # hours for which what is stuck has not moved, at least
ROUNDS = 7
SUPERVISOR, CITY, OFFICER = "liang.bo", "tan.bin", "chen.jing"
PAGES = (
    ("the board with its tiles", SUPERVISOR, "/stuck"),
    ("the board of a process", SUPERVISOR, "/stuck?process=designation-case"),
    ("the board of a city", SUPERVISOR, "/stuck?city=5101"),
    ("the board by due date", SUPERVISOR, "/stuck?order=due"),
    ("the board searched in vain", SUPERVISOR, "/stuck?q=%E6%B2%A1%E6%9C%89"),
    (
        "the board searched by a field, in vain",
        SUPERVISOR,
        "/stuck?process=designation-case&field=information.unit&value=%E6%B2%A1%E6%9C%89",
    ),
    ("the board, a city's own", CITY, "/stuck"),
    ("what waits as it should", SUPERVISOR, "/stuck/waiting"),
    ("the supervisor's home", SUPERVISOR, "/home"),
    ("an officer's home", OFFICER, "/home"),
    ("the queue", OFFICER, "/tasks"),
)


def measure() -> Iterator[Figure]:
    """Medians for each page in milliseconds, the first round thrown away: of the processor's time on SQLite, where all
    is done in this process, and of the wall on PostgreSQL.
    """
    for kind in house.KINDS:
        with house.laid(kind), tempfile.TemporaryDirectory(prefix="jidi-bench-board-") as folder:
            stuck_ref = filled()
            application = support.application(Path(folder))
            for name, login, address in (*PAGES, ("the page of a case", SUPERVISOR, f"/cases/{stuck_ref}")):
                client = support.browser(application)
                support.sign_in(client, login)
                least = floor.work() * 1e3
                yield Figure(f"supervisor, {house.NAMES[kind]}: {name}", _median(client, address), least)


def filled() -> str:
    """Play the demo and copy what it leaves open until there are CASES; the ref of a stuck one."""
    assert opened.STEPS  # what diagrams may call is registered by what the house opens with
    _play()
    now, chance = clock.now(), random.Random(7)  # noqa: S311  a seeded house, no secret
    with transaction() as session:
        patterns = _patterns(session)
        regions = [str(row.code) for row in session.execute(select(Region.code).where(Region.level == "county"))]
        made = _Copies(patterns, regions, now, chance)
        first = int(session.scalar(select(func.max(Case.id)))) + 1
        for number in range(first, first + CASES - len(patterns)):
            made.one(number)
        for row, rows in made.rows.items():
            session.execute(insert(table(row)), rows)
        _lines(session, first)
        _papers(session, first)
    bulk.settle()
    return made.stuck


Pattern = tuple[Any, Sequence[Any], Sequence[Any]]


class _Copies:
    """Rows of copied cases, before they are written."""

    def __init__(
        self, patterns: Sequence[Pattern], regions: Sequence[str], now: datetime, chance: random.Random
    ) -> None:
        self.awake = [each for each in patterns if each[1]]
        self.asleep = [each for each in patterns if not each[1]]
        self.regions, self.now, self.chance = regions, now, chance
        self.rows: dict[type[Row], list[dict[str, Any]]] = {Case: [], Wait: [], Timer: []}
        self.stuck = ""

    def one(self, number: int) -> None:
        """One more case: stuck, asleep or moving."""
        draw = self.chance.random()
        stuck, asleep = draw < STUCK, STUCK <= draw < STUCK + ASLEEP
        case, waits, timers = self.chance.choice(self.asleep if asleep else self.awake)
        moved = self.now - timedelta(
            hours=self.chance.uniform(STILL, 4_800) if stuck or asleep else self.chance.uniform(0, 20)
        )
        changed = {
            "id": number,
            "ref": new_ref(),
            "number": f"2026-样本-{number}",
            "alone": None,
            "region": self.chance.choice(self.regions),
            "started_at": moved - timedelta(days=30),
            "moved_at": moved,
            "seq": LINES,
        }
        self.rows[Case].append({**case._asdict(), **changed})
        if stuck and not self.stuck:
            self.stuck = changed["ref"]
        for row in waits:
            self.rows[Wait].append(self._wait(row, number, moved, stuck=stuck))
        for row in timers:
            due = self.now + timedelta(days=self.chance.uniform(1, 90))
            self.rows[Timer].append({**_without_id(row), "case_id": number, "due_at": due, "opened_at": moved})

    def _wait(self, row: Any, number: int, moved: datetime, *, stuck: bool) -> dict[str, Any]:
        due = self.now + timedelta(days=self.chance.uniform(*((-40, 10) if stuck else (1, 60))))
        held = self.chance.choice((row.held_by, 1))
        return {
            **_without_id(row),
            "ref": new_ref(),
            "case_id": number,
            "held_by": held,
            "held_at": moved if held else None,
            "opened_at": moved,
            "due_at": due,
            "due_on": clock.local_day(due),
        }


def _without_id(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name != "id"}


def _patterns(session: Session) -> list[Pattern]:
    """Every open case that waits, with its waits and timers."""
    found = []
    for case in session.execute(select(*table(Case).c).where(Case.status == "open")).all():
        rows = [session.execute(select(*table(kind).c).where(kind.case_id == case.id)).all() for kind in (Wait, Timer)]
        found.append((case, *rows))
    return [each for each in found if each[1] or each[2]]


def _lines(session: Session, first: int) -> None:
    """LINES lines of history for each copy, copied from the longest history there is."""
    longest = session.execute(
        select(History.case_id).group_by(History.case_id).order_by(func.count().desc(), History.case_id).limit(1)
    ).scalar()
    if not database.current().is_sqlite:
        session.execute(text("SET LOCAL session_replication_role = replica"))
    columns = [each.name for each in table(History).c if each.name not in {"case_id", "seq"}]
    names = ", ".join(columns)
    session.execute(
        text(
            f"INSERT INTO history (case_id, seq, {names}) "
            f"SELECT cases.id, line.seq, {', line.'.join(['', *columns])[2:]} FROM cases CROSS JOIN history AS line "
            "WHERE cases.id >= :first AND line.case_id = :one AND line.seq <= :lines"
        ),
        {"one": longest, "lines": LINES, "first": first},
    )


def _papers(session: Session, first: int) -> None:
    """The papers of an application that was sent, for each stuck copy of one: what a search by field reads."""
    papers, columns = table(Submission), [each.name for each in table(Submission).c if each.name != "case_id"]
    sent, process = session.execute(
        select(Submission.case_id, Case.process_id)
        .join(Case, Case.id == Submission.case_id)
        .where(Submission.form == "information")
        .order_by(Submission.case_id)
        .limit(1)
    ).one()
    copies = (
        select(Case.id, *(papers.c[name] for name in columns))
        .select_from(table(Case).join(papers, papers.c.case_id == sent))
        .where(Case.id >= first, Case.process_id == process, Case.moved_at <= clock.now() - timedelta(hours=STILL))
    )
    if not database.current().is_sqlite:
        session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(insert(papers).from_select(["case_id", *columns], copies))


def _play() -> None:
    demo_clock.start()
    opens = clock.today()
    begins = staging.open_on(opens)
    with transaction() as session:
        seed.lay(session)
        shipped.publish(session, begins)
        demo.lay(session, begins)
        demo.lay_papers(session, begins)
        demo.lay_registers(session, begins)
        demo.stand_in(session)
    staging.play(opens)


def _median(client: FlaskClient, address: str) -> float:
    tell = time.process_time if database.current().is_sqlite else time.perf_counter
    times = []
    for number in range(ROUNDS + 1):
        began = tell()
        answer = client.get(address)
        took = tell() - began
        assert answer.status_code == 200, (address, answer.status_code)
        if number:
            times.append(took)
    return statistics.median(times) * 1e3
