"""The desk of what is done together: a filler registers a difficulty from the home, and each sees what is theirs."""

from ground.database import reading
from tests.bases import cooperating as desk
from tests.stories import test_base_change as changing, test_enterprise_issue as stories
from tests.web import support


def signed_in(office, login: str):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def begun(client):
    data = {"csrf": support.token_of(client), "_key": "once", "base": desk.base().ref}
    return client.post("/issues", data=data)


def test_a_filler_comes_from_the_home_to_the_form_of_a_difficulty_and_twice_is_once(office):
    client = signed_in(office, desk.FILLER)
    assert "登记企业困难" in client.get("/home").text
    page = client.get("/issues").text
    assert page.count("登记企业困难") == 1
    assert f'name="base" value="{desk.base().ref}"' in page
    answer = begun(client)
    assert answer.status_code == 303
    assert "希望解决的事项" in client.get(answer.location).text
    assert begun(client).location == answer.location


def test_the_list_shows_the_level_and_the_answer_to_whom_it_concerns_only(office):
    ref = stories.issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    stories.registered(ref)
    desk.do(desk.FILLER, ref, "base_handle", stories.ANSWERED)
    page = signed_in(office, desk.CITY).get("/issues").text
    for words in ("锂电池出口订舱困难", "已答复", "已协调班列"):
        assert words in page
    for login in ("song.ying", "tang.hao"):
        assert "锂电池" not in signed_in(office, login).get("/issues").text
    assert signed_in(office, "song.ying").get(f"/issues?base={desk.base().ref}").status_code == 404
    assert signed_in(office, "li.guohua").get("/issues").status_code == 403


def test_nobody_else_registers_and_looking_writes_nothing(office):
    for login in (desk.CITY, "chen.jing"):
        assert begun(signed_in(office, login)).status_code == 403
    assert begun(signed_in(office, "tang.hao")).status_code == 403
    with reading() as session:
        assert stories.issue.listed(session, desk.person(desk.CITY)) == []


def test_the_secretary_begins_a_meeting_and_the_page_shows_the_pool(office):
    ref = stories.issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    stories.registered(ref, kind="trade_friction")
    desk.do("tao.yi", ref, "friction_handle", {"outcome": "up", "reason": "涉及多个部门。"})
    client = signed_in(office, "shao.qi")
    page = client.get("/meetings").text
    assert "锂电池出口订舱困难" in page
    assert "筹备会议" in page
    answer = client.post("/meetings", data={"csrf": support.token_of(client), "_key": "once"})
    assert answer.status_code == 303
    assert "拟定议题" in client.get(answer.location).text
    assert signed_in(office, desk.CITY).get("/meetings").status_code == 403
    assert "筹备会议" not in signed_in(office, "chen.jing").get("/meetings").text


def test_n_9_the_page_shows_what_held_on_the_day_that_is_asked_for(office):
    ref = changing.base_change.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    changing.filled(ref, contact="梅玲 0831-0000000")
    desk.do(desk.CITY, ref, "city_review", changing.AGREED)
    desk.do("chen.jing", ref, "prov_review", changing.AGREED)
    client, where = signed_in(office, desk.CITY), f"/changes/{desk.base().ref}"
    assert "<dd>梅玲 0831-0000000</dd>" in client.get(where).text
    assert "<dd>梅玲 0831-0000000</dd>" not in client.get(f"{where}?on=2026-11-01").text
    assert where in client.get("/changes").text
    assert signed_in(office, "song.ying").get(where).status_code == 404
    filler = signed_in(office, desk.FILLER)
    page = filler.get("/changes").text
    assert page.count("申请变更") == 1
    assert f'name="base" value="{desk.base().ref}"' in page
    data = {"csrf": support.token_of(filler), "_key": "two", "base": desk.base().ref}
    assert "变更理由和依据" in filler.get(filler.post("/changes", data=data).location).text
