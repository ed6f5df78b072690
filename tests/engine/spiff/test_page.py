"""The page of what runs says what the tests play, no more and no less."""

from tests.engine.spiff import page


def test_the_page_is_what_the_tables_say():
    assert page.PAGE.read_text("utf-8") == page.page(), "write it anew: python -m tests.engine.spiff.page"
