"""A yearly assessment (年度专项考核, Article 11): its year, its days, the rolling number, and how it begins.

A campaign holds no case: opened, it asks for one assessment per base, and from then on it reads where they stand. The
number under rolling management (滚动管理数量, Article 4) is shown beside the results and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.verdicts import subjects
from engine import cases
from ground import clock, jobs, parameters, people, regions
from ground.database import Row, Session, reading, transaction
from ground.errors import Forbidden, Missing, Refused
from ground.ids import ref as new_ref
from ground.people import Actor
from ground.types import Code, Day, Id, Instant, Ref, Text, Whole

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
SUBJECT = "campaign:"
PROCESS, TITLE = "assessment-campaign", "年度专项考核"
OFFICER = "prov_officer"
BEGINS_ON = "assess.begins_on"
KIND = "campaign.begin"
DRAFTING = 1


class Campaign(Row):
    """One yearly assessment; it is a draft until its cases have been asked for.

    `document` is the number of its 考核通知, empty where none was issued; `expected` how many bases are assessed;
    `drafting` is 1 in the one row that is being planned, so that two cannot be begun at once. Nobody created the one
    that the system began on its day.
    """

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    state: Mapped[str] = mapped_column(Code())
    year: Mapped[int | None] = mapped_column(Whole, unique=True)
    opens_on: Mapped[date | None] = mapped_column(Day)
    closes_on: Mapped[date | None] = mapped_column(Day)
    rolling: Mapped[int | None] = mapped_column(Whole)
    criteria: Mapped[str | None] = mapped_column(Code())
    document: Mapped[str | None] = mapped_column(Text(120))
    expected: Mapped[int | None] = mapped_column(Whole)
    drafting: Mapped[int | None] = mapped_column(Whole, unique=True)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    created_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Incomplete(Refused):
    """A campaign does not open without criteria and without its two dates, in their order."""

    code = "campaign.incomplete"
    status = 422


class YearTaken(Refused):
    """S-2.3: the bases of this year are assessed already, and once a year is how often they are."""

    code = "campaign.year_taken"
    status = 422


class BeingPlanned(Refused):
    """Another officer is planning a campaign; `number` is that case."""

    code = "campaign.being_planned"


@dataclass(frozen=True)
class Plan:
    """What an officer fixes for a campaign; `rolling` None is «not fixed»."""

    year: int
    opens_on: date
    closes_on: date
    rolling: int | None
    criteria: str


def begin(*, by: Actor, key: str) -> cases.Started:
    """Begin a campaign with its case; whoever is planning one is led back to it, others are refused meanwhile."""
    home = next((held for held in by.held if held.role == OFFICER), None)
    if home is None or by.person is None:
        raise Forbidden(process=PROCESS)
    with transaction() as session:
        begun = prepare(session, by.person, clock.now())
    try:
        return _start(begun, home.region, home.organ_id, by, key)
    except cases.AlreadyOpen:
        return _begun_before(begun, by)


def prepare(session: Session, by: int | None, now: datetime) -> int:
    """The campaign about which nothing is fixed yet, made unless there is one. Its number."""
    values = {"ref": new_ref(), "state": DRAFT, "drafting": DRAFTING, "created_by": by, "created_at": now}
    session.put_once(Campaign, values)
    return int(session.scalar(select(Campaign.id).where(Campaign.drafting == DRAFTING)))


def expect(session: Session, on: date) -> None:
    """See to it that the campaign of the next 1 April begins by itself; asked for again it changes nothing."""
    month, day = (int(part) for part in str(parameters.value(session, BEGINS_ON, on).value).split("-"))
    year = on.year + (date(on.year, month, day) < on)
    starts = clock.start_of(date(year, month, day))
    jobs.enqueue(session, KIND, {"year": year}, run_at=starts, dedupe=f"{KIND}:{year}")


@jobs.handler(KIND)
def begin_yearly(payload: Mapping[str, Any]) -> None:
    """The day has come: begin the year's campaign unless somebody has, and look out for the next.

    It only asks the officer to plan it: nothing is opened by the clock.
    """
    year, today = int(payload["year"]), clock.today()
    with transaction() as session:
        expect(session, date(year + 1, 1, 1))
        if session.scalar(select(Campaign.id).where(or_(Campaign.year == year, Campaign.drafting == DRAFTING))):
            return
        key = people.resolve(session, OFFICER, "province", None, regions.PROVINCE, today).key
        begun = prepare(session, None, clock.now())
    try:
        _start(begun, regions.PROVINCE, int(key.partition("@")[2]), people.SYSTEM, f"{KIND}:{year}")
    except cases.AlreadyOpen:
        return


def subject(campaign_id: int) -> str:
    """How a case names the campaign it is about."""
    return f"{SUBJECT}{campaign_id}"


def number(named: str) -> int | None:
    """The 3 of `campaign:3`; None where a case is about something else."""
    return subjects.number(SUBJECT, named)


def of_subject(session: Session, named: str) -> Record[Any]:
    """The campaign that a case is about."""
    found = number(named)
    if found is None:
        raise Missing(subject=named)
    return by_id(session, found)


def by_id(session: Session, campaign_id: int) -> Record[Any]:
    """The campaign of this number."""
    return _one(session, Campaign.id == campaign_id, campaign=campaign_id)


def by_ref(session: Session, ref: str) -> Record[Any]:
    """The campaign of this ref."""
    return _one(session, Campaign.ref == ref, campaign=ref)


def of_year(session: Session, year: int) -> Record[Any] | None:
    """The campaign of this year, if one is fixed."""
    return session.execute(select(*_COLUMNS).where(Campaign.year == year)).one_or_none()


def every(session: Session) -> Sequence[Record[Any]]:
    """All campaigns, the one that is being planned as well, the newest first."""
    return session.execute(select(*_COLUMNS).order_by(Campaign.id.desc())).all()


def opened(session: Session) -> Sequence[Record[Any]]:
    """The campaigns whose cases have been asked for, the newest first: what cities know of."""
    return session.execute(select(*_COLUMNS).where(Campaign.state != DRAFT).order_by(Campaign.id.desc())).all()


def plan(session: Session, campaign_id: int, case_id: int, planned: Plan) -> None:
    """Fix what the campaign is; Incomplete says what is missing, YearTaken that the year has one."""
    if not planned.criteria or planned.closes_on < planned.opens_on:
        raise Incomplete(opens_on=planned.opens_on.isoformat(), closes_on=planned.closes_on.isoformat())
    other = of_year(session, planned.year)
    if other is not None and other.id != campaign_id:
        raise YearTaken(year=planned.year)
    change(session, campaign_id, case_id=case_id, **vars(planned))


def change(session: Session, campaign_id: int, **facts: Any) -> None:
    """Write down what is new about a campaign."""
    session.execute(update(Campaign).where(Campaign.id == campaign_id).values(**facts))


_COLUMNS = tuple(Campaign.__table__.columns)


def _start(begun: int, region: str, organ: int, by: Actor, key: str) -> cases.Started:
    return cases.start(
        PROCESS,
        subject=subject(begun),
        region=region,
        organ=organ,
        title=TITLE,
        data={"campaign": begun},
        alone=True,
        by=by,
        key=key,
    )


def _begun_before(begun: int, by: Actor) -> cases.Started:
    """The case of the campaign that is being planned: for whoever began it, and for every officer if nobody did."""
    with reading() as session:
        found = subjects.last_case(session, subject(begun))
    if found is None or found.started_by not in {None, by.person}:
        raise BeingPlanned(number=found.number if found else "")
    return cases.Started(found.ref, found.number)


def _one(session: Session, wanted: Any, **named: Any) -> Record[Any]:
    found = session.execute(select(*_COLUMNS).where(wanted)).one_or_none()
    if found is None:
        raise Missing(**named)
    return found
