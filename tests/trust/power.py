"""What may lie on a disk after the power failed: the writes of a real process, read from its system calls.

What was synced is there. Of what was written since, each piece may be there or not, in any order, and the last one
may be torn between two sectors.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink"
_BYTES = r'"((?:\\x[0-9a-f]{2})*)"'
_FILE = r"\d+<((?:\\x[0-9a-f]{2})+)>"
_WRITE = re.compile(rf"pwrite64\({_FILE}, {_BYTES}, (\d+), (\d+)\) = (\d+)")
_SYNC = re.compile(rf"f(?:data)?sync\({_FILE}\)\s+= 0")
_CUT = re.compile(rf"ftruncate\({_FILE}, (\d+)\)\s+= 0")
_GONE = re.compile(rf"unlink\({_BYTES}\)\s+= 0")
_SAID = re.compile(rf"write\(1<[^>]*>, {_BYTES}, \d+\)")


@dataclass(frozen=True)
class Call:
    """One system call on one file: write at a place, cut to a length, sync, unlink; or a line that was said."""

    kind: str
    file: str
    at: int = 0
    body: bytes = b""


Keep = Callable[[Call], Call | None]


def calls(command: Sequence[str], folder: Path, log: Path) -> list[Call]:
    """Run this command and return what it did to the files of a folder, and what it said."""
    watched = ["strace", "-f", "-y", "-xx", "-s", "70000", "-e", f"trace={CALLS}", "-o", str(log)]
    subprocess.run([*watched, sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    with log.open(encoding="ascii") as lines:
        found = [call for line in lines if (call := _call(line.split(maxsplit=1)[1])) is not None]
    ours = [call for call in found if call.kind == "said" or call.file.startswith(str(folder))]
    return [call for call in ours if not call.file.endswith("-shm")]  # made anew by whoever opens the file


@dataclass
class Disk:
    """Files by path: what is synced, and what was written since, in order."""

    synced: dict[str, bytearray]
    since: dict[str, list[Call]] = field(default_factory=dict)

    def do(self, call: Call) -> None:
        """Apply the next call."""
        if call.kind == "sync":
            for waiting in self.since.pop(call.file, []):
                _apply(self.synced, waiting)
        elif call.kind == "gone":
            self.since.pop(call.file, None)
            self.synced.pop(call.file, None)
        else:
            self.since.setdefault(call.file, []).append(call)

    def images(self, chance: Random) -> Iterator[tuple[str, dict[str, bytearray]]]:
        """Four ways in which the power may have failed here."""
        yield "nothing unsynced", self._image(lambda _call: None)
        yield "everything", self._image(lambda call: call)
        yield "a half", self._image(lambda call: call if chance.random() < 1 / 2 else None)
        yield "torn", self._image(lambda call: _torn(call, chance))

    def _image(self, keep: Keep) -> dict[str, bytearray]:
        files = {name: bytearray(body) for name, body in self.synced.items()}
        for waiting in self.since.values():
            for call in waiting:
                kept = keep(call)
                if kept is not None:
                    _apply(files, kept)
        return files


def _apply(files: dict[str, bytearray], call: Call) -> None:
    body = files.setdefault(call.file, bytearray())
    if call.kind == "cut":
        del body[call.at :]
        body.extend(b"\0" * (call.at - len(body)))
        return
    body.extend(b"\0" * (call.at + len(call.body) - len(body)))
    body[call.at : call.at + len(call.body)] = call.body


def _torn(call: Call, chance: Random) -> Call | None:
    if call.kind != "write" or chance.random() < 1 / 2:
        return call
    sectors = chance.randint(0, len(call.body) // SECTOR)
    return Call("write", call.file, call.at, call.body[: sectors * SECTOR])


def _call(line: str) -> Call | None:
    if found := _WRITE.match(line):
        body = _plain(found[2])[: int(found[5])]
        return Call("write", _plain(found[1]).decode(), int(found[4]), body)
    if found := _SYNC.match(line):
        return Call("sync", _plain(found[1]).decode())
    if found := _CUT.match(line):
        return Call("cut", _plain(found[1]).decode(), int(found[2]))
    if found := _GONE.match(line):
        return Call("gone", _plain(found[1]).decode())
    if found := _SAID.match(line):
        return Call("said", "", 0, _plain(found[1]))
    return None


def _plain(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", ""))
