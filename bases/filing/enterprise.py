"""The enterprises a base has named in item 5, year by year, in versions of the whole sub-table."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.filing.figures import exact
from bases.filing.values import Filing
from ground.database import Row, Session
from ground.types import Amount, Code, Id, Text, Whole

YI_PLACES, WAN_PLACES = 4, 2
PLACES: Mapping[str, int] = {
    "gross_output": YI_PLACES,
    "sales_revenue": YI_PLACES,
    "sales": YI_PLACES,
    "feature_sales": YI_PLACES,
    "rd_spend": WAN_PLACES,  # this one column is in 万元
}
WORDS = ("name", "nature", "main_business")


class EnterpriseRow(Row):
    """One line of the sub-table: amounts in 万元, R&D in hundredths of 万元."""

    __tablename__ = "enterprise_row"
    __table_args__ = (UniqueConstraint("base_id", "year", "version", "position"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    year: Mapped[int] = mapped_column(Whole)
    version: Mapped[int] = mapped_column(Whole)
    position: Mapped[int] = mapped_column(Whole)
    name: Mapped[str] = mapped_column(Text(200))
    nature: Mapped[str] = mapped_column(Code())
    main_business: Mapped[str] = mapped_column(Text(500))
    gross_output: Mapped[int | None] = mapped_column(Amount)
    sales_revenue: Mapped[int | None] = mapped_column(Amount)
    sales: Mapped[int | None] = mapped_column(Amount)
    feature_sales: Mapped[int | None] = mapped_column(Amount)
    rd_spend: Mapped[int | None] = mapped_column(Amount)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))


def file(session: Session, base_id: int, year: int, rows: Sequence[Mapping[str, Any]], filing: Filing) -> None:
    """Keep the sub-table as its next version, unless nothing in it has changed."""
    if not rows or list(rows) == named(session, base_id, year):
        return
    version = _newest(session, base_id, year) + 1
    session.execute(
        insert(EnterpriseRow),
        [
            {
                "base_id": base_id,
                "year": year,
                "version": version,
                "position": position,
                "case_id": filing.case_id,
                **{word: row.get(word) or "" for word in WORDS},
                **{column: _amount(row.get(column), places) for column, places in PLACES.items()},
            }
            for position, row in enumerate(rows, start=1)
        ],
    )


def named(session: Session, base_id: int, year: int) -> list[dict[str, Any]]:
    """The newest sub-table of a year, as the form holds it."""
    rows = session.execute(
        select(*(getattr(EnterpriseRow, column) for column in (*WORDS, *PLACES)))
        .where(
            EnterpriseRow.base_id == base_id,
            EnterpriseRow.year == year,
            EnterpriseRow.version == _newest(session, base_id, year),
        )
        .order_by(EnterpriseRow.position)
    )
    return [
        {
            **{word: getattr(row, word) for word in WORDS},
            **{column: _typed(getattr(row, column), places) for column, places in PLACES.items()},
        }
        for row in rows
    ]


def _newest(session: Session, base_id: int, year: int) -> int:
    wanted = select(func.max(EnterpriseRow.version)).where(EnterpriseRow.base_id == base_id, EnterpriseRow.year == year)
    return int(session.scalar(wanted) or 0)


def _amount(value: Any, places: int) -> int | None:
    number = exact(value)
    return None if number is None else int(number.scaleb(places))


def _typed(amount: int | None, places: int) -> str | None:
    return None if amount is None else f"{Decimal(amount).scaleb(-places):f}"
