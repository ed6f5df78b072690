"""The tables of the house: only our column types, and no foreign key that goes up or sideways."""

import pytest
from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary

from ground import types
from ground.database import Row
from web import house

FLOORS = {"ground": 0, "engine": 1, "tasks": 2, "bases": 2, "web": 3}
PLAIN = (BigInteger, Integer, Boolean, LargeBinary)
OURS = (types.Text, types.Instant, types.Day, types.Amount, types.Document)

HOME = {mapper.local_table.name: mapper.class_.__module__ for mapper in Row.registry.mappers}
TABLES = [table for table in Row.metadata.sorted_tables if not table.name.startswith("test_")]


def test_the_house_has_tables():
    assert house.STEPS
    assert {"cases", "wait", "history", "person", "base", "letter"} <= {table.name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_column_has_one_of_our_types(table):
    for column in table.columns:
        assert isinstance(column.type, (*OURS, *PLAIN)), f"{table.name}.{column.name} is {column.type!r}"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_foreign_key_goes_down_or_stays_in_its_folder(table):
    here = HOME[table.name]
    for key in table.foreign_keys:
        there = HOME[key.column.table.name]
        floor, below = here.split(".")[0], there.split(".")[0]
        assert floor == below or FLOORS[below] < FLOORS[floor], f"{here} points at {there}"
