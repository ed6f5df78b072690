"""What if: last year's cases played through the draft; the page says how many go another way, and where."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template

from engine import definitions, replaying
from engine.definitions import drafts
from engine.folders import Folder
from ground import clock
from ground.database import Session, reading
from ground.errors import Refused
from web.door import session
from web.door.language import _, within
from web.door.rights import Route
from web.owner import drafting
from web.owner.blueprint import desk

SHOWN = 8


@dataclass(frozen=True)
class Place:
    """An element at which cases leave their way, in words: where they went, where they would go, how many, which."""

    element: str
    name: str
    instead: str
    count: int
    cases: tuple[tuple[str, str], ...]


@desk.get("/processes/<key>/draft/what-if")
def what_if(key: str) -> str:
    """Everything at once; nothing is stored, and no case is touched."""
    by = session.actor()
    with reading() as store:
        working = drafts.look(store, key, by)
        facts = drafting.facts_of(working)
        try:
            folder = definitions.assembled(store, definitions.check(store, working.parts, clock.now()))
        except Refused as no:
            return render_template("owner/pages/what_if.html", key=key, facts=facts, no=no)
        found = replaying.what_if(store, key, folder, by, clock.now())
        names = _names(store, key, folder)
    partings, new = list(_places(found, names)), found.new()
    return render_template(
        "owner/pages/what_if.html",
        key=key,
        facts=facts,
        no=None,
        found=found,
        same=found.count(replaying.SAME),
        other=found.count(replaying.OTHER),
        unclear=found.count(replaying.UNCLEAR),
        partings=partings,
        new=[(names.get(element, element), count) for element, count in new],
        rows=list(rows(found, folder, names)),
        late=[(names.get(element, element), by_) for element, by_ in found.late()],
        marks={each.element: "changed" for each in partings} | {each: "added" for each, _n in new},
    )


def _places(found: replaying.Found, names: dict[str, str]) -> Iterator[Place]:
    for at, instead, verdicts in found.places():
        seen = tuple((each.past.number, each.past.ref) for each in verdicts if each.past.seen)[:SHOWN]
        yield Place(at, names.get(at, at), names.get(instead, instead), len(verdicts), seen)


def rows(found: replaying.Found, tried: Folder, names: dict[str, str]) -> Iterator[tuple[str, str, str, int]]:
    """Tables of which another row would answer: where, the rows then and now by their number in the draft, how many.

    A row that the draft has no more is called by its id.
    """
    for at, old, now, verdicts in found.rows():
        numbers = _numbers(tried, at)
        before, after = (_("、").join(numbers.get(rule, rule) for rule in rules) for rules in (old, now))
        yield names.get(at, at), before, after, len(verdicts)


def _numbers(tried: Folder, at: str) -> dict[str, str]:
    """The numbers of the rows of the table that is asked at this element; two tables may have rows of the same id."""
    for each in (tried, *tried.calls.values()):
        element = each.diagram.elements.get(at)
        table = each.tables.get(element.table or "") if element else None
        if table is not None:
            return {rule.id: str(rule.number) for rule in table.rules}
    return {}


def _names(store: Session, key: str, tried: Folder) -> dict[str, str]:
    """What every element is called, in the version that is in force and in the draft; the draft has the last word."""
    found: dict[str, str] = {}
    try:
        folders = [definitions.pinned(store, definitions.current(store, key).release_id), tried]
    except Refused:  # a process that is new has no cases either
        folders = [tried]
    for folder in folders:
        for each in (*folder.calls.values(), folder):
            found |= {id_: within(each.words, one.name) for id_, one in each.diagram.elements.items() if one.name}
    return found


ROUTES = (Route("owner.what_if", "GET", drafting.OWNERS),)
