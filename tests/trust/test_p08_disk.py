"""P8. A full disk or an I/O error refuses, never corrupts: what was confirmed is stored, and it goes on by itself."""

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from engine import cases
from engine.submissions import Submission
from engine.waits import Wait
from ground import clock
from ground.database import Database, StorageFull, reading
from tests.conftest import MORNING
from tests.trust import acts, rows
from tests.trust.stores import Say, Stores, live, stores

PROMISE = "a full disk or an I/O error refuses, never corrupts"
ROOM, AGAIN = 200_000, 5
PAGE = 4096
ANSWERS = {"outcome": "forward", "opinion": "长" * 6_000}
Shortage = Callable[[Database, Path], contextlib.AbstractContextManager[None]]


def trials(scale: float) -> tuple[int, list[str]]:
    """Acts until the store is full, some more that are refused, and again once there is room; in three ways."""
    tried, violations = 0, []
    for _ in range(max(1, round(10 * scale))):
        for shortage in (no_pages, no_longer_files, no_room):
            with _folder(shortage) as folder, stores("sqlite", folder) as made:
                house = made.copy(made.first(acts.lay))
                life = live(lambda say, made=made, house=house, shortage=shortage: _fill(made, house, shortage, say))
                counts = [int(line.removeprefix("tried ")) for line in life.said if line.startswith("tried ")]
                found = [line for line in life.said if not line.startswith("tried ")]
                violations += [f"{shortage.__name__}: {each}" for each in [*found, *filter(None, [life.failed])]]
                tried += sum(counts)
    return tried, violations


@contextlib.contextmanager
def no_pages(store: Database, path: Path) -> Iterator[None]:
    """SQLite itself says that the database is full."""
    most = [path.stat().st_size // PAGE + ROOM // PAGE]

    def begun(connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={most[0]}")

    event.listen(store.writer, "begin", begun)
    yield
    most[0] *= 10


@contextlib.contextmanager
def no_longer_files(_store: Database, path: Path) -> Iterator[None]:
    """The system refuses to let a file grow: SQLite reports an I/O error."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + ROOM, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@contextlib.contextmanager
def no_room(_store: Database, path: Path) -> Iterator[None]:
    """The file system is full: a small one where one may be mounted, else what is left of the files' longest length."""
    if not os.path.ismount(path.parent):
        with no_longer_files(_store, path):
            yield
        return
    ballast = path.parent / "ballast"
    left = os.statvfs(path.parent)
    ballast.write_bytes(b"\0" * max(0, left.f_bavail * left.f_frsize - ROOM))
    yield
    ballast.unlink()


def _fill(made: Stores, house: str, shortage: Shortage, say: Say) -> None:
    clock.use(lambda: MORNING)
    done: list[int] = []
    with made.open(house) as store:
        by = acts.person("looper")
        with shortage(store, made.path(house)):
            refused = _until_refused(by, done)
            for _ in range(AGAIN):
                refused = _until_refused(by, done)
            _look(done, say)
        _act(by, refused)
        done.append(refused)
        _look(done, say)
        say(f"tried {len(done) + AGAIN + 1}")
        with store.writer.connect() as connection:
            sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if sound != "ok":
            say(f"the file is {sound}")


def _until_refused(by: Any, done: list[int]) -> int:
    """Begin cases and do their tasks until one is refused by name; its number. Any other failure is not expected."""
    for number in range(len(done), 10_000):
        try:
            _act(by, number)
        except StorageFull:
            return number
        done.append(number)
    raise AssertionError("it never became full")


def _act(by: Any, number: int) -> None:
    place: Any = {"region": "510703", "organ": by.held[0].organ_id, "title": "满", "data": {"round": 0}, "by": by}
    case = cases.start("rounds", subject=f"base:{number}", key=f"begin {number}", **place).ref
    with reading() as session:
        wait = session.execute(select(Wait).join(cases.Case).where(cases.Case.ref == case)).one_or_none()
    if wait is None:
        return
    acts.claim(wait.ref, by)
    cases.complete(wait.ref, ANSWERS, by=by, key="send")


def _look(done: list[int], say: Say) -> None:
    """What was confirmed is there, and what was refused is not; looking goes on all the while."""
    with reading() as session:
        for each in rows.broken_chains(session):
            say(each)
        sent = session.scalar(select(func.count()).select_from(Submission))
        begun = session.scalar(select(func.count()).select_from(cases.Case))
    if sent != len(done) or begun not in {len(done), len(done) + 1}:  # the last may have been refused at its task
        say(f"{len(done)} were confirmed, {begun} were begun and {sent} sent")


@contextlib.contextmanager
def _folder(shortage: Shortage) -> Iterator[Path | None]:
    """A small file system of its own, where this process may mount one."""
    if shortage is not no_room or os.geteuid():
        yield None
        return
    place = Path(f"/tmp/jidi-trust-small-{os.getpid()}")  # noqa: S108  mounted for these trials alone
    place.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "jidi-trust", place], check=False).returncode
    try:
        yield None if mounted else place
    finally:
        if not mounted:
            subprocess.run(["umount", place], check=True)
        place.rmdir()


def test_a_full_store_refuses_by_name_and_goes_on_when_there_is_room(apart):
    tried, violations = apart.trials("test_p08_disk", 0.1)
    assert not violations
    assert tried > 3 * AGAIN
