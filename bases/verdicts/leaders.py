"""A decision on a base is signed by a leader of the Department and by nobody else, whomever a diagram may ask.

Article 2 gives the name to the Department alone. Who draws diagrams decides who is asked, and never who may sign.
"""

from typing import Any

from sqlalchemy import Row as Record

from bases.verdicts.decision import Unsigned
from engine.steps import Move
from ground import people
from ground.clock import local_day

LEADER = "prov_leader"


def signed(move: Move, element: str) -> Record[Any]:
    """What was sent last at this step; Unsigned where nothing was, or where whoever sent it was no leader then."""
    sent = move.submissions(element)
    if not sent or sent[-1].by is None or not _leads(move, sent[-1]):
        raise Unsigned(case=move.case.ref)
    return sent[-1]


def _leads(move: Move, sent: Record[Any]) -> bool:
    return people.actor(move.session, sent.by, local_day(sent.received_at)).has(LEADER)
