"""The demo's cards «以……身份进入»: everybody one can be, by level, with what waits for them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ground import people
from ground.database import Session
from ground.people import Actor, Person
from tasks import queue
from web.words.catalogue import N_

LEVELS = (
    ("base_body", N_("基地"), N_("填报信息表，提交材料")),
    ("county", N_("县（市、区）"), N_("基地所在地主管部门审核签批")),
    ("city", N_("市（州）"), N_("初审并上报")),
    ("province", N_("省商务厅"), N_("受理、复核、公示、决定")),
    ("expert_pool", N_("评审专家"), N_("各自独立评分")),
    ("department", N_("有关部门"), N_("配合办理")),
)


@dataclass(frozen=True)
class Card:
    """One person of the story."""

    who: Actor
    waiting: int


@dataclass(frozen=True)
class Level:
    """The persons of one level of the administration."""

    name: str
    duty: str
    cards: tuple[Card, ...]


def by_level(session: Session, on: date) -> list[Level]:
    """Every active person who holds a role, under the level of their first organ."""
    rows = session.execute(select(Person.id).where(Person.active).order_by(Person.id))
    everybody = [people.actor(session, row.id, on) for row in rows]
    cards = [Card(who, _waiting(session, who)) for who in everybody if who.held]
    levels = [
        Level(name, duty, tuple(card for card in cards if card.who.held[0].organ_kind == kind))
        for kind, name, duty in LEVELS
    ]
    return [level for level in levels if level.cards]


def _waiting(session: Session, who: Actor) -> int:
    counts = queue.counts(session, who)
    return counts.free + counts.mine
