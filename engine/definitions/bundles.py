"""A process as one file: its folder as it lies in `workflows/`, and beside it who vouches for it, by a signature.

Unpacked below `workflows/` it is a shipped folder; packed by anybody's zip, a folder from there comes in here. What is
signed is the digest over all parts, with the key of the process and the number of its version.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import orjson

from engine.definitions.drafts import LARGEST, MOST, PATHS
from engine.folders import FACTS, digest_of
from ground import clock, signing
from ground.errors import Refused

SEAL = "seal.json"
MOST_BYTES = 10_000_000
OURS, OTHERS, UNSIGNED = "ours", "others", "unsigned"


class NoBundle(Refused):
    """The file is no process folder in a zip; `reason` says what is wrong: `zip`, `size`, `path`, `key`, `seal`."""

    code = "bundle.wrong"
    status = 422


@dataclass(frozen=True)
class Bundle:
    """A folder that came in: its key, its parts, its digest, and who has signed it (`ours`, `others`, `unsigned`)."""

    key: str
    parts: Mapping[str, bytes]
    digest: str
    signed: str
    by: str
    version: int | None


def pack(key: str, number: int, parts: Mapping[str, bytes], at: datetime) -> bytes:
    """The bundle of one version; the same version at the same moment gives the same bytes."""
    said = {"process": key, "version": number, "digest": digest_of(parts)}
    seal = {**said, "by": signing.public(), "signature": signing.sign(_signed(said))}
    stamp = at.astimezone(clock.SHANGHAI).timetuple()[:6]
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        for path, body in {**dict(sorted(parts.items())), SEAL: orjson.dumps(seal, option=orjson.OPT_INDENT_2)}.items():
            file.writestr(zipfile.ZipInfo(f"{key}/{path}", stamp), body, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def unpack(body: bytes) -> Bundle:
    """What a file brings, with its seal looked at; NoBundle for anything that is no folder, or not as it was sealed."""
    parts = _parts(body)
    seal = _json(parts.pop(SEAL, b"null"), "seal")
    key = _json(parts.get(FACTS, b"null"), "key")
    if not isinstance(key, dict) or not isinstance(key.get("key"), str):
        raise NoBundle(reason="key")
    digest = digest_of(parts)
    if seal is None:
        return Bundle(key["key"], parts, digest, UNSIGNED, "", None)
    match seal:
        case {
            "process": str(process),
            "version": int(number),
            "digest": str(sealed),
            "by": str(by),
            "signature": str(sign),
        }:
            said = {"process": process, "version": number, "digest": sealed}
            if sealed == digest and process == key["key"] and signing.holds(by, sign, _signed(said)):
                return Bundle(process, parts, digest, OURS if by == signing.public() else OTHERS, by, number)
    raise NoBundle(reason="seal")


def _signed(said: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(said), option=orjson.OPT_SORT_KEYS)


def _parts(body: bytes) -> dict[str, bytes]:
    """The files by their path in the folder, read no further than a process may bring."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            entries = [each for each in file.infolist() if not each.is_dir()]
            if len(entries) > MOST + 1 or sum(each.file_size for each in entries) > MOST_BYTES:
                raise NoBundle(reason="size")
            return {_path(each.filename, entries): _read(file, each) for each in entries}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as no:
        raise NoBundle(reason="zip") from no


def _path(name: str, entries: list[zipfile.ZipInfo]) -> str:
    """Without the folder that stands around everything, if there is one."""
    inner = PurePosixPath(name)
    tops = {PurePosixPath(each.filename).parts[0] for each in entries}
    around = len(tops) == 1 and all(len(PurePosixPath(each.filename).parts) > 1 for each in entries)
    path = PurePosixPath(*inner.parts[1:]).as_posix() if around else inner.as_posix()
    if path != SEAL and not PATHS.fullmatch(path):
        raise NoBundle(reason="path", path=name[:100])
    return path


def _read(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What the entry holds; a header that promises less than there is does not make us read more."""
    with file.open(entry) as source:
        body = source.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise NoBundle(reason="size", path=entry.filename[:100])
    return body


def _json(body: bytes, reason: str) -> Any:
    try:
        return orjson.loads(body)
    except ValueError as no:
        raise NoBundle(reason=reason) from no
