"""Whoever reports each year in three bases and two cities, where the demo has nobody: fillers, authorities, signers."""

from ground import clock, organs, people
from ground.database import Session, transaction

# login: role, organ. 绵阳市 is a whole city's base; 安州区 lies in it, 三江新区 in 宜宾市.
STAFF = {
    "fill.mianyang": ("base_filler", "base-B007"),
    "fill.anzhou": ("base_filler", "base-B035"),
    "fill.sanjiang": ("base_filler", "base-B014"),
    "sign.anzhou": ("base_authority", "county-510705"),
    "sign.sanjiang": ("base_authority", "county-511502"),
    "head.mianyang": ("city_section_head", "city-510700"),
    "leader.mianyang": ("city_leader", "city-510700"),
}


def add() -> None:
    """Add them, from the first day of the calendar of the tests on."""
    with transaction() as session:
        for login in STAFF:
            _add(session, login)


def _add(session: Session, login: str) -> None:
    role, organ = STAFF[login]
    person = people.add_person(session, login, login, login)
    people.grant(session, person, role, organs.body(session, organ).id, clock.today())
