"""How a batch, or a yearly assessment, goes through its stages: who entered, passed and came back, and how fast."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request, url_for

from bases.register.base import IN_THE_CITY
from bases.verdicts import assessed, assessment, batch, batch_entry, board, campaign
from ground import clock
from ground.database import Session, reading
from ground.errors import Missing
from tasks import durations
from tasks.durations import Figures, Way
from web.door import session
from web.door.language import _
from web.words import stages
from web.words.catalogue import N_
from web.yearbook import taken_out
from web.yearbook.blueprint import desk

OFFICE = frozenset({"prov_officer", "prov_division_head", "prov_leader", "prov_office"})
ASSESSED = OFFICE | {"prov_checker"}
CITY = IN_THE_CITY
COUNTS = {"entered": N_("进入"), "passed": N_("通过"), "inside": N_("正在办理"), "returned": N_("退回")}


@dataclass(frozen=True)
class Round:
    """A batch or a campaign: its year and page, its stages with their words, and its cases."""

    kind: str
    ref: str
    year: int | None
    stages: Mapping[str, str]
    stage: Callable[[str], str]
    case_ids: Collection[int]

    @property
    def title(self) -> str:
        """Its name."""
        if self.kind == "batches":
            return _("%(year)s年度认定批次", year=self.year or "")
        return _("%(year)s年度考核", year=self.year or "")


@desk.get("/batches/<ref>/durations")
def of_batch(ref: str) -> str:
    """The stages of a batch."""
    return _page(_batch, ref)


@desk.get("/batches/<ref>/durations.<kind>")
def batch_file(ref: str, kind: str) -> Response:
    """The same as a file."""
    return _file(_batch, ref, kind)


@desk.get("/campaigns/<ref>/durations")
def of_campaign(ref: str) -> str:
    """The stages of a yearly assessment."""
    return _page(_campaign, ref)


@desk.get("/campaigns/<ref>/durations.<kind>")
def campaign_file(ref: str, kind: str) -> Response:
    """The same as a file."""
    return _file(_campaign, ref, kind)


def _batch(store: Session, ref: str) -> Round:
    found = batch.by_ref(store, ref)
    if found.state == batch.DRAFT and not any(session.actor().has(role) for role in OFFICE):
        raise Missing(batch=ref)
    entries = batch_entry.of_batch(store, found.id)
    return Round("batches", ref, found.year, stages.APPLICATION, board.stage, [each.case_id for each in entries])


def _campaign(store: Session, ref: str) -> Round:
    found = campaign.by_ref(store, ref)
    if found.state == campaign.DRAFT and not any(session.actor().has(role) for role in ASSESSED):
        raise Missing(campaign=ref)
    entries = [each.case_id for each in assessment.of_campaign(store, found.id) if each.case_id is not None]
    return Round("campaigns", ref, found.year, stages.ASSESSMENT, assessed.stage, entries)


def _counted(store: Session, found: Round) -> tuple[Mapping[int, Any], Mapping[int, Way], list[Figures]]:
    """The cases that this person may know of, their ways, and the figures of each stage."""
    seen = durations.visible(store, session.actor(), found.case_ids)
    order = list(found.stages)
    walked = durations.ways(store, list(seen), order, found.stage, clock.now(), session.visit().calendar)
    return seen, walked, durations.by_stage(walked, order)


def _page(read: Callable[[Session, str], Round], ref: str) -> str:
    with reading() as store:
        found = read(store, ref)
        seen, walked, figures = _counted(store, found)
    stage, count = request.args.get("stage", ""), request.args.get("count", "")
    chosen = next((each for each in figures if each.stage == stage), None) if count in COUNTS else None
    inside = any(session.actor().has(role) for role in ASSESSED)
    return render_template(
        "yearbook/pages/stages.html",
        round=found,
        figures=figures,
        counts=COUNTS,
        seen=seen,
        chosen=chosen,
        count=count,
        listed=[seen[case] for case in getattr(chosen, count)] if chosen else [],
        walked=walked,
        back=url_for(f"{found.kind}.{'board' if inside else 'city'}", ref=ref),
        address=f"yearbook.of_{'batch' if found.kind == 'batches' else 'campaign'}",
        file=f"yearbook.{'batch' if found.kind == 'batches' else 'campaign'}_file",
        most=max((len(each.entered) for each in figures), default=0),
    )


def _file(read: Callable[[Session, str], Round], ref: str, kind: str) -> Response:
    if kind not in taken_out.KINDS:
        raise Missing(kind=kind)
    with reading() as store:
        found = read(store, ref)
        _seen, _walked, figures = _counted(store, found)
    heads = [_("环节"), *(_(words) for words in COUNTS.values()), _("工作日中位数"), _("工作日九成位数"), _("退回率")]
    return taken_out.file(f"{found.title} {_('各环节用时')}", heads, [_row(found, each) for each in figures], kind)


def _row(found: Round, each: Figures) -> Sequence[str | int | None]:
    share = each.returned_share
    return [
        _(found.stages[each.stage]),
        *(len(getattr(each, count)) for count in COUNTS),
        f"{each.median:g}" if each.median is not None else "",
        each.ninety,
        f"{share:.1%}" if share is not None else "",
    ]
