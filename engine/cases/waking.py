"""What is due in a case is fired, by nobody's act: in one case by itself, or in several in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from engine import definitions, waits
from engine.cases.locking import of_id, take_free
from engine.cases.moving import Stopped, Suspended, moving
from engine.cases.opening import Known
from engine.cases.under_way import Moving
from ground import clock, people
from ground.database import transaction


def wake(case_id: int, *, received_at: datetime | None = None) -> bool:
    """Fire what is due in one case; False if it stopped, and then its due timers stand aside until it is mended.

    A case that was suspended a moment ago has set its timers aside itself.
    """
    now = received_at or clock.now()
    try:
        with moving(of_id(case_id), people.SYSTEM, now):
            pass
    except Suspended:
        return False
    except Stopped:
        with transaction() as session:
            waits.stop_timers(session, case_id, now)
        return False
    return True


def wake_together(case_ids: Sequence[int], *, received_at: datetime) -> list[int]:
    """Fire what is due in each of these cases, in one transaction: a commit costs more than the move it keeps.

    The numbers of those that moved; one that somebody else is moving is left out. Whatever stops one of them takes
    all of them back: then wake each by itself.
    """
    known = Known()
    with transaction() as session:
        taken = [one for one in take_free(session, case_ids) if one.case.status == "open"]
        for one in taken:
            folder = definitions.pinned(session, one.case.release_id)
            move = Moving(session, one, folder, people.SYSTEM, received_at, known)
            move.begin(one.case.state)
            move.finish()
    return [one.case.id for one in taken]
