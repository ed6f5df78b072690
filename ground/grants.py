"""Roles and grants: who is given which role in which organ, from when, and which roles nobody holds together."""

from datetime import date, timedelta

from sqlalchemy import ForeignKey, Index, UniqueConstraint, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Day, Id

ROLES = (
    "base_filler",
    "base_authority",
    "city_officer",
    "city_section_head",
    "city_leader",
    "prov_officer",
    "prov_checker",
    "prov_division_head",
    "prov_office",
    "legal",
    "prov_leader",
    "expert",
    "panel_leader",
    "visit_team",
    "dept_liaison",
    "fair_trade",
    "meeting_secretary",
    "supervisor",
    "process_owner",
    "auditor",
    "sysadmin",
    "secadmin",
    "auditadmin",
)
# 三员分立: nobody holds two of these at once, nor one of them beside work on cases.
ADMINISTRATORS = ("sysadmin", "secadmin", "auditadmin")
# Whose tasks a substitute may do. Experts are asked by name, and who watches over the work lends that to nobody.
LENDABLE = frozenset(ROLES) - {
    *ADMINISTRATORS,
    "expert",
    "panel_leader",
    "visit_team",
    "supervisor",
    "process_owner",
    "auditor",
}


class Grant(Row):
    """A person holds a role in an organ for a time; one person may hold several."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "organ_id", "valid_from"),
        Index(None, "organ_id", "role"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(Code(30))
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"))
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RoleUnknown(Refused):
    """No such role."""

    code = "people.role_unknown"
    status = 422


class AdministratorsApart(Refused):
    """System, security and audit administration are three persons, and none of them works on cases."""

    code = "people.administrators_apart"


def give(session: Session, person_id: int, role: str, organ_id: int, on: date, by: int | None = None) -> int:
    """Give a role in an organ from this day on and return the grant's number."""
    if role not in ROLES:
        raise RoleUnknown(role=role, known=ROLES)
    _keep_administrators_apart(session, person_id, role, on)
    values = {"person_id": person_id, "role": role, "organ_id": organ_id, "valid_from": on, "granted_by": by}
    number: int = session.scalar(insert(Grant).values(**values).returning(Grant.id))
    return number


def revoke(session: Session, grant_id: int, on: date) -> None:
    """End a grant: the day before `on` is its last."""
    session.execute(update(Grant).where(Grant.id == grant_id).values(valid_to=on - timedelta(days=1)))


def _keep_administrators_apart(session: Session, person_id: int, role: str, on: date) -> None:
    """An administrator holds no second role, and who works on cases administers nothing."""
    apart = Grant.role != role if role in ADMINISTRATORS else Grant.role.in_(ADMINISTRATORS)
    lasting = or_(Grant.valid_to.is_(None), Grant.valid_to >= on)
    found = session.scalar(select(Grant.role).where(Grant.person_id == person_id, apart, lasting))
    if found:
        raise AdministratorsApart(person=person_id, role=role, holds=found)
