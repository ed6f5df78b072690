"""A folder becomes the version that new cases start on, unless it is shipped and the owner has one of their own."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, func, insert, select, update

from engine.definitions import policies
from engine.definitions.checking import check
from engine.definitions.releases import Part, Process, Release, Version, closure, folder, processes
from engine.folders import Folder
from ground.database import Session
from ground.ids import ref as new_ref


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
    version_id = store(session, folder_, origin=origin, state="draft", now=now)
    if not shipped_over:
        put_in_force(session, version_id, folder_, by=by, now=now)
    return session.execute(select(Version).where(Version.id == version_id)).one()


def store(session: Session, made: Folder, *, origin: str, state: str, now: datetime) -> int:
    """Keep a folder as the next version of its process, in a state in which no case begins on it; the version's id."""
    process_id = _process(session, made.facts["key"])
    number = (session.scalar(select(func.max(Version.number)).where(Version.process_id == process_id)) or 0) + 1
    values = {"ref": new_ref(), "process_id": process_id, "number": number, "digest": made.digest}
    version_id = session.scalar(
        insert(Version).values(**values, origin=origin, state=state, created_at=now).returning(Version.id)
    )
    rows = [{"version_id": version_id, "path": path, "body": body} for path, body in sorted(made.parts.items())]
    session.execute(insert(Part), rows)
    return int(version_id or 0)


def put_in_force(session: Session, version_id: int, made: Folder, *, by: int | None, now: datetime) -> None:
    """From now on new cases begin on this version, which is kept already, and on it wherever its process is called."""
    published = {"state": "published", "published_at": now, "published_by": by}
    process_id = session.scalar(
        update(Version).where(Version.id == version_id).values(**published).returning(Version.process_id)
    )
    _release(session, int(process_id or 0), version_id, closure(session, made))
    _release_callers(session, made.facts["key"])


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


def _release(session: Session, process_id: int, version_id: int, calls: Mapping[str, int]) -> None:
    policy = policies.of_new(session)
    release_id = session.scalar(
        insert(Release).values(version_id=version_id, calls=dict(calls), policy=policy).returning(Release.id)
    )
    session.execute(update(Process).where(Process.id == process_id).values(release_id=release_id))


def _release_callers(session: Session, key: str) -> None:
    """Whoever can call this process is released again, for new cases; those that run keep what they were pinned to."""
    for row in processes(session):
        if key in row.calls:
            _release(session, row.process_id, row.version_id, closure(session, folder(session, row.version_id)))
