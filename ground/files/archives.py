"""Office documents are archives: judged by their directory before a byte is unpacked, and then by what they hold.

Nothing is ever written out of an archive.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from ground.files.refusals import ActiveContent, ArchiveTooLarge, Damaged, Encrypted, TypeNotAllowed

MEGABYTE = 1 << 20
MOST_PARTS = 2_000
MOST_DIRECTORY = MEGABYTE
MOST_UNPACKED = 100 * MEGABYTE
# Above this size, nothing that people write shrinks further than this.
SUSPICIOUS_SIZE = 10 * MEGABYTE
MOST_RATIO = 200
CHUNK = 1 << 16
MOST_XML = 32 * MEGABYTE

END = struct.Struct("<4s4H2LH")
END_MARK = b"PK\x05\x06"
LONGEST_COMMENT = 1 << 16
ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What a part's first bytes must not be: an archive in an archive, OLE, or a program.
FOREIGN = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"MZ", b"\x7fELF")
ACTIVE_PART = re.compile(
    r"vba(project|data)|activex/|oleobject|embeddings/|macrosheets/|dialogsheets/|webextensions/", re.IGNORECASE
)
ACTIVE_TYPE = re.compile(rb"macroEnabled|vbaProject|activeX|oleObject|intlmacrosheet", re.IGNORECASE)
FIELD_CODE = re.compile(rb"<w:instrText[^>]*>([^<]*)|w:instr=\"([^\"]*)")
DDE = re.compile(rb"\bDDE(AUTO)?\b", re.IGNORECASE)
LINK_TO_PROGRAM = re.compile(rb"<(\w+:)?(ddeLink|oleLink)\b")
REMOTE = re.compile(r"(?!file:/{3})[a-z][a-z0-9+.-]+:|[\\/]{2}", re.IGNORECASE)
CONTENT_TYPES = "[Content_Types].xml"
MAIN_TYPES = {b"wordprocessingml.document.main+xml": "docx", b"spreadsheetml.sheet.main+xml": "xlsx"}
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def kind_of(path: Path) -> str:
    """`docx` or `xlsx`; anything else that is packed this way is refused."""
    _judge_directory_size(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _judge_directory(archive, path.stat().st_size)
            return _judge_content(archive)
    except UNREADABLE as failure:
        raise Damaged(reason=type(failure).__name__) from failure


def _judge_directory_size(path: Path) -> None:
    """Before Python reads the directory: its last record says how long it is."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - END.size - LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(END_MARK)
    if at < 0 or len(tail) - at < END.size:
        raise Damaged(reason="no_directory")
    _, _, _, _, parts, size, _, _ = END.unpack_from(tail, at)
    if parts > MOST_PARTS or size > MOST_DIRECTORY:
        raise ArchiveTooLarge(parts=parts, most=MOST_PARTS)


def _judge_directory(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS:
        raise ArchiveTooLarge(parts=len(parts), most=MOST_PARTS)
    if any(part.flag_bits & ENCRYPTED_FLAGS for part in parts):
        raise Encrypted
    if unpacked > MOST_UNPACKED or (unpacked > SUSPICIOUS_SIZE and unpacked > MOST_RATIO * size):
        raise ArchiveTooLarge(unpacked=unpacked, most=MOST_UNPACKED)
    if packed > size or len({part.header_offset for part in parts}) < len(parts):
        raise Damaged(reason="overlapping")
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names) or any(part.compress_type not in METHODS for part in parts):
        raise Damaged(reason="directory")
    for name in names:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise Damaged(reason="path")
        if ACTIVE_PART.search(name):
            raise ActiveContent(part=name)


def _judge_content(archive: zipfile.ZipFile) -> str:
    for part in archive.infolist():
        _judge_part(archive, part)
    if CONTENT_TYPES not in archive.namelist():
        raise TypeNotAllowed(found="zip")
    types = archive.read(CONTENT_TYPES)
    if ACTIVE_TYPE.search(types):
        raise ActiveContent(part=CONTENT_TYPES)
    for mark, kind in MAIN_TYPES.items():
        if mark in types:
            return kind
    raise TypeNotAllowed(found="zip")


def _judge_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack it once, in pieces and no further than it said, so that a false size or sum is found."""
    with archive.open(part) as file:
        first = file.read(CHUNK)
        if first.startswith(FOREIGN):
            raise ActiveContent(part=part.filename)
        while file.read(CHUNK):
            pass
    name = part.filename.lower()
    if name.endswith((".xml", ".rels")):
        if part.file_size > MOST_XML:
            raise ArchiveTooLarge(part=part.filename, most=MOST_XML)
        _judge_text(archive.read(part), name)


def _judge_text(text: bytes, name: str) -> None:
    if name.endswith(".rels"):
        _judge_links(text, name)
        return
    text = text.replace(b"\0", b"")  # UTF-16 hides nothing
    commands = name.startswith("word/") and DDE.search(b"".join(_field_codes(text)))
    programs = name.startswith("xl/externallinks/") and LINK_TO_PROGRAM.search(text)
    if commands or programs:
        raise ActiveContent(part=name)


def _field_codes(text: bytes) -> Iterator[bytes]:
    for inside, attribute in FIELD_CODE.findall(text):
        yield inside or attribute


def _judge_links(text: bytes, name: str) -> None:
    """A hyperlink waits for a click; any other link to elsewhere is fetched when the document is opened."""

    def judge(tag: str, link: dict[str, str]) -> None:
        outside = tag.endswith("Relationship") and link.get("TargetMode", "").lower() == "external"
        if outside and not link.get("Type", "").endswith("/hyperlink") and REMOTE.match(link.get("Target", "").strip()):
            raise ActiveContent(part=name)

    def refuse_entities(*_: object) -> None:
        raise Damaged(reason="doctype")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = judge, refuse_entities
    try:
        parser.Parse(text, True)
    except expat.ExpatError as failure:
        raise Damaged(reason="links") from failure
