"""What a form was sent back for: each remark at its field, said by whom and when, and all of them summed up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.forms import Form, Remark, Section
from engine.forms.fields import YEARS
from web.door.language import _
from web.words.catalogue import N_

# What a remark may name beside the fields of a form: it is handed in at another step.
ELSEWHERE = {"stamped_form": N_("加盖公章的信息表扫描件")}


@dataclass(frozen=True)
class Said:
    """One remark: at which field and what that is called, its words, the office it comes from, the day."""

    field: str
    label: str
    text: str
    who: str
    on: date


class Remarks:
    """All of them, in the order of the form; `offices` says who is meant by each key, `label_at` where a field is."""

    def __init__(
        self, form: Form, given: Sequence[Remark], offices: Mapping[str, str], label_at: Callable[[str], str]
    ) -> None:
        order = {name: place for place, name in enumerate(form.fields)}
        found = sorted(given, key=lambda one: order.get(one.field, len(order)))
        self._form = form
        self.every = [
            Said(one.field, _label(one.field, form, label_at), one.text, offices.get(one.by, ""), one.on)
            for one in found
        ]

    def at(self, path: str) -> list[Said]:
        """What is remarked exactly here."""
        return [one for one in self.every if one.field == path]

    def beside(self, path: str) -> str:
        """The id of the remarks that an input answers, its own or those of its row in the three-year grid; or ""."""
        name, _dot, year = path.partition(".")
        return f"m-{name}" if year.partition(".")[0] in {"", *YEARS} and self.at(name) else ""

    def within(self, section: Section) -> int:
        """How many there are in one section."""
        names = {one.name for one in section.fields}
        return sum(one.field in names for one in self.every)

    def here(self, one: Said) -> bool:
        """Whether its field stands in this form, so that a link can lead there."""
        return one.field in self._form.fields


def _label(name: str, form: Form, label_at: Callable[[str], str]) -> str:
    return _(ELSEWHERE[name]) if name in ELSEWHERE and name not in form.fields else label_at(name)
