"""The tiles of a home as data: for which roles, what is counted by which question, and the list that it opens.

Each question is one statement and is asked once a page, however many tiles it fills; a tile of nobody's role asks none.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, url_for

from bases import register
from bases.cooperation import circular, issue, meeting, supervision
from bases.documents import desk as papers, receipts
from bases.filing import goals
from bases.register import ledgers
from bases.register.ledgers import marks, reading
from bases.review import conflict, visit
from bases.verdicts import batch, campaign, notice, objection, pack
from engine.cases import interventions
from ground import clock
from ground.database import Session
from ground.people import Actor
from tasks import figures, letters, queue, stuck
from web.door import rights
from web.door.language import _
from web.words.catalogue import N_

Question = Callable[[Session, Actor], Mapping[str, int]]

ADDRESSEES = frozenset(
    {"base_filler", "base_authority", "city_officer", "city_section_head", "city_leader", "dept_liaison"}
)
DEPARTMENT = frozenset({"prov_officer", "prov_division_head", "prov_leader"})
NEAR_A_BASE = frozenset({"base_filler", "base_authority", "city_officer"})
MENDERS = frozenset({"supervisor", "process_owner"})
CLERK, SECRETARY = frozenset({"prov_office"}), frozenset({"meeting_secretary"})
DRAFTERS = frozenset({"prov_officer", "prov_division_head"})
GOALS = frozenset({"prov_officer", "prov_leader"})
SUPERVISORS, LEADERS = frozenset({supervision.SUPERVISOR}), frozenset({"prov_leader"})
LATE, PAST = "late", "past"


@dataclass(frozen=True)
class Tile:
    """One figure: `roles` empty is everybody; with `quiet` it is left out while it is nought."""

    title: str
    question: str
    value: str
    endpoint: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    tone: str = ""
    quiet: bool = False
    of: str = ""


@dataclass(frozen=True)
class Shown:
    """A tile with its figure: 3, or 3/5 where it is a share of something."""

    title: str
    figure: str
    url: str
    tone: str


def _tasks(session: Session, by: Actor) -> Mapping[str, int]:
    found = queue.counts(session, by)
    return {"open": found.free + found.mine, **vars(found)}


def _notices(session: Session, _by: Actor) -> Mapping[str, int]:
    return {"running": len(notice.running(session, clock.today()))}


def _objections(session: Session, by: Actor) -> Mapping[str, int]:
    return {"open": sum(one.replied_at is None for one in objection.of_handler(session, by.person or 0))}


def _batches(session: Session, _by: Actor) -> Mapping[str, int]:
    return {"open": sum(one.state != batch.CLOSED for one in batch.every(session))}


def _campaigns(session: Session, _by: Actor) -> Mapping[str, int]:
    return {"open": sum(one.state != campaign.CLOSED for one in campaign.every(session))}


def _scores(session: Session, by: Actor) -> Mapping[str, int]:
    """What an expert has sent, and all that they were asked for: that and what they still hold."""
    return figures.progress(session, by, "expert")


def _standings(session: Session, by: Actor) -> Mapping[str, int]:
    return {"rectifying": sum(one.status == register.RECTIFYING for one in register.bases_of(session, by))}


def _kept(session: Session, by: Actor) -> Mapping[str, int]:
    """By register, the standing entries that one may see; of a register without any there are none."""
    return Counter(reading.counts(session, by))


def _orders(level: str, title: str, tone: str = "") -> Tile:
    """The orders that are open at one level."""
    where = {"level": level, "state": "open"}
    return Tile(title, "orders", level, "orders.listed", where, frozenset({supervision.SUPERVISOR}), tone, quiet=True)


QUESTIONS: Mapping[str, Question] = {
    "tasks": _tasks,
    "letters": lambda session, by: {"unread": letters.unread(session, by)},
    "receipts": lambda session, by: {
        "unsigned": sum(one.received_at is None for one in receipts.of_organs(session, by))
    },
    "late of mine": lambda session, by: figures.late(session, by, figures.OWN),
    "late of all": lambda session, by: figures.late(session, by, figures.ALL),
    "notices": _notices,
    "objections": _objections,
    "batches": _batches,
    "campaigns": _campaigns,
    "standings": _standings,
    "scores": _scores,
    "contacts": lambda session, by: {"overdue": marks.to_contact(session, by, clock.today())},
    "papers": lambda session, _by: papers.counts(session),
    "kept": _kept,
    "difficulties": lambda session, by: {"open": issue.unsolved(session, by)},
    "meetings": lambda session, _by: meeting.counts(session, clock.today()),
    "visits": lambda session, _by: {"planned": visit.planned(session)},
    "recusals": lambda session, _by: {"all": conflict.count(session)},
    "incidents": lambda session, by: {"open": len(figures.incidents(session, by))},
    "interventions": lambda session, by: {"open": interventions.to_decide(session, by)},
    "packs": lambda session, _by: {"open": pack.count(session)},
    "measures": lambda session, by: {"open": ledgers.unfinished(session, "measure", by)},
    "stuck": lambda session, by: {"all": stuck.total(session, by, clock.now())},
    "orders": lambda session, _by: supervision.counts(session),
    "circulars": lambda session, _by: circular.counts(session),
    "goal": lambda session, _by: goals.counts(session),
}


def _late(title: str, past: str, role: str, scope: str) -> tuple[Tile, Tile]:
    """What is late in somebody's charge: what may be a breach in red, a passed default apart and grey."""
    question = "late of all" if scope == figures.ALL else "late of mine"
    where = {"scope": scope}
    roles = frozenset({role})
    return (
        Tile(title, question, "overdue", "reviewer.watched", {**where, "due": "overdue"}, roles, LATE),
        Tile(past, question, "past", "reviewer.watched", {**where, "due": "past"}, roles, PAST, quiet=True),
    )


TILES = (
    Tile(N_("待办"), "tasks", "open", "reviewer.tasks"),
    Tile(N_("我已领取"), "tasks", "mine", "reviewer.tasks", {"held": "mine"}),
    Tile(N_("逾期、超期"), "tasks", "overdue", "reviewer.tasks", {"due": "overdue"}, tone=LATE, quiet=True),
    Tile(N_("超出系统默认时限"), "tasks", "past", "reviewer.tasks", {"due": "past"}, tone=PAST, quiet=True),
    Tile(N_("待阅"), "letters", "unread", "reviewer.to_read"),
    Tile(N_("已提交评分"), "scores", "sent", "reviewer.done", roles=frozenset({"expert"}), of="asked"),
    Tile(N_("未签收公文"), "receipts", "unsigned", "office.incoming", {"unread": "1"}, ADDRESSEES),
    Tile(
        N_("待联系重点企业"),
        "contacts",
        "overdue",
        "registers.listed",
        {"code": "key_enterprise"},
        frozenset({"base_filler"}),
        quiet=True,
    ),
    Tile(
        N_("在办举措"),
        "measures",
        "open",
        "registers.listed",
        {"code": "measure"},
        frozenset({"dept_liaison"}),
        quiet=True,
    ),
    *_late(N_("本科超期"), N_("本科超出系统默认时限"), "city_section_head", figures.OWN),
    *_late(N_("本局超期"), N_("本局超出系统默认时限"), "city_leader", figures.OWN),
    *_late(N_("本处超期"), N_("本处超出系统默认时限"), "prov_division_head", figures.OWN),
    *_late(N_("全省超期"), N_("全省超出系统默认时限"), "prov_leader", figures.ALL),
    Tile(N_("停滞办件"), "stuck", "all", "board.listed", roles=frozenset({"supervisor"}), tone=LATE),
    *_late(N_("超期办件"), N_("超出系统默认时限的办件"), "supervisor", figures.ALL),
    Tile(
        N_("待核查的反馈"),
        "orders",
        supervision.ANSWERED,
        "orders.listed",
        {"state": supervision.ANSWERED},
        frozenset({supervision.SUPERVISOR}),
    ),
    _orders(supervision.URGE, N_("在办催办")),
    _orders(supervision.ORDER, N_("在办督办单")),
    _orders(supervision.RAISED, N_("在办提级督办"), LATE),
    Tile(N_("待印发的督办通报"), "circulars", "drafts", "alerts.circulars", roles=SUPERVISORS, quiet=True),
    Tile(N_("督办通报"), "circulars", "issued", "alerts.circulars", roles=SUPERVISORS | LEADERS, quiet=True),
    Tile(
        N_("限期整改的基地"),
        "standings",
        "rectifying",
        "bases.listed",
        {"status": register.RECTIFYING},
        frozenset({"prov_leader", "supervisor", "city_leader"}),
        quiet=True,
    ),
    Tile(N_("在办企业困难"), "difficulties", "open", "cooperation.issues", roles=NEAR_A_BASE, quiet=True),
    Tile(N_("政策支持台账"), "kept", "support", "registers.listed", {"code": "support"}, frozenset({"base_authority"})),
    Tile(N_("配套政策台账"), "kept", "policy", "registers.listed", {"code": "policy"}, frozenset({"base_authority"})),
    Tile(N_("举措台账"), "kept", "measure", "registers.listed", {"code": "measure"}, frozenset({"prov_officer"})),
    Tile(N_("待核稿"), "papers", "check", "office.boxes", roles=CLERK),
    Tile(N_("待编号"), "papers", "number", "office.boxes", roles=CLERK),
    Tile(N_("待用印"), "papers", "seal", "office.boxes", roles=CLERK),
    Tile(N_("印发后未签收的公文"), "papers", "unread", "office.boxes", roles=CLERK),
    Tile(N_("在办公文"), "papers", "under_way", "office.listed", {"state": "under_way"}, DRAFTERS),
    Tile(N_("会议待议事项"), "meetings", "pool", "cooperation.meetings", roles=SECRETARY),
    Tile(N_("未落实议定事项"), "meetings", "open", "cooperation.meetings", roles=SECRETARY),
    Tile(N_("逾期未落实议定事项"), "meetings", "late", "cooperation.meetings", roles=SECRETARY, tone=LATE, quiet=True),
    Tile(N_("未登记的考察"), "visits", "planned", "office.trips", roles=frozenset({"visit_team"})),
    Tile(N_("运行异常"), "incidents", "open", "reviewer.incidents", roles=MENDERS, tone=LATE),
    Tile(
        N_("待批准的流程处置"),
        "interventions",
        "open",
        "interventions.listed",
        {"state": interventions.PROPOSED},
        frozenset({"prov_division_head"}),
        quiet=True,
    ),
    Tile(N_("回避登记"), "recusals", "all", "yearbook.recusals", roles=frozenset({"prov_checker", "auditor"})),
    Tile(N_("上会材料"), "packs", "open", "batches.listed", roles=frozenset({"prov_leader"}), quiet=True),
    Tile(N_("省级基地数/目标数"), "goal", "held", "figures.goals", {}, GOALS, of="target"),
    Tile(N_("正在公示"), "notices", "running", "notices.listed", roles=DEPARTMENT),
    Tile(N_("我经办的异议"), "objections", "open", "notices.listed", roles=frozenset({"prov_officer"})),
    Tile(N_("在办年度考核"), "campaigns", "open", "campaigns.listed", roles=DEPARTMENT, quiet=True),
    Tile(N_("在办批次"), "batches", "open", "batches.listed", roles=DEPARTMENT),
)


def of(session: Session, by: Actor, tiles: Iterable[Tile] = TILES) -> list[Shown]:
    """The tiles of all roles that this person holds, each once; none that leads where they may not go."""
    answers: dict[str, Mapping[str, int]] = {}
    shown = []
    for tile in tiles:
        if not _for(tile, by) or not rights.admits(current_app, tile.endpoint, by):
            continue
        if tile.question not in answers:
            answers[tile.question] = QUESTIONS[tile.question](session, by)
        known = answers[tile.question]
        figure, share = (
            known[tile.value],
            f"/{known[tile.of]}" if tile.of else "+" * (known[tile.value] >= stuck.COUNTED),
        )
        if figure or not tile.quiet:
            url = url_for(tile.endpoint, **tile.arguments)
            shown.append(Shown(_(tile.title), f"{figure}{share}", url, tile.tone if figure else ""))
    return shown


def _for(tile: Tile, by: Actor) -> bool:
    return not tile.roles or any(held.role in tile.roles for held in by.held)
