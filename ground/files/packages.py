"""Packages: named bytes in one stored zip with a manifest of their digests, and the check that names what differs.

The same entries at the same moment give the same bytes. Nothing is packed, and nothing stands before, between or behind
the entries: what a package declares is never larger than its file, so no bomb fits in, and of each byte the check knows
what it should be. Nothing is ever written out of a package.
"""

import contextlib
import hashlib
import os
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from ground import clock, files
from ground.errors import Refused
from ground.files import StoredFile, names

FORMAT = "jidi-package/1"
MANIFEST = "manifest.json"
SHA256, SM3 = "sha256", "sm3"
KNOWN = frozenset({SHA256, SM3})
YEARS = range(1981, 2100)  # what a zip can say, wherever one is
# Not every OpenSSL knows SM3; a manifest says what it was made with.
ALGORITHMS = tuple(each for each in (SHA256, SM3) if each in hashlib.algorithms_available)
CHUNK = 1 << 20
MOST_ENTRIES = 20_000
MOST_BYTES = 3 << 30  # a zip without extensions ends at 4 GiB
MOST_DIRECTORY = 8 << 20
MOST_MANIFEST = 16 << 20
LONGEST_NAME = 400

LOCAL, CENTRAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
LOCAL_MARK, CENTRAL_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION, UNIX, UTF8, STORED = 20, 3 << 8, 0x800, 0
OWNER_READS = 0o600 << 16


class Unreadable(Refused):
    """The file is no package, or was cut, or has something where a package has nothing."""

    code = "package.unreadable"
    status = 422


class TooLarge(Refused):
    """More than one package holds."""

    code = "package.too_large"
    status = 422


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


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of a package as its directory says: where its bytes begin, how many, with which sum and stamp."""

    name: str
    start: int
    size: int
    crc: int
    stamp: tuple[int, int]


@dataclass(frozen=True)
class Checked:
    """What a package holds, and which entries are not what the manifest says; `digest` is that of the whole file."""

    facts: Mapping[str, Any]
    made_at: datetime
    digest: str
    parts: Mapping[str, Part]
    size: int
    algorithms: tuple[str, ...]
    unchecked: tuple[str, ...] = ()
    altered: Sequence[str] = field(default_factory=tuple)
    missing: Sequence[str] = field(default_factory=tuple)
    unlisted: Sequence[str] = field(default_factory=tuple)

    @property
    def sound(self) -> bool:
        """Whether every entry is there, as the manifest says, and nothing else."""
        return not (self.altered or self.missing or self.unlisted)


def write(path: Path, entries: Iterable[Entry], made_at: datetime, facts: Mapping[str, Any]) -> Packed:
    """Put a package in place, whole or not at all; `facts` stand in the manifest as they are."""
    under_way = path.with_name(f"{path.name}.under-way")
    try:
        with under_way.open("xb") as file:
            count = _fill(file, entries, made_at, facts)
            file.flush()
            os.fsync(file.fileno())
        with under_way.open("rb") as file:
            digest = hashlib.file_digest(file, SHA256).hexdigest()
        size = under_way.stat().st_size
        under_way.replace(path)
    finally:
        under_way.unlink(missing_ok=True)
    return Packed(count, size, digest)


def check(path: Path) -> Checked:
    """Every entry of a package beside what its manifest says; Unreadable where the file is not laid out as one."""
    with path.open("rb") as file:
        parts = _parts(file)
        manifest = _manifest(file, parts)
        made_at = datetime.fromisoformat(manifest["made_at"])
        listed = {each["name"]: each for each in manifest["entries"]}
        found = {name: part for name, part in parts.items() if name != MANIFEST}
        usable = tuple(each for each in manifest["algorithms"] if each in ALGORITHMS)
        stamp = _stamp(made_at)
        altered = [
            name
            for name, part in found.items()
            if name in listed and (part.stamp != stamp or not _is_listed(file, part, listed[name], usable))
        ]
        if parts[MANIFEST].stamp != stamp or _sums(file, parts[MANIFEST], ())[0] != parts[MANIFEST].crc:
            altered.append(MANIFEST)
        file.seek(0)
        digest = hashlib.file_digest(file, SHA256).hexdigest()
        return Checked(
            facts=manifest["facts"],
            made_at=made_at,
            digest=digest,
            parts=found,
            size=file.seek(0, os.SEEK_END),
            algorithms=usable,
            unchecked=tuple(each for each in manifest["algorithms"] if each not in usable),
            altered=sorted(altered),
            missing=sorted(listed.keys() - found.keys()),
            unlisted=sorted(found.keys() - listed.keys()),
        )


def read(path: Path, checked: Checked, name: str, most: int) -> bytes | None:
    """The bytes of one entry of a package that was checked; None if it is not in it or is longer than `most`."""
    part = checked.parts.get(name)
    if part is None or part.size > most:
        return None
    with path.open("rb") as file:
        file.seek(part.start)
        return file.read(part.size)


# Writing.


def _fill(file: BinaryIO, entries: Iterable[Entry], made_at: datetime, facts: Mapping[str, Any]) -> int:
    stamp = _stamp(made_at)
    directory: list[bytes] = []
    listed = [_add(file, directory, each, stamp) for each in entries]
    if fault := _fault([*(each["name"] for each in listed), MANIFEST]):
        raise ValueError(*fault)
    manifest = {
        "format": FORMAT,
        "made_at": made_at.astimezone(UTC).isoformat(),
        "algorithms": list(ALGORITHMS),
        "facts": dict(facts),
        "entries": listed,
    }
    _add(file, directory, Entry(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2)), stamp)
    at, whole = file.tell(), b"".join(directory)
    if len(directory) > MOST_ENTRIES or len(whole) > MOST_DIRECTORY:
        raise TooLarge(entries=len(directory), most=MOST_ENTRIES)
    file.write(whole)
    file.write(END.pack(END_MARK, 0, 0, len(directory), len(directory), len(whole), at, 0))
    return len(listed)


def _add(file: BinaryIO, directory: list[bytes], entry: Entry, stamp: tuple[int, int]) -> dict[str, Any]:
    """The bytes, and before them, once their sum is known, their header; the line of the manifest."""
    name, at = entry.name.encode(), file.tell()
    file.write(b"\0" * (LOCAL.size + len(name)))
    crc, size, sums = 0, 0, {each: hashlib.new(each) for each in ALGORITHMS}
    for chunk in _chunks(entry.body):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        if at + size > MOST_BYTES:
            raise TooLarge(bytes=at + size, most=MOST_BYTES)
        for each in sums.values():
            each.update(chunk)
        file.write(chunk)
    digests = {each: found.hexdigest() for each, found in sums.items()}
    if isinstance(entry.body, StoredFile) and digests[SHA256] != entry.body.sha256:
        raise BytesLost(file=entry.body.ref, name=entry.body.name)
    end = file.tell()
    file.seek(at)
    file.write(_local(name, size, crc, stamp))
    file.seek(end)
    directory.append(_central(name, size, crc, stamp, at))
    return {"name": entry.name, "size": size, **digests}


def _chunks(body: bytes | StoredFile) -> Iterator[bytes]:
    with _opened(body) as source:
        while chunk := source.read(CHUNK):
            yield chunk


def _opened(body: bytes | StoredFile) -> BinaryIO:
    if not isinstance(body, StoredFile):
        return BytesIO(body)
    try:
        return files.open_file(body)
    except FileNotFoundError as failure:
        raise BytesLost(file=body.ref, name=body.name) from failure


def _local(name: bytes, size: int, crc: int, stamp: tuple[int, int]) -> bytes:
    return LOCAL.pack(LOCAL_MARK, VERSION, UTF8, STORED, *stamp, crc, size, size, len(name), 0) + name


def _central(name: bytes, size: int, crc: int, stamp: tuple[int, int], at: int) -> bytes:
    facts = (VERSION | UNIX, VERSION, UTF8, STORED, *stamp, crc, size, size, len(name), 0, 0, 0, 0, OWNER_READS, at)
    return CENTRAL.pack(CENTRAL_MARK, *facts) + name


def _stamp(moment: datetime) -> tuple[int, int]:
    """Time and day as a zip keeps them: on the wall in Shanghai, to two seconds."""
    local = moment.astimezone(clock.SHANGHAI)
    return local.hour << 11 | local.minute << 5 | local.second // 2, (
        local.year - 1980
    ) << 9 | local.month << 5 | local.day


# Checking.


def _parts(file: BinaryIO) -> dict[str, Part]:
    """The entries by name, in their order; each header is, byte for byte, what `write` puts there."""
    size, count, at = _ending(file)
    file.seek(at)
    directory = file.read(size)
    parts: dict[str, Part] = {}
    place, begins = 0, 0
    for _ in range(count):
        part, place = _part(directory, place, begins)
        header = _local(part.name.encode(), part.size, part.crc, part.stamp)
        file.seek(begins)
        if part.start + part.size > at or file.read(len(header)) != header:
            raise Unreadable(reason="header", entry=part.name)
        if part.name in parts:
            raise Unreadable(reason="name_twice", entry=part.name)
        parts[part.name] = part
        begins = part.start + part.size
    if place != len(directory) or begins != at:
        raise Unreadable(reason="hidden_bytes")
    if fault := _fault(parts):
        raise Unreadable(reason=fault[0], entry=fault[1])
    return parts


def _ending(file: BinaryIO) -> tuple[int, int, int]:
    """How long the directory is, how many entries it names and where it begins, before any of it is read."""
    whole = file.seek(0, os.SEEK_END)
    file.seek(max(0, whole - END.size))
    last = file.read()
    if len(last) < END.size or not last.startswith(END_MARK):
        raise Unreadable(reason="no_directory")
    _mark, disk, first, here, count, size, at, comment = END.unpack(last)
    if disk or first or comment or here != count or at + size + END.size != whole:
        raise Unreadable(reason="no_directory")
    if count > MOST_ENTRIES or size > MOST_DIRECTORY:
        raise TooLarge(entries=count, most=MOST_ENTRIES)
    return size, count, at


def _part(directory: bytes, place: int, begins: int) -> tuple[Part, int]:
    """One line of the directory, which has to say that its entry begins where the one before ended."""
    if len(directory) - place < CENTRAL.size:
        raise Unreadable(reason="no_directory")
    line = CENTRAL.unpack_from(directory, place)
    time, day, crc, _packed, size, length = line[5:11]
    end = place + CENTRAL.size + length
    raw = directory[place + CENTRAL.size : end]
    if directory[place:end] != _central(raw, size, crc, (time, day), begins) or len(raw) != length:
        raise Unreadable(reason="directory", entry=raw.decode(errors="replace"))
    try:
        name = raw.decode()
    except UnicodeDecodeError as failure:
        raise Unreadable(reason="name", entry=raw.decode(errors="replace")) from failure
    return Part(name, begins + LOCAL.size + length, size, crc, (time, day)), end


def _manifest(file: BinaryIO, parts: Mapping[str, Part]) -> dict[str, Any]:
    part = parts.get(MANIFEST)
    if part is None:
        raise Unreadable(reason="no_manifest")
    if part.size > MOST_MANIFEST:
        raise TooLarge(entry=MANIFEST, most=MOST_MANIFEST)
    file.seek(part.start)
    with contextlib.suppress(ValueError):
        manifest = orjson.loads(file.read(part.size))
        if _is_manifest(manifest):
            return dict(manifest)
    raise Unreadable(reason="manifest")


def _is_manifest(found: Any) -> bool:
    """Whether it says what a manifest says, each thing in its shape and every entry once; ValueError for no date."""
    match found:
        case {
            "format": str(kind),
            "made_at": str(moment),
            "algorithms": [*algorithms],
            "facts": dict(),
            "entries": [*entries],
        }:
            known = all(isinstance(each, str) for each in algorithms) and SHA256 in algorithms
            lines = known and set(algorithms) <= KNOWN and all(_is_line(each, algorithms) for each in entries)
            timed = datetime.fromisoformat(moment)
            stamped = timed.tzinfo is not None and timed.year in YEARS
            return kind == FORMAT and stamped and lines and len({each["name"] for each in entries}) == len(entries)
    return False


def _is_line(found: Any, algorithms: Sequence[str]) -> bool:
    return (
        isinstance(found, dict)
        and isinstance(found.get("name"), str)
        and type(found.get("size")) is int
        and all(isinstance(found.get(each), str) for each in algorithms)
    )


def _is_listed(file: BinaryIO, part: Part, line: Mapping[str, Any], algorithms: Sequence[str]) -> bool:
    if part.size != line["size"]:
        return False
    crc, digests = _sums(file, part, algorithms)
    return crc == part.crc and all(digests[each] == line[each] for each in algorithms)


def _sums(file: BinaryIO, part: Part, algorithms: Sequence[str]) -> tuple[int, dict[str, str]]:
    file.seek(part.start)
    crc, left, sums = 0, part.size, {each: hashlib.new(each) for each in algorithms}
    while left and (chunk := file.read(min(CHUNK, left))):
        crc, left = zlib.crc32(chunk, crc), left - len(chunk)
        for each in sums.values():
            each.update(chunk)
    return crc, {each: found.hexdigest() for each, found in sums.items()}


def _fault(every: Iterable[str]) -> tuple[str, str] | None:
    """Which name leads out, could mislead a system, or is another in other letters; and which of these it is."""
    known: set[str] = set()
    for name in every:
        if len(name) > LONGEST_NAME or any(part != names.clean(part) for part in name.split("/")):
            return "name", name
        if (alike := unicodedata.normalize("NFC", name).casefold()) in known:
            return "name_twice", name
        known.add(alike)
    return None
