"""Each item of the annex's third table by itself: the demo's clean form raises nothing, a fault in it its own check."""

from typing import Any

import pytest

from bases.demo import answers
from bases.filing import checks, information
from bases.measures import indicators
from engine import forms
from engine.forms import FormContext
from tests.rules.test_annex import FORM, REF

# What is found where a figure below nothing is typed; two may be below nothing, one is reckoned from others.
OWN = {"intensity_growth": "V07", "profit_margin": "V09", "rd_intensity": "V06"}


def found(given: dict[str, Any]) -> list[tuple[str, str]]:
    """By the form, which knows bounds and lengths, and by the checks between its items."""
    read = forms.read(forms.load(FORM.read_bytes()), given, FormContext(year=2025))
    problems = (*read.errors, *read.warnings, *checks.information(given, FormContext(year=2025)))
    return [(problem.path, problem.code) for problem in problems]


def spoiled(given: dict[str, Any], item: indicators.Indicator) -> str:
    """Put a fault into this item; which check is to find it."""
    if item.kind == "rows":
        given[item.field][0]["gross_output"] = "999999.0000"
        return "V14"
    if item.kind == "flag":
        given[item.field]["y1"] = True
        return "V13"
    if item.kind == "list":
        years = given[item.field] if isinstance(given[item.field], dict) else {}
        given[item.field] = {**years, "y1": {"count": 9, "rows": []}}
        return "V21"
    given[item.field]["y1"] = -1 if item.kind == "integer" else "-200.00"
    return OWN.get(item.field, "V08")


@pytest.mark.parametrize(
    "item", [pytest.param(each, id=f"F-3.{each.code[1:].lstrip('0')}") for each in indicators.by_code().values()]
)
def test_a_fault_in_an_item_raises_its_own_check_at_its_place_and_clean_data_none(item):
    given = answers("B042") | dict.fromkeys(information.PAPERS, REF)
    assert found(given) == []

    code = spoiled(given, item)

    assert code in [which for path, which in found(given) if path.startswith(item.field)]
