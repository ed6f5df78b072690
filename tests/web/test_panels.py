"""The desk of panels: who reads the record of a draw, what a member sees and when, prints to sign (N-2, N-5)."""

import re
from argparse import Namespace
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import update

from bases import register
from bases.review.panel import Panel
from engine import cases
from ground import files, people
from ground.database import reading, transaction
from tests.bases import moves, panels
from tests.bases.panels import GOOD, REPORT, Review
from tests.web import support
from web.commands import replaying


@pytest.fixture
def review(office, tmp_path) -> Review:
    """A review that runs by itself: the draw is witnessed, the experts are asked."""
    files.keep_in(tmp_path / "files")
    with reading() as session:
        base = moves.base(session, "B042")
    facts = {"subject": register.subject(base.id), "region": base.county, "organ": base.organ_id, "title": base.name}
    ref = cases.start("expert_review", by=people.SYSTEM, key="review", **facts, data={}).ref
    return Review(ref).to_the_invitations()


def browser(office, login: str):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def to_the_report(review: Review) -> None:
    for login in review.invited():
        review.do(login, panels.ACCEPTED)
    review.score(lambda place: {**GOOD, "c1": "15", "c3": "15", "c5": "12"} if place == 1 else GOOD)
    members = review.seats()
    review.do(review.elect(0, **{members[1]: "对品牌的评价不同。"}), REPORT)


def test_n_2_the_record_shows_seed_pool_reasons_witness_and_the_repeated_draw(office, review):
    """N-2: for the officer and for the auditor, on a page that repeats the draw each time it is read."""
    for login in ("chen.jing", "du.wen"):
        page = browser(office, login).get(f"/panels/{review.ref}").text.replace("<wbr>", "")
        row = review.panel()
        for words in (
            row.seed,
            row.seed_hash,
            row.hash,
            "按记录重新抽取，结果一致",
            "徐宏",
            "候补",
            "正在邀请专家，等待5人答复",
        ):
            assert words in page
    assert f"/panels/{review.ref}" in browser(office, "du.wen").get("/panels").text
    assert f"/panels/{review.ref}" in browser(office, "chen.jing").get(f"/cases/{review.ref}").text
    assert f"/panels/{review.ref}" not in browser(office, review.invited()[0]).get("/tasks").text


def test_n_2_a_record_that_was_altered_is_told_on_the_page_and_by_the_command(office, review, monkeypatch, capsys):
    monkeypatch.setattr(replaying.house, "connect", lambda _settings: None)
    monkeypatch.setattr(replaying.settings, "read", lambda: None)
    assert replaying.run(Namespace(number=None)) == 0
    assert "一致 same" in capsys.readouterr().out
    with transaction() as session:
        session.execute(update(Panel).values(seed="another"))
    assert replaying.run(Namespace(number=review.row().number)) == 1
    assert "DIFFERS" in capsys.readouterr().err
    assert "与记录不一致" in browser(office, "du.wen").get(f"/panels/{review.ref}").text


def test_nobody_else_learns_that_there_is_a_panel(office, review):
    """Attack 73: the applicant, the city and an expert before the closing get the same 404."""
    for login in ("liu.min", "zhou.ping", "yang.li", review.invited()[0]):
        assert browser(office, login).get(f"/panels/{review.ref}").status_code == 404
        assert browser(office, login).get(f"/panels/{review.ref}/report.pdf").status_code == 404
    assert browser(office, "liu.min").get("/panels").status_code == 403


def test_n_3_an_invited_expert_gets_403_for_the_case_before_the_pledge(office, review):
    """N-3: on the page, too; the sentence says what is missing."""
    login = review.invited()[0]
    answer = browser(office, login).get(f"/cases/{review.ref}")
    assert answer.status_code == 403
    assert "签署专家承诺书" in answer.text
    tasks = browser(office, login).get("/tasks").text
    assert "答复邀请并签署承诺书" in tasks
    (task,) = set(re.findall(r"/tasks/[0-9a-z]{12}(?=[\"?])", tasks))
    assert f"/cases/{review.ref}" not in browser(office, login).get(task).text


def test_n_4_a_member_sees_who_sits_and_what_came_out_only_after_the_closing(office, review):
    for login in review.invited():
        review.do(login, panels.ACCEPTED)
    first, *others = review.seats()
    review.do(first, GOOD)
    assert browser(office, first).get(f"/panels/{review.ref}").status_code == 404
    assert "已提交1份，共5份" in browser(office, "chen.jing").get(f"/panels/{review.ref}").text
    assert browser(office, "chen.jing").get(f"/panels/{review.ref}/sheets.pdf").status_code == 404
    for login in others:
        review.do(login, GOOD)
    page = browser(office, first).get(f"/panels/{review.ref}").text
    assert all(review.actor(login).name in page for login in review.seats())
    assert review.panel().seed not in page.replace("<wbr>", "")


@pytest.mark.performs("N-5")
def test_n_5_sheets_and_report_print_a_page_each_with_check_codes_and_every_dissent(office, review):
    """N-5: what is printed for signature holds the dissent word for word."""
    to_the_report(review)
    officer = browser(office, "chen.jing")
    with pikepdf.open(BytesIO(officer.get(f"/panels/{review.ref}/sheets.pdf").get_data())) as paper:
        assert len(paper.pages) == 5
    assert officer.get(f"/panels/{review.ref}/report.pdf").get_data().startswith(b"%PDF")
    page = officer.get(f"/panels/{review.ref}").text
    assert "对品牌的评价不同。" in page
    own = browser(office, review.seats()[0]).get(f"/panels/{review.ref}/sheets.pdf")
    with pikepdf.open(BytesIO(own.get_data())) as paper:
        assert len(paper.pages) == 1


def test_attack_073_an_applicant_finds_nothing_of_the_review_in_any_bytes(office, review):
    """Attack 73: no name, login, ref or key of an expert, no act and no time of one, whatever the applicant opens."""
    to_the_report(review)
    filler = browser(office, "liu.min")
    bodies = [filler.get(f"/cases/{review.ref}{tab}") for tab in ("", "?tab=papers", "?tab=files", "?tab=diagram")]
    bodies += [filler.get(path) for path in ("/cases", "/tasks", "/tasks/done", "/letters", "/")]
    shown = "".join(each.text + str(each.headers) for each in bodies)
    for login in review.seats():
        expert = review.actor(login)
        for secret in (expert.name, expert.name_en, expert.ref, login, f"person:{expert.person}"):
            assert secret not in shown
    for act in (
        "办结“专家评分”",
        "办结“推选组长”",
        "办结“答复邀请",
        "候补专家递补，尚余",
        "推选组长：",
        "评审报告登记",
    ):
        assert act not in shown
