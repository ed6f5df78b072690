"""The words of the notice (R-9.5) and of the measures (D-1, D-3, D-5)."""

from datetime import date

import pytest

from bases.measures import clauses, indicators, policy
from bases.verdicts import wording

PERIOD = wording.Period(date(2026, 9, 28), date(2026, 10, 10), 5)
ONE = [wording.Listed("宜宾市筠连县", "宜宾市")]


def whole(body: wording.Body) -> str:
    return "\n".join([body.title, *body.paragraphs, *body.contact, body.signed_by, body.signed_on])


def test_r_9_5_the_notice_says_proposed_and_prints_both_ends_of_its_period():
    body = wording.notice(ONE, PERIOD, wording.Contact(phone="028-1"), visited=True)

    assert body.title == "关于拟认定2026年度四川省外贸转型升级基地名单的公示"
    assert "拟认定宜宾市筠连县为四川省外贸转型升级基地，现予公示" in body.paragraphs[0]
    assert body.paragraphs[1] == "公示期：2026年9月28日至2026年10月10日（5个工作日）。"
    assert "须署真实姓名并留有效联系方式" in body.paragraphs[2]
    assert body.signed_on == "2026年9月28日"
    assert "已认定" not in whole(body)


@pytest.mark.parametrize(("visited", "words"), [(True, "专家评审、实地考察、复核"), (False, "专家评审、复核")])
def test_r_9_5_the_site_visit_stands_in_the_notice_only_where_there_was_one(visited, words):
    body = wording.notice(ONE, PERIOD, wording.Contact(), visited=visited)

    assert words in body.paragraphs[0]


def test_several_bases_are_counted_and_listed_with_their_cities():
    listed = [*ONE, wording.Listed("眉山市彭山区", "眉山市")]

    body = wording.notice(listed, PERIOD, wording.Contact(), visited=False)

    assert "拟认定宜宾市筠连县等2家为" in body.paragraphs[0]
    assert body.listed == [{"base": "宜宾市筠连县", "city": "宜宾市"}, {"base": "眉山市彭山区", "city": "眉山市"}]


def test_a_contact_line_that_is_not_known_is_left_out():
    body = wording.notice(ONE, PERIOD, wording.Contact(office="外贸处", oversight_phone="028-2"), visited=False)

    assert body.contact == ["受理处室：外贸处", "监督电话（机关纪委）：028-2"]


def test_d_3_from_the_day_after_the_period_the_banner_says_that_it_is_over():
    assert policy.banner(date(2025, 12, 31)) is None
    said = policy.banner(date(2026, 1, 1))

    assert said is not None
    assert said.zh == (
        "实施意见标题所载期限为2020—2025年，现已届满；管理办法（试行）未载明有效期，是否继续适用以商务厅正式文件为准"
    )


def test_d_1_the_text_shows_the_day_of_printing_and_no_day_of_issue():
    text = policy.in_force(date(2026, 1, 1))

    assert (text.issued_on, text.dated_on) == (date(2020, 6, 9), None)


@pytest.mark.parametrize("id_", ["1", "9", "10(6)", "12(7)", "13(2)", "14", "16", "二(一)", "四(二)", "附件"])
def test_d_5_every_place_of_the_text_can_be_cited(id_):
    found = clauses.clause(id_)

    assert found is not None
    assert found.zh
    assert found.en.isascii() or "“" in found.en or "’" in found.en


def test_d_5_article_9_reads_as_it_was_published():
    nine = clauses.clause("9")

    assert nine is not None
    assert nine.zh.endswith("经对评审结果进行复核、公示后确定新认定的外贸基地。")
    assert clauses.clause("17") is None


def test_amounts_are_whole_numbers_of_the_smallest_unit_and_come_back_as_typed():
    output, workers = indicators.by_code()["I01"], indicators.by_code()["I07"]

    assert output.amount("123.4500") == 1_234_500
    assert output.typed(1_234_500) == "123.4500"
    assert (workers.amount(1963), workers.typed(1963)) == (1963, 1963)
    with pytest.raises(ValueError, match="I01 has 4 places"):
        output.amount("0.00001")
