"""更多操作 in the browser: each small form works without JavaScript, shows what it did, and refuses by name."""

import re

import pytest

from bases import demo
from ground import clock, files, ids
from ground.database import transaction
from tests.web import reviewing
from tests.web.reviewing import INTAKE, Reviewer

ACTS = ("handover", "loan", "cosigners", "copies", "comments")
HTML = "<script>alert(1)</script>核对"


@pytest.fixture
def officer(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    reviewing.at_the_department(office)
    return Reviewer(office, "chen.jing").claim_next()


def task_of(who):
    return re.search(r"/tasks/\w{12}", who.path).group(0)


def refs(who):
    """Who can be chosen on the open form, by the name shown."""
    return {box.getnext().text_content().split()[0]: box.get("value") for box in who.all("input[name=to]")}


def act(who, task, name, *to: str, key=None, **typed: str):
    who.go(f"{task}/acts/{name}")
    known = refs(who)
    sent = {"_key": key or ids.ref(), **typed}
    if to:
        sent["to"] = known[to[0]]
    return who.send(f"{task}/acts/{name}", sent)


def test_each_form_opens_and_says_what_it_means_in_both_languages(officer):
    task = task_of(officer)
    for name in ACTS:
        assert officer.go(f"{task}/acts/{name}").answer.status_code == 200
    officer.client.set_cookie("jidi-language", "en")
    assert "Lend" in officer.go(f"{task}/acts/loan").text
    assert officer.go(f"{task}/acts/nothing").answer.status_code == 404


def test_handed_over_it_is_in_the_colleagues_hands(office, officer):
    task = task_of(officer)
    act(officer, task, "handover", "张睿", words=HTML)
    assert "已转办" in officer.text
    other = Reviewer(office, "zhang.rui").go(task)
    assert other.all("form[data-form]")
    assert HTML in other.go(f"{task}?tab=history").text
    assert not other.page.xpath("//li/span/script")
    assert not officer.go(task).all("form[data-form]")


def test_what_was_typed_stays_where_nobody_was_chosen_or_no_reason_given(officer):
    task = task_of(officer)
    again = act(officer, task, "cosigners", words="请提意见", mode="after", rule="any")
    assert again.answer.status_code == 422
    assert again.all("textarea[name=words]")[0].text == "请提意见"
    assert again.all("input[value=after]")[0].get("checked") is not None
    assert act(officer, task, "handover", "张睿", words=" ").answer.status_code == 422
    assert officer.go(task).all("form[data-form]")


def test_lent_it_comes_back_with_what_was_typed_and_stands_in_both_lists(office, officer):
    task = task_of(officer)
    act(officer, task, "loan", "罗文", words="请先核对")
    assert "我委派的" in officer.go("/tasks").text
    clerk = Reviewer(office, "luo.wen").go(task)
    assert "请先核对" in clerk.text
    assert clerk.press(**INTAKE).answer.status_code == 409
    clerk.go(task)
    clerk.send(f"{task}/loan/return", {**clerk.fields(opinion="已核对无误"), "_note": "已核"})
    assert "已交回" in clerk.text
    assert officer.go(task).value("opinion") == "已核对无误"
    assert "我委派的" not in officer.go("/tasks").text


def test_countersigned_it_goes_on_when_agreed_and_the_co_signer_sees_what_was_sent(office, officer):
    task = task_of(officer)
    act(officer, task, "cosigners", "马骏", mode="after", rule="all", words="请会签")
    officer.go(task).press(**{**INTAKE, "opinion": "拟予受理的意见"})
    assert "等待会签" in officer.text
    assert not officer.go(task).all("form[data-form]")
    head = Reviewer(office, "ma.jun").go("/tasks")
    link = head.page.xpath("//a[contains(@href,'/cosigners/')]")[0].get("href")
    assert "拟予受理的意见" in head.go(link).text
    assert head.send(f"{link}/opinion", {"opinion": "agree", "words": "", "_key": "1"}).answer.status_code == 422
    assert "会签已经通过" in head.send(f"{link}/opinion", {"opinion": "agree", "words": "同意", "_key": "2"}).text
    assert officer.go(task).answer.status_code == 409
    for stranger in ("zhou.ping", "liu.min"):
        assert Reviewer(office, stranger).go(link).answer.status_code in (404, 409)


def test_taken_off_and_taken_back(office, officer):
    task = task_of(officer)
    act(officer, task, "cosigners", "马骏", mode="after", rule="all", words="请会签")
    officer.go(task).press(**INTAKE)
    officer.send(f"{task}/sending/recall", {"_key": "r"})
    assert "已收回" in officer.text
    assert officer.go(task).all("form[data-form]")
    removal = officer.page.xpath("//form[contains(@action,'/removal')]")[0].get("action")
    assert Reviewer(office, "zhang.rui").send(removal, {"words": "不必", "_key": "x"}).answer.status_code == 409
    assert "已减签" in officer.send(removal, {"words": "不必会签", "_key": "d"}).text


def test_a_copy_is_to_be_read_and_a_remark_stays_inside(office, officer):
    task = task_of(officer)
    act(officer, task, "copies", "周平", words="请阅知")
    act(officer, task, "comments", words=HTML)
    assert HTML in officer.text
    case = officer.page.xpath("//p[@class='under']/a")[0].get("href")
    assert HTML in officer.go(case).text
    city = Reviewer(office, "zhou.ping").go("/tasks/reading")
    assert "抄送" in city.text
    for outsider in ("zhou.ping", "liu.min"):
        told = Reviewer(office, outsider).go(case).text
        assert "核对" not in told or HTML not in told
        assert "添加批注" not in told


def test_strangers_and_the_same_form_twice(office, officer):
    task = task_of(officer)
    for stranger in ("wu.jie", "tang.hao", "li.guohua"):
        for name in ACTS:
            assert Reviewer(office, stranger).go(f"{task}/acts/{name}").answer.status_code in (403, 404)
    for _ in range(2):
        officer.go(f"{task}/acts/comments").send(f"{task}/acts/comments", {"words": "一条", "_key": "same"})
    assert "批注 1" in officer.go(task).text


def test_a_co_signer_opens_what_is_enclosed_in_what_waits_and_nobody_else_does(office, tmp_path):
    """Attack: a file that stands in no paper yet is opened by who is asked about it, and not by who is not."""
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    city = reviewing.at_the_report(office)
    task, scan = task_of(city), city.letter()
    act(city, task, "cosigners", "谭斌", mode="after", rule="all", words="请核对来文")
    city.go(task).press(**reviewing.LETTER, scan=scan)
    assert "等待会签" in city.text
    assert Reviewer(office, "tan.bin").go(f"/files/{scan}").answer.status_code == 200
    for stranger in ("cao.yun", "liu.min", "chen.jing"):
        assert Reviewer(office, stranger).go(f"/files/{scan}").answer.status_code == 404
