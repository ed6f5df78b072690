"""Articles 3 and 12 where no other test performs the sentence: what was altered is told, and the sheet is whole."""

from argparse import Namespace
from pathlib import Path

import pytest
from sqlalchemy import text

from bases import register
from bases.review import criteria
from engine import cases, forms
from ground import people
from ground.database import reading
from tests import databases
from tests.bases import moves
from web.commands import upkeep

SHEET = Path(__file__).parents[2] / "workflows/expert-review/forms/assessment-sheet.json"


@databases.on("sqlite")
def test_r_3_1_one_line_of_the_history_is_changed_in_the_database_and_verify_names_it(database, monkeypatch, capsys):
    monkeypatch.setattr(upkeep.house, "connect", lambda _settings: None)
    monkeypatch.setattr(upkeep.settings, "read", lambda: None)
    with reading() as session:
        base = moves.base(session, "B042")
    facts = {"subject": register.subject(base.id), "region": base.county, "organ": base.organ_id, "title": base.name}
    case = cases.start("expert_review", by=people.SYSTEM, key="review", **facts, data={})
    assert upkeep.verify(Namespace()) == 0

    with database.writer.connect() as connection, connection.begin():
        connection.execute(text("DROP TRIGGER history_no_update"))
        connection.execute(text("UPDATE history SET kind = 'other' WHERE seq = 2"))

    assert upkeep.verify(Namespace()) == 1
    assert "第 2 行" in capsys.readouterr().err
    assert case.ref


@pytest.mark.parametrize(("clause", "code"), [("12(5)", "a5"), ("12(6)", "a6")])
def test_products_and_the_model_of_a_base_have_their_criterion_on_the_sheet_of_an_assessment(clause, code):
    """R-12.5, R-12.6: points that must be given, within the full mark, under their own clause."""
    sheet = forms.load(SHEET.read_bytes())
    criterion = next(each for each in criteria.of(criteria.ARTICLE_12) if each.clause == clause)

    missing = forms.read(sheet, {"pledge": ["agreed"], "opinion": "同意"}).errors

    assert code in [problem.path for problem in missing]
    assert criterion.halves(str(criterion.full)) == 2 * criterion.full
    with pytest.raises(criteria.NotAHalfPoint):
        criterion.halves(str(criterion.full + 1))
