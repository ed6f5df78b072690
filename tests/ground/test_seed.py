"""What every installation begins with."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from ground import calendar, organs, parameters, pinyin, regions, seed
from ground.calendar import CalendarDay, KnownDay
from ground.organs import Organ
from ground.parameters import Setting
from ground.regions import Region


def test_one_province_21_cities_and_183_counties_stand_in_five_zones(session):
    rows = session.execute(select(Region.level, Region.zone)).all()
    assert Counter(row.level for row in rows) == {"province": 1, "city": 21, "county": 183}
    zones = Counter(row.zone for row in rows if row.level == "city")
    assert sorted(zones.values()) == [2, 2, 4, 5, 8]


def test_every_county_lies_in_the_city_its_code_says(session):
    for row in session.execute(select(Region.code, Region.parent).where(Region.level == "county")):
        assert row.parent == regions.city_of(row.code)


def test_every_region_and_organ_has_an_english_name_and_a_key_in_plain_letters(session):
    for table in (Region, Organ):
        for row in session.execute(select(table.name, table.name_en, table.sort_key)):
            assert row.name_en.isascii(), row
            assert len(row.name_en) > 2, row
            assert row.sort_key.isascii(), row
            assert row.sort_key.isalnum(), row


def test_every_city_and_county_has_its_bureau_of_commerce_under_its_city_and_the_province(session):
    rows = session.execute(select(Organ.id, Organ.code, Organ.kind, Organ.region, Organ.parent_id)).all()
    assert Counter(row.kind for row in rows) == {
        "province": 1,
        "city": 21,
        "county": 183,
        "department": 79,
        "expert_pool": 1,
    }
    by_code = {row.code: row for row in rows}
    for row in rows:
        if row.kind == "county":
            assert row.parent_id == by_code[f"city-{regions.city_of(row.region)}"].id
        if row.kind == "city":
            assert row.parent_id == by_code["sc-mofcom"].id


@pytest.mark.parametrize(
    ("code", "name", "name_en"),
    [
        ("sc-mofcom", "四川省商务厅", "Department of Commerce of Sichuan Province"),
        ("city-510700", "绵阳市商务局", "Mianyang Municipal Bureau of Commerce"),
        ("city-513300", "甘孜州商务局", "Garze Prefecture Bureau of Commerce"),
        ("county-511527", "筠连县商务局", "Junlian County Bureau of Commerce"),
        ("county-510726", "北川羌族自治县商务局", "Beichuan Qiang Autonomous County Bureau of Commerce"),
        ("county-511102", "乐山市市中区商务局", "Bureau of Commerce of Shizhong District, Leshan"),
        ("county-511002", "内江市市中区商务局", "Bureau of Commerce of Shizhong District, Neijiang"),
    ],
)
def test_an_organ_reads_properly(session, code, name, name_en):
    body = organs.body(session, code)
    assert (body.name, body.name_en) == (name, name_en)


def test_cities_are_listed_in_chinese_order(session):
    names = [place.name for place in regions.listed(session, "city")]
    assert names[:4] == ["阿坝藏族羌族自治州", "巴中市", "成都市", "达州市"]
    assert names[-1] == "自贡市"
    assert regions.listed(session, "county", "510300")[0].name == "大安区"


def test_places_are_found_by_their_codes(session):
    assert regions.find(session, "511200") is None
    assert regions.find(session, "513422").name_en == "Muli Tibetan Autonomous County"
    assert set(regions.named(session, ["510700", "999999"])) == {"510700"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("筠连县", "jun1lian2xian4"),
        ("阆中市", "lang4zhong1shi4"),
        ("长宁县", "chang2ning2xian4"),
        ("荥经县", "ying2jing1xian4"),
        ("什邡市", "shi2fang1shi4"),
        ("B区", "bqu1"),
    ],
)
def test_places_that_dictionaries_misread_are_read_right(name, key):
    assert pinyin.key(name) == key


def test_a_surname_is_read_as_a_surname():
    assert pinyin.person_key("单晓峰").startswith("shan4")
    assert pinyin.key("单位").startswith("dan1")


def test_laying_the_seed_again_changes_nothing(session):
    def counts():
        return [session.scalar(select(func.count()).select_from(t)) for t in (Region, Organ, CalendarDay, Setting)]

    before, digest = counts(), session.scalar(calendar.DIGEST)
    seed.lay(session)
    assert counts() == before
    assert session.scalar(calendar.DIGEST) == digest


def test_laying_the_seed_again_keeps_what_an_office_has_changed(session):
    notice = KnownDay(date(2027, 2, 9), is_workday=False, name="春节", source="official")
    calendar.put(session, [notice])
    parameters.change(session, "assess.pass_mark", 75, date(2026, 12, 1))
    seed.lay(session)
    assert calendar.load(session).is_workday(notice.day) is False
    assert parameters.value(session, "assess.pass_mark", date(2026, 12, 1)).value == 75


def test_a_day_that_became_official_replaces_the_provisional_one(session):
    guess = KnownDay(date(2026, 10, 10), is_workday=False, name="", source="provisional")
    calendar.put(session, [guess])
    seed.lay(session)
    assert calendar.load(session).is_workday(guess.day) is True
    assert not calendar.load(session).is_provisional(guess.day)
