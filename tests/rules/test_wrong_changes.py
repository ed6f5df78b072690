"""The wrong changes that the database refuses as well, whatever a service might have let through."""

from datetime import date

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from bases.register import title
from bases.register.title import Title
from bases.verdicts.rectification import Rectification
from ground import clock, files
from ground.database import transaction
from tests.bases import moves, standings


def test_r_2_1_the_database_holds_no_provincial_name_that_no_case_has_given(session):
    base = moves.base(session, "B042")
    given = {"base_id": base.id, "kind": title.PROVINCIAL, "year": 2026, "granted_on": date(2026, 11, 23)}

    with pytest.raises(IntegrityError), session.connection.begin_nested():
        session.execute(insert(Title).values(**given, valid_from=date(2026, 11, 23)))


def test_r_13_3_the_database_holds_no_second_rectification_on_one_decision(database, tmp_path):
    files.keep_in(tmp_path / "files")
    standings.rectifying()
    with transaction() as session:
        first = session.execute(select(Rectification.__table__)).one()
        other = moves.open_case(session, standings.KEY, clock.now()).id
    again = {**first._mapping, "case_id": other}

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(insert(Rectification).values(**again))


def test_g_1_a_base_with_only_the_national_title_is_not_among_the_forty(session):
    named = title.holding(session, date(2026, 11, 23))
    national_only = [row for row, kinds in named if kinds == frozenset({title.NATIONAL})]
    counted = [row for row, kinds in named if title.PROVINCIAL in kinds]

    assert national_only
    assert not {row.id for row in national_only} & {row.id for row in counted}
    assert len(counted) == session.scalar(
        text("SELECT count(DISTINCT base_id) FROM title WHERE kind = 'provincial' AND valid_to IS NULL")
    )
