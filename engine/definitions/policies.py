"""Which policy new cases are pinned to: every process is released again on another one; what runs keeps its own."""

from collections.abc import Mapping

from sqlalchemy import func, insert, select, update

from engine.definitions.releases import Process, Release
from ground.database import Session

FIRST = "2020"


def of_new(session: Session) -> str:
    """The policy that new cases rest on now."""
    newest = select(Release.policy).join(Process, Process.release_id == Release.id).order_by(Release.id.desc()).limit(1)
    return session.scalar(newest) or FIRST


def rest_on(session: Session, policy: str) -> int:
    """From now on new cases rest on this policy; how many processes were released again. Twice is once."""
    rows = session.execute(
        select(Process.id, Release.version_id, Release.calls)
        .join(Release, Release.id == Process.release_id)
        .where(Release.policy != policy)
        .order_by(Process.id)
    ).all()
    for row in rows:
        again = _add(session, row.version_id, row.calls, policy)
        session.execute(update(Process).where(Process.id == row.id).values(release_id=again))
    return len(rows)


def kept(session: Session, release_id: int, policy: str) -> int:
    """The release of the same version under this policy: a case that moves to another version keeps its policy."""
    row = session.execute(select(Release).where(Release.id == release_id)).one()
    if row.policy == policy:
        return release_id
    same = select(func.max(Release.id)).where(Release.version_id == row.version_id, Release.policy == policy)
    found = session.scalar(same)
    return int(found) if found is not None else _add(session, row.version_id, row.calls, policy)


def _add(session: Session, version_id: int, calls: Mapping[str, int], policy: str) -> int:
    values = {"version_id": version_id, "calls": dict(calls), "policy": policy}
    return int(session.scalar(insert(Release).values(**values).returning(Release.id)))
