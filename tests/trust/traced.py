"""`python -m tests.trust.traced DATABASE COUNT [SYNCHRONOUS]`: cases begun and done, each act said once confirmed."""

import os
import sys
from typing import Any

from sqlalchemy import event, select

from engine import cases
from engine.waits import Wait
from ground import clock, database
from ground.database import Database, reading
from tests.conftest import MORNING
from tests.trust import acts

PAGES = 60  # so few that what is in the log goes into the file again and again


def main(path: str, count: int, synchronous: str = "") -> None:
    """Act; nothing here knows that it is watched. Another `synchronous` than ours is a fault to be found."""
    clock.use(lambda: MORNING)
    store = Database(f"sqlite:///{path}")
    event.listen(store.writer, "connect", lambda raw, _entry: raw.execute(f"PRAGMA wal_autocheckpoint={PAGES}"))
    if synchronous:
        event.listen(store.writer, "connect", lambda raw, _entry: raw.execute(f"PRAGMA synchronous={synchronous}"))
    database.use(store)
    by = acts.person("looper")
    place: Any = {"region": "510703", "organ": by.held[0].organ_id, "title": "断电", "data": {"round": 0}, "by": by}
    for number in range(count):
        case = cases.start("rounds", subject=f"base:{number}", key=f"begin {number}", **place).ref
        os.write(1, f"ACK begin {number}\n".encode())
        with reading() as session:
            wait = session.scalar(select(Wait.ref).join(cases.Case).where(cases.Case.ref == case))
        acts.claim(wait, by)
        cases.complete(wait, acts.FORWARD, by=by, key=f"send {number}")
        os.write(1, f"ACK send {number}\n".encode())
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
