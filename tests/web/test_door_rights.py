"""Every route × every role: who is admitted stands in a table, and nothing else decides."""

import pytest
from flask import Blueprint

from ground import clock, grants, organs, people
from ground.database import transaction
from tests import databases
from tests.conftest import MORNING
from tests.web import support
from web.door import rights
from web.door.rights import PUBLIC, SIGNED_IN, Route

NOBODY = "nobody"
TURNED_AWAY = {"signed_out", "forbidden"}


@pytest.fixture(scope="module")
def everybody(pages, shared):
    """A browser for each role, one for a person without any, and one for the public."""
    with transaction() as store:
        organ = organs.body(store, "sc-mofcom").id
        # This is made before any test's clock stands, so the day is named.
        for role in (*grants.ROLES, NOBODY):
            person = people.add_person(store, f"matrix.{role}", "某人", "Somebody")
            if role != NOBODY:
                grants.give(store, person, role, organ, clock.local_day(MORNING))  # made before any test's clock stands
    browsers = {"": support.browser(pages)}
    for role in (*grants.ROLES, NOBODY):
        browsers[role] = support.browser(pages)
        support.sign_in(browsers[role], f"matrix.{role}")
    return browsers


@pytest.fixture(autouse=True)
def house(shared):
    with databases.using(shared):
        yield


def address(pages, endpoint: str) -> str:
    """An address of this route; what it names need not be there."""
    rule = next(pages.url_map.iter_rules(endpoint))
    values = {
        name: 1 if type(each).__name__ == "IntegerConverter" else "0" * 12 for name, each in rule._converters.items()
    }
    with pages.test_request_context():
        return pages.url_for(endpoint, **values, _external=False)


@pytest.mark.parametrize("role", ["", NOBODY, *grants.ROLES])
def test_every_route_admits_whom_its_row_names_and_nobody_else(pages, everybody, role):
    for (endpoint, method), row in pages.extensions["rights"].items():
        answer = everybody[role].open(
            address(pages, endpoint), method=method, headers={"Accept": "application/json"}, data={}
        )
        code = (answer.get_json(silent=True) or {}).get("code") if answer.status_code >= 400 else None
        admitted = row.who == PUBLIC or (role and (row.who == SIGNED_IN or role in row.who))
        expected = set() if admitted else {"forbidden" if role else "signed_out"}
        assert {code} & TURNED_AWAY == expected, f"{method} {endpoint} as {role or 'the public'}: {code}"


def test_the_table_names_only_roles_that_exist(pages):
    named = set().union(*(row.who for row in pages.extensions["rights"].values()))
    assert named <= {*grants.ROLES, *PUBLIC, *SIGNED_IN}


def test_a_route_without_a_row_keeps_the_application_from_starting(pages):
    with pytest.raises(rights.Unguarded, match=r"public\.home"):
        rights._compare(pages, {key for key in pages.extensions["rights"] if key != ("public.home", "GET")})


def test_a_row_without_a_route_keeps_the_application_from_starting(pages):
    with pytest.raises(rights.Unguarded, match=r"public\.nothing"):
        rights._compare(pages, {*pages.extensions["rights"], ("public.nothing", "GET")})


def test_the_demos_routes_do_not_exist_outside_of_the_demo(pages, everybody):
    token = support.token_of(everybody[""])
    for path in ("/demo/clock", "/demo/persons/000000000000/session"):
        assert everybody[""].post(path, data={"csrf": token}).status_code == 404


def test_the_bar_shows_the_places_that_one_may_open(everybody):
    assert "提出申报" in everybody["base_filler"].get("/profile").text
    assert "提出申报" not in everybody["city_officer"].get("/profile").text
    assert "待办" not in everybody[""].get("/register").text


def test_the_first_page_leads_to_work_or_shows_the_public_one(everybody):
    assert everybody["city_officer"].get("/").headers["Location"] == "/home"
    assert everybody[""].get("/").status_code == 200


def test_a_desk_holds_its_blueprint_and_rows():
    desk = rights.Desk(Blueprint("x", __name__), (Route("x.y", "GET", PUBLIC),))
    assert desk.places == ()
    assert desk.codes == {}
