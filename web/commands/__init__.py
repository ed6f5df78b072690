"""The program from a terminal: a line for each command below, and each may take arguments of its own."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ground.errors import Refused
from web.commands import archiving, corpus, demo, founding, moving_out, replaying, serving, simulating, trying, upkeep
from web.words import catalogue, refusals


def _nothing(_parser: argparse.ArgumentParser) -> None:
    """Most commands take no arguments."""


@dataclass(frozen=True)
class Command:
    """One command: what it does in a line, the function that does it and gives the exit code, its arguments."""

    help: str
    run: Callable[[argparse.Namespace], int]
    add_arguments: Callable[[argparse.ArgumentParser], None] = _nothing


COMMANDS: dict[str, Command] = {
    "demo": Command(
        "体验演示环境（演示数据，无需密码） · the demo, with its own data and clock", demo.run, demo.add_arguments
    ),
    "demo-reset": Command("把演示环境恢复到最初状态 · start the demo afresh", demo.reset),
    "simulate": Command(
        "让演示省份在虚拟时钟下自行运转数年 · let the demo's province live some years on a virtual clock",
        simulating.run,
        simulating.add_arguments,
    ),
    "demo-years": Command(
        "模拟演示省份近五年，然后打开 · let the demo's province live the last five years, then serve it",
        simulating.serve_years,
        simulating.add_seed,
    ),
    "serve": Command("正式运行 · serve for real; settings from JIDI_* or jidi.toml", serving.run),
    "try": Command(
        "按步骤文件试运行流程图 · run diagrams headless, as a script says", trying.run, trying.add_arguments
    ),
    "worker": Command(
        "只处理到期事项与后台任务的节点 · a node that fires what is due and runs jobs, without pages", serving.work
    ),
    "migrate": Command("升级数据库结构并载入基础数据 · bring the schema up and lay the seeds", upkeep.migrate),
    "administrators": Command(
        "设立最初的三名管理员（三员分立） · open the accounts of the first three administrators",
        founding.run,
        founding.add_arguments,
    ),
    "verify": Command(
        "核验办件历史链：0 完好，1 有改动，2 无法读取 · check every case's chain of history", upkeep.verify
    ),
    "archive": Command(
        "核验办件归档包：0 完好，1 有改动，2 不是归档包 · check the package of a closed case",
        archiving.run,
        archiving.add_arguments,
    ),
    "replay-draw": Command(
        "按记录重新抽取评审组并核对：0 一致，1 不一致 · draw panels again from their records",
        replaying.run,
        replaying.add_arguments,
    ),
    "move-to": Command(
        "迁移到 PostgreSQL，并逐表核对 · copy this house to PostgreSQL and compare every table",
        moving_out.run,
        moving_out.add_arguments,
    ),
    "corpus": Command(
        "试一批别处画的流程图能否运行 · try diagrams drawn elsewhere: runnable, mended or refused",
        corpus.run,
        corpus.add_arguments,
    ),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its number is the exit code."""
    parser = argparse.ArgumentParser(prog="jidi", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, command in COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=command.help, description=command.help))
    arguments = parser.parse_args(words)
    try:
        return COMMANDS[arguments.command].run(arguments)
    except Refused as no:
        print(f"jidi {arguments.command}: {no}", *_in_words(no), sep="\n  ", file=sys.stderr)
        return 2


def _in_words(no: Refused) -> Iterator[str]:
    """What would be right, in both languages, if this refusal has words."""
    sentence = refusals.RULES.get(no.code)
    if sentence:
        yield sentence
        yield catalogue.english().find(sentence)
