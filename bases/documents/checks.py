"""What the forms of document-issue check over and above their fields, and the values they begin with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bases.documents import document, numbering, templates
from bases.documents.document import OPEN
from engine import definitions, submissions
from engine.forms import FormContext, Problem, check, prefill
from ground import files
from ground.database import Session

PDF = "application/pdf"
SUBMIT, SEAL = "submit", "seal"


@check("document.draft")
def draft(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Before it goes up: nothing left blank, somebody to send it to, nothing internal on the public page."""
    if answers.get("outcome") != SUBMIT:
        return []
    found = [
        Problem(path, "document.blank_left", {"blanks": "、".join(blanks[:5])})
        for path in ("title", "main_text", "body", "copy_text")
        if (blanks := templates.BLANK.findall(answers.get(path) or ""))
    ]
    if not answers.get("main") and _goes_to_organs(context):
        found.append(Problem("main", "document.no_addressee"))
    if answers.get("disclosure") == OPEN and answers.get("secrecy") == "internal":
        found.append(Problem("disclosure", "document.internal_open"))
    return found


@check("document.cosigners")
def cosigners(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Somebody is added who was not asked, or taken off who has not answered, and somebody is left to be asked."""
    if context.session is None or context.case is None:
        return []
    under_way = [row for row in document.of_case(context.session, context.case.id) if row.state == document.REVIEWING]
    if not under_way:
        return []
    asked = {code.replace("-", "_") for code in under_way[-1].cosigners}
    added, removed = set(answers.get("added") or []), set(answers.get("removed") or [])
    if not added and not removed:
        return [Problem("added", "document.no_change")]
    found = []
    if added & asked:
        found.append(Problem("added", "document.cosigner_there"))
    if removed - asked or removed & _answered(context.session, context.case.id):
        found.append(Problem("removed", "document.cosigner_answered"))
    if not (asked - removed) | added:
        found.append(Problem("removed", "document.cosigner_last"))
    return found


@check("document.number")
def number(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """D-2: the number is one, was never given before, and its year is that of the date; the final file is a PDF."""
    found, text = [], answers.get("number")
    if text and context.session is not None:
        try:
            typed = numbering.parse(text)
        except numbering.BadNumber:
            return [Problem("number", "document.bad_number")]
        if numbering.taken(context.session, typed):
            found.append(Problem("number", "document.number_taken", {"number": str(typed)}))
        if answers.get("dated_on") and date.fromisoformat(answers["dated_on"]).year != typed.year:
            found.append(Problem("dated_on", "document.other_year", {"year": typed.year}))
    return [*found, *_final(answers, context), *_days(answers, context, "dated_on", "signed_on")]


@check("document.seal")
def seal(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """No seal before the date of the document."""
    return _days(answers, context, "sealed_on", "dated_on") if answers.get("outcome") == SEAL else []


@check("document.issue")
def issue(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Nothing is printed to be sent before the date of the document."""
    return _days(answers, context, "issued_on", "dated_on")


@prefill("document.draft", anew=True)
def first_draft(session: Session, case: Any) -> Mapping[str, Any]:
    """The newest words of the document that is being drafted, and what its template offers."""
    row = document.drafted_in(session, case.id)
    if row is None:
        return {}
    words = document.words(session, row)
    return {
        "title": words.title,
        "main": row.main,
        "main_text": words.main,
        "body": "\n".join(words.paragraphs),
        "attachments": [
            {"title": each.title, "text": "\n".join(each.paragraphs)} for each in words.attachments if not each.table
        ],
        "copy": row.copy,
        "copy_text": words.copy,
        "secrecy": row.secrecy,
        "urgency": row.urgency,
        "disclosure": row.disclosure,
        "disclosure_reason": row.disclosure_reason,
        "cosigners": [code.replace("-", "_") for code in row.cosigners],
        "cosign_mode": row.cosign_mode,
    }


@prefill("document.dated", anew=True)
def dated(session: Session, case: Any) -> Mapping[str, Any]:
    """成文日期 is the day on which it was signed (GB/T 9704-2012 §7.3.5.4)."""
    signed = [row for row in document.of_case(session, case.id) if row.signed_on]
    return {"dated_on": signed[-1].signed_on.isoformat()} if signed else {}


def _goes_to_organs(context: FormContext) -> bool:
    """A pledge or an answer to a person goes to no organ; what its template names none for need not name one."""
    row = document.drafted_in(context.session, context.case.id) if context.session and context.case else None
    if row is None or context.session is None:
        return True
    return bool(templates.of(definitions.folder(context.session, row.version_id), row.kind).main)


def _answered(session: Session, case_id: int) -> set[str]:
    """The organs that have answered since the words were drafted, as the options of forms name them."""
    drafted = [row for place in _places("draft") for row in submissions.at(session, case_id, place)]
    sent = [row for place in _places("countersign") for row in submissions.at(session, case_id, place)]
    since = max((row.seq for row in drafted), default=0)
    return {str(row.item).replace("-", "_") for row in sent if row.seq > since}


def _places(element: str) -> tuple[str, str]:
    """Where an element of document-issue stands: in a case of its own, or called by another."""
    return element, f"{templates.PROCESS}:{element}"


def _final(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    ref = answers.get("final")
    if not ref or context.session is None:
        return []
    stored = files.named(context.session, [ref]).get(ref)
    return [Problem("final", "document.no_pdf")] if stored and stored.media_type != PDF else []


def _days(answers: Mapping[str, Any], context: FormContext, name: str, after: str) -> list[Problem]:
    """The day of this field is not before that of the document's own fact."""
    if context.session is None or context.case is None or not answers.get(name):
        return []
    rows = [row for row in document.of_case(context.session, context.case.id) if row.state in document.UNDER_WAY]
    first = getattr(rows[-1], after) if rows else None
    if first is None or date.fromisoformat(answers[name]) >= first:
        return []
    return [Problem(name, "document.too_early", {"after": first.isoformat()})]
