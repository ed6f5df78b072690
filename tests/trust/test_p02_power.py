"""P2. … nor by a power cut: images of the disk at every write of a real process, opened and compared."""

import shutil
import sqlite3
from pathlib import Path
from random import Random

import pytest

from ground.database import reading
from tests.trust import acts, rows
from tests.trust.power import Disk, calls
from tests.trust.stores import Stores, stores

PROMISE = "a step you saw confirmed is not lost by a power cut"
ACTS = 6
QUICK, QUICK_SHARE = 0.1, 0.2


def trials(scale: float) -> tuple[int, list[str]]:
    """Each write of so many cases begun and done, four images at each; then with a fault that must be found."""
    share = 1 if scale > QUICK else QUICK_SHARE
    tried, violations = _cut_off(max(1, round(ACTS * scale)), share)
    if scale > QUICK:
        _, found = _cut_off(1, share, "NORMAL")
        if not any("lost" in each for each in found):
            violations.append("commits that are not synced were not found out")
    return tried, violations


def _cut_off(count: int, share: float, *synchronous: str) -> tuple[int, list[str]]:
    """Record so many cases, and look at images of a share of the writes."""
    with stores("sqlite") as made:
        house = made.first(acts.lay)
        path = made.path(house)
        disk = Disk({str(path): bytearray(path.read_bytes())})
        work = ["-m", "tests.trust.traced", str(path), f"{count}", *synchronous]
        chance, confirmed, tried, violations = Random(2), [], 0, []  # noqa: S311  drawn, so that it can be drawn again
        for number, call in enumerate(calls(work, made.folder, made.folder / "calls")):
            if call.kind == "said":
                said = call.body.decode(errors="replace").splitlines()
                confirmed += [line.removeprefix("ACK ") for line in said if line.startswith("ACK ")]
                continue
            disk.do(call)
            if chance.random() > share:
                continue
            for kind, files in disk.images(chance):
                found = _opened(made, files, confirmed, chains=tried % 10 == 0)
                violations += [f"after call {number} ({call.kind}), {kind}: {each}" for each in found]
                tried += 1
    return tried, violations if confirmed else [*violations, "nothing was confirmed"]


def _opened(made: Stores, files: dict[str, bytearray], confirmed: list[str], *, chains: bool) -> list[str]:
    """What is wrong with a disk that looks like this: not sound, something lost, or something half there."""
    place = made.folder / "image.db"
    for old in made.folder.glob("image.db*"):
        old.unlink()
    for name, body in files.items():
        Path(f"{place}{name.split('.db', 1)[1]}").write_bytes(body)
    try:
        found = _read(place, confirmed)
    except sqlite3.DatabaseError as error:
        return [f"cannot be read: {error}"]
    if chains:
        made.made.append("image")
        with made.open("image"), reading() as session:
            found += rows.broken_chains(session)
        made.made.remove("image")
    return found


def _read(place: Path, confirmed: list[str]) -> list[str]:
    with sqlite3.connect(place) as image:
        found = [f"not sound: {row[0]}" for row in image.execute("PRAGMA quick_check") if row[0] != "ok"]
        kept = {row[0].rsplit(":", 1)[-1] for row in image.execute("SELECT key FROM move_key")}
        found += [f"lost: {act}" for act in confirmed if act not in kept]
        sent = image.execute("SELECT count(*) FROM submission").fetchone()[0]
        if sent != sum(act.startswith("send") for act in kept):
            found.append(f"half there: {sent} submissions, {sorted(kept)}")
    image.close()
    return found


@pytest.mark.strace
def test_no_image_of_the_disk_is_broken_or_lacks_what_was_confirmed(apart):
    assert shutil.which("strace"), "no strace on this machine: `make test` installs it where it may"
    tried, violations = apart.trials("test_p02_power", QUICK)
    assert not violations
    assert tried > 20
