"""Distribution: the unit's head gives tasks to holders of their key, with a reason; nobody else does."""

import pytest

from engine import cases
from engine.holding import Gone, Taken
from ground import clock
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import distribution
from tests.engine import desk, flows
from tests.tasks.at_task import letters_of
from tests.tasks.test_substitutes import PAIR


@pytest.fixture
def unit(database):
    desk.publish(PAIR)
    desk.publish(flows.in_a_row("row", 2))
    return (
        desk.person("head", "prov_division_head"),
        desk.person("jia", "prov_officer"),
        desk.person("yi", "prov_officer"),
    )


def give(ref, to, by, *, seen=None, reason="均衡工作量"):
    with transaction() as session:
        distribution.give(session, ref, to.ref, seen and seen.person, reason, by, clock.now())


def test_a_head_gives_a_task_with_a_reason_and_history_says_to_whom_and_why(unit):
    head, jia, yi = unit
    case = desk.start("row", jia)
    ref = desk.waits(case)["task_1"].ref
    give(ref, yi, head)
    assert desk.waits(case)["task_1"].held_by == yi.person
    give(ref, yi, head)  # given to whoever has it, nothing changes
    with reading() as session:
        lines = [line for line in cases.story(session, case, head) if line.kind == "task.distributed"]
    assert [(line.by, line.detail["persons"], line.detail["reason"]) for line in lines] == [
        (head.person, [yi.person], "均衡工作量")
    ]
    assert letters_of(yi) == ["task_distributed"]
    give(ref, jia, head, seen=yi)
    assert (letters_of(yi), letters_of(jia)) == (["relieved", "task_distributed"], ["task_distributed"])
    desk.do(case, "task_1", jia)


def test_the_load_counts_what_each_holder_has(unit):
    head, jia, yi = unit
    refs = [desk.waits(desk.start("row", jia, key=f"k{n}", subject=f"base:{n}"))["task_1"].ref for n in range(4)]
    for ref in refs[:2]:
        give(ref, yi, head)
    with reading() as session:
        free, loads = distribution.load(session, head, clock.now())
        mine = distribution.page(session, head, yi.person).items
        first = distribution.page(session, head, None, limit=1)
        rest = distribution.page(session, head, None, limit=5, after=first.after)
    assert free >= 2
    assert {load.who.name: load.tasks for load in loads if load.who.name in {"jia", "yi"}} == {"jia": 0, "yi": 2}
    assert [row.ref for row in mine] == refs[:2]
    assert {row.ref for row in [*first.items, *rest.items]} >= set(refs[2:])


def test_of_two_at_once_the_second_is_told_who_has_it(unit):
    head, jia, yi = unit
    ref = desk.waits(desk.start("row", jia))["task_1"].ref
    desk.claim(ref, jia)
    with pytest.raises(Taken) as refused:
        give(ref, yi, head)
    assert refused.value.detail["held_by"] == jia.person
    give(ref, yi, head, seen=jia)


def test_it_goes_to_nobody_who_could_not_do_it(unit):
    head, jia, yi = unit
    case = desk.start("pair", jia)
    desk.do(case, "handle", jia)
    ref = desk.waits(case)["recheck"].ref
    with pytest.raises(cases.Separate):
        give(ref, jia, head)
    with pytest.raises(distribution.NotAHolder):
        give(ref, head, head)
    for reason in ("", "  ", "长" * 501):
        with pytest.raises(distribution.NoReason):
            give(ref, yi, head, reason=reason)
    cases.suspend(case, by=head, reason="等待", key="s")
    with pytest.raises(cases.Suspended):
        give(ref, yi, head)


def test_only_the_head_of_that_unit_gives(unit):
    head, jia, yi = unit
    ref = desk.waits(desk.start("row", jia))["task_1"].ref
    with pytest.raises(Forbidden):
        give(ref, yi, jia)
    elsewhere = desk.person("far", "city_section_head", organ="city-511500")
    with pytest.raises(Missing):
        give(ref, yi, elsewhere)
    with pytest.raises(Gone):
        give("0" * 12, yi, head)
    with reading() as session, pytest.raises(Forbidden):
        distribution.load(session, jia, clock.now())
