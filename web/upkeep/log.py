"""The log of what touches security, for the audit administrator, as a list and as a file."""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Response, render_template, request, url_for

from bases.filing import ledger_file
from ground import administration, clock
from ground.database import reading
from ground.numerals import whole
from web.door import outgoing, session
from web.door.language import _, pick
from web.door.noting import note
from web.upkeep.blueprint import desk
from web.upkeep.names import KINDS
from web.words import dates

ROWS, MOST_OUT, LONGEST = 50, 5_000, 60


@desk.get("/upkeep/log")
def log() -> str:
    """The newest first; older ones by pages."""
    kind, before = request.args.get("kind", "")[:LONGEST], whole(request.args.get("before", ""))
    me = session.actor()
    with reading() as store:
        rows = administration.log(store, me, kind, before, ROWS + 1)
        return render_template(
            "upkeep/pages/log.html",
            rows=rows[:ROWS],
            kinds=[(each, _(KINDS.get(each, each))) for each in administration.kinds(store, me)],
            kind=kind,
            words=KINDS,
            first=url_for("upkeep.log", kind=kind) if before else None,
            following=url_for("upkeep.log", kind=kind, before=rows[ROWS - 1].id) if len(rows) > ROWS else None,
        )


@desk.get("/upkeep/log.csv")
def log_out() -> Response:
    """The newest of them as a file; taking it out is noted, too."""
    kind = request.args.get("kind", "")[:LONGEST]
    with reading() as store:
        rows = administration.log(store, session.actor(), kind, None, MOST_OUT)
    note("log.taken_out", kind)
    heads = [_("时间"), _("事件"), _("账号"), _("姓名"), _("来源"), _("对象"), _("原因"), _("次数")]
    body = ledger_file.comma_separated(heads, [_cells(row) for row in rows])
    name = f"{_('安全日志')}（{clock.today().isoformat()}）.csv"
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), kept=False)


def _cells(row: Any) -> Sequence[str]:
    return [
        dates.moment(row.at),
        _(KINDS.get(row.kind, row.kind)),
        row.login or "",
        pick(row.name, row.name_en) if row.name else "",
        row.ip,
        row.object,
        row.reason,
        str(row.count),
    ]
