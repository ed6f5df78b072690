"""What the register of breaches offers as evidence of ground 14b (R-14.2): facts, confirmed only once a person does so.

They are the words that the officer's form begins with, to be kept, changed or left out. A passed 系统默认时限 is none.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases.documents import content
from bases.filing import template
from bases.register import breach
from bases.verdicts.yearbook import BREACHES, DUTIES
from ground.database import Session

GROUND, MOST = "14b", 3000
KINDS = {"text": "文件时限", "notice": "通知时限"}


def facts(session: Session, base_id: int, on: date) -> str:
    """R-8.5: one line for each duty due in the year before or in this one up to today that was not kept."""
    found = breach.of_base(session, base_id, date(on.year - 1, 1, 1), on)
    names = template.names(session) if found else {}
    return "\n".join(_line(row, names) for row in found)[:MOST]


def _line(row: Record[Any], names: Mapping[str, tuple[str, str]]) -> str:
    duty = DUTIES.get(row.duty) or names.get(row.duty, (row.duty,))[0]
    due = f"{content.day(row.due_on)}（{KINDS[row.due_kind]}）"
    return f"{row.year}年{duty}，应于{due}前报送，{BREACHES[row.kind]}：{row.evidence}。"
