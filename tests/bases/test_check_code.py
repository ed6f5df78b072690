"""The check code ties a printed form to its answers (F-1.1, F-4.3)."""

import re

from bases.demo import answers
from bases.filing.check_code import check_code


def test_f_4_3_the_code_is_three_groups_that_can_be_read_aloud():
    assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", check_code(answers("B042")))


def test_f_1_1_a_field_edited_after_printing_gives_another_code():
    given = answers("B042")
    changed = {**given, "sales": {**given["sales"], "y1": "1.0000"}}

    assert check_code(changed) != check_code(given)


def test_f_1_1_the_scan_itself_and_what_is_left_empty_change_nothing():
    given = answers("B042")

    assert check_code({**given, "stamped_form": "7k2m9x4c1bqe", "negative_note": "", "other_files": []}) == check_code(
        dict(reversed(given.items()))
    )
