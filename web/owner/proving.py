"""The tests of a draft, played now on the real engine: kept in step with a change, and what none of them meets."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import definitions, trial
from engine.definitions import drafts
from engine.definitions.drafts import Working
from engine.folders import Folder
from engine.spiff.elements import Flow
from engine.trial import Proof, Stop
from ground import clock
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from web.door import said, session
from web.door.language import _, within
from web.door.rights import Route
from web.owner import drafting, playing
from web.owner.blueprint import desk
from web.words.catalogue import N_

TEST = re.compile(r"tests/[a-z0-9][a-z0-9/_-]{0,80}\.json")


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
        proved=[(each, _why(folder, each)) for each in proved],
        added=[(playing.task(folder, folder.diagram.elements[id_], "user"), n) for id_, n in _added(folder, proved)],
        unmet=[within(folder.words, each.name or each.id) for each in left],
        met=" ".join(sorted(frozenset[str]().union(*(each.met for each in proved)))),
        total=len(trial.meetable(folder)),
        flows=[_flow(folder, flow) for flow in untaken],
        marks={flow.id: "removed" for flow in untaken},
        rows=[(within(folder.words, table.name), left) for table, left in trial.unfired(folder, proved)],
        no=None,
    )


@desk.post("/processes/<key>/draft/tests/amendments")
def amend_tests(key: str) -> Answer:
    """Let every test that stops at a task which it does not know do it wherever it opens, with these answers."""
    element, answers = request.form.get("element", ""), playing.answers(request.form)
    by = session.actor()
    with reading() as store:
        working = drafts.look(store, key, by)
        folder = folder_of(store, working)
    files = trial.files_of(folder)
    stopped = [each.path for each in trial.proofs(folder) if each.stopped and element in each.stopped.unknown]
    if not stopped:
        raise Missing(element=element)
    bodies = {path: trial.amended(folder.parts[path], files, {element: answers}) for path in stopped}
    held = sum(trial.proof(path, body, files).held for path, body in bodies.items())
    _save(key, bodies, working)
    answer = redirect(url_for("owner.prove", key=key), 303)
    said.tell(answer, "tests.amended", name=name_of(folder, element), tests=len(bodies), held=held)
    return answer


@desk.post("/processes/<key>/draft/tests/removals")
def drop_test(key: str) -> Answer:
    """Take a test out of the draft: what it asked is no rule any more."""
    path = request.form.get("path", "")
    with reading() as store:
        working = drafts.look(store, key, session.actor())
    if not TEST.fullmatch(path) or path not in working.parts:
        raise Missing(test=path)
    _save(key, {path: None}, working)
    answer = redirect(url_for("owner.prove", key=key), 303)
    said.tell(answer, "tests.dropped")
    return answer


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


def _save(key: str, bodies: Mapping[str, bytes | None], seen: Working) -> None:
    with transaction() as store:
        drafts.save(store, key, bodies, seen=seen.row.rev, by=session.actor(), now=clock.now())


def _added(folder: Folder, proved: Sequence[Proof]) -> list[tuple[str, int]]:
    """The tasks of the draft at which tests stop that do not know them, and how many do."""
    stops = [each.stopped.unknown for each in proved if each.stopped]
    own = folder.diagram.elements
    found = sorted({id_ for unknown in stops for id_ in unknown if id_ in own and own[id_].kind == "user"})
    return [(id_, sum(id_ in unknown for unknown in stops)) for id_ in found]


def _why(folder: Folder, proof: Proof) -> str:
    """Where a test goes another way, in words; what no step of a script says stands as it is."""
    stop = proof.stopped
    if proof.unread is not None:
        return _unread(proof.path, proof.unread)
    if stop is None:
        return "" if proof.held else _("例“%(name)s”的结果不同。", name=proof.why)
    step, wanted = stop.step, stop.step.expected
    facts = {"n": step.number, "now": _stands(folder, stop)}
    if step.act == "complete":
        return _("第%(n)s步办理“%(task)s”没有办成；这时%(now)s。", task=name_of(folder, step.given["element"]), **facts)
    if "tasks" in wanted and isinstance(wanted["tasks"], list):
        return _("第%(n)s步应等待办理“%(task)s”；这时%(now)s。", task=_names(folder, wanted["tasks"]), **facts)
    if isinstance(wanted.get("ended"), str):
        return _("第%(n)s步应已办结于“%(task)s”；这时%(now)s。", task=name_of(folder, wanted["ended"]), **facts)
    return _("第%(n)s步与记录的不同；这时%(now)s。", **facts)


def _unread(path: str, place: Mapping[str, Any]) -> str:
    if path.startswith(trial.TABLES):
        return _("测试写得不对：应为有cases的JSON对象，每例有given（输入）和gives（结果），row为行号。")
    if "step" in place:
        return _("测试写得不对：第%(n)s步的%(key)s。", n=place["step"], key=place.get("key") or place["reason"])
    return _("测试写得不对：应为有steps的JSON对象。")


def _stands(folder: Folder, stop: Stop) -> str:
    if stop.ended is not None:
        return _("已办结于“%(end)s”", end=name_of(folder, stop.ended))
    return _("等待办理“%(tasks)s”", tasks=_names(folder, stop.open)) if stop.open else _("没有人要办的")


def _names(folder: Folder, ids: Sequence[str]) -> str:
    return _("”“").join(name_of(folder, each) for each in dict.fromkeys(ids))


def _flow(folder: Folder, flow: Flow) -> str:
    """«受理？ → 专家评审（受理）»: from where to where, and what stands at it."""
    name = f"（{within(folder.words, flow.name)}）" if flow.name else ""
    return f"{name_of(folder, flow.source)} → {name_of(folder, flow.target)}{name}"


CODES = {
    "tests.amended": N_("已在%(tests)s个测试中补上“%(name)s”，其中%(held)s个通过。"),
    "tests.dropped": N_("已删去这个测试。"),
}

ROUTES = (
    Route("owner.prove", "GET", drafting.OWNERS),
    Route("owner.amend_tests", "POST", drafting.OWNERS),
    Route("owner.drop_test", "POST", drafting.OWNERS),
)
