"""The story of a case as one reader may read it: what happened, oldest first, and by whom where they may know it.

Some lines would tell an applicant, or one of those who were asked by name, who judged and how: these are withheld
whole, or told without what they hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from engine import definitions, history
from engine.cases import admission, offices, sight
from engine.folders import Folder
from ground import people
from ground.database import Session
from ground.people import Actor

# That these happened at all is for insiders: it would tell an applicant that somebody declined, or led.
INSIDE_ONLY = frozenset(
    {
        "panel.committed",
        "panel.witnessed",
        "panel.substituted",
        "panel.seated",
        "panel.led",
        "review.reported",
    }
)
# What these lines hold could tell an applicant, or one expert, who judged and how.
FOR_INSIDERS = frozenset(
    {
        "panel.drawn",
        "scores.closed",
        "rectification.measured",
        "rectification.proposed",
        "table.decided",
        "case.corrected",
        "case.moved",
        "case.retried",
        "intervention.proposed",
        "intervention.declined",
        "intervention.stale",
    }
)
# What an office does among its own people is told there and at the province.
AMONG_COLLEAGUES = frozenset(
    {
        "task.handed_over",
        "task.copied",
        "task.commented",
        *(f"loan.{act}" for act in ("begun", "given_back", "called_back", "ended")),
        *(f"cosign.{act}" for act in ("asked", "given", "dropped", "waits", "recalled", "came_back", "ended")),
    }
)


@dataclass(frozen=True)
class Line:
    """One line of a case's story; `by_name` is empty where the reader may not know who it was.

    `behalf` is the principal for whom a substitute did it.
    """

    seq: int
    at: datetime
    kind: str
    by: int | None
    by_name: str
    by_name_en: str
    behalf: people.Name | None
    withheld: bool
    element: str | None
    version_id: int
    detail: Mapping[str, Any]


def story(session: Session, case_ref: str, by: Actor) -> list[Line]:
    """What happened, oldest first; who wrote under a form with named readers stays withheld from all others.

    Each line is read by the version that the case stood on then.
    """
    case = sight.find(session, case_ref, by)
    now = definitions.pinned(session, case.release_id)
    if admission.shut(session, case.id, by, now):
        return []
    under = definitions.written_under(session, now)
    lines = history.read(session, case.id)
    persons = {person for line in lines for person in (line.by_person, line.detail.get("behalf"))}
    names = people.name_of(session, persons - {None})
    told = []
    for line, version in _versions(lines, case.version_id):
        folder = under(version)
        if not _tells_who(line, by, folder):
            shown, inside = _shown(line, by, folder), sight.insider(by, folder)
            told.append(_line(line, names, version, shown=shown, inside=inside))
    return told


def chain(session: Session, case_ref: str, by: Actor) -> list[history.Link]:
    """Every line of the history where it stands in its chain; what this person may not read in full is a bare link."""
    told = {line.seq: line for line in story(session, case_ref, by)}
    case = sight.find(session, case_ref, by)
    return [history.linked(line, whole=_is_whole(line, told.get(line.seq))) for line in history.read(session, case.id)]


def _versions(lines: Sequence[Record[Any]], now: int) -> list[tuple[Record[Any], int]]:
    """Each line with the version on which it was written; a migration itself names elements of its target."""
    found = []
    for line in reversed(lines):
        found.append((line, now))
        if line.kind == "case.migrated":
            now = line.detail["source"]
    return list(reversed(found))


def _shown(line: Record[Any], by: Actor, folder: Folder) -> bool:
    return not sight.withheld(line.element, line.by_person, by, folder)


def _tells_who(line: Record[Any], by: Actor, folder: Folder) -> bool:
    """Attack 73: when one of a few who are asked by name acted would tell an applicant, or another, who it was."""
    known = folder.element(line.element)
    inside = line.kind in INSIDE_ONLY and not sight.insider(by, folder)
    if line.kind in AMONG_COLLEAGUES and not offices.inside(by, line.detail.get("organ")):
        return True
    return inside or (known is not None and known.scope == "person" and not _shown(line, by, folder))


def _is_whole(line: Record[Any], told: Line | None) -> bool:
    """Whether a line is told with all that it holds."""
    return told is not None and told.by == line.by_person and told.detail == line.detail


def _line(line: Record[Any], names: Mapping[int, Any], version: int, *, shown: bool, inside: bool) -> Line:
    person = names.get(line.by_person) if shown and line.by_person is not None else None
    return Line(
        seq=line.seq,
        at=line.at,
        kind=line.kind,
        by=line.by_person if shown else None,
        by_name=person.name if person else "",
        by_name_en=person.name_en if person else "",
        behalf=names.get(line.detail.get("behalf", 0)) if person else None,
        withheld=not shown and line.by_person is not None,
        element=line.element,
        version_id=version,
        detail=line.detail if shown and (inside or line.kind not in FOR_INSIDERS) else {},
    )
