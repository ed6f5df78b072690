"""How a package is laid out: each header of its zip byte for byte, the stamp in it, and which names it may hold."""

import hashlib
import struct
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from ground import clock
from ground.errors import Refused
from ground.files import names

FORMAT = "jidi-package/1"
MANIFEST = "manifest.json"
SHA256, SM3 = "sha256", "sm3"
# Not every OpenSSL knows SM3; a manifest says what it was made with.
ALGORITHMS = tuple(each for each in (SHA256, SM3) if each in hashlib.algorithms_available)
CHUNK = 1 << 20
MOST_ENTRIES = 20_000
MOST_DIRECTORY = 8 << 20
LONGEST_NAME = 400
LOCAL, CENTRAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
LOCAL_MARK, CENTRAL_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION, UNIX, UTF8, STORED = 20, 3 << 8, 0x800, 0
OWNER_READS = 0o600 << 16


class TooLarge(Refused):
    """More than one package holds."""

    code = "package.too_large"
    status = 422


def local(name: bytes, size: int, crc: int, stamp: tuple[int, int]) -> bytes:
    """The header that stands before the bytes of an entry."""
    return LOCAL.pack(LOCAL_MARK, VERSION, UTF8, STORED, *stamp, crc, size, size, len(name), 0) + name


def central(name: bytes, size: int, crc: int, stamp: tuple[int, int], at: int) -> bytes:
    """The line of the directory for an entry that begins at this place."""
    facts = (VERSION | UNIX, VERSION, UTF8, STORED, *stamp, crc, size, size, len(name), 0, 0, 0, 0, OWNER_READS, at)
    return CENTRAL.pack(CENTRAL_MARK, *facts) + name


def stamp(moment: datetime) -> tuple[int, int]:
    """Time and day as a zip keeps them: on the wall in Shanghai, to two seconds."""
    wall = moment.astimezone(clock.SHANGHAI)
    day = (wall.year - 1980) << 9 | wall.month << 5 | wall.day
    return wall.hour << 11 | wall.minute << 5 | wall.second // 2, day


def fault(every: Iterable[str]) -> tuple[str, str] | None:
    """Which name leads out, could mislead a system, or is another in other letters; and which of these it is."""
    known: set[str] = set()
    for name in every:
        if len(name) > LONGEST_NAME or any(part != names.clean(part) for part in name.split("/")):
            return "name", name
        if (alike := unicodedata.normalize("NFC", name).casefold()) in known:
            return "name_twice", name
        known.add(alike)
    return None
