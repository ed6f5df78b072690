"""The desk of figures: the goals 123, tables, map, files and prints; each figure is the same wherever it stands."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, insert, select, update

from bases import demo
from bases.filing import duty, values
from bases.filing.values import Filing, StatValue, Value
from bases.measures import indicators
from bases.register import title
from bases.register.title import Title
from ground import clock, files, regions
from ground.database import transaction
from ground.errors import Forbidden
from tests.bases import ledger, moves, reporting
from tests.bases.reporting import Report
from tests.engine.counting import counted
from tests.web import support
from tests.web.reviewing import Reviewer

DOOR = 4
ZONES = ("成都平原经济区", "川南经济区", "川东北经济区", "攀西经济区", "川西北生态示范区")
YEAR = 2025
PAGE = f"/figures?year={YEAR}"


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    assert office
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
        session.execute(delete(StatValue))


def give(key: str, item: str, *, before=None, now=None) -> None:
    """The figures of one base in both years, as they are typed; None is not filed."""
    kind = indicators.by_code()[item]
    given = {(item, YEAR - 1 + at): values.stored(kind, one) for at, one in enumerate((before, now)) if one is not None}
    with transaction() as session:
        values.file(session, moves.base(session, key).id, given, Filing(clock.now()))


def reference(**growth: str) -> None:
    with transaction() as session:
        ledger.add(session, "reference_series", "province", "chen.jing", in_year=str(YEAR), source="海关统计", **growth)


def cells(reviewer, table: str) -> dict[str, list[str]]:
    """The rows of a table by their heads."""
    return {
        " ".join(row.find("th").text_content().split()): [
            " ".join(each.text_content().split()) for each in row.findall("td")
        ]
        for row in reviewer.all(f"table.{table} tbody tr")
    }


def settle(case_id: int) -> None:
    """The report of this case was looked through and is in order."""
    with transaction() as session:
        duty.accept(session, case_id, clock.now())


def only(number: int) -> None:
    """So many bases hold a provincial name, one of them a national one, too; one holds a national one alone."""
    with transaction() as session:
        found = session.execute(select(Title.base_id).distinct().order_by(Title.base_id)).scalars().all()
        session.execute(update(Title).values(valid_to=date(2021, 12, 31)))
        rows = [(base, title.PROVINCIAL) for base in found[:number]]
        rows += [(found[0], title.NATIONAL), (found[number], title.NATIONAL)]
        for base, kind in rows:
            session.execute(insert(Title).values(base_id=base, kind=kind, year=2020, valid_from=date(2020, 12, 31)))


@pytest.mark.performs("G-1")
def test_g_1_thirty_of_forty_provincial_names_are_75_per_cent_and_a_national_one_alone_counts_nothing(office):
    """G-1: a base with both names counts once; one that loses the provincial name counts no more."""
    only(30)
    page = Reviewer(office, "chen.jing").go(PAGE)
    assert page.all(".goal-held")[0].text_content() == "30/40"
    assert page.all(".goal-percent")[0].text_content() == "75%"
    assert [each for each in page.all("svg") if each.get("aria-label") == "30家，目标40家"]
    with transaction() as session:
        one = session.scalar(select(Title.id).where(Title.kind == title.PROVINCIAL).order_by(Title.id.desc()).limit(1))
        session.execute(update(Title).where(Title.id == one).values(valid_to=date(2025, 12, 31)))
    assert page.go(PAGE).all(".goal-held")[0].text_content() == "29/40"


def test_g_1_the_tile_of_a_home_says_the_same_and_leads_to_the_list(office):
    """G-1: the leader's and the officer's home, the page and the names behind it give one number."""
    only(30)
    for login in ("chen.jing", "gao.yuan"):
        page = Reviewer(office, login).go("/home")
        (tile,) = (each for each in page.all(".figures a") if "省级基地数" in each.text_content())
        held = tile.find("b").text_content()
        page.go(tile.get("href"))
        assert held == page.all(".goal-held")[0].text_content() == f"{len(page.all('.named li'))}/40" == "30/40"


@pytest.mark.performs("G-4")
def test_g_4_higher_is_strictly_higher_than_the_nation(office):
    """G-4: the nation +3 %: a base with +4 % is above, one with +3 % is not; each says so in words."""
    reference(national="3", provincial="1")
    give("B007", "I03", before="100", now="104")
    give("B035", "I03", before="100", now="103")
    rows = cells(Reviewer(office, "chen.jing").go(PAGE), "growths")
    assert rows["绵阳市"] == ["+4.00%", "▲ 高于", "▲ 高于"]
    assert rows["绵阳市安州区"] == ["+3.00%", "▼ 不高于", "▲ 高于"]
    assert rows["全省"][0].startswith("+3.50%（同口径2家，未计入")


def test_g_5_without_a_series_or_a_figure_nobody_can_tell_and_nothing_is_green(office):
    """G-5: a missing series is «无法判断», never green; a base whose figure is missing is not comparable."""
    give("B007", "I03", before="100", now="104")
    give("B035", "I03", now="103")
    page = Reviewer(office, "chen.jing").go(PAGE)
    rows = cells(page, "growths")
    assert rows["绵阳市"] == ["+4.00%", "？ 无法判断", "？ 无法判断"]
    assert rows["绵阳市安州区"][0] == "不可比"
    assert not page.all("table.growths .green")


@pytest.mark.performs("G-6 to G-8")
def test_g_6_to_g_8_the_indices_can_be_reckoned_by_hand_from_what_stands_beside_them(office):
    """G-6, G-7, G-8: each part with its formula, what is divided by what, and the mean of the parts."""
    give("B007", "I13", before="2", now="3")
    give("B007", "I02", before="100", now="120")
    give("B007", "I14", before="10", now="11")
    give("B035", "I14", before="20", now="22")
    give("B035", "I13", now="7")
    rows = cells(Reviewer(office, "chen.jing").go(PAGE), "better")
    tax = next(row for head, row in rows.items() if head.endswith("I13/I02"))
    assert tax[0] == "2.0000 ÷ 100.0000 = 0.0200"
    assert tax[1] == "3.0000 ÷ 120.0000 = 0.0250"
    assert tax[2] == "125.00"
    assert tax[3].startswith("1家，未计入")
    profit = next(row for head, row in rows.items() if head.endswith("I14"))
    assert profit[:3] == ["15.00", "16.50", "110.00"]
    page = Reviewer(office, "chen.jing").go(PAGE)
    first = page.all("table.better")[0].findall("tbody/tr")[-1]
    assert [" ".join(each.text_content().split()) for each in first][3:] == ["117.50", "▲ 提升"]
    structure = page.all("table.better")[1].findall("tbody/tr")[-1]
    assert "无法判断" in structure.text_content()


def test_g_8_a_list_counts_as_many_as_it_says(office):
    """G-8: standards, networks and certifications are lists; their number is compared."""
    names = [{"name": f"标准{number}", "kind": "national"} for number in range(3)]
    give("B007", "I17", before={"count": 2, "rows": names[:2]}, now={"count": 3, "rows": names})
    rows = cells(Reviewer(office, "chen.jing").go(PAGE), "better")
    assert next(row for head, row in rows.items() if head.endswith("I17"))[:3] == ["2", "3", "150.00"]


def test_the_file_of_the_goals_says_what_the_page_says(office):
    """G-4, G-6: growth, indices and verdicts are the same in the page and in the file."""
    reference(national="3", provincial="1")
    give("B007", "I03", before="100", now="104")
    give("B007", "I13", before="2", now="3")
    give("B007", "I02", before="100", now="120")
    officer = Reviewer(office, "chen.jing").go(PAGE)
    text = officer.client.get(f"/figures/goals.csv?year={YEAR}").data.decode("utf-8-sig")
    written = {row[0]: row for row in csv.reader(io.StringIO(text))}
    assert written["绵阳市"][1:4] == ["100.0000", "104.0000", "4.00"]
    assert cells(officer, "growths")["绵阳市"][0] == "+4.00%"
    assert written["绵阳市"][6] == "高于"
    tax = next(row for head, row in cells(officer, "better").items() if head.endswith("I13/I02"))
    assert written["创造税收 ÷ 销售额"][1:4] == tax[:3]
    assert officer.client.get(f"/figures/goals.xlsx?year={YEAR}").status_code == 200
    assert officer.client.get(f"/figures/goals.exe?year={YEAR}").status_code == 404


def test_each_figure_says_what_it_counts_where_it_is_from_as_of_when_and_how_many_reported(office):
    give("B007", "I03", before="100", now="104")
    page = Reviewer(office, "chen.jing").go(PAGE)
    lines = [" ".join(each.text_content().split()) for each in page.all(".under-figure")]
    assert len(lines) == 3
    assert all("口径：" in each and "数据来源：" in each and "数据截至" in each for each in lines)
    assert "已报/应报 1/40 · 初报1家，审定0家" in lines[1]


def test_a_city_sees_its_own_bases_and_the_province_as_a_whole_and_a_base_itself(office):
    give("B007", "I03", before="100", now="104")
    give("B014", "I03", before="100", now="90")
    reporting.staff()
    city = cells(Reviewer(office, "lin.chao").go(PAGE), "growths")
    assert set(city) == {"全省", "所属基地", "绵阳市", "绵阳市安州区"}
    assert city["全省"][0].startswith("-3.00%")
    base = cells(Reviewer(office, "fill.anzhou").go(PAGE), "growths")
    assert set(base) == {"绵阳市安州区"}
    assert "还没有命名的基地" in Reviewer(office, "liu.min").go(PAGE).text
    assert Reviewer(office, "gao.yuan").go(PAGE).answer.status_code == 200


def test_g_0_the_map_shows_21_cities_each_leading_to_its_bases_and_the_five_zones(office):
    """G-0: every city is on the map; bases stand by city and by the five economic zones, and the sums agree."""
    give("B007", "I03", before="100", now="104")
    give("B035", "I03", before="10", now="11.5")
    page = Reviewer(office, "chen.jing").go(f"/figures/map?item=I03&year={YEAR}")
    assert len(page.all("svg.tile-map rect")) == 21
    tile = next(each for each in page.all("svg.tile-map a") if each.get("aria-label").startswith("绵阳市"))
    assert "115.5000" in tile.get("aria-label")
    zones = cells(page, "zones")
    assert set(zones) <= set(ZONES)
    assert zones["成都平原经济区"][1] == "115.5000"
    assert set(cells(page.go(tile.get("href")), "values")) == {"绵阳市", "绵阳市安州区", "合计"}
    with transaction() as session:
        assert {place.zone for place in regions.listed(session, "city", regions.PROVINCE)} == set(ZONES)


@pytest.mark.parametrize("by", ["base", "city", "zone", "industry"])
def test_s_3_3_tile_list_file_and_print_give_the_same_number_and_the_whole_is_the_sum(office, by):
    """S-3.3, G-0: one figure is one figure wherever it stands; the roll-up equals the sum of its lines."""
    for key, now in (("B007", "104.25"), ("B035", "11.5"), ("B014", "7")):
        give(key, "I02", before="3", now=now)
    officer = Reviewer(office, "chen.jing")
    address = f"item=I02&year={YEAR}&by={by}"
    listed = cells(officer.go(f"/figures/table?{address}"), "values")
    printed = cells(officer.go(f"/figures/table?{address}&print=1"), "values")
    assert not officer.all("table.values a")
    text = officer.client.get(f"/figures/table.csv?{address}").data.decode("utf-8-sig")
    written = {row[0]: row for row in csv.reader(io.StringIO(text))}
    book = load_workbook(io.BytesIO(officer.client.get(f"/figures/table.xlsx?{address}").data)).active
    kept = {str(row[0]): row for row in book.iter_rows(values_only=True)}
    assert listed == printed
    for name, row in listed.items():
        assert written[name][1:4] == row[:3]
        assert written[name][4] == row[3].strip("+%")
        assert row[2] == "未报送" or Decimal(str(kept[name][3])) == Decimal(row[2])
    *parts, whole = [row[2] for row in listed.values()]
    assert sum(Decimal(one) for one in parts if one != "未报送") == Decimal(whole) == Decimal("122.75")
    if by == "city":
        tiles = officer.go(f"/figures/map?item=I02&year={YEAR}").all("svg.tile-map a")
        shown = {each.get("aria-label").split()[0]: each.get("aria-label").split()[1] for each in tiles}
        assert shown == {name: row[2] for name, row in listed.items() if name != "合计"}


def test_a_missing_value_is_not_reported_and_growth_leaves_its_base_out(office):
    give("B007", "I02", before="100", now="110")
    give("B035", "I02", now="50")
    rows = cells(Reviewer(office, "lin.chao").go(f"/figures/table?item=I02&year={YEAR}"), "values")
    assert rows["绵阳市安州区"][1:4] == ["未报送", "50.0000", "不可比"]
    assert rows["合计"][:5] == ["2/2", "100.0000", "160.0000", "+10.00%", "1家，未计入1家"]
    assert rows["全省"][2] == "160.0000"


def test_s_3_3_an_approved_figure_is_locked_and_a_correction_keeps_the_old_value_beside_it(office, stopped_clock):
    """S-3.3: 初报, looked through by the city, 审定 with the city's report; then only with a reason."""
    stopped_clock[0] = reporting.TENTH
    reporting.staff()
    reporting.begin()
    report = Report("B007")
    page = f"/figures/bases/{report.base.ref}?year={YEAR}"
    officer = Reviewer(office, "chen.jing")
    with transaction() as session:
        values.file(session, report.base.id, {("I01", YEAR): Value(300_000)}, Filing(clock.now()))
    assert "初报" in officer.go(page).text
    settle(report.case.id)
    assert "市（州）已核对" in officer.go(page).text
    assert not officer.all("form [name=reason]")
    settle(reporting.City().case.id)
    assert "审定" in officer.go(page).text
    with pytest.raises(values.Unexplained), transaction() as session:
        values.file(session, report.base.id, {("I01", YEAR): Value(310_000)}, Filing(clock.now()))
    token = support.token_of(officer.client)
    given = {"csrf": token, "item": "I01", "value": "31.5", "reason": ""}
    address = f"/figures/bases/{report.base.ref}/corrections?year={YEAR}"
    assert officer.client.post(address, data=given).status_code == 422
    assert officer.client.post(address, data={**given, "reason": "统计年报修订。"}).status_code == 303
    changes = cells(officer.go(page), "changes")
    assert changes["总产值"][1:3] == ["30.0000", "31.5000"]
    assert changes["总产值"][4] == "统计年报修订。"
    for login, status in (("lin.chao", 200), ("zhou.ping", 404)):
        assert Reviewer(office, login).go(page).answer.status_code == status
    with pytest.raises(Forbidden), transaction() as session:
        values.correct(
            session,
            report.base.id,
            ("I01", YEAR),
            "1",
            "错",
            moves.actor(session, "lin.chao", clock.now()),
            clock.now(),
        )


@pytest.mark.parametrize("path", ["/figures", "/figures/table", "/figures/map"])
def test_the_page_asks_ten_questions_at_most_however_many_bases(office, database, path):
    officer = Reviewer(office, "chen.jing")
    officer.go(path)
    with counted(database) as count:
        officer.go(path)
    assert count.statements - DOOR <= 10


def test_in_english_the_page_is_english(office):
    officer = Reviewer(office, "chen.jing")
    officer.client.set_cookie("jidi-language", "en")
    assert "Goals 1-2-3" in officer.go(PAGE).text
