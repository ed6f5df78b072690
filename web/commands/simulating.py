"""`jidi simulate`: a province lives some years by itself in a data folder of its own, and says what came of it.

`jidi demo-years` serves what it leaves; years that were cut off are thrown away and lived anew.
"""

import argparse
from datetime import date, timedelta
from pathlib import Path

from ground import clock, database, ids, settings
from ground.settings import Settings
from web import house, simulation
from web.commands import demo, serving
from web.simulation import Outcome, Span, mark

FOLDER, SERVED = Path("var/simulation"), Path("var/demo-years")
WHOLE_STORY = 5  # from so many years on everything that a province lives through is expected to occur
STORIES = {
    "gao.yuan": "看近五年的目标123、风险清单和全省地图",
    "liang.bo": "看停滞办件和流程分析",
    "zhou.ping": "看本市各基地的应报事项和与全省的对比",
}
CUT_OFF = "上次的模拟没有运行完，重新开始。 The last simulation was cut off; beginning anew."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The years and the seed."""
    parser.add_argument("--from", dest="first", type=int, default=2021, help="从这一年起 · from this year")
    parser.add_argument("--to", dest="last", type=int, default=2026, help="到这一年之前 · up to this one")
    add_seed(parser)


def add_seed(parser: argparse.ArgumentParser) -> None:
    """The seed alone."""
    parser.add_argument("--seed", type=int, default=1, help="随机种子 · the seed of every chance")


def run(arguments: argparse.Namespace) -> int:
    """Let a province live these years; 1 if there is a house already, or if what came of it does not agree."""
    demo.choose(FOLDER)
    span = Span(date(arguments.first, 1, 1), date(arguments.last, 1, 1) - timedelta(days=1), arguments.seed)
    return _lived(settings.read(), span)


def serve_years(arguments: argparse.Namespace) -> int:
    """Serve a province that has lived the last five years up to yesterday; the first time it lives them now."""
    demo.choose(SERVED)
    if not serving.has_bundles():
        return 1
    chosen, today = settings.read(), clock.today()
    if mark.cut_off(chosen.data):
        print(CUT_OFF, flush=True)
        demo.empty(chosen.data)
        chosen = settings.read()
    if not mark.finished(chosen.data):
        span = Span(date(today.year - WHOLE_STORY + 1, 1, 1), today - timedelta(days=1), arguments.seed)
        failed = _lived(chosen, span)
        if not mark.finished(chosen.data):
            return failed
    return demo.opened(chosen, empty=True, again=f"删除 {chosen.data}", stories=STORIES)


def _lived(chosen: Settings, span: Span) -> int:
    """Lay a house as it was on the first day, and let it live; it is marked as finished at its end and not before."""
    if mark.cut_off(chosen.data) or house.is_laid(house.connect(chosen)):
        print(f"{chosen.data} 已有数据 · holds a house already")
        return 1
    print(f"{span.first} – {span.last}", flush=True)
    mark.begin(chosen.data)
    try:
        with database.current().in_haste():
            house.lay_for_years(span.first, span.seed)
            found = simulation.live(span, told=lambda day: print(f"  {day:%Y-%m}", flush=True))
    finally:
        ids.seed(None)
    failed = report(found, years=(span.last - span.first).days // 365)
    if not found.wrong:
        mark.finish(chosen.data)
    return failed


def report(found: Outcome, years: int) -> int:
    """Print the figures and the digest; 1 if they do not agree with what happened, or if something never did."""
    rate = found.moves / found.seconds if found.seconds else 0
    print(f"{found.moves} moves · {found.seconds:.1f} s · {rate:.1f} moves/s · {found.case_years:.1f} case-years")
    print(f"{found.bases} bases in {found.cities} cities · {found.holding} with the provincial name")
    print(f"{found.late} late reports · {found.objections} objections", end=" · ")
    print(f"{found.absences} absences · {found.given_back} tasks given back")
    for (process, outcome), times in sorted(found.ended.items()):
        print(f"  {times:5} {process}: {outcome}")
    print(f"{found.refused.total()} refused")
    for code, times in found.refused.most_common():
        print(f"  {times:5} {code}")
    wrong = found.wrong + [f"never: {each}" for each in found.lacking if years >= WHOLE_STORY]
    for each in wrong:
        print(f"! {each}")
    print(found.digest)
    return 1 if wrong else 0
