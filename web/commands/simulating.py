"""`jidi simulate`: a province lives some years by itself in a data folder of its own, and says what came of it."""

import argparse
import os
from datetime import date, timedelta
from pathlib import Path

from ground import settings
from web import house, simulation

FOLDER = Path("var/demo-years")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The years and the seed."""
    parser.add_argument("--from", dest="first", type=int, default=2021, help="从这一年起 · from this year")
    parser.add_argument("--to", dest="last", type=int, default=2026, help="到这一年之前 · up to this one")
    parser.add_argument("--seed", type=int, default=1, help="随机种子 · the seed of every chance")


def run(arguments: argparse.Namespace) -> int:
    """Lay a house as it was on the first day, let it live, print the figures; 1 if there is a house already."""
    os.environ["JIDI_MODE"] = "demo"
    os.environ.setdefault("JIDI_DATA", str(FOLDER.resolve()))
    chosen = settings.read()
    span = simulation.Span(date(arguments.first, 1, 1), date(arguments.last, 1, 1) - timedelta(days=1), arguments.seed)
    if not house.lay_for_years(chosen, span.first, span.seed):
        print(f"{chosen.data} 已有数据 · holds a house already")
        return 1
    found = simulation.live(span)
    rate = found.moves / found.seconds if found.seconds else 0
    years = arguments.last - arguments.first
    print(f"{years} 年 years · {found.moves} moves · {found.seconds:.1f} s · {rate:.1f} moves/s")
    print(f"{len(found.bases)} bases with a name · {found.digest}")
    for reason, times in found.refused.most_common(40):
        print(f"  {times} × {reason}")
    return 0
