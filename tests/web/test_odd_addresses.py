"""Whatever stands in an address, a page answers or refuses in words: never a fault of ours, on either database."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import web
from tests.web import support

READ = re.compile(r'args\.get(?:list)?\(\s*"(\w+)"')
FILTERS = ("city", "columns", "element", "field", "order", "organ", "process", "q", "queue", "since", "until", "value")
ODD = ("a" * 3_000, "\x00", "9" * 25, "9999", "0", "²", "%_/", "' OR 1=1 --", "2026-13-45", "９", "[]")
PEOPLE = ("liang.bo", "chen.jing", "qin.lan", "liu.min")


def names() -> list[str]:
    """Everything that any page reads from its address."""
    found = {name for file in Path(web.__file__).parent.rglob("*.py") for name in READ.findall(file.read_text("utf-8"))}
    return sorted({*found, *FILTERS})


def pages(office: Flask) -> Iterator[str]:
    """Every address that has no part to fill in."""
    for rule in office.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            yield rule.rule


@pytest.mark.parametrize("who", PEOPLE)
def test_an_odd_address_is_answered(office, who):
    client, every = support.browser(office), names()
    support.sign_in(client, who)
    failed = {
        (page, odd[:20])
        for page in pages(office)
        for odd in ODD
        if client.get(page, query_string=dict.fromkeys(every, odd)).status_code >= 500
    }
    assert failed == set()
