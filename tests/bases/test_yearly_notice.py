"""The yearly notice of days off, read from its text or from JSON, and only where it proves itself (N-6)."""

import orjson
import pytest

from bases.measures import yearly_notice
from bases.measures.yearly_notice import NotANotice
from ground import seed

NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。"""


def as_json(**changed: object):
    days = [
        {"name": one.name, "date": str(one.day), "isOffDay": not one.is_workday}
        for one in seed.days()
        if one.day.year == 2026 and one.name
    ]
    return orjson.dumps({"year": 2026, "papers": ["https://www.gov.cn/"], "days": days} | changed).decode()


@pytest.mark.parametrize("text", [NOTICE_2026, NOTICE_2026.replace("\n", ""), as_json()])
def test_the_notice_of_2026_gives_the_official_days_of_2026(text):
    given = {one.day: one for one in yearly_notice.read(text).days()}
    official = {one.day: one for one in seed.days() if one.day.year == 2026}
    assert given.keys() == official.keys()
    assert not [day for day, one in official.items() if given[day].is_workday != one.is_workday]
    assert {one.source for one in given.values()} == {"official"}
    make_up = [str(one.day)[5:] for one in given.values() if one.note == "调休上班日"]
    assert make_up == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (NOTICE_2026.replace("共9天", "共8天"), "count"),
        (NOTICE_2026.replace("5月9日（周六）", "5月9日（周日）"), "weekday"),
        (NOTICE_2026.replace("2026年", ""), "no_year"),
        (NOTICE_2026.replace("五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n", ""), "festival"),
        (NOTICE_2026.replace("4月4日（周六）至6日", "4月31日（周六）至6日"), "date"),
        (NOTICE_2026.replace("5月9日（周六）上班", "5月9日（周六）照常"), "neither"),
        ("各单位：请安排好2026年的值班。", "how_many"),
        ("{}", "shape"),
        (as_json(days=[]), "how_many"),
        (as_json(year="zweitausend"), "shape"),
        (as_json(year=2031), "year"),
    ],
)
def test_what_does_not_prove_itself_is_refused_with_its_reason(text, why):
    with pytest.raises(NotANotice) as refused:
        yearly_notice.read(text)
    assert refused.value.detail["why"] == why


def test_a_day_that_stands_twice_is_refused():
    days = orjson.loads(as_json())["days"]
    with pytest.raises(NotANotice) as refused:
        yearly_notice.read(as_json(days=[*days, days[0]]))
    assert refused.value.detail["why"] == "twice"
