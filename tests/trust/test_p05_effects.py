"""P5. Side effects happen at least once, with the same key each time: killed before and after each letter is sent."""

from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from ground import clock, people
from ground.database import reading, transaction
from tasks import letters
from tasks.dispatches import Dispatch
from tasks.letters import Letter
from tests import databases
from tests.conftest import MORNING
from tests.trust import acts, rows
from tests.trust.crash import LATER, Points
from tests.trust.stores import Say, Stores, live, stores
from tests.trust.test_p03_once import _begin
from tests.trust.work import standing, work

PROMISE = "side effects happen at least once, with the same key each time"
LETTERS = 4
QUICK = 6


def trials(scale: float) -> tuple[int, list[str]]:
    """Each point of posting some letters on both databases, a half of them killed in the second life, too."""
    chance, tried, violations = Random(5), 0, []  # noqa: S311  drawn, so that it can be drawn again
    for kind in databases.KINDS:
        with stores(kind) as made:
            house = made.first(acts.lay)
            asked = live(partial(_ask, made, house))
            length = int(live(partial(_post, made, made.copy(house), None)).said[-1])
            points = list(range(1, length + 1)) * max(1, round(3 * scale))
            for point in points if scale >= 1 else chance.sample(points, min(QUICK, len(points))):
                violations += [f"{kind} at {point}: {each}" for each in _trial(made, house, point, length, chance)]
                tried += 1
            violations += [asked.failed] if asked.failed else []
    return tried, violations


def _trial(made: Stores, house: str, point: int, length: int, chance: Random) -> list[str]:
    copy = made.copy(house)
    lives = [live(partial(_post, made, copy, point))]
    if chance.random() < 1 / 2:
        lives.append(live(partial(_post, made, copy, chance.randint(1, length))))
    lives.append(live(partial(_post, made, copy, None)))
    sent = Counter(line for life in lives for line in life.said if not line.isdecimal())
    found = [f"{life.failed}" for life in lives if life.failed]
    if not lives[0].killed:
        found.append("was not killed")
    with made.open(copy), reading() as session:
        written = {f"{row.ref}.json" for row in session.execute(select(Letter.ref))}
        unposted = session.execute(select(Dispatch.letter_ref).where(Dispatch.state != "sent")).all()
        left = [line for line in standing(session) if not line.endswith(" done")]
    there = {path.name for path in made.outbox(copy).glob("*.json")}
    if not (set(sent) == written == there) or unposted or left:
        found.append(f"written {written}, sent {sent}, there {there}, not marked {unposted}, jobs left {left}")
    found += [each for each in rows.posted(made.outbox(copy)) if each.startswith("half")]
    made.drop(copy)
    return found


def _ask(made: Stores, house: str, _say: Say) -> None:
    """Letters are written, each in a transaction of its own, and none is posted yet."""
    clock.use(lambda: MORNING)
    with made.open(house):
        by = acts.person("looper")
        case = _begin(by, "letters", 1)
        with reading() as session:
            person = session.scalar(select(people.Person.id).where(people.Person.login == "liu.min"))
            row = session.execute(select(acts.Case).where(acts.Case.ref == case.ref)).one()
        for number in range(LETTERS):
            with transaction() as session:
                letters.write(session, [person], row.id, "late", {"number": number}, MORNING)


def _post(made: Stores, house: str, fatal: int | None, say: Say) -> None:
    """Post what is waiting; each sending is told with its key as it happens."""
    clock.use(lambda: MORNING + LATER * (2 if fatal is None else 1))
    send = Path.replace

    def told(path: Path, target: Any) -> Path:
        answer = send(path, target)
        say(Path(target).name)
        return answer

    Path.replace = told  # type: ignore[assignment,method-assign]
    points = Points(fatal)
    with made.open(house) as store:
        points.watch(store)
        work()
    say(f"{points.passed}")


def test_letters_are_sent_under_their_own_keys_wherever_the_sender_dies(apart):
    tried, violations = apart.trials("test_p05_effects", 0.1)
    assert not violations
    assert tried == 2 * QUICK
