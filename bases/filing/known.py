"""The checks that look beyond the form: V19, V20, V22-V25 and V28, against registers, the last filing and the customs.

V23 speaks only where a customs series has been loaded; Article 14 names 虚报, no text names the customs as its measure.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Row as Record, or_, select

from bases import register
from bases.filing import values
from bases.filing.figures import LAST, YEARS, Figures, exact
from bases.measures import indicators
from bases.register import base
from bases.register.ledgers import figures as ledger_figures
from engine.forms import FormContext, Problem
from ground import regions
from ground.database import Session

# Chapters 01-97 without the reserved 77, and 98, which China uses for its own purposes; two to ten digits.
HS_CODE = re.compile(r"(?!00|77)(0[1-9]|[1-8]\d|9[0-8])(\d{2}){0,4}", re.ASCII)
MOST_HS_CODES = 20
FILED_BEFORE = ("y3", "y2")
CUSTOMS_PERCENT = 5
AREA_PERCENT = 1
YUAN_IN_YI = 100_000_000
PERCENT = 100


def problems(figures: Figures, context: FormContext) -> Iterator[Problem]:
    """What can be said without a database, then what the register and the last filing add."""
    yield from hs_codes(figures)
    yield from county_in_city(figures)
    if context.session is None or context.case is None:
        return
    found = register.of_subject(context.session, context.case.subject)
    yield from place(figures, found)
    yield from last_filing(figures, context.session, found.id, context.case.id)
    yield from customs(figures, context.session, found.id)
    yield from intensity(figures, found.area_mu)
    yield from twins(figures, context.session, found)
    yield from registers(figures, context.session, found.id)


def hs_codes(figures: Figures) -> Iterator[Problem]:
    """V20: one to twenty codes, each of an existing chapter: 2005 is one, 77 is none."""
    codes = figures.answers.get("hs_codes")
    if not isinstance(codes, list):
        return
    wrong = [code for code in codes if not HS_CODE.fullmatch(str(code))]
    if wrong or len(codes) > MOST_HS_CODES:
        yield Problem("hs_codes", "V20", {"codes": wrong, "count": len(codes), "most": MOST_HS_CODES}, "error")


def county_in_city(figures: Figures) -> Iterator[Problem]:
    """V19: the county lies in the city."""
    city, county = figures.answers.get("city"), figures.answers.get("county")
    if city and county and regions.city_of(str(county)) != city:
        yield Problem("county", "V19", {"reason": "other_city", "city": city, "county": county}, "error")


def place(figures: Figures, found: Record[Any]) -> Iterator[Problem]:
    """V19: a whole city's base lies in no county, every other in the one of the register."""
    city, county = figures.answers.get("city"), figures.answers.get("county")
    whole_city = found.extent == base.WHOLE_CITY
    if whole_city and county:
        yield Problem("county", "V19", {"reason": "whole_city", "county": county}, "error")
    elif not whole_city and not county:
        yield Problem("county", "V19", {"reason": "county_missing"}, "error")
    elif (city and city != found.city) or (county and county != found.county and regions.city_of(county) == city):
        facts = {"reason": "not_in_register", "city": found.city, "county": found.county}
        yield Problem("county" if county else "city", "V19", facts, "error")


def last_filing(figures: Figures, session: Session, base_id: int, case_id: int) -> Iterator[Problem]:
    """V22: what was filed before stays, or the change has its reason: Article 14 names 虚报 as a ground."""
    before = values.latest(session, base_id, before_case=case_id)
    for field, item in indicators.by_field().items():
        for year in FILED_BEFORE if item.is_amount else ():
            filed = before.get((item.code, figures.calendar_year(year)))
            number = figures.value(field, year)
            if filed is None or filed.amount is None or number is None:
                continue
            earlier = Decimal(filed.amount).scaleb(-item.places)
            if number != earlier:
                yield figures.at("V22", field, year, "warn", value=number, before=earlier)


def customs(figures: Figures, session: Session, base_id: int) -> Iterator[Problem]:
    """V23: exports as the base and as the customs know them differ by no more than 5 percent."""
    series = values.customs(session, base_id)
    for year in YEARS:
        known, typed = series.get(figures.calendar_year(year)), figures.value("internationalization_core", year)
        if known is None or typed is None:
            continue
        official = Decimal(known).scaleb(-indicators.by_code()["I03a"].places)
        if abs(typed - official) * PERCENT > CUSTOMS_PERCENT * official:
            yield figures.at("V23", "internationalization_core", year, "warn", value=typed, customs=official)


def intensity(figures: Figures, area_mu: int | None) -> Iterator[Problem]:
    """V24: investment in 亿元 is investment per mu in 元 times the area, to one percent."""
    if not area_mu:
        return
    for year in YEARS:
        per_mu, whole = figures.value("investment_intensity", year), figures.value("total_investment", year)
        if per_mu is None or whole is None:
            continue
        expected = per_mu * area_mu
        if abs(whole * YUAN_IN_YI - expected) * PERCENT > AREA_PERCENT * expected:
            facts = {"value": whole, "expected": (expected / YUAN_IN_YI).quantize(Decimal("0.0001")), "area": area_mu}
            yield figures.at("V24", "total_investment", year, "warn", **facts)


def twins(figures: Figures, session: Session, found: Record[Any]) -> Iterator[Problem]:
    """V25: no other base has this name; one of the same feature at the same place wants an explanation."""
    name, feature = figures.answers.get("base_name"), figures.answers.get("feature")
    other = register.Base
    rows = session.execute(
        select(other.ref, other.name, other.feature)
        .where(
            other.id != found.id,
            other.status != base.REVOKED,
            or_(
                other.name == name,
                (other.feature == feature)
                & (other.city == found.city)
                & other.county.is_not_distinct_from(found.county),
            ),
        )
        .order_by(other.id)
    )
    for row in rows:
        facts = {"base": row.ref, "name": row.name}
        if row.name == name:
            yield Problem("base_name", "V25", facts, "error")
        else:
            yield Problem("feature", "V25", facts, "warn")


def registers(figures: Figures, session: Session, base_id: int) -> Iterator[Problem]:
    """V28: an item of the reporting year is what the base's own register counts, once it keeps one (M-2.1, M-2.3)."""
    items = indicators.by_code()
    for code, counted in ledger_figures.counted(session, base_id, figures.year).items():
        field = items[code].field
        cell = figures.cell(field, LAST)
        typed = exact(cell.get("count") if isinstance(cell, Mapping) else cell)
        if typed is not None and typed != counted:
            register_ = ledger_figures.feeds()[code].code
            yield figures.at("V28", field, LAST, "warn", value=typed, counted=counted, register=register_)
