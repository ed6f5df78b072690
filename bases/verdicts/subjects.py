"""How a case names the one thing that it is about, such as `batch:3`, and which case was begun last about it."""

from typing import Any

from sqlalchemy import Row as Record, select

from engine.cases import Case
from ground.database import Session


def number(kind: str, named: str) -> int | None:
    """The 3 of `batch:3` for the kind `batch:`; None where a case is about something else."""
    found = named.removeprefix(kind)
    return int(found) if found != named and found.isascii() and found.isdigit() else None


def last_case(session: Session, named: str) -> Record[Any] | None:
    """The case that was begun last about it, with who began it."""
    asked = select(Case.ref, Case.number, Case.started_by).where(Case.subject == named)
    return session.execute(asked.order_by(Case.id.desc())).first()
