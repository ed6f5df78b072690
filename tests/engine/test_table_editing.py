"""A table changed row by row in its file; whatever else stands in it stays as it was."""

from engine import decisions
from engine.decisions import editing
from tests.workflows.folders import ROOT, parts

BODY = parts(ROOT / "designation-case")["site-visit.dmn"]


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
