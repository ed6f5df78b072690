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
ANNUAL, CITY, PERIODIC = (f"tests/stories/test_{name}.py" for name in ("annual_report", "city_report", "periodic"))
PUNCTUALITY, BREACH = "tests/bases/test_punctuality.py", "tests/bases/test_breach.py"
EXPERTS, DRAWING = "tests/stories/test_expert_review.py", "tests/bases/test_review_steps.py"
OBJECTION, DESIGNATION = "tests/stories/test_objection.py", "tests/stories/test_designation.py"
REVIEW, CHECKS = "tests/bases/test_review.py", "tests/bases/test_checks.py"
TABLES = "tests/workflows/test_tables.py"
ARCHIVE, PACKAGES = "tests/web/test_archive.py", "tests/ground/test_packages.py"
EXAMPLE = f"{TABLES}::test_an_example_gets_its_answer_from_its_row"
EVERY_KIND = frozenset({"text", "notice", "default"})


@dataclass(frozen=True)
class Fault:
    """What is broken, in words; the act that breaks it in this process; the tests that must turn red."""

    name: str
    happen: Callable[[], None]
    tests: tuple[str, ...]


def guard(place: str, instead: Any) -> Callable[[], None]:
    """`package.module:function` does this instead, or the value of that name is this one."""

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
            guard("ground.files.package_checks:_is_listed", lambda *_given: True),
            (
                f"{PACKAGES}::test_n_10_an_altered_entry_is_named",
                f"{PACKAGES}::test_n_10_entries_that_changed_places_are_named",
            ),
        ),
        Fault(
            "names in an archive may lead out of it (N-10)",
            guard("ground.files.package_layout:fault", nothing),
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
            guard("engine.cases.telling:_is_whole", lambda *_given: True),
            (f"{ARCHIVE}::test_n_10_a_closed_case_is_one_file_with_all_that_its_maker_may_read",),
        ),
        *_reports(),
        *_experts(),
        *_tables(),
        *_checks(),
    ]


def _reports() -> list[Fault]:
    """When a report is owed, what counts as not kept, and the score that follows (R-8.1, R-8.5, R-12.7)."""
    year, counted = "bases.filing.duty", "bases.verdicts.punctuality"
    return [
        Fault(
            "an annual report is due on 20 February (R-8.1)",
            line(PARAMETERS, '{""on"":""02-15""', '{""on"":""02-20""'),
            (
                f"{ANNUAL}::test_r_8_1_on_10_february_the_reminder_says_that_the_last_working_day_is_the_14th",
                f"{ANNUAL}::test_r_8_1_one_minute_past_midnight_it_is_late_the_task_stays_open_and_a_breach_is_a_fact",
            ),
        ),
        Fault(
            "a reminder of an annual report comes 10 working days before (R-8.1)",
            line(PARAMETERS, '"[20,7,1]"', '"[20,10,1]"'),
            (f"{ANNUAL}::test_r_8_1_reminders_come_20_7_and_1_working_days_before_once_each",),
        ),
        Fault(
            "the base of a whole city has a county as well (R-8.1)",
            guard("bases.register.base:WHOLE_CITY", "no such extent"),
            (f"{ANNUAL}::test_r_8_1_the_base_of_a_whole_city_goes_to_the_city_without_a_county",),
        ),
        Fault(
            "what was not reported is no breach (R-8.5)",
            guard(f"{year}:_breach", lambda *_given: False),
            (
                f"{ANNUAL}::test_r_8_1_one_minute_past_midnight_it_is_late_the_task_stays_open_and_a_breach_is_a_fact",
                f"{CITY}::test_r_8_2_the_city_is_late_from_midnight_of_2_march_and_only_the_missing_base_has_its_own_breach",
            ),
        ),
        Fault(
            "a passed default makes a breach (R-8.5)",
            guard("bases.register.breach:BINDING", EVERY_KIND),
            (
                f"{BREACH}::test_n_6_of_three_passed_deadlines_one_of_each_kind_two_make_breaches_and_one_is_grey",
                f"{PERIODIC}::test_s_3_2_the_same_tenth_as_a_default_is_grey_and_not_counted",
                f"{CITY}::test_r_8_3_on_1_april_the_digest_is_past_a_default_and_no_breach",
            ),
        ),
        Fault(
            "days in which a report was sent back count against its base (R-8.5)",
            guard(f"{year}:returned", lambda *_given: 0),
            (f"{ANNUAL}::test_r_8_5_days_in_which_it_was_sent_back_do_not_count",),
        ),
        Fault(
            "days in which a report stood still count against its base (R-8.5)",
            guard("engine.cases:days_stood", lambda *_given: {}),
            (f"{ANNUAL}::test_r_8_5_a_report_that_stood_still_over_its_day_is_not_missed_until_its_days_are_over",),
        ),
        Fault(
            "a passed default lowers the score of Article 12(7) (R-12.7)",
            guard(f"{counted}:BINDING", EVERY_KIND),
            (f"{PUNCTUALITY}::test_r_12_7_a_passed_default_deadline_leaves_it_unchanged",),
        ),
        Fault(
            "what is missing is worth as much as what is on time (R-12.7)",
            guard(f"{counted}:WORTH", {"on_time": 100, "missing": 100, "false": 0}),
            (
                f"{PUNCTUALITY}::test_what_is_missing_or_false_is_worth_nothing_and_a_part_is_rounded_down_to_a_half_point",
            ),
        ),
        Fault(
            "a late report is worth nine tenths (R-12.7)",
            line(PARAMETERS, "assess.late_share,50,", "assess.late_share,90,"),
            (f"{PUNCTUALITY}::test_r_12_7_the_file_holds_the_facts_and_the_suggestion_that_follows",),
        ),
        Fault(
            "breaches are not offered as evidence (R-14.2)",
            guard("bases.verdicts.offered:facts", lambda *_given: ""),
            (
                f"{REVOCATION}::test_r_14_2_breaches_are_offered_as_facts_of_ground_b_and_of_no_other",
                f"{ASSESSMENT}::test_r_14_2_breaches_are_offered_as_facts_of_the_ground_and_stand_only_once_confirmed",
            ),
        ),
    ]


def _experts() -> list[Fault]:
    """Who may not judge, and who reads a sheet when (N-1, N-4); what the base itself reports (R-10.6)."""
    sealed = ('"sealed": true', '"sealed": false')
    return [
        Fault(
            "a tie that was upheld keeps no expert out (N-1)",
            guard("bases.review.conflict:against", lambda *_given: {}),
            (
                f"{DRAWING}::test_n_1_a_tie_on_file_keeps_an_expert_out_and_an_employment_for_three_years",
                f"{EXPERTS}::test_n_1_a_declared_tie_keeps_the_expert_out_and_stands_with_source_and_decision",
                f"{EXPERTS}::test_n_1_who_declines_is_replaced_at_once_and_a_tie_that_is_named_stays",
            ),
        ),
        Fault(
            "a refused application for recusal keeps an expert out (N-1)",
            guard("bases.review.conflict:UPHELD", "refused"),
            (f"{DRAWING}::test_n_1_a_refused_application_for_recusal_keeps_nobody_out",),
        ),
        Fault(
            "a past employment counts for one year (N-1)",
            line(PARAMETERS, "panel.past_employer_years,3,", "panel.past_employer_years,1,"),
            (f"{DRAWING}::test_n_1_a_tie_on_file_keeps_an_expert_out_and_an_employment_for_three_years",),
        ),
        Fault(
            "an expert of the same unit is drawn (N-1)",
            guard("bases.review.panel:_people_of", lambda *_given: frozenset()),
            (f"{DRAWING}::test_n_1_an_expert_who_holds_office_in_the_body_of_the_base_is_left_out",),
        ),
        Fault(
            "the sheets of a designation are not sealed (N-4)",
            line("workflows/expert-review/forms/score-sheet.json", *sealed),
            (f"{EXPERTS}::test_n_4_nobody_reads_a_sheet_before_the_last_is_in_and_an_expert_never_another_s",),
        ),
        Fault(
            "the sheets of an assessment are not sealed (N-4)",
            line("workflows/expert-review/forms/assessment-sheet.json", *sealed),
            (f"{ASSESSMENT}::test_n_4_nobody_reads_a_sheet_of_an_assessment_before_the_last_is_in",),
        ),
        Fault(
            "a score of ninety percent stands without a word (R-10.1 to R-10.5)",
            guard("bases.review.criteria:HIGH_PERCENT", 101),
            (f"{REVIEW}::test_a_very_high_or_low_score_wants_a_comment",),
        ),
        Fault(
            "what the base itself reports under item 26 stops nothing (R-10.6)",
            guard("bases.review.gate:reported", lambda *_given: []),
            (f"{DESIGNATION}::test_r_10_6_what_the_base_itself_reports_of_any_of_three_years_stops_at_admission",),
        ),
    ]


def _tables() -> list[Fault]:
    """One row of a decision table says something else: objection, rectification, revocation, signers."""

    def row(table: str, cell: str, says: str, instead: str) -> Callable[[], None]:
        before, after = (f'<outputEntry id="{cell}"><text>{text}</text>' for text in (says, instead))
        return line(f"workflows/{table}.dmn", before, after)

    objection, result, grounds = "objection/acceptance", "rectification/result", "revocation/grounds"
    absent = f"{RECTIFICATION}::test_r_13_4_r_13_6_without_an_application_a_task_says_so_and_nothing_happens_by_itself"
    undone = f"{RECTIFICATION}::test_r_13_6_a_rectification_that_was_not_done_goes_to_revocation_on_ground_b"
    failed = f"{RECTIFICATION}::test_r_13_6_a_base_that_does_not_pass_goes_to_revocation_on_ground_c"
    kept = f"{RECTIFICATION}::test_r_13_5_a_base_that_passes_keeps_its_name_and_may_be_rectified_again"
    clue = f"{OBJECTION}::test_r_9_6_an_anonymous_one_is_a_clue_that_is_not_answered_and_holds_nothing"
    binds = f"{REVOCATION}::test_r_13_6_a_failed_rectification_revokes_on_its_own_ground_and_keeping_needs_minutes"
    free = f"{REVOCATION}::test_r_14_4_a_ground_of_article_14_may_be_left_without_minutes"
    city = f"{DESIGNATION}::test_one_application_walks_from_the_county_to_the_public_register"
    return [
        Fault(
            "an anonymous objection is accepted (R-9.6)", row(objection, "out_1_1", "false", "true"), (EXAMPLE, clue)
        ),
        Fault(
            "an objection without a contact is accepted (R-9.6)", row(objection, "out_2_1", "false", "true"), (EXAMPLE,)
        ),
        Fault("an objection without facts is accepted (R-9.6)", row(objection, "out_3_1", "false", "true"), (EXAMPLE,)),
        Fault("a unit objects without its seal (R-9.6)", row(objection, "out_4_1", "false", "true"), (EXAMPLE,)),
        Fault("not applied is kept (R-13.6)", row(result, "out_1_1", '"revoke"', '"keep"'), (EXAMPLE, absent)),
        Fault("not rectified is kept (R-13.6)", row(result, "out_2_1", '"revoke"', '"keep"'), (EXAMPLE, undone)),
        Fault("not passed is kept (R-13.6)", row(result, "out_3_1", '"revoke"', '"keep"'), (EXAMPLE, failed)),
        Fault("passed is revoked (R-13.5)", row(result, "out_4_1", '"keep"', '"revoke"'), (EXAMPLE, kept)),
        Fault(
            "a rectification without an application binds nobody (R-13.6)",
            row(grounds, "out_1_1", '"binding"', '"discretion"'),
            (EXAMPLE, binds),
        ),
        Fault("Article 14 binds (R-14.4)", row(grounds, "out_5_1", '"discretion"', '"binding"'), (EXAMPLE, free)),
        *(
            Fault(
                f"signers of {folder}: the section is passed over (R-9.1)",
                row(f"{folder}/signers", "out_1_1", '"section"', '"leader"'),
                (EXAMPLE, *stories),
            )
            for folder, stories in (("designation-case", (city,)), ("city-report", ()), ("assessment-case", ()))
        ),
        Fault(
            "signers of designation-case: without a leader the case stands still (R-9.1)",
            row("designation-case/signers", "out_3_1", '"none"', '"leader"'),
            (EXAMPLE,),
        ),
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
