"""Processes, their versions and releases as they are kept, and the folder that a case on one of them runs by."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.folders import Folder, digest_of
from engine.spiff import diagrams
from ground.database import Row, Session
from ground.errors import Missing
from ground.types import Bytes, Code, Document, Id, Instant, Ref, Text, Whole


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


_folders: dict[int, Folder] = {}
_pinned: dict[int, Folder] = {}
_policies: dict[int, str] = {}
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
    row = session.execute(
        select(Release.version_id, Release.calls, Release.policy).where(Release.id == release_id)
    ).one_or_none()
    if row is None:
        raise Missing(release=release_id)
    made = with_calls(session, folder(session, row.version_id), row.calls)
    with _guard:
        _policies[release_id] = row.policy
        return _pinned.setdefault(release_id, made)


def policy_of(session: Session, release_id: int) -> str:
    """The policy of a release, known since its folder was read."""
    if release_id not in _policies:
        pinned(session, release_id)
    return _policies[release_id]


def shown(session: Session, version_id: int) -> Folder:
    """The folder of a version as its newest release runs it; a draft with what is published now."""
    newest = session.scalar(select(func.max(Release.id)).where(Release.version_id == version_id))
    if newest is not None:
        return pinned(session, newest)
    bare = folder(session, version_id)
    return with_calls(session, bare, closure(session, bare))


def written_under(session: Session, now: Folder) -> Callable[[int], Folder]:
    """What gives the folder that a paper was sent under, by its version; `now` is the one that its case is on.

    A case has many papers of few versions, so each version is looked up once.
    """
    known = {now.version_id: now}

    def under(version_id: int) -> Folder:
        if version_id not in known:
            known[version_id] = shown(session, version_id)
        return known[version_id]

    return under


def forget() -> None:
    """Drop what was read, for another database in the same process (tests)."""
    with _guard:
        _folders.clear()
        _pinned.clear()
        _policies.clear()


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


def closure(session: Session, caller: Folder) -> dict[str, int]:
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


def assembled(session: Session, bare: Folder) -> Folder:
    """A folder with those of everything that it can call, as they are published now."""
    return with_calls(session, bare, closure(session, bare))


def with_calls(session: Session, caller: Folder, calls: Mapping[str, int]) -> Folder:
    """Folders that know one another: each of the called ones may call others of them."""
    if not calls:
        return caller
    every: dict[str, Folder] = {}
    for key, called in calls.items():
        every[key] = replace(folder(session, called), calls=every)
    return replace(caller, calls=every)
