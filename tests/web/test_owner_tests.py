"""The tests of a draft beside a change: where one goes another way, a new task added to all, gone on with, dropped."""

import orjson
import pytest

from tests.engine.trial.test_amending import FLOW, OPINION
from tests.web import support
from tests.web.test_owner_desk import KEY, begin, enter, post, propose, put

TESTS = f"/processes/{KEY}/draft/tests"
VISITS = "designation-case"


@pytest.fixture
def owner(office):
    client = enter(office, "qin.lan")
    begin(client)
    body = client.get(f"/processes/{KEY}/draft/diagram.bpmn").data
    assert put(client, body.replace(FLOW, OPINION)).status_code == 200
    return client


def drop(client, path):
    return client.post(f"{TESTS}/removals", data={"csrf": support.token_of(client), "path": path})


def test_where_a_test_goes_another_way_is_said_in_words(owner):
    page = owner.get(TESTS).text
    assert "第3步办理“市（州）审核”没有办成；这时等待办理“处室意见”。" in page
    assert "5个测试停在这里" in page
    assert "从这里接着试办" in page


def test_a_new_task_is_added_to_all_tests_at_once_and_the_draft_may_be_proposed(owner):
    refused = propose(owner).text
    assert "草稿有5个测试没有通过" in refused
    assert f'href="{TESTS}"' in refused
    answer = post(owner, f"{TESTS}/amendments", element="opinion", **{"f.outcome": "agree"})
    page = owner.get(answer.location).text
    assert "已在5个测试中补上“处室意见”，其中5个通过。" in page
    assert "未通过" not in page
    assert propose(owner, rev=3).status_code == 303


def test_answers_that_lead_elsewhere_are_kept_and_said(owner):
    answer = post(owner, f"{TESTS}/amendments", element="opinion")
    assert "已在5个测试中补上“处室意见”" in owner.get(answer.location).text


def test_a_step_at_which_no_test_stops_is_not_added_to_any(owner):
    assert post(owner, f"{TESTS}/amendments", element="fill").status_code == 404
    assert post(owner, f"{TESTS}/amendments").status_code == 404
    assert "5个测试停在这里" in owner.get(TESTS).text


def test_a_test_is_gone_on_with_from_where_it_stopped_and_kept_under_its_name(owner):
    page = owner.get(f"/processes/{KEY}/draft/trial?test=contact").text
    assert "以商务厅经办人身份办理" in page
    assert 'value="contact"' in page
    assert "联系人变更：不须领导签署" in page
    steps = [{"start": "base_change"}, {"complete": "fill"}, {"complete": "opinion", "data": {"outcome": "agree"}}]
    script = orjson.dumps({"steps": steps, "gives": {"change.prepare": {"leader_signs": False}}}).decode()
    post(owner, TESTS, script=script, name="contact", title="联系人变更：不须领导签署")
    assert "4个测试停在这里" in owner.get(TESTS).text


def test_a_test_that_asks_what_is_no_rule_any_more_is_taken_out(owner):
    answer = drop(owner, "tests/contact.json")
    page = owner.get(answer.location).text
    assert "已删去这个测试" in page
    assert "tests/contact.json" not in page


@pytest.mark.parametrize("path", ["process.json", "tests/../process.json", "tests/none.json", ""])
def test_nothing_but_a_test_of_the_draft_is_taken_out(owner, path):
    assert drop(owner, path).status_code == 404
    assert "联系人变更" in owner.get(TESTS).text


def test_nobody_but_a_process_owner_amends_or_drops_tests(office, owner):
    other = enter(office, "chen.jing")
    assert post(other, f"{TESTS}/amendments", element="opinion").status_code == 403
    assert drop(other, "tests/contact.json").status_code == 403
    assert "5个测试停在这里" in owner.get(TESTS).text


@pytest.mark.parametrize(
    ("process", "test", "written", "said"),
    [
        (KEY, "contact.json", {"steps": 5}, "测试写得不对：应为有steps的JSON对象。"),
        (KEY, "contact.json", {"steps": ["start", {"tasks": [5]}]}, "测试写得不对：第2步的tasks。"),
        (KEY, "contact.json", {"steps": ["start", {"passed": True}]}, "测试写得不对：第2步的passed。"),
        (VISITS, "tables/site-visit.json", [], "测试写得不对：应为有cases的JSON对象"),
        (VISITS, "tables/site-visit.json", {"cases": [{"given": {}, "gives": {}, "row": 99}]}, "例“1”的结果不同。"),
    ],
)
def test_a_test_that_is_written_wrong_says_where(office, process, test, written, said):
    client = enter(office, "qin.lan")
    begin(client, process)
    where = f"/processes/{process}/draft"
    post(client, f"{where}/parts/tests/{test}", rev=1, text=orjson.dumps(written).decode())
    page = client.get(f"{where}/tests")
    assert page.status_code == 200
    assert said in page.text
