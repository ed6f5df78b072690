"""委托代理 on pages: named by its principal, marked in the substitute's queue and on the task, listed for watchers."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.incidents import Incident
from ground import channels, clock, jobs
from ground.channels import Outbox
from ground.database import reading
from tasks import dispatches
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


def test_whoever_is_named_is_told_once_by_a_letter_about_no_case(office, two, tmp_path):
    principal, substitute = two
    channels.use([Outbox(tmp_path / "outbox")])
    try:
        assert name(office, principal, substitute).status_code == 303
        assert name(office, principal, substitute).status_code == 303
        jobs.run_due(clock.now())
    finally:
        channels.use([])
    browser = Reviewer(office, "yi").go("/letters")
    subjects = [one.text_content() for one in browser.all("th a.main")]
    assert subjects == ["委托代理：jia委托您代为办理"]
    assert "到期自动结束" in browser.go(browser.all("th a.main")[0].get("href")).text
    assert subjects[0] in browser.go("/tasks/reading").text
    assert subjects[0] not in browser.go("/tasks/reading?q=x").text
    assert subjects[0] not in Reviewer(office, "jia").go("/letters").text
    (posted,) = (tmp_path / "outbox").rglob("*.*")
    assert "自2026年11月23日至2026年11月26日" in posted.read_text("utf-8")


def test_a_letter_about_no_case_that_cannot_leave_makes_no_incident(office, two, tmp_path):
    class Broken(Outbox):
        """A line that is cut for good."""

        def carry(self, message):  # noqa: ARG002
            raise channels.Undelivered(reason="refused", lasting=True)

    channels.use([Broken(tmp_path / "outbox")])
    try:
        assert name(office, *two).status_code == 303
        jobs.run_due(clock.now())
    finally:
        channels.use([])
    with reading() as session:
        (given_up,) = dispatches.given_up(session)
        assert (given_up.case_id, given_up.state) == (None, "failed")
        assert session.scalar(select(func.count()).select_from(Incident)) == 0
