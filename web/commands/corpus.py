"""How many of a folder's diagrams, drawn elsewhere, run here: a line for each file, then the totals by vendor."""

import argparse
from collections import Counter
from pathlib import Path

from engine.spiff import outside
from engine.spiff.outside import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One folder."""
    parser.add_argument("folder", type=Path, help="*.bpmn 文件夹 · searched with all folders below it")


def run(arguments: argparse.Namespace) -> int:
    """Try every file; 0 if each one gave an answer and reads back as it was, 1 if not, 2 if there is none."""
    files = sorted(arguments.folder.rglob("*.bpmn"))
    totals: dict[str, Counter[str]] = {}
    for path in files:
        verdict = outside.judge(path.read_bytes())
        print(f"{path.relative_to(arguments.folder)} | {line(verdict)}")
        count = totals.setdefault(path.parent.name, Counter())
        count[result(verdict)] += 1
        count["files"] += 1
        count["changed"] += not verdict.unchanged
    for name, count in [*totals.items(), ("= 合计 total", sum(totals.values(), Counter[str]()))]:
        print(_total(name, count))
    if not files:
        return 2
    return 1 if any(count["changed"] for count in totals.values()) else 0


def result(verdict: Verdict) -> str:
    """One word for the totals."""
    if not verdict.runs:
        return "refused"
    return "mended" if verdict.mended else "runnable"


def line(verdict: Verdict) -> str:
    """What is said of one file; at its end, whether it would come back changed."""
    if not verdict.runs:
        text = f"refused because {_listed(f'{each.code}({each.element})' for each in verdict.refused)}"
    elif verdict.mended:
        text = f"runnable after {_listed(mend.code for mend in verdict.mended)} was mended"
    else:
        text = "runnable"
    return text if verdict.unchanged else f"{text} | CHANGED by export"


def _listed(codes: object) -> str:
    counted = Counter(codes)  # type: ignore[call-overload]
    return ", ".join(code if times == 1 else f"{code} ×{times}" for code, times in counted.items())


def _total(name: str, count: Counter[str]) -> str:
    runs = count["runnable"] + count["mended"]
    share = 100 * runs / count["files"] if count["files"] else 0
    return (
        f"{name}: {runs} of {count['files']} run ({share:.0f} %), {count['mended']} of them mended; "
        f"{count['refused']} refused; {count['files'] - count['changed']} read back unchanged"
    )
