"""The tests of a draft, played now on the real engine, and what none of them meets: elements, flows, rows of tables."""

from flask import render_template

from engine import definitions, trial
from engine.definitions import drafts
from engine.folders import Folder
from engine.spiff.elements import Flow
from ground import clock
from ground.database import Session, reading
from ground.errors import Refused
from web.door import session
from web.door.language import within
from web.door.rights import Route
from web.owner import drafting
from web.owner.blueprint import desk


@desk.get("/processes/<key>/draft/tests")
def prove(key: str) -> str:
    """Every test of the draft, played now, and which elements none of them meets."""
    with reading() as store:
        working = drafts.look(store, key, session.actor())
        try:
            folder = folder_of(store, working)
        except Refused as no:
            return render_template("owner/pages/tests.html", key=key, facts=drafting.facts_of(working), no=no)
    proved = trial.proofs(folder)
    left = [folder.diagram.elements[id_] for id_ in trial.unmet(folder, proved)]
    untaken = trial.untaken(folder, proved)
    return render_template(
        "owner/pages/tests.html",
        key=key,
        facts=drafting.facts_of(working),
        proved=proved,
        unmet=[within(folder.words, each.name or each.id) for each in left],
        met=" ".join(sorted(frozenset[str]().union(*(each.met for each in proved)))),
        total=len(trial.meetable(folder)),
        flows=[_flow(folder, flow) for flow in untaken],
        marks={flow.id: "removed" for flow in untaken},
        rows=[(within(folder.words, table.name), left) for table, left in trial.unfired(folder, proved)],
        no=None,
    )


def folder_of(store: Session, working: drafts.Working) -> Folder:
    """The draft with all that it calls; NotRunnable where it could not be published either."""
    return definitions.assembled(store, definitions.check(store, working.parts, clock.now()))


def name_of(folder: Folder, id_: str) -> str:
    """What an element of the draft, or of what it calls, is called in the reader's language."""
    for each in (folder, *folder.calls.values()):
        element = each.diagram.elements.get(id_)
        if element is not None:
            return within(each.words, element.name or id_)
    return id_


def _flow(folder: Folder, flow: Flow) -> str:
    """«受理？ → 专家评审（受理）»: from where to where, and what stands at it."""
    name = f"（{within(folder.words, flow.name)}）" if flow.name else ""
    return f"{name_of(folder, flow.source)} → {name_of(folder, flow.target)}{name}"


ROUTES = (Route("owner.prove", "GET", drafting.OWNERS),)
