"""A package is checked: every entry beside what its manifest says, and every byte where the layout has it.

What a package declares is never larger than its file, so no bomb fits in. Nothing is ever written out of a package.
"""

import contextlib
import hashlib
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from ground.errors import Refused
from ground.files import package_layout as layout

KNOWN = frozenset({layout.SHA256, layout.SM3})
YEARS = range(1981, 2100)  # what a zip can say, wherever one is
MOST_MANIFEST = 16 << 20


class Unreadable(Refused):
    """The file is no package, or was cut, or has something where a package has nothing."""

    code = "package.unreadable"
    status = 422


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


def check(path: Path) -> Checked:
    """Every entry of a package beside what its manifest says; Unreadable where the file is not laid out as one."""
    with path.open("rb") as file:
        parts = _parts(file)
        manifest = _manifest(file, parts)
        made_at = datetime.fromisoformat(manifest["made_at"])
        listed = {each["name"]: each for each in manifest["entries"]}
        found = {name: part for name, part in parts.items() if name != layout.MANIFEST}
        usable = tuple(each for each in manifest["algorithms"] if each in layout.ALGORITHMS)
        stamp = layout.stamp(made_at)
        altered = [
            name
            for name, part in found.items()
            if name in listed and (part.stamp != stamp or not _is_listed(file, part, listed[name], usable))
        ]
        if (
            parts[layout.MANIFEST].stamp != stamp
            or _sums(file, parts[layout.MANIFEST], ())[0] != parts[layout.MANIFEST].crc
        ):
            altered.append(layout.MANIFEST)
        file.seek(0)
        digest = hashlib.file_digest(file, layout.SHA256).hexdigest()
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


def _parts(file: BinaryIO) -> dict[str, Part]:
    """The entries by name, in their order; each header is, byte for byte, what `write` puts there."""
    size, count, at = _ending(file)
    file.seek(at)
    directory = file.read(size)
    parts: dict[str, Part] = {}
    place, begins = 0, 0
    for _ in range(count):
        part, place = _part(directory, place, begins)
        header = layout.local(part.name.encode(), part.size, part.crc, part.stamp)
        file.seek(begins)
        if part.start + part.size > at or file.read(len(header)) != header:
            raise Unreadable(reason="header", entry=part.name)
        if part.name in parts:
            raise Unreadable(reason="name_twice", entry=part.name)
        parts[part.name] = part
        begins = part.start + part.size
    if place != len(directory) or begins != at:
        raise Unreadable(reason="hidden_bytes")
    if fault := layout.fault(parts):
        raise Unreadable(reason=fault[0], entry=fault[1])
    return parts


def _ending(file: BinaryIO) -> tuple[int, int, int]:
    """How long the directory is, how many entries it names and where it begins, before any of it is read."""
    whole = file.seek(0, os.SEEK_END)
    file.seek(max(0, whole - layout.END.size))
    last = file.read()
    if len(last) < layout.END.size or not last.startswith(layout.END_MARK):
        raise Unreadable(reason="no_directory")
    _mark, disk, first, here, count, size, at, comment = layout.END.unpack(last)
    if disk or first or comment or here != count or at + size + layout.END.size != whole:
        raise Unreadable(reason="no_directory")
    if count > layout.MOST_ENTRIES or size > layout.MOST_DIRECTORY:
        raise layout.TooLarge(entries=count, most=layout.MOST_ENTRIES)
    return size, count, at


def _part(directory: bytes, place: int, begins: int) -> tuple[Part, int]:
    """One line of the directory, which has to say that its entry begins where the one before ended."""
    if len(directory) - place < layout.CENTRAL.size:
        raise Unreadable(reason="no_directory")
    line = layout.CENTRAL.unpack_from(directory, place)
    time, day, crc, _packed, size, length = line[5:11]
    end = place + layout.CENTRAL.size + length
    raw = directory[place + layout.CENTRAL.size : end]
    if directory[place:end] != layout.central(raw, size, crc, (time, day), begins) or len(raw) != length:
        raise Unreadable(reason="directory", entry=raw.decode(errors="replace"))
    try:
        name = raw.decode()
    except UnicodeDecodeError as failure:
        raise Unreadable(reason="name", entry=raw.decode(errors="replace")) from failure
    return Part(name, begins + layout.LOCAL.size + length, size, crc, (time, day)), end


def _manifest(file: BinaryIO, parts: Mapping[str, Part]) -> dict[str, Any]:
    part = parts.get(layout.MANIFEST)
    if part is None:
        raise Unreadable(reason="no_manifest")
    if part.size > MOST_MANIFEST:
        raise layout.TooLarge(entry=layout.MANIFEST, most=MOST_MANIFEST)
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
            known = all(isinstance(each, str) for each in algorithms) and layout.SHA256 in algorithms
            lines = known and set(algorithms) <= KNOWN and all(_is_line(each, algorithms) for each in entries)
            timed = datetime.fromisoformat(moment)
            stamped = timed.tzinfo is not None and timed.year in YEARS
            return (
                kind == layout.FORMAT and stamped and lines and len({each["name"] for each in entries}) == len(entries)
            )
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
    while left and (chunk := file.read(min(layout.CHUNK, left))):
        crc, left = zlib.crc32(chunk, crc), left - len(chunk)
        for each in sums.values():
            each.update(chunk)
    return crc, {each: found.hexdigest() for each, found in sums.items()}
