"""流程处置 on its pages: foreseen, proposed, approved by another; what moved meanwhile; who may, and HTML in text."""

import re

import pytest

from bases.cooperation import issue
from engine import cases
from tests.bases import cooperating as desk
from tests.web import support

SUPERVISOR, OWNER, HEAD = "liang.bo", "qin.lan", "ma.jun"
TYPED = {"act": "move", "reason": "办理人员调离，由登记人员重新填报", "basis": "督办单〔2026〕3号"}


def signed_in(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def post(client, url, **typed: str):
    return client.post(url, data={"csrf": support.token_of(client), "_key": "k1", **typed})


@pytest.fixture
def stuck(office):
    """A difficulty of Yibin's base that waits with the county; its ref."""
    assert office
    return issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref


def steps(client, ref):
    """What can be chosen on the page of a move: sources and targets."""
    page = client.get(f"/cases/{ref}/interventions?act=move").text
    lists = re.findall(r'<select[^>]*name="(source|target)".*?</select>', page, re.DOTALL)
    assert lists == ["source", "target"]
    one, other = re.findall(r"<select[^>]*>(.*?)</select>", page, re.DOTALL)[:2]
    return [re.findall(r'value="([^"]+)"', each) for each in (one, other)]


def proposed(office, ref, target):
    client = signed_in(office, SUPERVISOR)
    (source,), targets = steps(client, ref)
    assert target in targets
    typed = {**TYPED, "source": source, "target": target}
    page = post(client, f"/cases/{ref}/interventions/preview", **typed)
    assert page.status_code == 200
    assert "预演结果" in page.text
    assert "没有改动办件" in page.text
    rev = re.search(r'name="rev" value="(\d+)"', page.text)[1]
    made = post(client, f"/cases/{ref}/interventions", **typed, rev=rev)
    assert made.status_code == 303
    return made.location


@pytest.fixture
def target(office, stuck):
    (source,), targets = steps(signed_in(office, SUPERVISOR), stuck)
    assert source == "register"
    return next(each for each in targets if each == "county_handle")


def approved(office, at, login=HEAD):
    client = signed_in(office, login)
    page = client.get(at).text
    rev = re.search(r'name="rev" value="(\d+)"', page)
    return post(client, f"{at}/approval", rev=rev[1] if rev else "0")


def test_a_token_is_moved_after_a_preview_by_two_persons(office, stuck, target):
    before = desk.waiting(stuck)
    at = proposed(office, stuck, target)
    assert desk.waiting(stuck) == before
    assert "待批准的流程处置" in signed_in(office, HEAD).get("/home").text
    assert at in signed_in(office, HEAD).get("/interventions?state=proposed").text
    answer = approved(office, at)
    assert answer.status_code == 303
    assert desk.waiting(stuck) != before
    story = signed_in(office, HEAD).get(f"/cases/{stuck}").text
    assert "提出流程处置，报处室负责人批准" in story
    assert TYPED["reason"] in story
    assert "已批准并执行" in signed_in(office, SUPERVISOR).get(at).text


def test_what_was_typed_stays_when_it_is_refused(office, stuck):
    client = signed_in(office, SUPERVISOR)
    page = post(client, f"/cases/{stuck}/interventions/preview", **TYPED, source="nowhere", target="nowhere")
    assert page.status_code in {409, 422}
    assert TYPED["reason"] in page.text
    page = post(client, f"/cases/{stuck}/interventions/preview", act="burn<script>", reason="<b>x</b>")
    assert page.status_code == 422
    assert "<b>x</b>" not in page.text
    assert "burn<script>" not in page.text


def test_where_the_case_moved_meanwhile_the_head_is_shown_what_changed(office, stuck):
    client = signed_in(office, SUPERVISOR)
    typed = {**TYPED, "act": "cancel"}
    page = post(client, f"/cases/{stuck}/interventions/preview", **typed).text
    rev = re.search(r'name="rev" value="(\d+)"', page)[1]
    at = post(client, f"/cases/{stuck}/interventions", **typed, rev=rev).location
    head = signed_in(office, HEAD)
    old = re.search(r'name="rev" value="(\d+)"', head.get(at).text)[1]
    moved(stuck)
    page = head.get(at).text
    assert "提出之后办件有变动" in page
    assert "批准并执行</button>" not in page
    answer = post(head, f"{at}/approval", rev=old)
    assert answer.location == at
    assert "已按最新情况重新预演" in head.get(at).text
    assert desk.waiting(stuck)
    post(head, f"{at}/approval", rev=re.search(r'name="rev" value="(\d+)"', head.get(at).text)[1])
    assert not desk.waiting(stuck)


def moved(ref):
    """The case goes on by somebody else's hand."""
    head = desk.person(HEAD)
    cases.suspend(ref, by=head, reason="等", key="s")
    cases.resume(ref, by=head, reason="好", key="r")


def test_a_second_supervisor_is_led_to_the_proposal_that_waits(office, stuck, target):
    at = proposed(office, stuck, target)
    client = signed_in(office, SUPERVISOR)
    assert "本件另有一项流程处置待批准" in client.get(f"/cases/{stuck}/interventions").text
    again = post(client, f"/cases/{stuck}/interventions", **{**TYPED, "act": "cancel", "_key": "k2", "rev": "1"})
    assert again.status_code in {303, 409}
    assert again.status_code == 409 or again.location == at


def test_a_proposal_is_sent_back_with_a_reason(office, stuck, target):
    at = proposed(office, stuck, target)
    head = signed_in(office, HEAD)
    assert post(head, f"{at}/refusal", reason="").status_code == 422
    assert post(head, f"{at}/refusal", reason="请先催办").status_code == 303
    assert "请先催办" in signed_in(office, SUPERVISOR).get(at).text
    assert approved(office, at).status_code == 409


def test_who_may_not_is_refused(office, stuck, target):
    at = proposed(office, stuck, target)
    for login in ("zhou.ping", desk.FILLER, "hu.jing"):
        client = signed_in(office, login)
        assert client.get("/interventions").status_code == 403
        assert client.get(f"/cases/{stuck}/interventions").status_code == 403
        assert client.get(at).status_code == 403
        assert post(client, f"{at}/approval", rev="1").status_code == 403
    for login in (HEAD,):
        client = signed_in(office, login)
        assert post(client, f"/cases/{stuck}/interventions/preview", **TYPED).status_code == 403
    assert approved(office, at, SUPERVISOR).status_code == 403
    assert signed_in(office, OWNER).get(at).status_code == 404  # of a case that they do not see
    assert "/interventions" not in signed_in(office, desk.FILLER).get(f"/cases/{stuck}").text


def test_the_pages_are_there_in_english(office, stuck, target):
    at = proposed(office, stuck, target)
    client = signed_in(office, SUPERVISOR)
    client.set_cookie("jidi-language", "en")
    for url in (f"/cases/{stuck}/interventions", "/interventions", at):
        page = client.get(url)
        assert page.status_code == 200
        assert "Acts by hand" in page.text
