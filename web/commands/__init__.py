"""The program from a terminal: demo, demo-reset, serve, migrate, verify."""

import argparse
import sys
from collections.abc import Callable, Sequence

from ground.errors import Refused
from web.commands import demo, serving, upkeep

COMMANDS: dict[str, tuple[Callable[[], int], str]] = {
    "demo": (demo.run, "体验演示环境（演示数据，无需密码） · the demo, with its own data and clock"),
    "demo-reset": (demo.reset, "把演示环境恢复到最初状态 · start the demo afresh"),
    "serve": (serving.run, "正式运行 · serve for real; settings from JIDI_* or jidi.toml"),
    "migrate": (upkeep.migrate, "升级数据库结构并载入基础数据 · bring the schema up and lay the seeds"),
    "verify": (upkeep.verify, "核验办件历史链：0 完好，1 有改动，2 无法读取 · check every case's chain of history"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its number is the exit code."""
    parser = argparse.ArgumentParser(prog="jidi", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_, help_) in COMMANDS.items():
        commands.add_parser(name, help=help_)
    chosen = parser.parse_args(arguments).command
    try:
        return COMMANDS[chosen][0]()
    except Refused as no:
        print(f"jidi {chosen}: {no}", file=sys.stderr)
        return 2
