"""How many of a folder's diagrams, drawn elsewhere, run here: a line for each file, then the totals by vendor.

A process that a diagram calls is looked for in the other files of the same folder, if only one of them has it.
"""

import argparse
import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.spiff import outside
from engine.spiff.drawings import Drawing
from engine.spiff.outside import Verdict
from ground.errors import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One folder."""
    parser.add_argument("folder", type=Path, help="*.bpmn 文件夹 · searched with all folders below it")


def run(arguments: argparse.Namespace) -> int:
    """Try every file; 0 if each one reads back as it was and none is misread, 1 if not, 2 if there is none."""
    files = sorted(arguments.folder.rglob("*.bpmn"))
    totals: dict[str, Counter[str]] = {}
    shelves = {
        folder: _shelf([path for path in files if path.parent == folder]) for folder in {path.parent for path in files}
    }
    for path in files:
        verdict = outside.judge(path.read_bytes(), shelves[path.parent])
        print(f"{path.relative_to(arguments.folder)} | {line(verdict)}")
        count = totals.setdefault(path.parent.name, Counter())
        count[result(verdict)] += 1
        count["files"] += 1
        count["changed"] += verdict.changed
        count["misread"] += bool(verdict.misread)
    for name, count in [*totals.items(), ("= 合计 total", sum(totals.values(), Counter[str]()))]:
        print(_total(name, count))
    if not files:
        return 2
    return 1 if any(count["changed"] or count["misread"] for count in totals.values()) else 0


def result(verdict: Verdict) -> str:
    """One word for the totals."""
    if not verdict.runs:
        return "refused"
    return "mended" if verdict.mended else "runnable"


def line(verdict: Verdict) -> str:
    """What is said of one file; at its end, whether it would come back changed, or is not what it was read as."""
    if not verdict.runs:
        text = f"refused because {_listed(f'{each.code}({each.element})' for each in verdict.refused)}"
    elif verdict.mended:
        text = f"runnable after {_listed(mend.code for mend in verdict.mended)} was mended"
    else:
        text = "runnable"
    text += f" | together with {', '.join(verdict.called)}" if verdict.called else ""
    text += " | CHANGED by export" if verdict.changed else ""
    return text + (f" | MISREAD: {'; '.join(verdict.misread[:5])}" if verdict.misread else "")


def _shelf(paths: Sequence[Path]) -> Mapping[str, Drawing]:
    """The processes of a folder that stand in one of its files only, by id; who cannot be read is called by nobody."""
    found: list[Drawing] = []
    for path in paths:
        with contextlib.suppress(Refused):
            found += outside.processes(path.read_bytes())
    times = Counter(each.id for each in found)
    return {each.id: each for each in found if times[each.id] == 1}


def _listed(codes: object) -> str:
    counted = Counter(codes)  # type: ignore[call-overload]
    return ", ".join(code if times == 1 else f"{code} ×{times}" for code, times in counted.items())


def _total(name: str, count: Counter[str]) -> str:
    runs = count["runnable"] + count["mended"]
    share = 100 * runs / count["files"] if count["files"] else 0
    unchanged = count["files"] - count["changed"]
    return (
        f"{name}: {runs} of {count['files']} run ({share:.0f} %), {count['mended']} of them mended; "
        f"{count['refused']} refused; {unchanged} read back unchanged; {count['misread']} misread"
    )
