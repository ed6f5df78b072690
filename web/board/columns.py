"""The columns of the board: which are shown and in which order, as the address says; the file has the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ground import clock, organs
from ground.database import Session
from ground.organs import Body
from ground.people import Actor
from tasks import hands, stuck_rule, tallies
from tasks.hands import Hand
from web.board.why import Told
from web.door.language import _, pick
from web.reviewer import naming
from web.words.catalogue import N_

NUMBER, MATTER, PROCESS, CITY, ORGAN, WHY, HOLDER, DUE, MOVED, DAYS = (
    "number",
    "matter",
    "process",
    "city",
    "organ",
    "why",
    "holder",
    "due",
    "moved",
    "days",
)
NAMES: Mapping[str, str] = {
    NUMBER: N_("编号"),
    MATTER: N_("事项"),
    PROCESS: N_("流程"),
    CITY: N_("所在地"),
    ORGAN: N_("承办单位"),
    WHY: N_("为什么停滞、怎样推动"),
    HOLDER: N_("承办人"),
    DUE: N_("截止"),
    MOVED: N_("上次进展"),
    DAYS: N_("停滞工作日"),
}
SHOWN = (NUMBER, MATTER, WHY, MOVED)
IN_FILE = (NUMBER, MATTER, PROCESS, CITY, WHY, MOVED, DAYS)
OF_TASKS = frozenset({ORGAN, HOLDER, DUE})
# Why a case is stuck is three cells of a file: where, why, and what helps.
WHY_IN_FILE = (N_("停滞环节"), N_("停滞原因"), N_("怎样推动"))


@dataclass(frozen=True)
class Choice:
    """One column as it may be chosen: whether it is shown, and the columns with it further left, right, or taken away.

    An empty text is no such choice; `added` is for a column that is not shown.
    """

    code: str
    name: str
    shown: bool
    left: str = ""
    right: str = ""
    without: str = ""
    added: str = ""


@dataclass(frozen=True)
class Hands:
    """In whose hands some cases lie, in words; empty where no column asks for it."""

    tasks: Mapping[int, Sequence[Hand]]
    queues: Mapping[str, str]
    bodies: Mapping[int, Body]

    def organs(self, case: int) -> str:
        """The units in whose hands it lies, once each."""
        found = [self.bodies.get(tallies.organ_of(each.queue)) for each in self.tasks.get(case, ())]
        return _("、").join(dict.fromkeys(pick(body.name, body.name_en) for body in found if body))

    def holders(self, case: int) -> str:
        """Who holds it; where nobody does, or one may not know, whose queue it stands in."""
        held = self.tasks.get(case, ())
        return _("、").join(dict.fromkeys(pick(one.name, one.name_en) or self.queues[one.queue] for one in held))

    def due(self, case: int) -> date | None:
        """The first day on which something is due."""
        return min((each.due_on for each in self.tasks.get(case, ()) if each.due_on), default=None)


def chosen(text: str, otherwise: Sequence[str] = SHOWN) -> tuple[str, ...]:
    """The columns that the address names, each once; the matter is always among them."""
    named = tuple(code for code in dict.fromkeys(text.split(",")) if code in NAMES)
    if not named:
        return tuple(otherwise)
    return named if MATTER in named else (MATTER, *named)


def choices(shown: Sequence[str]) -> Sequence[Choice]:
    """What may be done to each column: those that are shown in their order, then the others."""
    found = []
    for at, code in enumerate(shown):
        rest = [each for each in shown if each != code]
        found.append(
            Choice(
                code,
                _(NAMES[code]),
                shown=True,
                left=_put(rest, at - 1, code) if at else "",
                right=_put(rest, at + 1, code) if at < len(rest) else "",
                without=",".join(rest) if code != MATTER else "",
            )
        )
    others = [code for code in NAMES if code not in shown]
    return found + [Choice(code, _(NAMES[code]), shown=False, added=",".join([*shown, code])) for code in others]


def hands_of(store: Session, rows: Sequence[Any], me: Actor, shown: Sequence[str]) -> Hands:
    """The open tasks of these cases, if a column asks for them."""
    found = hands.of(store, rows, me) if OF_TASKS & set(shown) else {}
    queues = sorted({each.queue for held in found.values() for each in held})
    numbers = {tallies.organ_of(queue) for queue in queues} - {0}
    return Hands(found, naming.queues(store, queues), organs.bodies(store, numbers) if numbers else {})


def heads(shown: Sequence[str]) -> list[str]:
    """The heads of the file."""
    return [_(head) for code in shown for head in (WHY_IN_FILE if code == WHY else (NAMES[code],))]


def cells(
    shown: Sequence[str], row: Any, names: naming.Names, told: Sequence[Told], rule: stuck_rule.Rule, held: Hands
) -> list[str | int]:
    """One case of the file, in the columns that are shown."""
    due = held.due(row.case_id)
    known: Mapping[str, Sequence[str | int]] = {
        NUMBER: [row.number],
        MATTER: [names.title(row)],
        PROCESS: [names.process(row)],
        CITY: [names.place(row)],
        ORGAN: [held.organs(row.case_id)],
        WHY: [
            "；".join(dict.fromkeys(each.step for each in told if each.step)),
            "；".join(_whole(each) for each in told),
            "；".join(dict.fromkeys(each.help for each in told)),
        ],
        HOLDER: [held.holders(row.case_id)],
        DUE: [due.isoformat() if due else ""],
        MOVED: [clock.local_day(row.moved_at).isoformat()],
        DAYS: [rule.working_days(row.moved_at)],
    }
    return [cell for code in shown for cell in known[code]]


def _whole(one: Told) -> str:
    """A reason with the other case that it lies with."""
    return "，".join(filter(None, (one.words, one.number, one.then)))


def _put(rest: Sequence[str], at: int, code: str) -> str:
    return ",".join([*rest[:at], code, *rest[at:]])
