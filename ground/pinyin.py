"""Chinese order: a stored key of pinyin with its tones, so that every database sorts alike.

The key has only a–z and the digits that end a syllable; no collation reads those differently.
pypinyin stays behind this wall.
"""

from pypinyin import Style, lazy_pinyin, load_phrases_dict

# Place names that the general dictionary reads wrongly.
PLACES = {
    "新都": "xīn dū",
    "郫都": "pí dū",
    "什邡": "shí fāng",
    "长宁县": "cháng níng xiàn",
    "筠连": "jūn lián",
    "荥经": "yíng jīng",
    "阆中": "làng zhōng",
    "道孚": "dào fú",
}
# Characters that are read otherwise when they begin a person's name.
SURNAMES = {
    "单": "shan4",
    "曾": "zeng1",
    "解": "xie4",
    "任": "ren2",
    "仇": "qiu2",
    "查": "zha1",
    "区": "ou1",
    "盖": "ge3",
    "朴": "piao2",
    "翟": "zhai2",
    "缪": "miao4",
    "乐": "yue4",
    "葛": "ge3",
    "华": "hua4",
    "纪": "ji3",
    "燕": "yan1",
    "宁": "ning4",
    "那": "na1",
}

load_phrases_dict({word: [[syllable] for syllable in reading.split()] for word, reading in PLACES.items()})


def key(text: str) -> str:
    """`绵阳市` → `mian2yang2shi4`."""
    return _letters("".join(syllables(text)))


def person_key(name: str) -> str:
    """As `key`, with the first character read as a surname: `曾敏` → `zeng1min3`."""
    surname = SURNAMES.get(name[:1])
    return surname + key(name[1:]) if surname else key(name)


def syllables(text: str) -> list[str]:
    """One syllable with its tone for each character; what is not Chinese stays as it stands."""
    return lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isascii() and c.isalnum())
