"""The demo's cards «以……身份进入»: everybody of the story, by level, with what waits for them."""

from dataclasses import dataclass
from datetime import date

from bases import demo
from ground import people
from ground.database import Session
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
    """One person of the story, and how many tasks wait for them."""

    who: demo.Card
    waiting: int


@dataclass(frozen=True)
class Level:
    """The persons of one level of the administration."""

    name: str
    duty: str
    cards: tuple[Card, ...]


def by_level(session: Session, on: date) -> list[Level]:
    """First those to try first, then everybody under the level of their organ."""
    every = [Card(one, _waiting(session, one.person, on)) for one in demo.cards(session)]
    first = Level(N_("先试这三位"), N_("从填报开始，依次办理"), tuple(card for card in every if card.who.first))
    levels = [
        Level(name, duty, tuple(card for card in every if card.who.organ_kind == kind and not card.who.first))
        for kind, name, duty in LEVELS
    ]
    return [level for level in (first, *levels) if level.cards]


def _waiting(session: Session, person: int, on: date) -> int:
    counts = queue.counts(session, people.actor(session, person, on))
    return counts.free + counts.mine
