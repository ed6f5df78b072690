"""One case in the browser: its story in words, its papers by right, its files for their readers, its withdrawal."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bases import demo
from engine.cases import Case
from engine.cases.case import Party
from ground import clock, files, jobs
from ground.database import transaction
from ground.people import Person
from tasks import letters
from tests.web import reviewing
from tests.web.reviewing import PDF, SCORES, Reviewer

EXPERTS = {
    "li.guohua": ("李国华", "Li Guohua"),
    "wang.xiaodong": ("王晓东", "Wang Xiaodong"),
    "zhao.minghui": ("赵明慧", "Zhao Minghui"),
    "zheng.kai": ("郑凯", "Zheng Kai"),
    "peng.lijuan": ("彭丽娟", "Peng Lijuan"),
    "han.zhiyuan": ("韩志远", "Han Zhiyuan"),
    "tian.chunmei": ("田春梅", "Tian Chunmei"),
    "hu.jing": ("胡静", "Hu Jing"),
    "qiu.wei": ("邱伟", "Qiu Wei"),
    "wei.lan": ("魏岚", "Wei Lan"),
    "he.peng": ("贺鹏", "He Peng"),
    "xie.min": ("谢敏", "Xie Min"),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def the_case(office):
    return Reviewer(office, "liu.min").go("/cases").all("a.main")[0].get("href")


def scored(office):
    reviewing.with_the_experts(office)
    for login in EXPERTS:
        expert = Reviewer(office, login).go("/tasks")
        if expert.all("table.queue a.main"):
            expert.go(expert.all("table.queue a.main")[0].get("href")).press(**SCORES)
    reviewing.reported()


def test_a_case_tells_who_is_asked_and_until_when(office):
    reviewing.at_the_county(office)
    filler = Reviewer(office, "liu.min").go(the_case(office))
    now = " ".join(filler.all("aside .waits")[0].text_content().split())
    for words in (
        "所在地主管部门审核签批",
        "基地所在地主管部门 · 筠连县商务局",
        "还剩6个工作日（含今天）",
        "最迟2026年11月30日 周一",
    ):
        assert words in now


def test_the_story_is_told_in_both_languages(office):
    reviewing.at_the_city(office)
    filler = Reviewer(office, "liu.min").go(the_case(office))
    told = [" ".join(line.text_content().split()) for line in filler.all(".timeline li")]
    assert told[0] == "2026年11月23日 09:00 “市（州）初审”等待办理"
    assert any(
        line.endswith("办结“所在地主管部门审核签批” 同意，报市（州）初审 杨丽 · 基地所在地主管部门 · 筠连县商务局")
        for line in told
    )
    assert any("信息表数据入库（2025年度）" in line for line in told)
    filler.client.set_cookie("jidi-language", "en")
    story = [" ".join(line.text_content().split()) for line in filler.go(filler.path).all(".timeline li")]
    assert any("Yang Li" in line for line in story)
    assert not [line for line in story if CHINESE.search(line)]
    assert "Junlian County" in filler.all("h1")[0].text_content()  # a base goes by its English name
    assert not CHINESE.search(filler.go("/cases").all("a.main")[0].text_content())


def test_papers_are_read_by_whoever_may(office):
    reviewing.at_the_department(office)
    filler = Reviewer(office, "liu.min").go(the_case(office) + "?tab=papers")
    assert "材料真实完整。" in filler.text
    assert "宜宾市筠连县红茶外贸基地管理办公室" in filler.text
    assert "113.8526" in filler.text


def test_another_city_finds_nothing_of_it_attack_069(office):
    reviewing.at_the_department(office)
    path = the_case(office)
    for login in ("lin.chao", "song.ying", "tang.hao", "deng.tao", "shi.lei"):
        other = Reviewer(office, login)
        for tab in ("", "?tab=papers", "?tab=files", "/diagram.bpmn", "/names.json", "/messages/withdraw"):
            assert other.go(path + tab).answer.status_code == 404
        assert "2026-认定-001" not in other.go("/tasks?q=2026-认定-001").text.replace("q=2026", "")
        assert other.go("/tasks/count").answer.get_json()["open"] == 0


def test_a_file_of_another_city_is_not_there_attack_049(office):
    reviewing.at_the_department(office)
    page = Reviewer(office, "chen.jing").go(the_case(office) + "?tab=files")
    refs = set(re.findall(r"/files/([0-9a-z]{12})", page.answer.get_data(as_text=True)))
    assert len(refs) == 6
    for ref in refs:
        assert page.go(f"/files/{ref}").answer.status_code == 200
        for login in ("lin.chao", "tang.hao", "shi.lei"):
            assert Reviewer(office, login).go(f"/files/{ref}").answer.status_code == 404
            assert Reviewer(office, login).go(f"/files/{ref}/view").answer.status_code == 404
    assert page.go("/files/000000000000").answer.status_code == 404


def test_a_file_goes_out_sealed_off_under_its_own_name_attack_034_attack_041(office):
    filler = Reviewer(office, "liu.min")
    ref = filler.upload(PDF + b"<script>alert(1)</script>", "成都基地申报表.pdf").get_json()["ref"]
    answer = filler.go(f"/files/{ref}").answer
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E6%88%90%E9%83%BD" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "application/octet-stream"
    seen = filler.go(f"/files/{ref}/view").answer
    assert (seen.mimetype, "sandbox" in seen.headers["Content-Security-Policy"]) == ("application/pdf", True)
    assert seen.headers["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.pdf", "a\0.pdf", "\u202efdp.exe.pdf", "x" * 300 + ".pdf"])
def test_a_name_that_plays_tricks_is_shown_cleaned_attack_040(office, name):
    filler = Reviewer(office, "liu.min")
    shown = filler.upload(PDF, name).get_json()["name"]
    assert shown.endswith(".pdf")
    assert not set(shown) & set("/\\\0\u202e")


def test_a_file_that_lies_is_refused_with_words_for_the_program_attack_033(office):
    answer = Reviewer(office, "liu.min").upload(b"<html>", "申报表.pdf")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "file.type_mismatch")
    assert "扩展名" in answer.get_json()["title"]


def test_the_applicant_never_learns_who_the_experts_are_attack_073(office):
    scored(office)
    filler = Reviewer(office, "liu.min")
    path = the_case(office)
    bodies = [filler.client.get(path + tab).get_data() for tab in ("", "?tab=papers", "?tab=files", "?tab=diagram")]
    bodies += [filler.client.get(address).get_data() for address in ("/cases", "/tasks", "/tasks/done", "/letters")]
    everything = b"".join(bodies).decode()
    for login, names in EXPERTS.items():
        assert not [known for known in (login, *names) if known in everything]
    assert "专家评分”（" not in everything
    assert "办结“专家评分”" not in everything
    assert "80.00" not in everything
    assert "抽取凭证" not in everything


def test_the_department_sees_marks_and_draw_in_the_story(office):
    scored(office)
    story = Reviewer(office, "chen.jing").go(the_case(office)).text
    assert "从12名专家中随机抽取5名，抽取凭证" in story
    assert "平均80.00分" in story


def test_waiting_for_the_end_of_a_notice_is_no_delay(office):
    scored(office)
    Reviewer(office, "chen.jing").claim_next().press(outcome="skip", reason="材料充分。")
    rechecked = {"verified": ["panel", "scores", "admission", "visit"]}
    Reviewer(office, "xu.hong").claim_next().press(**rechecked, opinion="复核无误。", outcome="confirm")
    reviewing.consulted()
    filler = Reviewer(office, "liu.min").go(the_case(office))
    now = " ".join(filler.all("aside .waits")[0].text_content().split())
    assert "正常等待" in now
    assert "至2026年11月30日 周一" in now
    assert filler.all(".timeline a")


def test_an_applicant_withdraws_and_the_case_is_over(office):
    reviewing.at_the_county(office)
    path = the_case(office)
    filler = Reviewer(office, "liu.min").go(path)
    filler.go(filler.all(".tools a")[0].get("href"))
    filler.press()
    assert filler.answer.status_code == 422
    assert any("撤回" in line for line in filler.wrong())
    filler.press(reason="基地名称有误，重新准备。", confirmed=["agreed"])
    assert "2026-认定-001已办理" in filler.text
    assert "申报撤回登记" in filler.go(path).text
    assert [link.text_content() for link in filler.all(".tools a")] == ["基地台账"]
    assert "待办已清" in Reviewer(office, "yang.li").go("/tasks").text


def test_only_the_applicant_may_withdraw(office):
    reviewing.at_the_county(office)
    path = the_case(office)
    for login in ("yang.li", "zhou.ping", "chen.jing"):
        other = Reviewer(office, login)
        assert not other.go(path).page.xpath("//*[contains(@class, 'tools')]//a[contains(@href, '/messages/')]")
        assert other.go(path + "/messages/withdraw").answer.status_code == 404
        assert other.send(path + "/messages/withdraw", {"reason": "x"}).answer.status_code in {403, 404}


def test_an_application_is_begun_once(office):
    filler = reviewing.begun(office)
    again = filler.go("/applications/new")
    assert "查看正在办理的申报" in again.text
    assert not again.all("form[action=/applications]")


def test_a_base_that_holds_the_name_does_not_apply(office):
    other = Reviewer(office, "he.xue").go("/applications/new")
    assert other.all("form[action=/applications]")
    assert Reviewer(office, "zhou.ping").go("/applications/new").answer.status_code == 403


def test_a_page_of_a_case_prints_without_buttons(office):
    reviewing.at_the_county(office)
    filler = Reviewer(office, "liu.min").go(the_case(office))
    hidden = {"filters", "tools", "no-print"}  # by the style for paper, frontend/src/theme/_print.scss
    for form in filler.all("main form"):
        around = [form, *form.iterancestors()]
        assert any(hidden & set(each.get("class", "").split()) for each in around), form.get("action")


def test_n_7_what_lay_with_the_applicant_is_taken_off_the_days_used(office, stopped_clock):
    reviewing.at_the_county(office)
    stopped_clock[0] += timedelta(days=1)
    county = Reviewer(office, "yang.li").claim_next()
    assert "已用1个工作日" in county.text
    county.press(**reviewing.COUNTY | {"outcome": "return", "reason": "请核对总产值。"})
    stopped_clock[0] += timedelta(days=2)
    filler = Reviewer(office, "liu.min").go(the_case(office))
    assert "已用1个工作日，扣除退回修改2个工作日" in filler.text
    filler.client.set_cookie("jidi-language", "en")
    assert "1 working day used, not counting 2 working days returned for changes" in filler.go(filler.path).text


def test_letters_about_a_case_are_listed_for_whoever_may_know_that_they_were_written(office):
    reviewing.with_the_experts(office)
    at = f"{the_case(office)}?tab=letters"

    def addressees(login):
        page = Reviewer(office, login).go(at)
        return {cell.text_content() for cell in page.all("td[data-label=收件人]")}

    with transaction() as session:
        case = session.scalar(select(Case.id).where(Case.ref == at.split("/")[2].partition("?")[0]))
        for login in ("liu.min", "zhang.rui", "li.guohua"):
            person = session.scalar(select(Person.id).where(Person.login == login))
            letters.write(session, [person], case, "due_soon", {"number": "1", "title": "x"}, clock.now())
        asked = set(session.execute(select(Person.name).join(Party, Party.person_id == Person.id)).scalars())
    experts = {name for name, _english in EXPERTS.values()} & asked
    assert addressees("liang.bo") >= {"刘敏", "张睿"}
    assert addressees("liu.min") == {"刘敏"}
    assert not addressees("zhou.ping") & ({"刘敏"} | experts)
    assert experts
    for login in ("liu.min", "zhou.ping", "du.wen", "zhang.rui", "qin.lan", "gao.yuan"):
        known = Reviewer(office, login).go(f"{the_case(office)}?tab=diagram").text
        assert {name for name in addressees(login) & experts if name not in known} == set(), login
    own = Reviewer(office, "liu.min").go(at).all("th a.main")
    assert own
    assert all(one.get("href").startswith("/letters/") for one in own)
    assert not Reviewer(office, "liang.bo").go(at).all("section th a.main")


def test_what_the_program_still_has_to_do_about_a_case_is_shown_to_supervisors_alone(office):
    reviewing.at_the_county(office)
    at = the_case(office)
    with transaction() as session:
        jobs.enqueue(session, "document.print", {"receiver": f"case:{at.rpartition('/')[2]}"}, dedupe="one")
        jobs.enqueue(session, "document.print", {"receiver": "case:000000000000"}, dedupe="another")
    page = Reviewer(office, "liang.bo").go(f"{at}?tab=jobs")
    rows = [" ".join(row.text_content().split()) for row in page.all("tbody tr")]
    assert [row.partition("0")[0] for row in rows if row.startswith("生成公文文件")] == ["生成公文文件等待执行"]
    for login in ("liu.min", "zhou.ping"):
        client = Reviewer(office, login).go(f"{at}?tab=jobs")
        assert not [one for one in client.all(".tabs a") if "后台任务" in one.text_content()]
        assert "生成公文文件" not in client.text
