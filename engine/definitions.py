"""Processes, their versions and the parts of each: one folder is one immutable version with one digest.

A case is pinned at start to a release: its version, that of every process it can call, and the policy its
parameters come from. Shipped folders are published only while no owner has published a version of the same process.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import checker, forms, steps
from engine.folders import Folder, digest_of
from engine.spiff import diagrams, lint
from ground import parameters, people
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.types import Bytes, Code, Document, Id, Instant, Ref, Text, Whole

POLICY = "2020"
DOUBT = "soundness."


class Process(Row):
    """A process by its key, and which of its versions new cases start on."""

    __tablename__ = "process"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Code(), unique=True)
    release_id: Mapped[int | None] = mapped_column(Id)


class Version(Row):
    """One immutable state of a process folder."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    process_id: Mapped[int] = mapped_column(Id, ForeignKey("process.id"))
    number: Mapped[int] = mapped_column(Whole)
    digest: Mapped[str] = mapped_column(Text(64))
    origin: Mapped[str] = mapped_column(Code())
    state: Mapped[str] = mapped_column(Code())
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


class Part(Row):
    """One file of a version, as it was handed in."""

    __tablename__ = "part"

    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"), primary_key=True)
    path: Mapped[str] = mapped_column(Text(200), primary_key=True)
    body: Mapped[bytes] = mapped_column(Bytes)


class Release(Row):
    """What a case is pinned to: a version, the versions it can call, and the policy."""

    __tablename__ = "release"
    __table_args__ = (Index("ix_release_version", "version_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"))
    calls: Mapped[dict[str, int]] = mapped_column(Document)
    policy: Mapped[str] = mapped_column(Code())


class NotRunnable(Refused):
    """The folder cannot be run right; `findings` name element, line, reason and a way out. What was published stays."""

    code = "process.not_runnable"
    status = 422


class NotAcknowledged(Refused):
    """It may run right, or stop on the way: `findings` show where, and whoever publishes is to have read them."""

    code = "process.not_acknowledged"


_folders: dict[int, Folder] = {}
_pinned: dict[int, Folder] = {}
_guard = threading.Lock()


def folder(session: Session, version_id: int) -> Folder:
    """The parts of a version, without what it calls; a version never changes, so it is read once."""
    known = _folders.get(version_id)
    if known is not None:
        return known
    rows = session.execute(select(Part.path, Part.body).where(Part.version_id == version_id)).all()
    if not rows:
        raise Missing(version=version_id)
    parts = {row.path: row.body for row in rows}
    with _guard:
        return _folders.setdefault(version_id, Folder(version_id, digest_of(parts), parts))


def pinned(session: Session, release_id: int) -> Folder:
    """The folder of a release, with those of everything that it can call; a release never changes either."""
    known = _pinned.get(release_id)
    if known is not None:
        return known
    row = session.execute(select(Release.version_id, Release.calls).where(Release.id == release_id)).one_or_none()
    if row is None:
        raise Missing(release=release_id)
    made = _with_calls(session, folder(session, row.version_id), row.calls)
    with _guard:
        return _pinned.setdefault(release_id, made)


def shown(session: Session, version_id: int) -> Folder:
    """The folder of a version as its newest release runs it; a draft with what is published now."""
    newest = session.scalar(select(func.max(Release.id)).where(Release.version_id == version_id))
    if newest is not None:
        return pinned(session, newest)
    bare = folder(session, version_id)
    return _with_calls(session, bare, _closure(session, bare))


def written_under(session: Session, now: Folder) -> Callable[[int], Folder]:
    """What gives the folder that a paper was sent under, by its version; `now` is the one that its case is on."""
    return lambda version_id: now if version_id == now.version_id else shown(session, version_id)


def forget() -> None:
    """Drop what was read, for another database in the same process (tests)."""
    with _guard:
        _folders.clear()
        _pinned.clear()


def publish(
    session: Session,
    parts: Mapping[str, bytes],
    *,
    origin: str,
    by: int | None,
    now: datetime,
    acknowledged: Collection[str] | None = None,
) -> Record[Any]:
    """Make a folder the version that new cases start on; the same folder again changes nothing.

    Where `acknowledged` are given, every doubt about soundness must be among them, each as `code@element`.
    """
    folder_ = check(session, parts, now, acknowledged)
    process_id = _process(session, folder_.facts["key"])
    if same := _published(session, process_id, folder_.digest):
        return same
    shipped_over = origin == "shipped" and _owners_version(session, process_id)
    version_id = _store(session, process_id, folder_, origin, by, now, state="draft" if shipped_over else "published")
    if not shipped_over:
        _release(session, process_id, version_id, _closure(session, folder_))
        _release_callers(session, folder_.facts["key"])
    return session.execute(select(Version).where(Version.id == version_id)).one()


def check(
    session: Session, parts: Mapping[str, bytes], now: datetime, acknowledged: Collection[str] | None = None
) -> Folder:
    """The folder as it would run; NotRunnable lists every reason why it would not, NotAcknowledged every doubt."""
    draft = Folder(0, digest_of(parts), dict(parts))
    found = _findings(session, draft, now)
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise NotRunnable(process=draft.facts["key"], findings=errors)
    doubts = [finding for finding in found if finding.code.startswith(DOUBT)]
    if acknowledged is not None and {f"{doubt.code}@{doubt.element}" for doubt in doubts} - set(acknowledged):
        raise NotAcknowledged(process=draft.facts["key"], findings=doubts)
    return draft


def findings(session: Session, parts: Mapping[str, bytes], now: datetime) -> list[lint.Finding]:
    """Everything to say about a folder, errors first; a warning is to be read before it is published."""
    return _findings(session, Folder(0, digest_of(parts), dict(parts)), now)


def _findings(session: Session, draft: Folder, now: datetime) -> list[lint.Finding]:
    """The diagram by itself first, in the checker's process; then, known to be harmless, beside what it names."""
    diagram = draft.facts["diagram"]
    calls = {row.key: tuple(row.calls) for row in processes(session)}
    alone = checker.check(diagram, draft.parts[diagram], calls)
    beside = lint.check(
        {diagram: draft.parts[diagram]},
        steps=steps.registered(),
        forms=set(draft.forms),
        tables={key: tuple(output.name for output in table.outputs) for key, table in draft.tables.items()},
        deadlines=parameters.deadline_keys(session, now),
        roles=set(people.ROLES),
        names=_names(draft),
        processes=calls,
        key=draft.facts["key"],
    )
    said = {(finding.code, finding.element, finding.line) for finding in beside}
    beside += [finding for finding in alone if (finding.code, finding.element, finding.line) not in said]
    beside += [fault for key, form in draft.forms.items() for fault in _faults_of(key, form)]
    beside += _number_taken(session, draft)
    if not any(finding.severity == "error" for finding in beside):
        beside += _long_places(session, draft)
    return sorted(beside, key=lambda finding: finding.severity != "error")


def _long_places(session: Session, draft: Folder) -> list[lint.Finding]:
    """Elements of called processes of which rows could not hold the name, since their process stands before it."""
    whole = _with_calls(session, draft, _closure(session, draft)).diagram
    elements = [each for diagram in whole.every.values() for each in diagram.elements.values()]
    called = any(draft.facts["key"] in row.calls for row in processes(session))
    places = [f"{each.process}{diagrams.AT}{each.id}" if called else whole.place(each) for each in elements]
    part, limit = draft.facts["diagram"], lint.LONGEST
    return [
        lint.Finding("bpmn.id_too_long", "error", part, place, 0, {"limit": limit})
        for place in places
        if len(place) > limit
    ]


def _number_taken(session: Session, draft: Folder) -> list[lint.Finding]:
    """Another process whose cases would bear the same numbers (`2026-认定-007`)."""
    key, number = draft.facts["key"], draft.facts["number"]
    others = [row for row in processes(session) if row.key != key]
    same = [row.key for row in others if folder(session, row.version_id).facts["number"] == number]
    facts = {"number": number, "by": same, "way_out": "another_number"}
    return [lint.Finding("process.number_taken", "error", "process.json", None, 1, facts)] if same else []


def _names(draft: Folder) -> set[str]:
    """The scalars that its forms declare and those it says it is started with."""
    declared = {name for form in draft.forms.values() for name in form.scalars}
    return declared | set(draft.facts.get("starts_with", ()))


def _faults_of(key: str, form: forms.Form) -> list[lint.Finding]:
    """What a form names that is not there: a role among its readers, a check, first values."""
    checks, prefills = forms.registered(), forms.registered_prefills()
    unknown = [("form.unknown_role", role) for role in form.readers if role not in people.ROLES]
    unknown += [("form.unknown_check", name) for name in form.checks if name not in checks]
    unknown += [("form.unknown_prefill", form.prefill)] if form.prefill and form.prefill not in prefills else []
    return [lint.Finding(code, "error", f"forms/{key}.json", None, 1, {"name": name}) for code, name in unknown]


def processes(session: Session) -> Sequence[Record[Any]]:
    """Every process with the version that new cases start on."""
    return session.execute(
        select(
            Process.key,
            Version.id.label("version_id"),
            Version.ref,
            Version.number,
            Version.origin,
            Version.published_at,
            Release.id.label("release_id"),
            Release.calls,
            Process.id.label("process_id"),
        )
        .join(Release, Release.id == Process.release_id)
        .join(Version, Version.id == Release.version_id)
        .order_by(Process.key)
    ).all()


def versions(session: Session, key: str) -> Sequence[Record[Any]]:
    """The versions of a process, newest first."""
    return session.execute(
        select(Version)
        .join(Process, Process.id == Version.process_id)
        .where(Process.key == key)
        .order_by(Version.number.desc())
    ).all()


def current(session: Session, key: str) -> Record[Any]:
    """The release that new cases of this process start on: release_id, version_id, process_id."""
    row = session.execute(
        select(Release.id.label("release_id"), Release.version_id, Process.id.label("process_id"))
        .join(Process, Process.release_id == Release.id)
        .where(Process.key == key)
    ).one_or_none()
    if row is None:
        raise Missing(process=key)
    return row


def _process(session: Session, key: str) -> int:
    found = session.scalar(select(Process.id).where(Process.key == key).with_for_update())
    if found is None:
        found = session.scalar(insert(Process).values(key=key).returning(Process.id))
    return int(found)


def _published(session: Session, process_id: int, digest: str) -> Record[Any] | None:
    return session.execute(
        select(Version)
        .join(Release, Release.version_id == Version.id)
        .join(Process, Process.release_id == Release.id)
        .where(Process.id == process_id, Version.digest == digest)
    ).one_or_none()


def _owners_version(session: Session, process_id: int) -> bool:
    owned = select(Version.id).where(
        Version.process_id == process_id, Version.origin == "owner", Version.state == "published"
    )
    return session.scalar(owned.limit(1)) is not None


def _store(
    session: Session, process_id: int, draft: Folder, origin: str, by: int | None, now: datetime, *, state: str
) -> int:
    number = (session.scalar(select(func.max(Version.number)).where(Version.process_id == process_id)) or 0) + 1
    published = {"published_at": now, "published_by": by} if state == "published" else {}
    version_id = session.scalar(
        insert(Version)
        .values(
            ref=new_ref(),
            process_id=process_id,
            number=number,
            digest=draft.digest,
            origin=origin,
            state=state,
            created_at=now,
            **published,
        )
        .returning(Version.id)
    )
    rows = [{"version_id": version_id, "path": path, "body": body} for path, body in sorted(draft.parts.items())]
    session.execute(insert(Part), rows)
    return int(version_id)


def _release(session: Session, process_id: int, version_id: int, calls: Mapping[str, int]) -> None:
    release_id = session.scalar(
        insert(Release).values(version_id=version_id, calls=dict(calls), policy=POLICY).returning(Release.id)
    )
    session.execute(update(Process).where(Process.id == process_id).values(release_id=release_id))


def _release_callers(session: Session, key: str) -> None:
    """Whoever can call this process is released again, for new cases; those that run keep what they were pinned to."""
    for row in processes(session):
        if key in row.calls:
            _release(session, row.process_id, row.version_id, _closure(session, folder(session, row.version_id)))


def _closure(session: Session, caller: Folder) -> dict[str, int]:
    """The versions, as they are published now, of every process that a folder can call, also through others."""
    now = {row.key: row.version_id for row in processes(session)}
    found: dict[str, int] = {}
    left = [caller]
    while left:
        each = left.pop()
        for key in diagrams.outside(each.parts[each.facts["diagram"]]):
            if key in now and key not in found:
                found[key] = now[key]
                left.append(folder(session, now[key]))
    return found


def _with_calls(session: Session, caller: Folder, calls: Mapping[str, int]) -> Folder:
    """Folders that know one another: each of the called ones may call others of them."""
    if not calls:
        return caller
    every: dict[str, Folder] = {}
    for key, called in calls.items():
        every[key] = replace(folder(session, called), calls=every)
    return replace(caller, calls=every)
