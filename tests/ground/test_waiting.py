"""Nobody waits for another node for ever."""

import pytest
from sqlalchemy import select, text

from ground import leases
from ground.database import transaction
from ground.errors import Busy
from ground.leases import Lease
from tests import databases

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def nodes(database):
    return database


@databases.on("postgresql")  # one process has a turnstile instead of locks
def test_a_row_that_another_node_keeps_is_refused_as_busy(nodes):
    leases.take("tidy", leases.clock.now())
    row = select(Lease).where(Lease.name == "tidy").with_for_update()

    def wait():
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            session.execute(row)

    with nodes.writer.connect() as other, other.begin():
        other.execute(row)
        with pytest.raises(Busy):
            wait()
    wait()


@databases.on("postgresql")  # one process has a turnstile instead of locks
def test_every_writing_connection_has_its_limits(nodes):
    with transaction() as session:
        limits = [
            session.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "idle_in_transaction_session_timeout")
        ]
    assert limits == ["5s", "1min"]
