"""The index of the registers, and each as a list: filtered, marked, summed, and as a file to take away."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

from flask import Response, render_template, request, url_for

from bases import register as bases
from bases.filing import ledger_file
from bases.register import ledgers
from bases.register.ledgers import definition, marks, options, reading
from bases.register.ledgers.definition import Register
from bases.register.ledgers.reading import Shown
from engine.forms import Field
from ground import clock, regions
from ground.database import Session, reading as read_only
from ground.errors import Missing
from ground.files import names as file_names
from ground.types import clean
from web.door import outgoing, session
from web.door.language import _, pick
from web.fields.sheet import Sheet
from web.registers import naming
from web.registers.blueprint import desk

LONGEST_QUERY = 60
FIRST_YEAR = 2020
KINDS = {"xlsx": "xlsx", "csv": "csv"}


@desk.get("/registers")
def index() -> str:
    """Every register that this person may read, group by group, with how many entries there are to see."""
    me = session.actor()
    with read_only() as store:
        counts = reading.counts(store, me)
    mine = [each for each in ledgers.every().values() if ledgers.is_reader(each, me)]
    every = [(words, [each for each in mine if each.group == group]) for group, words in naming.GROUPS.items()]
    groups = [(words, those) for words, those in every if those]
    return render_template(
        "registers/pages/index.html",
        halves=_halved(groups),
        counts=counts,
        writes={each.code for each in mine if any(me.has(role) for role in each.writers)},
        say=naming.say,
    )


@desk.get("/registers/<code>")
def listed(code: str) -> str:
    """One register: what this person may see of it."""
    register, me = _readable(code), session.actor()
    with read_only() as store:
        shown = _shown(store, register)
        found = reading.page(store, register, me, shown, after=request.args.get("after", "")[:12])
        rows = found[: reading.PAGE]
        sheet = _sheet(store, register, rows)
        number, amount = reading.count(store, register, me, shown)
        return render_template(
            "registers/pages/listed.html",
            register=register,
            rows=rows,
            sheet=sheet,
            columns=[sheet.form.fields[name] for name in register.columns],
            homes=naming.places(store, register, rows),
            marks={key: [naming.mark(one) for one in those] for key, those in _marks(store, register, rows).items()},
            number=number,
            amount=naming.hundredths(amount),
            totals=_totals(store, register, shown),
            filters=_filters(store, register, sheet, shown),
            writes=bool(ledgers.seats(store, register, me)),
            following=_address(register, after=rows[-1].ref) if len(found) > len(rows) else "",
            first=_address(register) if request.args.get("after") else "",
            address=lambda kind: _address(register, "registers.taken_out", kind=kind),
            narrowed=_narrowed(register),
            naming=naming,
        )


@desk.get("/registers/<code>/list.<kind>")
def taken_out(code: str, kind: str) -> Response:
    """The list as it is filtered, as a workbook or as CSV; nothing in it that its reader may not see."""
    register, me = _readable(code), session.actor()
    if kind not in KINDS:
        raise Missing(kind=kind)
    with read_only() as store:
        rows = reading.whole(store, register, me, _shown(store, register))
        sheet = _sheet(store, register, rows)
        places = naming.places(store, register, rows)
        said = _marks(store, register, rows)
    fields = [known for known in sheet.form.fields.values() if known.type != "note"]
    heads = [_("所属"), *(_head(sheet, known) for known in fields), _("提示"), _("状态"), _("更新日期")]
    cells = [
        [
            places[row.id][0],
            *(_cell(sheet, known, row.answers.get(known.name)) for known in fields),
            _("；").join(naming.mark(one)[0] for one in said.get(row.id, ())),
            _(naming.STATES[row.state]),
            naming.changed(row).isoformat(),
        ]
        for row in rows
    ]
    title = naming.say(register.name)
    body = ledger_file.xlsx(title, heads, cells) if kind == "xlsx" else ledger_file.comma_separated(heads, cells)
    name = file_names.clean(f"{title}（{clock.today().isoformat()}）.{kind}")
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), kept=False)


def _halved(groups: list[tuple[str, list[Register]]]) -> list[list[tuple[str, list[Register]]]]:
    """Two columns of about the same height; a title takes as much room as a row."""
    left: list[tuple[str, list[Register]]] = []
    half = sum(len(those) + 1 for _words, those in groups) / 2
    while groups and (not left or sum(len(those) + 1 for _words, those in [*left, groups[0]]) <= half + 1):
        left.append(groups[0])
        groups = groups[1:]
    return [column for column in (left, groups) if column]


def _readable(code: str) -> Register:
    register = ledgers.of(code)
    if not ledgers.is_reader(register, session.actor()):
        raise Missing(register=code)
    return register


def _sheet(store: Session, register: Register, rows: Any) -> Sheet:
    form, words = options.reading(store, register, [row.answers for row in rows])
    return naming.sheet(form, words, {}, clock.today().year)


def _marks(store: Session, register: Register, rows: Any) -> Mapping[int, list[marks.Mark]]:
    return marks.of(store, register, rows, clock.today())


def _shown(store: Session, register: Register) -> Shown:
    """The filters in the address; a base that this person has nothing to do with filters everything away."""
    year, ref = request.args.get("year", ""), request.args.get("base", "")
    base = next((each for each in bases.bases_of(store, session.actor()) if each.ref == ref), None) if ref else None
    chosen = {name: request.args.get(name, "")[:60] for name in register.filters}
    return Shown(
        base_id=(base.id if base else 0) if ref else None,
        city=request.args.get("city", "")[:6],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == len("2026") else None,
        facets={name: code for name, code in chosen.items() if code},
        q=clean(request.args.get("q", ""))[:LONGEST_QUERY].strip(),
        state="retired" if request.args.get("state") == "retired" else "live",
    )


def _filters(store: Session, register: Register, sheet: Sheet, shown: Shown) -> list[tuple[str, str, Any, str]]:
    """Each filter that has something to choose: its name, its label, what can be chosen, what is chosen."""
    me = session.actor()
    found: list[tuple[str, str, Any, str]] = []
    if register.scope == definition.BASE:
        mine = [(each.ref, pick(each.name, each.name_en)) for each in bases.bases_of(store, me)]
        found.append(("base", _("基地"), mine if len(mine) > 1 else [], request.args.get("base", "")))
    cities = [
        (place.code, pick(place.name, place.name_en)) for place in regions.listed(store, "city", regions.PROVINCE)
    ]
    everywhere = any(held.role in bases.EVERYWHERE for held in me.held)
    if register.scope in {definition.BASE, definition.CITY}:
        found.append(("city", _("市（州）"), cities if everywhere else [], shown.city))
    if register.years:
        years = [(str(year), str(year)) for year in range(clock.today().year + 1, FIRST_YEAR - 1, -1)]
        found.append(("year", _("年度"), years, str(shown.year or "")))
    for name in register.filters:
        known = sheet.form.fields[name]
        found.append(
            (name, sheet.say(known.label), _choices(store, register, sheet, known), shown.facets.get(name, ""))
        )
    found.append(("state", _("状态"), [("retired", _("已注销"))], shown.state if shown.state == "retired" else ""))
    return [each for each in found if each[2]]


def _choices(store: Session, register: Register, sheet: Sheet, known: Field) -> list[tuple[str, str]]:
    """What can be chosen: all options, or, where they come from other entries, those that somebody has chosen."""
    if known.type == "flag":
        return [("true", _("是")), ("false", _("否"))]
    present = dict(register.sources()).get(known.name, "codes:")
    if not present.startswith(("entries", "organs", "bases")):
        return [(one.code, one.label) for one in sheet.options(known)]
    there = [one.code for one in reading.sums(store, register, session.actor(), Shown(), definition.Total(known.name))]
    form, words = options.reading(store, register, [{known.name: there}])
    named = naming.sheet(form, words, {}, 0)
    return [(code, naming.code(named, form.fields[known.name], code)) for code in there]


def _totals(store: Session, register: Register, shown: Shown) -> list[dict[str, Any]]:
    """The tables of sums below the list."""
    tables = []
    for total in register.totals:
        found = reading.sums(store, register, session.actor(), shown, total)
        if not found:
            continue
        used = {
            "by": [one.code for one in found],
            "across": sorted({key for one in found for key in one.counts if key}),
        }
        form, words = options.reading(store, register, [{total.by: used["by"], total.across: used["across"]}])
        named = naming.sheet(form, words, {}, 0)
        tables.append(
            {
                "by": _field_words(named, total.by),
                "across": [(key, _code_words(named, total.across, key)) for key in used["across"]],
                "lines": [(_code_words(named, total.by, one.code), one) for one in found],
                "amounts": bool(register.amount),
                "unit": naming.say(form.fields[register.amount].unit) if register.amount else "",
            }
        )
    return tables


def _field_words(sheet: Sheet, name: str) -> str:
    return _("年度") if name == reading.YEAR else sheet.say(sheet.form.fields[name].label)


def _code_words(sheet: Sheet, name: str, code: str) -> str:
    return code if name == reading.YEAR else naming.code(sheet, sheet.form.fields[name], code)


def _head(sheet: Sheet, known: Field) -> str:
    unit = sheet.say(known.unit)
    return sheet.say(known.label) + (_("（%(unit)s）", unit=unit) if unit else "")


def _cell(sheet: Sheet, known: Field, value: Any) -> ledger_file.Cell:
    """A number as one, rows one below the other, everything else as it is read."""
    if known.type == "rows":
        return "\n".join(
            _("；").join(f"{sheet.say(one.label)} {sheet.said(one, row.get(one.name))}" for one in known.columns)
            for row in value or ()
        )
    if known.type == "integer" and value is not None:
        return int(value)
    if known.type == "decimal" and value is not None:
        return Decimal(value)
    return sheet.said(known, value)


def _narrowed(register: Register) -> bool:
    return any(request.args.get(name) for name in ("base", "city", "year", "q", "state", *register.filters))


def _address(register: Register, endpoint: str = "registers.listed", **more: str) -> str:
    """This list with the filters that are set."""
    names = ("base", "city", "year", "q", "state", *register.filters)
    kept: dict[str, Any] = {name: request.args[name] for name in names if request.args.get(name)}
    return url_for(endpoint, code=register.code, **{**kept, **more})
