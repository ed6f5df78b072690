"""Who may change the rules of the house: its process owner and the head of the handling division at the province."""

from ground.errors import Forbidden, Refused
from ground.people import Actor

RULERS = frozenset({"process_owner", "prov_division_head"})
LONGEST_NOTE = 500


class NoGround(Refused):
    """Whoever changes a rule says on what ground, in at most 500 characters."""

    code = "measures.no_ground"
    status = 422


def check(by: Actor, note: str) -> str:
    """Refuse everybody else, and a change without a ground; the ground as it is kept."""
    allow(by)
    ground = note.strip()
    if not ground or len(ground) > LONGEST_NOTE:
        raise NoGround(most=LONGEST_NOTE)
    return ground


def allow(by: Actor) -> None:
    """Refuse everybody else."""
    if not any(held.role in RULERS and held.organ_kind == "province" for held in by.held):
        raise Forbidden(roles=sorted(RULERS))
