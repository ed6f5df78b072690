"""The pages of the circular: the supervisor's draft, its issue, the document; readers see what was issued."""

import io
from datetime import timedelta

import docx
import pytest

from bases.cooperation import issue, supervision_week as week
from ground import clock, leases
from tests.bases import cooperating as desk
from tests.web import support
from tests.web.test_alerts import post, signed_in
from web.alerts import weekly

SUPERVISOR, LEADER, OFFICER = "liang.bo", "gao.yuan", "chen.jing"


@pytest.fixture
def monday(office, stopped_clock):
    """The Monday after a week in which a difficulty lay; its number."""
    assert office
    ref = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    first = week.monday(clock.today())
    desk.pass_time(stopped_clock, week.drafted_at(first, 9))
    return desk.case(ref).number


def test_the_board_says_this_week_against_last_by_the_figures_that_are_kept(office, monday, stopped_clock):
    assert monday
    client = signed_in(office, SUPERVISOR)
    assert "全省" not in client.get("/stuck").text
    weekly.draft_now(desk.person(SUPERVISOR))
    page = client.get("/stuck").text
    assert "（督办通报）全省1件" in page
    assert "上周" not in page
    issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="two")
    desk.pass_time(stopped_clock, stopped_clock[0] + timedelta(days=7))
    weekly.draft_now(desk.person(SUPERVISOR))
    client = signed_in(office, SUPERVISOR)  # nobody stays signed in for a week
    assert "（督办通报）全省2件，比上周多1件" in client.get("/stuck").text
    assert "全省2件" not in client.get("/stuck?q=x").text
    for login in (LEADER, "cao.yun", "qin.lan"):
        assert "全省" not in signed_in(office, login).get("/stuck").text


def test_it_is_drafted_looked_at_issued_and_read(office, monday):
    client = signed_in(office, SUPERVISOR)
    assert "还没有拟制" in client.get("/circulars").text
    assert leases.alone("circular", timedelta(), weekly.draft_due)
    page = client.get("/circulars").text
    assert "还没有拟制" not in page
    assert "待印发" in page
    assert "待印发的督办通报" in client.get("/home").text
    ref = page.split('href="/circulars/')[1].split('"')[0]
    page = client.get(f"/circulars/{ref}").text
    assert "宜宾市" in page
    leader = signed_in(office, LEADER)
    assert leader.get(f"/circulars/{ref}").status_code == 404
    assert leader.get(f"/circulars/{ref}.docx").status_code == 404
    assert post(leader, f"/circulars/{ref}/issue", seen="1").status_code == 403
    assert post(client, f"/circulars/{ref}", seen="1", paragraph="<script>x</script>请反馈。").status_code == 303
    assert "<script>x" not in client.get(f"/circulars/{ref}").text
    assert post(client, f"/circulars/{ref}/issue", seen="1", paragraph="请反馈。").status_code == 409
    assert post(client, f"/circulars/{ref}/issue", seen="2", paragraph="请反馈。").status_code == 303
    assert post(client, f"/circulars/{ref}/issue", seen="4", paragraph="再改").status_code == 409
    assert "第1期" in leader.get("/circulars").text
    assert "督办通报" in leader.get("/home").text
    answer = leader.get(f"/circulars/{ref}.docx")
    assert answer.status_code == 200
    file = docx.Document(io.BytesIO(answer.data))
    assert "请反馈。" in "\n".join(each.text for each in file.paragraphs)
    assert monday in "\n".join(cell.text for table in file.tables for line in table.rows for cell in line.cells)
    leader.set_cookie("jidi-language", "en")
    for path in ("/circulars", f"/circulars/{ref}"):
        assert "Circulars of supervision" in leader.get(path).text


def test_it_is_drafted_by_hand_where_the_house_was_off(office, monday):
    client = signed_in(office, SUPERVISOR)
    assert post(client, "/circulars").status_code == 303
    assert post(client, "/circulars").status_code == 303
    assert client.get("/circulars").text.count('class="main" href="/circulars/') == 1


def test_others_do_not_read_it(office, monday):
    for login in (OFFICER, "zhou.ping", desk.FILLER):
        client = signed_in(office, login)
        assert client.get("/circulars").status_code == 403
        assert post(client, "/circulars").status_code == 403
    assert support.browser(office).get("/circulars").status_code in {302, 303, 401}
