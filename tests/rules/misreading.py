"""A file of the tree is read as if it said something else, in this process only."""

import io
from pathlib import Path
from typing import Any


def begin(path: Path, says: str, instead: str) -> None:
    """From now on; ValueError unless the file says so exactly once."""
    text = path.read_bytes().decode("utf-8")
    if text.count(says) != 1:
        message = f"{path.name} says {says!r} {text.count(says)} times"
        raise ValueError(message)
    _read_as(path, text.replace(says, instead).encode())


def _read_as(path: Path, body: bytes) -> None:
    read_text, read_bytes, opened = Path.read_text, Path.read_bytes, Path.open

    def text_of(self: Path, *given: Any, **named: Any) -> str:
        return body.decode("utf-8") if self == path else read_text(self, *given, **named)

    def bytes_of(self: Path) -> bytes:
        return body if self == path else read_bytes(self)

    def open_(self: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
        if self != path:
            return opened(self, mode, *given, **named)
        return io.BytesIO(body) if "b" in mode else io.StringIO(body.decode("utf-8"), newline=named.get("newline"))

    for name, new in (("read_text", text_of), ("read_bytes", bytes_of), ("open", open_)):
        setattr(Path, name, new)
