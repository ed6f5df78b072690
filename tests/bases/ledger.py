"""Entering things in registers as persons of the demo do; answers of the demo's kind for each register."""

from typing import Any

from bases import register
from bases.register import ledgers
from bases.register.ledgers import rights
from ground import clock
from ground.database import Session
from tests.bases import moves

GOOD_CODE = "91510100MA6CGUGA1W"
ENTERPRISE = {
    "name": "示例茶业有限公司",
    "tier": "leading",
    "nature": "private",
    "global_brand": "false",
    "since": "2020",
}
PLATFORM = {"name": "红茶检测中心", "kind": "testing", "operator": "县质检所", "since": "2021"}
SUPPORT = {
    "name": "展会补助",
    "in_year": "2026",
    "direction": "markets",
    "source": "fiscal",
    "amount": "12.5",
    "standing": "active",
}

INCIDENT = {
    "title": "抽检不合格",
    "kind": "quality",
    "occurred_on": "2026-10-01",
    "party": "某企业",
    "source": "通报〔2026〕3号",
    "facts": "一批次农残超标。",
}


def by(session: Session, login: str, key: str = "") -> ledgers.By:
    """This person, now."""
    return ledgers.By(moves.actor(session, login, clock.now()), clock.now(), key)


def at(session: Session, key: str) -> str:
    """The place of a demo base: its ref."""
    return str(moves.base(session, key).ref)


def add(session: Session, code: str, where: str, who: str, /, **answers: Any) -> str:
    """One entry at a base of the demo (B042), an organ, a city or the province; its ref."""
    place = at(session, where) if where.startswith("B0") else where
    return ledgers.add(session, code, place, answers, by(session, who))


def seat(session: Session, code: str, who: str) -> str:
    """The only place at which this person may enter something there."""
    found = rights.seats(session, ledgers.of(code), by(session, who).actor)
    assert len(found) == 1
    return found[0].at


def base_id(session: Session, key: str) -> int:
    """The number of a demo base."""
    return int(register.by_ref(session, at(session, key)).id)
