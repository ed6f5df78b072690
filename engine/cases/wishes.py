"""What an intervention asks for: one of six acts by hand with its terms, and what that act does to the move."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.cases import hand
from engine.cases.under_way import Moving
from engine.folders import Folder
from engine.spiff.elements import Element
from ground.errors import Refused

RETRY, SKIP, REPEAT, MOVE, CORRECT, CANCEL = "retry", "skip", "repeat", "move", "correct", "cancel"
ACTS = (RETRY, SKIP, REPEAT, MOVE, CORRECT, CANCEL)


class NoSuchAct(Refused):
    """There is no such act, or what it needs to be told is missing."""

    code = "intervention.no_such_act"
    status = 422


class NotSkippable(Refused):
    """Behind this step there is no way, or more than one: say where the token is to be put."""

    code = "intervention.not_skippable"
    status = 422


@dataclass(frozen=True)
class Wish:
    """What is asked for: the act and its terms (source, target, token, name, value), as its act needs them."""

    act: str
    terms: Mapping[str, Any]

    @property
    def asleep(self) -> bool:
        """Whether it may be done to a suspended case, too."""
        return self.act == CANCEL


def checked(wish: Wish) -> Wish:
    """The wish, if there is such an act and it has the terms that it needs; NoSuchAct else."""
    needs = {SKIP: ("source",), REPEAT: ("source",), MOVE: ("source", "target"), CORRECT: ("name",)}
    if wish.act not in ACTS or not all(wish.terms.get(name) for name in needs.get(wish.act, ())):
        raise NoSuchAct(act=wish.act[:20])
    return wish


def deed(wish: Wish) -> Callable[..., None]:
    """What is done to the move; what it is given beside goes to the history."""
    terms = {"source": "", "target": "", "token": None, "name": "", "value": None, **wish.terms}

    def done(move: Moving, **told: Any) -> None:
        told = {"act": wish.act, **told}
        match wish.act:
            case "retry":
                hand.try_again(move, **told)
            case "cancel":
                hand.end(move, **told)
            case "correct":
                hand.put_right(move, terms["name"], terms["value"], terms["token"], **told)
            case "skip":
                target = move.folder.diagram.place(next_step(move.folder, terms["source"]))
                hand.put(move, terms["source"], target, terms["token"], **told)
            case "repeat":
                hand.put(move, terms["source"], terms["source"], terms["token"], **told)
            case _:
                hand.put(move, terms["source"], terms["target"], terms["token"], **told)

    return done


def told(wish: Wish) -> dict[str, Any]:
    """What the history says of its terms: those that were given."""
    return {
        name: wish.terms[name] for name in ("source", "target", "name", "value") if wish.terms.get(name) is not None
    }


def next_step(folder: Folder, place: str) -> Element:
    """Where a token goes from here, if there is one way on; NotSkippable else."""
    element = folder.element(place)
    if element is None:
        raise NotSkippable(element=place)
    scopes = folder.diagram.every[element.process].scopes if element.process else folder.diagram.scopes
    ways = [flow.target for scope in scopes.values() for flow in scope.flows if flow.source == element.id]
    if len(ways) != 1:
        raise NotSkippable(element=place, ways=len(ways))
    elements = folder.diagram.every[element.process].elements if element.process else folder.diagram.elements
    return elements[ways[0]]
