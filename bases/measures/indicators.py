"""The 26 items of the annex as data: code, field, unit, places; and the one way from what is typed to an amount."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from bases.measures import tables

DECIMAL, INTEGER, LIST, ROWS, FLAG = "decimal", "integer", "list", "rows", "flag"


@dataclass(frozen=True)
class Indicator:
    """One item or one of its parts, e.g. I12b 研发强度, kept to two places."""

    code: str
    item: int
    parent: str
    field: str
    kind: str
    unit: str
    places: int
    zh: str
    en: str

    @property
    def is_amount(self) -> bool:
        """Whether its value is a number."""
        return self.kind in {DECIMAL, INTEGER}

    def amount(self, value: str | int | Decimal) -> int:
        """A typed value in the smallest unit: "1.5" 亿元 is 15000 万元. More digits than places are refused."""
        scaled = Decimal(value).scaleb(self.places)
        whole = int(scaled)
        if whole != scaled:
            message = f"{self.code} has {self.places} places, not as many as {value}"
            raise ValueError(message)
        return whole

    def typed(self, amount: int) -> str | int:
        """The amount as the form holds it: a canonical decimal, or a whole number."""
        if self.kind == INTEGER:
            return amount
        return f"{Decimal(amount).scaleb(-self.places):f}"


@cache
def by_code() -> dict[str, Indicator]:
    """Every item, in the order of the form."""
    return {each.code: each for each in _read()}


@cache
def by_field() -> dict[str, Indicator]:
    """Every item by the name of its field."""
    return {each.field: each for each in _read()}


def _read() -> list[Indicator]:
    return [
        Indicator(
            code=row["code"],
            item=int(row["item"]),
            parent=row["parent"],
            field=row["field"],
            kind=row["kind"],
            unit=row["unit"],
            places=int(row["places"]),
            zh=row["zh"],
            en=row["en"],
        )
        for row in tables.read(__file__, "indicators.csv")
    ]
