"""A change of a base from the base to the register, and its value on any date (P17)."""

from datetime import date

import pytest

from bases.cooperation import base_change
from engine import cases
from ground.database import reading
from ground.errors import Forbidden, Missing
from tests.bases import cooperating as desk

# What the statements are is proved on both databases by the first story here.
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AGREED = {"opinion": "同意。", "outcome": "agree"}
DAY = date(2026, 11, 2)


@pytest.fixture
def begun(database):
    assert database
    return base_change.begin(desk.base().ref, by=desk.person(desk.FILLER), key="once").ref


def filled(ref: str, **after: str) -> None:
    with reading() as session:
        stands = base_change.values_at(session, desk.base(), DAY)
    rows = [{"what": what, "was": value, "becomes": after.get(what)} for what, value in stands.items()]
    said = {"changes": rows, "holds_from": DAY.isoformat(), "basis": "宜宾市人民政府批复。"}
    desk.do(desk.FILLER, ref, "fill", said)


def value(what: str, day: date) -> str:
    with reading() as session:
        return base_change.value_at(session, desk.base(), what, day)


@pytest.mark.performs("N-9")
def test_n_9_a_change_of_name_and_area_is_signed_recorded_and_history_shows_the_value_on_any_date(begun):
    """N-9: before and after stand in the history; the day on which it holds decides, not the day of recording."""
    before = desk.base()
    filled(begun, name="宜宾三江新区动力电池基地", area="5200")
    desk.do(desk.CITY, begun, "city_review", AGREED)
    desk.do("chen.jing", begun, "prov_review", AGREED)
    assert desk.base().name == before.name
    assert desk.do("gao.yuan", begun, "sign", AGREED).outcome == "recorded"

    after = desk.base()
    assert (after.name, after.area_mu, after.status) == ("宜宾三江新区动力电池基地", 5200, before.status)
    assert value("name", date(2026, 11, 1)) == before.name
    assert value("name", DAY) == after.name
    assert value("area", date(2020, 1, 1)) == str(before.area_mu)
    assert value("area", date(2030, 1, 1)) == "5200"
    with reading() as session:
        lines = base_change.lines_of(session, after.id)
    assert [line.by_person for line in lines] == [desk.person("gao.yuan").person] * 2


@ONE
def test_a_contact_needs_no_leader(begun):
    filled(begun, contact="梅玲 0831-0000000")
    desk.do(desk.CITY, begun, "city_review", AGREED)
    assert desk.do("chen.jing", begun, "prov_review", AGREED).outcome == "recorded"
    assert value("contact", DAY) == "梅玲 0831-0000000"
    assert value("contact", date(2026, 11, 1)) == base_change.UNKNOWN


@ONE
def test_a_refused_or_empty_change_changes_nothing(begun):
    with pytest.raises(cases.Invalid) as empty:
        filled(begun)
    assert [one.code for one in empty.value.detail["problems"]] == ["change.nothing"]
    with pytest.raises(cases.Invalid):
        filled(begun, area="很大")
    filled(begun, name="别名")
    desk.do(desk.CITY, begun, "city_review", AGREED)
    desk.do("chen.jing", begun, "prov_review", AGREED)
    desk.do("gao.yuan", begun, "sign", {"opinion": "依据不足。", "outcome": "refuse"})
    with reading() as session:
        assert base_change.lines_of(session, desk.base().id) == []
    assert desk.base().name == "宜宾三江新区"


@ONE
def test_only_the_base_s_own_filler_begins_and_another_city_sees_nothing(begun):
    for login in ("tang.hao", desk.CITY, "chen.jing"):
        with pytest.raises(Forbidden):
            base_change.begin(desk.base().ref, by=desk.person(login), key="other")
    with pytest.raises(cases.AlreadyOpen):
        base_change.begin(desk.base().ref, by=desk.person(desk.FILLER), key="second")
    with reading() as session, pytest.raises(Missing):
        cases.look(session, begun, desk.person("song.ying"))
