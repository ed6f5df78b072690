"""Upkeep of a house that serves for real: its schema and seeds, and the proof that history is whole."""

import sys
from argparse import Namespace

from sqlalchemy import select

from engine import history
from engine.cases import Case
from ground import settings
from ground.database import reading
from web import house


def migrate(_arguments: Namespace) -> int:
    """Bring the schema up and lay the seeds; the same again changes nothing."""
    house.lay(settings.read())
    print("数据库结构与基础数据已是最新。 The schema and the seeds are up to date.")
    return 0


def verify(_arguments: Namespace) -> int:
    """Check the chain of every case: 0 if all hold, 1 with the first bad line of each that does not."""
    house.connect(settings.read())
    broken = 0
    with reading() as session:
        for case in session.execute(select(Case.id, Case.number, Case.seq, Case.head).order_by(Case.id)).all():
            fault = history.verify(session, case.id, history.Head(case.seq, case.head))
            if fault is not None:
                broken += 1
                print(
                    f"{case.number}: 第 {fault.seq} 行 {fault.kind} · line {fault.seq}: {fault.kind}", file=sys.stderr
                )
    if not broken:
        print("办件历史完好。 Every chain holds.")
    return 1 if broken else 0
