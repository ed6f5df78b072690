"""The matrix of bases by what they owe, the list of what has not come, and both as a file: the same figures in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request

from bases.filing import duty, template
from bases.register.base import EVERYWHERE, IN_THE_CITY
from bases.verdicts import matrix
from bases.verdicts.matrix import Item, Matrix
from ground import clock, regions
from ground.database import Session, reading
from ground.errors import Missing
from ground.regions import Place
from web.door import session
from web.door.language import _, pick
from web.words import dates, reporting
from web.words.catalogue import N_
from web.yearbook import taken_out, years
from web.yearbook.blueprint import desk

# What the list is narrowed to, and the standings that belong to it.
SHOWN = {"missed": frozenset({duty.MISSED}), "open": matrix.NOT_IN}
CHOICES = {"missed": N_("逾期未报送"), "open": N_("尚未报送")}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the year, a city, what to list; with `base` and `kind` the items of one cell."""

    year: int
    city: str
    show: str
    base: str
    kind: str

    @property
    def arguments(self) -> dict[str, Any]:
        """The same for an address."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def is_list(self) -> bool:
        """Whether items are listed rather than the table shown."""
        return bool(self.show or self.base)


@desk.get("/reports/matrix")
def owed() -> str:
    """Base by duty; or, narrowed, the items one by one."""
    asked = _asked()
    with reading() as store:
        shown = matrix.of(store, session.actor(), asked.year, clock.now(), asked.city or None)
        say = reporting.Say(template.names(store))
        places = _places(store, shown)
        cities = _cities(store)
    return render_template(
        "yearbook/pages/owed.html",
        asked=asked,
        matrix=shown,
        rows=_rows(shown, asked),
        say=say,
        sited=places,
        cities=cities,
        kinds_of_limit=dates.KINDS,
        choices=[(code, _(words)) for code, words in CHOICES.items()],
        missed=len(shown.listed(SHOWN["missed"])),
        waiting=len(shown.listed(SHOWN["open"])),
    )


@desk.get("/reports/matrix.<ending>")
def owed_file(ending: str) -> Response:
    """What the page shows, as a workbook or as CSV."""
    if ending not in taken_out.KINDS:
        raise Missing(ending=ending)
    asked = _asked()
    with reading() as store:
        shown = matrix.of(store, session.actor(), asked.year, clock.now(), asked.city or None)
        say = reporting.Say(template.names(store))
        places = _places(store, shown)
    heads, cells = _listed(shown, asked, say, places) if asked.is_list else _table(shown, say, places)
    return taken_out.file(_("%(year)s年应报事项一览", year=asked.year), heads, cells, ending)


def _rows(shown: Matrix, asked: Asked) -> list[tuple[Any, Item]]:
    standings = SHOWN.get(asked.show, frozenset(matrix.LIGHTS))
    return [
        (base, item)
        for base, item in shown.listed(standings)
        if asked.base in ("", base.ref) and asked.kind in ("", item.kind)
    ]


def _table(shown: Matrix, say: reporting.Say, places: dict[str, Place]) -> tuple[list[str], list[list[str]]]:
    heads = [_("基地"), _("所在地"), *(say.kind(kind) for kind in shown.kinds)]
    lines = [
        [
            pick(line.base.name, line.base.name_en),
            _place(line.base, places),
            *(_cell(line.cells[kind]) if kind in line.cells else _("无") for kind in shown.kinds),
        ]
        for line in shown.lines
    ]
    shares = [f"{done}/{every}" for done, every in map(shown.share, shown.kinds)]
    return heads, [*lines, [_("已报／应报"), "", *shares]]


def _cell(cell: matrix.Cell) -> str:
    words = _(reporting.STANDINGS[cell.worst.standing][0])
    return f"{words} {cell.done}/{len(cell.items)}" if len(cell.items) > 1 else words


def _listed(
    shown: Matrix, asked: Asked, say: reporting.Say, places: dict[str, Place]
) -> tuple[list[str], list[list[str]]]:
    heads = [_("基地"), _("所在地"), _("事项"), _("期别"), _("截止"), _("报送情况")]
    return heads, [
        [
            pick(base.name, base.name_en),
            _place(base, places),
            say.kind(item.kind),
            item.period,
            item.due_on.isoformat() if item.due_on else "",
            _(reporting.STANDINGS[item.standing][0]),
        ]
        for base, item in _rows(shown, asked)
    ]


def _asked() -> Asked:
    given = request.args
    own = {held.region for held in session.actor().held if held.role in IN_THE_CITY}
    city = given.get("city", "")[:6]
    if city and city not in own and not _everywhere():
        raise Missing(city=city)
    show = given.get("show", "")
    return Asked(
        years.asked(), city, show if show in SHOWN else "", given.get("base", "")[:12], given.get("kind", "")[:60]
    )


def _everywhere() -> bool:
    return any(held.role in EVERYWHERE for held in session.actor().held)


def _cities(store: Session) -> Sequence[Place]:
    return regions.listed(store, "city", regions.PROVINCE) if _everywhere() else ()


def _places(store: Session, shown: Matrix) -> dict[str, Place]:
    codes = {code for line in shown.lines for code in (line.base.city, line.base.county) if code}
    return dict(regions.named(store, codes)) if codes else {}


def _place(base: Any, places: dict[str, Place]) -> str:
    found = [places[code] for code in (base.city, base.county) if code in places]
    return " ".join(pick(place.name, place.name_en) for place in found)
