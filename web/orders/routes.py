"""The orders of supervision as a list and as a file, one order, and how the supervisor begins one."""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as Answer

from bases.cooperation import supervision, supervision_beginning, supervision_units
from bases.filing import ledger_file
from ground import clock, ids
from ground.database import Session, reading
from ground.errors import Missing
from ground.files import names as file_names
from web.door import begun, outgoing, session
from web.door.language import _, pick
from web.door.rights import Desk, Place, Route
from web.orders import names
from web.orders.told import TOLD
from web.words.catalogue import N_

KEY_LENGTH, REF_LENGTH, CODE_LENGTH, MATTER_LENGTH = 60, 12, 60, 120
KINDS = frozenset({"xlsx", "csv"})
SUPERVISORS = frozenset({supervision.SUPERVISOR})
READERS = supervision.READERS | supervision.ADDRESSEES

desk = Blueprint("orders", __name__)


@desk.get("/orders")
def listed() -> str:
    """What is open first; level, state and unit stand in the address."""
    me, kept = session.actor(), _kept()
    with reading() as store:
        rows = supervision.listed(store, me, **kept)
        units = {row.organ_ref: pick(row.organ_name, row.organ_name_en) for row in supervision.listed(store, me)}
        return render_template(
            "orders/pages/listed.html",
            rows=rows,
            kept=kept,
            narrowed=any(kept.values()),
            filters=_filters(kept, units),
            may_begin=me.has(supervision.SUPERVISOR),
            addressees=_addressees(store) if me.has(supervision.SUPERVISOR) else [],
            over=supervision.OVER,
            say=names,
            key=ids.ref(),
        )


@desk.post("/orders")
def begin() -> Answer:
    """Begin one about a case, or about a matter and a unit, and open its form at once, claimed."""
    said = request.form
    started = supervision_beginning.begin(
        by=session.actor(),
        key=said.get("_key", "")[:KEY_LENGTH],
        about=said.get("about", "")[:REF_LENGTH],
        matter=said.get("matter", "")[:MATTER_LENGTH],
        unit=said.get("unit", "")[:CODE_LENGTH],
        received_at=clock.now(),
    )
    return begun.opened(started)


@desk.get("/orders/list.<kind>")
def taken_out(kind: str) -> Response:
    """The list as it is filtered, as a workbook or as CSV."""
    if kind not in KINDS:
        raise Missing(kind=kind)
    with reading() as store:
        rows = supervision.listed(store, session.actor(), **_kept())
    heads = [
        _("督办编号"),
        _("文号"),
        _("事项"),
        _("督办级别"),
        _("承办单位"),
        _("所涉时限"),
        _("反馈时限"),
        _("进展"),
        _("反馈"),
        _("核销意见"),
    ]
    title, cells = _("督办"), [_cells(row) for row in rows]
    body = ledger_file.xlsx(title, heads, cells) if kind == "xlsx" else ledger_file.comma_separated(heads, cells)
    name = file_names.clean(f"{title}（{clock.today().isoformat()}）.{kind}")
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), kept=False)


@desk.get("/orders/<ref>")
def one(ref: str) -> str:
    """One order: 事项, 依据, 要求, 时限, 承办单位, 反馈, 核销意见."""
    me = session.actor()
    with reading() as store:
        row = supervision.one(store, ref, me)
        return render_template(
            "orders/pages/one.html",
            row=row,
            sees=supervision.sees_case(store, row, me),
            over=supervision.OVER,
            say=names,
        )


def _kept() -> dict[str, str]:
    """The filters of the address; what is not known filters nothing."""
    level, state = request.args.get("level", ""), request.args.get("state", "")
    return {
        "level": level if level in names.LEVELS else "",
        "state": state if state in {*names.STATES, "open"} else "",
        "unit": request.args.get("unit", "")[:REF_LENGTH],
    }


def _filters(kept: dict[str, str], units: dict[str, str]) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    levels = [(code, _(words)) for code, (words, _tone) in names.LEVELS.items()]
    states = [("open", _("未办结")), *((code, _(words)) for code, (words, _tone) in names.STATES.items())]
    return [
        ("level", _("督办级别"), levels, kept["level"]),
        ("state", _("进展"), states, kept["state"]),
        ("unit", _("承办单位"), list(units.items()), kept["unit"]),
    ]


def _addressees(store: Session) -> list[tuple[str, str]]:
    return [(each.code, pick(each.name, each.name_en)) for each in supervision_units.addressees(store, clock.today())]


def _cells(row: Any) -> Sequence[str]:
    return [
        row.case_number,
        row.number or "",
        row.matter,
        _(names.LEVELS[row.level][0]),
        pick(row.organ_name, row.organ_name_en),
        _(names.KINDS[row.deadline_kind]) if row.deadline_kind else "",
        row.due_on.isoformat() if row.due_on else "",
        _(names.STATES[row.state][0]),
        row.feedback or "",
        row.opinion or "",
    ]


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("orders.listed", "GET", READERS),
        Route("orders.begin", "POST", SUPERVISORS),
        Route("orders.taken_out", "GET", READERS),
        Route("orders.one", "GET", READERS),
    ),
    places=(Place("orders.listed", N_("督办"), 69),),
    told=TOLD,
)
