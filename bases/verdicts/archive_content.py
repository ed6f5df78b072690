"""What stands in the package of a closed case: forms, opinions, letters, documents, uploads, scans, and the history.

People read the pages and the documents; programs read the JSON beside them, and the chain can be checked line by line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row as Record

from bases.documents import document, press, receipts, word
from bases.filing import contacts
from engine import definitions, history
from engine.cases import CaseView
from engine.history import Head, Link
from ground import files
from ground.database import Session
from ground.files import StoredFile, names
from ground.files.packages import Entry
from ground.people import Actor
from ground.types import EPOCH, MICROSECOND

CASE, CHAIN, LETTERS, SIGNATURES, ABOUT = "case.json", "chain.json", "letters.json", "signatures.json", "说明.txt"
WORDS = """办件归档包：{number} {title}
{by} 于 {at} 制作。

case.html             办件概况和办理经过，用浏览器打开；各次提交的表单在 papers/，附件在 files/，公文在 documents/
letters.json          来文；signatures.json 线下签批（扫描件在 files/）
chain.json            办理经过的完整链条，可以逐行核验；制作人无权阅读的行只有序号和校验码
manifest.json         每个文件的大小、SHA-256和SM3
制作人无权阅读因而不在包内：提交的表单{papers}份，办理经过{lines}行。

核验：jidi archive verify 本文件.zip --digest 办理经过所载的校验码

This is the archive of a case. `jidi archive verify FILE --digest HEX` checks every entry, the chain of its history, and
that the whole is what the history of the case recorded. Not in it, since its maker may not read them: {papers} forms
and {lines} lines of the history.
"""


@dataclass(frozen=True)
class OnPaper:
    """One signature on paper; its words and its scan only where this person may open the scan."""

    row: Record[Any]
    open: bool


@dataclass(frozen=True)
class Holding:
    """All that one person may read of a closed case; `lines` is the part of its history that the package covers."""

    view: CaseView
    by: Actor
    made_at: datetime
    lines: Sequence[Link]
    documents: Sequence[Record[Any]]
    letters: Sequence[Record[Any]]
    signatures: Sequence[OnPaper]
    files: Mapping[str, StoredFile]
    withheld: Mapping[str, int]

    def path(self, ref: str) -> str | None:
        """Where a file stands in the package."""
        stored = self.files.get(ref)
        return f"files/{names.clean(f'{ref}-{stored.name}')}" if stored else None


def facts(holding: Holding) -> dict[str, Any]:
    """What the manifest says of the package as a whole."""
    case = holding.view.case
    return {"kind": "case", "ref": case.ref, "number": case.number, "title": case.title, "by": holding.by.name}


def entries(session: Session, holding: Holding, pages: Mapping[str, bytes]) -> Iterator[Entry]:
    """The package from its cover to its last file."""
    case = holding.view.case
    words = WORDS.format(
        number=case.number,
        title=case.title,
        by=holding.by.name,
        at=holding.made_at.isoformat(timespec="seconds"),
        **holding.withheld,
    )
    yield Entry(ABOUT, words.encode())
    for name, body in pages.items():
        yield Entry(name, body)
    yield Entry(CASE, _json(_case(session, holding)))
    yield Entry(CHAIN, _json(_chain(holding)))
    yield Entry(LETTERS, _json([_letter(holding, each) for each in holding.letters]))
    yield Entry(SIGNATURES, _json([_signature(holding, each) for each in holding.signatures]))
    for row, form in forms(session, holding.view):
        yield Entry(f"papers/{row.seq:04}.json", _json(_paper(holding, row, form)))
    for number, row in enumerate(holding.documents, start=1):
        yield from _document(session, number, row)
    for ref in sorted(holding.files):
        yield Entry(str(holding.path(ref)), holding.files[ref])


def forms(session: Session, view: CaseView) -> list[tuple[Any, Any]]:
    """The papers, each with the form that it was sent under."""
    under = definitions.written_under(session, view.folder)
    return [(row, under(row.version_id).form(row.element, row.form)) for row in view.submissions]


def _case(session: Session, holding: Holding) -> dict[str, Any]:
    case, folder = holding.view.case, holding.view.folder
    return {
        "ref": case.ref,
        "number": case.number,
        "title": case.title,
        "process": case.process,
        "process_digest": folder.digest,
        "policy": definitions.policy_of(session, case.release_id),
        "subject": case.subject,
        "region": case.region,
        "organ": case.organ,
        "outcome": case.outcome,
        "started_at": case.started_at,
        "ended_at": case.ended_at,
        "withheld": dict(holding.withheld),
    }


def _chain(holding: Holding) -> dict[str, Any]:
    last = holding.lines[-1] if holding.lines else Head()
    return {
        "case": holding.view.case.id,
        "seq": last.seq,
        "head": last.hash,
        "lines": [{**_links(each), **(_said(each.fact) if each.fact else {})} for each in holding.lines],
    }


def _links(line: Link) -> dict[str, Any]:
    return {"seq": line.seq, "alg": line.alg, "prev": line.prev, "hash": line.hash}


def _said(fact: history.Fact) -> dict[str, Any]:
    """What is hashed of a line, in its own shape: the moment in microseconds since 1970."""
    at = (fact.at - EPOCH) // MICROSECOND
    return {"at": at, "kind": fact.kind, "by": fact.by, "element": fact.element, "detail": fact.detail}


def _paper(holding: Holding, row: Any, form: Any) -> dict[str, Any]:
    answers = contacts.disclosed(form, row.answers, holding.by) if form else row.answers
    refs = form.files_of(row.answers) if form else ()
    return {
        "seq": row.seq,
        "element": row.element,
        "item": row.item,
        "form": row.form,
        "by": row.by,
        "acting": row.acting,
        "received_at": row.received_at,
        "digest": row.digest,
        "answers": dict(answers),
        "files": {ref: holding.path(ref) for ref in refs},
    }


def _letter(holding: Holding, row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "organ": row.name,
        "dated_on": row.dated_on,
        "signer": row.signer,
        "purpose": row.purpose,
        "carried_at": row.carried_at,
        "scan": holding.path(row.scan),
    }


def _signature(holding: Holding, each: OnPaper) -> dict[str, Any]:
    row = each.row
    fact = {"place": row.place, "signer": row.signer, "signed_on": row.signed_on, "page": row.page}
    if not each.open:
        return fact
    return {
        **fact,
        "outcome": row.outcome,
        "words": row.words,
        "scan": holding.path(row.scan),
        "entered_by": row.entered_name,
        "confirmed_by": row.confirmed_name,
        "confirmed_at": row.confirmed_at,
    }


def _document(session: Session, number: int, row: Record[Any]) -> Iterator[Entry]:
    """A document as it went out, as a file to read on, and where it stood."""
    spoken = f"{number:02}-{row.number or ''}{row.title}"
    stem = f"documents/{names.clean(spoken)[:80].strip('. ')}"
    whole, draft = document.whole(session, row), document.is_draft(row)
    final = files.find(session, row.final_file) if row.final_file else None
    ending = names.extension(final.name) if final else "pdf"
    yield Entry(f"{stem}.{ending}", final or press.pdf(whole, draft=draft))
    yield Entry(f"{stem}.docx", word.docx(whole, draft=draft))
    facts = ("ref", "kind", "number", "title", "state", "signer", "signed_how", "signed_on", "dated_on", "sealed_on")
    more = ("issued_on", "disclosure", "published_at", "archived_at", "archive", "version", "digest")
    sent = ("name", "role", "sent_at", "received_at", "how", "person")
    stands = {
        **{name: getattr(row, name) for name in (*facts, *more)},
        "versions": [
            {"number": each.number, "digest": each.digest, "at": each.at} for each in document.versions(session, row.id)
        ],
        "receipts": [{name: getattr(each, name) for name in sent} for each in receipts.of_document(session, row.id)],
    }
    yield Entry(f"{stem}.json", _json(stands))


def _json(found: Any) -> bytes:
    return orjson.dumps(found, option=orjson.OPT_INDENT_2)
