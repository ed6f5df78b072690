"""The matrix base by duty: the tile, the list, the export and the print give the same number, and each cell opens."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from bases.filing import duty
from bases.verdicts import matrix
from ground import clock
from ground.database import reading, transaction
from tests.bases import reporting
from tests.engine.counting import counted
from tests.web.reviewing import Reviewer

MISSED = "/reports/matrix?show=missed"


@pytest.fixture
def late(office, tmp_path, stopped_clock):
    reporting.half_reported(stopped_clock, tmp_path / "files")
    return office


def rows(reviewer, address: str):
    return reviewer.go(address).all("table.dense tbody tr")


def test_my_bases_by_duty_in_green_yellow_and_red_readable_without_colour(late):
    """Handbook §5, city_officer: my bases matrix (base x duty, green/yellow/red)."""
    page = Reviewer(late, "lin.chao").go("/reports/matrix")
    for words in ("绵阳市安州区", "● 已报送", "✕ 逾期未报送", "1/2", "数据截至", "口径", "数据来源"):
        assert words in " ".join(page.text.split())
    assert "宜宾" not in page.text


def test_tile_list_export_and_print_give_the_same_number(late):
    reviewer = Reviewer(late, "lin.chao").go("/home")
    (tile,) = (one for one in reviewer.all(".figures a") if "基地逾期未报送" in one.text_content())
    number = int(tile.find("b").text_content())
    assert number == 1
    assert len(rows(reviewer, tile.get("href"))) == number
    table = reviewer.go("/reports/matrix")
    assert sum("✕" in cell.text_content() for cell in table.all("tbody td")) == number
    text = reviewer.client.get("/reports/matrix.csv?show=missed").data.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 1 + number
    book = load_workbook(io.BytesIO(reviewer.client.get("/reports/matrix.xlsx?show=missed").data))
    assert book.worksheets[0].max_row == 1 + number
    whole = reviewer.client.get("/reports/matrix.csv").data.decode("utf-8-sig")
    assert whole.count("逾期未报送") == number
    assert not reviewer.go(MISSED).all("section.panel.no-print")  # what is printed is the page itself


def test_each_cell_opens_what_is_behind_it(late):
    page = Reviewer(late, "lin.chao").go("/reports/matrix")
    for link in [each.get("href") for each in page.all("tbody td a")]:
        assert page.go(link).answer.status_code == 200
        page.go("/reports/matrix")


def test_the_items_of_one_duty_are_listed_and_taken_out_as_they_are(late):
    reviewer = Reviewer(late, "lin.chao").go(f"{MISSED}&kind=nothing")
    assert not reviewer.all("table.dense tbody td a")
    file = next(each.get("href") for each in reviewer.all(".no-print a") if "matrix.csv" in each.get("href", ""))
    assert "kind=nothing" in file
    assert len(reviewer.client.get(file).data.decode("utf-8-sig").splitlines()) == 1  # the head alone


def test_a_city_sees_its_own_and_the_province_every_city_or_one(late):
    assert Reviewer(late, "lin.chao").go("/reports/matrix?city=511500").answer.status_code == 404
    province = Reviewer(late, "chen.jing")
    every = len(rows(province, "/reports/matrix"))
    one = len(rows(province, "/reports/matrix?city=510700"))
    assert (every, one) == (40, 2)
    assert len(rows(Reviewer(late, "sign.anzhou"), "/reports/matrix")) == 1
    assert len(rows(Reviewer(late, "fill.anzhou"), "/reports/matrix")) == 1


def test_a_passed_default_is_never_red(late):
    with transaction() as session:
        session.execute(update(duty.ReportDuty).values(due_kind="default"))
    page = Reviewer(late, "lin.chao").go("/reports/matrix")
    assert not page.all(".tag.red")
    assert not rows(page, MISSED)


def test_the_matrix_of_the_province_costs_as_many_statements_as_that_of_a_base(late, database):
    with reading() as session:
        for login in ("chen.jing", "fill.anzhou"):
            by = reporting.person(login)
            with counted(database) as count:
                matrix.of(session, by, date(2026, 1, 1).year, clock.now())
            assert count.statements <= 6


def test_in_english_every_word_of_the_matrix_is_english(late):
    reviewer = Reviewer(late, "lin.chao")
    reviewer.client.set_cookie("jidi-language", "en")
    text = reviewer.go("/reports/matrix").text
    assert "Late, not reported" in text
    assert "What is owed in 2026" in text
