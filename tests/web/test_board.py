"""The board of supervision: what is stuck with its reasons, tiles that open their lists, who may look."""

from datetime import timedelta

import pytest

from bases.cooperation import issue
from tests.bases import cooperating as desk
from tests.web import support


def signed_in(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


@pytest.fixture
def late(office, stopped_clock):
    """A difficulty of Yibin's base that its filler left lying for three weeks; its number."""
    assert office
    ref = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    desk.task(ref, "register")
    stopped_clock[0] += timedelta(days=21)
    return desk.case(ref).number


def test_the_supervisor_reads_what_is_stuck_why_and_what_helps(office, late):
    client = signed_in(office, "liang.bo")
    page = client.get("/stuck").text
    assert late in page
    assert "个工作日无人领取" in page or "领取后" in page
    assert "催办" in page
    assert "超出系统默认时限" in page
    assert "不作为逾期" in page


def test_a_tile_opens_the_cases_that_it_counts(office, late):
    client = signed_in(office, "liang.bo")
    assert "process=enterprise-issue" in client.get("/stuck").text
    assert late in client.get("/stuck?process=enterprise-issue").text
    assert late in client.get("/stuck?city=5115").text
    assert late not in client.get("/stuck?city=5101").text
    assert late not in client.get("/stuck?why=incident").text
    assert late in client.get(f"/stuck?q={late}").text
    assert client.get("/stuck?q=%25_'--&city=x&why=nothing&after=").status_code == 200
    assert client.get("/stuck?after=yesterday").status_code == 400


def test_the_home_of_the_supervisor_leads_there(office, late):
    assert late
    assert 'href="/stuck"' in signed_in(office, "liang.bo").get("/home").text


def test_whoever_answers_for_nobody_else_does_not_look(office, late):
    assert late
    for login in ("zhou.ping", desk.FILLER, "hu.jing"):
        assert signed_in(office, login).get("/stuck").status_code == 403
    assert support.browser(office).get("/stuck").status_code in {302, 303, 401}


def test_what_waits_as_it_should_stands_apart(office, late):
    assert late
    assert signed_in(office, "liang.bo").get("/stuck/waiting").status_code == 200
