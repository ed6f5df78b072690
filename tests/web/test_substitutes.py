"""委托代理 on pages: named by its principal, marked in the substitute's queue and on the task, listed for watchers."""

from datetime import timedelta

import pytest

from ground import clock
from tests.engine import desk
from tests.tasks.test_substitutes import PAIR
from tests.web import support
from tests.web.reviewing import Reviewer


@pytest.fixture
def two(office):
    assert office
    desk.publish(PAIR)
    return desk.person("jia", "prov_officer"), desk.person("yi", "prov_checker")


def name(office, principal, substitute, **changed: str):
    client = support.browser(office)
    support.sign_in(client, principal.name)
    today = clock.today()
    sent = {
        "who": f"{principal.held[0].organ_id}:{substitute.ref}",
        "valid_from": today.isoformat(),
        "valid_to": (today + timedelta(days=3)).isoformat(),
        "process": "",
        "region": "",
        **changed,
    }
    return client.post("/substitutes", data={"csrf": support.token_of(client), **sent})


def test_the_task_is_marked_for_the_substitute_and_the_history_names_both(office, two):
    principal, substitute = two
    assert name(office, principal, substitute).status_code == 303
    case = desk.start("pair", principal)
    task = f"/tasks/{desk.waits(case)['handle'].ref}"
    browser = Reviewer(office, "yi").go("/tasks")
    assert "代他人办理1件" in browser.text
    assert "代jia办理" in browser.text
    assert "您代jia办理本件" in browser.go(task).text
    browser.send(f"{task}/claim")
    assert "我代jia领取" in browser.go("/tasks").text
    assert "yi代您领取" in Reviewer(office, "jia").go("/tasks").text
    assert "（代jia）" in Reviewer(office, "jia").go(f"/cases/{case}").text
    browser.go(task).press(outcome="forward", opinion="同意")
    assert "yi代jia" in browser.go(f"/cases/{case}").text
    assert "提前结束" in browser.go("/substitutes").text
    assert "提前结束" in Reviewer(office, "jia").go("/substitutes").text


@pytest.mark.parametrize(
    "changed",
    [
        {"valid_to": "yesterday"},
        {"valid_from": "2020-01-01"},
        {"process": "<script>"},
        {"region": "999999"},
        {"who": "'; drop table person; --"},
        {"who": "1" * 40 + ":x"},
    ],
)
def test_what_does_not_fit_is_refused_and_stays_typed(office, two, changed):
    answer = name(office, *two, **changed)
    assert answer.status_code in {404, 422}
    assert "<script>" not in answer.text
    assert 'role="alert"' in answer.text


def test_only_watchers_list_everybodys(office, two):
    name(office, *two)
    desk.person("watch", "secadmin")
    assert "jia" in Reviewer(office, "watch").go("/substitutes/all").text
    client = support.browser(office)
    support.sign_in(client, "yi")
    assert client.get("/substitutes/all").status_code == 403
