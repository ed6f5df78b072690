"""表扬 (Article 13(1), notice 四(二)): the bases of a year that are praised by circular, and their register.

D12 proposes and decides nothing; a leader selects. Only a base that passed can be selected: here, and in the table.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Row as Record, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.register import breach
from bases.register.base import Base
from bases.verdicts import assessment, campaign, year_facts
from engine import cases, definitions
from engine.cases import Case
from ground import organs, parameters
from ground.database import Row, Session, reading
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor
from ground.types import Code, Day, Id, Text, Whole

PROCESS, TITLE, SUBJECT = "commendation", "表扬通报", "commendation:"
DEPARTMENT = "sc-mofcom"
OFFICER = "prov_officer"
SHARE, TABLE, YES = "commend.share", "candidates", "yes"
WHOLE = 100


class Commendation(Row):
    """One base praised for one year: why, and by which circular of which day.

    `outcome` repeats the result of the assessment, so that the table itself holds none of a base that did not pass.
    """

    __tablename__ = "commendation"
    __table_args__ = (
        UniqueConstraint("base_id", "year"),
        ForeignKeyConstraint(
            ["assessment_id", "base_id", "outcome"], ["assessment.id", "assessment.base_id", "assessment.outcome"]
        ),
        CheckConstraint("outcome = 'pass'", name="ck_commendation_outcome"),
        Index("ix_commendation_year", "year"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    year: Mapped[int] = mapped_column(Whole)
    assessment_id: Mapped[int] = mapped_column(Id)
    outcome: Mapped[str] = mapped_column(Code())
    reason: Mapped[str] = mapped_column(Text(500))
    document: Mapped[str] = mapped_column(Text(120))
    issued_on: Mapped[date] = mapped_column(Day)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))


class NotPassed(Refused):
    """S-2.4: only a base that passed this year's assessment can be praised for it."""

    code = "commendation.not_passed"
    status = 422


class NothingPassed(Refused):
    """No base has passed an assessment of this year, so there is nobody to choose from."""

    code = "commendation.nothing_passed"


def start(year: int, *, by: Actor, key: str) -> cases.Started:
    """Begin the circular of a year whose assessment has results; Forbidden for all but an officer."""
    if not by.has(OFFICER):
        raise Forbidden(process=PROCESS)
    with reading() as session:
        check_year(session, year)
        organ = organs.body(session, DEPARTMENT)
    return cases.start(
        PROCESS,
        subject=f"{SUBJECT}{year}",
        region=organ.region,
        organ=organ.id,
        title=f"{year}年度{TITLE}",
        data={"year": year},
        alone=True,
        by=by,
        key=key,
    )


def check_year(session: Session, year: int) -> None:
    """NothingPassed where nobody could be praised for this year."""
    if not passed(session, year):
        raise NothingPassed(year=year)


def year_of(subject: str) -> int:
    """The year that a case is about."""
    found = subject.removeprefix(SUBJECT)
    if found == subject or not found.isdigit():
        raise Missing(subject=subject)
    return int(found)


def years(session: Session) -> list[int]:
    """The years in which a base passed, the newest first."""
    wanted = select(assessment.Assessment.year).where(assessment.Assessment.outcome == assessment.PASS).distinct()
    return sorted((int(year) for year in session.execute(wanted).scalars()), reverse=True)


def passed(session: Session, year: int) -> list[Record[Any]]:
    """The bases that passed this year, the highest total first."""
    found = campaign.of_year(session, year)
    entries = assessment.of_campaign(session, found.id) if found else ()
    return sorted(
        (each for each in entries if each.outcome == assessment.PASS), key=lambda one: (-(one.total or 0), one.base_id)
    )


def candidates(session: Session, year: int, case_id: int) -> list[dict[str, Any]]:
    """D12: each base that passed with its breaches of the year, and whether the table proposes it."""
    found = passed(session, year)
    places = max(1, len(found) * int(parameters.value(session, SHARE, date(year, 12, 31)).value) // WHOLE)
    table = definitions.pinned(session, _release(session, case_id)).tables[TABLE]
    rows = []
    for each in found:
        place = 1 + sum((other.total or 0) > (each.total or 0) for other in found)
        late = len(breach.of_base(session, each.base_id, date(year, 1, 1), date(year, 12, 31)))
        given = {"breaches": late, "place": place, "places": places}
        rows.append({"row": each, "breaches": late, "proposed": table.decide(given).result["proposed"]})
    return rows


def chosen(session: Session, year: int, answers: Mapping[str, Any]) -> list[tuple[Record[Any], str]]:
    """The bases that a list praises, each with the reason; NotPassed for one that did not pass this year."""
    known = {each.number: each for each in passed(session, year)}
    wanted = [row for row in answers.get("bases") or [] if row.get("praise") == YES]
    wrong = sorted(str(row.get("number")) for row in wanted if row.get("number") not in known)
    if wrong:
        raise NotPassed(numbers="、".join(wrong))
    return [(known[row["number"]], row["reason"]) for row in wanted]


def enter(session: Session, case_id: int, selected: Sequence[tuple[Record[Any], str]], number: str, on: date) -> int:
    """The circular has been issued: one row for each base, once a year; how many are new."""
    new = 0
    for each, reason in selected:
        if each.outcome != assessment.PASS:
            raise NotPassed(numbers=str(each.number))
        row = {"base_id": each.base_id, "year": each.year, "assessment_id": each.id, "outcome": each.outcome}
        new += session.put_once(
            Commendation, {**row, "reason": reason, "document": number, "issued_on": on, "case_id": case_id}
        )
    return new


def of_base(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """For what a base was praised, the newest year first."""
    return session.execute(
        select(*Commendation.__table__.columns)
        .where(Commendation.base_id == base_id)
        .order_by(Commendation.year.desc(), Commendation.id)
    ).all()


def every(session: Session) -> Sequence[Record[Any]]:
    """The register of commendations, the newest year first, with each base's name and the case."""
    named = (Base.ref.label("base_ref"), Base.name.label("base_name"), Base.name_en.label("base_name_en"))
    return session.execute(
        select(*Commendation.__table__.columns, *named, Case.ref.label("case_ref"))
        .join(Base, Base.id == Commendation.base_id)
        .join(Case, Case.id == Commendation.case_id)
        .order_by(Commendation.year.desc(), Base.sort_key, Base.id)
    ).all()


def _release(session: Session, case_id: int) -> int:
    return int(session.scalar(select(Case.release_id).where(Case.id == case_id)))


@year_facts.outcomes
def _praised(session: Session, bases: Sequence[int], year: int) -> Mapping[int, Sequence[str]]:
    """For the report of the year: which circular praised which of these bases in it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    wanted = select(Commendation.base_id, Commendation.document).where(
        Commendation.base_id.in_(list(bases)), Commendation.issued_on.between(first, last)
    )
    return {row.base_id: [f"受到通报表扬（{row.document}）"] for row in session.execute(wanted)}
