"""The demo: its own database and clock, laid at the first start and kept at every later one."""

import os
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from ground import database, occupancy, settings
from ground.settings import Settings
from web import house
from web.commands import serving

FOLDER = Path("var/demo")
GREETING = """
  基地 Jidi 已就绪（演示数据，非真实业务）

  请在浏览器打开：http://{host}:{port}
  不用密码，点身份卡片即可进入。建议先试这三张：
{cards}
  页面顶部可拨快演示时钟：「前进1个工作日」「到下一个期限」。

  重来一遍：先停止，再{again}        停止：按 Ctrl+C
  English: switch the language at the head of any page.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Whether the demo opens with cases under way."""
    parser.add_argument("--empty", action="store_true", help="不带在办的演示办件 · begin without cases under way")


def run(arguments: Namespace) -> int:
    """Lay the demo if it is not there yet, greet, and serve it."""
    choose(FOLDER)
    if not serving.has_bundles():
        return 1
    return opened(settings.read(), empty=arguments.empty)


def opened(
    chosen: Settings, *, empty: bool, again: str = "运行 make demo-reset", stories: Mapping[str, str] | None = None
) -> int:
    """Lay what is not there yet, say whom to try first and how to begin again, and serve; 1 or Served as `serve`."""
    if not serving.reserve(chosen):
        return 1
    house.lay(chosen, empty=empty)
    with database.reading() as session:
        cards = house.first_cards(session, stories)
    lines = "".join(f"    {number}. {card}\n" for number, card in enumerate(cards, 1))
    print(GREETING.format(host=chosen.host, port=chosen.port, cards=lines, again=again), flush=True)
    return serving.answer(chosen)


def reset(_arguments: Namespace) -> int:
    """Throw the demo's data away, unless it is being served: Served. The next start lays it afresh."""
    choose(FOLDER)
    folder = settings.read().data
    if folder.exists():
        empty(folder)
    print("演示环境已清空，运行 make demo 重新开始。 The demo is empty; `make demo` lays it afresh.")
    return 0


def empty(folder: Path) -> None:
    """All but the lock that this process holds there; Served while somebody serves from it."""
    with occupancy.alone_in(folder):
        for each in folder.iterdir():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            elif each.name != occupancy.NAME:
                each.unlink()


def choose(folder: Path) -> None:
    """The demo's settings, for this process and the one that serves; what the reader set stays."""
    os.environ["JIDI_MODE"] = "demo"
    os.environ.setdefault("JIDI_DATA", str(folder.resolve()))
