"""What begins with an entry: a register may name a process that is asked for about the base, once for each entry."""

from typing import Any

from bases.register import base
from bases.register.ledgers.definition import Register
from engine import cases
from engine.cases import Beginning
from ground.database import Session


def begin(session: Session, register: Register, entry: Any) -> None:
    """Ask for the process right after the commit; it knows the entry by its ref."""
    found = base.by_id(session, entry.base_id)
    cases.ask(
        session,
        Beginning(
            process=register.begins,
            subject=base.subject(found.id),
            region=found.county or found.city,
            organ=found.organ_id,
            title=f"{found.name}：{entry.label}"[:200],
            key=entry.ref,
            data={"entry": entry.ref},
            alone=False,
        ),
    )
