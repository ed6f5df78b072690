"""A table changed row by row in its file; whatever else stands in it stays as it was."""

import pytest

from engine import decisions
from engine.decisions import editing
from tests.workflows.folders import ROOT, parts

BODY = parts(ROOT / "designation-case")["site-visit.dmn"]
MODEL_13 = b"https://www.omg.org/spec/DMN/20191111/MODEL/"
MODELS = {
    "1.2": b"http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.4": b"https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": b"https://www.omg.org/spec/DMN/20230324/MODEL/",
    "1.6": b"https://www.omg.org/spec/DMN/20240513/MODEL/",
}


def cells(body):
    return [[cell.text for cell in rule.cells] for rule in decisions.load(body).rules]


def ids(body):
    return [rule.id for rule in decisions.load(body).rules]


def test_a_cell_its_clause_and_its_note_are_written_and_nothing_else():
    changed = editing.written(
        BODY, {"rule_spread/1": "> 20", "rule_spread/clause": "10", "rule_spread/note": "分差过大"}
    )
    rule = decisions.load(changed).rules[1]
    assert (rule.cells[1].text, rule.clause, rule.note) == ("> 20", "10", "分差过大")
    back = {"rule_spread/1": "> 15", "rule_spread/clause": "9", "rule_spread/note": decisions.load(BODY).rules[1].note}
    assert cells(editing.written(changed, back)) == cells(BODY)


def test_a_row_that_is_added_matches_everything_and_has_ids_of_its_own():
    made = editing.added(BODY)
    assert cells(made) == [*cells(BODY), ["-", "-", "-", "-"]]
    assert len(set(ids(made))) == len(ids(BODY)) + 1


def test_a_row_moves_by_one_and_no_further_than_the_end():
    first, second, *rest = ids(BODY)
    assert ids(editing.moved(BODY, first, editing.DOWN)) == [second, first, *rest]
    assert ids(editing.moved(BODY, first, editing.UP)) == ids(BODY)


def test_a_row_is_taken_out_and_the_last_one_stays():
    body = BODY
    for rule in ids(BODY):
        body = editing.removed(body, rule)
    assert len(ids(body)) == 1


@pytest.mark.parametrize("version", MODELS)
def test_a_table_of_another_version_opens_in_the_editor_and_decides_the_same(version):
    other = BODY.replace(MODEL_13, MODELS[version])
    assert editing.version(other) == version
    assert editing.for_editor(other) == BODY
    values = {"first_application": False, "spread": 16, "warnings": 0, "average": 90}
    assert decisions.load(other).decide(values).result == decisions.load(BODY).decide(values).result


def test_a_table_opens_in_the_editor_with_its_faults_and_what_it_says_of_versions_stays():
    said = BODY.replace("上下3分".encode(), MODELS["1.5"]).replace(b"[67..73]", b"[67..")
    opened = editing.for_editor(said.replace(MODEL_13, MODELS["1.4"]))
    assert opened == said
    assert MODELS["1.5"] in opened


def test_a_file_with_more_than_a_table_is_not_put_into_another_version():
    more = BODY.replace(MODEL_13, MODELS["1.5"]).replace(b"<decision ", b'<itemDefinition name="x"/><decision ', 1)
    assert editing.for_editor(more) == more
    assert editing.for_editor(b"<oops") == b"<oops"
    assert (editing.version(BODY), editing.version(b"<oops")) == ("1.3", "")
