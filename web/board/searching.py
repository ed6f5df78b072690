"""The search by what a case's forms were answered with: the fields that are offered, and how a value is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as kept, replace

from ground import regions
from ground.database import Session
from ground.people import Actor
from tasks import declared
from tasks.declared import Offer
from tasks.stuck_filters import Filters
from web.door.language import _, pick, within as words

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Searching:
    """What may be chosen: fields by form, and for the chosen one its kind and its values, by group.

    `unknown` where the address names a field that is not offered to this reader.
    """

    forms: Mapping[str, Options] = kept(default_factory=dict)
    kind: str = ""
    values: Mapping[str, Options] = kept(default_factory=dict)
    unknown: bool = False


def within(filters: Filters) -> Filters:
    """Without a process there is no field, and without a field no value."""
    return filters if filters.process and filters.field else replace(filters, field="", value="")


def offered(store: Session, me: Actor, filters: Filters) -> Searching:
    """The fields of the chosen process, in words."""
    offers = declared.offered(store, me, filters.process) if filters.process else []
    forms: dict[str, list[tuple[str, str]]] = {}
    for one in offers:
        forms.setdefault(_text(one, one.form.title), []).append((one.key, _text(one, one.field.label)))
    found = next((one for one in offers if one.key == filters.field), None)
    if found is None:
        return Searching(forms, unknown=bool(filters.field))
    return Searching(forms, found.field.type, _values(store, found))


def _values(store: Session, one: Offer) -> Mapping[str, Options]:
    if one.field.type == declared.CHOICE:
        return {"": [(each.code, _text(one, each.label)) for each in one.field.options]} if one.field.options else {}
    if one.field.type != declared.REGION:
        return {}
    cities = regions.listed(store, "city")
    counties = regions.listed(store, "county") if one.field.level == "county" else []
    whole = {"": [(each.code, pick(each.name, each.name_en)) for each in cities]}
    return whole | {
        pick(city.name, city.name_en): [
            (each.code, pick(each.name, each.name_en)) for each in counties if each.parent == city.code
        ]
        for city in (cities if counties else ())
    }


def _text(one: Offer, chinese: str) -> str:
    return words(one.folder.words, chinese) or _("（未命名）")
