"""What a table of a draft answers: for the values in the address, and for those that it was asked of late."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import request

from engine import decided, decisions
from engine.decided import Decision
from ground.database import reading
from ground.errors import Refused
from web.door import session
from web.owner import field_settings


def fired(table: decisions.Table) -> dict[str, Any] | None:
    """Which row answers for the values in the address, and what it gives."""
    given = {name.removeprefix("v."): value for name, value in request.args.items() if name.startswith("v.")}
    if not given:
        return None
    values = {name: field_settings.value(text) for name, text in given.items()}
    try:
        decided = table.decide(values)
    except Refused as no:
        return {"given": given, "no": no, "rows": [], "result": {}}
    rows = [rule.number for rule in table.rules if rule.id in decided.rules]
    return {"given": given, "no": None, "rows": rows, "result": decided.result}


def past(key: str, table: decisions.Table) -> list[tuple[Decision, list[int], list[int] | None]]:
    """What the table was asked of late, the rows that answered then, and those that would now; None if none can."""
    with reading() as store:
        found = decided.lately(store, key, table.key, session.actor())
    numbers = {rule.id: rule.number for rule in table.rules}
    return [
        (each, [numbers[rule] for rule in each.rules if rule in numbers], _now(table, numbers, each.asked))
        for each in found
    ]


def typed(asked: Mapping[str, Any]) -> dict[str, str]:
    """The values of a case as the fields of the page take them."""
    return {f"v.{name}": orjson.dumps(value).decode().strip('"') for name, value in asked.items()}


def _now(table: decisions.Table, numbers: Mapping[str, int], asked: Mapping[str, Any]) -> list[int] | None:
    try:
        return [numbers[rule] for rule in table.decide(asked).rules]
    except Refused:
        return None
