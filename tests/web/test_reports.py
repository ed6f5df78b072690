"""The reports' desk: base by duty for a city, by city for the province, the filler's own on the home."""

import pytest

from bases import demo
from ground import clock, files
from ground.database import transaction
from tests.bases import reporting
from tests.bases.reporting import Report, at, let_pass
from tests.web import support


@pytest.fixture
def february(office, tmp_path, stopped_clock):
    """24 February 2026: 绵阳市 has reported in time, 安州区 not at all."""
    files.keep_in(tmp_path / "files")
    stopped_clock[0] = reporting.TENTH
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    reporting.staff()
    reporting.begin()
    Report("B007").fill("fill.mianyang")
    let_pass(stopped_clock, at("2026-02-16", 0, 1))
    stopped_clock[0] = at("2026-02-24")
    return office


def page(office, login: str, address: str = "/reports"):
    client = support.browser(office)
    support.sign_in(client, login)
    return client.get(address)


def test_a_city_sees_each_of_its_bases_by_duty_with_words_and_counts(february):
    text = page(february, "lin.chao").text
    for words in ("绵阳市安州区", "逾期未报送", "已报送", "1/2", "年度总结和安排", "市（州）汇总上报", "数据截至"):
        assert words in text
    assert "宜宾" not in text


def test_the_province_sees_the_cities_and_opens_one_of_them(february):
    text = page(february, "chen.jing").text
    for words in ("绵阳市", "1/2", "1/40", "国家级基地总结报商务部", "发起年度报送"):
        assert words in text
    assert "逾期未报送" in page(february, "gao.yuan", "/reports/cities/510700").text
    assert "发起年度报送" not in page(february, "gao.yuan").text


def test_nobody_sees_another_citys_table(february):
    assert page(february, "zhou.ping", "/reports/cities/510700").status_code == 404
    assert page(february, "lin.chao", "/reports/cities/510700").status_code == 200
    assert page(february, "sign.anzhou", "/reports/cities/510700").status_code == 403
    assert page(february, "li.guohua").status_code == 403
    assert page(february, "chen.jing", "/reports/cities/510705").status_code == 404


def test_a_county_and_a_filler_see_what_is_theirs(february):
    for login in ("sign.anzhou", "fill.anzhou"):
        text = page(february, login).text
        assert "安州区" in text
        assert "1/2" not in text


def test_the_home_of_a_filler_shows_the_duties_of_the_year(february, stopped_clock):
    text = page(february, "fill.anzhou", "/home").text
    assert "本年应报事项" in text
    assert "逾期未报送" in text
    stopped_clock[0] = at("2026-03-01")
    assert "本年应报事项" not in page(february, "lin.chao", "/home").text


def test_an_officer_begins_the_reports_by_hand_and_reads_how_many(office, stopped_clock):
    stopped_clock[0] = at("2026-01-05")
    client = support.browser(office)
    support.sign_in(client, "chen.jing")
    answer = client.post("/reports", data={"csrf": support.token_of(client)})
    assert answer.status_code == 303
    assert "已发起年度报送62件" in client.get(answer.location).text

    other = support.browser(office)
    support.sign_in(other, "zhou.ping")
    assert other.post("/reports", data={"csrf": support.token_of(other)}).status_code == 403


def test_in_english_every_word_of_the_table_is_english(february):
    client = support.browser(february)
    support.sign_in(client, "lin.chao")
    client.set_cookie("jidi-language", "en")
    text = client.get("/reports").text
    assert "Late, not reported" in text
    assert "Annual summary and plan" in text
