"""The stage: one act after another on the day of its script, with everything that falls due between them.

How far it has come is kept with the demo's clock, so a start that was cut off goes on where it stopped.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from sqlalchemy import Row as Record, select

from bases import register
from bases.cooperation import issue, meeting
from bases.demo import rows
from bases.demo.papers import pdf
from bases.documents import beginning
from bases.verdicts import application, batch, campaign, notice, objector
from engine import cases, forms
from engine.cases import Case
from engine.definitions import Process
from engine.waits import Wait
from ground import calendar, clock, files, people
from ground.database import Session, reading, transaction
from ground.errors import Missing
from ground.organs import Organ
from ground.people import Actor, Person
from tasks import demo_clock, open_task, queue
from web.staging import script
from web.staging.script import Act

PERSON = "person:"
ROWS = "rows"  # what every row that a form shows at first is given
SAMPLE = ["Demo data, not a real paper", "Signed and stamped"]


def open_on(opens: date) -> datetime:
    """The moment at which everything has to be laid for the play to begin; the calendar has to be there."""
    with reading() as session:
        return clock.start_of(script.first_day(calendar.load(session), opens))


def play(opens: date) -> int:
    """Play what has not been played yet; how many acts that were. The demo's clock stands as before afterwards."""
    with reading() as session:
        acts = script.acts(calendar.load(session), opens)
    left = acts[demo_clock.played() :]
    moment = [left[0].moment if left else clock.now()]
    before = clock.use(lambda: moment[0])
    try:
        for act in left:
            _days_until(act.moment, moment)
            _perform(act)
            demo_clock.note_played(act.number + 1)
    finally:
        clock.use(before)
    demo_clock.catch_up(clock.now())
    return len(left)


def skip(opens: date) -> None:
    """Leave out what has not been played, now and at every later start."""
    with reading() as session:
        acts = script.acts(calendar.load(session), opens)
    demo_clock.note_played(len(acts))


def _days_until(moment: datetime, at: list[datetime]) -> None:
    """Let each midnight bring what is due by it, as it would have."""
    while (midnight := clock.end_of(clock.local_day(at[0]))) < moment:
        at[0] = midnight
        demo_clock.catch_up(midnight)
    at[0] = moment
    demo_clock.catch_up(moment)


def _perform(act: Act) -> None:
    """Do it; whatever the act's door refuses ends the play with that refusal."""
    by = _actor(act.by) if act.by else None
    _DOORS[act.kind](act, by)


def _begin(act: Act, by: Actor) -> None:
    """A batch, a yearly assessment, a joint meeting, or a difficulty of an enterprise of the base that is named."""
    if act.what == issue.PROCESS:
        with reading() as session:
            ref = _base(session, act.on).ref
        issue.begin(ref, by=by, key=_key(act))
        return
    _BEGINNINGS[act.what](by=by, key=_key(act))


def _apply(act: Act, by: Actor) -> None:
    with reading() as session:
        ref = _base(session, act.what).ref
    application.begin(ref, by=by, key=_key(act))


def _do(act: Act, by: Actor) -> None:
    _complete(act, _task(act, by), by, act.answers)


def _each(act: Act, _by: None) -> None:
    """Everybody who was asked by name does it, with the answers at their place in the list; {first} names the first."""
    with reading() as session:
        asked = [(wait.ref, int(wait.queue.removeprefix(PERSON))) for wait in _open(session, act)]
    first = _actor_of(asked[0][1]).ref
    for (ref, person), answers in zip(asked, act.answers, strict=False):
        _complete(act, ref, _actor_of(person), _naming(answers, first))


def _claim(act: Act, by: Actor) -> None:
    _task(act, by)


def _send(act: Act, by: Actor) -> None:
    with reading() as session:
        ref = _case(session, act.on).ref
    cases.send(ref, act.what, _with_papers(act.answers, act, by), by=by, key=_key(act))


def _draft(act: Act, by: Actor) -> None:
    """Begin a document of this kind; its draft waits for whoever began it."""
    beginning.begin(act.what, by=by, key=_key(act), title=act.on)


def _object(act: Act, _by: None) -> None:
    """Somebody of the public objects to a base on the notice that runs."""
    now = clock.now()
    with transaction() as session:
        (running,) = notice.running(session, clock.local_day(now))
        given = objector.Given(unit=False, contact_person="", **act.answers)
        objector.object_to(session, running, _base(session, act.on).id, given, key=_key(act), now=now)


def _complete(act: Act, ref: str, by: Actor, answers: Mapping[str, Any]) -> None:
    first = _first_values(ref, by)
    given = {**first, **_with_papers(answers, act, by)}
    for name, same in given.pop(ROWS, {}).items():
        given[name] = [{**row, **same} for row in first[name]]
    cases.complete(ref, given, by=by, key=f"{_key(act)}-{ref}")


def _task(act: Act, by: Actor) -> str:
    """The open task of this element in the act's case, claimed for this person."""
    with transaction() as session:
        for wait in _open(session, act):
            if wait.queue in by.keys and wait.held_by in {None, by.person}:
                queue.claim(session, wait.ref, by, clock.now())
                return str(wait.ref)
    raise Missing(act=act.number, case=act.on, element=act.what, person=act.by)


def _open(session: Session, act: Act) -> Sequence[Record[Any]]:
    """The open tasks of the act's element, the oldest first."""
    of = select(Wait.ref, Wait.queue, Wait.held_by).where(Wait.case_id == _case(session, act.on).id)
    return session.execute(of.where(Wait.element == act.what).order_by(Wait.id)).all()


def _first_values(ref: str, by: Actor) -> Mapping[str, Any]:
    """What the form of a task shows when it is opened for the first time."""
    with reading() as session:
        work = open_task.look(session, ref, by)
        found = cases.find(session, work.item.case_ref, by)
        return forms.prefilled(work.form.prefill, session, found, work.item.item)


def _case(session: Session, name: str) -> Record[Any]:
    """The newest case about a base, "B042", of a process, "joint-meeting", or both, "enterprise-issue@B014"."""
    of = select(Case.id, Case.ref).order_by(Case.id.desc()).limit(1)
    process, _, base = ("", "", name) if name in rows.bases() else name.partition("@")
    if base:
        of = of.where(Case.subject == register.subject(_base(session, base).id))
    if process:
        of = of.join(Process, Process.id == Case.process_id).where(Process.key == process)
    return session.execute(of).one()


def _base(session: Session, key: str) -> Record[Any]:
    """The base of the demo with this key."""
    organ = select(Organ.id).where(Organ.code == rows.bases()[key].body).scalar_subquery()
    return register.by_id(session, session.scalar(select(register.Base.id).where(register.Base.organ_id == organ)))


def _actor(login: str) -> Actor:
    with reading() as session:
        return _actor_of(session.scalar(select(Person.id).where(Person.login == login)))


def _actor_of(person: int) -> Actor:
    with reading() as session:
        return people.actor(session, person, clock.today())


def _with_papers(given: Any, act: Act, by: Actor) -> Any:
    """Each {"file": name} becomes a sample paper that this person has uploaded."""
    if isinstance(given, list):
        return [_with_papers(each, act, by) for each in given]
    if not isinstance(given, dict):
        return given
    if given.keys() != {"file"}:
        return {name: _with_papers(value, act, by) for name, value in given.items()}
    with transaction() as session:
        paper = pdf([*SAMPLE, f"Paper {act.number} of {act.on}"])
        return files.store(session, BytesIO(paper), given["file"], by, clock.now()).ref


def _naming(answers: Mapping[str, Any], first: str) -> dict[str, Any]:
    return {name: first if value == "{first}" else value for name, value in answers.items()}


def _key(act: Act) -> str:
    return f"play-{act.number}"


_BEGINNINGS: Mapping[str, Callable[..., Any]] = {
    campaign.PROCESS: campaign.begin,
    batch.PROCESS: batch.begin,
    meeting.PROCESS: meeting.begin,
}
_DOORS: Mapping[str, Callable[[Act, Any], None]] = {
    "begin": _begin,
    "apply": _apply,
    "do": _do,
    "each": _each,
    "claim": _claim,
    "send": _send,
    "draft": _draft,
    "object": _object,
}
