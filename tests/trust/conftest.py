"""The process in which the quick seeds are tried; one a worker."""

from collections.abc import Iterator

import pytest

from tests.trust.apart import Apart


@pytest.fixture(scope="session")
def apart() -> Iterator[Apart]:
    made = Apart()
    yield made
    made.close()
