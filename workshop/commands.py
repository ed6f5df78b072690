"""The commands of run.py: each sets up what it lacks, then hands over to the program that does the work."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from workshop import browser, bundles, environment, tracing
from workshop.places import ASSETS, PYTHON, ROOT, program
from workshop.programs import aloud
from workshop.steps import say, walk

USAGE = """用法:python3 run.py <命令>
  demo        装好所需的一切,启动演示 / set up and start the demo
  demo-reset  把演示数据恢复到最初 / put the demo back to its beginning
  demo-years  先让演示省份自行运转近五年,再启动 / let the demo's province live five years, then start it
  demo-cluster  PostgreSQL 与三个节点的演示 / the demo on PostgreSQL with three nodes
  test        全部测试,SQLite 与 PostgreSQL / all tests on both databases
  check       格式、类型、架构、许可 / style, types, arrows, licences
  bench       性能 / measures
  trust       崩溃、竞争、攻击 / crashes, races, attacks
  corpus      试一批别处画的流程图 / try a folder of diagrams drawn elsewhere
  build       只打包页面 / the bundles only
  wheel       生成安装包到 dist/ / the wheel, bundles included"""


def main(words: Sequence[str]) -> int:
    """Run the command named by the first word."""
    # A terminal without Chinese letters shall get question marks, not a traceback.
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    os.chdir(ROOT)
    name, *rest = words or ["help"]
    if name not in COMMANDS:
        say(USAGE)
        return 0 if name in {"help", "-h", "--help"} else 2
    try:
        return COMMANDS[name](rest)
    except KeyboardInterrupt:
        say("\n已停止。")
        return 130


def demo(rest: Sequence[str]) -> int:
    """Start the demo; from here on the application speaks."""
    prepare("run")
    return become([program("jidi"), "demo", *rest])


def demo_reset(rest: Sequence[str]) -> int:
    """Put the demo back to its beginning."""
    prepare("run")
    return become([program("jidi"), "demo-reset", *rest])


def demo_years(rest: Sequence[str]) -> int:
    """Let the demo's province live the last five years, the first time, and start it."""
    prepare("run")
    return become([program("jidi"), "demo-years", *rest])


def demo_cluster(_: Sequence[str]) -> int:
    """Start PostgreSQL and three nodes of the demo."""
    prepare("run", "cluster")
    return become([str(PYTHON), "-m", "workshop.cluster"])


def test(rest: Sequence[str]) -> int:
    """Run all tests, or those named."""
    prepare("run", "test", tools=True)
    lacking = [mark for mark, provide in MARKS.items() if not provide()]
    chosen = ["-m", " and ".join(f"not {mark}" for mark in lacking)] if lacking else []
    return aloud([str(PYTHON), "-m", "pytest", "-n", "2", *chosen, *rest])


def trust(rest: Sequence[str]) -> int:
    """Put every promise about survival to its full test; the exit code says whether each was kept."""
    prepare("run", "test")
    tracing.provide()
    return aloud([str(PYTHON), "-m", "tests.trust", *rest])


def bench(rest: Sequence[str]) -> int:
    """Measure; the exit code says whether the figures hold."""
    prepare("run", "test")
    return aloud([str(PYTHON), "-m", "tests.bench", *rest])


def corpus(rest: Sequence[str]) -> int:
    """Try a folder of diagrams drawn elsewhere; the exit code says whether all of them read back as they were."""
    prepare("run")
    return aloud([program("jidi"), "corpus", *rest])


def check(_: Sequence[str]) -> int:
    """Look the code over in every way, and say at the end which found something."""
    prepare("run", "test", "check")
    ours = ["ground", "engine", "tasks", "bases", "web"]
    looks = {
        "ruff": [program("ruff"), "check", "."],
        "ruff format": [program("ruff"), "format", "--check", "."],
        "mypy": [program("mypy")],
        "mypy workshop": [program("mypy"), "-p", "workshop"],
        "lint-imports": [program("lint-imports")],
        "bandit": [program("bandit"), "-q", "-r", "-ll", *ours, "workshop", "run.py"],
        "licences": [str(PYTHON), "-m", "workshop.licences"],
    }
    failed = [name for name, command in looks.items() if _announced(name, command)]
    say(f"\n未通过:{'、'.join(failed)}" if failed else "\n检查全部通过。")
    return 1 if failed else 0


def build(_: Sequence[str]) -> int:
    """Make the bundles."""
    prepare("run")
    say(f"页面已在 {ASSETS.relative_to(ROOT)}/。")
    return 0


def wheel(_: Sequence[str]) -> int:
    """Make the wheel; the build hook sees to it that the bundles are in."""
    prepare("run")
    return aloud([str(PYTHON), "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"])


def prepare(*sets: str, tools: bool = False) -> None:
    """Set up what is missing; nothing is said when nothing is."""
    walk([*environment.steps(sets), *bundles.steps(tools=tools)])


def become(command: Sequence[str]) -> NoReturn:
    """Give this process to the program, so that Ctrl-C and signals reach it and nobody else."""
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.call(list(command)))  # noqa: S603 (our own program)
    os.execv(command[0], list(command))  # noqa: S606 (likewise)


def _announced(name: str, command: Sequence[str]) -> int:
    say(f"── {name}")
    return aloud(command)


# What some tests need of the system, by their mark.
MARKS: dict[str, Callable[[], bool]] = {"browser": browser.provide, "strace": tracing.provide}
COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "demo-reset": demo_reset,
    "demo-years": demo_years,
    "demo-cluster": demo_cluster,
    "test": test,
    "check": check,
    "bench": bench,
    "corpus": corpus,
    "trust": trust,
    "build": build,
    "wheel": wheel,
}
