"""A running case moves to another version of its process: first asked whether it can, then done, each by itself.

Tasks keep their ref, draft and due date, timers their instant, instances their progress. Only what is named in `rearm`
gets a new date. A task goes to whom the new version asks; its holder keeps it, unless they are not asked any more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row as Record, false, func, select, update

from engine import definitions, holding, waits
from engine.cases.case import Case, join
from engine.cases.hand import check, standing
from engine.cases.locking import Taken, of_ref
from engine.cases.moving import PASSING, Stopped, moving
from engine.cases.opening import named
from engine.cases.under_way import Moving
from engine.definitions import Release, Version
from engine.folders import Folder
from engine.spiff.elements import Element
from engine.spiff.instance import Instance, StuckAt, Token
from engine.spiff.migration import Changes, MustStay, NeedsMapping
from ground import clock, people
from ground.database import Session, reading
from ground.errors import Missing, Refused
from ground.people import Actor

NOTHING: Mapping[str, str] = MappingProxyType({})


class NotInTarget(Refused):
    """A mapping or a new date names elements that the target version does not have."""

    code = "migrate.not_in_target"
    status = 422


@dataclass(frozen=True)
class Aim:
    """Where cases are to go: the release, its folder, where renamed elements stand there, what gets a new date."""

    release_id: int
    process_id: int
    number: int
    folder: Folder
    mapping: Mapping[str, str]
    rearm: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What became, or would become, of one case.

    `result` is moves (asked), moved, there (it was there before), needs_mapping or must_stay; `elements` are those that
    need a mapping, or the one for which it stays; `why` is a code. `opened`, `closed` and `rearmed` name the events at
    edges that the target has anew or no more, and the dates that are new.
    """

    case: str
    result: str
    elements: list[str] = field(default_factory=list)
    why: str = ""
    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    rearmed: list[str] = field(default_factory=list)


def migrate(
    case_refs: Sequence[str],
    to: str,
    *,
    by: Actor,
    reason: str,
    mapping: Mapping[str, str] = NOTHING,
    rearm: Sequence[str] = (),
    dry: bool = True,
) -> list[Verdict]:
    """Ask of each case whether it can move to the version of this ref, and with `dry=False` move those that can.

    One that cannot stops no other. What was moved before is found `there` and not moved again.
    """
    check("migrate", by, reason)
    with reading() as session:
        goal = aim(session, to, mapping, rearm, reason)
        if dry:
            return [_asked(session, ref, goal, by) for ref in case_refs]
    return [moved(ref, goal, by) for ref in case_refs]


def aim(session: Session, to: str, mapping: Mapping[str, str], rearm: Sequence[str], reason: str) -> Aim:
    """The newest release of this version; NotInTarget if a name is not one of its elements."""
    row = session.execute(
        select(func.max(Release.id).label("release"), Version.id, Version.process_id, Version.number)
        .join(Release, Release.version_id == Version.id)
        .where(Version.ref == to)
        .group_by(Version.id, Version.process_id, Version.number)
    ).one_or_none()
    if row is None:
        raise Missing(version=to)
    folder = definitions.pinned(session, row.release)
    unknown = sorted(name for name in {*mapping.values(), *rearm} if folder.diagram.find(name) is None)
    if unknown:
        raise NotInTarget(elements=unknown)
    return Aim(row.release, row.process_id, row.number, folder, dict(mapping), frozenset(rearm), reason)


def moved(case_ref: str, goal: Aim, by: Actor, confirm: Callable[[Moving], None] = lambda _: None) -> Verdict:
    """Move one case in a transaction of its own; `confirm` may write into it. A refusal is a verdict, too."""
    try:
        with moving(of_ref(case_ref), by, clock.now(), asleep=True) as move:
            if move.folder.version_id == goal.folder.version_id:
                confirm(move)
                return Verdict(case_ref, "there")
            verdict = _carried(move, goal)
            confirm(move)
    except Stopped as stopped:
        return Verdict(case_ref, "must_stay", [stopped.detail["element"] or ""], str(stopped.detail["code"]))
    except Refused as no:
        if isinstance(no, PASSING) and not isinstance(no, NeedsMapping | MustStay | Missing):
            raise
        return _refused(case_ref, no)
    return verdict


def _asked(session: Session, case_ref: str, goal: Aim, by: Actor) -> Verdict:
    """The same without writing: the state is thawed, taken over and thrown away."""
    row = session.execute(select(Case, false().label("troubled")).where(Case.ref == case_ref)).one_or_none()
    try:
        if row is None:
            raise Missing(case=case_ref)
        if row.version_id == goal.folder.version_id:
            return Verdict(case_ref, "there")
        folder = definitions.pinned(session, row.release_id)
        move = Moving(session, Taken(row, ()), folder, by, clock.now())
        move.instance = Instance.thaw(row.state, folder.diagram, move)
        instance, changes = _on(move, goal)
    except Refused as no:
        return _refused(case_ref, no)
    names = {folder.diagram.place(token.element) for token in instance.tokens()}
    return Verdict(case_ref, "moves", opened=changes.opened, closed=changes.closed, rearmed=sorted(goal.rearm & names))


def _refused(case_ref: str, no: Refused) -> Verdict:
    if isinstance(no, NeedsMapping):
        return Verdict(case_ref, "needs_mapping", list(no.detail["elements"]))
    why = str(no.detail["why"]) if isinstance(no, MustStay) else no.code
    element = no.detail.get("element")
    return Verdict(case_ref, "must_stay", [element] if element else [], why)


def _on(move: Moving, goal: Aim) -> tuple[Instance, Changes]:
    """The instance on the target's diagram."""
    if move.status == "closed":
        raise MustStay(element=None, why="closed")
    if move.process_id != goal.process_id:
        raise MustStay(element=None, why="other_process")
    instance, changes = move.instance.on(goal.folder.diagram, goal.mapping)
    for was, now in changes.renamed.items():
        element = move.folder.diagram.find(was)
        form = move.folder.form(was, element.form) if element else None
        if form is not None and form.sealed:
            raise MustStay(element=was, why=f"sealed:{now}")  # its papers are kept sealed by the id
    return instance, changes


def _carried(move: Moving, goal: Aim) -> Verdict:
    before, source = standing(move), move.folder
    try:
        instance, changes = _on(move, goal)
        seq = move.record(
            "case.migrated",
            version=goal.number,
            source=source.version_id,
            target=goal.folder.version_id,
            before=before,
            renamed=changes.renamed,
            opened=changes.opened,
            closed=changes.closed,
            reason=goal.reason,
        )
        move.stand_on(goal.folder, instance)
        _rename(move, source)
        rearmed = _rearm(move, goal.rearm)
        move.settle()
    except StuckAt as stuck:
        raise MustStay(element=stuck.detail.get("element"), why=stuck.code) from stuck
    of_case = move.session.scalar(select(Case.release_id).where(Case.id == move.case.id))
    release_id = definitions.kept(move.session, goal.release_id, definitions.policy_of(move.session, of_case))
    move.session.execute(
        update(Case).where(Case.id == move.case.id).values(version_id=goal.folder.version_id, release_id=release_id)
    )
    move.amend(seq, after=standing(move), rearmed=rearmed)
    return Verdict(move.case.ref, "moved", opened=changes.opened, closed=changes.closed, rearmed=rearmed)


def _rename(move: Moving, source: Folder) -> None:
    """The rows of what waits keep all that people know of them; only what the diagram says of them is new."""
    rows = {row.token: row for row in move.standing or ()}
    for token in move.instance.tokens():
        row = rows.get(token.id)
        if row is not None:
            place = move.folder.diagram.place(token.element)
            waits.rename(move.session, row.kind, row.id, place, token.element)
            if _asks(source.diagram.find(row.element)) != _asks(token.element):
                _address(move, row, token)


def _asks(element: Element | None) -> tuple[str | None, ...]:
    """Whom a diagram asks, in its own words; who that is may change while a task waits, without a migration."""
    if element is None:
        return ()
    return element.role, element.scope, element.argument.source if element.argument else None


def _address(move: Moving, row: Record[Any], token: Token) -> None:
    """A task goes to the queue of the new version, and from its holder only if they are not in that."""
    if row.kind == "timer" or token.element.role is None:
        return
    queue = move.addressee(token)
    if row.kind == "subscription":
        waits.ask_sender(move.session, row.id, queue)
        return
    asked = {person.id for person in people.holders(move.session, queue, clock.local_day(move.now))}
    holder = row.held_by if row.held_by in asked else named(queue)
    if holder is not None:
        join(move.session, move.case.id, holder)
    holding.address(move.session, row.id, queue, holder, row.held_at if holder == row.held_by else move.now)
    left = row.held_by if row.held_by != holder else None
    place = move.folder.diagram.place(token.element)
    move.record("task.readdressed", element=place, was=row.queue, queue=queue, held_before=left)


def _rearm(move: Moving, names: frozenset[str]) -> list[str]:
    """What is named gets the date that it would get if it began now."""
    tokens = {token.id: token for token in move.instance.tokens() if move.folder.diagram.place(token.element) in names}
    named = [row for row in move.standing or () if row.token in tokens and row.kind in {"wait", "timer"}]
    for row in named:
        waits.put_off(move.session, row.kind, row.id, move.dates(row.kind, tokens[row.token]))
    return sorted({move.folder.diagram.place(tokens[row.token].element) for row in named})
