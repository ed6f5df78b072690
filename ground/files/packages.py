"""Packages are written: named bytes in one stored zip with a manifest of their digests.

The same entries at the same moment give the same bytes. Nothing is packed, and nothing stands before, between or behind
the entries, so that whoever checks one knows of each byte what it should be.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from ground import files
from ground.errors import Refused
from ground.files import StoredFile, package_layout as layout

MOST_BYTES = 3 << 30  # a zip without extensions ends at 4 GiB


class BytesLost(Refused):
    """A stored file is not there any more, or not what its row says: nothing is vouched for with it."""

    code = "package.bytes_lost"
    status = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """What goes into a package: its name in it, and its bytes or the stored file that has them."""

    name: str
    body: bytes | StoredFile


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was written: how many entries beside the manifest, how many bytes, and the digest of the file."""

    entries: int
    size: int
    sha256: str


def write(path: Path, entries: Iterable[Entry], made_at: datetime, facts: Mapping[str, Any]) -> Packed:
    """Put a package in place, whole or not at all; `facts` stand in the manifest as they are."""
    under_way = path.with_name(f"{path.name}.under-way")
    try:
        with under_way.open("xb") as file:
            count = _fill(file, entries, made_at, facts)
            file.flush()
            os.fsync(file.fileno())
        with under_way.open("rb") as file:
            digest = hashlib.file_digest(file, layout.SHA256).hexdigest()
        size = under_way.stat().st_size
        under_way.replace(path)
    finally:
        under_way.unlink(missing_ok=True)
    return Packed(count, size, digest)


def _fill(file: BinaryIO, entries: Iterable[Entry], made_at: datetime, facts: Mapping[str, Any]) -> int:
    stamp = layout.stamp(made_at)
    directory: list[bytes] = []
    listed = [_add(file, directory, each, stamp) for each in entries]
    if fault := layout.fault([*(each["name"] for each in listed), layout.MANIFEST]):
        raise ValueError(*fault)
    manifest = {
        "format": layout.FORMAT,
        "made_at": made_at.astimezone(UTC).isoformat(),
        "algorithms": list(layout.ALGORITHMS),
        "facts": dict(facts),
        "entries": listed,
    }
    _add(file, directory, Entry(layout.MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2)), stamp)
    at, whole = file.tell(), b"".join(directory)
    if len(directory) > layout.MOST_ENTRIES or len(whole) > layout.MOST_DIRECTORY:
        raise layout.TooLarge(entries=len(directory), most=layout.MOST_ENTRIES)
    file.write(whole)
    file.write(layout.END.pack(layout.END_MARK, 0, 0, len(directory), len(directory), len(whole), at, 0))
    return len(listed)


def _add(file: BinaryIO, directory: list[bytes], entry: Entry, stamp: tuple[int, int]) -> dict[str, Any]:
    """The bytes, and before them, once their sum is known, their header; the line of the manifest."""
    name, at = entry.name.encode(), file.tell()
    file.write(b"\0" * (layout.LOCAL.size + len(name)))
    crc, size, sums = 0, 0, {each: hashlib.new(each) for each in layout.ALGORITHMS}
    for chunk in _chunks(entry.body):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        if at + size > MOST_BYTES:
            raise layout.TooLarge(bytes=at + size, most=MOST_BYTES)
        for each in sums.values():
            each.update(chunk)
        file.write(chunk)
    digests = {each: found.hexdigest() for each, found in sums.items()}
    if isinstance(entry.body, StoredFile) and digests[layout.SHA256] != entry.body.sha256:
        raise BytesLost(file=entry.body.ref, name=entry.body.name)
    end = file.tell()
    file.seek(at)
    file.write(layout.local(name, size, crc, stamp))
    file.seek(end)
    directory.append(layout.central(name, size, crc, stamp, at))
    return {"name": entry.name, "size": size, **digests}


def _chunks(body: bytes | StoredFile) -> Iterator[bytes]:
    with _opened(body) as source:
        while chunk := source.read(layout.CHUNK):
            yield chunk


def _opened(body: bytes | StoredFile) -> BinaryIO:
    if not isinstance(body, StoredFile):
        return BytesIO(body)
    try:
        return files.open_file(body)
    except FileNotFoundError as failure:
        raise BytesLost(file=body.ref, name=body.name) from failure
