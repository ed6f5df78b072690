"""Chinese and English: the switch, dates, deadlines in words, clauses; and what is said over a redirect."""

from datetime import UTC, date, datetime

import pytest

from ground import calendar
from ground.database import reading
from tests import databases
from tests.web import support
from web.door import back, language, said
from web.words import dates

MONDAY = date(2026, 11, 23)


@pytest.fixture
def days(shared):
    with databases.using(shared), reading() as store:
        return calendar.load(store)


@pytest.fixture
def chinese(pages):
    with pages.test_request_context("/"):
        yield


@pytest.fixture
def english(pages):
    with pages.test_request_context("/", headers={"Cookie": "jidi-language=en"}):
        yield


@pytest.mark.parametrize(
    ("on", "kind", "text", "tone"),
    [
        ("2026-11-23", "notice", "今天到期", "soon"),
        ("2026-11-25", "notice", "还剩3个工作日（含今天）", "soon"),
        ("2026-11-30", "default", "还剩6个工作日（含今天）", "calm"),
        ("2026-11-19", "notice", "超期，已超出2个工作日", "late"),
        ("2026-11-19", "text", "超期，已超出2个工作日", "late"),
        ("2026-11-19", "default", "超出系统默认时限2个工作日", "past"),
    ],
)
def test_a_deadline_is_said_in_working_days_and_a_default_never_in_red(chinese, days, on, kind, text, tone):
    words = dates.due(date.fromisoformat(on), kind, None, MONDAY, days)
    assert (words.text, words.tone) == (text, tone)


def test_a_deadline_on_the_weekend_before_counts_no_working_day(chinese, days):
    sunday = date(2026, 11, 22)
    assert dates.due(date(2026, 11, 21), "text", "8", sunday, days).text == "超期"
    assert dates.due(date(2026, 11, 21), "default", None, sunday, days).text == "超出系统默认时限"
    assert dates.due(sunday, "text", "8", date(2026, 11, 21), days).text == "下一个工作日前到期"


def test_on_a_free_day_today_is_not_among_the_days_left(chinese, days):
    sunday = date(2026, 11, 22)
    assert dates.due(date(2026, 11, 25), "notice", None, sunday, days).text == "还剩3个工作日"


def test_a_report_not_sent_is_said_apart_from_handling_that_takes_too_long(chinese, days):
    """N-6: 逾期 is said of a missed duty to report, 超期 of handling; a passed default is neither."""
    late = date(2026, 11, 19)
    assert dates.due(late, "text", "8", MONDAY, days, "base_filler@7").text == "逾期，已超出2个工作日"
    assert dates.due(late, "text", "8", MONDAY, days, "city_officer@7").text == "超期，已超出2个工作日"
    assert dates.due(late, "default", None, MONDAY, days, "base_filler@7").tone == "past"


def test_of_three_passed_deadlines_one_of_each_kind_two_are_red_and_one_is_grey(chinese, days):
    """N-6: a passed 系统默认时限 makes no breach."""
    passed = [dates.due(date(2026, 11, 19), kind, None, MONDAY, days).tone for kind in ("text", "notice", "default")]
    assert passed == ["late", "late", "past"]


def test_a_deadline_names_its_date_kind_and_clause(chinese, days):
    closer = dates.due(date(2026, 11, 30), "notice", "9", MONDAY, days).closer
    assert closer == "最迟2026年11月30日 周一 · 通知时限（第九条）"
    served = dates.due(date(2026, 11, 30), "notice", None, MONDAY, days).closer
    assert served.endswith("通知时限（以送达的通知为准）")
    silent = dates.due(date(2026, 11, 30), "default", None, MONDAY, days).closer
    assert silent == "最迟2026年11月30日 周一 · 系统默认时限（文件未规定，系统默认）"


def test_english_counts_one_and_many(english, days):
    assert dates.due(date(2026, 11, 23), "notice", None, date(2026, 11, 22), days).text == "1 working day left"
    assert dates.due(date(2026, 11, 24), "notice", None, date(2026, 11, 22), days).text == "2 working days left"
    assert dates.due(date(2026, 11, 24), "notice", None, MONDAY, days).text == "2 working days left (today included)"
    assert dates.due(date(2026, 11, 19), "text", None, MONDAY, days).text == "overdue, 2 working days past the date"


@pytest.mark.parametrize(
    ("clause", "zh", "en"),
    [
        ("9", "第九条", "Article 9"),
        ("10(6)", "第十条第（六）项", "Article 10(6)"),
        ("13(2)", "第十三条第（二）项", "Article 13(2)"),
        ("四(二)", "实施意见四（二）", "Opinions 4(2)"),
        ("附件", "附件", "Annex"),
        (None, "文件未规定，系统默认", "not in the text, system default"),
        ("", "文件未规定，系统默认", "not in the text, system default"),
    ],
)
def test_a_clause_is_named_as_the_text_names_it(pages, clause, zh, en):
    with pages.test_request_context("/"):
        assert dates.clause_words(clause) == zh
    with pages.test_request_context("/", headers={"Cookie": "jidi-language=en"}):
        assert dates.clause_words(clause) == en


def test_dates_are_said_as_people_write_them(pages):
    at = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    with pages.test_request_context("/"):
        assert dates.day(MONDAY) == "2026年11月23日 周一"
        assert dates.moment(at) == "2026年11月23日 00:30"
        assert dates.short(at, MONDAY) == "00:30"
        assert dates.short(at, date(2026, 11, 24)) == "11-23 00:30"
        assert dates.short(at, date(2027, 1, 4)) == "2026-11-23"
    with pages.test_request_context("/", headers={"Cookie": "jidi-language=en"}):
        assert dates.day(MONDAY) == "Mon 23 Nov 2026"
        assert dates.moment(at) == "23 Nov 2026, 00:30"


@pytest.mark.parametrize(
    ("n", "words"), [(1, "一"), (10, "十"), (11, "十一"), (16, "十六"), (20, "二十"), (26, "二十六")]
)
def test_numerals(n, words):
    assert dates.numeral(n) == words


def test_the_first_page_greets_in_chinese_and_the_switch_changes_all(visitor):
    assert '<html lang="zh-CN">' in visitor.get("/register").text
    answer = visitor.post(
        "/language", data={"csrf": support.token_of(visitor), "language": "en", "back": "/register?q=x"}
    )
    assert answer.headers["Location"] == "/register?q=x"
    page = visitor.get("/register").text
    assert '<html lang="en">' in page
    assert "Register of bases" in page


def test_anybody_can_have_larger_letters(visitor):
    token = support.token_of(visitor)
    visitor.post("/letter-size", data={"csrf": token, "size": "large", "back": "/register"})
    assert '<html lang="zh-CN" class="large">' in visitor.get("/register").text
    visitor.post("/letter-size", data={"csrf": token, "size": "enormous"})
    assert 'class="large"' in visitor.get("/register").text


def test_an_unknown_language_changes_nothing(visitor):
    visitor.post("/language", data={"csrf": support.token_of(visitor), "language": "tlh"})
    assert '<html lang="zh-CN">' in visitor.get("/register").text


def test_a_person_finds_their_language_again_in_another_browser(office):
    client = support.browser(office)
    support.sign_in(client, "zhou.ping")
    client.post("/profile", data={"csrf": support.token_of(client), "language": "en", "size": "large"})
    assert '<html lang="en" class="large">' in client.get("/profile").text
    another = support.browser(office)
    support.sign_in(another, "zhou.ping")
    assert '<html lang="en">' in another.get("/profile").text


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "/a\nb",
        "x",
    ],
)
def test_a_form_leads_back_to_our_own_addresses_only_attack_067(wanted):
    assert back.safe(wanted) == "/"


def test_a_form_leads_back_to_where_it_was():
    assert back.safe("/tasks?held=mine&due=week") == "/tasks?held=mine&due=week"
    assert back.safe("/tasks?") == "/tasks"


def test_a_sentence_is_said_once_after_a_redirect(signed_in):
    client = signed_in("zhou.ping")
    client.post("/profile", data={"csrf": support.token_of(client), "size": "standard"})
    assert "设置已保存" in client.get("/profile").text
    assert "设置已保存" not in client.get("/profile").text


@pytest.mark.parametrize("cookie", ["zz", "5b5d", "7b7d", "ff", "31", b'{"code":1,"with":[]}'.hex()])
def test_a_sentence_that_is_not_ours_is_not_said(visitor, cookie):
    visitor.set_cookie(said.COOKIE, cookie)
    answer = visitor.get("/register")
    assert answer.status_code == 200
    assert 'class="alert' not in answer.text


def test_a_sentence_cannot_bring_markup_or_another_code(visitor):
    forged = b'{"code":"demo.moved","with":{"moment":"<img src=x>"}}'.hex()
    visitor.set_cookie(said.COOKIE, forged)
    assert "<img" not in visitor.get("/register").text
    visitor.set_cookie(said.COOKIE, b'{"code":"<b>","with":{}}'.hex())
    assert 'class="alert' not in visitor.get("/register").text


def test_a_text_of_a_folder_is_english_where_the_folder_brings_it(english):
    assert language.within({"填报": "Fill in"}, "填报") == "Fill in"
    assert language.within({}, "填报") == "填报"
    assert language.pick("名", "Name") == "Name"
    assert language.pick("名", "") == "名"
