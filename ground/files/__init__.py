"""Files: bytes once under their hash, checked and fsynced before the row that makes them a file.

A stream is judged in the data folder before any transaction, so a slow upload holds no writer up. Bytes that never
got a row are swept away after a day. Who may read a file is asked where it is enclosed, not here.
"""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground import clock, ids
from ground.database import Row, Session, StorageFull
from ground.errors import Missing
from ground.files import contents, names, scanning
from ground.files.refusals import TooLarge, Unknown
from ground.people import Actor
from ground.types import Code, Id, Instant, Ref, Text, Whole

CHUNK = 1 << 16
MOST_BYTES = 200 << 20
ORPHANS_KEPT = timedelta(days=1)
UNDER_WAY = "under-way"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG})
BATCH = 500


class File(Row):
    """One upload: several rows may stand on the same bytes."""

    __tablename__ = "file"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    sha256: Mapped[str] = mapped_column(Code(64), index=True)
    size: Mapped[int] = mapped_column(Whole)
    media_type: Mapped[str] = mapped_column(Code(100))
    name: Mapped[str] = mapped_column(Text(200))
    by_person: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Stream(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int, /) -> bytes:
        """At most so many of the next bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that are judged and safe on the disk, but not yet anybody's file."""

    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as others read it."""

    id: int
    ref: str
    sha256: str
    size: int
    media_type: str
    name: str
    by_person: int | None
    at: datetime


_folder: list[Path] = []
_most: list[int] = [MOST_BYTES]
_scanner: list[str] = [""]


def keep_in(folder: Path, most_bytes: int = MOST_BYTES, scanner: str = "") -> None:
    """Keep all bytes below this folder; take no file that is larger than this, or that a scanner does not pass."""
    (folder / UNDER_WAY).mkdir(parents=True, exist_ok=True)
    _folder[:], _most[:], _scanner[:] = [folder], [most_bytes], [scanner]


def receive(stream: Stream, name: str) -> Received:
    """Take a stream in, judge it and put its bytes in place, before any transaction; refused, it leaves no trace."""
    with _storage_named():
        under_way = _folder[0] / UNDER_WAY / secrets.token_hex(16)
        try:
            digest, size = _take_in(stream, under_way)
            kind = contents.judge(under_way, name)
            if _scanner[0]:
                scanning.look(under_way, _scanner[0])
            _put_in_place(under_way, path_of(digest))
        finally:
            under_way.unlink(missing_ok=True)
    return Received(digest, size, kind.media_type, names.shown(name, kind.extensions))


def record(session: Session, received: Received, by: Actor, now: datetime) -> StoredFile:
    """Make what was received a file of this person."""
    values = {
        "ref": ids.ref(),
        "sha256": received.sha256,
        "size": received.size,
        "media_type": received.media_type,
        "name": received.name,
        "by_person": by.person,
        "at": now,
    }
    return StoredFile(*tuple(session.execute(insert(File).values(**values).returning(*_COLUMNS)).one()))


def store(session: Session, stream: Stream, name: str, by: Actor, now: datetime) -> StoredFile:
    """Receive and record in one go, where the bytes are ours and at hand."""
    return record(session, receive(stream, name), by, now)


def share(session: Session, refs: Collection[str], person_id: int, now: datetime) -> dict[str, str]:
    """Give this person files of their own on the same bytes, for those that somebody else had uploaded: by old ref."""
    shared = {}
    for ref, each in named(session, refs).items():
        shared[ref] = ids.ref()
        values = {"sha256": each.sha256, "size": each.size, "media_type": each.media_type, "name": each.name}
        session.execute(insert(File).values(ref=shared[ref], by_person=person_id, at=now, **values))
    return shared


def find(session: Session, ref: str) -> StoredFile:
    """The file with this ref."""
    row = session.execute(select(*_COLUMNS).where(File.ref == ref)).first()
    if row is None:
        raise Missing(file=ref)
    return StoredFile(*tuple(row))


def named(session: Session, refs: Iterable[str]) -> dict[str, StoredFile]:
    """Those of these files that there are."""
    rows = session.execute(select(*_COLUMNS).where(File.ref.in_(set(refs))))
    return {row.ref: StoredFile(*tuple(row)) for row in rows}


def check_usable(session: Session, refs: Collection[str], person_id: int | None, also: Collection[str] = ()) -> None:
    """Refuse refs that this person neither uploaded nor may use already (`also`: those that stand in the case)."""
    asked = set(refs) - set(also)
    if not asked:
        return
    own = select(File.ref).where(File.ref.in_(asked), File.by_person == person_id)
    missing = asked - set(session.execute(own).scalars())
    if missing:
        raise Unknown(files=sorted(missing))


@contextmanager
def scratch(ending: str) -> Iterator[Path]:
    """A place for a file that is made to be sent out; what is left there by a crash is swept away after a day."""
    place = _folder[0] / UNDER_WAY / f"{secrets.token_hex(16)}.{ending}"
    try:
        with _storage_named():
            yield place
    finally:
        with suppress(PermissionError):  # some systems keep what is still open
            place.unlink(missing_ok=True)


def open_file(stored: StoredFile) -> BinaryIO:
    """The file's bytes."""
    return path_of(stored.sha256).open("rb")


def path_of(sha256: str) -> Path:
    """`…/ab/cd/abcd…`."""
    return _folder[0] / sha256[:2] / sha256[2:4] / sha256


def sweep(session: Session) -> int:
    """Delete bytes that have had no row for a day, and uploads that broke off; returns how many."""
    before = (clock.wall() - ORPHANS_KEPT).timestamp()
    old = [path for path in _folder[0].rglob("*") if path.is_file() and path.stat().st_mtime < before]
    orphans = [path for path in old if path.parent.name == UNDER_WAY]
    stored = {path.name: path for path in old if path.parent.name != UNDER_WAY}
    known: set[str] = set()
    digests = sorted(stored)
    for start in range(0, len(digests), BATCH):
        batch = digests[start : start + BATCH]
        known.update(session.execute(select(File.sha256).where(File.sha256.in_(batch))).scalars())
    orphans += [path for digest, path in stored.items() if digest not in known]
    return sum(_delete_if_still_old(path, before) for path in orphans)


def check(session: Session, copy_to: Path | None = None) -> tuple[int, list[str]]:
    """How many different bytes there are on the disk, and the digests of those that are missing or altered.

    With a folder, the sound ones are copied below it, where `keep_in` of that folder will find them.
    """
    digests = session.execute(select(File.sha256).distinct().order_by(File.sha256)).scalars().all()
    wrong = [digest for digest in digests if not _is_sound(path_of(digest), digest)]
    if copy_to is not None:
        copied = {digest: _copy(digest, copy_to) for digest in digests if digest not in wrong}
        wrong += [digest for digest, place in copied.items() if not _is_sound(place, digest)]
    return len(digests), wrong


def _copy(digest: str, folder: Path) -> Path:
    place = folder / path_of(digest).relative_to(_folder[0])
    under_way = place.with_suffix(".under-way")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path_of(digest), under_way)
    under_way.replace(place)
    return place


def _is_sound(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def _take_in(stream: Stream, path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > _most[0]:
                raise TooLarge(most=_most[0])
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _put_in_place(path: Path, place: Path) -> None:
    """The newer bytes replace the same older ones, so that a sweep under way sees them young."""
    place.parent.mkdir(parents=True, exist_ok=True)
    path.replace(place)
    for folder in (place.parent, place.parent.parent, _folder[0]):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _delete_if_still_old(path: Path, before: float) -> bool:
    """Set it aside first: an upload of the same bytes may have put them back while we looked."""
    aside = _folder[0] / UNDER_WAY / f"{path.name}.{secrets.token_hex(4)}"
    path.replace(aside)
    if aside.stat().st_mtime >= before:
        aside.replace(path)
        return False
    aside.unlink()
    return True


@contextmanager
def _storage_named() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if failure.errno in FULL:
            raise StorageFull from failure
        raise


_COLUMNS = (File.id, File.ref, File.sha256, File.size, File.media_type, File.name, File.by_person, File.at)
