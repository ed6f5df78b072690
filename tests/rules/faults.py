"""The faults: each breaks one rule once, and names the tests that must turn red.

A guard is switched off, or a line of the parameters or of a decision table is read as if it said something else; the
tree itself is never changed. One row a fault: what is broken, how, and which tests see it.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.rules import misreading

ROOT = Path(__file__).parent.parent.parent
PARAMETERS = "ground/seed/parameters.csv"
REVOCATION, RECTIFICATION = "tests/stories/test_revocation.py", "tests/stories/test_rectification.py"
ASSESSMENT, VERDICTS, GROUNDS = (
    "tests/stories/test_assessment.py",
    "tests/bases/test_verdicts.py",
    "tests/bases/test_grounds.py",
)
FILING = "tests/bases/test_filing.py"
REVIEW, CHECKS = "tests/bases/test_review.py", "tests/bases/test_checks.py"
TABLES = "tests/workflows/test_tables.py"
ARCHIVE, PACKAGES = "tests/web/test_archive.py", "tests/ground/test_packages.py"


@dataclass(frozen=True)
class Fault:
    """What is broken, in words; the act that breaks it in this process; the tests that must turn red."""

    name: str
    happen: Callable[[], None]
    tests: tuple[str, ...]


def guard(place: str, instead: Callable[..., Any]) -> Callable[[], None]:
    """`package.module:function` does this instead."""

    def happen() -> None:
        where, name = place.split(":")
        module = importlib.import_module(where)
        if not hasattr(module, name):
            message = f"{place} is not there to be broken"
            raise AttributeError(message)
        setattr(module, name, instead)

    return happen


def line(path: str, says: str, instead: str) -> Callable[[], None]:
    """This file is read as if its one line that says so said something else."""
    return lambda: misreading.begin(ROOT / path, says, instead)


def unasked(check: str) -> Callable[[], None]:
    """This cross-check of the annex is no longer among those that are asked."""

    def happen() -> None:
        left = 0
        for where, row in (("bases.filing.checks", "WITHIN_AND_BETWEEN_YEARS"), ("bases.filing.rows", "RULES")):
            module = importlib.import_module(where)
            kept = tuple(each for each in getattr(module, row) if each.__name__ != check)
            left += len(getattr(module, row)) - len(kept)
            setattr(module, row, kept)
        if left != 1:
            message = f"{check} is not there to be left out"
            raise AttributeError(message)

    return happen


def nothing(*_given: Any, **_named: Any) -> None:
    """A guard that refuses nothing."""


def every() -> list[Fault]:
    """All of them."""
    return [
        Fault(
            "a standing is changed without a case and a person (R-14.4)",
            guard("bases.register.standing:_check", nothing),
            (f"{REVOCATION}::test_r_14_4_no_service_changes_a_standing_without_a_case_and_a_person",),
        ),
        Fault(
            "a base is rectified twice (13(2))",
            line(PARAMETERS, "rectify.max_times,1,", "rectify.max_times,2,"),
            (f"{REVOCATION}::test_a_base_is_rectified_once_until_its_name_is_confirmed",),
        ),
        Fault(
            "times of rectification are not counted (13(2))",
            guard("bases.register.standing:times", lambda *_given: 0),
            (f"{REVOCATION}::test_a_base_is_rectified_once_until_its_name_is_confirmed",),
        ),
        Fault(
            "a revocation begins on no decision (R-14.4)",
            guard("bases.verdicts.revocation:check_origin", nothing),
            (f"{REVOCATION}::test_r_14_4_the_system_begins_no_revocation_by_itself",),
        ),
        Fault(
            "no cool-down after a revocation (R-14.5)",
            guard("bases.verdicts.revocation:cooled", nothing),
            (f"{REVOCATION}::test_r_14_5_inside_twelve_months_a_new_application_is_refused_with_the_clause",),
        ),
        Fault(
            "the name is kept against what binds, without minutes (R-13.6)",
            guard("bases.verdicts.signing:check", nothing),
            (f"{RECTIFICATION}::test_r_13_6_to_keep_the_name_against_what_binds_needs_minutes_and_a_reason",),
        ),
        Fault(
            "an assessment is decided without its guards (R-11.4, R-14.4)",
            guard("bases.verdicts.assessing:check", lambda *_given: False),
            (
                f"{GROUNDS}::test_r_14_4_the_service_refuses_pass_with_any_of_the_three_grounds",
                f"{GROUNDS}::test_r_11_4_no_score_alone_leads_to_a_revocation",
            ),
        ),
        Fault(
            "the pass mark of an assessment is 60 (R-13.1)",
            line(PARAMETERS, "assess.pass_mark,70,", "assess.pass_mark,60,"),
            (f"{ASSESSMENT}::test_s_2_5_below_seventy_rectification_is_proposed_however_low_and_revoke_is_shut",),
        ),
        Fault(
            "D07: exactly the pass mark does not pass (R-13.1)",
            line("workflows/assessment-case/proposal.dmn", "<text>&gt;= 0</text>", "<text>&gt; 0</text>"),
            (f"{TABLES}::test_an_example_gets_its_answer_from_its_row",),
        ),
        Fault(
            "D07: a confirmed ground shuts nothing (R-14.4)",
            line("workflows/assessment-case/proposal.dmn", "<text>&gt; 0</text>", "<text>&gt; 9</text>"),
            (f"{TABLES}::test_an_example_gets_its_answer_from_its_row",),
        ),
        Fault(
            "D07: a low score proposes to revoke (S-2.5)",
            line(
                "workflows/assessment-case/proposal.dmn", '<text>"rectify"</text>', '<text>"rectify_or_revoke"</text>'
            ),
            (f"{ASSESSMENT}::test_s_2_5_below_seventy_rectification_is_proposed_however_low_and_revoke_is_shut",),
        ),
        Fault(
            "a public notice of an assessment by default (R-11.3)",
            line(PARAMETERS, "assess.notice,false,", "assess.notice,true,"),
            (f"{ASSESSMENT}::test_a_year_in_which_everybody_is_decided_is_closed",),
        ),
        Fault(
            "a public notice runs four working days (R-9.5)",
            line(PARAMETERS, 'deadline.notice,"{""n"":5', 'deadline.notice,"{""n"":4'),
            (f"{VERDICTS}::test_r_9_5_a_notice_runs_five_working_days_after_its_first",),
        ),
        Fault(
            "designation before the notice is over (R-9.5)",
            guard("bases.verdicts.notice:local_day", lambda _now: date.max),
            (f"{VERDICTS}::test_a_notice_does_not_close_before_its_last_day_is_over",),
        ),
        Fault(
            "D03: a panel of one unit, of one city (N-1)",
            guard("bases.review.draw:fits", lambda *_given: True),
            (f"{REVIEW}::test_d03_every_draw_keeps_the_rule_of_composition",),
        ),
        Fault(
            "a draw whose commitment covers nothing (N-2)",
            guard("bases.review.draw:commitment", lambda *_given: "0" * 64),
            (f"{REVIEW}::test_n_2_another_seed_or_another_pool_is_found_out_by_the_hash",),
        ),
        Fault(
            "an altered entry of an archive is not compared (N-10)",
            guard("ground.files.packages:_is_listed", lambda *_given: True),
            (
                f"{PACKAGES}::test_n_10_an_altered_entry_is_named",
                f"{PACKAGES}::test_n_10_entries_that_changed_places_are_named",
            ),
        ),
        Fault(
            "names in an archive may lead out of it (N-10)",
            guard("ground.files.packages:_fault", nothing),
            (f"{PACKAGES}::test_a_name_that_leads_out_or_misleads_is_refused_attack",),
        ),
        Fault(
            "an auditor files a case away (N-8)",
            guard("bases.verdicts.archive:may_make", lambda _by: True),
            (f"{ARCHIVE}::test_n_8_an_auditor_takes_the_package_and_leaves_no_trace",),
        ),
        Fault(
            "an open case is filed away (N-10)",
            guard("bases.verdicts.archive:check_closed", nothing),
            (f"{ARCHIVE}::test_n_10_an_open_case_is_refused_by_name_and_offers_no_button",),
        ),
        Fault(
            "an archive tells lines that its maker may not read (N-10)",
            guard("engine.cases.sight:_is_whole", lambda *_given: True),
            (f"{ARCHIVE}::test_n_10_a_closed_case_is_one_file_with_all_that_its_maker_may_read",),
        ),
        *_checks(),
    ]


def _checks() -> list[Fault]:
    """Each cross-check of the annex asks nothing any more (F-3.1 to F-3.26)."""
    alone = (
        ("V01", "parts_within_wholes"),
        ("V06", "rd_intensity"),
        ("V07", "intensity_growth"),
        ("V08", "nothing_negative"),
        ("V09", "margin"),
        ("V10", "output_per_worker"),
        ("V13", "negative_records"),
        ("V14", "totals"),
        ("V17", "enterprise_sales"),
        ("V18", "number_of_enterprises"),
    )
    beyond = (
        ("V19", "county_in_city", _seeded("V19")),
        ("V20", "hs_codes", _seeded("V20")),
        ("V22", "last_filing", (f"{FILING}::test_v22_a_figure_that_differs_from_the_last_filing_wants_its_reason",)),
        ("V23", "customs", (f"{FILING}::test_v23_speaks_only_where_a_customs_series_has_been_loaded",)),
        ("V24", "intensity", (f"{FILING}::test_v24_investment_is_investment_per_mu_times_the_area",)),
        ("V25", "twins", (f"{FILING}::test_v25_f_2_1_a_name_that_another_base_has_is_refused_and_a_twin_explained",)),
    )
    in_yuan = (f"{CHECKS}::test_f_4_2_a_figure_typed_in_yuan_gets_a_warning_with_the_amount_in_its_unit",)
    leap = (*_seeded("V11"), *_seeded("V12"))
    return [
        Fault("V11, V12: leaps asks nothing", unasked("leaps"), leap),
        Fault("V26: typed_in_yuan asks nothing", unasked("typed_in_yuan"), in_yuan),
        *(Fault(f"{code}: {check} asks nothing", unasked(check), _seeded(code)) for code, check in alone),
        *(
            Fault(f"{code}: {check} asks nothing", guard(f"bases.filing.known:{check}", lambda *_given: ()), tests)
            for code, check, tests in beyond
        ),
    ]


def _seeded(code: str) -> tuple[str, ...]:
    stem = "test_each_seeded_fault_raises_its_own_check_at_its_place"
    return tuple(f"{CHECKS}::{stem}[{base}-{code}]" for base in ("B011", "B042"))
