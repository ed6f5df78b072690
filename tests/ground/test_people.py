"""Who holds which key where, on a given day."""

from datetime import date

import pytest
from sqlalchemy import event

from ground import accounts, grants, organs, people
from ground.database import Session
from ground.errors import Missing
from ground.people import Addressee

DAY = date(2026, 11, 23)
BEFORE = date(2026, 11, 22)
AFTER = date(2026, 11, 24)


@pytest.fixture
def officer(session: Session) -> int:
    return people.add_person(session, "mianyang", "曾敏", "Zeng Min")


def number_of(session: Session, code: str) -> int:
    return organs.body(session, code).id


def statements(session: Session, call) -> int:
    seen = []
    note = lambda *_: seen.append(1)  # noqa: E731
    event.listen(session.connection, "before_cursor_execute", note)
    call()
    event.remove(session.connection, "before_cursor_execute", note)
    return len(seen)


def test_an_actor_holds_the_key_of_the_person_and_one_for_each_role(session, officer):
    city, pool = number_of(session, "city-510700"), number_of(session, "sc-experts")
    grants.give(session, officer, "city_officer", city, DAY)
    grants.give(session, officer, "expert", pool, DAY)
    actor = people.actor(session, officer, DAY)
    assert actor.keys == {f"person:{officer}", f"city_officer@{city}", f"expert@{pool}"}
    assert actor.has("city_officer")
    assert not actor.has("supervisor")
    assert actor.held[0].organ_name == "绵阳市商务局"
    assert actor.held[0].region == "510700"


def test_an_actor_is_read_in_one_statement(session, officer):
    grants.give(session, officer, "city_officer", number_of(session, "city-510700"), DAY)
    assert statements(session, lambda: people.actor(session, officer, DAY)) == 1


def test_a_person_without_a_role_still_holds_the_own_key(session, officer):
    assert people.actor(session, officer, DAY).keys == {f"person:{officer}"}


def test_a_grant_holds_from_its_first_to_its_last_day(session, officer):
    city = number_of(session, "city-510700")
    given = grants.give(session, officer, "city_officer", city, DAY)
    assert not people.actor(session, officer, BEFORE).has("city_officer")
    grants.revoke(session, given, AFTER)
    assert people.actor(session, officer, DAY).has("city_officer")
    assert not people.actor(session, officer, AFTER).has("city_officer")


def test_an_unknown_or_inactive_person_acts_as_nobody(session):
    with pytest.raises(Missing):
        people.actor(session, 987654, DAY)


@pytest.mark.parametrize(
    ("scope", "argument", "region", "organ"),
    [
        ("case-county", None, "511527", "county-511527"),
        ("case-city", None, "511527", "city-511500"),
        ("case-city", None, "510700", "city-510700"),
        ("province", None, "511527", "sc-mofcom"),
        ("organ", "sc-tax", "511527", "sc-tax"),
    ],
)
def test_a_scope_becomes_the_key_of_one_organ(session, officer, scope, argument, region, organ):
    number = number_of(session, organ)
    where = ("city_officer", scope, argument, region, DAY)
    assert people.resolve(session, *where) == Addressee(f"city_officer@{number}", held=False)
    grants.give(session, officer, "city_officer", number, DAY)
    assert people.resolve(session, *where) == Addressee(f"city_officer@{number}", held=True)
    assert statements(session, lambda: people.resolve(session, *where)) == 1


def test_an_organ_may_be_named_by_its_number(session):
    number = number_of(session, "sc-tax")
    assert people.resolve(session, "dept_liaison", "organ", number, "", DAY).key == f"dept_liaison@{number}"


def test_a_person_scope_is_the_key_of_that_person(session, officer):
    assert people.resolve(session, "expert", "person", officer, "", DAY) == Addressee(f"person:{officer}", held=True)
    assert people.resolve(session, "expert", "person", 987654, "", DAY).held is False
    assert people.resolve(session, "expert", "person", None, "", DAY) == Addressee("person:0", held=False)


def test_where_no_such_organ_is_nobody_can_hold_the_key(session):
    found = people.resolve(session, "base_authority", "case-county", None, "510700", DAY)
    assert found == Addressee("base_authority@0", held=False)
    assert people.resolve(session, "base_authority", "organ", "nowhere", "", DAY) == found
    assert people.resolve(session, "base_authority", "organ", None, "", DAY) == found
    assert people.holders(session, found.key, DAY) == []


def test_a_scope_that_does_not_exist_is_refused_by_name(session):
    with pytest.raises(people.ScopeUnknown) as refusal:
        people.resolve(session, "expert", "moon", None, "", DAY)
    assert refusal.value.detail["scope"] == "moon"


def test_what_is_meant_for_an_organ_that_has_ended_goes_to_its_successor(session):
    successor = number_of(session, "sc-pbc")
    assert people.resolve(session, "dept_liaison", "organ", "cd-pbc", "", DAY).key == f"dept_liaison@{successor}"
    old = number_of(session, "cd-pbc")
    assert people.resolve(session, "dept_liaison", "organ", "cd-pbc", "", date(2022, 1, 4)).key == f"dept_liaison@{old}"


def test_an_old_name_stays_readable(session):
    old = organs.body(session, "cd-pbc")
    assert organs.bodies(session, [old.id])[old.id].name == "中国人民银行成都分行"


def test_holders_come_in_chinese_order_and_once(session, officer):
    city = number_of(session, "city-510700")
    for login, name in (("z", "周涛"), ("a", "安宁"), ("o", "欧阳雪")):
        grants.give(session, people.add_person(session, login, name, login), "city_officer", city, DAY)
    grants.give(session, officer, "city_officer", city, BEFORE)
    grants.give(session, officer, "city_officer", city, DAY)
    found = people.holders(session, f"city_officer@{city}", DAY)
    assert [one.name for one in found] == ["安宁", "欧阳雪", "曾敏", "周涛"]
    assert [one.name for one in people.holders(session, f"person:{officer}", DAY)] == ["曾敏"]


def test_names_are_read_for_many_at_once(session, officer):
    assert people.name_of(session, [officer, 987654])[officer].name_en == "Zeng Min"
    assert people.name_of(session, []) == {}


def test_an_account_is_found_by_its_login(session, officer):
    found = accounts.by_login(session, "mianyang")
    assert found is not None
    assert (found.id, found.active, found.password_hash) == (officer, True, None)
    assert accounts.by_login(session, "nobody") is None


def test_the_three_administrators_are_three_persons(session, officer):
    province = number_of(session, "sc-mofcom")
    grants.give(session, officer, "sysadmin", province, DAY)
    with pytest.raises(grants.AdministratorsApart) as refusal:
        grants.give(session, officer, "auditadmin", province, DAY)
    assert refusal.value.detail["holds"] == "sysadmin"


def test_a_role_or_a_kind_of_organ_that_does_not_exist_is_refused(session, officer):
    with pytest.raises(grants.RoleUnknown):
        grants.give(session, officer, "king", number_of(session, "sc-mofcom"), DAY)
    with pytest.raises(organs.KindUnknown):
        organs.add(session, "x", "x", "x", kind="kingdom", region="510000", valid_from=DAY)


def test_the_system_holds_no_key():
    assert people.SYSTEM.keys == frozenset()
    assert not people.SYSTEM.has("supervisor")
