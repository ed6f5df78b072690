"""An objection that came by letter: an officer enters it with its scan and the day on which it arrived.

Whoever had a hand in the base's case does not enter it: the letter names who objected.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from bases.verdicts import handling, notice, objection, objector
from bases.verdicts.objector import Given
from ground import clock, files, ids, security
from ground.database import Session, reading, transaction
from ground.errors import Forbidden, Refused
from ground.files import Received
from ground.types import clean
from web.door import said, session
from web.notices.blueprint import desk

FORM_BYTES = 65_000_000
LARGEST = 10_000_000
KEY_LENGTH = 60
PERSON, UNIT, ANONYMOUS = "person", "unit", "anonymous"
TEXTS = {
    "name": objector.NAME,
    "contact_person": objector.NAME,
    "contact": objector.CONTACT,
    "facts": objector.FACTS,
}
KINDS = frozenset({"application/pdf", "image/png", "image/jpeg"})


class NotAPaper(Refused):
    """A letter is entered with its scan, as PDF or picture, of at most ten megabytes."""

    code = "objection.no_scan"
    status = 422


class NotWhole(Refused):
    """The base, in whose name, the day and, unless anonymous, the name are to be said; `missing` names what is not."""

    code = "objection.not_whole"
    status = 422


class HadAHand(Refused):
    """Whoever handled the base's case neither examines an objection to it nor reads who objected."""

    code = "objection.had_a_hand"
    status = 403


@desk.get("/office/notices/<ref>/letters/new")
def new_letter(ref: str) -> str:
    """The form."""
    return _page(ref, {}, ids.ref())


@desk.post("/office/notices/<ref>/letters")
def enter_letter(ref: str) -> Answer:
    """Keep it, once for each rendering of the form; what is wrong comes back with everything that was typed."""
    typed = {name: clean(text).strip() for name, text in request.form.items()}
    key = typed.get("key", "")[:KEY_LENGTH] or ids.ref()
    me = session.actor()
    try:
        arrived_on, given = _given(typed, request.files.getlist("scan"))
        with transaction() as store:
            found = notice.by_ref(store, ref)
            base_id = _base(store, found, typed["base"], me.person or 0)
            letter = objection.Letter(arrived_on, me.person or 0)
            taken = objector.object_to(store, found, base_id, given, key=key, now=clock.now(), letter=letter)
    except Forbidden:
        raise
    except Refused as no:
        return make_response(_page(ref, typed, key, no), no.status)
    security.note("objection.entered", person_id=me.person, ip=request.remote_addr or "", object=f"POST {taken.ref}")
    answer: Answer = redirect(url_for("notices.listed"), 303)
    said.tell(answer, "objection.late" if taken.state == objection.CLUE else "objection.entered")
    return answer


def _given(typed: Mapping[str, str], scans: Sequence[FileStorage]) -> tuple[date, Given]:
    who = typed.get("who", "")
    wanted = ["base", "arrived_on", *([] if who == ANONYMOUS else ["name"])]
    missing = [name for name in wanted if not typed.get(name)]
    long = [name for name, most in TEXTS.items() if len(typed.get(name, "")) > most]
    try:
        arrived_on = date.fromisoformat(typed.get("arrived_on", ""))
    except ValueError:
        arrived_on, missing = date.min, sorted({*missing, "arrived_on"})
    if missing or long or who not in {PERSON, UNIT, ANONYMOUS}:
        raise NotWhole(missing=[*missing, *long])
    received = [_received(each) for each in scans if each.filename][: objector.MOST_EVIDENCE + 1]
    if not received:
        raise NotAPaper
    sealed = who == UNIT and typed.get("sealed") == "yes"
    named = who != ANONYMOUS
    return arrived_on, Given(
        unit=who == UNIT,
        name=typed.get("name", "") if named else "",
        contact_person=typed.get("contact_person", "") if who == UNIT else "",
        contact=typed.get("contact", "") if named else "",
        facts=typed.get("facts", ""),
        seal=received[0] if sealed else None,
        evidence=tuple(received[1:] if sealed else received),
    )


def _received(sent: FileStorage) -> Received:
    sent.stream.seek(0, 2)
    size = sent.stream.tell()
    sent.stream.seek(0)
    received = files.receive(sent.stream, sent.filename or "") if size <= LARGEST else None
    if received is None or received.media_type not in KINDS:
        raise NotAPaper
    return received


def _base(store: Session, found: Any, ref: str, person: int) -> int:
    listed = {row.ref: row.base_id for row in notice.bases_of(store, [found.id])[found.id] if not row.withdrawn_at}
    if ref not in listed:
        raise NotWhole(missing=["base"])
    if handling.had_a_hand(store, listed[ref], person):
        raise HadAHand
    return int(listed[ref])


def _page(ref: str, typed: Mapping[str, str], key: str, refusal: Refused | None = None) -> str:
    with reading() as store:
        found = notice.by_ref(store, ref)
        listed = [row for row in notice.bases_of(store, [found.id])[found.id] if row.withdrawn_at is None]
    return render_template(
        "notices/pages/letter.html",
        notice=found,
        listed=listed,
        typed=typed,
        limits=TEXTS,
        key=key,
        refusal=refusal,
        megabytes=LARGEST // 1_000_000,
    )
