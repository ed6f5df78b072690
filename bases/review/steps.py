"""What a diagram may call of a review: the draw, who takes the seats, the closing of scores, leader and report."""

from collections.abc import Iterable, Mapping
from typing import Any

from bases import register
from bases.review import checks, conflict, criteria, panel, report, scores, seating
from engine.steps import Move, step
from ground import parameters
from ground.clock import local_day
from ground.errors import Refused


class TooFewSheets(Refused):
    """Fewer valid sheets came in than a panel needs."""

    code = "score.too_few"


@step("panel.begin", returns=("criteria",))
def begin(move: Move) -> dict[str, Any]:
    """N-2: the seed is chosen and its hash put on record before anybody settles who may be drawn.

    What is scored is said by the process that calls: the criteria of Article 12, or else those of Article 10.
    """
    set_ = criteria.set_of(move.data.get("criteria"))
    row = panel.begin(move.session, move.case.id, move.now)
    panel.change(move.session, row.id, criteria=set_)
    move.record("panel.committed", panel=row.id, round=row.round, hash=row.seed_hash)
    return {"criteria": set_}


@step("panel.draw", returns=("experts",))
def draw(move: Move) -> dict[str, Any]:
    """Draw the experts for this case; the line in the history holds the commitment and no names."""
    base = register.of_subject(move.session, move.case.subject)
    _declare(move, base)
    drawn = panel.draw_for(move.session, base, move.case.id, move.by.person, move.now)
    move.record(
        "panel.drawn",
        panel=drawn.panel,
        round=drawn.round,
        size=len(drawn.experts),
        pool=drawn.pool,
        excluded=drawn.excluded,
        substitutes=drawn.substitutes,
        hash=drawn.hash,
    )
    return {"experts": drawn.experts}


@step("panel.witness", returns=("experts",))
def witness(move: Move) -> Mapping[str, Any]:
    """The draw was witnessed by somebody who did not draw; its members are invited."""
    row = panel.newest(move.session, move.case.id)
    seen = move.submissions("witness")[-1]
    experts = seating.open_(move.session, row, seen.by, move.now)
    move.record("panel.witnessed", panel=row.id, round=row.round)
    return {"experts": experts}


@step("panel.accept")
def accept(move: Move) -> None:
    """An expert has signed the pledge."""
    seating.accept(move.session, panel.newest(move.session, move.case.id), move.data["expert"], move.now)


@step("panel.substitute", returns=("expert",))
def substitute(move: Move) -> Mapping[str, Any]:
    """An expert declined or did not answer: the next substitute is invited; 0 if nobody is left."""
    row, person = panel.newest(move.session, move.case.id), move.data["expert"]
    base = register.of_subject(move.session, move.case.subject)
    answers = [
        sent for sent in move.submissions("invite") if sent.by == person and sent.received_at >= row.witnessed_at
    ]
    reason = str(answers[-1].answers.get("reason") or conflict.OTHER) if answers else None
    following = seating.replace(move.session, row, person, reason, base, move.now)
    left = sum(each.answer is None for each in panel.drawn_seats(move.session, row.id))
    move.record("panel.substituted", panel=row.id, declined=bool(answers), found=following != seating.NOBODY, left=left)
    return {"expert": following}


@step("panel.seat", returns=("experts", "enough"))
def seat(move: Move) -> Mapping[str, Any]:
    """Who sits now, and whether these are as many, and of such kinds (D03), as a review needs."""
    row = panel.newest(move.session, move.case.id)
    experts = panel.seats(move.session, row.id)
    least = parameters.value(move.session, "panel.minimum", local_day(move.now)).value
    move.record("panel.seated", panel=row.id, size=len(experts))
    return {"experts": experts, "enough": len(experts) >= least and seating.keeps_the_rule(row, experts)}


@step("scores.close", returns=("experts", "average", "spread", "valid", "discuss"))
def close(move: Move) -> dict[str, Any]:
    """Open the seal: keep every sheet of the panel and say what they come to, and whether the panel must discuss."""
    drawn = panel.newest(move.session, move.case.id)
    set_ = criteria.set_of(drawn.criteria)
    newest = _newest(move, panel.SCORED_AT[set_], drawn)
    sheets = [
        scores.sheet(person, newest[person].answers, set_)
        for person in panel.seats(move.session, drawn.id)
        if person in newest
    ]
    result = scores.outcome(sheets)
    facts = parameters.values(move.session, ("panel.minimum", "score.spread_limit"), local_day(move.now))
    if result.valid < facts["panel.minimum"].value:
        raise TooFewSheets(valid=result.valid, least=facts["panel.minimum"].value)
    scores.keep(move.session, drawn.id, sheets)
    panel.change(move.session, drawn.id, closed_at=move.now)
    numbers: dict[str, Any] = {"average": f"{result.average}", "spread": f"{result.spread}", "valid": result.valid}
    move.record("scores.closed", panel=drawn.id, **numbers)
    # A number in an expression is read as the Decimal it prints as, so two places stay two places.
    return {
        "experts": [each.person for each in sheets],
        "average": float(result.average),
        "spread": float(result.spread),
        "valid": result.valid,
        "discuss": result.spread > facts["score.spread_limit"].value,
    }


@step("panel.lead", returns=("leader",))
def lead(move: Move) -> Mapping[str, Any]:
    """The panel has elected who leads it and writes the report."""
    row = panel.newest(move.session, move.case.id)
    sent = _newest(move, "elect", row)
    members = checks.members(move.session, row.id)
    votes = [members.get(str(each.answers.get("leader") or "").strip(), 0) for each in sent.values()]
    leader = report.lead(move.session, row, votes)
    _dissent(move, row, sent)
    move.record("panel.led", panel=row.id, votes=len(sent))
    return {"leader": leader}


@step("review.report")
def reported(move: Move) -> None:
    """N-5: the leader's report, with every dissent; refused without a leader or from anybody else."""
    row = panel.newest(move.session, move.case.id)
    _dissent(move, row, _newest(move, "discuss", row))
    sent = move.submissions("report")
    if not sent:
        raise report.NoLeader(panel=row.id)
    report.keep(move.session, row, sent[-1].by, sent[-1].answers, move.now)
    move.record("review.reported", panel=row.id, dissents=len(report.dissents(move.session, row.id)))


def _declare(move: Move, base: Any) -> None:
    """Keep what the officer has entered of ties, upheld or refused, before the pool is frozen."""
    sent = move.submissions("recusals")
    for each in (sent[-1].answers.get("conflicts") or ()) if sent else ():
        person = checks.expert(move.session, each["expert"], local_day(move.now))
        facts = {"facts": each.get("facts") or "", "until": checks.day(each.get("until")), "decision": each["decision"]}
        place = {"base_id": base.id, "case_id": move.case.id, "decided_by": sent[-1].by}
        conflict.record(move.session, person, each["kind"], each["source"], move.now, **facts, **place)


def _dissent(move: Move, row: Any, sent: Mapping[int, Any]) -> None:
    for person in sorted(sent):
        report.dissent(move.session, row, person, str(sent[person].answers.get("dissent") or ""), move.now)


def _newest(move: Move, element: str, row: Any) -> dict[int, Any]:
    """By person: what was sent last at this element since the panel was drawn."""
    sent: Iterable[Any] = move.submissions(element)
    return {each.by: each for each in sent if each.by is not None and each.received_at >= row.drawn_at}
