"""The chain of signers of a city: which posts that sign are held, and how far this paper has come.

Which posts sign what, and in which order, is the table `signers` of the process; these are the facts it decides on.
"""

from datetime import date
from typing import Any

from marshmallow import Schema, fields

from engine.steps import Move, step
from ground import people
from ground.clock import local_day
from ground.errors import Refused

SECTION_HEAD, LEADER = "city_section_head", "city_leader"
SECTION = "section_review"
AGREED = "agree"


class Unsigned(Refused):
    """The section head has not agreed to this paper."""

    code = "signers.unsigned"


class Paper(Schema):
    """What kind of document goes up the chain."""

    document = fields.String(required=True)


@step(
    "signers.find",
    parameters=Paper,
    returns=("signing_organ", "signing_document", "section_held", "leader_held", "section_signed"),
    again=True,
)
def find(move: Move, *, document: str) -> dict[str, Any]:
    """§6.1: a city in which nobody holds a post goes on without that signature, so no case stands still for it.

    Each time a paper goes up, its chain begins anew.
    """
    on = local_day(move.now)
    return {
        "signing_organ": f"{move.case.region[:4]}00",
        "signing_document": document,
        "section_held": _held(move, SECTION_HEAD, on),
        "leader_held": _held(move, LEADER, on),
        "section_signed": False,
    }


@step("signers.note", returns=("section_signed",), again=True)
def note(move: Move) -> dict[str, Any]:
    """The section head has agreed to this paper; the table says who comes after."""
    signed = move.submissions(SECTION)
    if not signed or signed[-1].answers.get("outcome") != AGREED:
        raise Unsigned(case=move.case.ref)
    return {"section_signed": True}


def _held(move: Move, role: str, on: date) -> bool:
    return people.resolve(move.session, role, "case-city", None, move.case.region, on).held
