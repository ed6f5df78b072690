"""The way of a bench, walked with a few: a batch from the end of its period to its notice."""

from bases import demo
from ground import clock, files
from ground.database import transaction
from tests.bench import batch


def test_a_batch_goes_from_the_end_of_its_period_to_its_notice(database, stopped_clock, tmp_path):
    """R-4.2: what `make bench` measures with two hundred works."""
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    assert len(batch.through(6, stopped_clock)) == len(batch.STEPS)
