"""What if: the cases of the last year, played through a draft of their process; how many go another way, and where.

Only what the history and the submissions of a case say is used; nothing is changed, nothing is kept. A case that began
before its inputs were kept, or was moved by hand, is told apart and not guessed at.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as Record, func, select

from engine import definitions, history, inputs
from engine.cases import Case, visible
from engine.definitions import Process
from engine.folders import Folder
from engine.submissions import Submission
from engine.trial.replaying import OTHER, REMINDER, SAME, UNCLEAR, Deed, Past, Verdict, bare, verdict
from ground import parameters
from ground.clock import local_day
from ground.database import Session
from ground.people import Actor

__all__ = ["OTHER", "SAME", "UNCLEAR", "Found", "what_if"]

YEAR = timedelta(days=366)
MOST = 60
BY_HAND = frozenset(
    {"case.moved", "case.corrected", "case.migrated", "case.cancelled", "task.sent_back", "task.taken_back"}
)
WAY = frozenset({"step.ran", "task.completed", "table.decided"})


@dataclass(frozen=True)
class Found:
    """The verdicts, newest case first, and how many cases of the year were not looked at, being beyond `MOST`."""

    verdicts: Sequence[Verdict]
    beyond: int

    def count(self, kind: str) -> int:
        """How many cases came out so."""
        return sum(each.kind == kind for each in self.verdicts)

    def places(self) -> list[tuple[str, str, list[Verdict]]]:
        """Where cases leave their way: the element, what comes instead, and the cases; the most frequent first."""
        grouped: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
        for each in self.verdicts:
            if each.kind == OTHER:
                grouped[each.at, each.instead].append(each)
        ordered = sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))
        return [(at, instead, found) for (at, instead), found in ordered]

    def new(self) -> list[tuple[str, int]]:
        """The elements that were not there, and how many cases would have met each."""
        return Counter(element for each in self.verdicts for element in each.new).most_common()

    def rows(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...], list[Verdict]]]:
        """Where another row of a table would answer: the element, the rules then and now, the cases."""
        grouped: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Verdict]] = defaultdict(list)
        for each in self.verdicts:
            for row in dict.fromkeys(each.rows):
                grouped[row].append(each)
        ordered = sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))
        return [(*row, found) for row, found in ordered]

    def late(self) -> list[tuple[str, int]]:
        """At which reminders more (or fewer) cases would have been reminded, and by how many."""
        shifts = Counter[str]()
        for each in self.verdicts:
            shifts.update({element: (by > 0) - (by < 0) for element, by in each.late.items()})
        return [(element, by) for element, by in sorted(shifts.items()) if by]


def what_if(session: Session, key: str, tried: Folder, by: Actor, now: datetime) -> Found:
    """Play the newest cases of the year before through `tried`; `seen` says which of them this person may open."""
    of_the_year = (Case.process_id == Process.id, Process.key == key, Case.started_at > now - YEAR)
    count = int(session.scalar(select(func.count(Case.id)).where(*of_the_year)))
    newest = select(Case, visible(by).label("seen")).where(*of_the_year).order_by(Case.id.desc()).limit(MOST)
    house = {each.key: each.value for each in parameters.listed(session, local_day(now))}
    verdicts = [_verdict(session, row, tried, house) for row in session.execute(newest).all()]
    return Found(verdicts, count - len(verdicts))


def _verdict(session: Session, row: Record[Any], tried: Folder, house: Mapping[str, Any]) -> Verdict:
    lines = history.read(session, row.id)
    past = _past(session, row, lines)
    if any(line.kind in BY_HAND for line in lines):
        return Verdict(past, UNCLEAR)
    return verdict(past, definitions.pinned(session, row.release_id), tried, house)


def _past(session: Session, row: Record[Any], lines: Sequence[Record[Any]]) -> Past:
    """The case as its rows tell it."""
    given = inputs.of_case(session, row.id)
    sent = {each.seq: each for each in session.execute(select(Submission).where(Submission.case_id == row.id))}
    gave: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    deeds, way, late, decided = [], [], Counter[str](), []
    for line in lines:
        place = bare(line.element or "")
        if line.kind == "step.ran" and line.detail["step"] == REMINDER:
            late[place] += 1
            continue
        if line.kind == "step.ran":
            gave[place].append(given.get(line.seq, {}))
        if line.kind == "table.decided":
            decided.append((place, tuple(sorted(line.detail["rows"]))))
        if line.kind in WAY:
            way.append(place)
        if (deed := _deed(line, given, sent)) is not None:
            deeds.append(deed)
    if row.outcome:
        way.append(row.outcome)
    facts = {"organ": row.organ_id, "region": row.region, "subject": row.subject, "number": row.number}
    return Past(
        number=row.number,
        ref=row.ref,
        seen=bool(row.seen),
        facts=facts,
        began_at=row.started_at,
        last_at=lines[-1].at if lines else row.started_at,
        data=given.get(1, {}),
        deeds=deeds,
        gave=gave,
        way=way,
        late=late,
        decided=decided,
    )


def _deed(line: Record[Any], given: Mapping[int, Any], sent: Mapping[int, Record[Any]]) -> Deed | None:
    if line.kind == "task.completed" and line.seq in sent:
        return Deed(line.at, "complete", bare(line.element), sent[line.seq].answers, sent[line.seq].item)
    if line.kind == "message.sent" and line.seq in sent:
        return Deed(line.at, "message", line.detail["name"], sent[line.seq].answers)
    if line.kind == "message.arrived":
        return Deed(line.at, "message", line.detail["name"], given.get(line.seq, {}))
    return None
