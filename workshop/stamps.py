"""A stamp says from which inputs a thing was made; while it matches them, nothing is made again."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from workshop.places import ROOT


def digest(files: Iterable[Path], *facts: str) -> str:
    """Give one hash over facts, and over the names and contents of files; a file that is missing counts as such."""
    total = hashlib.sha256("\0".join(facts).encode())
    for file in sorted(files):
        total.update(f"\0{os.path.relpath(file, ROOT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b"missing")
    return total.hexdigest()


def matches(stamp: Path, wanted: str) -> bool:
    """Say whether the stamp was set for these very inputs."""
    return stamp.is_file() and stamp.read_text() == wanted


def put(stamp: Path, wanted: str) -> None:
    """Set the stamp: what it stands for is whole now."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
