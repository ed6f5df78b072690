"""Houses for trials: laid once, copied in an instant, on both databases; and children that can die in them.

A child is a fork of a process with one thread that has imported everything; what it says goes over a pipe before its
next statement runs, so whoever reads the pipe knows what the child had been told when it died.
"""

import contextlib
import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url

from bases import demo
from engine import definitions
from ground import channels, clock, database, files, ids
from ground.channels import Outbox
from ground.database import Database, reading, transaction
from tests import databases
from tests.conftest import MORNING, lay_house

Say = Callable[[str], None]


def lay_with_papers(empty: Database) -> None:
    """The house of every test, with the papers that the demo's applications enclose."""
    lay_house(empty)
    before = clock.use(lambda: MORNING)
    files.keep_in(bytes_folder())
    with databases.using(empty), transaction() as session:
        demo.lay_papers(session, MORNING)
    clock.use(before)


def bytes_folder() -> Path:
    """Where the bytes of uploaded files lie: named by their hash, so that every copy of a house can share them."""
    folder = Path(tempfile.gettempdir()) / f"jidi-trust-files-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return folder


@dataclass
class Stores:
    """Copies of one house of one kind, each with a folder for its outbox.

    All of them are reached through one pair of engines, whose next connection goes to the house that is open: so what
    was compiled in one house is at hand in the next.
    """

    kind: str
    folder: Path
    count: int = 0
    made: list[str] = field(default_factory=list)
    address: str = ""
    host: str | None = None  # another way to the same server

    def __post_init__(self) -> None:
        self.store = Database(self.url("none"))
        for engine in (self.store.writer, self.store.reader):
            event.listen(engine, "do_connect", self._connect)

    def first(self, lay: Callable[[Database], None]) -> str:
        """The name of a fresh house as `lay` leaves it."""
        template = databases._postgresql_template if self.kind == "postgresql" else databases._sqlite_template
        name = self._copy_of(str(template(lay)))
        with self.open(name), transaction():
            pass  # both engines get to know their server before any child is born
        with self.open(name), reading():
            pass
        return name

    def copy(self, name: str) -> str:
        """Another one with the same rows and letters; nobody may be connected to the original."""
        made = self._copy_of(name if self.kind == "postgresql" else str(self.path(name)))
        if self.outbox(name).exists():
            shutil.copytree(self.outbox(name), self.outbox(made))
        return made

    def drop(self, name: str) -> None:
        """This one is not needed any more."""
        if self.kind == "postgresql":
            databases._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for path in self.folder.glob(f"{name}.*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.made.remove(name)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Database]:
        """Work in this house for a while."""
        self.address = name
        self.store.url = make_url(self.url(name))
        channels.use([Outbox(self.outbox(name))])
        files.keep_in(bytes_folder())
        with contextlib.closing(self.store), databases.using(self.store):
            yield self.store

    def url(self, name: str) -> str:
        """The address of this house's database."""
        return databases.postgresql_server()(name) if self.kind == "postgresql" else f"sqlite:///{self.path(name)}"

    def path(self, name: str) -> Path:
        """The file of a house on SQLite."""
        return self.folder / f"{name}.db"

    def outbox(self, name: str) -> Path:
        """Where this house's letters are posted."""
        return self.folder / f"{name}.outbox"

    def _connect(self, _dialect: Any, _entry: Any, given: list[Any], named: dict[str, Any]) -> None:
        if self.kind == "postgresql":
            named["dbname"] = self.address
            named["host"] = self.host or named["host"]
        else:
            given[0] = str(self.path(self.address))

    def _copy_of(self, source: str) -> str:
        self.count += 1
        name = f"trust_{os.getpid()}_{self.count}"
        if self.kind == "postgresql":
            databases._administer(databases.COPY.format(name=name, template=source))
        else:
            for suffix in ("", "-wal"):
                if Path(source + suffix).exists():
                    shutil.copyfile(source + suffix, str(self.path(name)) + suffix)
        self.made.append(name)
        return name


@contextlib.contextmanager
def stores(kind: str, within: Path | None = None) -> Iterator[Stores]:
    """Room for houses of one kind; all of them are gone afterwards."""
    definitions.forget()  # the numbers of versions mean other folders in another house
    ids.seed(None)  # and children that draw the same refs would meet
    with tempfile.TemporaryDirectory(prefix="jidi-trust-", dir=within) as folder:
        made = Stores(kind, Path(folder))
        try:
            yield made
        finally:
            made.store.close()
            for name in list(made.made):
                made.drop(name)


@dataclass(frozen=True)
class Life:
    """What a child said before it ended, and how it ended."""

    said: list[str]
    killed: bool
    failed: str | None


def live(act: Callable[[Say], None]) -> Life:
    """Fork a child that does this; its words, whether it was killed, and what it raised if it did."""
    return live_all([act])[0]


def live_all(acts: Sequence[Callable[[Say], None]]) -> list[Life]:
    """The same with several at once."""
    return [ended(*each) for each in [begun(act) for act in acts]]


def begun(act: Callable[[Say], None]) -> tuple[int, int]:
    """A child that lives beside us: its number, and the pipe over which it speaks."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _live_and_end(act, writing)
    os.close(writing)
    return child, reading


def ended(child: int, pipe: int) -> Life:
    """Wait for a child's end."""
    with os.fdopen(pipe, "rb") as words:
        lines = words.read().decode().splitlines()
    _, status = os.waitpid(child, 0)
    failures = [line.removeprefix("! ") for line in lines if line.startswith("! ")]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    failed = failures[0] if failures else None if killed or status == 0 else f"ended with status {status}"
    return Life([line for line in lines if not line.startswith("! ")], killed, failed)


def _live_and_end(act: Callable[[Say], None], pipe: int) -> None:
    """A child's whole life; it never returns into what its parent was doing."""
    try:
        database._current.clear()
        act(lambda line: os.write(pipe, f"{line}\n".encode()))  # type: ignore[arg-type,return-value]
    except BaseException as failure:  # noqa: BLE001  it is told to the parent
        where = traceback.extract_tb(failure.__traceback__)[-1]
        os.write(pipe, f"! {type(failure).__name__}: {failure} at {where.filename}:{where.lineno}\n".encode())
        os._exit(3)
    os._exit(0)
