"""«十分钟上手»: a card a desk, with its steps, and which of them were done; hidden for whoever has read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from bases import demo
from ground.database import reading
from tasks import first_steps
from web.words.catalogue import N_

COOKIE = "jidi-guide"
HIDDEN = "hidden"


@dataclass(frozen=True)
class Step:
    """One thing to do; `kind` is the line of the history that shows it was done."""

    kind: str
    zh: str


@dataclass(frozen=True)
class Lesson:
    """What one kind of reader does first, as whom."""

    zh: str
    login: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Card:
    """A lesson with what has been done of it; `person` is the ref by which one enters."""

    lesson: Lesson
    person: str
    name: str
    name_en: str
    done: Sequence[bool]


LESSONS = (
    Lesson(
        N_("审核人员：领取一个办件，办完它"),
        "chen.jing",
        (
            Step("task.claimed", N_("在“待办”中点开一项，按“领取”；别人就不会再办同一件")),
            Step("task.completed", N_("填写办理意见，选定办理结果，按“提交”；办件随即到下一个环节")),
        ),
    ),
    Lesson(
        N_("流程管理员：把市（州）初审由15个工作日改为10个工作日"),
        "qin.lan",
        (
            Step(
                "process.drafted",
                N_(
                    "在“流程修改”中点“办理流程”，打开“基地认定”，点“依这一版修改”；按“查找”选中“市（州）初审”，把期限改为10，再点“试办”走一遍"
                ),
            ),
            Step("process.proposed", N_("点“比较”看差别，再“送审”；由夏宁核准后，新办件即按10个工作日办理")),
        ),
    ),
    Lesson(
        N_("督办人员：找到一个停滞的办件，催办它"),
        "liang.bo",
        (
            Step(
                "supervision.begun",
                N_("打开“停滞办件”，看一个办件停在哪个环节、为什么、谁在办，再按“催办、督办”"),
            ),
            Step("supervision.entered", N_("核对系统建议的督办级别，填写要求，按“提交”；承办单位随即收到")),
        ),
    ),
)


def ten_minutes(*, always: bool = False) -> list[Card]:
    """The cards, unless this reader has put them away."""
    if put_away() and not always:
        return []
    with reading() as store:
        done = first_steps.done(store)
        people = {card.login: card for card in demo.cards(store)}
    return [_card(lesson, people[lesson.login], done) for lesson in LESSONS]


def put_away() -> bool:
    """Whether this reader has."""
    return request.cookies.get(COOKIE) == HIDDEN


def _card(lesson: Lesson, who: demo.Card, done: frozenset[str]) -> Card:
    return Card(lesson, who.ref, who.name, who.name_en, [step.kind in done for step in lesson.steps])
