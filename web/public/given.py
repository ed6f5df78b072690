"""What the public form of an objection brings: read strictly, said back word for word where something is wrong.

Files that were good are kept under a signed mark while the rest is mended, so nobody has to choose them twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from bases.verdicts import objector
from bases.verdicts.objector import Given
from ground import files
from ground.errors import Refused
from ground.files import Received
from ground.files.refusals import TooLarge
from ground.types import clean

PERSON, UNIT, ANONYMOUS = "person", "unit", "anonymous"
WHO = (PERSON, UNIT, ANONYMOUS)
TEXTS = {
    "name": objector.NAME,
    "contact_person": objector.NAME,
    "contact": objector.CONTACT,
    "facts": objector.FACTS,
}
FILES = {objector.SEAL: 1, objector.EVIDENCE: objector.MOST_EVIDENCE}
LARGEST = 10_000_000
SHORTEST_CONTACT = 5
KEPT_SECONDS = 12 * 3600
SALT = "objection files"
KINDS = frozenset({"application/pdf", "image/png", "image/jpeg"})


@dataclass
class Typed:
    """The form as it was typed: texts, kept files by field, and what is wrong where, as codes."""

    base: str = ""
    who: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[Received]] = field(default_factory=dict)
    wrong: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    def at(self, name: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """What is wrong at one field."""
        return [(code, detail) for where, code, detail in self.wrong if where == name]

    def given(self) -> Given:
        """What the house takes in; an anonymous clue carries no name, whatever was typed before."""
        anonymous, unit = self.who == ANONYMOUS, self.who == UNIT
        return Given(
            unit=unit,
            name="" if anonymous else self.texts["name"],
            contact_person=self.texts["contact_person"] if unit else "",
            contact="" if anonymous else self.texts["contact"],
            facts=self.texts["facts"],
            seal=next(iter(self.files[objector.SEAL]), None) if unit else None,
            evidence=tuple(self.files[objector.EVIDENCE]),
        )


def marks(typed: Typed, secret: str) -> dict[str, list[tuple[str, Received]]]:
    """The kept files with the marks under which the form may bring them again."""
    signer = _signer(secret)
    return {name: [(signer.dumps(asdict(one)), one) for one in kept] for name, kept in typed.files.items()}


def read(request: Request, bases: Mapping[str, Any], secret: str) -> Typed:
    """Read the form; `bases` are the refs that may be objected to."""
    typed = Typed(base=request.form.get("base", ""), who=request.form.get("who", ""))
    typed.texts = {name: clean(request.form.get(name, "")).strip() for name in TEXTS}
    for name, most in FILES.items():
        typed.files[name] = _files(request, name, most, secret, typed.wrong)
    checks: Sequence[Callable[[Typed, Mapping[str, Any]], None]] = (_choices, _lengths, _named, _said)
    for check in checks:
        check(typed, bases)
    return typed


def _choices(typed: Typed, bases: Mapping[str, Any]) -> None:
    if typed.base not in bases:
        typed.wrong.append(("base", "objection.no_base", {}))
    if typed.who not in WHO:
        typed.wrong.append(("who", "objection.no_kind", {}))


def _lengths(typed: Typed, _bases: Mapping[str, Any]) -> None:
    typed.wrong += [
        (name, "objection.too_long", {"max": most}) for name, most in TEXTS.items() if len(typed.texts[name]) > most
    ]


def _named(typed: Typed, _bases: Mapping[str, Any]) -> None:
    """Whoever does not want to give name and contact says so; a gap is not taken for it."""
    if typed.who not in {PERSON, UNIT}:
        return
    if len(typed.texts["name"]) < objector.SHORTEST_TRACE:
        typed.wrong.append(("name", f"objection.no_name.{typed.who}", {}))
    if len(typed.texts["contact"]) < SHORTEST_CONTACT:
        typed.wrong.append(("contact", "objection.no_contact", {}))
    if typed.who == UNIT and not typed.files[objector.SEAL]:
        typed.wrong.append((objector.SEAL, "objection.no_seal", {}))


def _said(typed: Typed, _bases: Mapping[str, Any]) -> None:
    named = typed.who in {PERSON, UNIT}
    if not typed.texts["facts"] and (named or not typed.files[objector.EVIDENCE]):
        typed.wrong.append(("facts", "objection.no_facts", {}))


def _files(request: Request, name: str, most: int, secret: str, wrong: list[Any]) -> list[Received]:
    kept = [one for mark in request.form.getlist(f"kept.{name}")[:most] if (one := _kept(mark, secret))]
    dropped = set(request.form.getlist(f"drop.{name}"))
    kept = [one for one in kept if one.sha256 not in dropped]
    for sent in request.files.getlist(name):
        if not sent.filename:
            continue
        if len(kept) >= most:
            wrong.append((name, "objection.too_many_files", {"most": most}))
            break
        try:
            kept.append(_received(sent))
        except Refused as refusal:
            wrong.append((name, refusal.code, refusal.detail))
    return kept


def _received(sent: FileStorage) -> Received:
    sent.stream.seek(0, 2)
    size = sent.stream.tell()
    sent.stream.seek(0)
    if size > LARGEST:
        raise TooLarge(most=LARGEST)
    received = files.receive(sent.stream, sent.filename or "")
    if received.media_type not in KINDS:
        raise NotAPaper(media_type=received.media_type)
    return received


def _kept(mark: str, secret: str) -> Received | None:
    try:
        return Received(**_signer(secret).loads(mark, max_age=KEPT_SECONDS))
    except (BadSignature, TypeError):
        return None


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=SALT)


class NotAPaper(Refused):
    """The public sends PDF files and pictures only: no archives, no office files with what may hide in them."""

    code = "objection.not_a_paper"
    status = 422
