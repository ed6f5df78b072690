"""The pages of alerts: kept, tried out, paused, broken by name; nobody else's, and no markup that runs."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bases.cooperation import issue
from ground import leases
from ground.database import reading, transaction
from ground.ids import ref as new_ref
from tasks import alert_rules, alerts
from tasks.alert_rules import AlertRule
from tests.bases import cooperating as desk
from tests.web import support

KEEPER, OTHER = "liang.bo", "zhou.ping"


def signed_in(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def post(client, path, **form: str):
    return client.post(path, data={"csrf": support.token_of(client), **form})


def keep(client, **form: str):
    said = {"name": "无人领取两日", "reason": "unclaimed", "days": "0", "to_kind": "self", "_key": new_ref(), **form}
    return post(client, "/alerts", **said)


def rule_of(client, **form: str):
    answer = keep(client, **form)
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.fixture
def late(office, stopped_clock):
    """A difficulty that nobody claims; its number."""
    assert office
    ref = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    stopped_clock[0] += timedelta(days=4)
    return desk.case(ref).number


def test_a_rule_is_kept_tried_paused_and_given_up(office, late):
    client = signed_in(office, KEEPER)
    assert "还没有提醒规则" in client.get("/alerts").text
    form = client.get("/alerts/new").text
    assert 'value="enterprise-issue/register"' in form
    where = rule_of(client, at="enterprise-issue/register")
    page = client.get(where).text
    assert "无人领取两日" in page
    assert "发给自己测试" in page
    tried = post(client, f"{where}/trial", _key="k")
    assert tried.status_code == 303
    page = client.get(where).text
    assert "测试" in page
    assert late in page
    assert f"无人领取：{late}" in client.get("/letters").text
    assert leases.alone("alerts", timedelta(), alerts.turn)
    assert "已提醒1人" in client.get(where).text
    assert post(client, f"{where}/pause", paused="1", seen="1").status_code == 303
    assert "已暂停" in client.get("/alerts").text
    assert post(client, f"{where}/pause", paused="0", seen="1").status_code == 409  # somebody has changed it
    assert post(client, where, name="改名", reason="stuck", days="1", to_kind="head", seen="2").status_code == 303
    assert "停滞后再过1个工作日" in client.get("/alerts").text
    assert post(client, f"{where}/end", seen="3").status_code == 303
    assert client.get(where).status_code == 404


def test_a_rule_in_english(office, late):
    client = signed_in(office, KEEPER)
    where = rule_of(client, name="Lying", reason="waits", days="2")
    client.set_cookie("jidi-language", "en")
    for path in ("/alerts", where, f"{where}/form"):
        page = client.get(path).text
        assert "Alerts" in page
        assert "提醒规则" not in page


def test_what_does_not_hold_comes_back_as_it_was_typed(office):
    client = signed_in(office, KEEPER)
    answer = keep(client, name="<script>alert(1)</script>", days="999")
    assert answer.status_code == 422
    assert "0至60" in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert(1)" not in answer.text
    assert keep(client, at="nowhere/at_all").status_code == 422
    assert keep(client, to_kind="person", to_person="x" * 500).status_code == 422
    assert keep(client, name="n" * 100_000).status_code in {413, 422}
    where = rule_of(client, name="<b>粗</b>")
    for path in ("/alerts", where):
        assert "<b>粗" not in client.get(path).text


def test_the_same_form_sent_twice_is_one_rule(office):
    client = signed_in(office, KEEPER)
    assert rule_of(client, _key="same") == rule_of(client, _key="same")


def test_a_broken_rule_is_named_on_its_page_and_on_the_list(office):
    client = signed_in(office, KEEPER)
    where = rule_of(client, at="enterprise-issue")
    with transaction() as session:
        session.execute(update(AlertRule).values(process="abolished"))
    assert "流程已不存在" in client.get("/alerts").text
    page = client.get(where).text
    assert "流程已不存在" in page
    assert "发给自己测试" not in page


def test_nobody_else_reads_or_keeps_them(office, late):
    where = rule_of(signed_in(office, KEEPER))
    for login in (OTHER, desk.FILLER, "hu.jing", "gao.yuan"):
        client = signed_in(office, login)
        assert client.get("/alerts").status_code == 403
        assert client.get(where).status_code == 403
        assert keep(client).status_code == 403
        for act in ("", "/trial", "/pause", "/end"):
            assert post(client, f"{where}{act}", seen="1").status_code == 403
    assert support.browser(office).get("/alerts").status_code in {302, 303, 401}
    with reading() as session:
        assert len(alert_rules.running(session)) == 1
