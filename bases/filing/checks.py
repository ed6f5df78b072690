"""The cross-checks V01-V27 of the 信息表: an error blocks, a warning is explained, a veto leads to 准入条件核查.

Arithmetic is exact: 0.1 percentage points are a tenth and not the float nearest to it; what can be multiplied is not
divided.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bases.filing import known, planned, rows
from bases.filing.figures import NO_BASE, YEARS, Figures, in_yi
from bases.measures import indicators
from engine.forms import FormContext, Problem, check

PARTS = (
    ("V01", "feature_output", "gross_output"),
    ("V02", "feature_sales", "sales"),
    ("V03", "internationalization_core", "internationalization"),
    ("V04", "rd_spend", "feature_sales"),
    ("V05", "tax", "sales"),
)
MAY_BE_NEGATIVE = frozenset({"intensity_growth", "profit_margin"})
TENTH_OF_A_POINT = Decimal("0.1")
PERCENT = 100
OUTPUT_PER_WORKER = (Decimal("0.0005"), Decimal(1))
SLIP = 2_000
LEAP = (Decimal("0.4"), Decimal("2.5"))
COMPARED = (
    "gross_output",
    "feature_output",
    "sales",
    "feature_sales",
    "internationalization",
    "internationalization_core",
    "total_investment",
    "rd_spend",
    "tax",
)
WAN = 10_000
# 亿元: what a thousand million yuan look like in this unit. 文件未规定，系统默认.
IN_YUAN = 1_000_000


@check("information")
def information(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Everything that the 信息表 can be found wrong in, in the order of the checks."""
    figures = Figures(answers, context.year)
    found = [problem for rule in (*WITHIN_AND_BETWEEN_YEARS, *rows.RULES) for problem in rule(figures)]
    found += known.problems(figures, context)
    found += planned.problems(figures)
    return sorted(found, key=lambda problem: problem.code)


def parts_within_wholes(figures: Figures) -> Iterator[Problem]:
    """V01-V05: a part is no larger than its whole."""
    for code, part, whole in PARTS:
        for year in YEARS:
            value, limit = figures.value(part, year), figures.value(whole, year)
            if value is not None and limit is not None and value > limit:
                yield figures.at(code, part, year, whole=whole, value=value, limit=limit)


def rd_intensity(figures: Figures) -> Iterator[Problem]:
    """V06: the intensity typed is R&D over feature sales, to a tenth of a percentage point."""
    for year in YEARS:
        spend, sales, typed = (figures.value(field, year) for field in ("rd_spend", "feature_sales", "rd_intensity"))
        if spend is None or sales is None or sales <= 0 or typed is None:
            continue
        if abs(spend * PERCENT - typed * sales) > TENTH_OF_A_POINT * sales:
            yield figures.at("V06", "rd_intensity", year, value=typed, expected=_two_places(spend * PERCENT / sales))


def intensity_growth(figures: Figures) -> Iterator[Problem]:
    """V07: the growth typed is that of the investment per mu; the first year may be filled by hand."""
    for year, before, after in figures.steps("investment_intensity"):
        typed = figures.value("intensity_growth", year)
        if typed is None or before <= 0:
            continue
        if abs((after - before) * PERCENT - typed * before) > TENTH_OF_A_POINT * before:
            expected = _two_places((after - before) * PERCENT / before)
            yield figures.at("V07", "intensity_growth", year, value=typed, expected=expected)


def nothing_negative(figures: Figures) -> Iterator[Problem]:
    """V08: only a growth rate and a margin may be below zero."""
    for field, item in indicators.by_field().items():
        if not item.is_amount or field in MAY_BE_NEGATIVE:
            continue
        for year in YEARS:
            value = figures.value(field, year)
            if value is not None and value < 0:
                yield figures.at("V08", field, year, value=value)


def margin(figures: Figures) -> Iterator[Problem]:
    """V09: a margin lies between -100 and 100 percent."""
    for year in YEARS:
        value = figures.value("profit_margin", year)
        if value is not None and abs(value) > PERCENT:
            yield figures.at("V09", "profit_margin", year, value=value)


def output_per_worker(figures: Figures) -> Iterator[Problem]:
    """V10: output per worker between 5 万元 and 1 亿元, else explained."""
    least, most = OUTPUT_PER_WORKER
    for year in YEARS:
        output, workers = figures.value("feature_output", year), figures.value("employees", year)
        if output is not None and workers and not least * workers < output < most * workers:
            yield figures.at("V10", "employees", year, "warn", value=workers, output=output)


def leaps(figures: Figures) -> Iterator[Problem]:
    """V11: two thousandfold from one year to the next is 万元 typed for 亿元. V12: a leap or a fall is explained.

    A value that falls to nothing is a fall, no slip of the unit.
    """
    least, most = LEAP
    for field in COMPARED:
        for year, before, after in figures.steps(field):
            if before <= 0 or after < 0 or before > NO_BASE:
                continue  # V26 has named the earlier one
            if after > before * SLIP or 0 < after * SLIP < before:
                meant = _meant(before, after)
                yield figures.at("V11", field, year, value=after, before=before, suggestion=meant)
            elif not least * before <= after <= most * before:
                yield figures.at("V12", field, year, "warn", value=after, before=before)


def typed_in_yuan(figures: Figures) -> Iterator[Problem]:
    """V26: an amount in 亿元 that no base can have was typed in 元; the amount in 亿元 is suggested."""
    for field, item in indicators.by_field().items():
        for year in YEARS if item.unit == "yi_yuan" else ():
            value = figures.value(field, year)
            if value is not None and value > NO_BASE and not _slipped(figures, field, year):
                yield figures.at("V26", field, year, "warn", value=value, suggestion=in_yi(value))


def negative_records(figures: Figures) -> Iterator[Problem]:
    """V13: a serious incident or breach in any of the three years goes to the checks of Article 10(6)."""
    for year in YEARS:
        if figures.cell("negative_records", year) is True:
            yield figures.at("V13", "negative_records", year, "veto", clause="10(6)")


WITHIN_AND_BETWEEN_YEARS = (
    parts_within_wholes,
    rd_intensity,
    intensity_growth,
    nothing_negative,
    margin,
    output_per_worker,
    leaps,
    typed_in_yuan,
    negative_records,
)


def _two_places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _meant(before: Decimal, after: Decimal) -> Decimal:
    """What was meant by a number that is off by its unit: typed in 万元, in 元, or in 亿元 where 万元 were wanted."""
    if after <= before:
        return (after * WAN).normalize()
    return in_yi(after) if after > before * IN_YUAN else (after / WAN).normalize()


def _slipped(figures: Figures, field: str, year: str) -> bool:
    """Whether V11 names this cell."""
    return any(
        at == year and 0 < before <= NO_BASE and after > before * SLIP for at, before, after in figures.steps(field)
    )
