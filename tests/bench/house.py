"""A house for a bench: laid in a folder, synchronous=FULL as in production, with one officer who does all the work."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from engine import cases, definitions, schema
from ground import clock, database, organs, people, seed
from ground.database import Database, reading, transaction
from ground.people import Actor

ANSWERS = {"outcome": "forward", "opinion": "材料齐全，拟同意。"}


@contextmanager
def laid(url: str | None = None) -> Iterator[Database]:
    """A seeded database: a fresh SQLite file, or the empty one at `url`."""
    with tempfile.TemporaryDirectory(prefix="jidi-bench-") as folder:
        store = Database(url or f"sqlite:///{Path(folder) / 'bench.db'}")
        schema.upgrade(store)
        database.use(store)
        definitions.forget()
        with transaction() as session:
            seed.lay(session)
        yield store
        store.close()


def officer(login: str = "bench") -> Actor:
    """A person who holds the province's handling role."""
    with transaction() as session:
        province = organs.body(session, "sc-mofcom")
        person = people.add_person(session, login, "测试员", "Bench")
        people.grant(session, person, "prov_officer", province.id, clock.today())
        return people.actor(session, person, clock.today())


def published(parts: Mapping[str, bytes]) -> None:
    """Make this folder the current version of its process."""
    with transaction() as session:
        definitions.publish(session, parts, origin="shipped", by=None, now=clock.now())


def start(process: str, by: Actor, key: str) -> str:
    """Begin a case in Mianyang; its ref."""
    organ = by.held[0].organ_id
    begun = cases.start(process, subject="base:1", region="510700", organ=organ, title="绵阳市", by=by, key=key)
    return begun.ref


def actor_again(person: int) -> Actor:
    """The person as they are today."""
    with reading() as session:
        return people.actor(session, person, clock.today())
