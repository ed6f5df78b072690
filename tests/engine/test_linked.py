"""The cases that one case has to do with: those of the same base, for whoever may know of them."""

import pytest

from engine import cases
from engine.cases import linked
from ground.database import reading
from tests.engine import desk, flows


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("one", 1))
    desk.publish(flows.in_a_row("two", 2))
    return desk.person("officer", "prov_officer")


def links(ref, by):
    with reading() as session:
        return [(each.how, each.case.case_ref) for each in linked.of(session, cases.find(session, ref, by), by)]


def test_what_else_a_base_has_is_linked_the_newest_first(officer):
    case = desk.start("one", officer, key="a", subject="base:7")
    second = desk.start("two", officer, key="b", subject="base:7")
    third = desk.start("two", officer, key="c", subject="base:7")
    desk.start("one", officer, key="d", subject="base:8")
    assert links(case, officer) == [(linked.SAME, third), (linked.SAME, second)]


def test_a_subject_that_is_no_base_or_batch_links_nothing(officer):
    case = desk.start("one", officer, key="a", subject="enterprise:7")
    desk.start("two", officer, key="b", subject="enterprise:7")
    assert links(case, officer) == []


def test_whoever_may_not_know_of_the_other_case_reads_of_none(officer):
    case = desk.start("one", officer, key="a", subject="base:7")
    elsewhere = cases.start(
        "two", subject="base:7", region="510104", organ=officer.held[0].organ_id, title="例", by=officer, key="x"
    ).ref
    city = desk.person("city", "city_officer", organ="city-510700")
    assert links(case, officer) == [(linked.SAME, elsewhere)]
    assert links(case, city) == []
