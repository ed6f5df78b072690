"""What is answered at a task of a trial: the fields that the diagram goes by, and what was typed into them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.folders import Folder
from engine.forms.fields import Field
from engine.spiff.elements import Element
from web.door.language import within
from web.owner import field_settings

ASKED = frozenset(
    {"text", "prose", "integer", "decimal", "half", "date", "flag", "choice", "choices", "region", "computed"}
)
TYPED = "f."


@dataclass(frozen=True)
class Task:
    """Something to do: where, as whom, and the fields that the diagram goes by."""

    element: str
    name: str
    kind: str
    role: str
    nth: int
    fields: tuple[Field, ...]
    words: Mapping[str, str]


def task(folder: Folder, element: Element, kind: str, nth: int = 0) -> Task:
    """The task of this element, of the draft or of what it calls."""
    home = next((each for each in (folder, *folder.calls.values()) if element.id in each.diagram.elements), folder)
    form = home.forms.get(element.form or "")
    asked = [each for name, each in form.fields.items() if name in form.scalars] if form else []
    return Task(
        element=element.id,
        name=within(home.words, element.name or element.id),
        kind=kind,
        role=element.role or "",
        nth=nth,
        fields=tuple(each for each in asked if each.type in ASKED and each.has_answer),
        words=home.words,
    )


def answers(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed into the fields of a task, by their names; an empty one is no answer."""
    typed = {name.removeprefix(TYPED): text for name, text in form.items() if name.startswith(TYPED) and text}
    return {name: field_settings.value(text) for name, text in typed.items()}
