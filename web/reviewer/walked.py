"""The path of one case on its diagram: in which order it came by, when and for how long, as its story tells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine import cases, definitions
from engine.folders import Folder
from engine.spiff.diagrams import AT, Diagram
from ground import clock
from ground.calendar import Calendar
from ground.database import Session
from ground.people import Actor
from tasks import following, paths
from tasks.paths import Path
from web.door.language import _, ngettext
from web.reviewer import naming
from web.words.catalogue import N_

HOW = {paths.HAND: N_("流程处置"), paths.UNKNOWN: N_("与流程图不符")}
SHOWN_TIMES = 4  # on one shape; the table has them all


@dataclass(frozen=True)
class Step:
    """One step as the table shows it; `waited` and `worked` are working days."""

    number: int
    element: str
    name: str
    entered: datetime
    taken: datetime | None
    left: datetime | None
    waited: int
    worked: int
    withdrawn: bool
    late: bool
    how: str


def steps(store: Session, case: Any, folder: Folder, by: Actor, until: datetime, known: Calendar) -> list[Step]:
    """The steps that this person may know of, in their order."""
    under = definitions.written_under(store, folder)
    path = paths.read(cases.story(store, case.ref, by), lambda version: following.of(under(version)))
    return [_step(number, one, path, folder, until, known) for number, one in enumerate(path.steps, start=1)]


def badges(found: Sequence[Step], folder: Folder, called: str) -> str:
    """What the drawing of a process shows on its shapes, as the viewer reads it: the order and the working days."""
    inner: Diagram = folder.diagram.every[called] if called else folder.diagram
    at: dict[str, list[Step]] = defaultdict(list)
    for step in found:
        process = step.element.rpartition(AT)[0]
        if not called or process in inner.every:
            at[inner.where(step.element)].append(step)
    return orjson.dumps({place: _badge(visits) for place, visits in at.items()}).decode()


def _badge(visits: Sequence[Step]) -> Mapping[str, Any]:
    numbers = [str(step.number) for step in visits]
    shown = numbers if len(numbers) <= SHOWN_TIMES else [*numbers[: SHOWN_TIMES - 1], "…", numbers[-1]]
    total = sum(step.waited + step.worked for step in visits)
    days = ngettext("%(n)s个工作日", "%(n)s个工作日", total)
    late = any(step.late for step in visits)
    return {"text": f"#{'、'.join(shown)}", "also": [days], "late": late, "name": visits[0].name}


def _step(number: int, one: paths.Step, path: Path, folder: Folder, until: datetime, known: Calendar) -> Step:
    stands = until if not one.withdrawn else one.left or until
    return Step(
        number=number,
        element=one.element,
        name=naming.step(folder, one.element),
        entered=one.entered,
        taken=one.taken,
        left=one.left,
        waited=path.waited(one, stands, known),
        worked=path.worked(one, stands, known),
        withdrawn=one.withdrawn,
        late=one.late(clock.local_day(until)) and one.due_kind != "default",
        how=_(HOW[one.how]) if one.how in HOW else "",
    )
