"""The bases by economic zone with what their registers hold, and each base's year as its registers tell it."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from flask import render_template, request
from sqlalchemy import Row as Record

from bases import register
from bases.filing import year_file
from bases.register import ledgers
from bases.register.ledgers import code_lists, options, reading
from engine import cases
from ground import clock, regions
from ground.database import Session, reading as read_only
from ground.errors import Missing
from web.door import session
from web.door.language import _, pick
from web.registers import naming
from web.registers.blueprint import desk
from web.words.catalogue import N_

ZONES = {
    "成都平原经济区": N_("成都平原经济区"),
    "川南经济区": N_("川南经济区"),
    "川东北经济区": N_("川东北经济区"),
    "攀西经济区": N_("攀西经济区"),
    "川西北生态示范区": N_("川西北生态示范区"),
}
STATUSES = {
    "draft": (N_("未认定"), ""),
    "designated": (N_("有效"), "green"),
    "rectifying": (N_("限期整改"), "amber"),
    "revoked": (N_("已取消命名"), ""),
}
FIRST_YEAR = 2020
JUDGES = frozenset({"expert", "panel_leader", "visit_team"})


@desk.get("/registers/bases")
def bases() -> str:
    """One's bases, zone by zone; carriers, industry and the focus sectors only filter."""
    with read_only() as store:
        industries = code_lists.of(store, "industry", offered=False)
        carriers = code_lists.of(store, "carrier", offered=False)
        focus = {row.answers["industry"] for row in ledgers.rows(store, "focus_sector")}
        shown = {
            "zone": _one_of("zone", ZONES),
            "industry": _one_of("industry", industries),
            "carrier": _one_of("carrier", carriers),
            "focus": _one_of("focus", {"yes"}),
        }
        cities = {place.code: place for place in regions.listed(store, "city", regions.PROVINCE)}
        mine = register.bases_of(store, session.actor())
        found = [row for row in mine if _fits(row, shown, cities, focus)]
        entries = reading.of_bases(store, session.actor())
    zones = [(zone, [row for row in found if cities[row.city].zone == zone]) for zone in ZONES]
    return render_template(
        "registers/pages/bases.html",
        zones=[(_(ZONES[zone]), rows, len({row.city for row in rows})) for zone, rows in zones if rows],
        total=len(found),
        cities=cities,
        industries=industries,
        carriers=carriers,
        focus=focus,
        entries=entries,
        statuses=STATUSES,
        filters=_filters(shown, industries, carriers, focus),
        narrowed=any(shown.values()),
    )


@desk.get("/registers/bases/<ref>")
def year(ref: str) -> str:
    """What the registers of one base hold for a year."""
    with read_only() as store:
        return _year_page(store, _mine(store, ref), _year(), links=True)


@desk.get("/registers/cases/<ref>")
def year_of_case(ref: str) -> str:
    """The same for whoever works on a case about the base: an expert, once admitted, reads it without a way further."""
    me = session.actor()
    with read_only() as store:
        case = cases.look(store, ref, me).case
        base = register.of_subject(store, case.subject)
        links = any(each.id == base.id for each in register.bases_of(store, me))
        if not links and not any(me.has(role) for role in JUDGES):
            raise Missing(case=ref)
        return _year_page(store, base, cases.reporting_year(case), links=links)


def _year_page(store: Session, base: Record[Any], chosen: int, *, links: bool) -> str:
    kept = reading.of_bases(store, session.actor(), base.id) if links else {}
    return render_template(
        "registers/pages/year.html",
        base=base,
        chosen=chosen,
        years=[(str(each), str(each)) for each in range(clock.today().year, FIRST_YEAR - 1, -1)],
        whole=year_file.of(store, base.id, chosen, clock.today()),
        words=_words(store),
        registers=[(each, kept[each.code]) for each in ledgers.every().values() if kept.get(each.code)],
        links=links,
        naming=naming,
    )


def _mine(store: Session, ref: str) -> Record[Any]:
    """A base that this person has to do with; any other is not there."""
    found = next((each for each in register.bases_of(store, session.actor()) if each.ref == ref), None)
    if found is None:
        raise Missing(base=ref)
    return found


def _year() -> int:
    """The year of the address; else last year, which is the one that was filed."""
    typed = request.args.get("year", "")
    fits = typed.isascii() and typed.isdigit() and FIRST_YEAR <= int(typed[:4]) <= clock.today().year
    return int(typed[:4]) if fits else clock.today().year - 1


def _words(store: Session) -> Mapping[str, Mapping[str, str]]:
    """The words of the codes that a year shows, by register and field."""
    wanted: Sequence[tuple[str, str]] = (
        ("enterprise", "tier"),
        ("chain_link", "position"),
        ("platform", "kind"),
        ("policy", "level"),
        ("service_activity", "kind"),
        ("event", "kind"),
        ("plan_item", "tags"),
        ("plan_item", "progress"),
        ("support", "direction"),
    )
    found: dict[str, dict[str, str]] = {}
    for code, name in wanted:
        form, words = options.reading(store, ledgers.of(code), [])
        sheet = naming.sheet(form, words, {}, 0)
        found[f"{code}.{name}"] = {one.code: one.label for one in sheet.options(form.fields[name])}
    return found


def _fits(row: Record[Any], shown: Mapping[str, str], cities: Mapping[str, Any], focus: Container[str]) -> bool:
    return (
        (not shown["zone"] or cities[row.city].zone == shown["zone"])
        and (not shown["industry"] or row.industry == shown["industry"])
        and (not shown["carrier"] or shown["carrier"] in row.carriers)
        and (not shown["focus"] or row.industry in focus)
    )


def _filters(
    shown: Mapping[str, str], industries: Mapping[str, Any], carriers: Mapping[str, Any], focus: Container[str]
) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The selects above the list: each with its name, its label, its choices and what is chosen."""
    zones = [(code, _(words)) for code, words in ZONES.items()]
    offered = [(one.code, pick(one.zh, one.en)) for one in industries.values()]
    carried = [(one.code, pick(one.zh, one.en)) for one in carriers.values()]
    focused = [("yes", _("只看重点产业"))] if focus else []
    return [
        ("zone", _("经济区"), zones, shown["zone"]),
        ("industry", _("产业"), offered, shown["industry"]),
        ("carrier", _("载体类型"), carried, shown["carrier"]),
        ("focus", _("重点产业"), focused, shown["focus"]),
    ]


def _one_of(name: str, known: Container[str]) -> str:
    chosen = request.args.get(name, "")
    return chosen if chosen in known else ""
