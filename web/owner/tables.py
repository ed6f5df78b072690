"""Decision tables to read: inputs, outputs, and for each row what it rests on."""

from engine.decisions import Table

from engine.definitions import Folder


def tables(folder: Folder) -> list[tuple[str, Table]]:
    """Every table of a folder, by key."""
    return sorted(folder.tables.items())
