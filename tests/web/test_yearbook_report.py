"""The year's report of a city and of the province as docx: what stands in it, and who may read which."""

import io
from datetime import date

import pytest
from docx import Document
from sqlalchemy import delete, insert

from bases.cooperation.issue import Issue
from bases.filing.values import StatValue
from bases.verdicts import year_facts
from ground import clock
from ground.database import transaction
from ground.ids import ref
from tests.bases import moves, reporting
from tests.web.reviewing import Reviewer

CITY = "/reports/years/510700.docx?year=2025"


@pytest.fixture
def late(office, tmp_path, stopped_clock):
    reporting.half_reported(stopped_clock, tmp_path / "files")
    return office


def told(office, login: str, address: str) -> tuple[str, dict[str, list[list[str]]]]:
    """The words of the document, and its tables by the heads of their first two columns."""
    file = Document(io.BytesIO(Reviewer(office, login).client.get(address).data))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    tables = {}
    for table in file.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        tables["/".join(rows[0][:2])] = rows[1:]
    return text, tables


def value(base_id: int, item: str, year: int, amount: int) -> None:
    with transaction() as session:
        number = session.execute(
            insert(StatValue)
            .values(
                base_id=base_id,
                year=year,
                indicator=item,
                version=99,
                amount=amount,
                unit="yi_yuan",
                filed_at=clock.now(),
            )
            .returning(StatValue.id)
        )
        assert number.one()


def test_figures_stand_with_what_they_count_where_they_come_from_as_of_when_and_how_many_reported(late):
    text, tables = told(late, "lin.chao", CITY)
    assert "2025年度绵阳市外贸转型升级基地情况报告" in text
    for words in ("口径：", "数据来源：", "数据截至：2026年2月24日09:00", "已报/应报：1/2", "已报1家，应报2家"):
        assert words in text
    outcomes = {row[1]: row[2:] for row in tables["基地/所在地"]}
    assert outcomes == {
        "绵阳市": ["国家级", "已报送", "未参加", "无"],
        "绵阳市安州区": ["省级", "未报送", "未参加", "无"],
    }


def test_a_missing_value_is_not_reported_and_never_nought(late):
    with transaction() as session:
        session.execute(delete(StatValue))
    _text, tables = told(late, "lin.chao", CITY)
    for row in tables["指标/已报/应报"]:
        assert row[1:] == ["0/2", "未报送", "未报送", "不可比"]


def test_growth_compares_the_same_bases_and_says_how_many_were_left_out(late):
    with transaction() as session:
        session.execute(delete(StatValue))
        first, second = (moves.base(session, key).id for key in ("B007", "B035"))
    value(first, "I02", 2024, 1_000_000)
    value(first, "I02", 2025, 1_100_000)
    value(second, "I02", 2025, 500_000)
    _text, tables = told(late, "lin.chao", CITY)
    row = next(row for row in tables["指标/已报/应报"] if row[0].startswith("销售额"))
    assert row[1:] == ["2/2", "100.0000", "160.0000", "+10.0%（同口径1家，未计入1家）"]


def test_breaches_and_solved_issues_of_the_year_are_listed(late):
    with transaction() as session:
        base = moves.base(session, "B007")
        case = moves.open_case(session, "B007", clock.now())
        values = {
            "ref": ref(),
            "case_id": case.id,
            "base_id": base.id,
            "kind": "finance",
            "enterprise": "绵阳某公司",
            "title": "出口退税进度",
            "state": "closed",
            "level": "city",
            "level_since": clock.now(),
            "registered_on": date(2026, 1, 5),
            "result": "solved",
            "satisfaction": "satisfied",
            "closed_on": date(2026, 2, 1),
        }
        session.execute(insert(Issue).values(**values))
    text, tables = told(late, "lin.chao", CITY.replace("2025", "2026"))
    assert "登记1件，解决1件" in text
    assert "绵阳某公司" in str(tables["基地/企业"])
    assert "绵阳市安州区" in str(tables["单位/事项"])
    assert "未报送" in str(tables["单位/事项"])


def test_a_city_reads_its_own_report_only_and_the_province_every_one(late):
    assert Reviewer(late, "zhou.ping").go(CITY).answer.status_code == 404
    assert Reviewer(late, "lin.chao").go("/reports/years/510000.docx").answer.status_code == 404
    assert Reviewer(late, "fill.anzhou").go(CITY).answer.status_code == 403
    officer = Reviewer(late, "chen.jing")
    assert officer.go(CITY).answer.status_code == 200
    text, tables = told(late, "chen.jing", "/reports/years/510000.docx?year=2025")
    assert "2025年度四川省外贸转型升级基地情况报告" in text
    assert "绵阳市" in str(tables)
    assert officer.go("/reports/years/510705.docx").answer.status_code == 404


def test_the_button_stands_on_the_page_of_reports(late):
    for login, code in (("lin.chao", "510700"), ("chen.jing", "510000")):
        page = Reviewer(late, login).go("/reports")
        (link,) = (each for each in page.all(".page-head a") if "年度报告" in each.text_content())
        assert f"/reports/years/{code}.docx?year=2025" in link.get("href")


def test_what_became_of_a_base_comes_from_every_source(late, monkeypatch):
    """A commendation stands beside the decisions of the year."""

    def praised(_session, base_ids, year):
        return {base_ids[0]: [f"{year}年度表扬"]}

    monkeypatch.setattr(year_facts, "_sources", [*year_facts._sources, praised])
    _text, tables = told(late, "lin.chao", CITY)
    assert [row[-1] for row in tables["基地/所在地"]] == ["2025年度表扬", "无"]
