"""Processes, their versions and the parts of each: one folder is one immutable version with one digest.

A case is pinned at start to a release: its version, that of every process it can call, and the policy its
parameters come from. Shipped folders are published only while no owner has published a version of the same process.
"""

import hashlib
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import checker, decisions, forms, steps
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


@dataclass(frozen=True)
class Folder:
    """A version's parts, read once and then shared by every case that runs on it."""

    version_id: int
    digest: str
    parts: Mapping[str, bytes]

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What process.json says: key, name, number, diagram, subject, clauses, and the scalars it starts with."""
        return dict(orjson.loads(self.parts["process.json"]))

    @cached_property
    def words(self) -> Mapping[str, str]:
        """English for the Chinese of this folder; what is missing is shown in Chinese."""
        return dict(orjson.loads(self.parts.get("texts/en.json", b"{}")))

    @cached_property
    def diagram(self) -> diagrams.Diagram:
        """The compiled diagram, shared through its digest."""
        return diagrams.load(self.digest, {self.facts["diagram"]: self.parts[self.facts["diagram"]]})

    @cached_property
    def forms(self) -> Mapping[str, forms.Form]:
        """Every form, by key."""
        return {key: forms.load(body) for key, body in _named(self.parts, "forms/", ".json")}

    @cached_property
    def tables(self) -> Mapping[str, decisions.Table]:
        """Every decision table, by key."""
        return {key: decisions.load(body) for key, body in _named(self.parts, "", ".dmn")}

    @cached_property
    def letters(self) -> Mapping[str, Mapping[str, str]]:
        """Every letter's template: subject and body in Chinese."""
        return {key: orjson.loads(body) for key, body in _named(self.parts, "texts/letters/", ".json")}


_folders: dict[int, Folder] = {}
_guard = threading.Lock()


def folder(session: Session, version_id: int) -> Folder:
    """The folder of a version; a version never changes, so it is read from the database once."""
    known = _folders.get(version_id)
    if known is not None:
        return known
    rows = session.execute(select(Part.path, Part.body).where(Part.version_id == version_id)).all()
    if not rows:
        raise Missing(version=version_id)
    parts = {row.path: row.body for row in rows}
    with _guard:
        return _folders.setdefault(version_id, Folder(version_id, digest_of(parts), parts))


def forget() -> None:
    """Drop what was read, for another database in the same process (tests)."""
    with _guard:
        _folders.clear()


def digest_of(parts: Mapping[str, bytes]) -> str:
    """One digest for a folder: over its paths and bytes, in the order of the paths."""
    whole = hashlib.sha256()
    for path in sorted(parts):
        whole.update(f"{path}\0{len(parts[path])}\0".encode() + parts[path])
    return whole.hexdigest()


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
        _release(session, process_id, version_id)
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
    alone = checker.check(diagram, draft.parts[diagram])
    beside = lint.check(
        {diagram: draft.parts[diagram]},
        steps=steps.registered(),
        forms=set(draft.forms),
        tables={key: tuple(output.name for output in table.outputs) for key, table in draft.tables.items()},
        deadlines=parameters.deadline_keys(session, now),
        roles=set(people.ROLES),
        names=_names(draft),
    )
    said = {(finding.code, finding.element, finding.line) for finding in beside}
    beside += [finding for finding in alone if (finding.code, finding.element, finding.line) not in said]
    beside += [fault for key, form in draft.forms.items() for fault in _faults_of(key, form)]
    return sorted(beside, key=lambda finding: finding.severity != "error")


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


def _release(session: Session, process_id: int, version_id: int) -> None:
    release_id = session.scalar(
        insert(Release).values(version_id=version_id, calls={}, policy=POLICY).returning(Release.id)
    )
    session.execute(update(Process).where(Process.id == process_id).values(release_id=release_id))


def _named(parts: Mapping[str, bytes], folder_: str, ending: str) -> list[tuple[str, bytes]]:
    return [
        (path.removeprefix(folder_).removesuffix(ending), body)
        for path, body in sorted(parts.items())
        if path.startswith(folder_) and path.endswith(ending) and "/" not in path.removeprefix(folder_)
    ]
