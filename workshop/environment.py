"""The environment in .venv: its Python, its hashed dependencies, and this repository in it."""

import importlib.util
import shutil
import sys
from collections.abc import Iterator, Sequence

from workshop import stamps
from workshop.places import PINS, PYTHON, ROOT, STAMPS, VENV
from workshop.programs import SetupStopped, quietly
from workshop.steps import Step

SECONDS = {"run": 45, "test": 25, "check": 15, "node": 20, "cluster": 10}
WORDS = {
    "run": "安装依赖",
    "test": "安装测试工具",
    "check": "安装检查工具",
    "node": "安装 Node",
    "cluster": "安装 PostgreSQL",
}


def steps(sets: Sequence[str]) -> Iterator[Step]:
    """Give what has still to be done before these sets of packages, and this repository, stand in .venv."""
    fresh = not _stands()
    if fresh:
        yield Step("建立 Python 环境", 8, _create)
    for name in sets:
        if fresh or not stamps.matches(STAMPS / name, _pins(name)):
            yield packages(name)
    if fresh or not stamps.matches(STAMPS / "self", _self()):
        yield Step("登记本程序", 5, _register)


def packages(name: str) -> Step:
    """Give the step that installs one hashed set."""

    def install() -> None:
        quietly([*_pip(), "--require-hashes", "-r", str(PINS / f"{name}.txt")])
        stamps.put(STAMPS / name, _pins(name))

    return Step(WORDS[name], SECONDS[name], install)


def _stands() -> bool:
    """An environment of a Python that fits, and made at this place: programs in it carry its address."""
    settings = VENV / "pyvenv.cfg"
    if not settings.is_file() or not PYTHON.exists():
        return False
    place = STAMPS / "place"
    if place.is_file() and place.read_text() != str(ROOT):
        return False
    facts = dict(line.split(" = ", 1) for line in settings.read_text().splitlines() if " = " in line)
    version = tuple(int(part) for part in facts.get("version", "0.0").split(".")[:2])
    return (3, 11) <= version <= (3, 13)


def _create() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise SetupStopped(f"缺少 Python 的 venv 模块,请先安装 {name}(例如 apt install {name}),再运行一次。")
    if VENV.exists():
        shutil.rmtree(VENV)
    quietly([sys.executable, "-m", "venv", str(VENV)])
    stamps.put(STAMPS / "place", str(ROOT))


def _register() -> None:
    quietly([*_pip(), "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    stamps.put(STAMPS / "self", _self())


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]


def _pins(name: str) -> str:
    return stamps.digest([PINS / f"{name}.txt"])


def _self() -> str:
    return stamps.digest([ROOT / "pyproject.toml", ROOT / "hatch_build.py"], str(ROOT))
