"""The desk of supervision: who reads the orders, who begins one, and where the buttons and tiles lead."""

import pytest

from bases.cooperation import issue, supervision
from engine import history
from ground import clock
from ground.database import reading
from tests.bases import cooperating as desk
from tests.stories import test_supervision as stories
from tests.web import support


def signed_in(office, login: str):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def begun(client, **said: str):
    return client.post("/orders", data={"csrf": support.token_of(client), "_key": "once", **said})


@pytest.fixture
def urged(office, stopped_clock):
    """The ref of an order about a case of Yibin's base that is late, and that of the case."""
    assert office
    about = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    stories.over(stopped_clock, desk.task(about, "register").due_on)
    ref = stories.begin(about)
    stories.raise_(ref, "urge")
    with reading() as session:
        return supervision.of_case(session, desk.case(ref).id).ref, about


def test_from_the_page_of_a_case_the_supervisor_comes_to_the_form_and_twice_is_once(office, stopped_clock):
    """N-7: the supervisor urges, and the case that is late is not changed."""
    about = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    stories.over(stopped_clock, desk.task(about, "register").due_on)
    before = desk.case(about).rev
    client = signed_in(office, "liang.bo")
    assert "催办、督办" in client.get(f"/cases/{about}").text
    answer = begun(client, about=about)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for words in ("系统默认时限", "宜宾市商务局", "黄·催办", "督办不代办"):
        assert words in page
    assert begun(client, about=about).location == answer.location
    assert desk.case(about).rev == before


def test_nobody_else_has_the_button_or_may_begin(office, urged):
    _ref, about = urged
    for login in ("chen.jing", "gao.yuan", desk.CITY, desk.FILLER):
        client = signed_in(office, login)
        assert "催办、督办" not in client.get(f"/cases/{about}").text
        assert begun(client, about=about).status_code == 403


def test_a_person_is_refused_and_what_is_not_named(office):
    client = signed_in(office, "liang.bo")
    refused = begun(client, matter="某事", unit="person:7")
    assert refused.status_code == 422
    assert "不发给个人" in refused.text
    assert begun(client, matter="", unit="sc-mofcom").status_code == 422
    opened = client.get(begun(client, matter="提供通关预约", unit="cd-customs").location).text
    assert "商请函" in opened
    assert "橙·督办单" not in opened


def test_the_list_is_filtered_by_its_address_and_taken_out_as_it_stands(office, urged):
    ref, _about = urged
    client = signed_in(office, "liang.bo")
    with reading() as session:
        unit = supervision.one(session, ref, desk.person("liang.bo")).organ_ref
    for query in ("", "?level=urge", "?state=open", "?state=waiting", f"?unit={unit}"):
        assert "增加班列舱位" in client.get(f"/orders{query}").text
    for query in ("?level=order", "?state=closed", "?unit=000000000000"):
        assert "增加班列舱位" not in client.get(f"/orders{query}").text
        assert "增加班列舱位" not in client.get(f"/orders/list.csv{query}").text
    assert "增加班列舱位" in client.get("/orders/list.csv?level=urge").text
    assert client.get("/orders/list.xlsx").status_code == 200
    assert client.get("/orders/list.pdf").status_code == 404


def test_a_unit_reads_its_own_orders_and_no_other_does(office, urged):
    ref, _about = urged
    page = signed_in(office, desk.CITY).get(f"/orders/{ref}").text
    for words in ("增加班列舱位", "请说明进展和完成日期。", "核销意见"):
        assert words in page
    assert signed_in(office, "song.ying").get(f"/orders/{ref}").status_code == 404
    assert "增加班列舱位" not in signed_in(office, "song.ying").get("/orders").text
    assert signed_in(office, desk.FILLER).get("/orders").status_code == 403
    assert signed_in(office, "chen.jing").get(f"/orders/{ref}").status_code == 200


def test_the_tiles_of_the_supervisor_lead_to_the_lists_they_count(office, urged):
    assert urged
    page = signed_in(office, "liang.bo").get("/home").text
    assert "/orders?level=urge&amp;state=open" in page
    assert "待核查的反馈" in page
    assert "在办督办单" not in page


def test_a_passed_default_is_grey_on_the_list(office, urged, stopped_clock):
    """N-6: the colour belongs to the order; the day of an urging is a default and is not shown as late."""
    ref, _about = urged
    stopped_clock[0] = clock.end_of(_order(ref).due_on)
    page = signed_in(office, "liang.bo").get("/orders").text
    assert 'class="due late"' not in page
    assert 'class="due past"' in page


def test_looking_writes_nothing(office, urged):
    ref, about = urged
    client = signed_in(office, "liang.bo")
    before = _lines(about)
    for path in ("/orders", f"/orders/{ref}", "/orders/list.csv"):
        assert client.get(path).status_code == 200
    assert _lines(about) == before


def _order(ref: str):
    with reading() as session:
        return supervision.one(session, ref, desk.person("liang.bo"))


def _lines(about: str) -> int:
    with reading() as session:
        return len(history.read(session, desk.case(about).id))
