"""Every text has its English, with the same parameters in place; every code that is refused has a sentence."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from ground.errors import Refused
from tests.web.words import texts
from web import (
    alerts,
    board,
    house,
    interventions,
    measures,
    notices,
    office,
    owner,
    people,
    public,
    pushes,
    registers,
    reviewer,
    upkeep,
)
from web.people import demo
from web.words import catalogue, codes

PARAMETERS = re.compile(r"%\((\w+)\)s")
UNITS = re.compile("[万亿]元")
ONE_LINE = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = catalogue.english()


def test_every_text_has_its_english():
    missing = {
        (where, text)
        for where, text in texts()
        if (text not in ENGLISH.texts if isinstance(text, str) else text[0] not in ENGLISH.plurals)
    }
    assert not missing


def test_the_english_keeps_the_parameters_of_the_chinese():
    pairs = [*ENGLISH.texts.items(), *((one, form) for one, forms in ENGLISH.plurals.items() for form in forms)]
    differing = [(zh, en) for zh, en in pairs if set(PARAMETERS.findall(zh)) != set(PARAMETERS.findall(en))]
    assert not differing


def test_no_chinese_is_left_in_the_english_but_units_and_an_example():
    english = [(zh, UNITS.sub("", en)) for zh, en in ENGLISH.texts.items() if not zh.startswith("例如")]
    left = [en for __, en in english if CHINESE.search(en)]
    assert not left


def test_a_text_has_its_english_in_one_place():
    files = [path.read_text(encoding="utf-8") for path in catalogue.FOLDER.glob("*/en.po")]
    found = Counter(text for file in files for text in ONE_LINE.findall(file))
    assert [text for text, times in found.items() if times > 1] == []


def test_no_english_stands_without_its_chinese():
    used = {text if isinstance(text, str) else text[0] for __, text in texts()}
    assert {*ENGLISH.texts, *ENGLISH.plurals} <= used


def test_words_that_must_not_appear_do_not():
    forbidden = ("案件", "一票否决", "听证", "表彰", "评比")
    assert not [(where, text) for where, text in texts() for word in forbidden if word in str(text)]


@pytest.fixture
def words_of_its_own(monkeypatch):
    """The application of a worker is shared: what a test makes known is known to that test only."""
    monkeypatch.setattr(codes, "_all", {})


@pytest.mark.usefixtures("words_of_its_own")
def test_every_refusal_has_a_sentence():
    assert house.STEPS  # everything that can refuse is imported
    codes.use(
        *(
            desk.codes
            for desk in (
                people.DESK,
                public.DESK,
                owner.DESK,
                reviewer.DESK,
                registers.DESK,
                notices.DESK,
                office.DESK,
                measures.DESK,
                demo.DESK,
                upkeep.DESK,
                alerts.DESK,
                interventions.DESK,
                pushes.DESK,
                board.DESK,
            )
        )
    )
    assert not [
        kind for kind in _kinds(Refused) if not codes.known(kind.code) and not kind.__module__.startswith("tests")
    ]


@pytest.mark.usefixtures("words_of_its_own")
def test_a_code_without_words_or_facts_is_named_as_it_is():
    codes.use()
    assert "no.such_code" in codes.sentence("no.such_code")
    assert "sign_in.locked" in codes.sentence("sign_in.locked", {})


def _kinds(kind: type[Refused]) -> Iterator[type[Refused]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)
