"""Checks that register forms name: the code of an enterprise, funds used beyond what was planned, dates in order.

GB 32100-2015: eighteen characters, the last of them worked out from the seventeen before.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bases.measures import codes
from engine.forms import FormContext, Problem, check

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
BASE = 3


def check_digit(seventeen: str) -> str:
    """The eighteenth character of a unified social credit code: weights are powers of three, modulo 31."""
    total = sum(SIGNS.index(sign) * pow(BASE, place, len(SIGNS)) for place, sign in enumerate(seventeen))
    return SIGNS[-total % len(SIGNS)]


def is_credit_code(code: str) -> bool:
    """Whether this is a unified social credit code (统一社会信用代码)."""
    return len(code) == LENGTH and all(sign in SIGNS for sign in code) and check_digit(code[:-1]) == code[-1]


@check("ledger.uscc")
def uscc(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """A code that was given is one."""
    code = answers.get("uscc")
    return [Problem("uscc", "ledger.uscc")] if code and not is_credit_code(code) else []


@check("ledger.funds")
def funds(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """S-4.4: funds used beyond those planned are explained."""
    planned, used = answers.get("planned"), answers.get("used")
    if planned is None or used is None or Decimal(used) <= Decimal(planned):
        return []
    return [Problem("used", "ledger.overspent", {"planned": planned, "used": used}, "warn")]


@check("ledger.span")
def span(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """Nothing ends before it begins."""
    pairs = (("since", "until"), ("valid_from", "valid_to"))
    return [
        Problem(last, "ledger.span")
        for first, last in pairs
        if answers.get(first) is not None and answers.get(last) is not None and answers[last] < answers[first]
    ]


@check("ledger.usage")
def usage(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Figures of use are of years that have begun, each of them once."""
    years = [row.get("in_year") for row in answers.get("usage") or ()]
    coming = f"{context.year + 1}" if context.year else "9999"
    return [
        Problem(f"usage.{place}.in_year", "ledger.coming_year" if year >= coming else "ledger.twice")
        for place, year in enumerate(years)
        if year and (year >= coming or year in years[:place])
    ]


@check("ledger.code")
def code(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """A code that is added is none of the program's own."""
    known = codes.of(answers.get("list") or "")
    return [Problem("code", "ledger.twice")] if answers.get("code") in known else []
