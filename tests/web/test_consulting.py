"""A consultation in the browser (S-1.3, R-10.6): who is asked, what they see, and who reads the answers."""

import pytest

from tests.bases.asking import Asking
from tests.web.reviewing import Reviewer

PANEL = "准入条件核查"
EVIDENCE = "系统查询，2026-11-23"
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def asking(office):
    assert office
    return Asking()


def wait_of(asking: Asking, organ: str) -> str:
    return next(str(wait.ref) for wait in asking.open() if wait.item == organ)


@ONE
def test_a_liaison_opens_the_task_of_their_own_organ_and_sends_it(office, asking):
    ref = wait_of(asking, "sc-emergency")
    liaison = Reviewer(office, "hu.peng").go("/tasks")
    assert "答复征求意见" in liaison.text
    liaison.send(f"/tasks/{ref}/claim").go(f"/tasks/{ref}")
    assert liaison.answer.status_code == 200
    page = liaison.answer.get_data(as_text=True)
    assert ('name="answers.0.item"' in page, 'name="answers.1.item"' in page) == (True, False)
    (item,) = liaison.all("input[name=answers.0.item]")
    assert (item.get("type"), item.get("value")) == ("hidden", "safety")
    assert "3. 有无环保和安全生产事故：安全生产" in liaison.text
    assert 'value="add:answers"' not in page
    assert 'value="drop:answers.0"' not in page
    assert not liaison.all("select[name=answers.0.item]")
    liaison.press(**{"answers.0.answer": "none", "answers.0.evidence": EVIDENCE, "signer": "胡鹏"})
    assert "sc-emergency" not in {wait.item for wait in asking.open()}
    liaison.go("/tasks/done")
    assert ("答复征求意见" in liaison.text, f"/cases/{asking.ref}" in liaison.text) == (True, False)


@ONE
@pytest.mark.parametrize("login", ["jin.lu", "guo.ning", "liu.min", "yang.li", "lin.chao"])
def test_nobody_else_opens_the_task_of_an_organ(office, asking, login):
    """Attack: the ref of another organ's task is known."""
    ref = wait_of(asking, "sc-market")
    other = Reviewer(office, login)
    assert other.go(f"/tasks/{ref}").answer.status_code in {403, 404}
    assert other.send(f"/tasks/{ref}/claim").answer.status_code in {403, 404}


@ONE
@pytest.mark.parametrize(
    ("login", "reads"),
    [
        ("chen.jing", True),
        ("ma.jun", True),
        ("xu.hong", True),
        ("gao.yuan", True),
        ("du.wen", True),
        ("liu.min", False),
        ("yang.li", False),
        ("zhou.ping", False),
        ("jin.lu", False),
        ("luo.wen", False),
    ],
)
def test_the_answers_stand_on_the_page_of_the_case_for_the_department_only(office, asking, login, reads):
    asking.answer("sc-market", quality="found")
    for tab in ("story", "papers", "files"):
        page = Reviewer(office, login).go(f"/cases/{asking.ref}?tab={tab}")
        assert page.answer.status_code == 200
        if not reads:
            assert PANEL not in page.text
            assert EVIDENCE not in page.text
    assert (PANEL in Reviewer(office, login).go(f"/cases/{asking.ref}").text) is reads


@ONE
def test_only_the_head_of_the_division_is_offered_to_change_who_is_asked(office, asking):
    path = f"/cases/{asking.ref}/messages/consultation.change"
    for login, status in (("ma.jun", 200), ("chen.jing", 404), ("liu.min", 404), ("jin.lu", 404)):
        assert Reviewer(office, login).go(path).answer.status_code == status, login


@ONE
def test_the_panel_is_english_for_who_reads_english(office, asking):
    asking.answer("sc-market", quality="found")
    reader = Reviewer(office, "chen.jing")
    reader.client.set_cookie("jidi-language", "en")
    text = reader.go(f"/cases/{asking.ref}").text
    assert "Conditions of admission" in text
    assert "at intake" in text
    assert "尚未答复" not in text
