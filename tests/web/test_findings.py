"""Whatever the check of a diagram can say, it says in words, with what would help."""

import re

from engine.spiff.lint import allowed
from tests.house.source import ROOT
from web.words import findings, mends, refusals

SAID = re.compile(r"""\b(?:refuse|warn)\(\s*"([a-z_]+\.[a-z_]+)\"""")
STOPS = re.compile(r"""StuckAt\([^",]*, "([a-z_]+\.[a-z_]+)\"""")
WAYS = re.compile(r"""way_out(?:=|": )"([a-z_]+)\"""")
BUTTONS = re.compile(r"""^  "?([a-z_.]+)"?: """, re.MULTILINE)
KNOWN = {*findings.FOUND, *refusals.DRAWN, *refusals.RULES, *mends.MENDED}


def texts() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "engine").rglob("*.py")))


def test_every_finding_and_every_stop_has_a_sentence():
    text = texts()
    assert {*SAID.findall(text), *STOPS.findall(text)} <= KNOWN


def ways() -> set[str]:
    return {*WAYS.findall(texts()), *(way for _, way in allowed.REFUSED.values())}


def test_every_way_out_has_its_words_and_no_words_are_left_over():
    assert ways() == set(findings.WAYS_OUT)


def test_every_button_beside_a_finding_answers_something_that_the_check_says():
    mends = (ROOT / "frontend" / "src" / "editor" / "mends.js").read_text("utf-8")
    answered = set(BUTTONS.findall(mends.partition("export const mends = {")[2].partition("};")[0]))
    assert answered
    assert answered <= {*ways(), *SAID.findall(texts())}
