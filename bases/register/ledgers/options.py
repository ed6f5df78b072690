"""What can be chosen in a register's form from elsewhere: codes, bases, organs, clauses, entries of other registers.

Read from the house at the moment of asking, so a code that was added is offered without a release.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import or_, select

from bases.measures import clauses
from bases.register.base import Base
from bases.register.ledgers import code_lists, definition
from bases.register.ledgers.definition import Register
from bases.register.ledgers.entry import LIVE, LedgerEntry
from engine.forms import Form
from ground.database import Session
from ground.organs import Organ

MOST = 500
GIVERS = ("province", "department", "city", "county")

Options = dict[str, list[dict[str, str]]]
Words = dict[str, str]


def form(
    session: Session, register: Register, place: Mapping[str, Any], kept: Mapping[str, Any] | None = None
) -> tuple[Form, Words]:
    """The form to fill at a place, with English words for what can be chosen; `kept` stays choosable, once chosen."""
    options: Options = {}
    words: Words = dict(definition.words())
    for name, source in register.sources():
        chosen = _refs((kept or {}).get(name))
        found = _from(session, source, place, chosen)
        options[name] = [{"code": code, "label": zh} for code, zh, _en in found]
        words |= {zh: en for _code, zh, en in found if en}
    return register.form(options), words


def reading(session: Session, register: Register, answers: Collection[Mapping[str, Any]]) -> tuple[Form, Words]:
    """The form to read these answers with: of what comes from other registers only what was chosen in them."""
    options: Options = {}
    words: Words = dict(definition.words())
    for name, source in register.sources():
        chosen = {ref for each in answers for ref in _refs(each.get(name))}
        found = _named(session, source, chosen)
        options[name] = [{"code": code, "label": zh} for code, zh, _en in found]
        words |= {zh: en for _code, zh, en in found if en}
    return register.form(options), words


Found = list[tuple[str, str, str]]


def _from(session: Session, source: str, place: Mapping[str, Any], chosen: Collection[str]) -> Found:
    kind, _, what = source.partition(":")
    if kind == "entries":
        return _entries(session, what, place, chosen)
    if kind == "organs":
        return _organs(session, place.get("city"))
    return _WHOLE[kind](session, what)


def _named(session: Session, source: str, chosen: Collection[str]) -> Found:
    kind, _, what = source.partition(":")
    if kind == "entries":
        rows = session.execute(select(LedgerEntry.ref, LedgerEntry.label).where(LedgerEntry.ref.in_(set(chosen))))
        return [(row.ref, row.label, "") for row in rows][:MOST]
    if kind == "organs":
        rows = session.execute(select(Organ.ref, Organ.name, Organ.name_en).where(Organ.ref.in_(set(chosen))))
        return [(row.ref, row.name, row.name_en) for row in rows][:MOST]
    return _WHOLE[kind](session, what)


def _entries(session: Session, register: str, place: Mapping[str, Any], chosen: Collection[str]) -> Found:
    """Standing entries of the same base, or of the same city and the province; and what was chosen before."""
    stands = (LedgerEntry.state == LIVE) & (LedgerEntry.register == register)
    if definition.of(register).scope == definition.BASE:
        stands &= LedgerEntry.base_id == place.get("base_id")
    else:
        stands &= or_(LedgerEntry.city.is_(None), LedgerEntry.city == place.get("city"))
    rows = session.execute(
        select(LedgerEntry.ref, LedgerEntry.label)
        .where(or_(stands, LedgerEntry.ref.in_(set(chosen))))
        .order_by(LedgerEntry.sort_key, LedgerEntry.id)
        .limit(MOST)
    )
    return [(row.ref, row.label, "") for row in rows]


def _organs(session: Session, city: str | None) -> Found:
    """The organs of the province, and those of the city."""
    near = Organ.region.startswith(city[:4]) if city else Organ.kind == "city"
    rows = session.execute(
        select(Organ.ref, Organ.name, Organ.name_en)
        .where(
            Organ.kind.in_(GIVERS),
            or_(Organ.kind.in_(("province", "department")), near),
            Organ.valid_to.is_(None),
        )
        .order_by(Organ.kind.desc(), Organ.sort_key, Organ.id)
        .limit(MOST)
    )
    return [(row.ref, row.name, row.name_en) for row in rows]


def _codes(session: Session, what: str) -> Found:
    return [(each.code, each.zh, each.en) for each in code_lists.of(session, what).values()]


def _bases(session: Session, _what: str) -> Found:
    rows = session.execute(select(Base.ref, Base.name, Base.name_en).order_by(Base.sort_key, Base.id).limit(MOST))
    return [(row.ref, row.name, row.name_en) for row in rows]


def _clauses(_session: Session, _what: str) -> Found:
    """Article 9, Article 10(6), 三(五): under the id that every page cites."""
    return [(each.id, *_clause_words(each.id)) for each in clauses.every().values()]


def _clause_words(id_: str) -> tuple[str, str]:
    if id_[0] in "一二三四":
        number = id_.translate(str.maketrans("一二三四五", "12345"))
        return f"实施意见{id_}", f"Opinions, part {number}"
    return (f"管理办法第{id_}条", f"Measures, Article {id_}") if id_[0].isdigit() else (id_, "Annex")


def _refs(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


_WHOLE: Mapping[str, Callable[[Session, str], Found]] = {"codes": _codes, "bases": _bases, "clauses": _clauses}
