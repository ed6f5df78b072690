"""How often one network sends the public form, counted on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ground import clock
from web.public import sendings


def test_beyond_the_free_number_of_an_hour_a_network_waits_and_no_other(session):
    now = clock.now()
    for _ in range(sendings.FREE):
        sendings.count(session, "192.0.2.1", now)
    with pytest.raises(sendings.TooMany) as refused:
        sendings.count(session, "192.0.2.1", now + timedelta(minutes=20))
    sendings.count(session, "192.0.2.2", now)

    assert refused.value.detail == {"minutes": 40}
    sendings.count(session, "192.0.2.1", now + sendings.WITHIN)
    assert session.scalar(select(func.count()).select_from(sendings.PublicSending)) == 1
