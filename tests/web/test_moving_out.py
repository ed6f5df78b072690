"""Moving an embedded house to PostgreSQL."""

import hashlib
from contextlib import closing

import pytest
from sqlalchemy import inspect, select, update

from engine import history
from engine.cases import Case
from ground import clock, database, files, jobs, occupancy, settings, transfer
from ground.database import Database, Row, reading, transaction
from ground.files import File
from ground.jobs.embedded import Job
from tests import databases
from tests.conftest import lay_house
from tests.engine import desk, flows
from web import commands, house


@pytest.fixture
def old(tmp_path, monkeypatch):
    """A house on SQLite with cases in it, a file, and jobs in every state."""
    data = tmp_path / "data"
    data.mkdir()
    databases.sqlite_database(data, lay_house).close()
    for name, value in {"MODE": "production", "DATA": str(data), "SECRET": "s" * 40}.items():
        monkeypatch.setenv(f"JIDI_{name}", value)
    monkeypatch.chdir(tmp_path)
    before = database._current[:]
    store = house.connect(settings.read())
    with closing(store):
        _live()
        yield store
    database._current[:] = before


@pytest.fixture
def empty():
    with databases.empty_postgresql("moved") as url:
        yield url


def _live():
    officer = desk.person("officer", "prov_officer")
    desk.publish(flows.in_a_row("row", 3))
    for number in range(3):
        desk.do(desk.start("row", officer, key=f"k{number}"), "task_1", officer)
    with transaction() as session:
        for kind, state in (("letter.post", "waiting"), ("gone.kind", "failed"), ("letter.post", "done")):
            jobs.enqueue(session, kind, {"letter": state}, dedupe=f"d:{state}")
            session.execute(update(Job).where(Job.dedupe == f"d:{state}").values(state=state, error=None))


def sums(store):
    with store.writer.connect() as connection:
        return [
            transfer.summed(connection, each)
            for each in Row.metadata.sorted_tables
            if each.name not in {"job", "job_key", "job_fault"} and not each.name.startswith("test_")
        ]


def test_everything_arrives_as_it_was_goes_on_there_and_the_old_house_stays(old, empty, capsys):
    before = sums(old)
    with reading() as session:
        ref, last = session.execute(select(Case.ref, Case.id).order_by(Case.id.desc())).first()
    assert commands.main(["move-to", empty]) == 0
    said = capsys.readouterr().out
    assert "cases" in said
    assert sums(old) == before
    with closing(Database(empty)) as new, databases.using(new):
        assert sums(new) == before
        assert {each.table for each in before if each.rows} >= {"cases", "history", "person", "wait", "part"}
        with reading() as session:
            for case in session.execute(select(Case)).all():
                assert history.verify(session, case.id, history.Head(case.seq, case.head)) is None
            assert [(row.kind, row.payload) for row in jobs.failed(session)] == [("gone.kind", {"letter": "failed"})]
            assert jobs.next_due(session) is not None
        with transaction() as session:
            assert not jobs.enqueue(session, "letter.post", {}, dedupe="d:done")
        second = desk.person("second", "prov_officer")
        assert desk.do(ref, "task_2", second).ref == ref
        assert desk.row(desk.start("row", second, key="fresh")).id > last


def test_a_database_that_is_not_empty_is_left_as_it_is(old, empty, capsys):
    with closing(Database(empty)) as new, new.writer.connect() as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE theirs (id int)")
    assert commands.main(["move-to", empty]) == 2
    assert "transfer.not_empty" in capsys.readouterr().err
    assert tables(empty) == ["theirs"]


def test_what_arrives_otherwise_is_taken_back_whole(old, empty, monkeypatch, capsys):
    true = transfer.summed

    def fake(connection, of):
        found = true(connection, of)
        return found if of.name != "wait" else transfer.Sum(found.table, found.rows, "0" * 64)

    monkeypatch.setattr(transfer, "summed", fake)
    assert commands.main(["move-to", empty]) == 2
    assert "transfer.differs" in capsys.readouterr().err
    assert tables(empty) == []


def test_a_house_that_is_being_served_is_not_moved(old, empty, tmp_path, capsys):
    occupancy.occupy(tmp_path / "data")
    try:
        assert commands.main(["move-to", empty]) == 2
        assert "house.served" in capsys.readouterr().err
        assert tables(empty) == []
    finally:
        occupancy.leave()
    with occupancy.alone_in(tmp_path / "data"), pytest.raises(occupancy.Served):
        occupancy.occupy(tmp_path / "data")


def test_a_house_whose_history_was_altered_is_not_moved(old, empty, capsys):
    with old.writer.connect() as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER history_no_update")
        connection.exec_driver_sql("UPDATE history SET kind = 'other' WHERE seq = 2 AND case_id = 1")
    assert commands.main(["move-to", empty]) == 2
    assert "transfer.unsound" in capsys.readouterr().err
    assert tables(empty) == []


@pytest.mark.parametrize("to", ["sqlite:///elsewhere.db", "postgresql://nobody@127.0.0.1:1/nothing"])
def test_where_nothing_can_be_moved_to_is_said(old, to, capsys):
    assert commands.main(["move-to", to]) == 2
    assert "transfer." in capsys.readouterr().err


def test_files_are_compared_with_their_digests_and_carried_along_if_wanted(old, empty, tmp_path, capsys):
    digest = keep(b"minutes of a meeting")
    assert commands.main(["move-to", empty, "--data", str(tmp_path / "new")]) == 0
    place = tmp_path / "new" / "files" / digest[:2] / digest[2:4] / digest
    assert place.read_bytes() == b"minutes of a meeting"


def test_a_house_with_an_altered_file_is_not_moved(old, empty, tmp_path, capsys):
    digest = keep(b"minutes of a meeting")
    files.path_of(digest).write_bytes(b"minutes of another meeting")
    assert commands.main(["move-to", empty]) == 2
    assert digest in capsys.readouterr().err
    assert tables(empty) == []


def keep(content):
    """A file's row and bytes."""
    digest = hashlib.sha256(content).hexdigest()
    place = files.path_of(digest)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    values = {"ref": "f" * 12, "sha256": digest, "size": len(content), "media_type": "text/plain", "name": "纪要.txt"}
    with transaction() as session:
        session.put_once(File, values | {"at": clock.now()})
    return digest


def tables(url):
    with closing(Database(url)) as store, store.writer.connect() as connection:
        return inspect(connection).get_table_names()
