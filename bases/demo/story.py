"""The persons of the story and their cards: who they are, what they do here, and whom to try first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bases.demo import rows
from bases.review import experts
from ground import grants, organs, people
from ground.database import Session
from ground.grants import Grant
from ground.organs import Organ
from ground.people import Person

STAND_INS = {"base_filler": "bao.dong", "base_authority": "lei.ting", "city_officer": "zeng.yu"}


@dataclass(frozen=True)
class Card:
    """What a card «以……身份进入» shows; `first` is 1, 2, 3 on the cards to try first."""

    person: int
    ref: str
    login: str
    name: str
    name_en: str
    role: str
    role_name: str
    role_name_en: str
    organ_name: str
    organ_name_en: str
    organ_kind: str
    story: str
    story_en: str
    first: int | None


def lay(session: Session, on: date) -> None:
    """Write the units and persons that are not there yet."""
    known = _organs(session)
    for unit in rows.units():
        if unit.code not in known:
            known[unit.code] = organs.add(
                session,
                unit.code,
                unit.name,
                unit.name_en,
                kind="expert_pool",
                region=unit.region,
                valid_from=on,
                parent_id=known["sc-experts"],
            )
    logins = {row.login for row in session.execute(select(Person.login))}
    for one in rows.characters():
        if one.login not in logins:
            person = people.add_person(session, one.login, one.name, one.name_en)
            grants.give(session, person, one.role, known[one.organ], on)
            experts.describe(session, person, rows.experts().get(one.login, ()))


def stand_in(session: Session, on: date) -> None:
    """Let one person each of the story act for all bases, counties and cities that have nobody; again it finds them.

    A yearly assessment asks every base with the name at once, and the story has not a person for each of them.
    """
    known = _organs(session)
    held = {(row.role, row.organ_id) for row in session.execute(select(Grant.role, Grant.organ_id))}
    persons = dict(tuple(row) for row in session.execute(select(Person.login, Person.id)))
    for each in rows.bases().values():
        wanted = {"base_filler": each.body, "city_officer": f"city-{each.city}"}
        if each.county:
            wanted["base_authority"] = f"county-{each.county}"
        for role, organ in wanted.items() if each.named else ():
            if (role, known[organ]) not in held:
                grants.give(session, persons[STAND_INS[role]], role, known[organ], on)
                held.add((role, known[organ]))


def cards(session: Session) -> list[Card]:
    """Every person of the story, those to try first on top, then in the order of the work."""
    found = session.execute(
        select(Person.id, Person.ref, Person.login, Organ.name, Organ.name_en, Organ.kind, Grant.role)
        .join(Grant, Grant.person_id == Person.id)
        .join(Organ, Organ.id == Grant.organ_id)
        .where(Person.active, Person.login.in_([one.login for one in rows.characters()]))
    )
    where = {(row.login, row.role): row for row in found}
    every = [
        Card(
            person=row.id,
            ref=row.ref,
            login=one.login,
            name=one.name,
            name_en=one.name_en,
            role=one.role,
            role_name=one.role_name,
            role_name_en=one.role_name_en,
            organ_name=row.name,
            organ_name_en=row.name_en,
            organ_kind=row.kind,
            story=one.story,
            story_en=one.story_en,
            first=int(one.first) if one.first else None,
        )
        for one in rows.characters()
        if (row := where.get((one.login, one.role)))
    ]
    return sorted(every, key=lambda card: (card.first is None, card.first))


def filler_of(organ: str) -> rows.Character | None:
    """Who fills in for this body, if anybody of the story does."""
    return next((one for one in rows.characters() if one.organ == organ and one.role == "base_filler"), None)


def _organs(session: Session) -> dict[str, int]:
    return {row.code: row.id for row in session.execute(select(Organ.code, Organ.id))}
