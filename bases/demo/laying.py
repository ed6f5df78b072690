"""Laying the demo's story into an empty house; a second time it finds everything there and changes nothing."""

from datetime import date, datetime

from sqlalchemy import select

from bases import register
from bases.demo import rows, story
from bases.demo.answers import answers, body_name
from bases.demo.rows import DemoBase
from bases.filing import information
from bases.filing.values import Filing
from bases.register import title
from ground import organs, parameters, pinyin
from ground.clock import DAY, local_day
from ground.database import Session
from ground.organs import Organ

# The day from which everybody of the story holds office: that of the measures.
SINCE = date(2020, 6, 9)
CONTACT = {
    "office": "四川省商务厅外贸处（演示）",
    "phone": "028-00000000",
    "fax": "028-00000000",
    "email": "notice@example.com",
    "address": "成都市（演示地址）",
    "oversight_phone": "028-00000000",
}


def lay(session: Session, now: datetime) -> None:
    """Write bodies, bases, persons and last filings that are not there yet.

    The figures of the demo end with 2025; in a later year they count back from the year before that one.
    """
    _contact(session)
    bodies = _bodies(session)
    story.lay(session, SINCE)
    known = {row.organ_id for row in session.execute(select(register.Base.organ_id))}
    for base in rows.bases().values():
        if bodies[base.body] not in known:
            _enter(session, base, bodies[base.body], now)


def stand_in(session: Session) -> None:
    """Let the story's stand-ins act where it has nobody."""
    story.stand_in(session, SINCE)


def _contact(session: Session) -> None:
    """The seed knows only the office; the demo prints a whole block of contacts."""
    if len(parameters.history(session, "notice.contact")) == 1:
        parameters.change(session, "notice.contact", CONTACT, SINCE + DAY)


def _bodies(session: Session) -> dict[str, int]:
    known = {row.code: row.id for row in session.execute(select(Organ.code, Organ.id))}
    for base in rows.bases().values():
        if base.body not in known:
            known[base.body] = organs.add(
                session,
                base.body,
                body_name(base),
                f"Base Office of {base.name_en} ({base.feature_en})",
                kind="base_body",
                region=base.county or base.city,
                valid_from=SINCE,
                parent_id=known[f"county-{base.county}" if base.county else f"city-{base.city}"],
            )
    return known


def _enter(session: Session, base: DemoBase, organ: int, now: datetime) -> None:
    base_id = register.add(
        session,
        register.Facts(
            name=base.name,
            name_en=base.name_en,
            sort_key=pinyin.key(base.name),
            extent=base.extent,
            city=base.city,
            county=base.county or None,
            industry=base.industry,
            carriers=[base.carriers],
            feature=base.feature,
            hs_codes=base.hs_codes.split(";"),
            area_mu=int(base.area_mu),
            organ_id=organ,
        ),
        now,
    )
    if held := [(kind, year) for kind, year in base.named if year < local_day(now).year]:
        title.inherit(session, base_id, held, now)
    filler = story.filler_of(base.body)
    given = answers(base.key, filler.name) if filler else answers(base.key)
    information.file(session, base_id, local_day(now).year - 1, given, Filing(now))
