"""Processes to read: which there are, each step with its limit and clause, the decision tables row by row."""

import pytest

from engine import definitions
from ground.database import reading


@pytest.fixture
def client(signed_in):
    return signed_in("qin.lan")


def row_of(page: str, words: str) -> str:
    """The row of a table in which this stands."""
    return next(row for row in page.split("<tr") if f">{words}" in row).split("</tr>")[0]


def test_the_list_names_each_process_with_its_version_and_clauses(client):
    page = client.get("/processes").text
    row = row_of(page, "基地认定")
    assert "designation-case" in row
    assert "第九条" in row
    assert 'class="count none">0<' in row


def test_a_step_shows_who_does_it_by_when_and_what_both_rest_on(client):
    row = row_of(client.get("/processes/designation-case").text, "市（州）初审")
    for words in ("市（州）经办人", "基地所在市（州）", "15个工作日", "文件未规定，系统默认", "第九条"):
        assert words in row


def test_a_step_says_who_may_not_do_it(client):
    assert "不得与" in row_of(client.get("/processes/designation-case").text, "评审结果复核")


def test_a_reminder_is_a_word_at_its_step_and_no_step_of_its_own(client):
    page = client.get("/processes/designation-case").text
    assert "超期提醒" in row_of(page, "填报信息表")
    assert page.count("超期提醒</") <= page.count("，超期提醒")


def test_a_decision_table_shows_its_rows_each_with_its_clause(client):
    page = client.get("/processes/designation-case").text
    assert "实地考察建议" in page
    row = row_of(page, "&gt; 15")
    assert "第九条" in row
    assert "不限" in row


def test_the_diagram_comes_as_it_was_published(client, pages):
    with reading() as store:
        row = definitions.processes(store)[0]
        folder = definitions.folder(store, row.version_id)
    answer = client.get(f"/processes/{row.key}/versions/{row.number}/diagram.bpmn")
    assert answer.data == folder.parts[folder.facts["diagram"]]
    assert answer.content_type == "application/xml"
    assert (
        f'data-diagram="/processes/{row.key}/versions/{row.number}/diagram.bpmn"'
        in client.get(f"/processes/{row.key}").text
    )


def test_in_english_the_diagram_brings_its_names(client):
    client.set_cookie("jidi-language", "en")
    page = client.get("/processes/designation-case").text
    assert 'data-names="/processes/designation-case/versions/1/words.json"' in page
    words = client.get("/processes/designation-case/versions/1/words.json").get_json()
    assert words["填报信息表"] in page
    assert "15 working days" in page


@pytest.mark.parametrize(
    "path",
    [
        "/processes/nothing",
        "/processes/designation-case/versions/99",
        "/processes/designation-case/versions/99/diagram.bpmn",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_public_reads_no_process(visitor):
    assert visitor.get("/processes").status_code == 401


def test_every_step_that_a_person_does_shows_a_limit_and_a_clause(client, pages):
    with reading() as store:
        row = definitions.processes(store)[0]
        folder = definitions.pinned(store, definitions.current(store, row.key).release_id)
    page = client.get(f"/processes/{row.key}").text
    for element in folder.diagram.elements.values():
        if element.kind == "user":
            shown = row_of(page, element.name)
            assert "个工作日" in shown or "每年" in shown  # a number of days, or a day of the year
            assert "条" in shown or "附件" in shown
