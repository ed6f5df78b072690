"""Whether the province of a data folder has lived its years to the end: one that was cut off is served to nobody."""

import os
from pathlib import Path

from ground.errors import Refused

NAME = "years"
BEGUN, FINISHED = "begun", "finished"


class CutOff(Refused):
    """The province in this folder has not lived its years to the end: lay it afresh."""

    code = "house.cut_off"


def begin(folder: Path) -> None:
    """From here on the folder holds years that are not over."""
    _write(folder, BEGUN)


def finish(folder: Path) -> None:
    """They are over: what stands here now may be served."""
    _write(folder, FINISHED)


def finished(folder: Path) -> bool:
    """Whether years were lived here to their end."""
    return _read(folder) == FINISHED


def cut_off(folder: Path) -> bool:
    """Whether they were begun and not ended."""
    return _read(folder) == BEGUN


def check(folder: Path) -> None:
    """CutOff where they were begun and not ended; a folder without any is as good as ever."""
    if cut_off(folder):
        raise CutOff(folder=folder.name)


def _read(folder: Path) -> str:
    path = folder / NAME
    return path.read_text("utf-8") if path.is_file() else ""


def _write(folder: Path, word: str) -> None:
    """In one step, and on the disk before anything that relies on it."""
    aside = folder / f"{NAME}.new"
    with aside.open("w", encoding="utf-8") as file:
        file.write(word)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder / NAME)
