"""The path of a case on its diagram, its story narrowed and taken out: what the reader may know, and no more."""

import csv
import io

import orjson
import pytest

from bases import demo
from ground import clock, files
from ground.database import transaction
from tests.web import reviewing
from tests.web.reviewing import Reviewer


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def the_case(office):
    return Reviewer(office, "liu.min").go("/cases").all("a.main")[0].get("href")


def exported(reader, address):
    body = reader.client.get(address).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_the_path_stands_on_the_shapes_and_in_a_table_beside_them(office):
    reviewing.at_the_county(office)
    filler = Reviewer(office, "liu.min").go(f"{the_case(office)}?tab=diagram")
    rows = [" ".join(row.text_content().split()) for row in filler.all("table.cards tbody tr")]
    assert len(rows) == 3
    assert "在办" in rows[-1]
    badges = orjson.loads(str(filler.all("[data-badges]")[0].get("data-badges")))
    assert badges["fill"]["text"] == "#1"
    assert badges["authority_review"]["also"] == ["0个工作日"]


def test_an_applicant_reads_nothing_of_the_steps_that_experts_were_asked(office):
    reviewing.with_the_experts(office)
    case = the_case(office)
    page = Reviewer(office, "liu.min").go(f"{case}?tab=diagram")
    shown = page.all("[data-badges]")[0].get("data-badges") + page.answer.text
    assert "专家评分" not in page.answer.text
    assert "expert_review:score" not in shown
    assert "expert_review:invite" not in shown


def test_the_story_is_narrowed_by_kind_and_by_words_and_the_file_holds_the_same(office):
    reviewing.at_the_county(office)
    case = the_case(office)
    filler = Reviewer(office, "liu.min").go(case)
    everything = len(filler.all(".timeline li"))
    assert len(exported(filler, f"{case}/story.csv")) == everything
    found = len(filler.go(f"{case}?q=办结").all(".timeline li"))
    assert 0 < found < everything
    assert len(exported(filler, f"{case}/story.csv?q=办结")) == found
    assert filler.go(f"{case}?kind=trouble").all(".timeline li") == []
    assert len(filler.go(f"{case}?kind=nothing").all(".timeline li")) == everything
    assert "<b>" not in filler.go(f"{case}?q=%3Cb%3E").all(".filters")[0].text_content()


def test_a_story_leaves_for_those_alone_who_may_read_the_case(office):
    reviewing.at_the_county(office)
    case = the_case(office)
    elsewhere = Reviewer(office, "lin.chao")
    assert elsewhere.client.get(f"{case}/story.csv").status_code == 404
    assert Reviewer(office, "liu.min").client.get(f"{case}/story.exe").status_code == 404
    workbook = Reviewer(office, "liu.min").client.get(f"{case}/story.xlsx")
    assert workbook.data.startswith(b"PK")


def test_the_tab_of_linked_cases_says_when_there_is_none(office):
    reviewing.at_the_county(office)
    assert "没有关联的办件" in Reviewer(office, "liu.min").go(f"{the_case(office)}?tab=linked").answer.text
