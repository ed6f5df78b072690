"""What a page costs: statements and bytes are counted, because they grow unseen."""

import brotli
import pytest
from sqlalchemy import event

from ground import database


@pytest.fixture
def statements():
    """Every statement that reads, as it is sent."""
    sent = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    reader = database.current().reader
    event.listen(reader, "before_cursor_execute", note)
    yield sent
    event.remove(reader, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("login", "path", "most_statements", "most_bytes"),
    [
        ("", "/", 7, 2_500),
        ("", "/register", 9, 6_000),  # with the lists of codes that its filters offer
        ("", "/notices", 4, 2_000),
        ("", "/about/measures", 3, 10_000),  # with the answers at the clauses
        ("zhou.ping", "/profile", 3, 3_800),
        ("zhou.ping", "/processes", 5, 4_200),  # a line for each of some thirty processes
        ("zhou.ping", "/processes/designation-case", 8, 6_200),
    ],
)
def test_a_page_asks_the_store_little_and_weighs_little(
    pages, visitor, signed_in, statements, login, path, most_statements, most_bytes
):
    client = signed_in(login) if login else visitor
    client.get(path)
    statements.clear()
    answer = client.get(path, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert len(statements) <= most_statements, statements
    assert len(answer.data) <= most_bytes
    assert brotli.decompress(answer.data)


def test_a_bundle_asks_the_store_nothing(pages, visitor, statements):
    visitor.get("/assets/theme-0.css")
    assert statements == []
