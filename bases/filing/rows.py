"""The checks on the sub-table of enterprises: V14-V18, V26, V27; V21 (as many names as counted) is every form's own."""

from collections.abc import Iterator
from decimal import Decimal

from bases.filing.figures import LAST, NO_BASE, Figures, exact, in_yi
from engine.forms import Problem

TABLE = "leading_enterprises"
WAN_IN_YI = 10_000
IN_YI = ("gross_output", "sales_revenue", "sales", "feature_sales")
LEAST_SHARE = 10_000  # one in so many: 文件未规定，系统默认
TOTALS = (
    ("V14", "gross_output", "gross_output", 1),
    ("V15", "feature_sales", "feature_sales", 1),
    ("V16", "rd_spend", "rd_spend", WAN_IN_YI),  # the column is in 万元, the item in 亿元
)


def totals(figures: Figures) -> Iterator[Problem]:
    """V14-V16: what the enterprises listed have together is no more than what the whole base has."""
    for code, column, field, unit in TOTALS:
        limit = figures.value(field, LAST)
        values = [exact(row.get(column)) for row in figures.rows(TABLE)]
        total = sum((value for value in values if value is not None), Decimal(0))
        if limit is not None and total > limit * unit:
            facts = {"column": column, "field": field, "total": f"{total / unit:f}", "limit": f"{limit:f}"}
            yield Problem(TABLE, code, {**facts, "year": figures.calendar_year(LAST)}, "error")


def enterprise_sales(figures: Figures) -> Iterator[Problem]:
    """V17: an enterprise sells no more of the featured product than it sells at all."""
    for place, row in enumerate(figures.rows(TABLE)):
        part, whole = exact(row.get("feature_sales")), exact(row.get("sales"))
        if part is not None and whole is not None and part > whole:
            facts = {"row": place + 1, "value": f"{part:f}", "limit": f"{whole:f}"}
            yield Problem(f"{TABLE}.{place}.feature_sales", "V17", facts, "error")


def nothing_negative_in_rows(figures: Figures) -> Iterator[Problem]:
    """V08, in the sub-table."""
    for place, row in enumerate(figures.rows(TABLE)):
        for column in ("gross_output", "sales_revenue", "sales", "feature_sales", "rd_spend"):
            value = exact(row.get(column))
            if value is not None and value < 0:
                facts = {"row": place + 1, "field": column, "value": f"{value:f}"}
                yield Problem(f"{TABLE}.{place}.{column}", "V08", facts, "error")


def number_of_enterprises(figures: Figures) -> Iterator[Problem]:
    """V18: no more enterprises are listed than item 4 counts."""
    counted, listed = figures.value("feature_enterprise_count", LAST), len(figures.rows(TABLE))
    if counted is not None and listed > counted:
        facts = {"listed": listed, "counted": f"{counted:f}", "year": figures.calendar_year(LAST)}
        yield Problem(TABLE, "V18", facts, "error")


def research_in_the_wrong_unit(figures: Figures) -> Iterator[Problem]:
    """V27: research below a hundredth of a percent of an enterprise's sales was typed in 亿元 instead of 万元."""
    for place, row in enumerate(figures.rows(TABLE)):
        spend, sales = exact(row.get("rd_spend")), exact(row.get("sales"))
        if spend and sales and 0 < spend * LEAST_SHARE < sales * WAN_IN_YI:
            facts = {"row": place + 1, "value": f"{spend:f}", "suggestion": f"{spend * WAN_IN_YI:f}"}
            yield Problem(f"{TABLE}.{place}.rd_spend", "V27", facts, "warn")


def row_typed_in_yuan(figures: Figures) -> Iterator[Problem]:
    """V26, in the sub-table: an amount in 亿元 that no enterprise can have was typed in 元."""
    for place, row in enumerate(figures.rows(TABLE)):
        for column in IN_YI:
            value = exact(row.get(column))
            if value is not None and value > NO_BASE:
                facts = {"row": place + 1, "field": column, "value": f"{value:f}", "suggestion": f"{in_yi(value):f}"}
                yield Problem(f"{TABLE}.{place}.{column}", "V26", facts, "warn")


RULES = (
    totals,
    enterprise_sales,
    nothing_negative_in_rows,
    number_of_enterprises,
    research_in_the_wrong_unit,
    row_typed_in_yuan,
)
