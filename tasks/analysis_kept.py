"""One analysis at a time, and what was counted once is kept until a row changes: work on cases goes first."""

import threading
from collections import OrderedDict
from typing import Any

from sqlalchemy import func, select

from ground import database
from ground.database import Session
from ground.errors import Busy
from tasks import analysis, analysis_scope
from tasks.analysis import Analysis
from tasks.analysis_rows import AnalysedCase
from tasks.analysis_scope import Scope

KEPT = 100
WAIT_SECONDS = 10.0

_turn = threading.Lock()
_kept: OrderedDict[tuple[Any, ...], Analysis] = OrderedDict()


def of(session: Session, scope: Scope) -> Analysis:
    """The analysis of what counts, from memory if no row has changed; Busy if others have been at it for too long."""
    key = _key(session, scope)
    known = _kept.get(key)
    if known is not None:
        return known
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise Busy(waited=WAIT_SECONDS)
    try:
        if key not in _kept:  # somebody else may have asked for the same
            _kept[key] = analysis.of(session, scope)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return _kept[key]
    finally:
        _turn.release()


def forget() -> None:
    """Drop what was counted, for another database in the same process (tests)."""
    _kept.clear()


def _key(session: Session, scope: Scope) -> tuple[Any, ...]:
    """Whoever sees everything sees the same; anybody else has their own sight of cases."""
    who = "all" if analysis_scope.counts_all(scope.by) else str(scope.by.person)
    state = session.execute(select(func.max(AnalysedCase.reckoned_at), func.sum(AnalysedCase.seq))).one()
    return scope.filters, who, scope.hidden, scope.today, str(database.current().url), *state
