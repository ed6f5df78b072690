"""抄送 and 批注: copies open nothing, and remarks stay among colleagues."""

import pytest

from engine import cases
from ground.database import reading
from ground.errors import Forbidden
from tasks import at_task, comments, copying, letters
from tasks.lists import EVERYTHING
from tests.engine import desk, flows
from tests.tasks.at_task import WHY, claimed, do, lines, seen_kinds


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 2))
    return desk.person("officer", "prov_officer")


def to_read(person):
    with reading() as session:
        return [row.template for row in letters.to_read(session, person, EVERYTHING).items]


def remarks(case, by):
    with reading() as session:
        return [row.words for row in comments.of_case(session, desk.row(case).id, by)]


def copy(wait, persons, by, key="k"):
    return do(copying.copy, wait, [each.ref for each in persons], WHY, by=by, key=key)


def test_a_copy_appears_among_what_is_to_be_read_once_and_stands_in_the_history(officer):
    case, wait = claimed(officer)
    readers = [desk.person("legal-2", "legal"), desk.person("mianyang", "city_officer", organ="city-510700")]
    for _ in range(2):
        copy(wait, readers, officer)
    assert [to_read(each) for each in readers] == [["task_copied"], ["task_copied"]]
    (line,) = lines(case, "task.copied")
    assert set(line.detail["persons"]) == {each.person for each in readers}


def test_nobody_is_sent_a_copy_of_a_case_that_their_role_does_not_show(officer):
    _case, wait = claimed(officer)
    strangers = [
        desk.person("elsewhere", "city_officer", organ="city-511400"),
        desk.person("expert-x", "expert"),
        desk.person("finance", "dept_liaison", organ="sc-finance"),
        desk.person("filler-x", "base_filler", organ="base-B042"),
    ]
    for stranger in strangers:
        with pytest.raises(at_task.NotAmong):
            copy(wait, [stranger], officer)
        assert to_read(stranger) == []


def test_whoever_has_nothing_to_do_with_the_task_copies_nothing(officer):
    _case, wait = claimed(officer)
    with pytest.raises(cases.NotYours):
        copy(wait, [officer], desk.person("checker", "prov_checker"))


def test_a_remark_is_read_in_its_office_and_at_the_province(officer):
    case, wait = claimed(officer)
    city = desk.person("mianyang", "city_officer", organ="city-510700")
    colleague = desk.person("mianyang-2", "city_section_head", organ="city-510700")
    do(comments.write, wait, "材料偏弱", by=officer)
    do(comments.write, wait, "市里另有说明", by=city)
    assert remarks(case, officer) == ["市里另有说明", "材料偏弱"]
    assert remarks(case, city) == remarks(case, colleague) == ["市里另有说明"]
    assert "task.commented" in seen_kinds(case, colleague)


def test_the_base_reads_no_remark_and_writes_none(officer):
    filler = desk.person("filler", "base_filler", organ="base-B042")
    case = desk.start("row", officer, key="own")
    wait = desk.waits(case)["task_1"].ref
    do(comments.write, wait, "材料偏弱", by=officer)
    with reading() as session:
        organ = desk.row(case).organ_id
        assert organ != filler.held[0].organ_id or remarks(case, filler) == []
        assert comments.of_case(session, desk.row(case).id, filler) == []


def test_auditors_write_nothing_and_a_remark_says_something(officer):
    _case, wait = claimed(officer)
    with pytest.raises(Forbidden):
        do(comments.write, wait, "看过了", by=desk.person("audit", "auditor"))
    for words in ("", " \n ", "长" * 1001):
        with pytest.raises(at_task.NoWords):
            do(comments.write, wait, words, by=officer)


def test_the_same_remark_sent_twice_is_one(officer):
    case, wait = claimed(officer)
    for _ in range(2):
        do(comments.write, wait, "请看附件二", by=officer)
    assert remarks(case, officer) == ["请看附件二"]
