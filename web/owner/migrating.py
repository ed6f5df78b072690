"""Running cases brought to another version: asked of each before anything moves, then moved in bulk with a report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import Row as Record
from werkzeug.wrappers import Response as Answer

from engine import cases, definitions
from engine.cases import Verdict, migrations
from engine.folders import Folder
from ground.database import Session, reading
from ground.errors import Forbidden, Missing, Refused
from web.door import session
from web.door.language import _, within
from web.door.rights import Route
from web.owner import drafting
from web.owner.blueprint import desk
from web.words.catalogue import N_

ASKED = 500
RESULTS = {
    "moves": N_("可以迁移"),
    "moved": N_("已迁移"),
    "there": N_("已在这一版"),
    "needs_mapping": N_("需要指明新环节"),
    "must_stay": N_("须留在原版本"),
    "waiting": N_("等待迁移"),
}
WHY = {
    "closed": N_("已办结"),
    "other_process": N_("不是同一流程"),
    "other_kind": N_("新环节的类型不同"),
    "other_scope": N_("新环节不在同一层"),
    "other_repeat": N_("新环节的办理方式不同"),
    "other_branches": N_("并行的分支不同"),
    "other_called": N_("调用的流程不同"),
    "other_race": N_("同时等待的事件不同"),
    "other_way": N_("到达这里的路不同"),
    "join": N_("汇合处的分支不同"),
    "sealed": N_("密封的评分表不能换环节"),
}
MOVABLE = frozenset({"user", "receive", "catch", "event_gateway", "subprocess", "call", "boundary"})


@dataclass(frozen=True)
class Asked:
    """One running case and what would become of it."""

    case: Record[Any]
    verdict: Verdict
    why: str


@desk.get("/processes/<key>/versions/<int:number>/migration")
def migration_form(key: str, number: int) -> str:
    """Every running case of another version: moves as it is, needs a choice, or must stay, and why."""
    return _form(key, number, {}, None)


@desk.post("/processes/<key>/versions/<int:number>/migration")
def migrate(key: str, number: int) -> Answer | str:
    """Ask again with the choices made, or move those that can."""
    typed = request.form.to_dict()
    if typed.get("act") != "move":
        return _form(key, number, typed, None)
    with reading() as store:
        to = _version(store, key, number)
    try:
        ref = migrations.start(
            to.ref,
            by=session.actor(),
            reason=typed.get("reason", ""),
            mapping=_mapping(typed),
            rearm=request.form.getlist("rearm"),
        )
    except (Forbidden, Missing):
        raise
    except Refused as no:
        return _form(key, number, typed, no)
    return redirect(url_for("owner.migration", ref=ref), 303)


@desk.get("/migrations/<ref>")
def migration(ref: str) -> str:
    """How far it is, and what became of each case that did not simply move."""
    with reading() as store:
        progress = migrations.progress(store, ref)
        reports = [
            (result, migrations.items(store, ref, result))
            for result in ("must_stay", "needs_mapping", "moved")
            if progress.results.get(result)
        ]
        stand_on = {row.version_id for _result, rows in reports for row in rows}
        folders = {each: definitions.folder(store, each) for each in stand_on}
    return render_template(
        "owner/pages/migration.html",
        ref=ref,
        progress=progress,
        reports=reports,
        results=RESULTS,
        why=_why,
        named=lambda row: _("、").join(
            _called([folders[row.version_id]], each) for each in (row.detail or {}).get("elements") or ()
        ),
    )


def _form(key: str, number: int, typed: Mapping[str, str], no: Refused | None) -> str:
    by, mapping = session.actor(), _mapping(typed)
    with reading() as store:
        to = _version(store, key, number)
        rows = migrations.candidates(store, to.ref, by, ASKED)
        target = definitions.shown(store, to.id)
        sources = {each.id: definitions.folder(store, each.id) for each in definitions.versions(store, key)}
    refs = [row.ref for row in rows]
    verdicts = cases.migrate(refs, to.ref, by=by, reason="asked", mapping=mapping) if refs else []
    asked = [Asked(row, verdict, _why(verdict.why)) for row, verdict in zip(rows, verdicts, strict=True)]
    needed = sorted({each for one in verdicts if one.result == "needs_mapping" for each in one.elements} | set(mapping))
    counts: dict[str, int] = {}
    for one in verdicts:
        counts[one.result] = counts.get(one.result, 0) + 1
    return render_template(
        "owner/pages/migrate.html",
        key=key,
        to=to,
        facts={"name": within(target.words, target.facts["name"])},
        asked=asked,
        counts=counts,
        needed=[(id_, _called(sources.values(), id_), mapping.get(id_, "")) for id_ in needed],
        before=_before(asked),
        named=lambda ids: _("、").join(_called([*sources.values(), target], id_) for id_ in ids),
        offered=_offered(target),
        dated=[(id_, name) for id_, name in _offered(target) if _has_deadline(target, id_)],
        typed=typed,
        rearmed=request.form.getlist("rearm"),
        results=RESULTS,
        no=no,
    )


def _before(asked: Sequence[Asked]) -> int | None:
    """The version whose picture stands beside the new one: of the first case that needs a choice, else of the first."""
    chosen = [one for one in asked if one.verdict.elements] or asked
    return int(chosen[0].case.version_number) if chosen else None


def _version(store: Session, key: str, number: int) -> Record[Any]:
    found = next((each for each in definitions.versions(store, key) if each.number == number), None)
    if found is None or found.state != "published":
        raise Missing(process=key, version=number)
    return found


def _mapping(typed: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("map."): value for name, value in typed.items() if name.startswith("map.") and value}


def _offered(target: Folder) -> list[tuple[str, str]]:
    """The elements of the target at which a case can stand."""
    every = target.diagram.elements.values()
    return [(each.id, within(target.words, each.name or each.id)) for each in every if each.kind in MOVABLE]


def _has_deadline(target: Folder, id_: str) -> bool:
    element = target.diagram.elements[id_]
    return bool(element.deadline or element.timer or element.due)


def _called(sources: Iterable[Folder], id_: str) -> str:
    """What an element was called in the version that still had it."""
    for folder in sources:
        element = folder.diagram.elements.get(id_)
        if element is not None and element.name:
            return str(within(folder.words, element.name))
    return id_


def _why(code: str) -> str:
    return WHY.get(code.partition(":")[0], code)


ROUTES = (
    Route("owner.migration_form", "GET", drafting.OWNERS),
    Route("owner.migrate", "POST", drafting.OWNERS),
    Route("owner.migration", "GET", drafting.OWNERS),
)
