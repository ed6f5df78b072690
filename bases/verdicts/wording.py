"""The words of a notice (公示) as Article 9 and practice want them: 拟认定 only, with the end date that binds.

A paper stays in the words it was issued in, so this text is Chinese only; it is filled once and then kept as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources


@dataclass(frozen=True)
class Listed:
    """One line of the list under the notice."""

    base: str
    city: str


@dataclass(frozen=True)
class Contact:
    """Where an objection goes; a line that is not known is left out."""

    office: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    address: str = ""
    oversight_phone: str = ""


@dataclass(frozen=True)
class Period:
    """From when to when, both days included, and how many working days that is."""

    opens_on: date
    closes_on: date
    working_days: int


@dataclass(frozen=True)
class Body:
    """The notice as it is published: title, paragraphs, contact lines, list, signature."""

    title: str
    paragraphs: list[str]
    contact: list[str]
    listed: list[dict[str, str]]
    signed_by: str
    signed_on: str


LINES = (
    ("受理处室", "office"),
    ("电话", "phone"),
    ("传真", "fax"),
    ("邮箱", "email"),
    ("地址", "address"),
    ("监督电话（机关纪委）", "oversight_phone"),
)


def notice(listed: Sequence[Listed], period: Period, contact: Contact, *, visited: bool) -> Body:
    """Fill the notice for these bases; «实地考察、» stands in it only where one was visited."""
    title, text = resources.files("bases.verdicts").joinpath("notice.zh.txt").read_text("utf-8").split("\n\n", 1)
    fields = {
        "year": period.opens_on.year,
        "names": names([each.base for each in listed]),
        "visit": "实地考察、" if visited else "",
        "opens": _day(period.opens_on),
        "closes": _day(period.closes_on),
        "days": period.working_days,
    }
    return Body(
        title=title.format(**fields),
        paragraphs=[paragraph.format(**fields) for paragraph in text.strip().split("\n\n")],
        contact=[f"{word}：{value}" for word, field in LINES if (value := getattr(contact, field))],
        listed=[{"base": each.base, "city": each.city} for each in listed],
        signed_by="四川省商务厅",
        signed_on=_day(period.opens_on),
    )


def names(bases: Sequence[str]) -> str:
    """How a sentence names several bases: the first of them, and how many there are."""
    return bases[0] if len(bases) == 1 else f"{bases[0]}等{len(bases)}家"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
