"""The reports' desk: base by duty for a city, by city for the province, the filler's own on the home."""

from datetime import date

import pytest

from bases.filing import template
from bases.filing.template import Drawn
from ground.database import transaction
from tests.bases import reporting
from tests.bases.reporting import at
from tests.stories import test_periodic
from tests.stories.test_periodic import Monthly
from tests.web import support


@pytest.fixture
def february(office, tmp_path, stopped_clock):
    reporting.half_reported(stopped_clock, tmp_path / "files")
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
    city = page(february, "lin.chao", "/home").text
    assert "本年应报事项" not in city
    assert "基地逾期未报送" in city
    assert "基地逾期未报送" not in page(february, "chen.jing", "/home").text


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
    text = english(february, "lin.chao", "/reports")
    assert "Late, not reported" in text
    assert "Annual summary and plan" in text


@pytest.fixture
def march(office, stopped_clock):
    """7 April 2026: 安州区's monthly report for March is approved, 三江新区's has come, 绵阳市's has not."""
    stopped_clock[0] = at("2026-02-02")
    reporting.staff()
    with transaction() as session:
        drawn = Drawn("外贸月报", "month", ("export", "orders"), name_en="Monthly trade")
        template.add(session, drawn, date(2026, 2, 1), reporting.person("chen.jing"))
    stopped_clock[0] = at("2026-04-07")
    test_periodic.begin()
    Monthly("B035").fill("fill.anzhou", "12.3456")
    Monthly("B035").approve()
    Monthly("B014").fill("fill.sanjiang", "7.5")
    return office


def series_of(key: str, period: str = "2026-03") -> str:
    return f"/statistics/bases/{Monthly(key).base.ref}?template=month_1&period={period}"


def test_the_province_sees_sums_by_city_with_how_many_of_how_many_first_and_approved(march):
    text = page(march, "gao.yuan", "/statistics?template=month_1").text
    for words in (
        "外贸月报",
        "2026-03",
        "1/2",
        "2/40",
        "12.3456",
        "7.5000",
        "19.8456",
        "合计",
        "数据截至",
        "初报",
        "审定",
    ):
        assert words in text
    assert page(march, "gao.yuan", "/statistics?template=month_1&period=2026-99").status_code == 200
    assert page(march, "gao.yuan", "/statistics?template=nothing").status_code == 200


def test_a_city_sees_its_own_bases_and_their_sum(march):
    text = page(march, "lin.chao", "/statistics?template=month_1").text
    assert "绵阳市安州区" in text
    assert "12.3456" in text
    assert "7.5" not in text
    assert page(march, "lin.chao", series_of("B014")).status_code == 404


def test_an_officer_corrects_an_approved_figure_and_the_old_one_stays_beside_it(march):
    client = support.browser(march)
    support.sign_in(client, "chen.jing")
    assert "更正审定数" in client.get(series_of("B035")).text
    given = {"template": "month_1", "period": "2026-03", "item": "export", "value": "13", "reason": "海关数据修订。"}
    address = f"/statistics/bases/{Monthly('B035').base.ref}/corrections"
    answer = client.post(address, data={"csrf": support.token_of(client), **given})
    assert answer.status_code == 303
    text = client.get(answer.location).text
    for words in ("12.3456", "13.0000", "海关数据修订。", "已更正"):
        assert words in text

    other = support.browser(march)
    support.sign_in(other, "lin.chao")
    assert "更正审定数" not in other.get(series_of("B035")).text
    assert other.post(address, data={"csrf": support.token_of(other), **given}).status_code == 403


def test_a_template_is_drawn_up_and_its_day_fixed_by_a_notice(march):
    client = support.browser(march)
    support.sign_in(client, "chen.jing")
    given = {"name": "季度形势分析", "period": "quarter", "items": ["trade"], "due_day": "10", "notice": ""}
    assert client.post("/statistics/templates", data={"csrf": support.token_of(client), **given}).status_code == 303
    notice = {"csrf": support.token_of(client), "due_day": "5", "notice": "川商贸〔2026〕9号"}
    assert client.post("/statistics/templates/month_1/notice", data=notice).status_code == 303
    text = client.get("/statistics/templates").text
    for words in ("季度形势分析", "次月5日", "川商贸〔2026〕9号", "文件未规定，系统默认"):
        assert words in text
    wrong = client.post("/statistics/templates", data={"csrf": support.token_of(client), **given, "due_day": "31"})
    assert wrong.status_code == 422
    assert page(march, "lin.chao", "/statistics/templates").status_code == 403
    assert "Monthly trade" in english(march, "chen.jing", "/statistics/templates")


def test_a_periodic_report_stands_by_its_name_among_the_duties(march):
    assert "外贸月报" in page(march, "lin.chao").text
    assert "外贸月报" in page(march, "fill.anzhou", "/home").text
    assert "外贸月报" in page(march, "chen.jing").text


def english(office, login: str, address: str) -> str:
    client = support.browser(office)
    support.sign_in(client, login)
    client.set_cookie("jidi-language", "en")
    return client.get(address).text
