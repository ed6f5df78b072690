"""The circulars: the earlier ones, one with its figures, what the supervisor adds, its issue, and the document."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.cooperation import circular, supervision, supervision_week as week
from bases.documents import word
from ground import clock, organs, regions
from ground.database import Session, reading, transaction
from ground.files import names as file_names
from ground.numerals import whole
from web.alerts import weekly
from web.alerts.blueprint import desk
from web.door import outgoing, said, session
from web.door.language import _, pick
from web.words.catalogue import N_

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIX_DAYS, UNITS = timedelta(days=6), 15
PARTS = {
    "incident": N_("运行异常"),
    "overdue": N_("超过文件、通知时限"),
    "past": N_("超出系统默认时限"),
    "unclaimed": N_("无人领取"),
    "still": N_("没有进展"),
}
LEVELS = {
    supervision.URGE: N_("催办"),
    supervision.ORDER: N_("督办单"),
    supervision.RAISED: N_("提级督办"),
    supervision.REQUEST: N_("商请函"),
    supervision.REMIND: N_("催办提醒"),
}


@desk.get("/circulars")
def circulars() -> str:
    """Every week that has one, the latest first."""
    me = session.actor()
    with reading() as store:
        rows = circular.listed(store, me)
        first = weekly.last_week(clock.now())
        return render_template(
            "alerts/pages/circulars.html",
            rows=rows,
            last=lambda row: row.first_on + SIX_DAYS,
            may_draft=me.has(circular.SUPERVISOR) and not circular.exists(store, first),
            first=first,
            until=first + SIX_DAYS,
        )


@desk.post("/circulars")
def draft() -> Answer:
    """Draft that of the last week, if the house was off on Monday."""
    weekly.draft_now(session.actor())
    answer: Answer = redirect(url_for("alerts.circulars"), 303)
    said.tell(answer, "circular.drafted")
    return answer


@desk.get("/circulars/<ref>")
def circular_of(ref: str) -> str:
    """One week with its figures."""
    me = session.actor()
    with reading() as store:
        row = circular.one(store, ref, me)
        before = circular.week_before(store, row.first_on)
        return render_template(
            "alerts/pages/circular.html",
            row=row,
            figures=row.figures,
            before=before.figures if before else None,
            until=row.first_on + week.WEEK - timedelta(days=1),
            may_issue=me.has(circular.SUPERVISOR) and row.issued_at is None,
            parts=PARTS,
            levels=LEVELS,
            colours=supervision.COLOURS,
            longest=circular.LONGEST,
            **_called(store, row.figures),
        )


@desk.post("/circulars/<ref>")
def write(ref: str) -> Answer:
    """Keep the supervisor's own paragraph."""
    with transaction() as store:
        circular.write(store, ref, request.form.get("paragraph", ""), seen=_seen(), by=session.actor())
    return _back(ref, "circular.kept")


@desk.post("/circulars/<ref>/issue")
def issue(ref: str) -> Answer:
    """Issue it with what the form holds of the supervisor's own, under the next number of the year."""
    me, seen = session.actor(), _seen()
    with transaction() as store:
        circular.write(store, ref, request.form.get("paragraph", ""), seen=seen, by=me)
        circular.issue(store, ref, seen=seen + 1, by=me, now=clock.now())
    return _back(ref, "circular.is_issued")


@desk.get("/circulars/<ref>.docx")
def circular_file(ref: str) -> Response:
    """The document: as issued, or as a draft that bears its mark."""
    with reading() as store:
        row = circular.one(store, ref, session.actor())
        whole = circular.words(store, row)
    body = word.docx(whole, draft=row.issued_at is None)
    name = file_names.clean(f"{whole.title}（{row.first_on.isoformat()}）.docx")
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), DOCX, kept=False)


def _seen() -> int:
    return whole(request.form.get("seen", "")) or 0


def _called(store: Session, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Cities and units of the figures by name, the most first."""
    towns = regions.named(store, {f"{city}00" for city in figures["cities"]}) if figures["cities"] else {}
    bodies = organs.bodies(store, {int(unit) for unit in figures["units"]}) if figures["units"] else {}
    cities = sorted(figures["cities"].items(), key=lambda one: (-one[1]["all"], one[0]))
    units = sorted(figures["units"].items(), key=lambda one: (-one[1]["all"], int(one[0])))
    return {
        "cities": [(city, _town(towns.get(f"{city}00"), city), found) for city, found in cities],
        "units": [(unit, _named(bodies.get(int(unit)), unit), found) for unit, found in units[:UNITS]],
        "more_units": len(units) - UNITS,
    }


def _town(place: Any, city: str) -> str:
    return _("省级") if place is not None and place.code == regions.PROVINCE else _named(place, city)


def _named(place: Any, otherwise: str) -> str:
    return pick(place.name, place.name_en) if place is not None else otherwise


def _back(ref: str, code: str) -> Answer:
    answer: Answer = redirect(url_for("alerts.circular_of", ref=ref), 303)
    said.tell(answer, code)
    return answer
