"""How figures are written: amounts in their unit, growth with its sign, answers in words; and the line under each."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from bases.filing import approval, comparison, goals
from bases.filing.goals import Part
from bases.measures import indicators
from web.door.language import _, pick
from web.words.catalogue import N_

UNITS: Mapping[str, tuple[str, str]] = {
    "yi_yuan": ("亿元", "100 million yuan"),
    "enterprises": ("家", "enterprises"),
    "persons": ("人", "persons"),
    "projects": ("个", "projects"),
    "yuan_per_mu": ("元/亩", "yuan per mu"),
    "percent": ("%", "%"),
    "items": ("项", "items"),
}
STAGES: Mapping[str, str] = {
    approval.FIRST: N_("初报"),
    approval.CHECKED: N_("市（州）已核对"),
    approval.APPROVED: N_("审定"),
}
SOURCE = N_("基地年度报送和申报的信息表")


@dataclass(frozen=True)
class Under:
    """The line under a figure: 口径 · 数据来源 · 已报/应报 · 初报/审定; the moment is the page's."""

    counted: str
    source: str
    share: comparison.Sum | None = None


def name(code: str) -> str:
    """An item as its form calls it."""
    item = indicators.by_code()[code]
    return pick(item.zh.removeprefix("其中："), item.en.removeprefix("of which: ").capitalize())


def unit(code: str) -> str:
    """In what an item is counted; nothing for an answer of yes or no."""
    words = UNITS.get(indicators.by_code()[code].unit)
    return pick(*words) if words else ""


def value(code: str, amount: Fraction | None) -> str:
    """An amount in its smallest unit as people read it, to the places of its item; what is missing says so."""
    places = indicators.by_code()[code].places
    return plain(None if amount is None else amount / 10**places, places)


def plain(number: Fraction | None, places: int = 2) -> str:
    """A number to so many places."""
    if number is None:
        return _("未报送")
    scaled = int(abs(number) * 10**places + Fraction(1, 2))
    whole = f"{scaled // 10**places}.{scaled % 10**places:0{places}d}" if places else str(scaled)
    return f"-{whole}" if number < 0 and scaled else whole


def percent(number: Fraction | None) -> str:
    """A growth with its sign, to two places; «不可比» without one."""
    if number is None:
        return _("不可比")
    return f"{'+' if number >= 0 else ''}{plain(number)}%"


def bare(number: Fraction | None) -> str:
    """The same for a file, where a sign at the head would be a formula."""
    return _("不可比") if number is None else plain(number)


def growth(found: comparison.Growth) -> str:
    """The growth with how many bases it compares and how many it left out."""
    same = _("同口径%(same)s家，未计入%(left)s家", same=found.same, left=found.left_out)
    return f"{percent(found.percent)}（{same}）"


def part(one: Part) -> str:
    """The formula of a part in words: 创造税收 ÷ 销售额."""
    return " ÷ ".join(name(item) for item in one.items)


def ratio(found: goals.Index, *, before: bool) -> str:
    """What the part is in one year, with what was divided by what."""
    whole = [one.before if before else one.now for one in found.whole]
    result = found.growth.before if before else found.growth.now
    if any(each is None for each in whole):
        return _("不可比")
    if len(whole) == 1:
        return plain(whole[0], places(found.part.item))
    parts = " ÷ ".join(plain(each, places(item)) for each, item in zip(whole, found.part.items, strict=True))
    return f"{parts} = {plain(result, 4)}"


def places(code: str) -> int:
    """How exact an item is shown; of a mean two places more than nothing."""
    item = indicators.by_code()[code]
    return max(item.places, 2) if item.unit in comparison.SHARES else item.places


def answer(body: object) -> str:
    """What was answered where no number was: yes, no, «不适用»."""
    if isinstance(body, bool):
        return _("是") if body else _("否")
    return _("不适用")
