"""The demo's first weeks are played through the doors of its people, once, also when the first start was cut off."""

import pytest
from sqlalchemy import func, select

from bases.demo import lay_papers, stand_in
from bases.verdicts import notice
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files
from ground.database import reading, transaction
from tasks import demo_clock, queue
from tests.bases import moves
from tests.conftest import MORNING
from web import staging
from web.staging import script, stage


@pytest.fixture
def demo(database, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        lay_papers(session, clock.now())
        stand_in(session)
    demo_clock.start()
    clock.use(lambda: MORNING)
    return database


def begun() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Case))


def test_the_play_begins_its_cases_once_and_leaves_the_clock_where_it_was(demo):
    acts = len(script.script()["acts"])
    assert staging.play(clock.today()) == acts
    cases = begun()
    assert cases >= 3
    assert (clock.now(), demo_clock.played()) == (MORNING, acts)
    assert (staging.play(clock.today()), begun()) == (0, cases)


def test_a_play_that_was_cut_off_goes_on_with_the_act_that_was_not_played(demo, monkeypatch):
    doing, played = stage._DOORS["do"], []

    def until_the_third(act, by):
        if len(played) == 2:
            raise KeyboardInterrupt
        played.append(act.number)
        doing(act, by)

    monkeypatch.setitem(stage._DOORS, "do", until_the_third)
    with pytest.raises(KeyboardInterrupt):
        staging.play(clock.today())
    assert clock.now() == MORNING
    monkeypatch.setitem(stage._DOORS, "do", doing)
    left = len(script.script()["acts"]) - demo_clock.played()
    assert staging.play(clock.today()) == left > 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_the_play_there_is_work_in_the_boxes_of_those_whom_the_cards_show(demo):
    staging.play(clock.today())
    working = ("chen.jing", "ma.jun", "sun.lei", "jiang.tao")
    with reading() as session:
        waiting = {login: queue.counts(session, moves.actor(session, login, clock.now())) for login in working}
        asked = session.scalar(select(func.count()).select_from(Wait).where(Wait.element == "expert_review:invite"))
        (running,) = notice.running(session, clock.today())
    assert all(found.free + found.mine for found in waiting.values()), waiting
    assert asked >= 2
    assert running.closes_on > clock.today()


def test_a_demo_begun_empty_stays_so(demo):
    staging.skip(clock.today())
    assert (staging.play(clock.today()), begun()) == (0, 0)
