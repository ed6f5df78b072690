"""What hangs on an open task lets it be sent, makes what is sent wait, or sends it back to its holder.

The engine sees one wait, which completes when its rows allow. A loan keeps the task with whoever prepares it, who
hands it back and does not send. An opinion that was asked for `before` must be in; what is asked for `after` must be
agreed to about what was sent; what is asked for in `parallel` must be in, whoever is first. A disagreement that
arrives while the answers wait takes them back to the holder; one that the holder knew when they sent holds up nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row as Record

from engine import cosigners, loans, sendings
from engine.cosigners import AFTER, BEFORE, PARALLEL
from engine.folders import Folder
from engine.steps import Move
from ground.database import Session
from ground.errors import Refused

PERSON = "person"


class NoProxy(Refused):
    """This step is one person's own: a score sheet, a pledge, a draw, or whatever is asked of a person by name."""

    code = "task.no_proxy"
    status = 403


class Lent(Refused):
    """The task is lent: whoever prepares it hands it back, and the lender sends it."""

    code = "task.lent"


class AwaitsCosigners(Refused):
    """Co-signers are to be heard before this task can be sent, or what was sent waits for them already."""

    code = "task.awaits_cosigners"


def check_proxy(folder: Folder, wait: Any) -> None:
    """Refuse for steps that know no proxy: those of a person by name, and all of a process that keeps sealed sheets."""
    element = folder.element(wait.element)
    home = folder.home(wait.element)
    personal = wait.queue.startswith(f"{PERSON}:") or element is None or element.scope == PERSON
    if personal or any(form.sealed or form.admits for form in home.forms.values()):
        raise NoProxy(wait=wait.ref)


def check_loan(move: Move, wait: Record[Any]) -> None:
    """Refuse whoever prepares a task that is lent to them: they hand it back."""
    if loans.standing(move.session, wait) is not None:
        raise Lent(wait=wait.ref)


def keeps(move: Move, wait: Record[Any], answers: Mapping[str, Any], acting: str) -> bool:
    """Whether what the holder sends now waits for co-signers, and is kept; AwaitsCosigners if it cannot be sent yet."""
    if not wait.hung:
        return False
    if sendings.standing(move.session, wait) is not None:
        raise AwaitsCosigners(wait=wait.ref)
    rows = others(cosigners.of_wait(move.session, wait.id), wait.held_by)
    if cosigners.verdict(of_mode(rows, BEFORE)) is None:
        raise AwaitsCosigners(wait=wait.ref)
    if cosigners.verdict(of_mode(rows, PARALLEL)) is not None and not of_mode(rows, AFTER):
        return False
    sendings.keep(move.session, wait, answers, wait.held_by, acting, move.now)
    cosigners.turn(move.session, wait.id, move.now)
    move.record("cosign.waits", element=wait.element, organ=office(wait.queue))
    move.enqueue("cosigning.ask", {"wait": wait.ref})
    return True


def check_free(session: Session, wait: Any) -> None:
    """Lent or AwaitsCosigners: no task is passed on or given back while it is lent, or while what was sent waits."""
    if not wait.hung:
        return
    if loans.standing(session, wait) is not None:
        raise Lent(wait=wait.ref)
    if sendings.standing(session, wait) is not None:
        raise AwaitsCosigners(wait=wait.ref)


def agreed(rows: Iterable[Record[Any]]) -> bool:
    """Whether what waits may go on."""
    listed = list(rows)
    return (
        cosigners.verdict(of_mode(listed, AFTER)) is True
        and cosigners.verdict(of_mode(listed, PARALLEL)) is not None
        and cosigners.verdict(of_mode(listed, BEFORE)) is not None
    )


def of_mode(rows: Iterable[Record[Any]], mode: str) -> list[Record[Any]]:
    """Those of these co-signers that are asked in this mode."""
    return [row for row in rows if row.mode == mode]


def others(rows: Iterable[Record[Any]], holder: int | None) -> list[Record[Any]]:
    """Without the holder, who may have been asked before the task came to them: what they send is their opinion."""
    return [row for row in rows if row.person_id != holder]


def office(queue: str) -> int | None:
    """The organ in which a task is done; what is told inside it stays there and at the province."""
    number = queue.rpartition("@")[2]
    return int(number) if number.isdecimal() else None


def end(move: Move, gone: Sequence[Any]) -> None:
    """These rows close: the history keeps whom they still asked, and that they were lent."""
    for wait in gone:
        if not wait.hung:
            continue
        organ = office(getattr(wait, "queue", ""))
        open_ = [row.person_id for row in cosigners.of_wait(move.session, wait.id) if row.opinion is None]
        if open_:
            move.record("cosign.ended", element=wait.element, persons=open_, organ=organ)
        loan = loans.standing(move.session, wait)
        if loan is not None:
            move.record("loan.ended", element=wait.element, persons=[loan.to_person], organ=organ)
