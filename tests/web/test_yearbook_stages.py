"""Funnel and durations of a batch: from what happened, linked from its board, each number opens its cases."""

import csv
import io

import pytest
from sqlalchemy import select

from bases import demo
from bases.verdicts import batch_entry
from engine.cases import Case
from ground import clock, files
from ground.database import transaction
from tests.bases import moves, test_batch
from tests.web import reviewing
from tests.web.reviewing import Reviewer


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    assert office
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


@pytest.fixture
def underway(office, papers):
    """A batch with one application of 宜宾市 that waits at the department; its address."""
    assert papers is None
    reviewing.at_the_department(office)
    with transaction() as store:
        found = test_batch.announced(store)
        case = store.execute(select(Case).where(Case.ref == reviewing.newest())).one()
        batch_entry.enter(store, found.id, case.id, moves.base(store, "B042"))
    return f"/batches/{found.ref}/durations"


def table(reviewer) -> dict[str, list[str]]:
    """Each stage with its figures."""
    rows = reviewer.all("table.dense tbody tr")
    return {
        row.find("th").text_content(): [" ".join(cell.text_content().split()) for cell in row.findall("td")]
        for row in rows
    }


def test_the_board_leads_to_how_many_entered_and_passed_each_stage(office, underway):
    officer = Reviewer(office, "chen.jing").go(underway.removesuffix("/durations"))
    (link,) = (each for each in officer.all(".page-head a") if "各环节用时" in each.text_content())
    figures = table(officer.go(link.get("href")))
    assert figures["市（州）初审"][:4] == ["1", "1", "0", "0"]
    assert figures["受理和准入核查"][:4] == ["1", "0", "1", "0"]
    assert "尚无办件通过" in figures["受理和准入核查"]
    assert "进入1件，通过1件" in officer.text
    assert len(officer.all("svg rect")) == 2 * len(figures)


def test_each_number_opens_its_cases_and_the_export_says_the_same(office, underway):
    officer = Reviewer(office, "chen.jing").go(underway)
    figures = table(officer)
    for link in [each for each in officer.all("table.dense tbody td a") if "stage=" in each.get("href")]:
        opened = officer.go(link.get("href")).all(".behind tbody tr")
        assert len(opened) == int(link.text_content())
    text = officer.client.get(f"{underway}.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert {row[0]: row[1:5] for row in rows} == {name: cells[:4] for name, cells in figures.items()}
    assert officer.client.get(f"{underway}.xlsx").status_code == 200


def test_a_city_counts_the_cases_that_it_may_see(office, underway):
    assert table(Reviewer(office, "zhou.ping").go(underway))
    assert not table(Reviewer(office, "lin.chao").go(underway))
    assert Reviewer(office, "liu.min").go(underway).answer.status_code == 403


def test_what_came_back_is_counted_where_it_was_sent_back(office):
    reviewing.at_the_city(office)
    city = Reviewer(office, "zhou.ping").claim_next()
    city.press(**reviewing.CITY | {"outcome": "return", "reason": "总产值与统计年报不一致。"})
    with transaction() as store:
        found = test_batch.announced(store)
        case = store.execute(select(Case).where(Case.ref == reviewing.newest())).one()
        batch_entry.enter(store, found.id, case.id, moves.base(store, "B042"))
    figures = table(Reviewer(office, "chen.jing").go(f"/batches/{found.ref}/durations"))
    assert figures["市（州）初审"][3] == "1"
    assert figures["市（州）初审"][-1] == "100.0%"
    assert figures["填报和审核签批"][3] == "0"


def test_in_english_the_stages_are_english(office, underway):
    officer = Reviewer(office, "chen.jing")
    officer.client.set_cookie("jidi-language", "en")
    assert "1 entered, 1 passed" in officer.go(underway).text
