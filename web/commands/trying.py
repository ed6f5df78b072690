"""`jidi try`: diagrams run headless on the real engine, step by step as a script says, with a clock that moves."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from engine import trial
from engine.definitions import NotRunnable
from engine.trial import Heard
from web.words import findings

SUFFIXES = frozenset({".bpmn", ".dmn", ".json"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, the script, and whether to store and read again after each step."""
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="流程图 .bpmn，可附决策表 .dmn，或者一个流程文件夹 · diagrams, tables beside them, or a process folder",
    )
    parser.add_argument("--steps", required=True, type=Path, help="步骤文件 · the script, a JSON file")
    parser.add_argument(
        "--restore", action="store_true", help="每一步之后存储并重新读取 · store and read again after every step"
    )


def run(arguments: argparse.Namespace) -> int:
    """Play the script: 0 if every step holds, 1 if one does not, 2 if a file cannot be read."""
    try:
        parts = dict(_parts(arguments.files))
        script = trial.read(arguments.steps.read_bytes())
    except OSError as error:
        print(f"jidi try: 无法读取 cannot read {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    try:
        files = trial.compiled(parts, script.completed)
    except NotRunnable as no:
        for finding in no.detail["findings"]:
            print(f"  ! {findings.line(finding)}")
        return _told([trial.refused(script, no.detail["findings"])])
    for mend in files.mended:
        print(f"  ~ {mend.code} {mend.element or ''} {dict(mend.params)}")
    for finding in files.warned:
        print(f"  ? {findings.line(finding)}")
    return _told(trial.play(script, files, restore=arguments.restore))


def _told(lines: Iterable[Heard]) -> int:
    """A line for each step, a last one that counts."""
    heard = []
    for each in lines:
        heard.append(each)
        print(f"{'✓' if each.held else '✗'} {each.step.number:>3} {each.step}{f'  → {each.why}' if each.why else ''}")
    failed = sum(not each.held for each in heard)
    print(f"{len(heard) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _parts(paths: Iterable[Path]) -> Iterable[tuple[str, bytes]]:
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES)
            yield from ((each.relative_to(path).as_posix(), each.read_bytes()) for each in inside)
        else:
            yield path.name, path.read_bytes()
