"""What is wrong with a form, in the order of the form: at each place, summed up, and what only wants an explanation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.forms import Form, Problem, Section
from web.door.language import _
from web.fields import problems, shown


@dataclass(frozen=True)
class Told:
    """One thing wrong: where, how it is said, and whether an explanation is enough."""

    path: str
    code: str
    text: str
    severity: str


class Wrongs:
    """All of it; `label_at` says in words where a path is."""

    def __init__(self, form: Form, found: Sequence[Problem], label_at: Callable[[str], str]) -> None:
        self.every = sorted((_told(one, form) for one in found), key=_order_of(form))
        self._label_at = label_at
        self._by_path: dict[str, list[Told]] = {}
        for one in self.every:
            self._by_path.setdefault(one.path, []).append(one)

    def at(self, path: str) -> list[Told]:
        """What is wrong exactly here."""
        return self._by_path.get(path, [])

    def below(self, path: str) -> list[Told]:
        """What is wrong here and in everything below."""
        return [one for one in self.every if one.path == path or one.path.startswith(f"{path}.")]

    def stops_at(self, path: str) -> bool:
        """Whether this must be changed before the form can be sent."""
        return any(one.severity == "error" for one in self.at(path))

    def alike(self, name: str) -> list[list[Told]]:
        """What is wrong in a field and below, where the same thing is said of several places: said once."""
        return _alike(self.below(name))

    def errors(self) -> list[tuple[str, str]]:
        """What must be changed: anchor and sentence, one line for a field and what is wrong with it."""
        stops = [one for one in self.every if one.severity == "error"]
        fields = dict.fromkeys(one.path.partition(".")[0] for one in stops)
        return [
            (f"f-{those[0].path}", _("%(where)s：%(what)s", where=self._where(those), what=those[0].text))
            for name in fields
            for those in _alike([one for one in stops if one.path.partition(".")[0] == name])
        ]

    def within(self, section: Section) -> int:
        """How much must be changed or explained in one section."""
        names = {one.name for one in section.fields}
        return sum(one.severity != "veto" and one.path.partition(".")[0] in names for one in self.every)

    def doubts(self) -> dict[str, list[Told]]:
        """What wants an explanation, by code."""
        found: dict[str, list[Told]] = {}
        for one in self.every:
            if one.severity == "warn":
                found.setdefault(one.code, []).append(one)
        return found

    def vetoes(self) -> list[Told]:
        """What sends the case to the checks of Article 10(6)."""
        return [one for one in self.every if one.severity == "veto"]

    def inner_label(self, path: str) -> str:
        """Where a path is inside its field: 上年, or 第2行 · 企业名称."""
        whole, outer = self._label_at(path), self._label_at(path.partition(".")[0])
        return whole.removeprefix(outer).removeprefix(" · ")

    def _where(self, those: Sequence[Told]) -> str:
        inner = [label for label in (self.inner_label(one.path) for one in those) if label]
        outer = self._label_at(those[0].path.partition(".")[0])
        return outer + (_("（%(places)s）", places=_("、").join(dict.fromkeys(inner))) if inner else "")


def _told(one: Problem, form: Form) -> Told:
    known = form.field_at(one.path)
    facts = {name: shown.number(value) for name, value in one.params.items()}
    facts.setdefault("reason", known.of.type if known and known.of else known.type if known else "")
    return Told(one.path, one.code, problems.sentence(one.code, facts), one.severity)


def _order_of(form: Form) -> Callable[[Told], tuple[int, list[str]]]:
    """Fields in the order of the form, years from the earliest, rows by number."""
    order = {name: place for place, name in enumerate(form.fields)}

    def place(one: Told) -> tuple[int, list[str]]:
        name, *steps = one.path.split(".")
        return order.get(name, len(order)), [_rank(step) for step in steps]

    return place


def _alike(those: Sequence[Told]) -> list[list[Told]]:
    found: dict[tuple[str, str], list[Told]] = {}
    for one in those:
        found.setdefault((one.severity, one.text), []).append(one)
    return list(found.values())


def _rank(step: str) -> str:
    return {"y3": "a", "y2": "b", "y1": "c"}.get(step) or step.zfill(9)
