"""Every Chinese text of a shipped folder is idiomatic enough to be printed, and has its English."""

import re
from pathlib import Path

import pytest

from tests.workflows.folders import CHINESE, folders, read, seen

FORBIDDEN = ("案件", "一票否决", "听证", "表彰", "评比", "已认定为")
# Full-width in Chinese text: a half-width mark may stand only between figures or Latin letters.
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,;:?!()]|[,;?!()][\u3400-\u9fff]")
SLOT = re.compile(r"\{[a-z_]+\}")
STILL_CHINESE = re.compile(r"“[^”]*”|〔|〕|[\u3400-\u9fff]{2,}〔")


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_text_has_its_english(folder: Path):
    english = read(folder, "texts/en.json")
    assert not {text: path for text, path in seen(folder).items() if not english.get(text, "").strip()}


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_no_english_is_left_over_from_a_text_that_is_gone(folder: Path):
    assert not set(read(folder, "texts/en.json")) - set(seen(folder))


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_the_english_is_english(folder: Path):
    words = read(folder, "texts/en.json").values()
    assert not [text for text in words if CHINESE.search(STILL_CHINESE.sub("", text))]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_a_letter_has_the_same_slots_in_both_languages(folder: Path):
    english = read(folder, "texts/en.json")
    different = {text for text in seen(folder) if set(SLOT.findall(text)) != set(SLOT.findall(english[text]))}
    assert not different


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_words_of_courts_and_contests_do_not_appear(folder: Path):
    assert not [text for text in seen(folder) if any(word in text for word in FORBIDDEN)]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_chinese_text_uses_full_width_marks(folder: Path):
    assert not [text for text in seen(folder) if HALF_WIDTH.search(SLOT.sub("", text))]
