"""More applicants in the city of one that the demo knows: a base beside it, its body, its filler, its papers."""

from datetime import date, datetime
from io import BytesIO

from sqlalchemy import insert, select

from bases import register
from bases.demo import answers, rows
from bases.demo.papers import PAPERS, pdf
from bases.filing import information
from bases.filing.information import StandingAnswer
from bases.filing.values import Filing
from ground import files, grants, organs, people, pinyin
from ground.clock import local_day
from ground.database import Session
from ground.organs import Organ

SINCE = date(2020, 6, 9)


def add(session: Session, beside: str, county: str, name: str, feature: str, login: str, now: datetime) -> str:
    """A base of this name and feature with the figures of the one beside it; the ref of the new base."""
    known = rows.bases()[beside]
    place = session.scalar(select(Organ.id).where(Organ.code == f"county-{county}"))
    body = organs.add(
        session, f"base-{login}", f"{name}基地办公室", login, kind="base_body", region=county, valid_from=SINCE,
        parent_id=place,
    )  # fmt: skip
    facts = register.Facts(
        name=name,
        name_en=login,
        sort_key=pinyin.key(name),
        extent=known.extent,
        city=known.city,
        county=county,
        industry=known.industry,
        carriers=[known.carriers],
        feature=feature,
        hs_codes=known.hs_codes.split(";"),
        area_mu=int(known.area_mu),
        organ_id=body,
    )
    base = register.add(session, facts, now)
    given = {**answers(beside, login), "base_name": name, "county": county, "feature": feature}
    information.file(session, base, local_day(now).year - 1, given, Filing(now))
    filler = people.add_person(session, login, login, login)
    grants.give(session, filler, "base_filler", body, SINCE)
    by = people.actor(session, filler, local_day(now))
    for field, (title, heading) in PAPERS.items():
        stored = files.store(session, BytesIO(pdf([heading, login])), title, by, now)
        session.execute(insert(StandingAnswer).values(base_id=base, field=field, body=stored.ref))
    return str(register.by_id(session, base).ref)


def hold(session: Session, login: str, role: str, organ: str) -> None:
    """Let somebody of the demo hold one more role there."""
    person = session.scalar(select(people.Person.id).where(people.Person.login == login))
    grants.give(session, person, role, session.scalar(select(Organ.id).where(Organ.code == organ)), SINCE)
