"""What a diagram may call of a document: open, draft, return, tally, sign, number, void, seal, issue, archive."""

import hashlib
from datetime import date
from typing import Any

import orjson
from marshmallow import Schema, fields, validate

from bases.documents import content, disclosure, document, numbering, receipts, signature, sources, templates
from bases.documents.content import Attachment, Content
from bases.documents.document import DRAFTING, DROPPED, ISSUED, NUMBERED, OPEN, REVIEWING, SEALED, SIGNED, UNDER_WAY
from bases.documents.receipts import Around
from engine import definitions
from engine.steps import Move, step
from ground import files
from ground.clock import local_day
from ground.errors import Missing, Refused

SUBMIT, APPROVE, AGREE, VOID = "submit", "approve", "agree", "void"
ALL, ANY, MAJORITY = "all", "any", "majority"
HERE, ON_PAPER = "here", "paper"


class Unsigned(Refused):
    """Nobody has signed this document."""

    code = "document.unsigned"


class Signing(Schema):
    """What `document.sign` takes: whether the leader signed here or on paper."""

    how = fields.String(required=True, validate=validate.OneOf((HERE, ON_PAPER)))


@step("document.open", returns=("document",))
def open_(move: Move) -> dict[str, Any]:
    """Begin a document of the kind that stands in the data, filled from its template as far as its values are known."""
    folder = definitions.folder(move.session, move.version_id)
    template = templates.of(folder, str(move.data.get("kind", "")))
    whole = templates.filled(template, *sources.of(move, template))
    opened = document.Opened(
        case_id=move.case.id,
        version_id=move.version_id,
        kind=template.kind,
        series=template.series,
        disclosure=template.disclosure,
        main=template.main,
        copy=template.copy,
    )
    row = document.open_(move.session, opened, whole, move.by.person, move.now)
    move.record("document.opened", document=row.ref, template=template.kind, clause=template.clause)
    return {"document": row.ref}


@step("document.draft", returns=("cosigners", "cosign_mode"))
def draft(move: Move) -> dict[str, Any]:
    """Keep what the drafter sent as the next version; one who drops it ends the document."""
    row, sent = _row(move), move.submissions("draft")[-1]
    document.expect(row, DRAFTING)
    answers = sent.answers
    if answers["outcome"] != SUBMIT:
        document.change(move.session, row.id, state=DROPPED)
        move.record("document.dropped", document=row.ref)
        return {"cosigners": [], "cosign_mode": ALL}
    facts = {
        "state": REVIEWING,
        **{name: answers[name] for name in ("secrecy", "urgency", "disclosure")},
        "disclosure_reason": answers.get("disclosure_reason") or "",
        "main": answers.get("main") or [],
        "copy": answers.get("copy") or [],
        "cosigners": [_code(one) for one in answers.get("cosigners") or []],
        "cosign_mode": answers.get("cosign_mode") or ALL,
    }
    before = document.words(move.session, row)
    digest = document.write(move.session, row, typed(answers, before), sent.by, sent.received_at, **facts)
    move.record("document.drafted", document=row.ref, version=row.version + 1, digest=digest)
    return {"cosigners": facts["cosigners"], "cosign_mode": facts["cosign_mode"]}


@step("document.return")
def return_(move: Move) -> None:
    """Back to the drafter: what was signed counts no more, for the words may change."""
    row = _row(move)
    document.expect(row, REVIEWING, SIGNED, NUMBERED)
    document.change(move.session, row.id, state=DRAFTING, signer=None, signed_how=None, signed_on=None)
    move.record("document.returned", document=row.ref, version=row.version)


@step("document.cosigners", returns=("cosigners",))
def cosigners(move: Move) -> dict[str, Any]:
    """加签、减签: who countersigns from now on; answers that were given stay, and whoever has none is asked anew."""
    row, sent = _row(move), move.submissions("cosigners_change")[-1]
    document.expect(row, REVIEWING)
    added, removed = ([_code(one) for one in sent.answers.get(name) or []] for name in ("added", "removed"))
    asked = [*(one for one in row.cosigners if one not in removed), *(one for one in added if one not in row.cosigners)]
    document.change(move.session, row.id, cosigners=asked)
    move.record(
        "document.cosigners_changed", document=row.ref, added=added, removed=removed, reason=sent.answers["reason"]
    )
    answered = _answers(move)
    return {"cosigners": [one for one in asked if one not in answered]}


@step("document.tally", returns=("cosign_agreed",))
def tally(move: Move) -> dict[str, Any]:
    """Whether the organs asked agree, by the mode chosen: all of them, any one, or more than half of those asked."""
    row, newest = _row(move), _answers(move)
    agreed, asked = sum(newest.get(one) == AGREE for one in row.cosigners), len(row.cosigners)
    holds = {ALL: agreed == asked, ANY: agreed > 0, MAJORITY: 2 * agreed > asked}[row.cosign_mode]
    move.record("document.tallied", document=row.ref, mode=row.cosign_mode, agreed=agreed, asked=asked, holds=holds)
    return {"cosign_agreed": holds}


@step("document.sign", parameters=Signing, returns=("numbering", "outcome"))
def sign(move: Move, how: str) -> dict[str, Any]:
    """Write down who signed, when and how; and where the number is to come from."""
    row = _row(move)
    document.expect(row, REVIEWING)
    outcome, signer, on = _on_paper(move) if how == ON_PAPER else _signed_here(move)
    if outcome == APPROVE:
        document.change(move.session, row.id, state=SIGNED, signer=signer, signed_how=how, signed_on=on)
        move.record("document.signed", document=row.ref, how=how, signed_on=on.isoformat(), digest=row.digest)
    return {"numbering": numbering.switch(move.session, local_day(move.now)), "outcome": outcome}


@step("document.number")
def number(move: Move) -> None:
    """Give the number, or write down the one that the office's own system gave, with date and final PDF."""
    row, by_system = _row(move), move.data["numbering"] == numbering.SYSTEM
    document.expect(row, SIGNED)
    sent = move.submissions("number_system" if by_system else "number_oa")[-1]
    on = date.fromisoformat(sent.answers["dated_on"])
    if by_system:
        given = numbering.give(move.session, row.id, row.series, on.year, sent.by, move.now)
    else:
        typed_ = numbering.parse(sent.answers["number"])
        given = numbering.register(move.session, row.id, typed_, sent.by, move.now)
    document.change(
        move.session,
        row.id,
        state=NUMBERED,
        number=str(given),
        source=numbering.SYSTEM if by_system else numbering.OA,
        dated_on=on,
        final_file=sent.answers.get("final"),
    )
    move.record("document.numbered", document=row.ref, number=str(given), dated_on=on.isoformat())


@step("document.void")
def void(move: Move) -> None:
    """The number is void and stays so; the document goes back to its drafter and will get another."""
    row, sent = _row(move), move.submissions("seal")[-1]
    document.expect(row, NUMBERED)
    reason = sent.answers.get("reason") or ""
    numbering.void(move.session, numbering.parse(row.number), reason)
    cleared = {"number": None, "source": None, "dated_on": None, "final_file": None}
    document.change(move.session, row.id, **cleared)
    move.record("document.number_void", document=row.ref, number=row.number)


@step("document.seal")
def seal(move: Move) -> None:
    """The seal was pressed on paper: from now on a print bears no «未用印»."""
    row, sent = _row(move), move.submissions("seal")[-1]
    document.expect(row, NUMBERED)
    on = date.fromisoformat(sent.answers["sealed_on"])
    document.change(move.session, row.id, state=SEALED, sealed_on=on)
    move.record("document.sealed", document=row.ref, sealed_on=on.isoformat())


@step("document.issue")
def issue(move: Move) -> None:
    """Send it out: a receipt for each organ, the last day of its disclosure, and the final print."""
    row, sent = _row(move), move.submissions("issue")[-1]
    document.expect(row, SEALED)
    on = date.fromisoformat(sent.answers["issued_on"])
    due = disclosure.due(move.session, row.dated_on) if row.disclosure == OPEN else None
    document.change(move.session, row.id, state=ISSUED, issued_on=on, disclosure_due=due)
    around = Around(move.case.organ, move.case.region)
    sent_to = receipts.send(move.session, row, around, local_day(move.now), move.now)
    if row.disclosure == OPEN and sent.answers.get("publish"):
        disclosure.publish(move.session, document.by_ref(move.session, row.ref), move.now)
    if row.final_file is None:
        move.enqueue("document.print", {"document": row.ref}, dedupe=f"document.print:{row.ref}")
    move.record("document.issued", document=row.ref, number=row.number, issued_on=on.isoformat(), receipts=sent_to)


@step("document.archive")
def archive(move: Move) -> None:
    """File it: one digest over the words, the number, the dates and the final file, so that any change shows."""
    row = _row(move)
    document.expect(row, ISSUED)
    move.session.flush()
    digest = manifest_digest(move, row)
    document.change(move.session, row.id, archived_at=move.now, archive=digest)
    move.record("document.archived", document=row.ref, digest=digest)


def typed(answers: Any, before: Content) -> Content:
    """The words that a drafter sent; lists that came from the template stay as they are."""
    lists = tuple(each for each in before.attachments if each.table is not None)
    written = tuple(
        Attachment(each["title"], content.paragraphs(each.get("text") or ""))
        for each in answers.get("attachments") or []
    )
    return Content(
        organ=before.organ,
        title=answers["title"],
        paragraphs=content.paragraphs(answers["body"]),
        main=(answers.get("main_text") or "").rstrip("：:"),
        copy=(answers.get("copy_text") or "").rstrip("。"),
        attachments=(*lists, *written),
        signed_by=before.signed_by,
        printed_by=before.printed_by,
        layout=before.layout,
    )


def manifest_digest(move: Move, row: Any) -> str:
    """SHA-256 over what the archive vouches for."""
    final = files.find(move.session, row.final_file).sha256 if row.final_file else None
    facts = {
        "words": row.digest,
        "number": row.number,
        "signer": row.signer,
        "dated_on": row.dated_on,
        "sealed_on": row.sealed_on,
        "issued_on": row.issued_on,
        "final": final,
    }
    return hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _row(move: Move) -> Any:
    ref = move.data.get("document")
    if not ref:
        raise Missing(document=move.case.ref)
    row = document.by_ref(move.session, str(ref))
    if row.case_id != move.case.id:
        raise Missing(document=row.ref)
    document.expect(row, *UNDER_WAY, ISSUED)
    return row


def _answers(move: Move) -> dict[str, str]:
    """What each organ said to the words as they stand now."""
    since = move.submissions("draft")[-1].seq
    return {str(sent.item): sent.answers["outcome"] for sent in move.submissions("countersign") if sent.seq > since}


def _code(option: str) -> str:
    """An organ's code from the option of a form, which may hold no hyphen."""
    return option.replace("_", "-")


def _signed_here(move: Move) -> tuple[str, str, date]:
    sent = move.submissions("sign")
    if not sent or sent[-1].by is None:
        raise Unsigned(case=move.case.ref)
    return sent[-1].answers["outcome"], sent[-1].answers["signer"], local_day(sent[-1].received_at)


def _on_paper(move: Move) -> tuple[str, str, date]:
    kept = signature.of_case(move.session, move.case.id)
    if not kept:
        raise signature.Unconfirmed(case=move.case.ref)
    return kept[-1].outcome, kept[-1].signer, kept[-1].signed_on
