"""Trying a draft: the real engine on a copy that nobody else sees, every role played by the owner, a clock to move.

The whole run stands in the page as a script, so nothing is stored until the owner keeps it as a test of the draft.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import steps, trial
from engine.definitions import drafts
from engine.folders import Folder
from engine.trial.stage import DONE_BY_SOMEBODY, Stage
from ground import clock, parameters
from ground.database import reading, transaction
from ground.errors import Refused
from ground.numerals import whole
from tasks import letters
from web.door import said, session
from web.door.language import _, chosen, within
from web.door.rights import Route
from web.owner import drafting, field_settings, playing, proving
from web.owner.blueprint import desk
from web.words.catalogue import N_
from web.words.roles import ROLES

MOST_STEPS = 200
NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
LETTERS = frozenset({"letters.tell", "reminders.overdue"})
OVERDUE = "overdue"


@dataclass(frozen=True)
class Coming:
    """A timer that runs: at which element, and when it fires."""

    element: str
    name: str
    due: datetime


@desk.get("/processes/<key>/draft/trial")
def try_draft(key: str) -> str:
    """From the beginning, or from where a test named in the address goes another way."""
    return _page(key, None)


@desk.post("/processes/<key>/draft/trial")
def go_on(key: str) -> str:
    """One act more, or one less."""
    script = _script(request.form.get("script", ""))
    act = _act(request.form)
    if request.form.get("act") == "back":
        script["steps"] = script["steps"][:-1]
    elif act is not None and len(script["steps"]) < MOST_STEPS:
        script["steps"] = [*script["steps"], act]
    script["gives"] = _gives(request.form) or script.get("gives", {})
    return _page(key, script)


@desk.post("/processes/<key>/draft/tests")
def keep_test(key: str) -> Answer:
    """Keep the run as a test of the draft: the same acts shall lead to where it stands now."""
    name = request.form.get("name", "").strip().lower()
    if not NAME.fullmatch(name):
        raise drafts.WrongPath(path=f"tests/{name}.json")
    script = _script(request.form.get("script", ""))
    by = session.actor()
    with reading() as store:
        folder = proving.folder_of(store, drafts.look(store, key, by))
    stood = trial.stand(trial.read(orjson.dumps(script)), trial.files_of(folder))
    stage = stood.stage
    expected = {"ended": stage.outcome or True} if stage.ended else {"tasks": sorted(stage.open_tasks())}
    whole = {**script, "name": (request.form.get("title") or name)[:120], "steps": [*script["steps"], expected]}
    body = orjson.dumps(whole, option=orjson.OPT_INDENT_2)
    with transaction() as store:
        seen = drafts.look(store, key, by).row.rev
        drafts.save(store, key, {f"tests/{name}.json": body}, seen=seen, by=by, now=clock.now())
    answer = redirect(url_for("owner.prove", key=key), 303)
    said.tell(answer, "trial.kept", name=name)
    return answer


def _page(key: str, script: dict[str, Any] | None) -> str:
    with reading() as store:
        working = drafts.look(store, key, session.actor())
        try:
            folder = proving.folder_of(store, working)
            script = script or _begun(folder, f"tests/{request.args.get('test', '')}.json")
            house = {each.key: each.value for each in parameters.listed(store, clock.today())}
            stood = trial.stand(trial.read(orjson.dumps(script)), trial.files_of(folder, house))
        except Refused as no:
            return render_template("owner/pages/trial.html", key=key, facts=drafting.facts_of(working), no=no)
    stage = stood.stage
    return render_template(
        "owner/pages/trial.html",
        key=key,
        facts=drafting.facts_of(working),
        folder=folder,
        no=None,
        stage=stage,
        script=orjson.dumps(script).decode(),
        called=script.get("name", ""),
        steps=len(script["steps"]),
        trouble=stood.trouble,
        tasks=_tasks(folder, stage),
        coming=sorted(_coming(folder, stage), key=lambda each: each.due),
        gives=_given(folder, script),
        letters=_letters(folder, stage),
        current=" ".join([*stage.open_tasks(), *stage.waiting()]),  # the picture goes to what people do
        done=" ".join(dict.fromkeys(stage.met)),
        story=[proving.name_of(folder, each) for each in stage.met],
        role_names=ROLES,
    )


def _begun(folder: Folder, test: str) -> dict[str, Any]:
    """The script of a test up to where it goes another way; without such a test an empty one."""
    if test not in folder.parts:
        return {"steps": []}
    stopped = trial.proof(test, folder.parts[test], trial.files_of(folder)).stopped
    script = _script(folder.parts[test].decode())
    return {**script, "steps": script["steps"][: max(stopped.step.number - 1, 0) if stopped else None]}


def _tasks(folder: Folder, stage: Any) -> list[playing.Task]:
    seen: dict[str, int] = {}
    found = []
    for _run, token in stage.tokens():
        if token.kind in DONE_BY_SOMEBODY or token.kind == "message":
            nth = seen.get(token.element.id, 0)
            seen[token.element.id] = nth + 1
            found.append(playing.task(folder, token.element, token.kind, nth))
    return found


def _coming(folder: Folder, stage: Any) -> list[Coming]:
    return [
        Coming(token.element.id, proving.name_of(folder, token.element.id), run.due[token.id])
        for run, token in stage.tokens()
        if token.kind == "timer"
    ]


def _given(folder: Folder, script: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """What the system's steps give back: step, name, the value that the owner has set, and where the step is called."""
    called: dict[str, list[str]] = {}
    for each in folder.diagram.elements.values():
        if each.step:
            called.setdefault(each.step, []).append(within(folder.words, each.name or each.id))
    found = []
    for name in sorted(set(called) & set(steps.registered())):
        values = script.get("gives", {}).get(name, {})
        where = _("、").join(dict.fromkeys(called[name]))
        found += [(name, one, _written(values.get(one)), where) for one in steps.find(name).returns]
    return found


def _letters(folder: Folder, stage: Stage) -> list[tuple[str, letters.Words]]:
    """The letters that were sent on the way, to whom and in words, as far as the data of the trial fill them."""
    found = []
    for ran in stage.ran:
        if ran.step not in LETTERS:
            continue
        facts = {**stage.names()["case"], "title": within(folder.words, str(folder.facts.get("name", ""))), **ran.data}
        template = str(ran.parameters.get("template", OVERDUE))
        home = next((each for each in (folder, *folder.calls.values()) if template in each.letters), folder)
        role = str(ran.parameters.get("role", ""))
        found.append((_(ROLES[role]) if role in ROLES else "", letters.words(home, template, facts, chosen())))
    return found


def _script(text: str) -> dict[str, Any]:
    """The script of the page, as far as it is one; anything else begins again."""
    try:
        found = orjson.loads(text or "{}")
    except ValueError:
        found = {}
    found = found if isinstance(found, dict) else {"steps": found}
    steps_, gives = found.get("steps"), found.get("gives")
    return {
        **{name: found[name] for name in ("name", "at") if isinstance(found.get(name), str)},
        "steps": steps_[:MOST_STEPS] if isinstance(steps_, list) else [],
        "gives": gives if isinstance(gives, dict) else {},
    }


def _act(form: Mapping[str, str]) -> dict[str, Any] | None:
    act, element = form.get("act", ""), form.get("element", "")
    if act == "complete":
        return {"complete": element, "data": playing.answers(form), "nth": whole(form.get("nth", "")) or 0}
    if act == "advance_to":
        return {"advance_to": element}
    if act == "day":
        return {"advance_seconds": 86_400}
    return None


def _gives(form: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, value in form.items():
        if name.startswith("g.") and value.strip():
            step, _, one = name.removeprefix("g.").rpartition(":")
            found.setdefault(step, {})[one] = field_settings.value(value)
    return found


def _written(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


CODES = {
    "trial.kept": N_("已记为测试“%(name)s”。"),
    "trial.not_open": N_("这里现在没有等待办理的事项。"),
    "trial.unknown_field": N_("表单里没有这个字段，或者没有这个选项。"),
}

ROUTES = (
    Route("owner.try_draft", "GET", drafting.OWNERS),
    Route("owner.go_on", "POST", drafting.OWNERS),
    Route("owner.keep_test", "POST", drafting.OWNERS),
)
