"""Whom a base's telephone, fax and mail address are shown to: all who work on its case, but not those who judge it."""

from collections.abc import Mapping
from typing import Any

from bases.filing import printed
from engine.forms import Form
from ground.people import Actor

JUDGES = frozenset({"expert", "panel_leader"})


def may_reach(by: Actor) -> bool:
    """Whether this person has work that may need a call; an expert has none."""
    return by.person is None or any(held.role not in JUDGES for held in by.held)


def disclosed(form: Form, answers: Mapping[str, Any], by: Actor) -> Mapping[str, Any]:
    """The answers as this person may read them."""
    if not printed.prints(form) or may_reach(by):
        return answers
    return {**answers, **{name: printed.HIDDEN for name in printed.CONTACTS if answers.get(name)}}
