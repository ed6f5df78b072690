"""Sending what the rules ask for: a row per alert, so that none is sent twice for the same case, step and occasion.

A row stands as long as its reason does, and while it stands there is no second one; when the reason has ended and
begins anew, so does the alert. A rule looks with its keeper's eyes, and nobody is told of a case they may not know of.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, UniqueConstraint, and_, case, exists, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import cases, definitions
from engine.cases import Case
from engine.definitions import Process
from engine.folders import Folder
from ground import clock, leases, organs, parameters, people, regions
from ground.database import Row, Session, reading
from ground.errors import Refused
from ground.ids import ref as new_ref
from ground.leases import Held
from ground.people import SYSTEM, Actor
from ground.types import Code, Id, Instant, Ref, Text, Whole
from tasks import alert_reasons, alert_rules as rules, letters, stuck_rule
from tasks.alert_reasons import Asked

log = logging.getLogger(__name__)

MOST_A_DAY = "alert.most_a_day"
COUNTED, SHOWN = 1_000, 100
STANDS = ""
TRIAL = "trial"
HEADS = {"province": "prov_division_head", "city": "city_section_head"}
PAST = "past"


class Alert(Row):
    """One alert: of which case, step and occasion, how many persons were told, and whether its reason still stands."""

    __tablename__ = "alert"
    __table_args__ = (
        # `ended` is empty while the reason stands, and the row's own ref afterwards.
        UniqueConstraint("rule_id", "case_id", "place", "reason", "ended"),
        Index("ix_alert_rule", "rule_id", "sent_at"),
        Index("ix_alert_standing", "rule_id", "ended"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    rule_id: Mapped[int] = mapped_column(Id, ForeignKey("alert_rule.id"))
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    place: Mapped[str] = mapped_column(Code(12))
    reason: Mapped[str] = mapped_column(Code(20))
    element: Mapped[str | None] = mapped_column(Code(120))
    ended: Mapped[str] = mapped_column(Text(12))
    began_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    told: Mapped[int] = mapped_column(Whole)


class NothingToTry(Refused):
    """No case fits the rule at this moment, so there are no words to send."""

    code = "alert.nothing_to_try"


def turn(held: Held) -> None:
    """Send what every running rule asks for, each rule in a transaction of its own, so that one stops no other."""
    now = clock.now()
    with reading() as session:
        running = rules.running(session)
        broken = rules.faults(session, running, now)
    for rule in running:
        if broken.get(rule.ref) not in rules.STOPS:
            leases.renew(held, clock.now())
            try:
                _send(held, rule, now)
            except Refused as no:  # it is asked again with the next turn
                log.warning("alert rule %s: %s", rule.ref, no)


def count(session: Session, rule: Record[Any], by: Actor, now: datetime) -> int:
    """How many cases a rule would name now, counted no further than a thousand; what it has sent does not matter."""
    named = alert_reasons.named(by, alert_reasons.asked(session, rule, now)).order_by(None)
    ids = named.with_only_columns(Case.id).distinct().limit(COUNTED).subquery()
    return int(session.scalar(select(func.count()).select_from(ids)))


def try_out(session: Session, ref: str, *, by: Actor, key: str, now: datetime) -> int:
    """Send oneself the words that one's rule would have today, about its first case; how many it names now.

    NothingToTry if it names none. Pressed twice it is sent once, and nothing of it counts as sent to others.
    """
    rule = rules.own(session, ref, by)
    of = alert_reasons.asked(session, rule, now)
    row = session.execute(alert_reasons.named(by, of).limit(1)).first()
    if row is None or by.person is None:
        raise NothingToTry(rule=ref)
    tried = {"place": key[:12], "reason": TRIAL, "ended": TRIAL, "ended_at": now, "told": 1}
    if session.put_once(Alert, _row(rule, row, now) | tried):
        facts = _facts(session, of, row)
        name = {"zh": f"{rule.name}（测试）", "en": f"{rule.name} (test)"}
        letters.write(session, [by.person], row.case_id, _template(of, row), facts | {"rule": name}, now)
    return count(session, rule, by, now)


def sent(session: Session, rule_id: int, by: Actor, limit: int = SHOWN) -> Sequence[Record[Any]]:
    """What a rule has sent, the newest first; `seen` where this person may know of the case."""
    return session.execute(
        select(*Alert.__table__.columns)
        .add_columns(
            Case.ref.label("case_ref"),
            Case.number,
            Case.title,
            Case.region,
            Case.release_id,
            Process.key.label("process"),
            cases.visible(by).label("seen"),
        )
        .join(Case, Case.id == Alert.case_id)
        .join(Process, Process.id == Case.process_id)
        .where(Alert.rule_id == rule_id)
        .order_by(Alert.sent_at.desc(), Alert.id.desc())
        .limit(limit)
    ).all()


def tallies(session: Session, rule_ids: Collection[int], now: datetime) -> Mapping[int, tuple[int, int]]:
    """Of each rule, how many alerts it sent today and how many of all stand; of trials none."""
    today = func.sum(case((Alert.sent_at >= clock.start_of(clock.local_day(now)), 1), else_=0))
    rows = session.execute(
        select(
            Alert.rule_id, today.label("today"), func.sum(case((Alert.ended == STANDS, 1), else_=0)).label("standing")
        )
        .where(Alert.rule_id.in_(list(rule_ids)), Alert.reason != TRIAL)
        .group_by(Alert.rule_id)
    )
    return {row.rule_id: (int(row.today), int(row.standing)) for row in rows}


def most_a_day(session: Session, now: datetime) -> int:
    """How many cases one rule tells of in a day, so that a rule that fits everything buries nobody."""
    return int(parameters.value(session, MOST_A_DAY, clock.local_day(now)).value)


def _send(held: Held, rule: Record[Any], now: datetime) -> None:
    """Look without a lock; write only if there is something to end or to send."""
    with reading() as session:
        keeper = people.actor(session, rule.keeper_id, clock.local_day(now))
        of = alert_reasons.asked(session, rule, now)
        over, fresh = _over(session, of), _fresh(session, of, eyes(keeper))
        audience = _audience(session, of, fresh)
    if not over and not fresh:
        return
    with leases.writing(held) as session:
        if over:
            session.execute(update(Alert).where(Alert.id.in_(over)).values(ended=Alert.ref, ended_at=now))
        for row in fresh:
            persons = audience(row)
            values = _row(rule, row, now) | {"reason": rule.reason, "ended": STANDS, "told": len(persons)}
            if session.put_once(Alert, values):
                letters.write(session, persons, row.case_id, _template(of, row), _facts(session, of, row), now)


def eyes(keeper: Actor) -> Actor:
    """A process owner answers for the rules everywhere, and is told the numbers of cases only."""
    return SYSTEM if keeper.has(rules.OWNER) else keeper


def _over(session: Session, of: Asked) -> list[int]:
    """The alerts of a rule whose reason has ended, or which were sent for another reason than it has now."""
    mine = (Alert.rule_id == of.rule.id, Alert.ended == STANDS)
    still = and_(Alert.reason == of.rule.reason, alert_reasons.holds(of, Alert))
    return list(session.execute(select(Alert.id).where(*mine, ~still)).scalars())


def _fresh(session: Session, of: Asked, eyes: Actor) -> Sequence[Record[Any]]:
    """What a rule has not told yet, the oldest first, one row a place, as far as the day's number allows."""
    today, _standing = tallies(session, [of.rule.id], of.of.now).get(of.rule.id, (0, 0))
    left = most_a_day(session, of.of.now) - today
    if left <= 0:
        return []
    named = alert_reasons.named(eyes, of)
    ways = named.selected_columns
    told = exists().where(
        Alert.rule_id == of.rule.id,
        Alert.case_id == ways.case_id,
        Alert.place == ways.place,
        Alert.reason == of.rule.reason,
        # One whose reason has just ended is closed with this turn, before what begins anew is written.
        Alert.ended == STANDS,
        alert_reasons.holds(of, Alert),
    )
    rows = session.execute(named.where(~told).limit(left)).all()
    return list({(row.case_id, row.place): row for row in reversed(rows)}.values())[::-1]


def _audience(session: Session, of: Asked, rows: Sequence[Record[Any]]) -> Callable[[Record[Any]], list[int]]:
    """Who is told of a row: whoever the rule names, as far as they may know of the case."""
    on, heads = clock.local_day(of.of.now), dict[int, list[int]]()
    wanted = {(row.case_id, row.place): _named_persons(session, of.rule, row, on, heads) for row in rows}
    everybody = {person for persons in wanted.values() for person in persons}
    ids = {row.case_id for row in rows}
    known: dict[int, set[int]] = {}
    for person in everybody:
        reader = people.actor(session, person, on)
        known[person] = ids if _reads_incidents(of, reader) else cases.sight.among(session, ids, reader)
    return lambda row: [person for person in wanted[row.case_id, row.place] if row.case_id in known[person]]


def _reads_incidents(of: Asked, reader: Actor) -> bool:
    """运行异常 is on the process owner's own list, whosever case it is."""
    return of.rule.reason == rules.INCIDENT and reader.has(rules.OWNER)


def _named_persons(
    session: Session, rule: Record[Any], row: Record[Any], on: date, heads: dict[int, list[int]]
) -> list[int]:
    if rule.to_kind == rules.PERSON:
        return [rule.to_person]
    if rule.to_kind == rules.ONESELF:
        return [rule.keeper_id]
    if rule.to_kind == rules.HEAD:
        return _heads(session, row, on, heads)
    role = {rules.SUPERVISORS: rules.SUPERVISOR, rules.OWNERS: rules.OWNER}.get(rule.to_kind, rule.to_role)
    return [name.id for name in people.in_office(session, role, on)]


def _heads(session: Session, row: Record[Any], on: date, known: dict[int, list[int]]) -> list[int]:
    """The head of the unit that is asked; of a county or a base their city's; of one asked by name the case's own.

    Where an expert is asked, the unit that they come from is told nothing.
    """
    _role, at, number = (row.queue or "").partition("@")
    organ_id = int(number) if at else row.organ_id
    if organ_id not in known:
        body = organs.bodies(session, [organ_id])[organ_id]
        if body.kind not in HEADS:
            body = organs.body(session, f"city-{regions.city_of(body.region)}")
        key = people.role_key(HEADS[body.kind], body.id)
        known[organ_id] = [name.id for name in people.holders(session, key, on)]
    return known[organ_id]


def _template(of: Asked, row: Record[Any]) -> str:
    """The key of the words; a passed 系统默认时限 has its own, which accuse nobody."""
    reason = of.rule.reason
    ours = reason == rules.OVERDUE and row.due_kind not in stuck_rule.BINDING
    return f"alert_{PAST if ours else reason}"


def _facts(session: Session, of: Asked, row: Record[Any]) -> dict[str, Any]:
    """What the words are made of; whoever holds the task is not among it."""
    folder = definitions.pinned(session, row.release_id)
    day = clock.local_day(row.began_at)
    return {
        "rule": of.rule.name,
        "number": row.number,
        "title": row.title,
        "step": _step(folder, row.element),
        "since": day.isoformat(),
        "due": row.due_on.isoformat() if row.due_on else "",
        "n": abs(of.days.working_days_between(day, clock.local_day(of.of.now))),
    }


def _step(folder: Folder, element: str | None) -> dict[str, str]:
    known = folder.element(element)
    words = folder.home(element).words if known else folder.words
    name = known.name if known and known.name else str(folder.facts["name"])
    return {"zh": name, "en": words.get(name, name)}


def _row(rule: Record[Any], row: Record[Any], now: datetime) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in ("case_id", "place", "element", "began_at")}
    return {**same, "ref": new_ref(), "rule_id": rule.id, "sent_at": now, "ended_at": None}
