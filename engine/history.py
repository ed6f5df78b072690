"""What happened to a case, only ever added to: each line carries the hash of the line before it.

The head of the chain stands on the case's own row, which every writer of the chain has locked. Triggers refuse
UPDATE and DELETE, and `verify` names the first line that does not fit. Personal data stays out of the line: it
holds numbers and codes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import DDL, ForeignKey, Row as Record, event, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session, table
from ground.types import EPOCH, MICROSECOND, Code, Document, Id, Instant, Text

ALGORITHM = "sha256"
KNOWN = frozenset({"sha256", "sm3"})
FIRST = "0" * 64


class History(Row):
    """One line: when, what kind, by whom, at which element, with which facts."""

    __tablename__ = "history"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(Code())
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    element: Mapped[str | None] = mapped_column(Code(120))
    detail: Mapped[dict[str, Any]] = mapped_column(Document)
    alg: Mapped[str] = mapped_column(Code(20))
    prev: Mapped[str] = mapped_column(Text(64))
    hash: Mapped[str] = mapped_column(Text(64))


for _act in ("UPDATE", "DELETE"):
    event.listen(
        History.__table__,
        "after_create",
        DDL(
            f"CREATE TRIGGER history_no_{_act.lower()} BEFORE {_act} ON history "
            "BEGIN SELECT RAISE(ABORT, 'history is only added to'); END"
        ).execute_if(dialect="sqlite"),
    )
event.listen(
    History.__table__,
    "after_create",
    DDL(
        "CREATE OR REPLACE FUNCTION history_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'history is only added to'; END $$"
    ).execute_if(dialect="postgresql"),
)
event.listen(
    History.__table__,
    "after_create",
    DDL(
        "CREATE TRIGGER history_only_grows BEFORE UPDATE OR DELETE ON history "
        "FOR EACH ROW EXECUTE FUNCTION history_only_grows()"
    ).execute_if(dialect="postgresql"),
)


@dataclass(frozen=True)
class Head:
    """Where a case's chain ends: the number and the hash of its last line."""

    seq: int = 0
    hash: str = FIRST


@dataclass(frozen=True)
class Fact:
    """A line before it is written."""

    kind: str
    at: datetime
    by: int | None = None
    element: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Broken:
    """The first line at which a chain does not hold, and how: gap, link, altered or tail."""

    seq: int
    kind: str


@dataclass(frozen=True)
class Link:
    """A line where it stands in its chain; `fact` is None where only that it stood there may be known."""

    seq: int
    alg: str
    prev: str
    hash: str
    fact: Fact | None


def write(session: Session, case_id: int, head: Head, facts: Sequence[Fact]) -> Head:
    """Gather lines after `head` and return the new head; the caller holds the case's lock."""
    rows = []
    for fact in facts:
        seq = head.seq + 1
        link = _hash(ALGORITHM, head.hash, case_id, seq, fact)
        rows.append(
            {
                "case_id": case_id,
                "seq": seq,
                "at": fact.at,
                "kind": fact.kind,
                "by_person": fact.by,
                "element": fact.element,
                "detail": fact.detail,
                "alg": ALGORITHM,
                "prev": head.hash,
                "hash": link,
            }
        )
        head = Head(seq, link)
    session.later(_INSERT, rows)
    return head


def read(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """Every line of a case, oldest first."""
    return session.execute(select(History).where(History.case_id == case_id).order_by(History.seq)).all()


def verify(session: Session, case_id: int, head: Head) -> Broken | None:
    """None if the chain holds from its first line to the head on the case's row."""
    return broken(case_id, map(linked, read(session, case_id)), head)


def broken(case_id: int, lines: Iterable[Link], head: Head) -> Broken | None:
    """The first line at which these do not lead to `head`; of a line without its fact only the links are asked."""
    last = Head()
    for line in lines:
        if line.seq != last.seq + 1:
            return Broken(last.seq + 1, "gap")
        if line.prev != last.hash:
            return Broken(line.seq, "link")
        if line.alg not in KNOWN:
            return Broken(line.seq, "altered")
        if line.fact is not None and _hash(line.alg, line.prev, case_id, line.seq, line.fact) != line.hash:
            return Broken(line.seq, "altered")
        last = Head(line.seq, line.hash)
    return None if last == head else Broken(last.seq + 1, "tail")


def linked(line: Record[Any], *, whole: bool = True) -> Link:
    """A stored line as a link, with what it says or without."""
    fact = Fact(line.kind, line.at, line.by_person, line.element, line.detail) if whole else None
    return Link(line.seq, line.alg, line.prev, line.hash, fact)


_INSERT = insert(table(History))


def _hash(alg: str, prev: str, case_id: int, seq: int, fact: Fact) -> str:
    at = (fact.at - EPOCH) // MICROSECOND
    content = [case_id, seq, at, fact.kind, fact.by, fact.element, fact.detail]
    canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return hashlib.new(alg, f"{alg}\n{prev}\n".encode() + canonical).hexdigest()
