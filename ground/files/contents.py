"""What a file is, by its bytes and not by its name: pdf, png, jpeg, docx, xlsx, and nothing else.

puremagic only says what a refused file looks like; Pillow only reads an image's head.
"""

from dataclasses import dataclass
from pathlib import Path

import puremagic
from PIL import Image

from ground.files import archives, names, papers
from ground.files.refusals import (
    ActiveContent,
    Damaged,
    Empty,
    Encrypted,
    ImageTooLarge,
    TypeMismatch,
    TypeNotAllowed,
)

MOST_PIXELS = 100_000_000
HEAD = 8_192
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_PASSWORD = "EncryptedPackage".encode("utf-16-le")
SIGNATURES = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"PK\x03\x04", "archive"))

# We count pixels ourselves, from the head alone, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept."""

    media_type: str
    extensions: tuple[str, ...]


OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("application/pdf", ("pdf",)),
    "png": Kind("image/png", ("png",)),
    "jpeg": Kind("image/jpeg", ("jpg", "jpeg")),
    "docx": Kind(OFFICE + "wordprocessingml.document", ("docx",)),
    "xlsx": Kind(OFFICE + "spreadsheetml.sheet", ("xlsx",)),
}
ALLOWED = tuple(extension for kind in KINDS.values() for extension in kind.extensions)


def judge(path: Path, name: str) -> Kind:
    """The kind of this file, if it is one of ours, does what its name says and holds nothing active."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Empty
    found = next((kind for mark, kind in SIGNATURES if head.startswith(mark)), None)
    if found == "archive":
        found = archives.kind_of(path)
    elif head.startswith(OLE):
        raise _refusal_of_ole(path)
    ending = names.extension(name)
    if ending in ALLOWED and (found is None or ending not in KINDS[found].extensions):
        raise TypeMismatch(name=names.clean(name), found=found or _guess(head))
    if found is None:
        raise TypeNotAllowed(found=_guess(head), allowed=ALLOWED)
    if found == "pdf":
        papers.judge(path)
    elif found in {"png", "jpeg"}:
        _judge_image(path, found)
    return KINDS[found]


def _refusal_of_ole(path: Path) -> ActiveContent | Encrypted:
    """Old Office files may hold macros, and new ones with a password are wrapped the same way."""
    return Encrypted() if OLE_PASSWORD in path.read_bytes() else ActiveContent(part="ole")


def _judge_image(path: Path, found: str) -> None:
    try:
        with Image.open(path, formats=(found,)) as image:
            width, height = image.size
    except (OSError, SyntaxError, ValueError) as failure:
        raise Damaged(reason=type(failure).__name__) from failure
    if width * height > MOST_PIXELS:
        raise ImageTooLarge(width=width, height=height, most=MOST_PIXELS)


def _guess(head: bytes) -> str:
    try:
        return puremagic.from_string(head, mime=True) or "unknown"
    except (puremagic.PureError, ValueError):
        return "unknown"
