"""A province that lives by itself: it uses the ways in that pages use, and its answers are valid."""

import argparse
import ast
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import web.simulation
from bases import demo
from bases.filing import yearly
from ground import clock, files, people, settings
from ground.database import reading, transaction
from tasks import queue
from tests import databases
from web import commands, house, simulation
from web.commands import simulating
from web.simulation import Outcome, choosing, mark

FOLDER = Path(web.simulation.__file__).parent
SPAN = ("2021-03-29", "2021-05-07", "3")  # a batch and a campaign begin, panels are drawn


def test_the_province_touches_no_table():
    for path in FOLDER.glob("*.py"):
        text = path.read_text("utf-8")
        names = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
        assert "sqlalchemy" not in text, path
        assert names.isdisjoint({"execute", "scalar", "scalars", "put_once"}), path


def test_the_province_imports_only_what_the_rest_of_web_imports():
    here, others = set(), set()
    for path in FOLDER.parent.rglob("*.py"):
        (here if path.is_relative_to(FOLDER) else others).update(_imported(path))
    assert {name for name in here - others if not name.startswith("web.simulation")} <= {"ground.almanac"}


def test_a_week_of_reports_moves_along(database, tmp_path):
    """The reports of a year begin by themselves and are filled in by whoever finds them in the own queue."""
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.stand_in(session)
    before = clock.now()
    found = simulation.live(simulation.Span(date(2027, 1, 11), date(2027, 1, 13), 7))
    assert found.moves > 0
    assert found.digest
    assert clock.now() >= before
    with reading() as session:
        assert yearly.owing(session, date(2027, 1, 13)).bases


@databases.on("sqlite")
def test_whoever_falls_ill_over_their_work_gives_it_back(database, tmp_path, monkeypatch):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.stand_in(session)
    monkeypatch.setattr(simulation.person, "ILL", 1.0)
    found = simulation.live(simulation.Span(date(2027, 1, 11), date(2027, 1, 12), 7))
    assert found.moves == 0
    assert found.absences > 0
    assert found.given_back > 0
    with reading() as session:
        held = [card.name for card in demo.cards(session) if queue.counts(session, _actor(session, card)).mine]
    assert held == [], "nobody who is away holds a task"


@databases.on("sqlite")
def test_towards_the_end_of_years_some_keep_what_they_have_taken(database, tmp_path, monkeypatch):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.stand_in(session)
    monkeypatch.setattr(simulation.person, "OVERLOOKS", 0.0)
    monkeypatch.setattr(simulation.person, "KEEPS", 1.0)
    monkeypatch.setattr(simulation.Span, "slackens", property(lambda span: span.first))
    for share in ("MEETS_AT_LAST", "CHANGES"):
        monkeypatch.setattr(choosing, share, 0.0)
    found = simulation.live(simulation.Span(date(2027, 1, 11), date(2027, 1, 12), 7))
    assert found.moves == 0
    with reading() as session:
        held = [card.name for card in demo.cards(session) if queue.counts(session, _actor(session, card)).mine]
    assert held


def test_a_few_weeks_have_no_end_of_years():
    assert simulation.Span(date(2021, 1, 1), date(2022, 12, 31), 1).slackens == date(2022, 12, 7)
    assert simulation.Span(date(2021, 3, 29), date(2021, 5, 7), 1).slackens is None


def test_the_amounts_of_a_base_grow_alike_and_otherwise_each_year(stopped_clock):
    stopped_clock[0] = datetime(2024, 2, 1, tzinfo=UTC)
    once = [choosing.growth(name, 1) for name in ("成都市蒲江县", "宜宾市筠连县")]
    assert once == [choosing.growth(name, 1) for name in ("成都市蒲江县", "宜宾市筠连县")]
    assert len(set(once)) == 2
    stopped_clock[0] = datetime(2025, 2, 1, tzinfo=UTC)
    assert choosing.growth("成都市蒲江县", 1) != once[0]


def test_the_same_seed_gives_the_same_in_another_process_and_on_another_database(tmp_path):
    with databases.empty_postgresql("lived") as url:
        lives = [_begun(tmp_path / "a", "1"), _begun(tmp_path / "b", "2"), _begun(tmp_path / "c", "3", url)]
        first, second, third = (_told(each) for each in lives)
    assert any("assessment-case\t" in line and "passed" in line for line in first), "experts were drawn and scored"
    assert second == first, "the same with another order of sets"
    assert third == first, "the same on PostgreSQL"


def test_years_that_were_cut_off_are_not_served(years, capsys):
    mark.begin(years)
    with pytest.raises(mark.CutOff):
        house.lay(settings.read())
    with pytest.raises(mark.CutOff):
        house.ready(settings.read())
    assert commands.main(["simulate"]) == 1
    assert "holds a house already" in capsys.readouterr().out
    assert mark.cut_off(years)


def test_years_are_served_once_they_were_lived_to_their_end(years, monkeypatch, capsys):
    """Cut off in the middle they begin anew; once finished they are served as they are."""
    lived, served = [], []
    monkeypatch.setattr(simulating.serving, "has_bundles", lambda: True)
    monkeypatch.setattr(
        simulating.demo, "opened", lambda chosen, **how: served.append((chosen.data, how["empty"])) or 0
    )
    monkeypatch.setattr(house, "lay_for_years", lambda *_: None)

    def live(span, told):
        told(span.first)
        lived.append(span)
        assert mark.cut_off(years)
        if len(lived) == 1:
            raise KeyboardInterrupt
        return Outcome()

    monkeypatch.setattr(simulation, "live", live)
    with pytest.raises(KeyboardInterrupt):
        simulating.serve_years(argparse.Namespace(seed=1))
    assert mark.cut_off(years)
    assert not served
    (years / "leftover").write_text("of the years that were cut off")
    assert simulating.serve_years(argparse.Namespace(seed=1)) == 0
    assert simulating.serve_years(argparse.Namespace(seed=1)) == 0
    assert "beginning anew" in capsys.readouterr().out
    assert len(lived) == 2
    assert lived[0].first == date(clock.today().year - 4, 1, 1)
    assert served == [(years, True)] * 2
    assert not (years / "leftover").exists()


def test_a_figure_that_does_not_agree_is_told_and_so_is_what_five_years_lack(capsys):
    whole = Outcome(bases=46, cities=21, late=1, absences=1, given_back=1)
    whole.ended.update([*simulation.outcome.EXPECTED, ("objection", "rejected")])
    assert simulating.report(whole, years=5) == 0
    assert simulating.report(Outcome(), years=4) == 0
    assert simulating.report(Outcome(), years=5) == 1
    whole.wrong.append("17 provincial names on the tile, and 18 by what was decided")
    assert simulating.report(whole, years=5) == 1
    told = capsys.readouterr().out
    assert "! never: revocation: revoked" in told
    assert "! 17 provincial names" in told


@pytest.fixture
def years(tmp_path, monkeypatch):
    """A folder for years of a province, empty as yet."""
    folder = tmp_path / "years"
    folder.mkdir()
    monkeypatch.setenv("JIDI_MODE", "demo")
    monkeypatch.setenv("JIDI_DATA", str(folder))
    before = databases.database._current[:]
    yield folder
    databases.database._current[:] = before


def _actor(session, card):
    return people.actor(session, card.person, date(2027, 1, 12))


def _begun(folder, hashing, url=""):
    """The life of a province in a process of its own."""
    own = {
        "JIDI_MODE": "demo",
        "JIDI_DATA": str(folder),
        "PYTHONHASHSEED": hashing,
        **({"JIDI_URL": url} if url else {}),
    }
    command = [sys.executable, "-m", "tests.web.living", *SPAN]
    return subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _told(life):
    out, err = life.communicate(timeout=600)
    assert life.returncode == 0, err
    return out.splitlines()


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            top = node.module.split(".")[0]
            if top in {"ground", "engine", "tasks", "bases", "sqlalchemy"}:
                found.update(f"{node.module}.{each.name}" for each in node.names if not each.name[0].isupper())
        elif isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
    return {name for name in found if name.split(".")[0] in {"ground", "engine", "tasks", "bases", "sqlalchemy"}}
