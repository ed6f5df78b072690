"""What the letters of a batch, of its notice and of an objection are filled with, as far as it is known on the day.

The register of sources is bases/documents/sources.py; a name stands here because its facts do.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bases.documents.sources import Case, Found, sent, source
from bases.verdicts import batch, batch_entry, notice, notice_steps, objection, wording
from ground import regions
from ground.clock import local_day
from ground.database import Session
from ground.errors import Missing

NOTHING = Found({}, {})
NO_LIMIT = "不限家数"
FINDINGS = ("findings", "findings_again")
RESULTS = {objection.UPHELD: "异议成立。", objection.PARTLY: "异议部分成立。", objection.REJECTED: "异议不成立。"}


@source("batch")
def of_batch(move: Case) -> Found:
    """The batch that the case is about, or in which its application is: R-4.1 its year, its dates, how many."""
    found = _batch(move)
    if found is None or found.year is None:
        return NOTHING
    entries = batch_entry.of_batch(move.session, found.id)
    designated = _named(move.session, [each for each in entries if each.outcome == batch_entry.DESIGNATE])
    return Found(
        {
            "number": found.document,
            "year": found.year,
            "opens_on": found.opens_on,
            "closes_on": found.closes_on,
            "quota": NO_LIMIT if found.quota is None else f"{found.quota}家",
            "rolling": None if found.rolling is None else f"{found.rolling}家",
            "names": wording.names([row["name"] for row in designated]) if designated else None,
            "cities": _cities(designated),
            "visited": "、实地考察" if any(each.visited for each in entries) else "",
        },
        {"designated": designated},
    )


@source("notice")
def of_notice(move: Case) -> Found:
    """The notice that this case published; before that the one that it would publish today."""
    published = notice.published_by(move.session, move.case.id)
    try:
        proposed = notice_steps.proposed(move.session, move.case, visited=notice_steps.visited(move))
        body = published.body if published else vars(notice.drafted(move.session, proposed, move.now))
    except (Missing, notice.NothingProposed):
        return NOTHING
    at = published.published_at if published else move.now
    period, contact = notice.period(move.session, at), notice.contact(move.session, local_day(at))
    listed = [{"name": row["base"], "city": row["city"]} for row in body["listed"]]
    return Found(
        {
            "year": period.opens_on.year,
            "opens_on": period.opens_on,
            # The printed day binds, whatever the calendar says since.
            "closes_on": published.closes_on if published else period.closes_on,
            "days": period.working_days,
            "names": wording.names([row["name"] for row in listed]),
            "visit": "实地考察、" if any("实地考察、" in line for line in body["paragraphs"]) else "",
            **{name: value or None for name, value in vars(contact).items()},
        },
        {"proposed": listed},
    )


@source("objection")
def of_objection(move: Case) -> Found:
    """An objection without a word of who raised it: the day, and what the handler found and a leader agreed to."""
    try:
        found = objection.of_case(move.session, move.case.id)
    except Missing:
        return NOTHING
    findings = sent(move, *FINDINGS)
    newest: Mapping[str, Any] = findings[-1].answers if findings else {}
    return Found(
        {
            "received_on": local_day(found.received_at),
            "finding": newest.get("found"),
            "result": RESULTS.get(str(newest.get("outcome"))),
            "reason": newest.get("reason"),
        },
        {},
    )


def _batch(move: Case) -> Any:
    number = batch.number(move.case.subject)
    if number is None:
        entry = batch_entry.of_case(move.session, move.case.id)
        number = entry.batch_id if entry else None
    return batch.by_id(move.session, number) if number is not None else None


def _named(session: Session, entries: Sequence[Any]) -> list[dict[str, str]]:
    places = regions.named(session, {each.city for each in entries})
    return [{"name": each.base_name, "city": places[each.city].name} for each in entries]


def _cities(rows: Collection[Mapping[str, str]]) -> str | None:
    return "、".join(dict.fromkeys(row["city"] for row in rows)) or None
