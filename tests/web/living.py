"""`python -m tests.web.living 2021-03-29 2021-05-07 3`: a province lives these days in a process of its own.

Where and on which database, JIDI_DATA and JIDI_URL say. Prints the table of what stands then, and its digest.
"""

import sys
from datetime import date

from ground import settings
from web import house, simulation


def main(first: str, last: str, seed: str) -> None:
    """Lay the house, let it live, print."""
    span = simulation.Span(date.fromisoformat(first), date.fromisoformat(last), int(seed))
    assert not house.is_laid(house.connect(settings.read()))
    house.lay_for_years(span.first, span.seed)
    found = simulation.live(span)
    assert not found.wrong, found.wrong
    sys.stdout.write("\n".join([*found.table, str(found.moves), str(dict(found.refused)), found.digest]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
