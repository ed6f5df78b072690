"""Bytes over a pipe: four bytes say how many follow, then as many come; nothing in them is ever run."""

import struct
from typing import IO

LENGTH = struct.Struct(">I")
MOST = 64 * 1024 * 1024


def write(pipe: IO[bytes], frame: bytes) -> None:
    """Send one frame; OSError when nobody reads any more."""
    pipe.write(LENGTH.pack(len(frame)) + frame)
    pipe.flush()


def read(pipe: IO[bytes]) -> bytes | None:
    """The next frame, or None when the other side is gone or sends what is no frame."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if length > MOST:
        return None
    frame = pipe.read(length)
    return frame if len(frame) == length else None
