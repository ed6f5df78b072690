"""What a diagram may call of a batch from its meeting on, and what those forms look at: pack, list, letter."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bases.documents import signature
from bases.verdicts import batch, batch_entry, batch_ranking, leaders, letters, lists, notice, pack, ranking
from engine.forms import FormContext, Problem, check
from engine.steps import Move, step
from ground import clock
from ground.database import Session
from ground.errors import Refused

DECIDED_MESSAGE = "batch.decided"
RETURN, ON_PAPER, APPROVE = "return", "agree_on_paper", "approve"


@check("batch_meeting")
def met(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """R-4.2: the meeting moves only what stands in the ranking, within the quota, and says why."""
    rows = answers.get("adjusted") or []
    if context.session is None or not rows or answers.get("outcome") == RETURN:
        return []
    found = batch.of_subject(context.session, context.case.subject)
    known = {each.number for each in batch_ranking.in_question(context.session, found.id)}
    if unknown := sorted({row.get("number") for row in rows} - known, key=str):
        return [Problem("adjusted", "batch.not_in_the_ranking", {"numbers": "、".join(map(str, unknown))})]
    try:
        _adjusted(context.session, found, rows)
    except Refused as no:
        return [Problem("adjusted", no.code, dict(no.detail))]
    return []


@check("signed_list")
def signed(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Whoever is taken off the list by name stands on it."""
    refused = {row.get("number") for row in answers.get("refused") or []}
    if context.session is None or not refused:
        return []
    found = batch.of_subject(context.session, context.case.subject)
    unknown = sorted(refused - {each.number for each in lists.next_one(context.session, found.id)}, key=str)
    return [Problem("refused", "batch.not_on_the_list", {"numbers": "、".join(map(str, unknown))})] if unknown else []


@step("batch.pack")
def freeze(move: Move) -> None:
    """Freeze what goes to the meeting, with its digest; another ranking makes another one, and the first is kept."""
    found = batch.of_subject(move.session, move.case.subject)
    kept = pack.freeze(move.session, found, move.by.person, move.now)
    move.record("batch.pack_frozen", number=kept.number, digest=kept.digest)


@step("batch.meet", returns=("proposed", "signing"))
def meet(move: Move) -> dict[str, Any]:
    """Keep the list that the meeting agreed to, and where it is to be signed."""
    found = batch.of_subject(move.session, move.case.subject)
    answers = move.submissions("meeting")[-1].answers
    rows = [] if answers["outcome"] == RETURN else answers.get("adjusted") or []
    if rows:
        batch_ranking.settle(move.session, _adjusted(move.session, found, rows))
        move.record("batch.adjusted", moved=len(rows), minutes=answers["minutes_number"])
    signing = lists.ON_PAPER if answers["outcome"] == ON_PAPER else lists.HERE
    return {"proposed": len(batch_ranking.proposed(move.session, found.id)), "signing": signing}


@step("batch.noticed")
def noticed(move: Move) -> None:
    """Those on the notice that has ended wait for the signature; an objection holds its one base."""
    found = batch.of_subject(move.session, move.case.subject)
    for each in batch_ranking.in_question(move.session, found.id):
        if each.listed == ranking.PROPOSED and notice.closed_of(move.session, each.case_id) is not None:
            batch_entry.amend(move.session, each.case_id, noticed=True)


@step("batch.decide", returns=("undecided", "designated"))
def decide(move: Move) -> dict[str, Any]:
    """Tell each case of the list that was signed what was decided of it; the others stay for a later list."""
    found = batch.of_subject(move.session, move.case.subject)
    answers, signing = _on_paper(move) if move.data.get("signing") == lists.ON_PAPER else _here(move)
    number = lists.sign(move.session, found.id, signing)
    refused = {row["number"]: row["reason"] for row in answers.get("refused") or []}
    for each in lists.next_one(move.session, found.id):
        reason = refused.get(each.number)
        _tell(move, each, batch_entry.REFUSE if reason else batch_entry.DESIGNATE, reason, number)
    for each in lists.struck(move.session, found.id):
        _tell(move, each, batch_entry.REFUSE, each.reason, number)
    if answers["others"] == batch_entry.REFUSE:
        for each in batch_ranking.in_question(move.session, found.id):
            if each.listed in {ranking.RESERVE, ranking.NONE}:
                _tell(move, each, batch_entry.REFUSE, answers["others_reason"], number)
    left = batch_entry.undecided(move.session, found.id)
    given = sum(each.outcome == batch_entry.DESIGNATE for each in batch_entry.of_batch(move.session, found.id))
    move.record("batch.signed", number=number, undecided=left)
    return {"undecided": left, "designated": given}


@step("batch.certify")
def certify(move: Move) -> None:
    """Write down the number of the 认定通知 that has been issued; one that was dropped is drafted again."""
    if number := letters.issued(move):
        batch.certify(move.session, batch.of_subject(move.session, move.case.subject).id, number)
        move.record("batch.certified", document=number)


@step("batch.close")
def close(move: Move) -> None:
    """Every application has its result."""
    batch.go_on(move.session, batch.of_subject(move.session, move.case.subject).id, batch.CLOSED)
    move.record("batch.closed")


def _adjusted(session: Session, found: Any, rows: Any) -> list[ranking.Place]:
    """The ranking as the meeting settles it; ReasonMissing, OverQuota and BelowPassMark hold for a meeting too."""
    entries = batch_ranking.in_question(session, found.id)
    places = [
        ranking.Place(each.case_id, each.average, each.rank, each.listed, each.tied, each.reason or "")
        for each in entries
    ]
    cases = {each.number: each.case_id for each in entries}
    chosen = {cases[row["number"]]: ranking.Choice(row["listed"], row.get("reason") or "") for row in rows}
    mark = batch_ranking.pass_mark(session, clock.today())
    return ranking.choose(places, batch_entry.room(session, found), mark, chosen)


def _here(move: Move) -> tuple[Mapping[str, Any], lists.Signing]:
    """What a leader signed here."""
    sent = leaders.signed(move, "sign")
    answers = sent.answers
    on, minutes = date.fromisoformat(answers["decided_on"]), answers.get("minutes_number")
    return answers, lists.Signing(lists.HERE, answers["signer"], on, sent.by, sent.received_at, minutes)


def _on_paper(move: Move) -> tuple[Mapping[str, Any], lists.Signing]:
    """What a leader signed on paper, once a second person has confirmed it."""
    kept = signature.of_case(move.session, move.case.id)
    if not kept or kept[-1].outcome != APPROVE:
        raise signature.Unconfirmed(case=move.case.ref)
    paper, sent = kept[-1], move.submissions("paper_list")[-1]
    minutes = move.submissions("meeting")[-1].answers.get("minutes_number")
    by, at = paper.entered_by, paper.confirmed_at
    return sent.answers, lists.Signing(lists.ON_PAPER, paper.signer, paper.signed_on, by, at, minutes, paper.ref)


def _tell(move: Move, each: Any, outcome: str, reason: str | None, number: int) -> None:
    facts = {"state": batch_entry.DECIDED, "outcome": outcome, "list_number": number}
    batch_entry.amend(move.session, each.case_id, **facts, **({"reason": reason} if reason else {}))
    told = {"outcome": outcome, "list_number": number}
    move.tell(each.case_ref, DECIDED_MESSAGE, told, dedupe=f"batch:{each.batch_id}:{number}:{each.case_id}")
