"""Each cross-check finds the fault seeded for it, at its cell, with its severity (F-2.3, F-3.1 to F-3.26, F-4.2)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from bases.demo import answers
from bases.filing import checks
from engine.forms import FormContext

Spoil = Callable[[dict[str, Any]], None]


def times(field: str, year: str, factor: str) -> Spoil:
    def spoil(given: dict[str, Any]) -> None:
        given[field][year] = str((Decimal(given[field][year]) * Decimal(factor)).quantize(Decimal("0.0001")))

    return spoil


def set_to(field: str, year: str, value: Any) -> Spoil:
    def spoil(given: dict[str, Any]) -> None:
        given[field][year] = value

    return spoil


def more(field: str, year: str, by: str) -> Spoil:
    def spoil(given: dict[str, Any]) -> None:
        given[field][year] = str(Decimal(given[field][year]) + Decimal(by))

    return spoil


def over(part: str, whole: str, year: str) -> Spoil:
    def spoil(given: dict[str, Any]) -> None:
        given[part][year] = str(Decimal(given[whole][year]) + Decimal("0.0001"))

    return spoil


def first_row(column: str, value: Callable[[dict[str, Any]], Decimal]) -> Spoil:
    def spoil(given: dict[str, Any]) -> None:
        given["leading_enterprises"][0][column] = f"{value(given):.4f}"

    return spoil


def answer(field: str, value: Any) -> Spoil:
    def spoil(given: dict[str, Any]) -> None:
        given[field] = value

    return spoil


def figure(given: dict[str, Any], field: str) -> Decimal:
    return Decimal(given[field]["y1"])


SEEDED = [
    ("V01", over("feature_output", "gross_output", "y1"), "feature_output.y1", "error"),
    ("V02", over("feature_sales", "sales", "y2"), "feature_sales.y2", "error"),
    ("V03", over("internationalization_core", "internationalization", "y3"), "internationalization_core.y3", "error"),
    ("V04", over("rd_spend", "feature_sales", "y1"), "rd_spend.y1", "error"),
    ("V05", over("tax", "sales", "y1"), "tax.y1", "error"),
    ("V06", more("rd_intensity", "y1", "0.50"), "rd_intensity.y1", "error"),
    ("V07", more("intensity_growth", "y1", "3"), "intensity_growth.y1", "error"),
    ("V08", set_to("new_projects", "y1", -1), "new_projects.y1", "error"),
    ("V09", set_to("profit_margin", "y2", "140.00"), "profit_margin.y2", "error"),
    ("V10", set_to("employees", "y1", 3), "employees.y1", "warn"),
    ("V11", times("total_investment", "y1", "10000"), "total_investment.y1", "error"),
    ("V12", times("tax", "y2", "0.2"), "tax.y2", "warn"),
    ("V13", set_to("negative_records", "y2", True), "negative_records.y2", "veto"),
    (
        "V14",
        first_row("gross_output", lambda given: figure(given, "gross_output") * 2),
        "leading_enterprises",
        "error",
    ),
    (
        "V15",
        first_row("feature_sales", lambda given: figure(given, "feature_sales") * 2),
        "leading_enterprises",
        "error",
    ),
    ("V16", first_row("rd_spend", lambda given: figure(given, "rd_spend") * 14000), "leading_enterprises", "error"),
    ("V17", first_row("sales", lambda _given: Decimal(0)), "leading_enterprises.0.feature_sales", "error"),
    ("V18", set_to("feature_enterprise_count", "y1", 1), "leading_enterprises", "error"),
    ("V19", answer("county", "510107"), "county", "error"),
    ("V20", answer("hs_codes", ["77", "2005"]), "hs_codes", "error"),
]


def found(given: dict[str, Any]) -> list[tuple[str, str, str]]:
    problems = checks.information(given, FormContext(year=2025))
    return [(problem.code, problem.path, problem.severity) for problem in problems]


@pytest.mark.parametrize(("code", "spoil", "path", "severity"), SEEDED, ids=[row[0] for row in SEEDED])
@pytest.mark.parametrize("key", ["B011", "B042"])
def test_each_seeded_fault_raises_its_own_check_at_its_place(key, code, spoil, path, severity):
    given = answers(key)
    spoil(given)

    assert (code, path, severity) in found(given)


def test_a_problem_names_the_calendar_year_and_both_numbers():
    given = answers("B042")
    given["feature_sales"]["y2"] = str(Decimal(given["sales"]["y2"]) + 1)

    problem = checks.information(given, FormContext(year=2025))[0]

    assert problem.params["year"] == 2024
    assert Decimal(problem.params["value"]) == Decimal(problem.params["limit"]) + 1


def test_a_tenth_of_a_percentage_point_is_exact_in_decimals():
    given = answers("B042")
    given["rd_spend"] = {"y3": "1.0000", "y2": "1.0000", "y1": "1.0000"}
    given["feature_sales"] = {"y3": "40.0000", "y2": "40.0000", "y1": "40.0000"}
    given["rd_intensity"] = {"y3": "2.60", "y2": "2.61", "y1": "2.40"}

    assert [path for code, path, _ in found(given) if code == "V06"] == ["rd_intensity.y2"]


@pytest.mark.performs("F-4.2")
def test_f_4_2_yuan_typed_for_yi_yuan_is_a_slip_with_a_suggestion():
    given = answers("B042")
    right = Decimal(given["gross_output"]["y1"])
    given["gross_output"]["y1"] = str(right * 10_000)

    slip = next(problem for problem in checks.information(given, FormContext(year=2025)) if problem.code == "V11")

    assert Decimal(slip.params["suggestion"]) == right


def test_a_value_that_falls_to_nothing_is_a_fall_to_explain_and_no_slip():
    given = answers("B042")
    given["tax"]["y1"] = "0.0000"

    assert {code for code, path, _ in found(given) if path == "tax.y1"} == {"V12"}


@pytest.mark.parametrize(
    ("code", "right"), [("77", False), ("2005", True), ("98", True), ("00", False), ("200", False)]
)
def test_f_2_3_hs_codes_have_two_to_ten_digits_of_an_existing_chapter(code, right):
    given = answers("B042")
    given["hs_codes"] = [code]

    assert (found(given) == []) is right


def test_f_2_3_more_than_twenty_hs_codes_are_too_many():
    given = answers("B042")
    given["hs_codes"] = ["0902"] * 21

    assert [code for code, _, _ in found(given)] == ["V20"]


def test_gaps_and_not_applicable_are_passed_over_in_silence():
    given = answers("B042")
    given["tax"] = {"y3": None, "y2": "", "y1": "n/a"}
    given.pop("rd_spend")
    given["rd_intensity"] = "n/a"

    assert found(given) == []


def test_an_empty_form_has_no_cross_problem():
    assert found({}) == []


def test_f_4_2_a_figure_typed_in_yuan_gets_a_warning_with_the_amount_in_its_unit():
    for field in ("gross_output", "sales", "tax"):
        given = answers("B042")
        given[field]["y3"] = "25000000000"

        told = [problem for problem in checks.information(given, FormContext(year=2025)) if problem.code == "V26"]

        assert [(each.path, each.severity, each.params["suggestion"]) for each in told] == [
            (f"{field}.y3", "warn", "250")
        ]


@pytest.mark.parametrize("column", ["gross_output", "sales_revenue", "sales", "feature_sales"])
def test_f_4_2_an_amount_of_an_enterprise_typed_in_yuan_is_asked_about_with_the_amount_meant(column):
    given = answers("B042")
    given["leading_enterprises"][1][column] = "25000000000"

    told = [problem for problem in checks.information(given, FormContext(year=2025)) if problem.code == "V26"]

    assert [(each.path, each.severity, each.params["suggestion"]) for each in told] == [
        (f"leading_enterprises.1.{column}", "warn", "250")
    ]


@pytest.mark.performs("F-4.1")
def test_f_4_1_research_of_an_enterprise_typed_in_the_unit_of_the_other_columns_is_caught():
    given = answers("B042")
    given["leading_enterprises"][1]["rd_spend"] = "0.76"

    told = [problem for problem in checks.information(given, FormContext(year=2025)) if problem.code == "V27"]

    assert [(each.path, each.severity, each.params["suggestion"]) for each in told] == [
        ("leading_enterprises.1.rd_spend", "warn", "7600.00")
    ]


def test_f_4_1_an_enterprise_without_research_is_not_asked_about_it():
    given = answers("B042")
    given["leading_enterprises"][1]["rd_spend"] = "0"

    assert checks.information(given, FormContext(year=2025)) == []


def test_f_4_2_yuan_typed_beside_an_earlier_year_are_told_once_and_with_the_right_amount():
    given = answers("B042")
    given["gross_output"]["y1"] = "25000000000"

    told = [problem for problem in checks.information(given, FormContext(year=2025)) if problem.code in {"V11", "V26"}]

    assert [(each.code, each.path, each.params["suggestion"]) for each in told] == [("V11", "gross_output.y1", "250")]
