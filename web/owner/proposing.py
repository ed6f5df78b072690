"""From a draft to a version: compared, proposed with its grounds, approved by another owner or sent back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import Row as Record
from werkzeug.wrappers import Response as Answer

from bases.verdicts import application, batch
from engine import definitions, proposals
from engine.cases import case
from engine.definitions import drafts
from engine.definitions.drafts import Working
from engine.folders import Folder, digest_of
from ground import clock, parameters
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from web.door import said, session
from web.door.language import within
from web.door.rights import Route
from web.owner import drafting, holders
from web.owner.blueprint import desk
from web.owner.comparing import compared
from web.words.catalogue import N_

STATES = {
    "draft": N_("待采用"),
    "proposed": N_("待核准"),
    "approved": N_("已核准，到日生效"),
    "published": N_("已发布"),
    "declined": N_("未核准"),
}


@desk.get("/processes/<key>/comparison")
def comparison(key: str) -> str:
    """Any two versions, or a version and the draft: `from` and `to` are numbers, or `draft`."""
    by = session.actor()
    with reading() as store:
        numbers = [each.number for each in definitions.versions(store, key)]
        old = request.args.get("from") or _number_in_force(store, key)
        new = request.args.get("to", "draft")
        before, after = (_state(store, key, each, by) for each in (old, new))
        found = compared(before, after, _terms(store))
    return render_template(
        "owner/pages/comparison.html", key=key, old=old, new=new, numbers=numbers, found=found, facts=_named(after)
    )


@desk.get("/processes/<key>/draft/proposal")
def proposal_form(key: str) -> str:
    """What the draft changes, what the check says of it, how many cases run, and on what grounds it is proposed."""
    return _form(key, {})


@desk.post("/processes/<key>/draft/proposal")
def propose(key: str) -> Answer | str:
    """Lay the draft before another owner."""
    typed = request.form.to_dict()
    try:
        with transaction() as store:
            row = proposals.propose(
                store,
                key,
                seen=drafting.rev_in(typed),
                basis=typed.get("basis", ""),
                note=typed.get("note", ""),
                on=_day(typed.get("on", "")),
                by=session.actor(),
                now=clock.now(),
                acknowledged=request.form.getlist("acknowledged"),
            )
    except (
        definitions.NotRunnable,
        definitions.NotAcknowledged,
        proposals.NoGrounds,
        proposals.PastDay,
        proposals.TestsFail,
    ) as no:
        return _form(key, typed, no)
    return _told(row, "proposal.made")


@desk.get("/proposals")
def waiting() -> str:
    """What waits for a second owner, or for its day."""
    with reading() as store:
        rows = proposals.waiting(store, session.actor())
        open_drafts = drafts.listed(store, session.actor())
        names = _called(store)
    return render_template("owner/pages/proposals.html", rows=rows, drafts=open_drafts, names=names, states=STATES)


def _called(store: Session) -> dict[str, str]:
    """What each process in force is called, by its key."""
    folders = [definitions.folder(store, row.version_id) for row in definitions.processes(store)]
    return {each.facts["key"]: within(each.words, each.facts["name"]) for each in folders}


@desk.get("/proposals/<ref>")
def proposal(ref: str) -> str:
    """One proposal: what it changes against what is in force, on what grounds, and what became of it."""
    by = session.actor()
    with reading() as store:
        row = proposals.find(store, ref, by)
        before, after = _in_force(store, row.key), definitions.folder(store, row.version_id)
        found = compared(before, after, _terms(store))
        running = sum(case.running(store).get(each.id, 0) for each in definitions.versions(store, row.key))
        open_batch = _open_batch(store, row.key) if row.state == "proposed" else None
    return render_template(
        "owner/pages/proposal.html",
        row=row,
        found=found,
        running=running,
        open_batch=open_batch,
        states=STATES,
        facts=_named(after),
        by=by,
    )


@desk.post("/proposals/<ref>/approval")
def approve(ref: str) -> Answer:
    """Let it come into force."""
    with transaction() as store:
        row = proposals.approve(store, ref, by=session.actor(), now=clock.now())
    return _told(row, "proposal.approved")


@desk.post("/proposals/<ref>/refusal")
def decline(ref: str) -> Answer:
    """Send it back with a reason; it becomes the draft again."""
    with transaction() as store:
        by = session.actor()
        proposals.decline(store, ref, reason=request.form.get("reason", ""), by=by, now=clock.now())
        row = proposals.find(store, ref, by)
    return _told(row, "proposal.declined")


def _day(text: str) -> date | None:
    """The day from which it shall hold; none where nothing was typed, PastDay where it is no day at all."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise proposals.PastDay from None


def _told(row: Record[Any], code: str) -> Answer:
    answer = redirect(url_for("owner.proposal", ref=row.ref), 303)
    said.tell(answer, code if row.state != "published" else "proposal.in_force", number=row.number)
    return answer


def _form(key: str, typed: Mapping[str, str], no: Refused | None = None) -> str:
    by = session.actor()
    with reading() as store:
        working = drafts.look(store, key, by)
        found = compared(_in_force(store, key), folder_of(working), _terms(store))
        checked = drafting.checked(store, working)
        running = sum(case.running(store).get(each.id, 0) for each in definitions.versions(store, key))
        empty = holders.of_draft(store, working, checked)
        open_batch = _open_batch(store, key)
    return render_template(
        "owner/pages/propose.html",
        vacancies=empty,
        open_batch=open_batch,
        key=key,
        draft=working.row,
        facts=drafting.facts_of(working),
        found=found,
        checked=checked,
        running=running,
        typed=typed,
        no=no,
        doubts=[each for each in checked if each["code"].startswith("soundness.")],
        today=clock.today(),
    )


def _open_batch(store: Session, key: str) -> int | None:
    """The year of the batch that is under way, if this process is part of one: its cases would part by version."""
    under_way = batch.running(store)
    if under_way is None:
        return None
    try:
        whole = definitions.pinned(store, definitions.current(store, application.PROCESS).release_id)
    except Missing:
        return None
    return int(under_way.year) if key in {application.PROCESS, batch.PROCESS, *whole.calls} else None


def folder_of(working: Working) -> Folder:
    """The draft as a folder, as far as it can be read."""
    return Folder(0, digest_of(working.parts), dict(working.parts))


def _state(store: Session, key: str, which: str, by: Any) -> Folder:
    if which == "draft":
        return folder_of(drafts.look(store, key, by))
    found = next((each for each in definitions.versions(store, key) if str(each.number) == which), None)
    if found is None:
        raise Missing(process=key, version=which)
    return definitions.folder(store, found.id)


def _named(folder: Folder) -> dict[str, str]:
    """What a folder is called in the reader's language."""
    return {"name": within(folder.words, str(folder.facts.get("name", "")))}


def _number_in_force(store: Session, key: str) -> str:
    return next((str(row.number) for row in definitions.processes(store) if row.key == key), "")


def _in_force(store: Session, key: str) -> Folder:
    """What new cases begin on, or nothing at all for a process that is new itself."""
    try:
        return definitions.folder(store, definitions.current(store, key).version_id)
    except Missing:
        return Folder(0, "", {})


def _terms(store: Session) -> dict[str, parameters.Parameter]:
    return {each.key: each for each in parameters.listed(store, clock.today())}


CODES = {
    **drafting.CODES,
    "proposal.made": N_("第%(number)s版已送审，由另一名流程管理员核准。"),
    "proposal.approved": N_("第%(number)s版已核准，到日自动生效。"),
    "proposal.in_force": N_("第%(number)s版已发布，新办件按这一版办理。"),
    "proposal.declined": N_("第%(number)s版已退回修改。"),
    "proposal.settled": N_("这一版已经核准、退回或者发布。"),
    "proposal.no_grounds": N_("请填写依据和说明。"),
    "proposal.past_day": N_("生效日期应为今天或者以后的一天，例如2026-12-31。"),
    "proposal.tests_fail": N_(
        "草稿有%(number)s个测试没有通过：%(tests)s。请在“测试”页查看在哪里不同，补上新环节或者重新试办。"
    ),
    "proposal.unchanged": N_("草稿与现行版本完全相同，没有可以送审的修改。"),
    "needs_approval": N_("送审人不能核准自己送审的版本，请由另一名流程管理员核准。"),
    "process.not_acknowledged": N_("还有可能停住的地方没有确认，请逐条看过并勾选。"),
}

ROUTES = (
    Route("owner.comparison", "GET", drafting.OWNERS),
    Route("owner.proposal_form", "GET", drafting.OWNERS),
    Route("owner.propose", "POST", drafting.OWNERS),
    Route("owner.waiting", "GET", drafting.OWNERS),
    Route("owner.proposal", "GET", drafting.OWNERS),
    Route("owner.approve", "POST", drafting.OWNERS),
    Route("owner.decline", "POST", drafting.OWNERS),
)
