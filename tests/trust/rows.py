"""What a house holds, written so that two ways to one end look the same: no numbers of rows, refs, hashes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from engine import history
from engine.cases import Case
from ground.database import Row, Session
from tests.trust import work

# Numbers of rows, refs and what is reckoned from them; when and by which runner a job did its work.
COLUMNS = {
    "id", "ref", "hash", "prev", "head", "seed", "snapshot", "digest", "wait_ref", "case_id", "panel_id", "file_ref",
    "letter_ref", "tried_at",
}  # fmt: skip
WITHIN = {"hash", "panel", "notice", "incident", "submission"}
# What nobody writes to here, and uploads that a client sent again because nobody had told it that they had arrived.
UNTOUCHED = {
    "calendar_day", "calendar_digest", "demo_clock", "parameter", "person", "process", "region", "file", "organ",
    "version", "part", "release", "role_grant", "job", "lease",
}  # fmt: skip
REF = re.compile(r"\b[0-9a-hjkmnp-tv-z]{12}\b")


def of(session: Session) -> dict[str, list[str]]:
    """Every table by name, what belongs to cases where it says so, as lines in an order of their own."""
    found = {}
    for table in Row.metadata.sorted_tables:
        if table.name in UNTOUCHED:
            continue
        rows = select(table).where(table.c.case_id.is_not(None)) if "case_id" in table.c else select(table)
        found[str(table.name)] = sorted(_line(row) for row in session.execute(rows).mappings())
    found["work"] = work.standing(session)
    return found


def differences(expected: Mapping[str, list[str]], standing: Mapping[str, list[str]]) -> list[str]:
    """Lines that are there and should not be, and the other way round."""
    found = []
    for table, lines in expected.items():
        rest = list(standing.get(table, []))
        for line in lines:
            if line in rest:
                rest.remove(line)
            else:
                found.append(f"{table} lacks {line[:300]}")
        found += [f"{table} has beside {line[:300]}" for line in rest]
    return [f"{name}: {standing[name]}" for name in standing if name not in expected] + found


def broken_chains(session: Session) -> list[str]:
    """Every case whose history does not hold from its first line to its head."""
    rows = session.execute(select(Case.id, Case.number, Case.seq, Case.head)).all()
    checked = ((row.number, history.verify(session, row.id, history.Head(row.seq, row.head))) for row in rows)
    return [f"history of {number}: {broken}" for number, broken in checked if broken]


def posted(outbox: Path) -> list[str]:
    """The letters that stand in an outbox, without what differs from run to run, and whatever was left half written."""
    if not outbox.exists():
        return []
    letters = [orjson.loads(path.read_bytes()) for path in outbox.glob("*.json")]
    half = [f"half written: {path.name}" for path in outbox.iterdir() if path.name.startswith(".")]
    return sorted(f"{each['to']} {each['subject']}" for each in letters) + half


def _line(row: Mapping[str, Any]) -> str:
    return REF.sub("<ref>", str({name: _plain(value) for name, value in row.items() if name not in COLUMNS}))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in sorted(value.items()) if name not in WITHIN}
    return [_plain(each) for each in value] if isinstance(value, list) else value
