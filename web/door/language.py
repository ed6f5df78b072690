"""The reader's language: Chinese, or English by a switch; texts are written in Chinese and found in the catalogue."""

import contextlib
from collections.abc import Iterator, Mapping

from flask import g, has_request_context, request
from werkzeug.wrappers import Response

from ground.people import Actor
from web.words.catalogue import N_, Catalogue

COOKIE = "jidi-language"
SIZE_COOKIE = "jidi-size"
LANGUAGES = ("zh", "en")
NAMES = {"zh": "中文", "en": "English"}
TAGS = {"zh": "zh-CN", "en": "en"}
SIZES = {"standard": N_("标准"), "large": N_("大")}
YEAR = 365 * 24 * 3600

_catalogue: list[Catalogue] = []


def use(catalogue: Catalogue) -> None:
    """Speak from this catalogue."""
    _catalogue[:] = [catalogue]


def chosen() -> str:
    """The language of this answer: the browser's choice by the switch, else the person's own, else Chinese."""
    if not has_request_context():
        return LANGUAGES[0]
    if "language" not in g:
        own = g.visit.language if "visit" in g else None
        said = request.cookies.get(COOKIE)
        g.language = next((each for each in (said, own) if each in LANGUAGES), LANGUAGES[0])
    return str(g.language)


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language for a while, whoever reads: what is filed away is in the language of the offices."""
    before = chosen()
    g.language = language
    try:
        yield
    finally:
        g.language = before


def size() -> str:
    """The font size chosen in this browser."""
    said = request.cookies.get(SIZE_COOKIE)
    return said if said in SIZES else "standard"


def _(text: str, **parameters: object) -> str:
    """This Chinese text in the reader's language, with its parameters in place."""
    words = _catalogue[0].find(text) if chosen() == "en" and _catalogue else text
    return words % parameters if parameters else words


def ngettext(one: str, many: str, n: int, **parameters: object) -> str:
    """A text with a number in it; Chinese says both alike, English does not."""
    words = _catalogue[0].find_plural(one, many, n) if chosen() == "en" and _catalogue else many
    return words % {"n": n, **parameters}


def pick(chinese: str, english: str | None) -> str:
    """A name that the row holds in both languages."""
    return english if english and chosen() == "en" else chinese


def within(words: Mapping[str, str], text: str) -> str:
    """A text of a process folder, in English where the folder brings it."""
    return words.get(text, text) if chosen() == "en" else text


def name(who: Actor) -> str:
    """A person's name in the reader's language."""
    return pick(who.name, who.name_en)


def keep(response: Response, language: str) -> None:
    """Remember the language in this browser."""
    response.set_cookie(COOKIE, language, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)


def keep_size(response: Response, chosen_size: str) -> None:
    """Remember the font size in this browser."""
    response.set_cookie(SIZE_COOKIE, chosen_size, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
