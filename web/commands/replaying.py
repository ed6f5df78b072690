"""Drawing panels again from their records, for auditors: the same seed and pool give the same experts, or not."""

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from sqlalchemy import Row as Record, select

from bases.review import panel
from bases.review.panel import Panel
from engine.cases import Case
from ground import people, settings
from ground.database import Session, reading
from web import house


def add_arguments(parser: ArgumentParser) -> None:
    """The number of one case, or nothing for all."""
    parser.add_argument("number", nargs="?", help="办件编号，不写则核验全部 · the number of a case, else all")


def run(arguments: Namespace) -> int:
    """0 if every draw gives the same panel again, 1 if one does not."""
    house.connect(settings.read())
    with reading() as session:
        cases = select(Case.id, Case.number).join(Panel, Panel.case_id == Case.id).distinct().order_by(Case.id)
        if arguments.number:
            cases = cases.where(Case.number == arguments.number)
        wrong = [
            _told(session, case.number, row) for case in session.execute(cases).all() for row in _of(session, case.id)
        ]
    if not wrong:
        print("没有抽取记录。 There is no draw.")
    return 1 if any(wrong) else 0


def _of(session: Session, case_id: int) -> list[Record[Any]]:
    return [row for row in panel.of_case(session, case_id) if row.snapshot is not None]


def _told(session: Session, number: str, row: Record[Any]) -> bool:
    """Print one draw with its experts in the order of the lots; True if it differs from its record."""
    again = panel.drawn_again(row)
    names = people.name_of(session, again)
    same = panel.holds(session, row)
    said = "一致 same" if same else "不一致 DIFFERS"
    listed = "、".join(names[person].name for person in again if person in names)
    print(f"{number} 第{row.round}次 draw {row.round}: {said} · {listed}", file=sys.stdout if same else sys.stderr)
    return not same
