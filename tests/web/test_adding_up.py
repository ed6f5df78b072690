"""Columns of amounts are added up below their table (F-4.1)."""

from web.fields import shown


def test_f_4_1_a_column_is_added_up_exactly_as_far_as_it_holds_numbers():
    assert shown.total(["0.1", "0.2", "", None, "多少", "１２"]) == "0.3"
    assert shown.total(["1000", "250"]) == "1250"
    assert shown.total([None, ""]) == ""
