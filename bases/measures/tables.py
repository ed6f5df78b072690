"""Tables of data that lie beside the code as CSV files, read once by whoever owns them."""

import csv
from pathlib import Path


def read(beside: str, name: str) -> list[dict[str, str]]:
    """The rows of a table beside a module: `read(__file__, "codes.csv")`."""
    with Path(beside).with_name(name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
